//! Computes each key's Beijing day from the log.

use jiff::Timestamp;

use super::quota_forecast::{CallRecord, Day};
use super::request_log::{Mark, RequestLog};
use obx_core::store::{RecentCall, beijing_day};
use onebound::Account;

impl RequestLog {
    /// A key's current Beijing day at its gateway so far. Reads only the calls of today and yesterday.
    pub fn day(&self, account: &Account, now: Timestamp) -> Day {
        let recent = self.calls_since_day(beijing_day(now) - 1);
        let mut records: Vec<CallRecord> =
            recent.filter(|call| call.is_of(account) && !call.is_leased).map(|call| record(&call)).collect();
        records.sort_by_key(|record| record.at);
        Day::new(&records, now)
    }
}

fn record(call: &RecentCall) -> CallRecord {
    CallRecord { at: call.ended_at(), mark: Mark::from_call(call), used: call.used, max: call.allowed }
}
