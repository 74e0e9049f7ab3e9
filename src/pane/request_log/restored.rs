//! What the next session takes over of the log: filter, sorting and cursor.

use super::RequestLogPane;
use super::rows::{RequestRows, RowId};
use crate::message::{NamedRow, TableView, ViewState};
use crate::model::request_log::LogRowId;
use obx_core::store::ExchangeId;

impl RequestLogPane {
    /// Selects the last session's row once it is there, unless the cursor was moved before.
    pub(super) fn select_wanted(&mut self, rows: &RequestRows<'_>, is_store_read: bool) {
        let Some(id) = self.wanted else { return };
        let row = rows.place_of(RowId::Ended(LogRowId::Stored(id)));
        let place = row.and_then(|row| self.query.rows().place_of(row));
        if let Some(place) = place {
            self.scroll.at = place;
        }
        if place.is_some() || (is_store_read && !self.query.is_waiting()) {
            self.wanted = None;
        }
    }

    pub(super) fn save_log(&self, view: &mut ViewState) {
        let at = match self.at.filter(|_| self.scroll.at > 0) {
            Some(RowId::Ended(LogRowId::Stored(id))) => Some(id),
            _ => None,
        };
        let row = self.wanted.or(at).map(|id| NamedRow { key: id.0.to_string(), place: self.scroll.at });
        view.log = TableView { row, ..self.query.save() };
    }

    pub(super) fn restore_log(&mut self, view: &ViewState) {
        self.query.restore(&view.log);
        self.wanted = view.log.row.as_ref().and_then(|row| row.key.parse().ok()).map(ExchangeId);
    }
}
