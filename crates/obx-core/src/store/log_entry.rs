//! One row of the log, without its body.

use std::sync::Arc;
use std::time::Duration;

use compact_str::CompactString;
use jiff::Timestamp;

use super::ExchangeId;
use crate::policy::Lease;
use onebound::{Account, Billing, Exchange, Fingerprint, OutcomeSummary, Scope, Subject};

/// What the log tells of one exchange, without its body.
#[derive(Clone, Debug, PartialEq)]
pub struct LogEntry {
    /// `None` while it is kept nowhere but in memory.
    pub id: Option<ExchangeId>,
    /// When it was started.
    pub started_at: Timestamp,
    /// The item asked for, or the API where that is not `item_get`.
    pub subject: Subject,
    /// Another session has it under way: what follows here is not known yet.
    pub lease: Option<Arc<Lease>>,
    /// What came of it; shared by all that ended alike.
    pub conclusion: Arc<OutcomeSummary>,
    /// Calls used that day, as the answer told.
    pub used: Option<u64>,
    /// Calls allowed a day, as the answer told.
    pub allowed: Option<u64>,
    /// `execution_time` in seconds, as it was written: a few digits, in place.
    pub execution_time: Option<CompactString>,
    /// From start to end.
    pub total: Duration,
    /// Of the body, in bytes after unpacking.
    pub size: usize,
    /// Whether it cost.
    pub billing: Billing,
    /// With which key.
    pub key: Fingerprint,
    /// Who was asked.
    pub host: Arc<str>,
    /// The gateway that this host belongs to.
    pub scope: Scope,
    /// The stored exchange that was shown; then nothing was sent.
    pub reuses: Option<ExchangeId>,
}

impl LogEntry {
    /// The line of an exchange that is at hand.
    pub fn of(id: Option<ExchangeId>, key: Fingerprint, exchange: &Exchange) -> Self {
        let envelope = exchange.envelope();
        let quota = envelope.and_then(|envelope| envelope.quota.as_ref());
        Self {
            id,
            started_at: exchange.started_at,
            subject: exchange.call.subject(),
            lease: None,
            conclusion: Arc::new(exchange.summary()),
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
        }
    }

    /// The row of a stored exchange that was shown in place of a call: nothing was sent. Its own number is not known yet.
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
            ..Self::of(None, key, exchange)
        }
    }

    /// Whose quota it used.
    pub fn account(&self) -> Account {
        Account { scope: self.scope.clone(), key: self.key.clone() }
    }

    /// Whether it used this one's quota.
    pub fn is_of(&self, account: &Account) -> bool {
        self.key == account.key && self.scope == account.scope
    }

    /// When it ended.
    pub fn ended_at(&self) -> Timestamp {
        let total = jiff::SignedDuration::try_from(self.total).unwrap_or_default();
        self.started_at.checked_add(total).unwrap_or(self.started_at)
    }
}
