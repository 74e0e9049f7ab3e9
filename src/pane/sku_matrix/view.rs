//! Draws the matrix: its headings and totals stay in sight while the cells scroll.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::amounts::Rank;
use super::grid::{Grid, GridCell, GridColumn};
use crate::ui::scroll::Scroll;
use crate::ui::text::{fit, pad_left, pad_right, width};
use crate::ui::theme::{CURSOR, Theme};
use obx_core::i18n::Texts;

/// Cells between two columns.
const GAP: usize = 1;
/// Cells for the mark of a rank, after each amount.
const MARK: usize = 1;
/// Cells for the mark of the cursor's row.
const MARGIN: usize = 2;
/// Fewest cells that the headings of rows get, if they need them.
const MIN_HEADING: usize = 10;
/// A combination without a SKU.
const MISSING: &str = "·";

/// Which part of the grid is in sight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct MatrixWindow {
    pub(super) rows: Scroll,
    /// The column with the cursor.
    pub(super) column: usize,
    /// The first column in sight.
    first: usize,
    /// The number of columns in sight.
    columns: usize,
    /// Cells for the headings of rows.
    heading: usize,
}

impl MatrixWindow {
    /// Moves the window as little as needed to show the cursor in an area of this width with so many rows of cells.
    pub(super) fn follow(&mut self, grid: &Grid, area: Rect, texts: Texts) {
        let room = usize::from(area.width);
        self.rows.clamp(grid.rows.len(), body_height(grid, area));
        self.column = self.column.min(grid.columns.len().saturating_sub(1));
        self.heading = heading_width(grid, texts).min((room / 3).max(MIN_HEADING));
        let left = room.saturating_sub(MARGIN + self.heading + total_width(grid));
        let needed = |column: &GridColumn| GAP + column.width + MARK;
        let fits = |columns: &[GridColumn]| columns.iter().map(needed).sum::<usize>() <= left;
        let in_range = |first: usize, end: usize| grid.columns.get(first..end).unwrap_or_default();
        self.first = self.first.min(self.column);
        while self.first < self.column && !fits(in_range(self.first, self.column + 1)) {
            self.first += 1;
        }
        while self.first > 0 && fits(in_range(self.first - 1, grid.columns.len())) {
            self.first -= 1;
        }
        let mut end = self.first + 1;
        while end < grid.columns.len() && fits(in_range(self.first, end + 1)) {
            end += 1;
        }
        self.columns = end.min(grid.columns.len()).saturating_sub(self.first);
    }

    /// How many columns are out of sight at the left and at the right.
    pub(super) fn hidden_columns(&self, grid: &Grid) -> (usize, usize) {
        (self.first, grid.columns.len().saturating_sub(self.first + self.columns))
    }
}

/// Rows for cells in an area: without headings, totals and the line about the cursor's cell.
pub(super) fn body_height(grid: &Grid, area: Rect) -> usize {
    usize::from(area.height).saturating_sub(2 + grid.total_lines())
}

/// The size at which nothing is out of sight.
pub(super) fn full_size(grid: &Grid, texts: Texts) -> (usize, usize) {
    let columns: usize = grid.columns.iter().map(|column| GAP + column.width + MARK).sum();
    (
        MARGIN + heading_width(grid, texts) + columns + total_width(grid) + 1,
        grid.rows.len() + 2 + grid.total_lines(),
    )
}

fn heading_width(grid: &Grid, texts: Texts) -> usize {
    let widest = grid.rows.iter().map(|row| width(&row.heading)).max().unwrap_or_default();
    let titles = (0..grid.total_lines()).map(|number| width(totals_title(grid, number, texts)));
    widest.max(width(&corner(grid))).max(titles.max().unwrap_or_default())
}

/// Cells for the totals of rows; 0 in a list.
fn total_width(grid: &Grid) -> usize {
    if grid.column_axis.is_none() {
        return 0;
    }
    let widest = grid.rows.iter().map(|row| width(&row.total)).max().unwrap_or_default();
    // The title of these cells is that of the totals below.
    GAP * 2 + widest.max(width(&grid.total)).max(8)
}

fn corner(grid: &Grid) -> String {
    match &grid.column_axis {
        Some(across) => format!("{} \\ {across}", grid.row_axis),
        None => grid.row_axis.clone(),
    }
}

fn totals_title(grid: &Grid, number: usize, texts: Texts) -> &'static str {
    match (grid.total_lines(), number) {
        (1, _) => texts.matrix_total(),
        (_, 0) => texts.matrix_lowest(),
        _ => texts.matrix_highest(),
    }
}

/// Draws headings, cells and totals. The last row of the area is left for the line about the cursor's cell.
pub(super) fn draw(grid: &Grid, window: &MatrixWindow, texts: Texts, area: Rect, buffer: &mut Buffer) {
    let line = |buffer: &mut Buffer, y: u16, line: &Line<'_>| {
        crate::ui::line(buffer, area.x, y, area.width, line);
    };
    line(buffer, area.y, &headings(grid, window, texts));
    let rows = window.rows.top..grid.rows.len().min(window.rows.top + body_height(grid, area));
    let below = area.y + 1 + u16::try_from(rows.len()).unwrap_or_default();
    for (y, row) in (area.y + 1..below).zip(rows) {
        line(buffer, y, &row_line(grid, window, row));
    }
    for (y, number) in (below..).zip(0..grid.total_lines()) {
        line(buffer, y, &totals(grid, window, number, texts));
    }
}

fn headings(grid: &Grid, window: &MatrixWindow, texts: Texts) -> Line<'static> {
    let corner = fit(&corner(grid), window.heading).into_owned();
    let mut spans = vec![
        Span::raw(" ".repeat(MARGIN)),
        Span::styled(pad_right(&corner, window.heading), Theme.heading()),
    ];
    for (at, column) in columns(grid, window) {
        let style = if at == window.column { Theme.strong() } else { Theme.heading() };
        let heading = format!("{} ", pad_left(&column.heading, column.width));
        spans.extend([Span::raw(" ".repeat(GAP)), Span::styled(heading, style)]);
    }
    if grid.column_axis.is_some() {
        let is_sum = grid.total_lines() == 1;
        let title = if is_sum { texts.matrix_total() } else { texts.matrix_span() };
        let title = pad_left(title, total_width(grid));
        spans.push(Span::styled(title, Theme.heading()));
    }
    Line::from(spans)
}

fn row_line(grid: &Grid, window: &MatrixWindow, row: usize) -> Line<'static> {
    let Some(shown) = grid.rows.get(row) else { return Line::default() };
    let here = row == window.rows.at;
    let mark = pad_right(if here { CURSOR } else { "" }, MARGIN);
    let style = if here { Theme.strong() } else { Theme.text() };
    let mut spans = vec![Span::raw(mark), Span::styled(pad_right(&shown.heading, window.heading), style)];
    for (at, column) in columns(grid, window) {
        spans.push(Span::raw(" ".repeat(GAP)));
        let is_cursor = here && at == window.column;
        spans.extend(cell_spans(grid.cell(row, at), column, is_cursor));
    }
    if grid.column_axis.is_some() {
        spans.push(Span::styled(pad_left(&shown.total, total_width(grid)), Theme.dim()));
    }
    Line::from(spans)
}

/// An amount with the mark of its rank, in the width of its column.
fn cell_spans(cell: Option<&GridCell>, column: &GridColumn, is_cursor: bool) -> [Span<'static>; 2] {
    let (text, rank) = match cell {
        Some(cell) => (pad_left(&cell.amount.text, column.width), cell.rank),
        None => (pad_left(MISSING, column.width), None),
    };
    let style = match (cell, rank) {
        _ if is_cursor => Theme.cursor(true),
        (None, _) => Theme.dim(),
        (Some(cell), _) if cell.amount.value.is_none() => Theme.dim(),
        (_, Some(Rank::Lowest | Rank::Highest)) => Theme.strong(),
        _ => Theme.text(),
    };
    let mark = rank.map_or(" ", Rank::mark);
    let mark_style = if is_cursor { style } else { mark_style(rank) };
    [Span::styled(text, style), Span::styled(mark, mark_style)]
}

fn mark_style(rank: Option<Rank>) -> Style {
    match rank {
        Some(Rank::Lowest | Rank::Highest) => Theme.strong(),
        Some(Rank::Between(_)) | None => Theme.name(),
    }
}

fn totals(grid: &Grid, window: &MatrixWindow, number: usize, texts: Texts) -> Line<'static> {
    let title = pad_right(totals_title(grid, number, texts), window.heading);
    let mut spans = vec![Span::raw(" ".repeat(MARGIN)), Span::styled(title, Theme.heading())];
    for (_, column) in columns(grid, window) {
        let total = column
            .totals
            .get(number)
            .map(|total| format!("{}{}", pad_left(&total.text, column.width), total.mark));
        spans.extend([Span::raw(" ".repeat(GAP)), Span::styled(total.unwrap_or_default(), Theme.dim())]);
    }
    if grid.column_axis.is_some() && number == 0 {
        spans.push(Span::styled(pad_left(&grid.total, total_width(grid)), Theme.strong()));
    }
    Line::from(spans)
}

fn columns<'a>(
    grid: &'a Grid,
    window: &MatrixWindow,
) -> impl Iterator<Item = (usize, &'a GridColumn)> + use<'a> {
    grid.columns.iter().enumerate().skip(window.first).take(window.columns)
}
