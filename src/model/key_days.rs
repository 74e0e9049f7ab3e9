//! Computes each key's Beijing day from the log.

use jiff::Timestamp;

use super::quota_forecast::{CallRecord, Day};
use super::request_log::RequestLog;
use obx_core::store::beijing_day;
use onebound::Account;

impl RequestLog {
    /// A key's current Beijing day at its gateway so far. Reads only the calls of today and yesterday.
    pub fn day(&self, account: &Account, now: Timestamp) -> Day {
        let recent = self.calls_since_day(beijing_day(now) - 1);
        let mut records: Vec<CallRecord> = recent
            .filter(|call| call.is_of(account) && !call.is_leased)
            .map(|call| CallRecord::new(&call))
            .collect();
        records.sort_by_key(|record| record.at);
        Day::new(&records, now)
    }
}
