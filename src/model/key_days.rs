//! Computes each key's Beijing day from the log.

use jiff::Timestamp;

use super::quota_forecast::{CallRecord, Day};
use super::request_log::{LogRow, RequestLog};
use obx_core::store::beijing_day;
use onebound::Account;

impl RequestLog {
    /// A key's current Beijing day at its gateway so far. Reads only the rows of today and yesterday.
    pub fn day(&self, account: &Account, now: Timestamp) -> Day {
        let records =
            self.recent(now).filter(|row| row.line.is_of(account) && row.line.lease.is_none()).map(record);
        let mut records: Vec<CallRecord> = records.collect();
        records.sort_by_key(|record| record.at);
        Day::new(&records, now)
    }

    /// The accounts, each a key at a gateway, that were called with today or yesterday.
    pub fn recent_accounts(&self, now: Timestamp) -> Vec<Account> {
        let mut accounts: Vec<Account> = Vec::new();
        for row in self.recent(now) {
            if !accounts.iter().any(|known| row.line.is_of(known)) {
                accounts.push(row.line.account());
            }
        }
        accounts
    }

    fn recent(&self, now: Timestamp) -> impl Iterator<Item = &LogRow> {
        let yesterday = beijing_day(now) - 1;
        self.rows().take_while(move |row| beijing_day(row.line.started_at) >= yesterday)
    }
}

fn record(row: &LogRow) -> CallRecord {
    let line = &row.line;
    CallRecord { at: line.ended_at(), mark: row.mark(), used: line.used, max: line.allowed }
}
