//! Tells keys that a person pressed from text that came all at once, as a paste without brackets does.

use std::time::Instant;

use crossterm::event::{Event as Input, KeyCode};

use super::BURST_TAIL;
use super::decoder::Typed;

/// Remembers when text last came in a burst.
#[derive(Debug, Default)]
pub(super) struct Burst {
    last: Option<Instant>,
}

impl Burst {
    /// Whether these inputs, which came in one read, are part of a burst of text.
    pub(super) fn holds(&mut self, inputs: &[Typed], now: Instant) -> bool {
        let text = inputs.iter().filter(|input| is_text(input)).count();
        let goes_on = self.last.is_some_and(|last| now.saturating_duration_since(last) < BURST_TAIL);
        let holds = text > 1 || (text > 0 && goes_on);
        if holds {
            self.last = Some(now);
        }
        holds
    }
}

fn is_text(typed: &Typed) -> bool {
    matches!(typed, Typed::Input(Input::Key(key)) if matches!(key.code, KeyCode::Char(_) | KeyCode::Enter | KeyCode::Tab))
}
