use proptest::prelude::*;

use super::*;

fn splits() -> impl Strategy<Value = Splits> {
    let cells = || prop_oneof![Just(0), -40_i16..40, any::<i16>()];
    let hidden = prop::collection::vec(prop::sample::select(PaneId::ALL.to_vec()), 0..4);
    (cells(), cells(), cells(), cells(), cells(), cells(), hidden).prop_map(
        |(left_columns, middle_columns, left_rows, right_rows, narrow_item_rows, narrow_log_rows, hidden)| {
            Splits {
                left_columns,
                middle_columns,
                left_rows,
                right_rows,
                narrow_item_rows,
                narrow_log_rows,
                hidden: hidden.into_iter().filter(|pane| *pane != PaneId::Id).collect(),
            }
        },
    )
}

fn front() -> impl Strategy<Value = Front> {
    let stage = prop::sample::select(vec![PaneId::Skus, PaneId::Props, PaneId::Requests, PaneId::Response]);
    let focus = prop::sample::select(PaneId::ALL.to_vec());
    (stage, focus, any::<bool>()).prop_map(|(stage, focus, full)| Front { stage, focus, full })
}

fn length(min: u16) -> impl Strategy<Value = u16> {
    prop_oneof![min..200, min..4_000, min..u16::MAX]
}

fn overlap(one: Rect, other: Rect) -> bool {
    !one.intersection(other).is_empty()
}

proptest! {
    #[test]
    fn however_borders_were_moved_panes_are_within_the_screen_and_none_covers_another(
        splits in splits(), front in front(), width in length(60), height in length(16),
        rows in -3_i16..3, columns in -3_i16..3,
    ) {
        let mut screen = Screen { splits, ..Screen::new(Size { width, height }) };
        let _ = screen.grow(front, rows, columns); // whether a border moves is not asked here
        let layout = Layout::new(&screen, front).unwrap();
        let panes: Vec<Rect> = layout.panes().map(|(_, area)| area).collect();
        for (at, area) in panes.iter().enumerate() {
            let (right, bottom) = (u32::from(area.x) + u32::from(area.width), u32::from(area.y) + u32::from(area.height));
            prop_assert!(right <= u32::from(width) && bottom < u32::from(height), "{area:?}");
            prop_assert!(panes.iter().skip(at + 1).all(|other| !overlap(*area, *other)), "{panes:?}");
        }
    }
}
