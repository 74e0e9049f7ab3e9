//! Finds a secret in a text, in any of the ways in which a body, a header or a page may write it.

use super::Span;
use crate::entity::{LONGEST_ENTITY, decode_xml_entity};

/// The ways in which a body, a header or a page may write a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum EscapeStyle {
    /// Letter by letter.
    Plain,
    /// As in an URL: any byte may be written as `%XX`.
    Percent,
    /// As in JSON: `\"`, `\\`, `\/`, and any character may be written as `\uXXXX`; and PHP's `\'`.
    Json,
    /// As in XML and HTML: `&amp;`, and any character may be written as `&#65;` or `&#x41;`.
    Entities,
}

impl EscapeStyle {
    pub(super) const ALL: [Self; 4] = [Self::Plain, Self::Percent, Self::Json, Self::Entities];

    /// The byte that introduces an escape.
    fn mark(self) -> Option<u8> {
        match self {
            Self::Plain => None,
            Self::Percent => Some(b'%'),
            Self::Json => Some(b'\\'),
            Self::Entities => Some(b'&'),
        }
    }

    /// At most, in bytes, for a byte of a secret.
    fn longest(self) -> usize {
        match self {
            Self::Plain => 1,
            Self::Percent => "%41".len(),
            Self::Json => "\\u0041".len(),
            Self::Entities => LONGEST_ENTITY,
        }
    }

    /// The length of the secret at the start of `bytes`; `None` if it does not begin there.
    fn length_of(self, secret: &str, bytes: &[u8]) -> Option<usize> {
        let mut rest = bytes;
        for next in secret.chars() {
            let length = self.length_of_character(next, rest)?;
            rest = rest.get(length..)?;
        }
        Some(bytes.len() - rest.len())
    }

    fn length_of_character(self, next: char, bytes: &[u8]) -> Option<usize> {
        let mut buffer = [0; 4];
        let plain = next.encode_utf8(&mut buffer).as_bytes();
        // A mark is never written plainly in its own style.
        let stands_for_itself = self.mark().is_none_or(|mark| plain != [mark]);
        // Byte by byte first: nearly every place is wrong from its first byte on.
        if stands_for_itself
            && bytes.first() == plain.first()
            && (plain.len() == 1 || bytes.starts_with(plain))
        {
            return Some(plain.len());
        }
        match self {
            Self::Plain => None,
            Self::Percent => escaped(bytes, "%", plain.iter().map(|&byte| u16::from(byte)), 2),
            Self::Json
                if matches!(next, '"' | '\\' | '/' | '\'') && bytes.starts_with(&[b'\\', plain[0]]) =>
            {
                Some(2)
            }
            Self::Json => escaped(bytes, "\\u", next.encode_utf16(&mut [0; 2]).iter().copied(), 4),
            Self::Entities => {
                decode_xml_entity(bytes).and_then(|(found, length)| (found == next).then_some(length))
            }
        }
    }
}

/// The length of `units` at the start of `bytes`, each after `mark` and in so many hexadecimal digits.
fn escaped(bytes: &[u8], mark: &str, units: impl Iterator<Item = u16>, digits: usize) -> Option<usize> {
    if bytes.first() != mark.as_bytes().first() {
        return None;
    }
    let mut rest = bytes;
    for unit in units {
        let (written, after) = rest.strip_prefix(mark.as_bytes())?.split_at_checked(digits)?;
        // Digit by digit: of the many escapes in a body nearly all differ in the first or second one.
        let places = (0..digits).rev().map(|place| u32::from(unit >> (4 * place)) & 0xf);
        let matches = |(&byte, digit): (&u8, u32)| char::from(byte).to_digit(16) == Some(digit);
        if !written.iter().zip(places).all(matches) {
            return None;
        }
        rest = after;
    }
    Some(bytes.len() - rest.len())
}

/// A key or secret of at most this length counts only as a whole word, else it would be found in every word.
pub(super) const SHORT: usize = 2;
/// The same limit for a call's own secrets: a password of six digits would be found in prices and IDs.
pub(super) const SHORT_OF_CALL: usize = 7;

/// All spans of `secret` in one style; of one of at most `short` bytes, only whole words.
pub(super) fn find(bytes: &[u8], secret: &str, style: EscapeStyle, short: usize) -> Vec<Span> {
    let mut spans = match style.mark() {
        None => find_plain(bytes, secret),
        Some(mark) => find_marked(bytes, secret, style, mark),
    };
    spans.retain(|span| counts(bytes, *span, short));
    spans
}

/// Whether a span is longer than `short`, or a whole word.
pub(super) fn counts(bytes: &[u8], span: Span, short: usize) -> bool {
    let before = span.start.checked_sub(1).and_then(|at| bytes.get(at));
    let is_alphanumeric = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    span.end - span.start > short || !is_alphanumeric(before) && !is_alphanumeric(bytes.get(span.end))
}

/// All spans of the plain text, overlapping ones too.
fn find_plain(bytes: &[u8], secret: &str) -> Vec<Span> {
    let finder = memchr::memmem::Finder::new(secret);
    let mut from = 0;
    std::iter::from_fn(|| {
        let start = from + finder.find(bytes.get(from..)?)?;
        from = start + 1;
        Some(Span { start, end: start + secret.len() })
    })
    .collect()
}

/// Every place where at least one letter is not written as itself: the others are found letter by letter. So a
/// mark is in it, and only the bytes around marks are searched.
fn find_marked(bytes: &[u8], secret: &str, style: EscapeStyle, mark: u8) -> Vec<Span> {
    let first = secret.bytes().next().unwrap_or_default();
    let second = secret.as_bytes().get(1).copied();
    // After a plain first letter comes the second one or a mark: that leaves few candidates.
    let may_go_on = |start: usize| {
        let next = bytes.get(start + 1);
        bytes.get(start) == Some(&mark) || next.is_none() || next == second.as_ref() || next == Some(&mark)
    };
    let spelled_at = |start: usize| {
        let length = style.length_of(secret, bytes.get(start..)?)?;
        Some(Span { start, end: start + length })
    };
    around(bytes, mark, secret.len() * style.longest())
        .flat_map(|Span { start, end }| {
            let window = bytes.get(start..end).unwrap_or_default();
            memchr::memchr2_iter(first, mark, window).map(move |at| start + at)
        })
        .filter(|&start| second.is_none() || may_go_on(start))
        .filter_map(spelled_at)
        .collect()
}

/// Where something that holds a `mark` may begin, given that it is at most `reach` bytes long; in order and
/// without overlap.
fn around(bytes: &[u8], mark: u8, reach: usize) -> impl Iterator<Item = Span> {
    let mut marks = memchr::memchr_iter(mark, bytes).peekable();
    let mut done = 0;
    std::iter::from_fn(move || {
        let mut last = marks.next()?;
        let start = last.saturating_sub(reach).max(done);
        while let Some(near) = marks.next_if(|next| next - last <= reach) {
            last = near;
        }
        done = last + 1;
        Some(Span { start, end: done })
    })
}
