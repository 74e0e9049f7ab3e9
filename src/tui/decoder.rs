//! Decodes the terminal's bytes into keys and pastes, read by read.
//!
//! ```text
//!  read ─▶ feed ─┬─ whole keys, pastes ───────────────────▶ next
//!                ├─ the beginning of a key ─ pending ─┬─ its rest comes ─▶ one key
//!                │                                    └─ expire ─────────▶ Esc, or nothing
//!                └─ invalid UTF-8 ─────────────────────▶ NotUtf8, and no key of that read
//! ```
//! A byte is not a key: a terminal set to Big5 or GBK sends `R` as the second half of a character, SSH may split an arrow
//! key in two, and a terminal may reply to a query of another program. None of these may act as a key. A key that shares
//! its read with anything else may not have been pressed by itself, so each input says whether it was alone.

mod sequence;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crossterm::event::{Event as Input, KeyCode, KeyEvent, KeyModifiers};
use sequence::Sequence;

use super::reports::Report;

/// How long to wait for the rest of a key: SSH can deliver it 100 ms after its beginning. A lone Esc takes as long.
pub(super) const REST_TIMEOUT: Duration = Duration::from_millis(120);

/// How long after the timeout input still counts as the rest of an unfinished key.
const LATE_REST: Duration = Duration::from_secs(1);

/// How long a paste may pause before it counts as ended. Until then every key is part of its text.
const PASTE_PAUSE: Duration = Duration::from_secs(2);

/// The same for the reply to a query of our own, which nobody types by hand.
const LATE_REPLY: Duration = Duration::from_secs(10);

/// How a reply about the background begins, after its ESC.
const REPLY_START: &[u8] = b"]11;";

/// So much of a report is kept, in bytes; the replies that are understood are shorter.
const MAX_REPORT: usize = 64;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
const PASTE_END: &[u8] = b"\x1b[201~";

/// A decoded input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// A key, a paste, the mouse, or a new size.
    Input {
        /// The key, paste or size.
        input: Input,
        /// Whether its read contained nothing else, neither a key nor a report of the terminal.
        is_alone: bool,
    },
    /// The paste before this had no end marker in time.
    PasteCutOff,
    /// A read contained invalid UTF-8; its keys are dropped.
    NotUtf8,
    /// The terminal replied to a query.
    Report(Report),
}

impl Typed {
    /// An input that was alone in its read.
    pub(super) fn alone(input: Input) -> Self {
        Self::Input { input, is_alone: true }
    }
}

/// Decodes bytes into keys, also keys that are split over reads.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    /// The beginning of a key whose rest has not arrived.
    pending: Vec<u8>,
    state: DecoderState,
    /// When to stop waiting for the rest.
    deadline: Option<Instant>,
    /// Until then the late rest of an unfinished key is dropped.
    late_until: Option<Instant>,
    /// Until then the rest of an unfinished report is dropped.
    report_until: Option<Instant>,
    /// Until then no byte is a key, since the second half of a character may arrive in a read of its own.
    ignore_until: Option<Instant>,
    ready: VecDeque<Typed>,
}

#[derive(Debug, Default)]
enum DecoderState {
    #[default]
    Keys,
    /// Inside a bracketed paste, with the text so far.
    Paste(Vec<u8>),
    /// Inside a terminal's report (OSC, DCS, SOS, PM, APC), with its beginning.
    Report(Vec<u8>),
}

/// The first thing in some bytes, and how many bytes it takes.
enum Token {
    Input(Input, usize),
    /// Something that is not a key.
    Nothing(usize),
    Report(Report, usize),
    NotUtf8(usize),
    Enters(DecoderState, usize),
    Unfinished,
}

impl Decoder {
    /// Decodes the bytes of one read.
    pub(super) fn feed(&mut self, read: &[u8], now: Instant) {
        let late = self.late_until.take().map(|until| now < until);
        let is_rest = late == Some(true) && self.pending.is_empty();
        let late_rest = if is_rest { sequence::rest(read) } else { 0 };
        if is_rest && read.starts_with(REPLY_START) {
            self.state = DecoderState::Report(Vec::new());
        }
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
                Token::Report(report, used) => {
                    self.ready.push_back(Typed::Report(report));
                    drops_first = false;
                    used
                }
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
        if !matches!(self.state, DecoderState::Report(_)) {
            self.report_until = None;
        }
        self.deadline = match self.state {
            DecoderState::Paste(_) => Some(now + PASTE_PAUSE),
            DecoderState::Report(_) => self.report_until.or(Some(now + REST_TIMEOUT)),
            DecoderState::Keys => (!self.pending.is_empty()).then_some(now + REST_TIMEOUT),
        };
    }

    /// When to call [`Decoder::expire`], unless more bytes arrive before.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Ends what is unfinished, because its rest has not arrived in time.
    pub(super) fn expire(&mut self, now: Instant) {
        self.deadline = None;
        match std::mem::take(&mut self.state) {
            DecoderState::Keys => self.give_up(now),
            DecoderState::Paste(text) => {
                self.ready.push_back(Typed::alone(paste(&text)));
                self.ready.push_back(Typed::PasteCutOff);
            }
            // The rest may still arrive.
            DecoderState::Report(start) if self.report_until.is_none() => {
                let is_reply = start.starts_with(REPLY_START);
                self.report_until = Some(now + if is_reply { LATE_REPLY } else { LATE_REST });
                self.state = DecoderState::Report(start);
                self.deadline = self.report_until;
            }
            DecoderState::Report(_) => {
                self.report_until = None;
                self.pending.clear();
            }
        }
    }

    /// The next decoded input.
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
            // An escape sequence has begun, so its rest is no text and is dropped when it arrives.
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

    /// Queues the inputs of a read. Invalid UTF-8 in it makes its keys void, but not a bracketed paste.
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
            DecoderState::Report(start) => match report(bytes) {
                Token::Nothing(used) => {
                    let room = MAX_REPORT.saturating_sub(start.len());
                    start.extend(bytes.iter().take(used.min(room)));
                    Token::Nothing(used)
                }
                Token::Enters(state, used @ 1..) => {
                    let report = Report::from_string(start);
                    self.state = state;
                    report.map_or(Token::Nothing(used), |report| Token::Report(report, used))
                }
                token => token,
            },
            DecoderState::Paste(text) => {
                // The end marker may have begun in the read before.
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

/// Terminals send a line's end as the Enter key does, or as it was copied.
fn paste(text: &[u8]) -> Input {
    Input::Paste(String::from_utf8_lossy(text).replace("\r\n", "\n").replace('\r', "\n"))
}

/// The key at the beginning of these bytes.
fn key(bytes: &[u8]) -> Token {
    match bytes {
        [ESC, ESC, ..] => Token::Input(Input::Key(KeyCode::Esc.into()), 1),
        [ESC, b'[' | b'O', ..] => match sequence::parse(bytes) {
            Sequence::Unfinished => Token::Unfinished,
            Sequence::Key(key, used) => Token::Input(Input::Key(key), used),
            Sequence::Mouse(event, used) => Token::Input(Input::Mouse(event), used),
            Sequence::Other(used) => {
                let report = bytes.get(..used).and_then(Report::from_sequence);
                report.map_or(Token::Nothing(used), |report| Token::Report(report, used))
            }
            Sequence::PasteBegins(used) => Token::Enters(DecoderState::Paste(Vec::new()), used),
        },
        // Without more bytes this may be Esc, or Alt and a key.
        [ESC] | [ESC, b']' | b'P' | b'X' | b'^' | b'_'] => Token::Unfinished,
        [ESC, kind @ (b']' | b'P' | b'X' | b'^' | b'_'), ..] => {
            Token::Enters(DecoderState::Report(vec![*kind]), 2)
        }
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

/// Inside a terminal's report, up to its end: BEL, or ESC and a backslash. Any other escape sequence ends it too.
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
        // Valid so far, but incomplete.
        Err(error) if error.error_len().is_none() => Token::Unfinished,
        _ => Token::NotUtf8(1),
    }
}
