//! The requests of this session and of earlier ones, newest first.
//!
//! A row has no body. Bodies of this session stay in memory beside their rows up to a budget, because the store has
//! all of them. The exchange of a row that is not written yet stays in any case.

mod quotas;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;

use crate::message::Ticket;
use obx_core::store::{ExchangeId, Listed, LogEntry, beijing_day};
use onebound::{Account, Billing, Exchange, Quota, Scope};

/// Bytes of bodies that stay in memory; the oldest are dropped first.
const BODIES: usize = 32 * 1024 * 1024;

/// A row of the log.
#[derive(Clone, Debug)]
pub struct LogRow {
    pub line: LogEntry,
    /// Identifies the row within this session.
    pub number: u64,
    /// The fetch of this session that created it.
    ticket: Option<Ticket>,
    exchange: Option<Arc<Exchange>>,
    /// Whether it was handed to the store and is not written yet.
    is_unwritten: bool,
}

/// The cost of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// Billed according to the vendor's table.
    Billed,
    /// Free according to the vendor's table, or not sent.
    Free,
    /// Answered from the store.
    Store,
    /// Billed or free, which can't be known.
    Unknown,
}

impl Mark {
    /// In the order in which totals are shown.
    pub const ALL: [Self; 4] = [Self::Billed, Self::Unknown, Self::Free, Self::Store];

    /// The cost of a request.
    pub fn from_entry(line: &LogEntry) -> Self {
        match (line.reuses, line.billing) {
            (Some(_), _) => Self::Store,
            (None, Billing::Billed) => Self::Billed,
            (None, Billing::Free) => Self::Free,
            (None, Billing::Unknown) => Self::Unknown,
        }
    }
}

impl LogRow {
    pub fn mark(&self) -> Mark {
        Mark::from_entry(&self.line)
    }

    /// The exchange, if it is still in memory.
    pub fn exchange(&self) -> Option<&Arc<Exchange>> {
        self.exchange.as_ref()
    }

    /// Sorts stored rows by their number, and rows that are not stored after them.
    fn order(&self) -> ExchangeId {
        self.line.id.unwrap_or(ExchangeId(i64::MAX))
    }
}

/// The rows in the store before the oldest one here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Older {
    /// None, as far as is known.
    #[default]
    None,
    /// There are more, which were not requested.
    More,
    /// There are more, and a page of them was requested.
    Asked,
    /// There are more, but reading them failed. They are requested again after the next event of the store.
    Unread,
}

/// The newest rows, and as many pages of older ones as were needed.
#[derive(Clone, Debug, Default)]
pub struct RequestLog {
    /// Oldest first; pages of older rows are added at the front.
    /// Each shared, so that a copy of the log costs little.
    rows: VecDeque<Arc<LogRow>>,
    last_number: u64,
    revision: u64,
    older: Older,
    quotas: Vec<(Account, Timestamp, Quota)>,
    /// The rows of calls that other sessions have under way.
    leases: BTreeMap<ExchangeId, LeaseEnd>,
}

/// When the lease of another session's call ends.
#[derive(Clone, Copy, Debug)]
struct LeaseEnd {
    until: Timestamp,
    /// Whether it has ended, and the store was asked about the row.
    is_over: bool,
}

impl RequestLog {
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row at this position, counted from the newest.
    pub fn row(&self, place: usize) -> Option<&LogRow> {
        self.rows.get(self.rows.len().checked_sub(place + 1)?).map(AsRef::as_ref)
    }

    /// All rows, newest first.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = &LogRow> {
        self.rows.iter().rev().map(AsRef::as_ref)
    }

    /// The position of the row with this number, counted from the newest.
    pub fn place_of(&self, number: u64) -> Option<usize> {
        self.rows().position(|row| row.number == number)
    }

    /// The position of this fetch's last row.
    pub fn place_of_fetch(&self, ticket: Ticket) -> Option<usize> {
        self.rows().position(|row| row.ticket == Some(ticket))
    }

    /// Whether this exchange belongs to a row that is not written yet.
    pub(crate) fn is_unwritten(&self, exchange: &Arc<Exchange>) -> bool {
        let pending = |row: &&LogRow| row.is_unwritten && row.line.reuses.is_none();
        let is_this = |row: &LogRow| row.exchange.as_ref().is_some_and(|other| Arc::ptr_eq(other, exchange));
        self.rows().filter(pending).any(is_this)
    }

    /// Changes with the rows.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The rows of the current Beijing day, newest first.
    pub fn of_day(&self, now: Timestamp) -> impl Iterator<Item = &LogRow> {
        let day = beijing_day(now);
        self.rows().take_while(move |row| beijing_day(row.line.started_at) >= day)
    }

    /// How many calls of each mark this gateway got on the current Beijing day.
    pub fn day_totals(&self, scope: &Scope, now: Timestamp) -> [(Mark, usize); 4] {
        let mut totals = Mark::ALL.map(|mark| (mark, 0));
        for row in self.of_day(now).filter(|row| row.line.scope == *scope && row.line.lease.is_none()) {
            let mark = row.mark();
            totals.iter_mut().filter(|(of, _)| *of == mark).for_each(|(_, count)| *count += 1);
        }
        totals
    }

    /// Whether the store has rows before the oldest one here.
    pub fn has_older(&self) -> bool {
        self.older != Older::None
    }

    /// Whether there are older rows that were not requested yet.
    pub fn may_ask_for_older(&self) -> bool {
        self.older == Older::More
    }

    /// Returns the row before which the next page is to be requested; `None` if there is none or it was requested
    /// already.
    pub(super) fn ask_for_older(&mut self) -> Option<ExchangeId> {
        let oldest = self.oldest_id().filter(|_| self.may_ask_for_older())?;
        self.older = Older::Asked;
        Some(oldest)
    }

    /// Whether rows of today or yesterday may be missing that totals, pace and keys need.
    pub(super) fn lacks_recent(&self, now: Timestamp) -> bool {
        let oldest = self.rows.front().map(|row| beijing_day(row.line.started_at));
        self.has_older() && oldest.is_none_or(|day| day >= beijing_day(now) - 1)
    }

    /// Records that the page of older rows could not be read.
    pub(super) fn older_unread(&mut self) {
        self.older = Older::Unread;
    }

    /// Records that a page of older rows has arrived, and whether there are more.
    pub(super) fn set_older(&mut self, more: bool) {
        self.older = if more { Older::More } else { Older::None };
        self.revision += 1;
    }

    /// The newest stored row.
    pub(super) fn newest_id(&self) -> Option<ExchangeId> {
        self.rows().find_map(|row| row.line.id)
    }

    /// The oldest stored row.
    pub(super) fn oldest_id(&self) -> Option<ExchangeId> {
        self.rows.iter().find_map(|row| row.line.id)
    }

    /// Adds a row of this session with its exchange; `is_unwritten` stays set until [`RequestLog::written`].
    pub(super) fn add(
        &mut self,
        ticket: Ticket,
        line: LogEntry,
        exchange: Arc<Exchange>,
        is_unwritten: bool,
    ) {
        let reported = exchange.envelope().and_then(|envelope| envelope.quota.clone());
        if let Some(quota) = reported.filter(|_| line.reuses.is_none()) {
            self.learn_quotas([(line.account(), exchange.ended_at(), quota)]);
        }
        let reported = line.id.and_then(|id| self.place_in_rows(id));
        match reported.and_then(|place| self.rows.get_mut(place)).map(Arc::make_mut) {
            // The store has reported this row already.
            Some(row) => {
                (row.ticket, row.exchange, row.is_unwritten) = (Some(ticket), Some(exchange), is_unwritten);
            }
            None => self.push(line, Some(ticket), Some(exchange), is_unwritten),
        }
        self.put_in_order();
        self.release();
    }

    /// When the next lease of another session's call ends.
    pub fn next_lease_end(&self) -> Option<Timestamp> {
        self.leases.values().filter(|end| !end.is_over).map(|end| end.until).min()
    }

    /// Returns true, once, if a lease has ended and the store has to be asked about its row.
    pub(super) fn take_ended_lease(&mut self, now: Timestamp) -> bool {
        let mut ended = false;
        for end in self.leases.values_mut().filter(|end| !end.is_over && end.until <= now) {
            (end.is_over, ended) = (true, true);
        }
        ended
    }

    /// The row after which new rows are requested from the store: the newest one, or the one before the first that
    /// another session has under way; `None` if there is no row.
    pub(super) fn known_until(&self) -> Option<ExchangeId> {
        let newest = self.newest_id()?;
        let leased = self.leases.keys().next().map(|id| ExchangeId(id.0 - 1));
        Some(leased.map_or(newest, |leased| leased.min(newest)))
    }

    /// Takes in all rows that the store has after this one, oldest first. Calls of other sessions that are missing
    /// there were not sent.
    pub(super) fn merge_after(&mut self, after: ExchangeId, listed: Listed<LogEntry>) {
        let Listed { rows: lines, damaged, .. } = listed;
        let is_there =
            |id| damaged.contains(&id) || lines.binary_search_by_key(&Some(id), |line| line.id).is_ok();
        let gone: Vec<_> = self.leases.keys().copied().filter(|id| *id > after && !is_there(*id)).collect();
        if !gone.is_empty() {
            self.rows.retain(|row| row.line.id.is_none_or(|id| gone.binary_search(&id).is_err()));
            self.leases.retain(|id, _| gone.binary_search(id).is_err());
            self.revision += 1;
        }
        self.merge(lines);
    }

    /// Takes in rows of the store, oldest first: new rows are added, known ones are updated.
    pub(super) fn merge(&mut self, lines: Vec<LogEntry>) {
        if self.older == Older::Unread {
            self.older = Older::More;
        }
        for (id, lease) in lines.iter().filter_map(|line| Some((line.id?, line.lease.as_ref()))) {
            let _ = match lease {
                Some(lease) => self.leases.insert(id, LeaseEnd { until: lease.until, is_over: false }),
                None => self.leases.remove(&id),
            }; // the previous value does not matter
        }
        if lines.last().is_none_or(|line| line.id < self.oldest_id()) {
            return self.put_before(lines);
        }
        let (known, new): (Vec<_>, Vec<_>) =
            lines.into_iter().partition(|line| line.id.is_some_and(|id| self.place_in_rows(id).is_some()));
        for line in known.iter().chain(&new) {
            self.learn_quota_of(line);
        }
        for line in known {
            self.update_row(line);
        }
        for line in new {
            self.push(line, None, None, false);
        }
        self.put_in_order();
    }

    /// Adds rows that are older than all others. There can be very many, so this costs little per row.
    fn put_before(&mut self, lines: Vec<LogEntry>) {
        for line in lines.into_iter().rev() {
            self.last_number += 1;
            let (number, ticket, exchange, is_unwritten) = (self.last_number, None, None, false);
            self.rows.push_front(Arc::new(LogRow { line, number, ticket, exchange, is_unwritten }));
        }
        self.revision += 1;
    }

    /// The exchanges of this fetch were written under these numbers, in the same order.
    pub(super) fn written(&mut self, ticket: Ticket, ids: &[ExchangeId]) {
        let known: Vec<_> = ids.iter().copied().filter(|id| self.place_in_rows(*id).is_some()).collect();
        let mut ids = ids.iter().copied();
        let mut duplicates = Vec::new();
        for row in self.rows.iter_mut().filter(|row| row.ticket == Some(ticket)).map(Arc::make_mut) {
            let Some(id) = ids.next() else { break };
            if row.line.id.is_none() && known.contains(&id) {
                // The store has reported this row already.
                duplicates.push(row.number);
            }
            (row.line.id, row.is_unwritten) = (Some(id), false);
        }
        self.rows.retain(|row| !duplicates.contains(&row.number));
        self.revision += 1;
        self.put_in_order();
        self.release();
    }

    /// Everything that was pending is written. Rows without a number are removed, because they come again from the
    /// store.
    pub(super) fn all_written(&mut self) {
        self.rows.retain(|row| row.line.id.is_some());
        for row in self.rows.iter_mut().filter(|row| row.is_unwritten) {
            Arc::make_mut(row).is_unwritten = false;
        }
        self.revision += 1;
        self.release();
    }

    fn push(
        &mut self,
        line: LogEntry,
        ticket: Option<Ticket>,
        exchange: Option<Arc<Exchange>>,
        is_unwritten: bool,
    ) {
        self.last_number += 1;
        let number = self.last_number;
        self.rows.push_back(Arc::new(LogRow { line, number, ticket, exchange, is_unwritten }));
        self.revision += 1;
    }

    fn update_row(&mut self, line: LogEntry) {
        let Some(id) = line.id else { return };
        let Some(place) = self.place_in_rows(id) else { return };
        if let Some(row) = self.rows.get_mut(place).filter(|row| row.line != line) {
            Arc::make_mut(row).line = line;
            self.revision += 1;
        }
    }

    fn place_in_rows(&self, id: ExchangeId) -> Option<usize> {
        self.rows.binary_search_by_key(&id, |row| row.order()).ok()
    }

    fn put_in_order(&mut self) {
        if !self.rows.iter().is_sorted_by_key(|row| row.order()) {
            self.rows.make_contiguous().sort_by_key(|row| row.order());
            self.revision += 1;
        }
    }

    /// Drops bodies that are written, oldest first, until the rest is within the budget.
    fn release(&mut self) {
        let mut held = 0;
        for row in self.rows.iter_mut().rev() {
            held += row.exchange.as_ref().map_or(0, |exchange| exchange.body.len());
            let is_stored = !row.is_unwritten && row.line.id.is_some();
            if held > BODIES && is_stored && row.exchange.is_some() {
                Arc::make_mut(row).exchange = None;
            }
        }
    }
}
