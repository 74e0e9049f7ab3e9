//! Moves the borders between panes.

use ratatui::layout::Rect;

use super::{Front, Layout, Screen, beside_columns, narrow_shares, upper_rows};
use crate::message::{PaneId, Slot};

impl Screen {
    /// Makes the pane with the focus larger by so many rows or columns; returns false if no border can move for that.
    pub fn grow(&mut self, front: Front, rows: i16, columns: i16) -> bool {
        let Some(before) = Layout::new(self, front).filter(|_| !front.full) else { return false };
        let splits = self.splits.clone();
        if self.is_wide() {
            self.grow_wide(&before, front, rows, columns);
        } else {
            self.grow_narrow(&before, front, rows);
        }
        let is_moved = Layout::new(self, front).is_some_and(|after| after != before);
        if !is_moved {
            self.splits = splits;
        }
        is_moved
    }

    /// From where the borders are now, which need not be their default.
    fn grow_wide(&mut self, before: &Layout, front: Front, rows: i16, columns: i16) {
        let body = before.body();
        let height = |pane| before.pane(pane).map_or(0, |area| area.height);
        let moved = |pane| signed(height(pane)) - signed(upper_rows(body));
        let slot = front.focus.slot();
        let down = if matches!(slot, Slot::UpperLeft | Slot::UpperRight) { rows } else { -rows };
        let splits = &mut self.splits;
        match slot {
            _ if rows == 0 => {}
            Slot::UpperLeft | Slot::LowerLeft => splits.left_rows = moved(PaneId::Item).saturating_add(down),
            Slot::UpperRight | Slot::LowerRight => {
                splits.right_rows = moved(PaneId::Skus).saturating_add(down);
            }
            Slot::Top | Slot::Right => {}
        }
        if columns == 0 {
            return;
        }
        let is_beside = before.is_beside();
        let (left, middle) = beside_columns(body);
        let width = |slots: [Slot; 2]| {
            let pane = before.panes().find(|(pane, _)| slots.contains(&pane.slot()));
            pane.map_or(0, |(_, area): (PaneId, Rect)| signed(area.width))
        };
        splits.left_columns = width([Slot::UpperLeft, Slot::LowerLeft]) - signed(left);
        if is_beside {
            splits.middle_columns = width([Slot::UpperRight, Slot::LowerRight]) - signed(middle);
        }
        match slot {
            Slot::UpperLeft | Slot::LowerLeft => shift(&mut splits.left_columns, columns),
            Slot::UpperRight | Slot::LowerRight if is_beside => shift(&mut splits.middle_columns, columns),
            Slot::Right if is_beside => shift(&mut splits.middle_columns, -columns),
            _ => shift(&mut splits.left_columns, -columns),
        }
    }

    fn grow_narrow(&mut self, before: &Layout, front: Front, rows: i16) {
        let (item, log) = narrow_shares(before.body(), front);
        let height = |pane| before.pane(pane).map_or(0, |area| signed(area.height));
        self.splits.narrow_item_rows = height(PaneId::Item) - signed(item);
        self.splits.narrow_log_rows = height(PaneId::Requests) - signed(log);
        match front.focus.slot() {
            Slot::UpperLeft => shift(&mut self.splits.narrow_item_rows, rows),
            Slot::LowerRight => shift(&mut self.splits.narrow_log_rows, rows),
            _ => shift(&mut self.splits.narrow_item_rows, -rows),
        }
    }
}

fn shift(border: &mut i16, by: i16) {
    *border = border.saturating_add(by);
}

fn signed(cells: u16) -> i16 {
    i16::try_from(cells).unwrap_or(i16::MAX)
}
