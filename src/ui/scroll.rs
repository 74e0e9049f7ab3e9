//! A cursor over rows, and the window in which it is kept in sight.

use crate::message::Action;

/// Where a list stands. `at` is the row with the cursor, `top` the first row in sight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scroll {
    /// The row with the cursor.
    pub at: usize,
    /// The first row in sight.
    pub top: usize,
}

impl Scroll {
    /// Moves the cursor; says whether the action was a movement. `rows` is the whole list's length,
    /// `height` the number of rows in sight.
    pub fn act(&mut self, action: Action, rows: usize, height: usize) -> bool {
        let last = rows.saturating_sub(1);
        let page = height.saturating_sub(1).max(1);
        self.at = match action {
            Action::Down => self.at + 1,
            Action::Up => self.at.saturating_sub(1),
            Action::PageDown => self.at + page,
            Action::PageUp => self.at.saturating_sub(page),
            Action::HalfPageDown => self.at + page.div_ceil(2),
            Action::HalfPageUp => self.at.saturating_sub(page.div_ceil(2)),
            Action::Top => 0,
            Action::Bottom => last,
            _ => return false,
        };
        self.settle(rows, height);
        true
    }

    /// Brings the cursor into the list and the window over the cursor, moving it no more than needed.
    pub fn settle(&mut self, rows: usize, height: usize) {
        self.at = self.at.min(rows.saturating_sub(1));
        let height = height.max(1);
        let lowest = rows.saturating_sub(height);
        self.top = self.top.clamp((self.at + 1).saturating_sub(height), self.at).min(lowest);
    }

    /// Moves the window itself, for text without a cursor.
    pub fn act_on_text(&mut self, action: Action, rows: usize, height: usize) -> bool {
        let mut window = Self { at: self.top, top: self.top };
        let moved = window.act(action, rows.saturating_sub(height) + 1, 1);
        self.top = window.at.min(rows.saturating_sub(height));
        self.at = self.top;
        moved
    }
}
