//! What filter and sorting read of an answer's SKUs, on whatever thread they run.

use std::sync::Arc;

use super::columns::{NumberedSku, SkuColumn};
use crate::ui::rows::{SortKey, TableRows};
use onebound::{Exchange, Item, Price};

/// The SKUs of an answer, in the columns that there were.
pub(super) struct SkuRows {
    pub(super) exchange: Arc<Exchange>,
    pub(super) columns: Arc<[SkuColumn]>,
}

impl SkuRows {
    fn sku(&self, row: usize) -> Option<NumberedSku<'_>> {
        NumberedSku::new(self.exchange.item()?, row)
    }
}

impl TableRows for SkuRows {
    const HAS_TOTALS: bool = true;

    fn count(&self) -> usize {
        self.exchange.item().map_or(0, Item::sku_count)
    }

    fn text(&self, row: usize) -> String {
        let Some(shown) = self.sku(row) else { return String::new() };
        let mut text = String::new();
        shown.item.each_property(shown.sku, |property| {
            text.push_str(property.value);
            text.push('\n');
        });
        for column in self.columns.iter().filter(|column| !matches!(column, SkuColumn::Axis(_))) {
            text.push_str(&column.text(shown));
            text.push('\n');
        }
        text
    }

    fn cell(&self, row: usize, column: usize) -> String {
        let cell = |shown| Some(self.columns.get(column)?.text(shown));
        self.sku(row).and_then(cell).unwrap_or_default()
    }

    fn amount(&self, row: usize, column: usize) -> Option<Price> {
        self.columns.get(column)?.amount(self.sku(row)?)
    }

    fn each_cell(&self, rows: &[u32], columns: &[usize], mut each: impl FnMut(usize, &str, Option<Price>)) {
        let Some(item) = self.exchange.item() else { return };
        let columns: Vec<(usize, &SkuColumn)> = columns
            .iter()
            .enumerate()
            .filter_map(|(place, column)| Some((place, self.columns.get(*column)?)))
            .collect();
        for shown in rows.iter().filter_map(|row| NumberedSku::new(item, *row as usize)) {
            for (place, column) in &columns {
                column.read_cell(shown, |text, amount| each(*place, text, amount));
            }
        }
    }

    fn columns_with_totals(&self) -> Vec<usize> {
        let is_whole = |(_, column): &(usize, &SkuColumn)| column.is_whole();
        self.columns.iter().enumerate().filter(is_whole).map(|(place, _)| place).collect()
    }

    fn sort_key(&self, row: usize, column: usize) -> SortKey {
        let key = |shown| Some(self.columns.get(column)?.sort_key(shown));
        self.sku(row).and_then(key).unwrap_or(SortKey::Nothing)
    }
}
