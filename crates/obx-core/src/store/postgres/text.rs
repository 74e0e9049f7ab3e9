//! Texts as `PostgreSQL` takes them.

use std::borrow::Cow;

/// Returns the text without the character 0, which no text of `PostgreSQL` can have. It stands for no letter.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) }
}
