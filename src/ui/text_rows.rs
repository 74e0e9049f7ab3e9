//! A text of any size broken into rows of a width: only every so many of them are remembered.

use std::ops::Range;

use super::text::{grapheme_width, is_plain, width_alone};

/// Every so many rows one is remembered.
const EVERY: usize = 32;
/// So much one character takes, in cells.
const MIN_WIDTH: usize = 2;

/// Where the rows of a text are. Always asked with the text it was made for.
#[derive(Debug, Default)]
pub struct TextRows {
    width: usize,
    every: Vec<usize>,
    count: usize,
    end: usize,
}

impl TextRows {
    /// Breaks about the first so many bytes of a text into rows of so many cells; `None` once cancelled.
    pub fn new(text: &[u8], width: usize, bytes: usize, is_cancelled: &dyn Fn() -> bool) -> Option<Self> {
        let mut rows = Self { width: width.max(MIN_WIDTH), ..Self::default() };
        while rows.end < text.len() && rows.end < bytes {
            if rows.count.is_multiple_of(EVERY) {
                if is_cancelled() {
                    return None;
                }
                rows.every.push(rows.end);
            }
            rows.end = break_row(text, rows.end, rows.width).1;
            rows.count += 1;
        }
        Some(rows)
    }

    /// Whether the text was broken into rows of so many cells.
    pub fn is_of_width(&self, width: usize) -> bool {
        self.width == width.max(MIN_WIDTH)
    }

    /// Whether these are all rows of the text.
    pub fn is_whole(&self, text: &[u8]) -> bool {
        self.end >= text.len()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// These rows, as ranges of the text without the ends of lines.
    pub fn rows(&self, text: &[u8], rows: Range<usize>) -> Vec<Range<usize>> {
        let known = rows.start / EVERY;
        let mut at = self.every.get(known).copied().unwrap_or(text.len());
        let mut found = Vec::new();
        for row in known * EVERY..rows.end.min(self.count) {
            let (end, next) = break_row(text, at, self.width);
            if row >= rows.start {
                found.push(at..end);
            }
            at = next;
        }
        found
    }

    /// Where the remembered rows begin: each after so many others.
    pub fn remembered(&self) -> &[usize] {
        &self.every
    }

    /// Which of the remembered rows is the last one up to this row.
    pub fn remembered_before(row: usize) -> usize {
        row / EVERY
    }

    /// The row in which this byte is.
    pub fn row_at(&self, text: &[u8], byte: usize) -> usize {
        let known = self.every.partition_point(|start| *start <= byte).saturating_sub(1);
        let rows = self.rows(text, known * EVERY..(known + 1) * EVERY);
        let within = rows.partition_point(|row| row.start <= byte).saturating_sub(1);
        known * EVERY + within
    }
}

/// Where the row that begins here ends, and where the next one begins.
fn break_row(text: &[u8], start: usize, width: usize) -> (usize, usize) {
    // Four bytes a character at most; what takes no cell may break a row early.
    let rest = text.get(start..).unwrap_or_default();
    let window = rest.get(..width * 4 + 64).unwrap_or(rest);
    let (mut used, mut before) = (0, ' ');
    let readable = readable(window);
    for (at, c) in readable.char_indices() {
        if c == '\n' {
            return (start + at - usize::from(before == '\r'), start + at + 1);
        }
        used += cells(c);
        if used > width && at > 0 {
            return (start + at, start + at);
        }
        before = c;
    }
    let end = start + readable.len().max(1);
    (end, end)
}

/// As much as is UTF-8: the window may end inside of a character.
fn readable(window: &[u8]) -> &str {
    let end = std::str::from_utf8(window).map_or_else(|error| error.valid_up_to(), str::len);
    std::str::from_utf8(window.get(..end).unwrap_or_default()).unwrap_or_default()
}

/// As [`super::text::visible`] shows it.
fn cells(c: char) -> usize {
    width_alone(c).unwrap_or_else(|| if is_plain(c) { grapheme_width(c.encode_utf8(&mut [0; 4])) } else { 1 })
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use proptest::prelude::*;

    use super::*;
    use crate::ui::text::{visible, width};

    fn all(text: &str, cells: usize) -> TextRows {
        TextRows::new(text.as_bytes(), cells, usize::MAX, &|| false).unwrap()
    }

    proptest! {
        #[test]
        fn rows_hold_all_of_the_text_and_no_more_than_fits(
            text in "[a-c手\n\u{1b}\t]{0,400}",
            cells in 2_usize..20,
            first in 0_usize..400,
        ) {
            let rows = all(&text, cells);
            let bytes = text.as_bytes();
            let found = rows.rows(bytes, 0..rows.count());
            prop_assert_eq!(found.len(), rows.count());
            let whole: String = found.iter().filter_map(|row| text.get(row.clone())).collect();
            prop_assert_eq!(whole, text.replace('\n', ""));
            for (row, range) in found.iter().enumerate() {
                prop_assert!(width(&visible(text.get(range.clone()).unwrap())) <= cells);
                prop_assert_eq!(rows.rows(bytes, row..row + 1), vec![range.clone()]);
                prop_assert_eq!(rows.row_at(bytes, range.start), row);
            }
            let first = TextRows::new(bytes, cells, first, &|| false).unwrap();
            prop_assert_eq!(first.rows(bytes, 0..first.count()), &found[..first.count()]);
            prop_assert_eq!(first.is_whole(bytes), first.count() == found.len());
        }
    }

    #[test]
    fn a_line_that_ends_as_on_windows_shows_no_carriage_return() {
        let text = "ab\r\ncd";
        assert_eq!(all(text, 10).rows(text.as_bytes(), 0..2), vec![0..2, 4..6]);
    }
    #[test]
    fn breaking_a_text_ends_soon_after_it_is_cancelled() {
        let text = "ab\n".repeat(1_000);
        let asked = Cell::new(0);
        let is_cancelled = || asked.replace(asked.get() + 1) == 3;
        assert!(TextRows::new(text.as_bytes(), 10, usize::MAX, &is_cancelled).is_none());
        assert_eq!(asked.get(), 4);
    }
}
