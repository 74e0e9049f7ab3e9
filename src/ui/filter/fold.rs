//! Makes texts comparable that differ in width or case alone.

use std::borrow::Cow;

use onebound::half_width;

/// The text in lower case, and with full-width forms of ASCII as ASCII: `ＸＬ` is `xl`, `￥` is `¥`.
pub fn fold(text: &str) -> Cow<'_, str> {
    let is_folded = |c: char| if c.is_ascii() { !c.is_ascii_uppercase() } else { is_caseless(c) };
    if text.chars().all(is_folded) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(narrow).flat_map(char::to_lowercase).collect())
}

/// A full-width character in half width.
pub(super) fn narrow(c: char) -> char {
    match c {
        '￥' => '¥',
        c => half_width(c),
    }
}

/// Whether it is one of the Chinese characters that nearly all texts consist of.
fn is_caseless(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3001}'..='\u{303f}')
}
