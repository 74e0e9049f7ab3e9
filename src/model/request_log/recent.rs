//! The calls since yesterday, by Beijing's clock, without what only their rows show: totals, forecast and the health of
//! hosts are made of them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Mark, RequestLog};
use obx_core::store::{ExchangeId, Listed, RecentCall, beijing_day};
use onebound::{Account, Scope};

/// They may reach further back than yesterday.
#[derive(Clone, Debug, Default)]
pub(super) struct RecentCalls {
    calls: BTreeMap<ExchangeId, RecentCall>,
    state: RecentState,
}

/// Whether calls of today and yesterday may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum RecentState {
    #[default]
    Unknown,
    /// Calls from before this row were requested.
    Awaited(ExchangeId),
    /// Calls from before this row could not be read. They are requested again when the store answers.
    Unread(ExchangeId),
    Complete,
}

impl RecentCalls {
    pub(super) fn put(&mut self, call: RecentCall) {
        if let Some(id) = call.id {
            let _ = self.calls.insert(id, call); // the same call, as it was before
        }
    }

    pub(super) fn remove(&mut self, id: ExchangeId) {
        let _ = self.calls.remove(&id); // it may be older than these
    }

    /// Of stored rows that were learned, only the newest are known.
    pub(super) fn restart(&mut self) {
        self.state = RecentState::Unknown;
    }

    pub(super) fn unread(&mut self) {
        if let RecentState::Awaited(before) = self.state {
            self.state = RecentState::Unread(before);
        }
    }
}

impl RequestLog {
    /// The recent calls, newest first: those that are not stored, then the stored ones.
    pub fn recent_calls(&self) -> impl Iterator<Item = Cow<'_, RecentCall>> {
        self.unstored_calls().chain(self.recent.calls.values().rev().map(Cow::Borrowed))
    }

    fn unstored_calls(&self) -> impl Iterator<Item = Cow<'_, RecentCall>> {
        self.unstored.iter().rev().map(|row| Cow::Owned(RecentCall::new(&row.line)))
    }

    /// The recent calls since this Beijing day began, newest first.
    pub fn calls_since_day(&self, day: i64) -> impl Iterator<Item = Cow<'_, RecentCall>> {
        let is_since = move |call: &RecentCall| beijing_day(call.started_at) >= day;
        let stored =
            self.recent.calls.values().rev().take_while(move |call| is_since(call)).map(Cow::Borrowed);
        self.unstored_calls().filter(move |call| is_since(call)).chain(stored)
    }

    /// How many calls of each mark this gateway got on the current Beijing day.
    pub fn day_totals(&self, scope: &Scope, now: Timestamp) -> [(Mark, usize); 4] {
        let mut totals = Mark::ALL.map(|mark| (mark, 0));
        let today = self.calls_since_day(beijing_day(now));
        for call in today.filter(|call| call.scope == *scope && !call.is_leased) {
            let mark = Mark::from_call(&call);
            totals.iter_mut().filter(|(of, _)| *of == mark).for_each(|(_, count)| *count += 1);
        }
        totals
    }

    /// The accounts, each a key at a gateway, that were called with today or yesterday.
    pub fn recent_accounts(&self, now: Timestamp) -> Vec<Account> {
        let mut accounts: Vec<Account> = Vec::new();
        for call in self.calls_since_day(beijing_day(now) - 1) {
            if !accounts.iter().any(|known| call.is_of(known)) {
                accounts.push(call.account());
            }
        }
        accounts
    }

    /// Whether the store has calls that are not among the recent ones.
    pub fn has_older(&self) -> bool {
        self.recent.calls.len() < self.ids.len()
    }

    /// Whether all calls of today and yesterday are among the recent ones.
    pub(in crate::model) fn has_recent_days(&self) -> bool {
        self.recent.state == RecentState::Complete || !self.has_older()
    }

    /// Returns the row before which recent calls are missing, and the Beijing day since which they are needed; `None`
    /// while they are awaited, and once they are complete.
    pub(in crate::model) fn ask_for_recent(&mut self, now: Timestamp) -> Option<(ExchangeId, i64)> {
        let yesterday = beijing_day(now) - 1;
        let before = match self.recent.state {
            RecentState::Awaited(_) | RecentState::Complete => return None,
            RecentState::Unread(before) => before,
            RecentState::Unknown => {
                let oldest = self.recent.calls.first_key_value();
                let is_of_earlier_day = |call: &RecentCall| beijing_day(call.started_at) < yesterday;
                if !self.has_older() || oldest.is_some_and(|(_, call)| is_of_earlier_day(call)) {
                    self.recent.state = RecentState::Complete;
                    return None;
                }
                oldest.map_or(ExchangeId(i64::MAX), |(id, _)| *id)
            }
        };
        self.recent.state = RecentState::Awaited(before);
        Some((before, yesterday))
    }

    /// Takes in the calls that were missing.
    pub(in crate::model) fn learn_recent(&mut self, calls: Listed<RecentCall>) {
        calls.rows.into_iter().for_each(|call| self.recent.put(call));
        self.recent.state = RecentState::Complete;
        self.remove(calls.damaged);
        self.revision += 1;
    }

    /// Forgets calls from before yesterday, but for the newest.
    pub(in crate::model) fn forget_old_calls(&mut self, now: Timestamp) {
        let yesterday = beijing_day(now) - 1;
        while self.recent.state == RecentState::Complete
            && self.recent.calls.len() > super::NEWEST
            && self
                .recent
                .calls
                .first_key_value()
                .is_some_and(|(_, call)| beijing_day(call.started_at) < yesterday)
        {
            let _ = self.recent.calls.pop_first(); // forgotten
        }
    }
}
