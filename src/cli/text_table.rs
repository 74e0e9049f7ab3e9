//! Tables and labelled texts for people: columns by display width, on a terminal no wider than it is.

use std::borrow::Cow;

use crate::ui::text::{clean, fit, width, wrap};

/// Cells between two columns.
const GAP: usize = 2;
/// Cells between two columns where the terminal is too narrow for that.
const NARROW_GAP: usize = 1;
/// A text column is not made narrower than this while there is another way.
const NARROW: usize = 12;
/// Nor than this in any case.
const NARROWEST: usize = 6;
/// A text behind a label is not broken into narrower lines, however narrow the terminal is.
const NARROWEST_TEXT: usize = 20;

/// How a column is aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    /// Text, which may be cut at a terminal's edge.
    Left,
    /// Figures, which are never cut.
    Right,
    /// IDs and codes, which are never cut either.
    Whole,
}

/// Lays rows out. `room` is the terminal's width; `None` cuts nothing, for files and pipes.
pub(super) fn lines(columns: &[(&str, Align)], rows: &[Vec<String>], room: Option<usize>) -> Vec<String> {
    let cleaned: Vec<Vec<Cow<'_, str>>> =
        rows.iter().map(|row| row.iter().map(|cell| clean(cell)).collect()).collect();
    let mut widths: Vec<usize> = columns.iter().map(|(title, _)| width(title)).collect();
    for row in &cleaned {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(width(cell));
        }
    }
    let gap = room.map_or(GAP, |room| shrink(&mut widths, columns, room));
    let titles: Vec<Cow<'_, str>> = columns.iter().map(|(title, _)| Cow::Borrowed(*title)).collect();
    std::iter::once(&titles).chain(&cleaned).map(|row| line(row, columns, &widths, gap)).collect()
}

/// Lays a text out behind its label, which takes `margin` cells; its further lines are below its first, broken at words.
pub(super) fn labelled(label: &str, margin: usize, text: &str, room: Option<usize>) -> Vec<String> {
    let cells = room.map_or(usize::MAX, |room| room.saturating_sub(margin).max(NARROWEST_TEXT));
    let lines = wrap(text, cells).into_iter().enumerate();
    lines
        .map(|(at, line)| {
            let before = if at == 0 { label } else { "" };
            let blanks = " ".repeat(margin.saturating_sub(printed_width(before)));
            format!("{before}{blanks}{}", line.trim_end()).trim_end().to_owned()
        })
        .collect()
}

/// The cells of a text that may have colours.
fn printed_width(text: &str) -> usize {
    let mut parts = text.split('\u{1b}');
    let plain = parts.next().map_or(0, width);
    plain + parts.map(|part| part.split_once('m').map_or(0, |(_, text)| width(text))).sum::<usize>()
}

/// Makes text columns narrower until the row fits, or all are as narrow as they may be; returns the cells between columns.
fn shrink(widths: &mut [usize], columns: &[(&str, Align)], room: usize) -> usize {
    for (gap, narrowest) in [(GAP, NARROW), (NARROW_GAP, NARROW), (NARROW_GAP, NARROWEST)] {
        if shrink_to(widths, columns, room.saturating_sub(gap * widths.len().saturating_sub(1)), narrowest) {
            return gap;
        }
    }
    NARROW_GAP
}

/// Takes cells from the widest text column until all have this room; returns false if they don't fit.
fn shrink_to(widths: &mut [usize], columns: &[(&str, Align)], room: usize, narrowest: usize) -> bool {
    while widths.iter().sum::<usize>() > room {
        let texts = widths.iter_mut().zip(columns).filter(|(_, (_, align))| *align == Align::Left);
        match texts.map(|(width, _)| width).max() {
            Some(widest) if *widest > narrowest => *widest -= 1,
            _ => return false,
        }
    }
    true
}

fn line(row: &[Cow<'_, str>], columns: &[(&str, Align)], widths: &[usize], gap: usize) -> String {
    let mut line = String::new();
    for (at, ((cell, (_, align)), room)) in row.iter().zip(columns).zip(widths).enumerate() {
        if at > 0 {
            line.extend(std::iter::repeat_n(' ', gap));
        }
        let cell = if *align == Align::Left { fit(cell, *room) } else { Cow::Borrowed(cell.as_ref()) };
        let blanks = std::iter::repeat_n(' ', room.saturating_sub(width(&cell)));
        if *align == Align::Right {
            line.extend(blanks);
            line.push_str(&cell);
        } else {
            line.push_str(&cell);
            line.extend(blanks);
        }
    }
    line.truncate(line.trim_end().len());
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Vec<String>> {
        let rows = [["610947572360", "厂家直销小米有品学生机", "799.00"], ["1", "x", "5"]];
        rows.iter().map(|row| row.iter().map(ToString::to_string).collect()).collect()
    }

    const COLUMNS: [(&str, Align); 3] =
        [("ID", Align::Whole), ("Title", Align::Left), ("Price", Align::Right)];

    #[test]
    fn columns_are_aligned_by_display_width() {
        assert_eq!(
            lines(&COLUMNS, &rows(), None),
            [
                "ID            Title                    Price",
                "610947572360  厂家直销小米有品学生机  799.00",
                "1             x                            5"
            ]
        );
    }

    #[test]
    fn a_terminal_cuts_text_and_never_a_figure() {
        assert_eq!(lines(&COLUMNS, &rows(), Some(36))[1], "610947572360  厂家直销小米…   799.00");
        // Two cells wide, so that a half of one is left empty.
        assert!(lines(&COLUMNS, &rows(), Some(5))[1].contains("610947572360"));
        assert!(lines(&COLUMNS, &rows(), Some(5))[1].ends_with("799.00"));
    }

    #[test]
    fn a_row_that_is_a_little_too_wide_has_narrower_gaps_and_then_shorter_text() {
        let row = lines(&COLUMNS, &rows(), Some(32)).remove(1);
        assert_eq!(row, "610947572360 厂家直销小…  799.00");
        let row = lines(&COLUMNS, &rows(), Some(28)).remove(1);
        assert_eq!(row, "610947572360 厂家直…  799.00");
    }

    #[test]
    fn a_labelled_text_is_broken_at_words_and_by_display_width() {
        let lines = labelled("  Used    ", 10, "已用 3 of 10000 · 9997 left", Some(32));
        assert_eq!(lines, ["  Used    已用 3 of 10000 · 9997", "          left"]);
        let bold = labelled("\u{1b}[1mab\u{1b}[0m", 5, "one", None);
        assert_eq!(bold, ["\u{1b}[1mab\u{1b}[0m   one"]);
        assert_eq!(labelled("x ", 2, "one two", Some(1)), ["x one two"], "never narrower than a few words");
    }

    #[test]
    fn control_characters_never_reach_the_terminal() {
        let rows = vec![vec!["\u{1b}[2Jx".to_owned()]];
        assert!(!lines(&[("T", Align::Left)], &rows, None)[1].contains('\u{1b}'));
    }
}
