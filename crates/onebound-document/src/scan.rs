//! The scanner behind [`super::Document`]: one pass over the bytes, no recursion, no copy.

mod ahead;
mod strings;

use std::panic::resume_unwind;
use std::thread::Builder;

use ahead::{Ahead, Rest};
pub(super) use strings::{string_length, unescape};

use super::{ESCAPED, KIND_SHIFT, NO_KEY, Node, NodeKind, STRING_WITH_ESCAPES};

/// Nesting beyond this is refused: no answer of the vendor goes deeper than a dozen.
const MAX_DEPTH: usize = 512;

/// At least two bytes a node: so many bytes keep every node's number within its 29 bits.
const MAX_BYTES: usize = 1 << 30;

/// From so many bytes on a second thread is worth it.
const LARGE: usize = 1 << 20;

/// How programs write what is no number.
const NOT_FINITE: [&[u8]; 5] = [b"NaN", b"Infinity", b"nan", b"inf", b"infinity"];

/// Why a text is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyntaxFault {
    /// The text is empty or only white space.
    Empty,
    /// The text ends inside a value.
    Cut,
    /// Unexpected text in place of a value, a key or a comma.
    Unexpected,
    /// Containers nested deeper than 512.
    TooDeep,
    /// More than 1 GiB.
    TooLarge,
}

/// The first syntax error of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault:?} at byte {at}")]
pub struct SyntaxError {
    /// Offset in bytes.
    pub at: usize,
    /// The kind of error.
    pub fault: SyntaxFault,
}

/// The tokens that may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    CommaOrEnd,
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    nodes: Vec<Node>,
    /// The containers that are not closed yet, the innermost last.
    open: Vec<(u32, NodeKind)>,
    /// The most that were open at once.
    deepest: usize,
    key: u32,
    ahead: Option<Ahead<'a>>,
}

/// The nodes of the first value, in reading order, and where anything follows it.
type Scanned = Result<(Vec<Node>, Option<usize>), SyntaxError>;

/// Scans a body; the second half of a large one on a thread of its own.
pub(super) fn scan(bytes: &[u8], start: usize) -> Scanned {
    let halfway = (bytes.len() >= LARGE).then(|| ahead::between_objects(bytes)).flatten();
    let Some(at) = halfway else { return scan_with(bytes, start, None) };
    std::thread::scope(|scope| {
        let thread = Builder::new().spawn_scoped(scope, move || Rest::scan(bytes, at));
        let rest = move || thread.ok()?.join().unwrap_or_else(|panic| resume_unwind(panic));
        scan_with(bytes, start, Some(Ahead { at, rest: Box::new(rest) }))
    })
}

/// Scans the first of several values: a thread for the second half would look at others.
pub(super) fn scan_first(bytes: &[u8]) -> Scanned {
    scan_with(bytes, 0, None)
}

fn scan_with(bytes: &[u8], start: usize, ahead: Option<Ahead<'_>>) -> Scanned {
    let at = if start == 0 && bytes.starts_with("\u{feff}".as_bytes()) { 3 } else { start };
    let mut scanner = Scanner { ahead, ..Scanner::at(bytes, at) };
    scanner.skip_space();
    if scanner.at == bytes.len() {
        return Err(scanner.error(SyntaxFault::Empty));
    }
    if bytes.len() > MAX_BYTES {
        return Err(scanner.error(SyntaxFault::TooLarge));
    }
    scanner.values(Expect::Value)?;
    scanner.skip_space();
    let trailing = (scanner.at < bytes.len()).then_some(scanner.at);
    let mut nodes = scanner.nodes;
    nodes.shrink_to_fit();
    Ok((nodes, trailing))
}

impl<'a> Scanner<'a> {
    fn at(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, nodes: Vec::new(), open: Vec::new(), deepest: 0, key: NO_KEY, ahead: None }
    }

    /// Up to the end of the outermost container.
    fn values(&mut self, mut expect: Expect) -> Result<(), SyntaxError> {
        loop {
            self.skip_space();
            let byte = *self.bytes.get(self.at).ok_or_else(|| self.error(SyntaxFault::Cut))?;
            expect = match (expect, byte) {
                (Expect::ValueOrEnd | Expect::CommaOrEnd, b']') => self.close(NodeKind::Array)?,
                (Expect::KeyOrEnd | Expect::CommaOrEnd, b'}') => self.close(NodeKind::Object)?,
                (Expect::Value | Expect::ValueOrEnd, _) => self.value(byte)?,
                (Expect::Key | Expect::KeyOrEnd, b'"') => self.member()?,
                (Expect::CommaOrEnd, b',') => self.comma()?,
                _ => return Err(self.error(SyntaxFault::Unexpected)),
            };
            if self.open.is_empty() {
                return Ok(());
            }
        }
    }

    fn value(&mut self, byte: u8) -> Result<Expect, SyntaxError> {
        match byte {
            b'{' => self.open(NodeKind::Object, Expect::KeyOrEnd),
            b'[' => self.open(NodeKind::Array, Expect::ValueOrEnd),
            b'"' => {
                let start = self.at;
                let escaped = self.string()?;
                Ok(self.leaf(if escaped { STRING_WITH_ESCAPES } else { tag(NodeKind::String) }, start))
            }
            b'-' | b'0'..=b'9' | b'+' | b'.' => {
                let start = self.at;
                self.number()?;
                Ok(self.leaf(tag(NodeKind::Number), start))
            }
            b't' => self.literal(b"true", NodeKind::Bool),
            b'f' => self.literal(b"false", NodeKind::Bool),
            b'n' if self.bytes.get(self.at + 1) != Some(&b'a') => self.literal(b"null", NodeKind::Null),
            _ => {
                let start = self.at;
                self.not_finite()?;
                Ok(self.leaf(tag(NodeKind::Number), start))
            }
        }
    }

    fn open(&mut self, kind: NodeKind, next: Expect) -> Result<Expect, SyntaxError> {
        if self.ahead.as_ref().is_some_and(|ahead| ahead.at <= self.at) && self.graft() {
            return Ok(Expect::CommaOrEnd);
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(self.error(SyntaxFault::TooDeep));
        }
        self.open.push((index(self.nodes.len()), kind));
        self.deepest = self.deepest.max(self.open.len());
        self.push(tag(kind), self.at);
        self.at += 1;
        Ok(next)
    }

    fn close(&mut self, kind: NodeKind) -> Result<Expect, SyntaxError> {
        let error = self.error(SyntaxFault::Unexpected);
        let after = index(self.nodes.len());
        let (opened, _) = self.open.pop().filter(|(_, open)| *open == kind).ok_or(error)?;
        let node = self.nodes.get_mut(opened as usize).ok_or(error)?;
        self.at += 1;
        node.end = index(self.at);
        node.after = tagged(tag(kind), after);
        Ok(Expect::CommaOrEnd)
    }

    /// A key and its value: nearly every value of a body is one of these.
    fn member(&mut self) -> Result<Expect, SyntaxError> {
        let start = self.at;
        let escaped = self.string()?;
        self.key = index(start) | if escaped { ESCAPED } else { 0 };
        self.skip_space();
        match self.bytes.get(self.at) {
            Some(b':') => self.at += 1,
            Some(_) => return Err(self.error(SyntaxFault::Unexpected)),
            None => return Err(self.error(SyntaxFault::Cut)),
        }
        self.skip_space();
        let byte = *self.bytes.get(self.at).ok_or_else(|| self.error(SyntaxFault::Cut))?;
        self.value(byte)
    }

    fn comma(&mut self) -> Result<Expect, SyntaxError> {
        let (_, kind) = *self.open.last().ok_or(self.error(SyntaxFault::Unexpected))?;
        self.at += 1;
        Ok(if kind == NodeKind::Object { Expect::Key } else { Expect::Value })
    }

    fn leaf(&mut self, tag: u32, start: usize) -> Expect {
        self.push(tag, start);
        Expect::CommaOrEnd
    }

    fn push(&mut self, tag: u32, start: usize) {
        let key = std::mem::replace(&mut self.key, NO_KEY);
        let after = tagged(tag, index(self.nodes.len() + 1));
        self.nodes.push(Node { key, start: index(start), end: index(self.at), after });
    }

    fn literal(&mut self, word: &[u8], kind: NodeKind) -> Result<Expect, SyntaxError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if !rest.starts_with(word) {
            let cut = word.starts_with(rest);
            return Err(self.error(if cut { SyntaxFault::Cut } else { SyntaxFault::Unexpected }));
        }
        let start = self.at;
        self.at += word.len();
        Ok(self.leaf(tag(kind), start))
    }

    /// Any run of digits, signs and points: the number stays as it was sent, odd ones too.
    fn number(&mut self) -> Result<(), SyntaxError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let length = rest.iter().take_while(|byte| part(byte)).count();
        let digits = rest.iter().take(length).any(u8::is_ascii_digit);
        if digits {
            self.at += length;
            return Ok(());
        }
        if length == rest.len() { Err(self.error(SyntaxFault::Cut)) } else { self.not_finite() }
    }

    /// NaN or Infinity, in the spellings of Python, JavaScript and C.
    fn not_finite(&mut self) -> Result<(), SyntaxError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let unsigned = rest.strip_prefix(b"-").or_else(|| rest.strip_prefix(b"+")).unwrap_or(rest);
        let length = unsigned.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let found = unsigned.get(..length).unwrap_or_default();
        if NOT_FINITE.contains(&found) {
            self.at += rest.len() - unsigned.len() + length;
            return Ok(());
        }
        let cut = length == unsigned.len() && NOT_FINITE.iter().any(|word| word.starts_with(unsigned));
        Err(self.error(if cut { SyntaxFault::Cut } else { SyntaxFault::Unexpected }))
    }

    /// Says whether the string has escapes in it.
    fn string(&mut self) -> Result<bool, SyntaxError> {
        let inside = self.bytes.get(self.at + 1..).unwrap_or_default();
        let (length, escaped) = string_length(inside);
        if length == inside.len() {
            self.at = self.bytes.len();
            return Err(self.error(SyntaxFault::Cut));
        }
        self.at += length + 2;
        Ok(escaped)
    }

    fn skip_space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn error(&self, fault: SyntaxFault) -> SyntaxError {
        SyntaxError { at: self.at, fault }
    }
}

fn tag(kind: NodeKind) -> u32 {
    match kind {
        NodeKind::Null => 0,
        NodeKind::Bool => 1,
        NodeKind::Number => 2,
        NodeKind::String => 3,
        NodeKind::Array => 4,
        NodeKind::Object => 5,
    }
}

fn tagged(tag: u32, after: u32) -> u32 {
    (tag << KIND_SHIFT) | after
}

/// `scan` has checked that every offset fits.
fn index(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
