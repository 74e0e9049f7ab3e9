//! The column under the cursor, and sideways scrolling, which keeps that column in sight.

use super::{Column, MARGIN};
use crate::message::Action;

/// A position among a table's columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ColumnCursor {
    /// The column that is sorted by.
    pub at: usize,
    /// How many columns after the first one, which is fixed, are scrolled out at the left.
    pub first: usize,
}

/// The columns of a table that is so many cells wide.
#[derive(Clone, Copy, Debug)]
pub struct ColumnsInRoom<'a> {
    /// All columns, in order.
    pub columns: &'a [Column],
    /// In cells.
    pub room: u16,
    /// Cells between two columns.
    pub gap: usize,
}

impl ColumnCursor {
    /// Moves the cursor, or scrolls and takes the cursor along; returns false if the action is another one.
    pub fn act(&mut self, action: Action, table: ColumnsInRoom<'_>) -> bool {
        let is_shown = |at: &usize| table.columns.get(*at).is_some_and(|column| column.width > 0);
        match action {
            Action::ColumnLeft => self.at = (0..self.at).rev().find(is_shown).unwrap_or(self.at),
            Action::ColumnRight => {
                self.at = (self.at + 1..table.columns.len()).find(is_shown).unwrap_or(self.at);
            }
            Action::Left => self.first = self.first.saturating_sub(1),
            Action::Right => self.first = (self.first + 1).min(table.last_first()),
            _ => return false,
        }
        match action {
            Action::ColumnLeft | Action::ColumnRight => self.reveal(table),
            _ => self.stay_in_sight(table),
        }
        true
    }

    /// Whether this column is scrolled out at the left.
    pub fn hides(self, column: usize) -> bool {
        (1..=self.first).contains(&column)
    }

    /// Keeps position and scrolling within a table whose columns or width have changed.
    pub fn clamp(&mut self, table: ColumnsInRoom<'_>) {
        self.at = self.at.min(table.columns.len().saturating_sub(1));
        self.first = self.first.min(table.last_first());
        self.reveal(table);
    }

    /// Scrolls as little as possible to bring the column under the cursor into sight.
    pub fn reveal(&mut self, table: ColumnsInRoom<'_>) {
        if self.hides(self.at) {
            self.first = self.at - 1;
        }
        while self.first + 1 < self.at && !table.shows(self.at, self.first) {
            self.first += 1;
        }
    }

    /// Moves the cursor to the nearest column in sight.
    fn stay_in_sight(&mut self, table: ColumnsInRoom<'_>) {
        if self.hides(self.at) {
            self.at = self.first + 1;
        }
        while self.at > self.first + 1 && !table.shows(self.at, self.first) {
            self.at -= 1;
        }
    }
}

impl ColumnsInRoom<'_> {
    /// How many columns can be scrolled out, until the last one is fully visible beside the fixed one.
    pub fn last_first(self) -> usize {
        let Some((fixed, others)) = self.columns.split_first() else { return 0 };
        let mut left = usize::from(self.room).saturating_sub(MARGIN + fixed.width);
        let fitting = others.iter().rev().take_while(|column| {
            let need = column.width + self.gap;
            let fits = need <= left;
            left = left.saturating_sub(need);
            fits
        });
        others.len().saturating_sub(fitting.count().max(1))
    }

    /// How many columns are hidden or cut at the right.
    pub fn hidden_at_right(self, cursor: ColumnCursor) -> usize {
        (0..self.columns.len()).filter(|at| !cursor.hides(*at) && !self.shows(*at, cursor.first)).count()
    }

    /// The column at this cell of a row, with so many columns scrolled out.
    pub fn column_at(self, x: u16, first: usize) -> Option<usize> {
        let mut start = MARGIN;
        let in_sight = self.columns.iter().enumerate().filter(|(at, _)| *at == 0 || *at > first);
        for (at, column) in in_sight {
            // A heading's mark is in the gap behind it.
            let end = start + column.width + self.gap;
            if (start..end).contains(&usize::from(x)) {
                return Some(at);
            }
            start = end;
        }
        None
    }

    /// Whether a column is in sight in full, with so many columns scrolled out.
    pub fn shows(self, column: usize, first: usize) -> bool {
        let before = self.columns.iter().enumerate().take(column).filter(|(at, _)| *at == 0 || *at > first);
        let start: usize = MARGIN + before.map(|(_, column)| column.width + self.gap).sum::<usize>();
        let is_scrolled_out = (1..=first).contains(&column);
        let width = self.columns.get(column).map(|column| column.width);
        !is_scrolled_out && width.is_some_and(|width| start + width <= usize::from(self.room))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::table::Align;
    use proptest::prelude::*;

    fn columns(widths: &[usize]) -> Vec<Column> {
        let column = |width: &usize| Column { title: String::new(), align: Align::Left, width: *width };
        widths.iter().map(column).collect()
    }

    #[test]
    fn scrolling_follows_the_cursor_to_the_last_column_and_back() {
        let columns = columns(&[4, 10, 10, 10, 6]);
        let table = ColumnsInRoom { columns: &columns, room: 30, gap: 2 };
        let mut cursor = ColumnCursor::default();
        let mut steps = |action: Action| {
            let _ = cursor.act(action, table); // it is one of the cursor's
            (cursor.at, cursor.first)
        };
        let right: Vec<_> = (0..5).map(|_| steps(Action::ColumnRight)).collect();
        assert_eq!(right, [(1, 0), (2, 0), (3, 1), (4, 2), (4, 2)]);
        let left: Vec<_> = (0..5).map(|_| steps(Action::ColumnLeft)).collect();
        assert_eq!(left, [(3, 2), (2, 1), (1, 0), (0, 0), (0, 0)]);
    }

    #[test]
    fn a_column_without_width_is_stepped_over() {
        let columns = columns(&[4, 0, 5]);
        let table = ColumnsInRoom { columns: &columns, room: 30, gap: 2 };
        let mut cursor = ColumnCursor::default();
        assert!(cursor.act(Action::ColumnRight, table));
        assert_eq!(cursor.at, 2);
        assert!(cursor.act(Action::ColumnLeft, table));
        assert_eq!(cursor.at, 0);
    }

    proptest! {
        #[test]
        fn the_column_under_the_cursor_is_in_sight_after_every_key(
            widths in prop::collection::vec(1_usize..12, 1..8),
            room in 26_u16..60,
            keys in prop::collection::vec(0_usize..4, 0..20),
        ) {
            let columns = columns(&widths);
            let table = ColumnsInRoom { columns: &columns, room, gap: 2 };
            let mut cursor = ColumnCursor::default();
            for key in keys {
                let action = [Action::ColumnLeft, Action::ColumnRight, Action::Left, Action::Right][key];
                prop_assert!(cursor.act(action, table));
                prop_assert!(table.shows(cursor.at, cursor.first), "{cursor:?}");
                prop_assert!(cursor.first <= table.last_first());
            }
        }
    }
}
