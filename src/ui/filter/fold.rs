//! Makes texts comparable that differ in width or case alone.

use std::borrow::Cow;

/// The text in lower case, and with full-width forms of ASCII as ASCII: `ＸＬ` is `xl`, `￥` is `¥`.
pub fn fold(text: &str) -> Cow<'_, str> {
    let is_folded = |c: char| if c.is_ascii() { !c.is_ascii_uppercase() } else { is_caseless(c) };
    if text.chars().all(is_folded) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(narrow).flat_map(char::to_lowercase).collect())
}

/// The ASCII form of a full-width character.
pub(super) fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        '￥' => '¥',
        c => c,
    }
}

/// Whether it is one of the Chinese characters that nearly all texts consist of.
fn is_caseless(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3001}'..='\u{303f}')
}
