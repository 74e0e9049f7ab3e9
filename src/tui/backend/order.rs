//! The order in which cells are written: rows from top to bottom, or columns of cells from left to right.
//!
//! When a table scrolls, the same few cells change in each of its rows. Column by column, the way from one to the next is a
//! line feed and a step back, and a column's style is written once.

use ratatui::buffer::Cell;

use crate::ui::text::sure_width;
use crate::ui::theme::CellStyle;

/// A cell and its place.
pub(super) type Placed<'a> = (u16, u16, &'a Cell);

/// Fewer rows gain nothing.
const MIN_ROWS: usize = 3;

/// How far to the left or right the next row's cells may begin.
const REACH: u16 = 8;

/// Cells in the order of columns; `None` if there are none. `cells` are in the order of rows.
pub(super) fn by_columns<'a>(
    cells: &[Placed<'a>],
    style: impl Fn(&Cell) -> CellStyle,
) -> Option<Vec<Placed<'a>>> {
    let mut runs = Runs::new(cells, style);
    let mut ordered = Vec::with_capacity(cells.len());
    let mut has_columns = false;
    for first in 0..runs.0.len() {
        let column = runs.column(first);
        let rows = if column.len() < MIN_ROWS { column.get(..1) } else { Some(column.as_slice()) };
        has_columns |= column.len() >= MIN_ROWS;
        for at in rows.into_iter().flatten() {
            let Some(run) = runs.0.get_mut(*at) else { continue };
            run.is_written = true;
            ordered.extend_from_slice(run.cells);
        }
    }
    has_columns.then_some(ordered)
}

/// Cells of one style side by side.
struct Run<'a, 'b> {
    x: u16,
    y: u16,
    cells: &'b [Placed<'a>],
    style: CellStyle,
    /// Whether it may be written before what is left of it in its row. A symbol may cover more cells than its own on some
    /// terminals, and these are written after it.
    is_free: bool,
    is_written: bool,
}

/// By rows, and in a row from left to right.
struct Runs<'a, 'b>(Vec<Run<'a, 'b>>);

impl<'a, 'b> Runs<'a, 'b> {
    fn new(cells: &'b [Placed<'a>], style: impl Fn(&Cell) -> CellStyle) -> Self {
        let mut runs = Vec::new();
        for row in cells.chunk_by(|(_, above, _), (_, below, _)| above == below) {
            let widths = row.iter().map(|(_, _, cell)| sure_width(cell.symbol()));
            let is_free = widths.clone().all(|width| width.is_some());
            let ends: Vec<u16> =
                row.iter().zip(widths).map(|((x, ..), width)| x + width.unwrap_or(1)).collect();
            let mut rest = row;
            while let Some((x, y, first)) = rest.first() {
                let style_of_run = style(first);
                let ends = ends.get(row.len() - rest.len()..).unwrap_or_default();
                let following = rest.iter().skip(1).zip(ends);
                let is_in =
                    |((x, _, cell), end): &(&Placed<'a>, &u16)| x == *end && style(cell) == style_of_run;
                let (cells, after) = rest.split_at(1 + following.take_while(is_in).count());
                runs.push(Run { x: *x, y: *y, cells, style: style_of_run, is_free, is_written: false });
                rest = after;
            }
        }
        Self(runs)
    }

    /// The runs below each other that begin with this one and are not written yet.
    fn column(&self, first: usize) -> Vec<usize> {
        let is_left = |at: &usize| self.0.get(*at).is_some_and(|run| !run.is_written);
        std::iter::successors(Some(first).filter(is_left), |at| self.below(*at)).collect()
    }

    fn below(&self, above: usize) -> Option<usize> {
        let above = self.0.get(above)?;
        let from = self.0.partition_point(|run| (run.y, run.x + REACH) < (above.y + 1, above.x));
        let near = self
            .0
            .get(from..)?
            .iter()
            .enumerate()
            .take_while(|(_, run)| (run.y, run.x) <= (above.y + 1, above.x + REACH));
        near.filter(|(_, run)| run.is_free && !run.is_written && run.style == above.style)
            .min_by_key(|(_, run)| run.x.abs_diff(above.x))
            .map(|(at, _)| from + at)
    }
}

#[cfg(test)]
mod tests {
    use super::super::style::PLAIN;
    use super::*;

    fn order(rows: &[&[(u16, &str)]]) -> Option<Vec<String>> {
        let named = |(y, row): (u16, &&[(u16, &str)])| {
            row.iter().map(move |(x, symbol)| (*x, y, (*symbol).to_owned())).collect::<Vec<_>>()
        };
        let cells: Vec<(u16, u16, Cell)> = (0..)
            .zip(rows)
            .flat_map(named)
            .map(|(x, y, symbol)| {
                let mut cell = Cell::default();
                cell.set_symbol(&symbol);
                (x, y, cell)
            })
            .collect();
        let placed: Vec<Placed> = cells.iter().map(|(x, y, cell)| (*x, *y, cell)).collect();
        let ordered = by_columns(&placed, |_| PLAIN)?;
        Some(ordered.iter().map(|(_, y, cell)| format!("{y}{}", cell.symbol())).collect())
    }

    #[test]
    fn columns_need_not_begin_at_the_same_cell_in_each_row() {
        let rows: [&[(u16, &str)]; 3] =
            [&[(4, "a"), (20, "x")], &[(3, "b"), (20, "y")], &[(5, "c"), (20, "z")]];
        assert_eq!(order(&rows).unwrap(), ["0a", "1b", "2c", "0x", "1y", "2z"]);
    }

    #[test]
    fn two_rows_are_no_column() {
        assert_eq!(order(&[&[(4, "a"), (20, "x")], &[(4, "b"), (20, "y")]]), None);
    }

    #[test]
    fn nothing_is_written_before_a_symbol_that_may_cover_it() {
        let rows: [&[(u16, &str)]; 5] =
            [&[(20, "x")], &[(20, "y")], &[(20, "z")], &[(3, "🙂"), (20, "!")], &[(20, "z")]];
        assert_eq!(order(&rows).unwrap(), ["0x", "1y", "2z", "3🙂", "3!", "4z"]);
    }
}
