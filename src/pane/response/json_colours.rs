//! The kinds of values in a row of JSON text, found in that row alone: a text of any size costs no more than its rows in
//! sight.

use std::ops::Range;

use memchr::{memchr2, memchr2_iter};
use ratatui::style::Style;

use crate::ui::theme::Theme;

/// A string that is longer, in bytes, is taken for a value and no key.
const MAX_KEY: usize = 256;

/// Whether a place in a text is inside of a string, and whether the byte before it escapes the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct InString {
    inside: bool,
    escaped: bool,
}

impl InString {
    /// The same after these bytes.
    #[must_use]
    pub(super) fn after(mut self, bytes: &[u8]) -> Self {
        let mut escaped_at = self.escaped.then_some(0);
        for at in memchr2_iter(b'"', b'\\', bytes) {
            if escaped_at == Some(at) {
                continue;
            }
            match bytes.get(at) {
                Some(b'\\') if self.inside => escaped_at = Some(at + 1),
                Some(b'"') => self.inside = !self.inside,
                _ => {}
            }
        }
        Self { escaped: self.inside && escaped_at == Some(bytes.len()), ..self }
    }
}

/// The parts of a row by their kinds, without gaps; `state` is that of the row's beginning.
pub(super) fn kinds(text: &[u8], row: Range<usize>, state: InString) -> Vec<(Range<usize>, Style)> {
    let mut kinds = Vec::new();
    let (mut at, mut state) = (row.start, state);
    while at < row.end {
        let (end, style) = if state.inside {
            string(text, at + usize::from(state.escaped), row.end)
        } else {
            token(text, at, row.end)
        };
        state = InString::default();
        kinds.push((at..end.clamp(at + 1, row.end), style));
        at = end.max(at + 1);
    }
    kinds
}

/// The token that begins here, outside of strings: its end and its style.
fn token(text: &[u8], at: usize, row_end: usize) -> (usize, Style) {
    let rest = text.get(at..).unwrap_or_default();
    let run = |is_part: fn(&u8) -> bool| at + rest.iter().take_while(|byte| is_part(byte)).count();
    match rest.first() {
        Some(b'"') => string(text, at + 1, row_end),
        Some(b'-' | b'0'..=b'9') => {
            let end = run(|byte| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'));
            (end, Theme.number())
        }
        Some(b'a'..=b'z' | b'A'..=b'Z') => {
            let end = run(u8::is_ascii_alphabetic);
            (end, word_style(text.get(at..end).unwrap_or_default()))
        }
        Some(b'{' | b'}' | b'[' | b']' | b':' | b',') => {
            (run(|byte| matches!(byte, b'{' | b'}' | b'[' | b']' | b':' | b',')), Theme.punctuation())
        }
        _ => (run(|byte| !is_token(*byte)), Theme.text()),
    }
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'"' | b'-' | b'{' | b'}' | b'[' | b']' | b':' | b',')
}

/// A row may begin or end within a word.
fn word_style(word: &[u8]) -> Style {
    let is_part_of = |whole: &str| whole.as_bytes().windows(word.len()).any(|part| part == word);
    match () {
        () if is_part_of("null") => Theme.null(),
        () if is_part_of("true") || is_part_of("false") => Theme.boolean(),
        () => Theme.text(),
    }
}

/// The rest of a string from inside of it: its end, if that is in the row or near, and its style. A string before a colon
/// is a key.
fn string(text: &[u8], start: usize, row_end: usize) -> (usize, Style) {
    let Some(end) = string_end(text, start, row_end.max(start + MAX_KEY)) else {
        return (row_end, Theme.string());
    };
    let next = text.iter().skip(end).find(|byte| !byte.is_ascii_whitespace());
    (end, if next == Some(&b':') { Theme.name() } else { Theme.string() })
}

/// The place after the quote that ends a string, if it is before `limit`.
fn string_end(text: &[u8], start: usize, limit: usize) -> Option<usize> {
    let mut at = start;
    loop {
        at += memchr2(b'"', b'\\', text.get(at..limit.min(text.len()))?)?;
        match text.get(at) {
            Some(b'\\') => at += 2,
            _ => return Some(at + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    /// The style of each byte of a text in rows of so many bytes.
    fn styles(text: &str, width: usize) -> Vec<Style> {
        let text = text.as_bytes();
        let mut state = InString::default();
        let mut styles = Vec::new();
        for start in (0..text.len()).step_by(width) {
            let row = start..text.len().min(start + width);
            state = state.after(&text[start.saturating_sub(width)..start]);
            for (part, style) in kinds(text, row, state) {
                assert_eq!(part.start, styles.len(), "parts have no gaps");
                styles.resize(part.end, style);
            }
        }
        styles
    }

    #[rstest]
    #[case(r#"{"a":"b"}"#, "dnnndsssd")]
    #[case(r#"{"a" : [1,-2.5e3]}"#, "dnnn.d.d0d000000dd")]
    #[case(r#"[true,null,"\"x:"]"#, "dbbbbddddddssssssd")]
    #[case(r#"{"k":"a:b","c\\":0}"#, "dnnndsssssdnnnnnd0d")]
    #[case(r#""cut"#, "ssss")]
    #[case("手 <br>", "........")]
    fn values_have_the_colour_of_their_kind(#[case] text: &str, #[case] expected: &str) {
        let letter = |style: Style| match style {
            style if style == Theme.name() => 'n',
            style if style == Theme.string() => 's',
            style if style == Theme.number() => '0',
            style if style == Theme.boolean() => 'b',
            style if style == Theme.text() => '.',
            style if style == Theme.null() => 'd',
            _ => '?',
        };
        let whole: String = styles(text, usize::MAX).into_iter().map(letter).collect();
        assert_eq!(whole, expected);
    }

    proptest! {
        #[test]
        fn a_row_has_the_same_colours_by_itself_as_in_the_whole_text(
            text in r#"(\{|\}|\[|\]|,|:|[0-9]{1,4}| |"([a-z手:,]|\\\\|\\"){0,20}"){0,40}"#,
            width in 1_usize..30,
        ) {
            prop_assert_eq!(styles(&text, width), styles(&text, usize::MAX));
        }
    }
}
