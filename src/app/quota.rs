//! From the model to what the quota view shows.

use super::{App, Popup};
use crate::model::Model;
use crate::model::quota_forecast::{CallRecord, Day};
use crate::model::request_log::LogRow;
use crate::pane::quota_view::{KeyFacts, QuotaFacts, QuotaView};

impl App {
    pub(super) fn open_quota(&mut self) {
        let view = QuotaView::new(facts(&self.model), self.model.texts);
        self.popup = Some(Popup::Quota(Box::new(view)));
    }
}

/// The session's key, by the calls of this session.
fn facts(model: &Model) -> QuotaFacts {
    let told = model.log.quota();
    let own = KeyFacts {
        fingerprint: String::new(),
        own: true,
        host: model.log.rows().first().map(|row| row.exchange.host.name()),
        day: day(model),
        expires: told.and_then(|quota| quota.expires),
        all: told.and_then(|quota| quota.all.clone()),
        cap: None,
        reserve: None,
        latch: None,
    };
    QuotaFacts { keys: vec![own], zone: model.session.zone.clone() }
}

fn day(model: &Model) -> Day {
    let mut records: Vec<CallRecord> = model.log.rows().iter().map(record).collect();
    // The log has the newest first, by the order in which they ended.
    records.sort_by_key(|record| record.at);
    Day::of(&records, model.now.at)
}

fn record(row: &LogRow) -> CallRecord {
    let told = row.exchange.envelope().and_then(|envelope| envelope.quota.as_ref());
    CallRecord {
        at: row.exchange.ended_at(),
        mark: row.mark(),
        used: told.and_then(|quota| quota.today),
        max: told.and_then(|quota| quota.max),
    }
}
