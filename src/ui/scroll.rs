//! A cursor over rows, and the visible window that follows it.

use std::cmp::Ordering;

use super::lean::is_lean;
use crate::message::Action;

/// A list's cursor and its first visible row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scroll {
    /// The row with the cursor.
    pub at: usize,
    /// The first visible row.
    pub top: usize,
}

impl Scroll {
    /// Moves the cursor and returns true if the action is a movement. `rows` is the length of the list, `height` the
    /// number of visible rows.
    pub fn act(&mut self, action: Action, rows: usize, height: usize) -> bool {
        let Some(at) = moved(self.at, action, rows.saturating_sub(1), height) else { return false };
        self.at = at;
        self.clamp(rows, height);
        true
    }

    /// Moves the cursor into the list, and the window as little as needed to show the cursor. In lean mode the window jumps, so
    /// that three quarters of it are ahead of the cursor.
    pub fn clamp(&mut self, rows: usize, height: usize) {
        self.clamp_as(rows, height, is_lean());
    }

    fn clamp_as(&mut self, rows: usize, height: usize, jumps: bool) {
        self.at = self.at.min(rows.saturating_sub(1));
        let height = height.max(1);
        let lowest = rows.saturating_sub(height);
        let nearest = self.top.clamp((self.at + 1).saturating_sub(height), self.at);
        let top = match nearest.cmp(&self.top) {
            Ordering::Greater if jumps => self.at - height / 4,
            Ordering::Less if jumps => (self.at + 1 + height / 4).saturating_sub(height),
            _ => nearest,
        };
        self.top = top.min(lowest);
    }

    /// Puts the cursor on a row of the window, if there is one.
    pub fn select(&mut self, row_in_window: usize, rows: usize) {
        let at = self.top + row_in_window;
        if at < rows {
            self.at = at;
        }
    }

    /// Moves the window, for text without a cursor.
    pub fn act_on_text(&mut self, action: Action, rows: usize, height: usize) -> bool {
        let last = rows.saturating_sub(height);
        let moved = moved(self.top, action, last, height);
        self.top = moved.unwrap_or(self.top).min(last);
        self.at = self.top;
        moved.is_some()
    }
}

/// The row that a movement leads to, at most the last. A page overlaps the one before by one row.
fn moved(at: usize, action: Action, last: usize, height: usize) -> Option<usize> {
    let page = height.saturating_sub(1).max(1);
    let to = match action {
        Action::Down => at + 1,
        Action::Up => at.saturating_sub(1),
        Action::PageDown => at + page,
        Action::PageUp => at.saturating_sub(page),
        Action::HalfPageDown => at + page.div_ceil(2),
        Action::HalfPageUp => at.saturating_sub(page.div_ceil(2)),
        Action::Top => 0,
        Action::Bottom => last,
        _ => return None,
    };
    Some(to.min(last))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::within_the_view(14, false, 5)]
    #[case::within_the_view(14, true, 5)]
    #[case::below(15, false, 6)]
    #[case::below(15, true, 13)]
    #[case::above(4, false, 4)]
    #[case::above(4, true, 0)]
    #[case::near_the_end(99, true, 90)]
    fn a_view_follows_its_cursor_by_steps_or_jumps(
        #[case] at: usize,
        #[case] jumps: bool,
        #[case] top: usize,
    ) {
        let mut scroll = Scroll { at, top: 5 };
        scroll.clamp_as(100, 10, jumps);
        assert_eq!(scroll, Scroll { at, top });
    }

    #[rstest]
    #[case(Action::PageDown, 0, 9)]
    #[case(Action::PageDown, 85, 90)]
    #[case(Action::PageUp, 20, 11)]
    #[case(Action::HalfPageDown, 0, 5)]
    #[case(Action::HalfPageUp, 20, 15)]
    #[case(Action::Bottom, 3, 90)]
    #[case(Action::Top, 40, 0)]
    #[case(Action::Down, 90, 90)]
    fn a_text_of_100_rows_is_paged_by_the_10_in_sight(
        #[case] action: Action,
        #[case] top: usize,
        #[case] expected: usize,
    ) {
        let mut scroll = Scroll { at: top, top };
        assert!(scroll.act_on_text(action, 100, 10));
        assert_eq!(scroll.top, expected);
    }
}
