//! What may have changed since the last picture: only that is drawn again.
//!
//! Told by who could have changed it, never by how it looks: whatever a picture shows is behind a [`Watched`], is part
//! of the [`Ground`], or changes only at moments that [`super::App::next_wake`] names.
//!
//! ```text
//!  key ─▶ update ─┬─ one pane touched ─────────────▶ that pane is settled, and drawn with the footer
//!                 └─ model, focus, size, popup or   ▶ all are settled and drawn
//!                    time moved, or no key at all
//! ```

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use ratatui::layout::Size;

use crate::ui::layout::Front;

/// A value that counts how often somebody could have changed it.
#[derive(Debug, Default)]
pub(super) struct Watched<T> {
    value: T,
    touched: u64,
    settled: u64,
    drawn: u64,
}

impl<T> Watched<T> {
    pub(super) fn new(value: T) -> Self {
        Self { value, touched: 0, settled: 0, drawn: 0 }
    }

    pub(super) fn touched(&self) -> u64 {
        self.touched
    }

    /// To change what is in no picture, or follows from what is watched anyway.
    pub(super) fn unseen(&mut self) -> &mut T {
        &mut self.value
    }

    /// To be told its room, where it was touched since it was told last, or `all` are.
    pub(super) fn unsettled(&mut self, all: bool) -> Option<&mut T> {
        let moved = std::mem::replace(&mut self.settled, self.touched) != self.touched;
        (all || moved).then_some(&mut self.value)
    }

    pub(super) fn is_drawn(&self) -> bool {
        self.drawn == self.touched
    }

    pub(super) fn set_drawn(&mut self) {
        self.drawn = self.touched;
    }
}

impl<T> Deref for Watched<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Watched<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.touched += 1;
        &mut self.value
    }
}

/// What every part of the picture stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ground {
    /// How often the model was touched.
    pub(super) model: u64,
    pub(super) front: Front,
    pub(super) size: Size,
    /// A popup has the keys, and lies over panes.
    pub(super) in_popup: bool,
    /// Clock times of another day are written with it.
    pub(super) minute: i64,
    /// Counts what came and was no key, and the moments at which the picture changes by itself.
    pub(super) moments: u64,
}

/// On what ground panes were told their room, and the last picture was drawn.
#[derive(Debug, Default)]
pub(super) struct Changes {
    settled: Option<Ground>,
    drawn: Option<Ground>,
    /// Until when that picture stands by itself, since the app started.
    until: Option<Duration>,
    moments: u64,
}

impl Changes {
    /// An event comes at this moment.
    pub(super) fn event(&mut self, is_key: bool, up: Duration) {
        let stands = self.until.is_none_or(|until| up < until);
        if !is_key || !stands {
            self.moments += 1;
        }
    }

    pub(super) fn moments(&self) -> u64 {
        self.moments
    }

    /// A picture was drawn on this ground; says whether the last one was, too.
    pub(super) fn draw(&mut self, ground: Ground, until: Option<Duration>) -> bool {
        self.until = until;
        self.drawn.replace(ground) == Some(ground)
    }

    /// Panes are told their room on this ground; says whether they were before.
    pub(super) fn settle(&mut self, ground: Ground) -> bool {
        self.settled.replace(ground) == Some(ground)
    }
}
