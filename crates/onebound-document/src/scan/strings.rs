//! The ends and escapes of JSON strings.

use std::borrow::Cow;

/// Number of blocks of 16 bytes that are checked before a string counts as long.
const SHORT_BLOCKS: usize = 4;
const ONES: u128 = u128::from_le_bytes([1; 16]);
const QUOTES: u128 = u128::from_le_bytes([b'"'; 16]);
const BACKSLASHES: u128 = u128::from_le_bytes([b'\\'; 16]);

/// The length of a string's inside, given what follows its opening quote, and whether it has escapes; all of
/// it where no quote closes it.
pub(crate) fn string_length(inside: &[u8]) -> (usize, bool) {
    let mut at = 0;
    let mut escaped = false;
    while let Some(found) = inside.get(at..).and_then(quote_or_backslash) {
        at += found;
        if inside.get(at) == Some(&b'"') {
            return (at, escaped);
        }
        at += 2;
        escaped = true;
    }
    (inside.len(), escaped)
}

/// The position of the first of the two. Most strings are short: looking at sixteen bytes at a time, as one number,
/// finds their end sooner than a call of memchr, which takes over for the long ones.
fn quote_or_backslash(bytes: &[u8]) -> Option<usize> {
    let (blocks, _) = bytes.as_chunks::<16>();
    for (at, block) in blocks.iter().take(SHORT_BLOCKS).enumerate() {
        let block = u128::from_le_bytes(*block);
        let found = zero_bytes(block ^ QUOTES) | zero_bytes(block ^ BACKSLASHES);
        if found != 0 {
            return Some(at * 16 + found.trailing_zeros() as usize / 8);
        }
    }
    let looked_at = blocks.len().min(SHORT_BLOCKS) * 16;
    let rest = bytes.get(looked_at..)?;
    memchr::memchr2(b'"', b'\\', rest).map(|found| looked_at + found)
}

/// A bit for each byte that is zero; the lowest one set is right, those above it may be wrong.
fn zero_bytes(block: u128) -> u128 {
    block.wrapping_sub(ONES) & !block & (ONES << 7)
}

/// A string's inside with its escapes resolved. An unknown escape is left unchanged; half of a
/// surrogate pair becomes U+FFFD.
pub(crate) fn unescape(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        rest = push_escape(&mut text, after);
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// Resolves one escape, given what follows its backslash; returns what follows the escape.
fn push_escape<'a>(text: &mut String, after: &'a str) -> &'a str {
    let mut chars = after.chars();
    let plain = match chars.next() {
        Some('u') => return push_unicode(text, after),
        Some('n') => '\n',
        Some('t') => '\t',
        Some('r') => '\r',
        Some('b') => '\u{8}',
        Some('f') => '\u{c}',
        Some(same @ ('"' | '\\' | '/')) => same,
        Some(_) | None => {
            text.push('\\');
            return after;
        }
    };
    text.push(plain);
    chars.as_str()
}

fn push_unicode<'a>(text: &mut String, after: &'a str) -> &'a str {
    let Some((high, rest)) = hex_unit(after) else {
        text.push('\\');
        return after;
    };
    if let Some(found) = char::from_u32(high) {
        text.push(found);
        return rest;
    }
    let low = rest.strip_prefix('\\').and_then(hex_unit).filter(|(unit, _)| (0xdc00..0xe000).contains(unit));
    match low {
        Some((low, rest)) if high < 0xdc00 => {
            let scalar = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
            text.push(char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER));
            rest
        }
        _ => {
            text.push(char::REPLACEMENT_CHARACTER);
            rest
        }
    }
}

/// The unit of `uXXXX…` and what follows it.
fn hex_unit(text: &str) -> Option<(u32, &str)> {
    let (digits, rest) = text.strip_prefix('u')?.split_at_checked(4)?;
    let valid = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    valid.then(|| u32::from_str_radix(digits, 16).ok()).flatten().map(|unit| (unit, rest))
}
