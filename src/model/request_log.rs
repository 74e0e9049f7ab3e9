//! What was asked in this session, newest first.

use std::sync::Arc;

use crate::api::{Billing, Exchange, Quota};
use crate::fetch::Source;

/// One line of the log.
#[derive(Clone, Debug)]
pub struct LogRow {
    /// What was asked and what came.
    pub exchange: Arc<Exchange>,
    /// Where it came from.
    pub source: Source,
}

/// What a line cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// By the vendor's table.
    Billed,
    /// By the vendor's table, or nothing was sent.
    Free,
    /// Answered from the store.
    Store,
    /// Nobody can tell.
    Unknown,
}

impl LogRow {
    /// What it cost.
    pub fn mark(&self) -> Mark {
        match (self.source, self.exchange.billing()) {
            (Source::Store, _) => Mark::Store,
            (_, Billing::Billed) => Mark::Billed,
            (_, Billing::Free) => Mark::Free,
            (_, Billing::Unknown) => Mark::Unknown,
        }
    }
}

/// The lines.
#[derive(Clone, Debug, Default)]
pub struct RequestLog {
    rows: Vec<LogRow>,
    quota: Option<Quota>,
}

impl RequestLog {
    /// Newest first.
    pub fn rows(&self) -> &[LogRow] {
        &self.rows
    }

    /// What the newest answer that was sent for says of the quota.
    pub fn quota(&self) -> Option<&Quota> {
        self.quota.as_ref()
    }

    pub(super) fn add(&mut self, rows: impl IntoIterator<Item = LogRow>) {
        for row in rows {
            let told = row.exchange.envelope().and_then(|envelope| envelope.quota.clone());
            if row.source != Source::Store && told.is_some() {
                self.quota = told;
            }
            self.rows.insert(0, row);
        }
    }
}
