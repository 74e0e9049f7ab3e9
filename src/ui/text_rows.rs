//! A text of any size broken into rows of a width: only every so many of them are remembered, and they are found piece
//! by piece.
//!
//! ```text
//!  forget ─▶ step, step, … ─▶ is_done       at any time: count, row, row_at, of what was found so far
//! ```

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use super::text::{is_plain, width_alone};

/// Every so many rows one is remembered.
const EVERY: usize = 32;

/// Where the rows of a text are. Always asked with the text it was made for.
#[derive(Debug, Default)]
pub struct TextRows {
    width: usize,
    every: Vec<usize>,
    count: usize,
    next: usize,
}

impl TextRows {
    /// Begins anew, with rows of so many cells.
    pub fn forget(&mut self, width: usize) {
        *self = Self { width: width.max(2), ..Self::default() };
    }

    /// Finds the rows of about so many bytes more.
    pub fn step(&mut self, text: &[u8], bytes: usize) {
        let until = self.next.saturating_add(bytes);
        while self.next < text.len() && self.next < until {
            if self.count.is_multiple_of(EVERY) {
                self.every.push(self.next);
            }
            self.next = break_row(text, self.next, self.width).1;
            self.count += 1;
        }
    }

    /// Whether all rows are found.
    pub fn is_done(&self, text: &[u8]) -> bool {
        self.next >= text.len()
    }

    /// How many were found so far.
    pub fn count(&self) -> usize {
        self.count
    }

    /// These rows, as stretches of the text without the ends of lines.
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

    /// The row in which this byte stands.
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
    width_alone(c).unwrap_or_else(|| if is_plain(c) { c.width().unwrap_or(1) } else { 1 })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ui::text::{visible, width};

    fn all(text: &str, cells: usize, step: usize) -> TextRows {
        let mut rows = TextRows::default();
        rows.forget(cells);
        while !rows.is_done(text.as_bytes()) {
            rows.step(text.as_bytes(), step);
        }
        rows
    }

    proptest! {
        #[test]
        fn rows_hold_all_of_the_text_and_no_more_than_fits(
            text in "[a-c手\n\u{1b}\t]{0,400}",
            cells in 2_usize..20,
            step in 1_usize..50,
        ) {
            let rows = all(&text, cells, step);
            let bytes = text.as_bytes();
            let found = rows.rows(bytes, 0..rows.count());
            prop_assert_eq!(found.len(), rows.count());
            let whole: String = found.iter().filter_map(|row| text.get(row.clone())).collect();
            prop_assert_eq!(whole, text.replace('\n', ""));
            for (row, stretch) in found.iter().enumerate() {
                prop_assert!(width(&visible(text.get(stretch.clone()).unwrap())) <= cells);
                prop_assert_eq!(rows.rows(bytes, row..row + 1), vec![stretch.clone()]);
                prop_assert_eq!(rows.row_at(bytes, stretch.start), row);
            }
        }
    }

    #[test]
    fn a_line_that_ends_as_on_windows_shows_no_carriage_return() {
        let text = "ab\r\ncd";
        assert_eq!(all(text, 10, 9).rows(text.as_bytes(), 0..2), vec![0..2, 4..6]);
    }
}
