//! A table that builds only its visible rows, with columns by display width and the first one fixed.

mod column_cursor;
mod widths;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

pub use column_cursor::{ColumnCursor, ColumnsInRoom};
pub use widths::{TextWidth, allot};

use super::lean::is_lean;
use super::rows::Sort;
use super::scroll::Scroll;
use super::text::{fit, pad_left, pad_right, width};
use super::theme::{CURSOR, Theme};

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
    /// The column under the cursor, and the columns that are scrolled out.
    pub cursor: ColumnCursor,
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
        let sorted = self.sort.map(|sort| (sort.column, sort.mark()));
        let title = |(at, column): (usize, &Column)| {
            let is_sorted = sorted.is_some_and(|(sorted, _)| sorted == at);
            let style = if is_sorted { theme.strong() } else { theme.heading() };
            let is_under_cursor = self.focused && self.cursor.at == at;
            Cell::new(column.title.clone(), if is_under_cursor { theme.selected() } else { style })
        };
        let titles: Vec<Cell> = self.columns.iter().enumerate().map(title).collect();
        super::line(buffer, area.x, area.y, area.width, &self.row_line("  ", &titles, area.width, sorted));
        let window = self.scroll.top..rows.min(self.scroll.top + usize::from(area.height.saturating_sub(1)));
        for (y, at) in (area.y + 1..area.bottom()).zip(window) {
            let here = at == self.scroll.at;
            let marks = format!("{}{}", if here { CURSOR } else { " " }, mark_of(at));
            super::line(buffer, area.x, y, area.width, &self.row_line(&marks, &row(at), area.width, None));
            if here {
                super::row_style(buffer, self.cursor_area(area), y, theme.cursor(self.focused));
            }
        }
    }

    /// Where the row under the cursor is reversed: all of it, or in lean mode only as far as the fixed column goes.
    fn cursor_area(&self, area: Rect) -> Rect {
        let fixed = self.columns.first().map_or(MARGIN, |column| MARGIN + column.width);
        let width = u16::try_from(fixed).unwrap_or(area.width).min(area.width);
        if is_lean() { Rect { width, ..area } } else { area }
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
            // A part of a number would be read as another number.
            let least = if column.align == Align::Right { column.width } else { column.width.min(MIN_CUT) };
            if left < least {
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
        let all = self.columns.iter().zip(cells).enumerate();
        all.filter(|(at, _)| !self.cursor.hides(*at)).map(|(at, (column, cell))| (at, column, cell))
    }
}
