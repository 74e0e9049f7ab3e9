//! Makes text from outside safe for cells: without control sequences, and never wider than the cells it gets.
//!
//! Widths are display widths in cells, as a terminal counts them: a Chinese character takes two.

mod wrapping;

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::theme::{ascii, ascii_symbol};
use obx_core::config::AmbiguousWidth;
pub use wrapping::{first_line, wrap};

/// Most combining marks kept on one character. No script needs more, and a stack of hundreds covers the lines around it.
const MAX_MARKS: usize = 8;

/// Most characters shown by code point; the first ones show what a text consists of.
const MAX_CODE_POINTS: usize = 16;

/// Whether the terminal gives ambiguous characters two cells. For the whole process, since it has one terminal.
static AMBIGUOUS_IS_WIDE: AtomicBool = AtomicBool::new(false);

/// Sets how the terminal counts characters of ambiguous width; called before anything is laid out.
pub fn set_ambiguous_width(width: AmbiguousWidth) {
    AMBIGUOUS_IS_WIDE.store(width == AmbiguousWidth::Two, Ordering::Relaxed);
}

fn ambiguous_width() -> AmbiguousWidth {
    if AMBIGUOUS_IS_WIDE.load(Ordering::Relaxed) { AmbiguousWidth::Two } else { AmbiguousWidth::One }
}

/// The text's width in cells.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    let cells: Option<usize> = text.chars().map(width_alone).sum();
    cells.unwrap_or_else(|| text.graphemes(true).map(grapheme_width).sum())
}

/// The width of one grapheme, which is never half shown.
pub(super) fn grapheme_width(grapheme: &str) -> usize {
    width_as(grapheme, ambiguous_width())
}

/// obx's own marks are drawn in ASCII where ambiguous characters are wide.
fn width_as(grapheme: &str, ambiguous: AmbiguousWidth) -> usize {
    match ambiguous {
        AmbiguousWidth::Two if ascii_symbol(grapheme).is_none() => grapheme.width_cjk(),
        _ => grapheme.width(),
    }
}

/// The width of a character that never combines with its neighbours: ASCII, common Chinese, and obx's own marks; `None`
/// for all others.
pub(super) fn width_alone(c: char) -> Option<usize> {
    match c {
        ' '..='~' => Some(1),
        '¥' | '·' | '«' | '»' | '—' | '…' | '←'..='↓' | '─'..='╿' | '▌' | '▴' | '▸' | '▾' => {
            (ambiguous_width() == AmbiguousWidth::One || ascii(c).is_some()).then_some(1)
        }
        '\u{3001}'..='\u{3029}' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff60}' => Some(2),
        _ => None,
    }
}

/// How many cells a symbol takes on every terminal; `None` if terminals differ, as for emoji and clusters of some
/// scripts.
pub fn sure_width(symbol: &str) -> Option<u16> {
    let mut chars = symbol.chars();
    let first = chars.next().filter(|_| chars.next().is_none())?;
    match first {
        // European letters, and block elements.
        '\u{a1}'..='\u{2ff}'
        | '\u{370}'..='\u{482}'
        | '\u{48a}'..='\u{52f}'
        | '\u{2010}'..='\u{2027}'
        | '\u{2030}'..='\u{205e}'
        | '\u{2580}'..='\u{25ff}'
        | '★' => (grapheme_width(symbol) == 1).then_some(1),
        // Japanese, Korean, rare Chinese.
        '\u{3000}'
        | '\u{3030}'..='\u{303e}'
        | '\u{3041}'..='\u{3096}'
        | '\u{309b}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{ac00}'..='\u{d7a3}' => Some(2),
        _ => width_alone(first).and_then(|cells| u16::try_from(cells).ok()),
    }
}

/// A field's text on one line. Removes escape sequences, control characters, and everything that turns, hides or stacks
/// text (bidirectional marks, zero-width characters, piles of accents); line breaks and tabs become blanks.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_plain) && !has_stack(text) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    let mut marks = 0;
    let mut rest = text.chars();
    while let Some(next) = rest.next() {
        match next {
            '\u{1b}' => skip_sequence(&mut rest),
            '\u{9b}' => skip_csi(&mut rest),
            '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}' => skip_string(&mut rest),
            _ if is_plain(next) => {
                marks = if is_mark(next) { marks + 1 } else { 0 };
                if marks <= MAX_MARKS {
                    cleaned.push(next);
                }
            }
            _ if next.is_whitespace() => cleaned.push(' '),
            _ => {}
        }
    }
    Cow::Owned(cleaned)
}

/// Whether a text would be invisible: only blanks, zero-width characters and marks without a letter.
pub fn is_invisible(text: &str) -> bool {
    let blank = |c: char| {
        c.is_whitespace() || matches!(c, '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}')
    };
    let is_seen = |c: char| is_plain(c) && !blank(c) && !is_mark(c);
    // Nearly always decided by the first character.
    let Some(first) = text.chars().next() else { return false };
    !is_seen(first) && !clean(text).chars().any(is_seen)
}

/// The code points of a text that can't be shown: `U+200B U+FEFF`.
pub fn code_points(text: &str) -> String {
    let mut points: Vec<String> =
        text.chars().take(MAX_CODE_POINTS).map(|c| format!("U+{:04X}", u32::from(c))).collect();
    points.extend(text.chars().nth(MAX_CODE_POINTS).map(|_| "…".to_owned()));
    points.join(" ")
}

/// A line of raw text for debugging: control characters as their symbols (`␛`), invisible characters as `·`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let picture = |c: char| match u32::from(c) {
        0x09 => ' ',
        code @ 0..=0x1f => char::from_u32(0x2400 + code).unwrap_or('·'),
        0x7f => '\u{2421}',
        _ if is_plain(c) => c,
        _ => '·',
    };
    Cow::Owned(text.chars().map(picture).collect())
}

/// Cuts a text to a width, with `…` in place of the rest.
pub fn fit(text: &str, cells: usize) -> Cow<'_, str> {
    if width(text) <= cells {
        return Cow::Borrowed(text);
    }
    if cells == 0 {
        return Cow::Borrowed("");
    }
    let (head, _) = split_at_width(text, cells - 1);
    Cow::Owned(format!("{head}…"))
}

/// Cuts a text to its end, with `…` in place of the beginning.
pub fn fit_end(text: &str, cells: usize) -> Cow<'_, str> {
    let mut left = width(text);
    if left <= cells {
        return Cow::Borrowed(text);
    }
    let mut rest = text.graphemes(true);
    while left + 1 > cells {
        let Some(first) = rest.next() else { return Cow::Borrowed("") };
        left -= grapheme_width(first);
    }
    Cow::Owned(format!("…{}", rest.as_str()))
}

/// The text in exactly this many cells, aligned left.
pub fn pad_right(text: &str, cells: usize) -> String {
    let text = fit(text, cells);
    let blanks = cells - width(&text);
    format!("{text}{:blanks$}", "")
}

/// The text in exactly this many cells, aligned right.
pub fn pad_left(text: &str, cells: usize) -> String {
    let text = fit(text, cells);
    let blanks = cells - width(&text);
    format!("{:blanks$}{text}", "")
}

/// Splits a text before the first grapheme that does not fit.
pub fn split_at_width(text: &str, cells: usize) -> (&str, &str) {
    if text.is_ascii() {
        return text.split_at(cells.min(text.len()));
    }
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += grapheme_width(grapheme);
        if used > cells {
            return text.split_at(at);
        }
    }
    (text, "")
}

/// Whether a character can be written to a terminal unchanged.
pub(super) fn is_plain(c: char) -> bool {
    match c {
        ' '..='~' => true,
        // Controls, soft hyphen, bidirectional marks, joiners, separators, variation and tag characters.
        '\0'..='\u{1f}'
        | '\u{7f}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}'
        | '\u{fe00}'..='\u{fe0f}' => false,
        _ => !c.is_whitespace() || c == '\u{3000}',
    }
}

/// Skips the rest of an escape sequence after ESC: a control sequence, a string, or one letter.
fn skip_sequence(rest: &mut std::str::Chars<'_>) {
    match rest.clone().next() {
        Some('[') => {
            rest.next();
            skip_csi(rest);
        }
        Some(']' | 'P' | 'X' | '^' | '_') => {
            rest.next();
            skip_string(rest);
        }
        Some(' '..='/') => {
            rest.next();
            rest.next();
        }
        Some('0'..='~') => {
            rest.next();
        }
        _ => {}
    }
}

/// Skips parameters up to the final letter. A character that can't be part of the sequence ends it and is kept.
fn skip_csi(rest: &mut std::str::Chars<'_>) {
    loop {
        match rest.clone().next() {
            Some(' '..='?') => {
                rest.next();
            }
            Some('@'..='~') => {
                rest.next();
                return;
            }
            _ => return,
        }
    }
}

/// Skips up to BEL or ST. A string without an end takes the rest of the text with it, as it would on a terminal.
fn skip_string(rest: &mut std::str::Chars<'_>) {
    while let Some(next) = rest.next() {
        match next {
            '\u{7}' | '\u{9c}' => return,
            '\u{1b}' => return skip_sequence(rest),
            _ => {}
        }
    }
}

fn is_mark(c: char) -> bool {
    !c.is_ascii() && c.width() == Some(0)
}

fn has_stack(text: &str) -> bool {
    let mut marks = 0;
    !text.is_ascii()
        && text.chars().any(|c| {
            marks = if is_mark(c) { marks + 1 } else { 0 };
            marks > MAX_MARKS
        })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("a", 1, 1)]
    #[case("手", 2, 2)]
    #[case("①", 1, 2)]
    #[case("°", 1, 2)]
    #[case::drawn_in_ascii("¥", 1, 1)]
    #[case::drawn_in_ascii("…", 1, 1)]
    #[case::drawn_in_ascii("─", 1, 1)]
    fn ambiguous_characters_are_as_wide_as_the_terminal_has_them(
        #[case] grapheme: &str,
        #[case] usual: usize,
        #[case] east_asian: usize,
    ) {
        assert_eq!(width_as(grapheme, AmbiguousWidth::One), usual);
        assert_eq!(width_as(grapheme, AmbiguousWidth::Two), east_asian);
    }
}
