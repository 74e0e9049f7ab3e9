//! Computes each key's Beijing day from the log.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::quota_forecast::{CallRecord, Day, Split};
use super::request_log::{Mark, RequestLog};
use obx_core::store::beijing_day;
use onebound::Account;

/// The calls of one of the people who share a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonCalls {
    /// `None` for calls from a time when this person's store was not shared.
    pub name: Option<Arc<str>>,
    pub split: Split,
}

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

    /// Counts a key's calls of the current Beijing day by who asked, most calls first; empty unless several people asked.
    pub fn day_by_person(&self, account: &Account, now: Timestamp) -> Vec<PersonCalls> {
        let today = beijing_day(now);
        let mut people = BTreeMap::<Option<Arc<str>>, Split>::new();
        // A call that began the day before can end on this one.
        for call in self.calls_since_day(today - 1) {
            if call.is_of(account) && !call.is_leased && beijing_day(call.ended_at()) == today {
                people.entry(call.asked_by.clone()).or_default().add(Mark::from_call(&call));
            }
        }
        if people.len() < 2 {
            return Vec::new();
        }
        let mut people: Vec<PersonCalls> =
            people.into_iter().map(|(name, split)| PersonCalls { name, split }).collect();
        people.sort_by_key(|person| std::cmp::Reverse((person.split.sent(), person.split.total())));
        people
    }
}
