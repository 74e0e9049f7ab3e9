//! The areas of panes and popups, as a pure function of the screen's size and of which panes are in front.
//!
//! ```text
//!  wide, from 100x30                             narrow, from 60x16
//!  ┌ header ───────────────────────────────┐     ┌ header ─────────────────┐
//!  │ ID                                    │     │ ID                      │
//!  │ Item            │ SKUs                │     │ Item                    │
//!  │                 │                     │     │ SKUs, Props or Response │
//!  │ Props           │ Requests            │     │ Requests                │
//!  └ footer ───────────────────────────────┘     └ footer ─────────────────┘
//!  The response, in front, takes the place of SKUs and requests.
//! ```

use ratatui::layout::{Rect, Size};

use crate::message::{PaneId, Slot};

/// The smallest screen that is drawn on.
pub const MIN_SIZE: Size = Size { width: 60, height: 16 };

const WIDE: Size = Size { width: 100, height: 30 };

/// Which panes are in front, where several share a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Front {
    /// SKUs, Props, Requests or Response: where they share a place, the one in sight.
    pub stage: PaneId,
    /// The pane with the focus.
    pub focus: PaneId,
    /// Whether that pane has the whole screen.
    pub full: bool,
}

impl Front {
    /// The one in sight of those that share a slot.
    fn pane_in(self, slot: Slot) -> Option<PaneId> {
        let mut of_slot = PaneId::ALL.iter().copied().filter(|pane| pane.slot() == slot);
        if self.stage.slot() == slot { Some(self.stage) } else { of_slot.next() }
    }
}

/// The screen, divided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// One line at the top.
    pub header: Rect,
    /// One line at the bottom.
    pub footer: Rect,
    panes: Vec<(PaneId, Rect)>,
}

impl Layout {
    /// Divides a screen; `None` below the smallest size.
    pub fn new(size: Size, front: Front) -> Option<Self> {
        if size.width < MIN_SIZE.width || size.height < MIN_SIZE.height {
            return None;
        }
        let area = Rect::new(0, 0, size.width, size.height);
        let [header, id, body, footer] = rows(area, [1, 3, area.height - 5, 1]);
        if front.full {
            let panes = vec![(front.focus, Rect { y: id.y, height: id.height + body.height, ..body })];
            return Some(Self { header, footer, panes });
        }
        let wide = size.width >= WIDE.width && size.height >= WIDE.height;
        let slots = if wide { wide_panes(body, front) } else { narrow_panes(body, front) };
        let filled = |(slot, area)| Some((front.pane_in(slot)?, area));
        let panes = [(Slot::Top, id)].into_iter().chain(slots).filter_map(filled).collect();
        Some(Self { header, footer, panes })
    }

    /// The area of a pane, with its border; `None` while it is hidden.
    pub fn pane(&self, pane: PaneId) -> Option<Rect> {
        self.panes.iter().find(|(id, _)| *id == pane).map(|(_, area)| *area)
    }

    /// All panes in sight, in reading order.
    pub fn panes(&self) -> impl Iterator<Item = (PaneId, Rect)> {
        self.panes.iter().copied()
    }
}

/// A pane's area without its border.
pub fn inner(area: Rect) -> Rect {
    Rect::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), area.height.saturating_sub(2))
}

/// A popup of at most this size, in the middle of the screen, with a margin around it.
pub fn popup(screen: Size, width: u16, height: u16) -> Rect {
    let width = width.min(screen.width.saturating_sub(4));
    let height = height.min(screen.height.saturating_sub(2));
    Rect::new((screen.width - width) / 2, (screen.height - height) / 2, width, height)
}

fn wide_panes(body: Rect, front: Front) -> Vec<(Slot, Rect)> {
    let left_width = (body.width * 38 / 100).clamp(38, 60);
    let left = Rect { width: left_width, ..body };
    let right = Rect { x: body.x + left_width, width: body.width - left_width, ..body };
    let upper = body.height * 55 / 100;
    let [upper_left, lower_left] = rows(left, [upper, body.height - upper]);
    let [upper_right, lower_right] = rows(right, [upper, body.height - upper]);
    let mut slots = vec![(Slot::UpperLeft, upper_left), (Slot::LowerLeft, lower_left)];
    match front.stage.slot() {
        Slot::Right => slots.push((Slot::Right, right)),
        _ => slots.extend([(Slot::UpperRight, upper_right), (Slot::LowerRight, lower_right)]),
    }
    slots
}

/// Below this height of the body, the request log shares the place of SKUs, Props and Response too.
const SHORT: u16 = 17;

fn narrow_panes(body: Rect, front: Front) -> Vec<(Slot, Rect)> {
    let spare = body.height.saturating_sub(11);
    let upper_height = match front.focus.slot() {
        Slot::UpperLeft => 5 + spare * 3 / 4,
        _ => 5 + spare / 6,
    };
    let rest = body.height - upper_height;
    let stage = front.stage.slot();
    if body.height < SHORT {
        let [upper, lower] = rows(body, [upper_height, rest]);
        return vec![(Slot::UpperLeft, upper), (stage, lower)];
    }
    let lower_height = match front.focus.slot() {
        Slot::LowerRight => rest - (rest / 3).max(5),
        _ => (rest / 3).max(4),
    };
    let [upper, middle, lower] = rows(body, [upper_height, rest - lower_height, lower_height]);
    let in_middle = if stage == Slot::LowerRight { Slot::UpperRight } else { stage };
    vec![(Slot::UpperLeft, upper), (in_middle, middle), (Slot::LowerRight, lower)]
}

/// Rows of the given heights, from the top.
fn rows<const N: usize>(area: Rect, heights: [u16; N]) -> [Rect; N] {
    let mut y = area.y;
    heights.map(|height| {
        let row = Rect { y, height, ..area };
        y += height;
        row
    })
}
