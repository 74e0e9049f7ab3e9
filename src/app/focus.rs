//! Which pane has the focus, and which of the panes that share an area is in front.

use crate::message::{PaneId, Slot};
use crate::ui::layout::{Front, Layout, Screen};

/// The focus, and where `q` leads back to from a pane in front of others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Focus {
    front: Front,
    before: PaneId,
}

/// The pane that one comes back to from those in front of it.
pub(super) const MAIN: PaneId = PaneId::Skus;

impl Default for Focus {
    fn default() -> Self {
        let front = Front { stage: MAIN, focus: PaneId::Id, full: false };
        Self { front, before: MAIN }
    }
}

impl Focus {
    pub(super) fn pane(self) -> PaneId {
        self.front.focus
    }

    pub(super) fn front(self) -> Front {
        self.front
    }

    /// Moves the focus, and brings the pane to the front if it is hidden.
    pub(super) fn to(&mut self, pane: PaneId, screen: &mut Screen) {
        let in_front = pane.slot() == Slot::Right;
        if in_front && self.front.focus.slot() != Slot::Right {
            self.before = self.front.focus;
        }
        screen.splits.show(pane);
        self.front.focus = pane;
        if in_front || pane.slot() == Slot::UpperRight {
            self.front.stage = pane;
        }
        let is_visible = |front| Layout::new(screen, front).is_none_or(|layout| layout.pane(pane).is_some());
        if !is_visible(self.front) {
            self.front.stage = pane;
        }
    }

    /// Moves the focus to the next or previous pane in the order of Tab.
    pub(super) fn step(&mut self, forward: bool, screen: &mut Screen) {
        // The response is among them while it is in sight.
        let layout = Layout::new(screen, Front { full: false, ..self.front });
        let is_visible = |pane: PaneId| layout.as_ref().is_some_and(|layout| layout.pane(pane).is_some());
        let in_turn = |pane: &PaneId| {
            if pane.slot() == Slot::Right { is_visible(*pane) } else { !screen.splits.hides(*pane) }
        };
        let cycle: Vec<PaneId> = PaneId::ALL.iter().copied().filter(in_turn).collect();
        let here = cycle.iter().position(|pane| *pane == self.front.focus).unwrap_or_default();
        let step = if forward { 1 } else { cycle.len() - 1 };
        if let Some(&next) = cycle.get((here + step) % cycle.len()) {
            self.to(next, screen);
        }
    }

    /// Toggles whether the focused pane fills the screen.
    pub(super) fn toggle_full(&mut self, screen: &mut Screen) {
        self.front.full = !self.front.full;
        self.to(self.front.focus, screen);
    }

    /// Whether [`Focus::back`] has something to leave.
    pub(super) fn leads_back(self) -> bool {
        self.front.full || self.front.focus.slot() == Slot::Right
    }

    /// Leaves the full-screen mode or the response; returns false if there is neither to leave.
    pub(super) fn back(&mut self, screen: &mut Screen) -> bool {
        if self.front.full {
            self.toggle_full(screen);
            return true;
        }
        let back = self.front.focus.slot() == Slot::Right;
        if back {
            self.front.stage = MAIN;
            self.to(self.before, screen);
        }
        back
    }
}
