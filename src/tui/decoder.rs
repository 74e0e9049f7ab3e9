//! Bytes from the terminal into keys and pastes, read by read.
//!
//! ```text
//!  read ─▶ feed ─┬─ whole keys, pastes ───────────────────▶ next
//!                ├─ the beginning of a key ─ pending ─┬─ its rest comes ─▶ one key
//!                │                                    └─ expire ─────────▶ Esc, or nothing
//!                └─ bytes that are no UTF-8 ─────────────▶ NotUtf8, and no key of that read
//! ```
//! Bytes are not keys: a terminal set to Big5 or GBK sends `R` as the second half of a character, SSH may cut an arrow
//! key in two, and a terminal may answer a question that another program asked. None of these may press a key here.
//! Nor is a key that comes in one read with anything else, be it a key, a report or an answer, one that was pressed by
//! itself: each input tells whether it was alone.

mod sequence;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crossterm::event::{Event as Input, KeyCode, KeyEvent, KeyModifiers};
use sequence::Sequence;

/// How long the rest of a key is waited for: SSH can deliver it 100 ms after its beginning. A lone Esc waits as long.
pub(super) const REST_TIMEOUT: Duration = Duration::from_millis(120);

/// How long what comes after a beginning that was given up is still its rest.
const LATE_REST: Duration = Duration::from_secs(1);

/// How long a paste may pause before it counts as ended: meanwhile every key is taken for text of it.
const PASTE_PAUSE: Duration = Duration::from_secs(2);

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
const PASTE_END: &[u8] = b"\x1b[201~";

/// What came from the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// A key, a paste, or a new size.
    Input {
        /// Which.
        input: Input,
        /// Whether nothing else came in the same read: neither keys nor a report of the terminal's.
        is_alone: bool,
    },
    /// The paste before this had no end: it was given up waiting for one.
    PasteCutOff,
    /// A read held bytes that are no UTF-8; whatever else it held is dropped.
    NotUtf8,
}

impl Typed {
    /// One with which nothing else came.
    pub(super) fn alone(input: Input) -> Self {
        Self::Input { input, is_alone: true }
    }
}

/// Splits bytes into keys, across reads.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    /// The beginning of a key whose rest has not come.
    pending: Vec<u8>,
    state: DecoderState,
    /// When what is unfinished is given up.
    deadline: Option<Instant>,
    /// Until then the rest of what was given up is no key.
    late_until: Option<Instant>,
    /// Until then an answer whose end was not in time is dropped, as it comes.
    report_until: Option<Instant>,
    /// Until then nothing is a key: the second half of a character may come in a read of its own.
    ignore_until: Option<Instant>,
    ready: VecDeque<Typed>,
}

#[derive(Debug, Default)]
enum DecoderState {
    #[default]
    Keys,
    /// Between the brackets of a paste.
    Paste(Vec<u8>),
    /// In a terminal's answer (OSC, DCS, SOS, PM, APC): all of it is dropped.
    Report,
}

/// What stands at the beginning of some bytes, and how many of them it takes.
enum Token {
    Input(Input, usize),
    /// Something that is no key.
    Nothing(usize),
    NotUtf8(usize),
    Enters(DecoderState, usize),
    Unfinished,
}

impl Decoder {
    /// Takes in what one read gave.
    pub(super) fn feed(&mut self, read: &[u8], now: Instant) {
        let late = self.late_until.take().map(|until| now < until);
        let late_rest = match late {
            Some(true) if self.pending.is_empty() => sequence::rest(read),
            _ => 0,
        };
        if late == Some(false) {
            self.pending.clear();
        }
        let mut drops_first = late == Some(true) && !self.pending.is_empty();
        let mut bytes = std::mem::take(&mut self.pending);
        bytes.extend(read.iter().skip(late_rest));
        let (mut rest, mut inputs, mut valid) = (bytes.as_slice(), Vec::new(), true);
        let mut parts = usize::from(late_rest > 0);
        while !rest.is_empty() {
            let step = self.next_token(rest);
            parts += 1;
            let used = match step {
                Token::Unfinished => break,
                Token::Input(input, used) => {
                    inputs.extend(Some(input).filter(|_| !std::mem::take(&mut drops_first)));
                    used
                }
                Token::Nothing(used) => used,
                Token::NotUtf8(used) => {
                    valid = false;
                    used
                }
                Token::Enters(state, used) => {
                    self.state = state;
                    used
                }
            };
            rest = rest.get(used..).unwrap_or_default();
        }
        self.pending = rest.to_vec();
        self.take_in(inputs, parts == 1, valid, now);
        if !matches!(self.state, DecoderState::Report) {
            self.report_until = None;
        }
        self.deadline = match self.state {
            DecoderState::Paste(_) => Some(now + PASTE_PAUSE),
            DecoderState::Report => self.report_until.or(Some(now + REST_TIMEOUT)),
            DecoderState::Keys => (!self.pending.is_empty()).then_some(now + REST_TIMEOUT),
        };
    }

    /// When [`Decoder::expire`] is to be called, unless more comes before.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The rest of what was begun has not come in time.
    pub(super) fn expire(&mut self, now: Instant) {
        self.deadline = None;
        match std::mem::take(&mut self.state) {
            DecoderState::Keys => self.give_up(now),
            DecoderState::Paste(text) => {
                self.ready.push_back(Typed::alone(paste(&text)));
                self.ready.push_back(Typed::PasteCutOff);
            }
            // Its rest may be on its way still.
            DecoderState::Report if self.report_until.is_none() => {
                self.state = DecoderState::Report;
                self.report_until = Some(now + LATE_REST);
                self.deadline = self.report_until;
            }
            DecoderState::Report => {
                self.report_until = None;
                self.pending.clear();
            }
        }
    }

    /// What was typed, one after the other.
    pub(super) fn next(&mut self) -> Option<Typed> {
        self.ready.pop_front()
    }

    fn give_up(&mut self, now: Instant) {
        match self.pending.as_slice() {
            [ESC] => {
                self.ready.push_back(Typed::alone(Input::Key(KeyCode::Esc.into())));
                self.late_until = Some(now + LATE_REST);
                self.pending.clear();
            }
            // It began, so it is no text: its rest is dropped, too, when it comes.
            [ESC, b'[' | b'O', ..] => self.late_until = Some(now + LATE_REST),
            &[ESC, letter] if letter.is_ascii() => {
                let key = KeyEvent::new(KeyCode::Char(char::from(letter)), KeyModifiers::ALT);
                self.ready.push_back(Typed::alone(Input::Key(key)));
                self.pending.clear();
            }
            _ => {
                self.pending.clear();
                self.take_in(Vec::new(), true, false, now);
            }
        }
    }

    /// Keys of a read with bytes that are no UTF-8 are none; what was pasted between brackets is text in any case.
    fn take_in(&mut self, mut inputs: Vec<Input>, is_alone: bool, valid: bool, now: Instant) {
        let deaf = self.ignore_until.is_some_and(|until| now < until);
        if !valid || deaf {
            inputs.retain(|input| matches!(input, Input::Paste(_)));
        }
        if !valid {
            self.ignore_until = Some(now + REST_TIMEOUT);
            self.ready.push_back(Typed::NotUtf8);
        }
        self.ready.extend(inputs.into_iter().map(|input| Typed::Input { input, is_alone }));
    }

    fn next_token(&mut self, bytes: &[u8]) -> Token {
        match &mut self.state {
            DecoderState::Keys => key(bytes),
            DecoderState::Report => report(bytes),
            DecoderState::Paste(text) => {
                // The end may have begun in the read before.
                let from = text.len().saturating_sub(PASTE_END.len());
                text.extend_from_slice(bytes);
                let tail = text.get(from..).unwrap_or_default();
                let Some(end) = tail.windows(PASTE_END.len()).position(|window| window == PASTE_END) else {
                    return Token::Nothing(bytes.len());
                };
                let behind = tail.len() - end - PASTE_END.len();
                text.truncate(from + end);
                let input = paste(text);
                self.state = DecoderState::Keys;
                Token::Input(input, bytes.len() - behind)
            }
        }
    }
}

fn paste(text: &[u8]) -> Input {
    Input::Paste(String::from_utf8_lossy(text).into_owned())
}

/// The key at the beginning of these bytes.
fn key(bytes: &[u8]) -> Token {
    match bytes {
        [ESC, ESC, ..] => Token::Input(Input::Key(KeyCode::Esc.into()), 1),
        [ESC, b'[' | b'O', ..] => match sequence::parse(bytes) {
            Sequence::Unfinished => Token::Unfinished,
            Sequence::Key(key, used) => Token::Input(Input::Key(key), used),
            Sequence::Other(used) => Token::Nothing(used),
            Sequence::PasteBegins(used) => Token::Enters(DecoderState::Paste(Vec::new()), used),
        },
        // By itself it may be Esc, or Alt and that key.
        [ESC] | [ESC, b']' | b'P' | b'X' | b'^' | b'_'] => Token::Unfinished,
        [ESC, b']' | b'P' | b'X' | b'^' | b'_', ..] => Token::Enters(DecoderState::Report, 2),
        [ESC, after @ ..] => match plain(after) {
            Token::Input(Input::Key(key), used) => {
                let modifiers = key.modifiers | KeyModifiers::ALT;
                Token::Input(Input::Key(KeyEvent { modifiers, ..key }), used + 1)
            }
            Token::NotUtf8(used) => Token::NotUtf8(used + 1),
            step => step,
        },
        _ => plain(bytes),
    }
}

/// In a terminal's answer, up to its end: BEL, or ESC and a backslash. A key that is pressed meanwhile ends it.
fn report(bytes: &[u8]) -> Token {
    match bytes {
        [ESC] => Token::Unfinished,
        [ESC, b'\\', ..] => Token::Enters(DecoderState::Keys, 2),
        [ESC, ..] => Token::Enters(DecoderState::Keys, 0),
        [BEL, ..] => Token::Enters(DecoderState::Keys, 1),
        _ => Token::Nothing(bytes.iter().position(|byte| matches!(*byte, ESC | BEL)).unwrap_or(bytes.len())),
    }
}

/// A key without an escape sequence.
fn plain(bytes: &[u8]) -> Token {
    let Some(&first) = bytes.first() else { return Token::Unfinished };
    let ctrl = |c: u8| KeyEvent::new(KeyCode::Char(char::from(c)), KeyModifiers::CONTROL);
    let key = match first {
        b'\r' => KeyCode::Enter.into(),
        b'\t' => KeyCode::Tab.into(),
        0x7f => KeyCode::Backspace.into(),
        0 => ctrl(b' '),
        0x01..=0x1a => ctrl(first - 0x01 + b'a'),
        // `^\`, `^]`, `^^` and `^_`, as keyboards have them.
        0x1c..=0x1f => ctrl(first | 0x40),
        _ => return character(bytes),
    };
    Token::Input(Input::Key(key), 1)
}

fn character(bytes: &[u8]) -> Token {
    let length = match bytes.first() {
        Some(0..=0x7f) => 1,
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => return Token::NotUtf8(1),
    };
    let begun = bytes.get(..length.min(bytes.len())).unwrap_or_default();
    match std::str::from_utf8(begun).map(|text| text.chars().next()) {
        Ok(Some(c)) => {
            let modifiers = if c.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
            Token::Input(Input::Key(KeyEvent::new(KeyCode::Char(c), modifiers)), length)
        }
        // Right so far, and not all of it.
        Err(error) if error.error_len().is_none() => Token::Unfinished,
        _ => Token::NotUtf8(1),
    }
}
