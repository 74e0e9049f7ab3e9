//! Tables for people: columns by display width, on a terminal no wider than it is.

use std::borrow::Cow;

use crate::ui::text::{clean, fit, width};

/// Cells between two columns.
const GAP: usize = 2;
/// A text column is not made narrower than this.
const NARROWEST: usize = 12;

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
    if let Some(room) = room {
        shrink(&mut widths, columns, room);
    }
    let titles: Vec<Cow<'_, str>> = columns.iter().map(|(title, _)| Cow::Borrowed(*title)).collect();
    std::iter::once(&titles).chain(&cleaned).map(|row| line(row, columns, &widths)).collect()
}

/// Takes cells from the widest text column until the row fits, or all are as narrow as they may be.
fn shrink(widths: &mut [usize], columns: &[(&str, Align)], room: usize) {
    let total = |widths: &[usize]| widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
    while total(widths) > room {
        let texts = widths.iter_mut().zip(columns).filter(|(_, (_, align))| *align == Align::Left);
        let Some(widest) = texts.map(|(width, _)| width).max() else { return };
        if *widest <= NARROWEST {
            return;
        }
        *widest -= 1;
    }
}

fn line(row: &[Cow<'_, str>], columns: &[(&str, Align)], widths: &[usize]) -> String {
    let mut line = String::new();
    for (at, ((cell, (_, align)), room)) in row.iter().zip(columns).zip(widths).enumerate() {
        if at > 0 {
            line.extend(std::iter::repeat_n(' ', GAP));
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
    fn control_characters_never_reach_the_terminal() {
        let rows = vec![vec!["\u{1b}[2Jx".to_owned()]];
        assert!(!lines(&[("T", Align::Left)], &rows, None)[1].contains('\u{1b}'));
    }
}
