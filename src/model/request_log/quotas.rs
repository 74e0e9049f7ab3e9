//! The quota of each key, as the newest answers report it: those of this session, and those of others in the store.

use jiff::Timestamp;

use super::RequestLog;
use obx_core::store::LogEntry;
use onebound::{Account, Quota};

impl RequestLog {
    /// The quota that this account's newest answer reported, and when.
    pub fn quota(&self, account: &Account) -> Option<(&Quota, Timestamp)> {
        let found = self.quotas.iter().filter(|(of, _, _)| of == account);
        found.max_by_key(|(_, at, _)| *at).map(|(_, at, quota)| (quota, *at))
    }

    pub(in crate::model) fn learn_quotas(
        &mut self,
        reported: impl IntoIterator<Item = (Account, Timestamp, Quota)>,
    ) {
        for (account, at, quota) in reported {
            self.quotas.retain(|(of, before, _)| *of != account || *before > at);
            if !self.quotas.iter().any(|(of, _, _)| *of == account) {
                self.quotas.push((account, at, quota));
            }
        }
    }

    /// Learns the counts that a row of the store has of its answer's quota. What a row leaves out stays as it was
    /// reported before, but for `all[…]`, which counts calls too.
    pub(super) fn learn_quota_of(&mut self, line: &LogEntry) {
        let is_reported = line.used.is_some() && line.lease.is_none() && line.reuses.is_none();
        if !is_reported {
            return;
        }
        let account = line.account();
        let before = self.quota(&account);
        if before.is_some_and(|(_, at)| at >= line.ended_at()) {
            return;
        }
        let before = before.map(|(quota, _)| quota.clone()).unwrap_or_default();
        let max = line.allowed.or(before.max);
        if max.is_none() {
            return;
        }
        self.learn_quotas([(account, line.ended_at(), Quota { today: line.used, max, all: None, ..before })]);
    }
}
