//! Which pane has the keys, and which of those that share a place is in front.

use ratatui::layout::Size;

use crate::message::PaneId;
use crate::ui::layout::{Front, Layout};

/// The focus, and where `q` leads back to from the response.
#[derive(Clone, Copy, Debug)]
pub(super) struct Focus {
    front: Front,
    before_response: PaneId,
}

/// The order of Tab; the response joins it while it is in front.
const CYCLE: [PaneId; 5] = [PaneId::Id, PaneId::Item, PaneId::Skus, PaneId::Props, PaneId::Requests];

impl Default for Focus {
    fn default() -> Self {
        let front = Front { stage: PaneId::Skus, focus: PaneId::Id, full: false };
        Self { front, before_response: PaneId::Skus }
    }
}

impl Focus {
    pub(super) fn pane(self) -> PaneId {
        self.front.focus
    }

    pub(super) fn front(self) -> Front {
        self.front
    }

    /// Moves the focus, and brings the pane to the front where it is out of sight.
    pub(super) fn to(&mut self, pane: PaneId, size: Size) {
        if pane == PaneId::Response && self.front.focus != PaneId::Response {
            self.before_response = self.front.focus;
        }
        self.front.focus = pane;
        if matches!(pane, PaneId::Skus | PaneId::Response) {
            self.front.stage = pane;
        }
        let in_sight = |front| Layout::of(size, front).is_none_or(|layout| layout.pane(pane).is_some());
        if !in_sight(self.front) {
            self.front.stage = pane;
        }
    }

    /// The next pane in the order of Tab, or the one before it.
    pub(super) fn step(&mut self, forward: bool, size: Size) {
        let mut cycle = CYCLE.to_vec();
        if self.front.stage == PaneId::Response {
            cycle.push(PaneId::Response);
        }
        let here = cycle.iter().position(|pane| *pane == self.front.focus).unwrap_or_default();
        let step = if forward { 1 } else { cycle.len() - 1 };
        if let Some(&next) = cycle.get((here + step) % cycle.len()) {
            self.to(next, size);
        }
    }

    /// One pane on the whole screen, and back.
    pub(super) fn toggle_full(&mut self, size: Size) {
        self.front.full = !self.front.full;
        self.to(self.front.focus, size);
    }

    /// Whether there is a way back, from the whole screen or from the response.
    pub(super) fn leads_back(self) -> bool {
        self.front.full || self.front.focus == PaneId::Response
    }

    /// Back from the whole screen, or from the response; says whether there was a way back.
    pub(super) fn back(&mut self, size: Size) -> bool {
        if self.front.full {
            self.toggle_full(size);
            return true;
        }
        let back = self.front.focus == PaneId::Response;
        if back {
            self.front.stage = PaneId::Skus;
            self.to(self.before_response, size);
        }
        back
    }
}
