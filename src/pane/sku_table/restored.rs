//! What the next session takes over of the table: filter, sorting and cursor.

use super::SkuTable;
use crate::message::{NamedRow, TableView, ViewState};
use crate::model::Model;

impl SkuTable {
    /// Filters, sorts and selects as the last session did, if the first answer is to its item.
    pub(super) fn begin_as_restored(&mut self, model: &Model) {
        let Some(last) = self.restored.take(model) else { return self.query.forget_awaited_sort() };
        self.query.restore(&last.skus);
        let find = |row: NamedRow| {
            let item = model.item()?;
            row.find(item.sku_count(), |place| Some(item.sku(place)?.sku_id().to_text()))
        };
        self.wanted = last.skus.row.and_then(find);
    }

    /// The SKU under the cursor, unless that is at the top.
    fn named_row(&self, model: &Model) -> Option<NamedRow> {
        let place = self.query.rows().at(self.scroll.at).filter(|_| self.scroll.at > 0)?;
        let key = model.item()?.sku(place)?.sku_id().to_text();
        Some(NamedRow { key, place }).filter(|row| !row.key.is_empty())
    }

    pub(super) fn save_table(&self, view: &mut ViewState, model: &Model) {
        let Some(item) = &mut view.item else { return };
        item.skus = match self.restored.awaited() {
            Some(last) => last.skus.clone(),
            None => TableView { row: self.named_row(model), ..self.query.save() },
        };
    }
}
