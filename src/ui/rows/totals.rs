//! What the rows that are shown come to: sum, range and median of each column of numbers.

use onebound::{Decimal, Price};

use super::{BETWEEN_CHECKS, TableRows};
use crate::ui::text::width;

/// Of the columns that a table has totals of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    columns: Vec<ColumnTotals>,
}

/// Of one column. Of a range, the lower end counts, and for the maximum the upper one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnTotals {
    /// Its number in the table.
    pub column: usize,
    /// `None` if no cell has a number.
    pub amounts: Option<AmountTotals>,
    /// How many cells have none.
    pub left_out: usize,
    /// Of the widest cell, in cells of the screen.
    pub widest: usize,
}

/// Of the numbers in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AmountTotals {
    /// `None` beyond what can be counted.
    pub sum: Option<Decimal>,
    pub min: Decimal,
    /// Of an even number of amounts, halfway between the two in the middle.
    pub median: Decimal,
    pub max: Decimal,
}

impl Totals {
    /// Those of these rows; `None` if it was cancelled.
    pub fn new(table: &impl TableRows, rows: &[u32], is_cancelled: &dyn Fn() -> bool) -> Option<Self> {
        let columns = table.columns_with_totals();
        let mut cells = vec![ColumnCells::default(); columns.len()];
        // All columns at once, since to find a row takes longer than to read a cell of it.
        for chunk in rows.chunks(BETWEEN_CHECKS) {
            if is_cancelled() {
                return None;
            }
            table.each_cell(chunk, &columns, |place, text, amount| {
                if let Some(cells) = cells.get_mut(place) {
                    cells.add(text, amount);
                }
            });
        }
        let columns = columns.into_iter().zip(cells);
        Some(Self { columns: columns.map(|(column, cells)| cells.totals(column, rows.len())).collect() })
    }

    /// Of the column of this number.
    pub fn of_column(&self, column: usize) -> Option<&ColumnTotals> {
        self.columns.iter().find(|totals| totals.column == column)
    }

    /// All of them.
    pub fn columns(&self) -> impl Iterator<Item = &ColumnTotals> {
        self.columns.iter()
    }
}

/// What was read of a column's cells.
#[derive(Clone, Debug, Default)]
struct ColumnCells {
    /// The lower ends.
    amounts: Vec<Decimal>,
    max: Option<Decimal>,
    widest: usize,
}

impl ColumnCells {
    fn add(&mut self, text: &str, amount: Option<Price>) {
        self.widest = width(text).max(self.widest);
        let Some(amount) = amount else { return };
        self.amounts.push(amount.low());
        if self.max.is_none_or(|max| amount.high().compare(max).is_gt()) {
            self.max = Some(amount.high());
        }
    }

    fn totals(self, column: usize, rows: usize) -> ColumnTotals {
        let left_out = rows - self.amounts.len();
        let amounts = self.max.and_then(|max| AmountTotals::new(self.amounts, max));
        ColumnTotals { column, amounts, left_out, widest: self.widest }
    }
}

impl AmountTotals {
    fn new(mut amounts: Vec<Decimal>, max: Decimal) -> Option<Self> {
        let sum = amounts
            .split_first()
            .and_then(|(first, rest)| rest.iter().try_fold(*first, |sum, one| sum.plus(*one)));
        amounts.sort_by(|a, b| a.compare(*b));
        let (min, upper) = (*amounts.first()?, *amounts.get(amounts.len() / 2)?);
        let lower = amounts.get(amounts.len().saturating_sub(1) / 2).copied().unwrap_or(upper);
        let median = if lower.compare(upper).is_eq() { lower } else { lower.plus(upper)?.half()? };
        Some(Self { sum, min, median, max })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ui::rows::SortKey;

    /// A table with one column of these texts.
    struct Texts(Vec<&'static str>);

    impl TableRows for Texts {
        const HAS_TOTALS: bool = true;

        fn count(&self) -> usize {
            self.0.len()
        }

        fn text(&self, row: usize) -> String {
            self.cell(row, 0)
        }

        fn cell(&self, row: usize, _column: usize) -> String {
            self.0[row].to_owned()
        }

        fn sort_key(&self, _row: usize, _column: usize) -> SortKey {
            SortKey::Nothing
        }

        fn columns_with_totals(&self) -> Vec<usize> {
            vec![0]
        }
    }

    fn totals(texts: &[&'static str]) -> ColumnTotals {
        let rows: Vec<u32> = (0..u32::try_from(texts.len()).unwrap()).collect();
        let totals = Totals::new(&Texts(texts.to_vec()), &rows, &|| false).unwrap();
        totals.of_column(0).unwrap().clone()
    }

    fn written(totals: &ColumnTotals) -> [String; 4] {
        let AmountTotals { sum, min, median, max } = totals.amounts.unwrap();
        [sum.unwrap(), min, median, max].map(|amount| amount.to_string())
    }

    #[test]
    fn sums_and_medians_are_exact() {
        assert_eq!(written(&totals(&["0.1", "0.2", "15.85"])), ["16.15", "0.1", "0.2", "15.85"]);
        assert_eq!(written(&totals(&["2", "1", "4", "8"])), ["15", "1", "3", "8"]);
        assert_eq!(written(&totals(&["15.80", "14.50"])), ["30.30", "14.50", "15.15", "15.80"]);
        assert_eq!(written(&totals(&["1", "2"])), ["3", "1", "1.5", "2"]);
        assert_eq!(written(&totals(&["13.00-15.00", "14.00"])), ["27.00", "13.00", "13.50", "15.00"]);
    }

    #[test]
    fn what_is_no_number_is_left_out_and_counted() {
        let some = totals(&["面议", "￥8", "", "9"]);
        assert_eq!(
            (written(&some), some.left_out, some.widest),
            (["17", "8", "8.5", "9"].map(str::to_owned), 2, 4)
        );
        let none = totals(&["面议"]);
        assert_eq!((none.amounts, none.left_out), (None, 1));
        assert_eq!((totals(&[]).amounts, totals(&[]).left_out), (None, 0));
    }

    #[test]
    fn what_is_cancelled_has_no_totals() {
        assert_eq!(Totals::new(&Texts(vec!["1"]), &[0], &|| true), None);
    }

    proptest! {
        #[test]
        fn the_median_has_as_many_amounts_below_as_above(values in prop::collection::vec(0_u32..50, 1..30)) {
            let amounts: Vec<Decimal> = values.iter().map(|value| value.to_string().parse().unwrap()).collect();
            let max = amounts.iter().copied().reduce(|a, b| if b.compare(a).is_gt() { b } else { a }).unwrap();
            let totals = AmountTotals::new(amounts.clone(), max).unwrap();
            let below = amounts.iter().filter(|amount| amount.compare(totals.median).is_lt()).count();
            let above = amounts.iter().filter(|amount| amount.compare(totals.median).is_gt()).count();
            prop_assert!(below * 2 <= amounts.len() && above * 2 <= amounts.len());
            prop_assert_eq!(totals.sum.unwrap().to_string(), values.iter().sum::<u32>().to_string());
        }
    }
}
