//! Distinguishes keys that a person pressed one by one from text that arrives in one read, as a paste without brackets
//! does, or together with something else.

use std::time::Instant;

use crossterm::event::{Event as Input, KeyCode};

use super::BURST_TAIL;
use super::decoder::Typed;

/// Remembers when the last burst of text arrived.
#[derive(Debug, Default)]
pub(super) struct PasteGuard {
    last: Option<Instant>,
}

impl PasteGuard {
    /// Whether these inputs, which arrived together, are part of a burst of text.
    pub(super) fn is_burst(&mut self, inputs: &[Typed], now: Instant) -> bool {
        let text = inputs.iter().filter(|input| is_text(input)).count();
        let goes_on = self.last.is_some_and(|last| now.saturating_duration_since(last) < BURST_TAIL);
        let with_others = inputs.iter().any(|input| is_text(input) && !is_alone(input));
        let holds = text > 1 || with_others || (text > 0 && goes_on);
        if holds {
            self.last = Some(now);
        }
        holds
    }
}

fn is_text(typed: &Typed) -> bool {
    matches!(typed, Typed::Input { input: Input::Key(key), .. } if matches!(key.code, KeyCode::Char(_) | KeyCode::Enter | KeyCode::Tab))
}

/// Whether nothing else was in the same read.
fn is_alone(typed: &Typed) -> bool {
    matches!(typed, Typed::Input { is_alone: true, .. })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crossterm::event::KeyEvent;

    use super::*;

    fn key(code: KeyCode, is_alone: bool) -> Typed {
        Typed::Input { input: Input::Key(KeyEvent::from(code)), is_alone }
    }

    #[test]
    fn a_letter_that_comes_with_anything_is_part_of_a_burst() {
        let (now, r) = (Instant::now(), KeyCode::Char('R'));
        assert!(!PasteGuard::default().is_burst(&[key(r, true)], now));
        assert!(PasteGuard::default().is_burst(&[key(r, false)], now), "with a report");
        assert!(PasteGuard::default().is_burst(&[key(KeyCode::Up, false), key(r, false)], now));
        assert!(PasteGuard::default().is_burst(&[key(r, true), key(r, true)], now));
        let mut burst = PasteGuard::default();
        assert!(burst.is_burst(&[key(r, false)], now));
        assert!(burst.is_burst(&[key(r, true)], now + Duration::from_millis(10)), "its tail");
        assert!(!burst.is_burst(&[key(r, true)], now + Duration::from_millis(100)));
    }

    #[test]
    fn arrows_that_repeat_hold_no_letter_back_that_comes_by_itself() {
        let (now, mut burst) = (Instant::now(), PasteGuard::default());
        assert!(!burst.is_burst(&[key(KeyCode::Up, false), key(KeyCode::Up, false)], now));
        assert!(!burst.is_burst(&[key(KeyCode::Char('R'), true)], now + Duration::from_millis(10)));
    }
}
