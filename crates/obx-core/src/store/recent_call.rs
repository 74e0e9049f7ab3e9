//! What totals, forecast and the health of hosts need of a call: a row of the log without what only its line shows.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{ExchangeId, LogEntry};
use onebound::{Account, Billing, Fingerprint, OutcomeSummary, Scope};

/// A call of the last days. There can be many, so it is small.
#[derive(Clone, Debug, PartialEq)]
pub struct RecentCall {
    /// `None` while its row is only in memory.
    pub id: Option<ExchangeId>,
    pub started_at: Timestamp,
    pub total: Duration,
    pub scope: Scope,
    pub key: Fingerprint,
    /// The name of the host that was asked.
    pub host: Arc<str>,
    pub summary: Arc<OutcomeSummary>,
    pub billing: Billing,
    /// Whether a stored answer was shown, so that nothing was sent.
    pub is_reuse: bool,
    /// Whether another session has it under way.
    pub is_leased: bool,
    /// Calls used on that day, according to the answer.
    pub used: Option<u64>,
    /// Calls allowed per day, according to the answer.
    pub allowed: Option<u64>,
    /// Who asked, where several people share a store.
    pub asked_by: Option<Arc<str>>,
}

impl RecentCall {
    /// Takes them from the row of the log.
    pub fn new(line: &LogEntry) -> Self {
        Self {
            id: line.id,
            started_at: line.started_at,
            total: line.total,
            scope: line.scope.clone(),
            key: line.key.clone(),
            host: Arc::clone(&line.host),
            summary: Arc::clone(&line.summary),
            billing: line.billing,
            is_reuse: line.reuses.is_some(),
            is_leased: line.lease.is_some(),
            used: line.used,
            allowed: line.allowed,
            asked_by: line.asked_by.clone(),
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

    /// Returns when the call ended.
    pub fn ended_at(&self) -> Timestamp {
        let total = SignedDuration::try_from(self.total).unwrap_or_default();
        self.started_at.checked_add(total).unwrap_or(self.started_at)
    }
}
