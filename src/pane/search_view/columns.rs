//! The widths of the columns: IDs, prices and sales are never cut, and titles get what is left.

use super::lines::stored_mark;
use super::rows::{ResultColumn, ResultRows};
use crate::ui::rows::TableRows;
use crate::ui::table::{Align, Column};
use crate::ui::text::width;
use obx_core::i18n::Texts;

/// Cells between two columns.
pub(super) const GAP: usize = 2;
/// Cells before the first column, for the cursor and the mark.
const MARGIN: usize = 2;
/// The most cells of a price or of sales, whose width the vendor does not bound.
const MAX_AMOUNT: usize = 16;
/// A title has at least so many cells.
const MIN_TITLE: usize = 12;
/// A seller has at least so many cells where it is cut.
const MIN_SELLER: usize = 8;

/// The columns of these rows in so many cells, and behind them the one that says what is in the store.
pub(super) fn columns(rows: &ResultRows, has_stored: bool, room: u16, texts: Texts) -> Vec<Column> {
    let widest = |at: usize, column: ResultColumn| {
        let cells = rows.iter().filter_map(|row| row.cells.get(at)).map(|cell| width(&cell.text));
        cells.max().unwrap_or_default().max(width(column.title(texts)))
    };
    let mut widths: Vec<(ResultColumn, usize)> =
        ResultColumn::ALL.into_iter().enumerate().map(|(at, column)| (column, widest(at, column))).collect();
    let stored = if has_stored { width(stored_mark(texts)) + GAP } else { 0 };
    let mut left = usize::from(room).saturating_sub(MARGIN + GAP * (ResultColumn::ALL.len() - 1) + stored);
    for (column, width) in &mut widths {
        if matches!(column, ResultColumn::Price | ResultColumn::Sales) {
            *width = (*width).min(MAX_AMOUNT);
        }
        if !matches!(column, ResultColumn::Title | ResultColumn::Seller) {
            left = left.saturating_sub(*width);
        }
    }
    for (column, width) in widths.iter_mut().rev() {
        match column {
            // A title of more cells says more than a seller.
            ResultColumn::Seller => *width = (*width).min((left / 4).max(MIN_SELLER)),
            ResultColumn::Title => *width = (*width).min(left.max(MIN_TITLE)),
            ResultColumn::Id | ResultColumn::Price | ResultColumn::Sales => continue,
        }
        left = left.saturating_sub(*width);
    }
    let align = |column: ResultColumn| match column {
        ResultColumn::Price | ResultColumn::Sales => Align::Right,
        ResultColumn::Id | ResultColumn::Title | ResultColumn::Seller => Align::Left,
    };
    let titled = |(column, width): (ResultColumn, usize)| Column {
        title: column.title(texts).to_owned(),
        align: align(column),
        width,
    };
    let mut columns: Vec<Column> = widths.into_iter().map(titled).collect();
    if has_stored && rows.count() > 0 {
        let width = width(stored_mark(texts));
        columns.push(Column { title: String::new(), align: Align::Left, width });
    }
    columns
}
