//! Moves borders, and hides panes.

use super::App;
use super::focus::MAIN;
use crate::message::{Effect, PaneId, Slot, Splits};

/// Columns that a key moves a border by; rows are moved one by one.
const STEP: i16 = 4;

impl App {
    pub(super) fn grow_rows(&mut self, rows: i16) -> Option<Effect> {
        self.grow(rows, 0)
    }

    pub(super) fn grow_columns(&mut self, steps: i16) -> Option<Effect> {
        self.grow(0, steps * STEP)
    }

    fn grow(&mut self, rows: i16, columns: i16) -> Option<Effect> {
        let is_moved = self.screen.grow(self.focus.front(), rows, columns);
        (!is_moved).then(|| Effect::info(self.model.texts.no_border_to_move()))
    }

    pub(super) fn reset_layout(&mut self) -> Option<Effect> {
        self.screen.splits = Splits::default();
        None
    }

    /// Hides the pane with the focus until its digit is pressed.
    pub(super) fn hide_pane(&mut self) -> Option<Effect> {
        let pane = self.focus.pane();
        let is_covering = pane.slot() == Slot::Right && !self.layout()?.is_beside();
        if is_covering || self.focus.front().full {
            let _ = self.focus.back(&mut self.screen); // there is something to leave
            return None;
        }
        let is_left = |other: &PaneId| {
            !matches!(other.slot(), Slot::Top | Slot::Right)
                && *other != pane
                && !self.screen.splits.hides(*other)
        };
        let left: Vec<PaneId> = PaneId::ALL.iter().copied().filter(is_left).collect();
        let next = left.iter().find(|other| **other == MAIN).or(left.first());
        let Some(next) = next.copied().filter(|_| pane != PaneId::Id) else {
            return Some(Effect::info(self.model.texts.pane_stays()));
        };
        self.screen.splits.hidden.push(pane);
        self.focus.to(next, &mut self.screen);
        None
    }
}
