//! A terminal's late answer to a question that another program asked must not turn into keys.
//!
//! crossterm takes control sequences (CSI) apart by itself; strings (OSC, DCS, APC, PM, SOS) it reads as Alt and
//! a letter, then as keys up to the end of the string.

use std::time::{Duration, Instant};

use crossterm::event::{Event as Input, KeyCode, KeyModifiers};

/// An answer that comes in two reads goes on within this time.
const TAIL: Duration = Duration::from_millis(50);

/// Whether the last read ended inside of an answer, and when.
#[derive(Debug, Default)]
pub(super) struct LateAnswer {
    inside_since: Option<Instant>,
}

impl LateAnswer {
    /// Takes answers out of what came in one read.
    pub(super) fn take_out(&mut self, inputs: Vec<Input>, now: Instant) -> Vec<Input> {
        let mut inside = self.inside_since.is_some_and(|since| now.saturating_duration_since(since) < TAIL);
        let mut kept = Vec::with_capacity(inputs.len());
        let mut inputs = inputs.into_iter().peekable();
        while let Some(input) = inputs.next() {
            if inside {
                inside = !ends(&input);
                if !matches!(input, Input::Key(_)) {
                    kept.push(input);
                }
            } else if begins(&input) && inputs.peek().is_some_and(|next| matches!(next, Input::Key(_))) {
                inside = true;
            } else {
                kept.push(input);
            }
        }
        self.inside_since = inside.then_some(now);
        kept
    }
}

fn begins(input: &Input) -> bool {
    matches!(input, Input::Key(key)
        if key.modifiers.contains(KeyModifiers::ALT) && matches!(key.code, KeyCode::Char(']' | 'P' | '_' | '^' | 'X')))
}

/// BEL, or ESC and a backslash.
fn ends(input: &Input) -> bool {
    let Input::Key(key) = input else { return false };
    let bell = key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('g');
    let terminator = key.modifiers.contains(KeyModifiers::ALT) && key.code == KeyCode::Char('\\');
    bell || terminator
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyEvent;

    use super::*;

    fn keys(text: &str) -> Vec<Input> {
        let mut inputs = Vec::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            let (code, modifiers) = match c {
                '\u{1b}' => (chars.next().unwrap(), KeyModifiers::ALT),
                '\u{7}' => ('g', KeyModifiers::CONTROL),
                c => (c, KeyModifiers::NONE),
            };
            inputs.push(Input::Key(KeyEvent::new(KeyCode::Char(code), modifiers)));
        }
        inputs
    }

    #[test]
    fn an_answer_to_a_colour_query_is_no_key() {
        let mut late = LateAnswer::default();
        let now = Instant::now();
        assert_eq!(late.take_out(keys("\u{1b}]11;rgb:1010/1010/1010\u{1b}\\q"), now), keys("q"));
        assert_eq!(late.take_out(keys("j\u{1b}]11;rgb:1/1/1\u{7}k"), now), keys("jk"));
        assert_eq!(late.take_out(keys("\u{1b}P0+r\u{1b}\\"), now), keys(""));
    }

    #[test]
    fn an_answer_in_two_reads_is_no_key_either() {
        let mut late = LateAnswer::default();
        let now = Instant::now();
        assert_eq!(late.take_out(keys("\u{1b}]11;rg"), now), keys(""));
        assert_eq!(late.take_out(keys("b:1/1/1\u{7}R"), now), keys("R"));
    }

    #[test]
    fn keys_after_an_answer_that_never_ends_are_keys_again() {
        let mut late = LateAnswer::default();
        let now = Instant::now();
        assert_eq!(late.take_out(keys("\u{1b}]11;rg"), now), keys(""));
        assert_eq!(late.take_out(keys("jk"), now + TAIL), keys("jk"));
        assert_eq!(late.take_out(keys("\u{1b}]"), now + TAIL), keys("\u{1b}]"), "Esc and a bracket, by hand");
    }
}
