//! Who asked, where several people share a store.

use std::borrow::Cow;
use std::sync::Arc;

use crate::model::Model;
use crate::model::request_log::LogRow;
use crate::ui::text::clean;
use obx_core::store::ExchangeId;
use onebound::{Exchange, Subject};

/// Returns who asked, if that is somebody else.
pub(super) fn other_person<'a>(asked_by: Option<&'a str>, own: Option<&str>) -> Option<Cow<'a, str>> {
    asked_by.filter(|name| !name.is_empty() && Some(*name) != own).map(clean)
}

/// Returns who asked for an answer, as its row of the log says; `None` in a store that nobody shares.
pub(super) fn who_asked<'a>(
    exchange: &Arc<Exchange>,
    id: Option<ExchangeId>,
    model: &'a Model,
) -> Option<Cow<'a, str>> {
    let shown = model.shown.as_ref().filter(|shown| Arc::ptr_eq(&shown.exchange, exchange));
    let id = id.or_else(|| shown?.id);
    let is_its_row = |row: &&LogRow| {
        (id.is_some() && row.line.id == id) || row.exchange().is_some_and(|held| Arc::ptr_eq(held, exchange))
    };
    model.log.rows().find(is_its_row)?.line.asked_by.as_deref().map(clean)
}

/// Returns who else has a call for this under way.
pub(super) fn who_is_asking<'a>(subject: &Subject, model: &'a Model) -> Option<Cow<'a, str>> {
    let is_under_way = |row: &&LogRow| row.line.lease.is_some() && row.line.subject == *subject;
    let row = model.log.rows().find(is_under_way)?;
    other_person(row.line.asked_by.as_deref(), model.session.asked_by.as_deref())
}
