//! A row of the log, without the exchange's body.

use std::sync::Arc;
use std::time::Duration;

use compact_str::CompactString;
use jiff::Timestamp;

use super::ExchangeId;
use crate::policy::Lease;
use onebound::{Account, Billing, Catalog, Exchange, Fingerprint, OutcomeSummary, Scope, Subject};

/// A row of the log: an exchange without its body.
#[derive(Clone, Debug, PartialEq)]
pub struct LogEntry {
    /// `None` while the row is only in memory.
    pub id: Option<ExchangeId>,
    pub started_at: Timestamp,
    /// The requested item, or the API if that is not `item_get`.
    pub subject: Subject,
    /// The vendor's `api_type`: `1688`.
    pub platform: Arc<str>,
    /// Set while another session has the call under way: then the fields below are not known yet.
    pub lease: Option<Arc<Lease>>,
    /// Shared by all rows with the same outcome.
    pub summary: Arc<OutcomeSummary>,
    /// Calls used on that day, according to the answer.
    pub used: Option<u64>,
    /// Calls allowed per day, according to the answer.
    pub allowed: Option<u64>,
    /// `execution_time` in seconds, as in the answer. A few digits, which the string holds inline.
    pub execution_time: Option<CompactString>,
    /// Time from start to end.
    pub total: Duration,
    /// Size of the decompressed body in bytes.
    pub size: usize,
    pub billing: Billing,
    /// The fingerprint of the key that the call was made with.
    pub key: Fingerprint,
    /// The name of the host that was asked.
    pub host: Arc<str>,
    /// The gateway that the host belongs to.
    pub scope: Scope,
    /// The stored exchange that was shown in place of a call; then nothing was sent.
    pub reuses: Option<ExchangeId>,
    /// Who asked, where several people share a store.
    pub asked_by: Option<Arc<str>>,
}

impl LogEntry {
    /// Creates the row of an exchange in memory.
    pub fn new(id: Option<ExchangeId>, key: Fingerprint, exchange: &Exchange) -> Self {
        let envelope = exchange.envelope();
        let quota = envelope.and_then(|envelope| envelope.quota.as_ref());
        Self {
            id,
            started_at: exchange.started_at,
            subject: exchange.call.subject(),
            platform: exchange.call.platform().into(),
            lease: None,
            summary: Arc::new(exchange.summary()),
            used: quota.and_then(|quota| quota.today),
            allowed: quota.and_then(|quota| quota.max),
            execution_time: envelope
                .and_then(|envelope| envelope.execution_time.as_deref())
                .map(CompactString::from),
            total: exchange.timing.total,
            size: exchange.body.len(),
            billing: exchange.billing(),
            key,
            host: exchange.host.name().into(),
            scope: exchange.scope(),
            reuses: None,
            asked_by: None,
        }
    }

    /// Creates the row of a stored exchange that was shown in place of a call: nothing was sent. The row's own number
    /// is not known yet.
    pub fn of_reuse(
        reused: Option<ExchangeId>,
        key: Fingerprint,
        exchange: &Exchange,
        shown_at: Timestamp,
    ) -> Self {
        Self {
            started_at: shown_at,
            used: None,
            allowed: None,
            execution_time: None,
            total: Duration::ZERO,
            billing: Billing::Free,
            reuses: reused,
            ..Self::new(None, key, exchange)
        }
    }

    /// Returns the account whose quota it used.
    pub fn account(&self) -> Account {
        Account { scope: self.scope.clone(), key: self.key.clone() }
    }

    /// Returns true if it used this account's quota.
    pub fn is_of(&self, account: &Account) -> bool {
        self.key == account.key && self.scope == account.scope
    }

    /// Returns true if it was about this catalog.
    pub fn is_in(&self, catalog: &Catalog) -> bool {
        self.platform == catalog.platform && self.scope == catalog.scope
    }

    /// Returns when the call ended.
    pub fn ended_at(&self) -> Timestamp {
        let total = jiff::SignedDuration::try_from(self.total).unwrap_or_default();
        self.started_at.checked_add(total).unwrap_or(self.started_at)
    }
}
