//! Which rows of a table are in sight, and in what order: all of them, those that a filter lets through,
//! sorted by a column or as they came.

#[cfg(test)]
mod tests;
mod totals;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::{Arc, OnceLock};

pub use totals::{AmountTotals, ColumnTotals, Totals};

use super::filter::{Filter, FilterRow, amount, fold};
use super::theme::{ASCENDING, DESCENDING};
use onebound::{Field, Price};

/// By which column, and whether from the last to the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// Its number.
    pub column: usize,
    /// From the greatest to the least.
    pub reversed: bool,
}

impl Sort {
    /// The mark behind the header.
    pub fn mark(self) -> &'static str {
        if self.reversed { DESCENDING } else { ASCENDING }
    }
}

/// What a cell is sorted by. Numbers come before texts, and what is not there comes last.
#[derive(Clone, Debug, PartialEq)]
pub enum SortKey {
    /// A number, be it written as a number or as a text.
    Number(f64),
    /// A text.
    Text(String),
    /// Absent, null or empty.
    Nothing,
}

/// What a table's filter and sorting read of its rows.
pub trait TableRows: Send + Sync {
    /// Whether the shown rows have totals, even without a filter.
    const HAS_TOTALS: bool = false;

    /// How many there are.
    fn count(&self) -> usize;

    /// All of a row's text, a cell a line.
    fn text(&self, row: usize) -> String;

    /// The text of a cell, for a filter on its column.
    fn cell(&self, row: usize, column: usize) -> String;

    /// The number in a cell, in the unit of its column.
    fn amount(&self, row: usize, column: usize) -> Option<Price> {
        amount(&self.cell(row, column))
    }

    /// What a row is sorted by.
    fn sort_key(&self, row: usize, column: usize) -> SortKey;

    /// Calls `each` for every cell of these rows in these columns, row by row: with the place in `columns`, the text, and
    /// the number in it if the column has numbers.
    fn each_cell(&self, rows: &[u32], columns: &[usize], mut each: impl FnMut(usize, &str, Option<Price>)) {
        for row in rows.iter().map(|row| *row as usize) {
            for (place, column) in columns.iter().enumerate() {
                each(place, &self.cell(row, *column), self.amount(row, *column));
            }
        }
    }

    /// The columns of numbers that have totals.
    fn columns_with_totals(&self) -> Vec<usize> {
        Vec::new()
    }
}

/// So many rows are gone through between two questions whether it was all cancelled: a fraction of a millisecond.
const BETWEEN_CHECKS: usize = 256;

/// The rows that a filter lets through, in the order that is wanted; `None` if it was cancelled. Their texts are read
/// where they were not read before.
pub fn arrange(
    table: &impl TableRows,
    texts: &OnceLock<RowTexts>,
    filter: &Filter,
    sort: Option<Sort>,
    is_cancelled: &dyn Fn() -> bool,
) -> Option<Vec<u32>> {
    let mut order: Vec<u32> = (0..number(table.count())).collect();
    if !filter.is_empty() {
        if texts.get().is_none() {
            // Where another job was faster, both have read the same.
            let _ = texts.set(RowTexts::read(table, is_cancelled)?);
        }
        order = matching(table, texts.get()?, filter, &order, is_cancelled)?;
    }
    let Some(Sort { column, reversed }) = sort else { return Some(order) };
    let mut keys = Vec::with_capacity(order.len());
    for rows in order.chunks(BETWEEN_CHECKS) {
        if is_cancelled() {
            return None;
        }
        keys.extend(rows.iter().map(|row| (table.sort_key(*row as usize, column), *row)));
    }
    keys.sort_by(|a, b| a.0.order(&b.0, reversed));
    Some(keys.into_iter().map(|(_, row)| row).collect())
}

/// Whether a filter lets this row of a table through.
pub fn is_match(table: &impl TableRows, number: usize, filter: &Filter) -> bool {
    filter.matches(&TableRow { table, number, text: &fold(&table.text(number)) })
}

/// Those of these rows that a filter lets through.
fn matching(
    table: &impl TableRows,
    texts: &RowTexts,
    filter: &Filter,
    rows: &[u32],
    is_cancelled: &dyn Fn() -> bool,
) -> Option<Vec<u32>> {
    let mut matching = Vec::new();
    for rows in rows.chunks(BETWEEN_CHECKS) {
        if is_cancelled() {
            return None;
        }
        let row = |number: u32| TableRow { table, number: number as usize, text: texts.get(number as usize) };
        matching.extend(rows.iter().copied().filter(|number| filter.matches(&row(*number))));
    }
    Some(matching)
}

/// A row of a table, for a filter.
struct TableRow<'a, T> {
    table: &'a T,
    number: usize,
    /// All of its text, folded.
    text: &'a str,
}

impl<T: TableRows> FilterRow for TableRow<'_, T> {
    fn contains(&self, folded: &str) -> bool {
        self.text.contains(folded)
    }

    fn text(&self, column: usize) -> Cow<'_, str> {
        self.table.cell(self.number, column).into()
    }

    fn amount(&self, column: usize) -> Option<Price> {
        self.table.amount(self.number, column)
    }
}

/// The folded texts of a table's rows; in one piece, so that 200,000 of them are let go at once.
#[derive(Debug)]
pub struct RowTexts {
    all: String,
    ends: Vec<usize>,
}

impl RowTexts {
    fn read(table: &impl TableRows, is_cancelled: &dyn Fn() -> bool) -> Option<Self> {
        let (mut all, mut ends) = (String::new(), Vec::with_capacity(table.count()));
        for row in 0..table.count() {
            if row.is_multiple_of(BETWEEN_CHECKS) && is_cancelled() {
                return None;
            }
            all.push_str(&fold(&table.text(row)));
            ends.push(all.len());
        }
        Some(Self { all, ends })
    }

    fn get(&self, row: usize) -> &str {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let end = self.ends.get(row).copied().unwrap_or_default();
        self.all.get(start..end).unwrap_or_default()
    }
}

/// The rows in sight, by their numbers in the whole.
#[derive(Debug, Default)]
pub struct Rows(Arc<Vec<u32>>);

impl SortKey {
    /// The key of a cell's text.
    pub fn from_text(text: &str) -> Self {
        let text = text.trim();
        match text.parse() {
            Ok(number) if f64::is_finite(number) => Self::Number(number),
            _ if text.is_empty() => Self::Nothing,
            _ => Self::Text(text.to_lowercase()),
        }
    }

    /// The key of a price or a count: `1,299.00` is a number, and a range goes by its lower end.
    pub fn from_amount(field: &Field<'_>) -> Self {
        match Self::from_text(field.text().unwrap_or_default()) {
            // Nearly all are plain numbers, which are read sooner.
            Self::Text(text) => {
                field.price().map_or(Self::Text(text), |price| Self::Number(price.low().to_f64()))
            }
            plain => plain,
        }
    }

    /// Where a row with this key goes before or after one with the other.
    pub fn order(&self, other: &Self, reversed: bool) -> Ordering {
        let order = match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            // What is not there stays last, whichever way the rest goes.
            (a, b) => return a.rank().cmp(&b.rank()),
        };
        if reversed { order.reverse() } else { order }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Text(_) => 1,
            Self::Nothing => 2,
        }
    }
}

impl Rows {
    /// So many rows as they came.
    pub fn all(total: usize) -> Self {
        Self(Arc::new((0..number(total)).collect()))
    }

    /// These rows in this order.
    pub fn in_order(order: Arc<Vec<u32>>) -> Self {
        Self(order)
    }

    /// Their numbers in the whole.
    pub fn into_order(self) -> Arc<Vec<u32>> {
        self.0
    }

    /// How many are in sight.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The number in the whole of the row at this place.
    pub fn at(&self, place: usize) -> Option<usize> {
        self.0.get(place).map(|&row| row as usize)
    }

    /// The place of the row with this number.
    pub fn place_of(&self, row: usize) -> Option<usize> {
        self.0.iter().position(|&number| number as usize == row)
    }
}

fn number(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}
