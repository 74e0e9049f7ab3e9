//! A PHP value while it is read: which of its arrays are lists is known only at their end.

use super::FormatFaults;
use super::json_writer::{JsonWriter, MaskedSource, SourcePiece, WrittenJson};
use onebound_document::{SyntaxError, SyntaxFault};

/// Limit of nesting, as for JSON.
const MAX_DEPTH: usize = 512;

#[derive(Clone, Copy)]
enum PhpToken {
    Open {
        is_list: bool,
    },
    Close {
        is_list: bool,
    },
    Key(SourcePiece),
    Text(SourcePiece),
    /// Goes on with the key or text before it.
    More(SourcePiece),
    Number(SourcePiece),
    Constant(PhpConstant),
}

impl PhpToken {
    /// In bytes, about.
    fn size(&self) -> usize {
        match self {
            Self::Key(piece) | Self::Text(piece) | Self::More(piece) | Self::Number(piece) => {
                size_of::<Self>() + (piece.end - piece.start) as usize
            }
            Self::Open { .. } | Self::Close { .. } | Self::Constant(_) => size_of::<Self>(),
        }
    }

    fn more(&self) -> Option<SourcePiece> {
        if let Self::More(piece) = self { Some(*piece) } else { None }
    }
}

/// Values that are not copied from the source.
#[derive(Clone, Copy)]
pub(super) enum PhpConstant {
    Null,
    True,
    False,
    /// The smallest integer, which `var_export` writes as a subtraction.
    Smallest,
}

impl PhpConstant {
    fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::True => "true",
            Self::False => "false",
            Self::Smallest => "-9223372036854775808",
        }
    }
}

/// An array or object that is not closed yet.
struct OpenContainer {
    token: usize,
    /// Whether its keys are 0, 1, 2, … so far; never of an object.
    is_list: bool,
    is_object: bool,
    entries: u64,
}

/// The value so far, in source order.
#[derive(Default)]
pub(super) struct PhpValue {
    tokens: Vec<PhpToken>,
    open: Vec<OpenContainer>,
}

impl PhpValue {
    /// Whether the innermost of what is open is an object.
    pub(super) fn in_object(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_object)
    }

    /// A text, or its first piece.
    pub(super) fn text(&mut self, piece: SourcePiece) {
        self.tokens.push(PhpToken::Text(piece));
    }

    /// A further piece of the text or key before it.
    pub(super) fn more(&mut self, piece: SourcePiece) {
        self.tokens.push(PhpToken::More(piece));
    }

    pub(super) fn number(&mut self, digits: SourcePiece) {
        self.tokens.push(PhpToken::Number(digits));
    }

    pub(super) fn constant(&mut self, constant: PhpConstant) {
        self.tokens.push(PhpToken::Constant(constant));
    }

    /// The key of the next value; `index` where it is an integer.
    pub(super) fn key(&mut self, piece: SourcePiece, index: Option<i64>) {
        if let Some(open) = self.open.last_mut() {
            open.is_list &= index.is_some_and(|index| u64::try_from(index) == Ok(open.entries));
            open.entries += 1;
        }
        self.tokens.push(PhpToken::Key(piece));
    }

    /// Begins an array or object.
    pub(super) fn open(&mut self, is_object: bool, at: usize) -> Result<(), SyntaxError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(SyntaxError { at, fault: SyntaxFault::TooDeep });
        }
        self.open.push(OpenContainer {
            token: self.tokens.len(),
            is_list: !is_object,
            is_object,
            entries: 0,
        });
        self.tokens.push(PhpToken::Open { is_list: false });
        Ok(())
    }

    /// Ends the innermost array or object.
    pub(super) fn close(&mut self) {
        let Some(OpenContainer { token, is_list, .. }) = self.open.pop() else { return };
        if let Some(opened) = self.tokens.get_mut(token) {
            *opened = PhpToken::Open { is_list };
        }
        self.tokens.push(PhpToken::Close { is_list });
    }

    /// How many tokens there are: the place of the next value.
    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The value once more that begins at this place; `false` where it is not closed yet, or is larger than `left`
    /// bytes, of which its size is taken. Once something was too large, nothing is copied any more: a short body could
    /// become endless, and each try takes its time.
    pub(super) fn copy(&mut self, from: usize, left: &mut usize) -> bool {
        if from >= self.tokens.len() || self.open.iter().any(|open| open.token == from) {
            return false;
        }
        let (mut depth, mut deepest) = (0_usize, 0);
        let mut end = from;
        while let Some(token) = self.tokens.get(end) {
            let Some(rest) = left.checked_sub(token.size()) else {
                *left = 0;
                return false;
            };
            *left = rest;
            end += 1;
            match token {
                PhpToken::Open { .. } => depth += 1,
                PhpToken::Close { .. } => depth -= 1,
                _ => {}
            }
            deepest = deepest.max(depth);
            if depth == 0 {
                break;
            }
        }
        if self.open.len() + deepest > MAX_DEPTH {
            return false;
        }
        self.tokens.extend_from_within(from..end);
        true
    }

    /// The whole as JSON; `end` is where it ends in the source.
    pub(super) fn write(
        &self,
        source: MaskedSource<'_>,
        end: usize,
        tracks_origins: bool,
        faults: FormatFaults,
    ) -> WrittenJson {
        let mut writer = JsonWriter::new(source, tracks_origins, faults);
        let mut lists = Vec::new();
        let mut pieces = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            if let PhpToken::Key(first) | PhpToken::Text(first) = token {
                pieces.clear();
                pieces.push(*first);
                pieces.extend(self.tokens.iter().skip(at + 1).map_while(PhpToken::more));
            }
            match *token {
                PhpToken::Open { is_list } => {
                    lists.push(is_list);
                    writer.open(is_list);
                }
                PhpToken::Close { is_list } => {
                    lists.pop();
                    writer.close(is_list);
                }
                PhpToken::Key(_) if lists.last() == Some(&true) => {}
                PhpToken::Key(_) => writer.key("", &pieces),
                PhpToken::Text(_) => writer.text(&pieces),
                PhpToken::More(_) => {}
                PhpToken::Number(digits) => writer.number(digits),
                PhpToken::Constant(constant) => writer.word(constant.as_str()),
            }
        }
        writer.trailing(end);
        writer.finish()
    }
}

/// Where a number ends that begins here: `-0.5`, `1.0E+25`.
pub(super) fn number_end(bytes: &[u8], start: usize) -> Result<usize, SyntaxError> {
    whole_number(bytes, start).ok_or_else(|| {
        let part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let is_cut = bytes.get(start..).is_some_and(|rest| rest.iter().all(part));
        SyntaxError { at: start, fault: if is_cut { SyntaxFault::Cut } else { SyntaxFault::Unexpected } }
    })
}

fn whole_number(bytes: &[u8], start: usize) -> Option<usize> {
    let digits = |mut at: usize| {
        let start = at;
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        (at > start).then_some(at)
    };
    let mut end = digits(start + usize::from(bytes.get(start) == Some(&b'-')))?;
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1)?;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        end = digits(end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-'))))?;
    }
    Some(end)
}
