//! A table that builds only its visible rows, with columns by display width and the first one fixed.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::rows::Sort;
use super::scroll::Scroll;
use super::text::{fit, pad_left, pad_right, width};
use super::theme::{ASCENDING, CURSOR, DESCENDING, Theme};

/// Cells before the first column, for the cursor's mark and a blank.
const MARGIN: usize = 2;
/// A column at the right edge is cut only if this many cells of it remain, since fewer are of no use.
const MIN_CUT: usize = 6;

/// The alignment of a column's cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its header.
    pub title: String,
    /// The alignment of title and cells.
    pub align: Align,
    /// In cells.
    pub width: usize,
}

/// A cell's text and style.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Without control sequences: it has passed [`super::text::clean`].
    pub text: String,
    /// Added to the row's style.
    pub style: Style,
}

impl Cell {
    /// A cell with this text and style.
    pub fn new(text: impl Into<String>, style: Style) -> Self {
        Self { text: text.into(), style }
    }
}

/// A table to be drawn.
#[derive(Debug)]
pub struct Table<'a> {
    /// All columns, in order.
    pub columns: &'a [Column],
    /// How many columns after the fixed one are scrolled out at the left.
    pub first: usize,
    /// The cursor and the visible window.
    pub scroll: Scroll,
    /// Whether the pane has the focus.
    pub focused: bool,
    /// Cells between two columns.
    pub gap: usize,
    /// The column that the rows are sorted by.
    pub sort: Option<Sort>,
}

impl Table<'_> {
    /// Draws titles and visible rows; `row(i)` builds the cells of row `i`.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect, rows: usize, row: impl Fn(usize) -> Vec<Cell>) {
        self.draw_marked(buffer, area, rows, row, |_| " ");
    }

    /// Draws like [`Table::draw`], with a mark of one cell in each row, after the cursor's.
    pub fn draw_marked(
        &self,
        buffer: &mut Buffer,
        area: Rect,
        rows: usize,
        row: impl Fn(usize) -> Vec<Cell>,
        mark_of: impl Fn(usize) -> &'static str,
    ) {
        let theme = Theme;
        let sorted = self.sort.map(|sort| (sort.column, if sort.reversed { DESCENDING } else { ASCENDING }));
        let title = |(at, column): (usize, &Column)| {
            let here = sorted.is_some_and(|(sorted, _)| sorted == at);
            Cell::new(column.title.clone(), if here { theme.strong() } else { theme.heading() })
        };
        let titles: Vec<Cell> = self.columns.iter().enumerate().map(title).collect();
        super::line(buffer, area.x, area.y, area.width, &self.row_line("  ", &titles, area.width, sorted));
        let window = self.scroll.top..rows.min(self.scroll.top + usize::from(area.height.saturating_sub(1)));
        for (y, at) in (area.y + 1..area.bottom()).zip(window) {
            let here = at == self.scroll.at;
            let marks = format!("{}{}", if here { CURSOR } else { " " }, mark_of(at));
            super::line(buffer, area.x, y, area.width, &self.row_line(&marks, &row(at), area.width, None));
            if here {
                super::row_style(buffer, area, y, theme.cursor(self.focused));
            }
        }
    }

    /// `after` is a column's number and the mark in the gap after it.
    fn row_line(
        &self,
        marks: &str,
        cells: &[Cell],
        room: u16,
        after: Option<(usize, &'static str)>,
    ) -> Line<'static> {
        let mut left = usize::from(room).saturating_sub(MARGIN);
        let mut spans = vec![Span::raw(marks.to_owned())];
        for (at, column, cell) in self.in_sight(cells) {
            if left < column.width.min(MIN_CUT) {
                break;
            }
            let cells = column.width.min(left);
            let text = match column.align {
                Align::Left => pad_right(&cell.text, cells),
                Align::Right if width(&cell.text) > cells => fit(&cell.text, cells).into_owned(),
                Align::Right => pad_left(&cell.text, cells),
            };
            spans.push(Span::styled(text, cell.style));
            left = left.saturating_sub(cells + self.gap);
            let mark = after.filter(|(marked, _)| *marked == at).map(|(_, mark)| mark).unwrap_or_default();
            spans.push(Span::raw(pad_right(mark, self.gap)));
        }
        Line::from(spans)
    }

    fn in_sight<'c>(&'c self, cells: &'c [Cell]) -> impl Iterator<Item = (usize, &'c Column, &'c Cell)> {
        let hidden = 1..=self.first;
        let all = self.columns.iter().zip(cells).enumerate();
        all.filter(move |(at, _)| !hidden.contains(at)).map(|(at, (column, cell))| (at, column, cell))
    }
}

/// How many columns can be scrolled out, until the last one is fully visible beside the fixed one.
pub fn last_first(columns: &[Column], room: u16, gap: usize) -> usize {
    let Some((fixed, others)) = columns.split_first() else { return 0 };
    let mut left = usize::from(room).saturating_sub(MARGIN + fixed.width);
    let fitting = others.iter().rev().take_while(|column| {
        let need = column.width + gap;
        let fits = need <= left;
        left = left.saturating_sub(need);
        fits
    });
    others.len().saturating_sub(fitting.count().max(1))
}

/// How many columns are hidden or cut at the right.
pub fn hidden_at_right(columns: &[Column], first: usize, room: u16, gap: usize) -> usize {
    let mut left = usize::from(room).saturating_sub(MARGIN);
    let in_sight =
        columns.iter().enumerate().filter(|(at, _)| *at == 0 || *at > first).map(|(_, column)| column);
    let mut cut = 0;
    for column in in_sight {
        if column.width > left {
            cut += 1;
        }
        left = left.saturating_sub(column.width + gap);
    }
    cut
}
