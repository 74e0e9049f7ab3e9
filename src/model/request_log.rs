//! The requests of this session and of earlier ones, newest first: a window over the store.
//!
//! ```text
//!  ids      the number of every stored row: length, positions
//!  held     rows in memory: the newest, the pages around the cursor, those of calls under way
//!  unstored rows that have no number: not written yet, or of a file
//!  recent   what totals, forecast and hosts need of the calls since yesterday
//! ```
//! A row that is not held is read when the cursor comes near it, and let go when the cursor is far away. A row has no
//! body. Bodies of this session stay in memory beside their rows up to a budget, because the store has all of them. The
//! exchange of a row that is not written yet stays in any case.

mod quotas;
mod recent;
#[cfg(test)]
mod tests;
mod window;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;

use crate::message::Ticket;
use obx_core::store::{ExchangeId, Listed, LogEntry, RecentCall};
use onebound::{Account, Billing, Exchange, Quota};
use recent::RecentCalls;
use window::Pages;
pub use window::{AHEAD, HALF_PAGE, NEWEST};

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

    /// The cost of a row of the log.
    pub fn from_entry(line: &LogEntry) -> Self {
        Self::new(line.reuses.is_some(), line.billing)
    }

    /// The cost of a recent call.
    pub fn from_call(call: &RecentCall) -> Self {
        Self::new(call.is_reuse, call.billing)
    }

    fn new(is_reuse: bool, billing: Billing) -> Self {
        match billing {
            _ if is_reuse => Self::Store,
            Billing::Billed => Self::Billed,
            Billing::Free => Self::Free,
            Billing::Unknown => Self::Unknown,
        }
    }
}

impl LogRow {
    /// Whether this session made the call.
    pub fn is_own(&self) -> bool {
        self.ticket.is_some()
    }

    pub fn mark(&self) -> Mark {
        Mark::from_entry(&self.line)
    }

    /// The exchange, if it is still in memory.
    pub fn exchange(&self) -> Option<&Arc<Exchange>> {
        self.exchange.as_ref()
    }

    /// Identifies it within this session, also once it was let go and read again.
    pub fn id(&self) -> LogRowId {
        self.line.id.map_or(LogRowId::Unstored(self.number), LogRowId::Stored)
    }

    /// A row of the store, for a look at it outside of the log.
    pub fn from_store(line: LogEntry) -> Self {
        Self { line, number: 0, ticket: None, exchange: None, is_unwritten: false }
    }
}

/// Identifies a row of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogRowId {
    Stored(ExchangeId),
    /// By its number within this session, which it keeps when it is stored.
    Unstored(u64),
}

/// The rows, as far as they are in memory, and the numbers of all of them.
#[derive(Clone, Debug, Default)]
pub struct RequestLog {
    /// Of all stored rows, ascending.
    ids: Vec<ExchangeId>,
    /// Each shared, so that a filter can take them along.
    held: BTreeMap<ExchangeId, Arc<LogRow>>,
    /// Oldest first. They are newer than all stored ones.
    unstored: Vec<Arc<LogRow>>,
    pages: Pages,
    recent: RecentCalls,
    last_number: u64,
    revision: u64,
    /// The stored rows that were added, changed or removed last, each with the revision of that.
    changes: VecDeque<(u64, ExchangeId)>,
    /// All changes after this revision are among `changes`.
    changes_since: u64,
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
    /// How many rows there are, in memory or not.
    pub fn len(&self) -> usize {
        self.ids.len() + self.unstored.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row at this position, counted from the newest; `None` if it is not in memory.
    pub fn row(&self, place: usize) -> Option<&LogRow> {
        self.shared_row(place).map(AsRef::as_ref)
    }

    /// The same, to be taken along.
    pub fn shared_row(&self, place: usize) -> Option<&Arc<LogRow>> {
        match place.checked_sub(self.unstored.len()) {
            None => self.unstored.get(self.unstored.len() - 1 - place),
            Some(_) => self.held.get(&self.id_at(place)?),
        }
    }

    /// The number of the row at this position; `None` if it has none.
    pub fn id_at(&self, place: usize) -> Option<ExchangeId> {
        let from_newest = place.checked_sub(self.unstored.len())?;
        self.ids.get(self.ids.len().checked_sub(from_newest + 1)?).copied()
    }

    /// The rows in memory, newest first. Between two of them there may be others that are not in memory.
    pub fn rows(&self) -> impl Iterator<Item = &LogRow> {
        self.unstored.iter().rev().chain(self.held.values().rev()).map(AsRef::as_ref)
    }

    /// The rows from this position on, up to the first that is not in memory.
    pub fn rows_from(&self, place: usize) -> impl Iterator<Item = &LogRow> {
        (place..self.len()).map_while(|place| self.row(place))
    }

    /// The position of this row, counted from the newest.
    pub fn place_of(&self, id: LogRowId) -> Option<usize> {
        match id {
            LogRowId::Stored(id) => self.place_of_stored(id),
            LogRowId::Unstored(number) => self.place_where(|row| row.number == number),
        }
    }

    /// The position of the stored row with this number.
    pub fn place_of_stored(&self, id: ExchangeId) -> Option<usize> {
        let place = self.ids.binary_search(&id).ok()?;
        Some(self.unstored.len() + self.ids.len() - 1 - place)
    }

    /// The position of this fetch's last row.
    pub fn place_of_fetch(&self, ticket: Ticket) -> Option<usize> {
        self.place_where(|row| row.ticket == Some(ticket))
    }

    fn place_where(&self, is_it: impl Fn(&LogRow) -> bool) -> Option<usize> {
        match self.unstored.iter().rev().position(|row| is_it(row)) {
            Some(place) => Some(place),
            None => self.place_of_stored(self.held.values().rev().find(|row| is_it(row))?.line.id?),
        }
    }

    /// Whether this exchange belongs to a row that is not written yet.
    pub(crate) fn is_unwritten(&self, exchange: &Arc<Exchange>) -> bool {
        let pending = |row: &&LogRow| row.is_unwritten && row.line.reuses.is_none();
        let is_this = |row: &LogRow| row.exchange.as_ref().is_some_and(|other| Arc::ptr_eq(other, exchange));
        self.rows().filter(pending).any(is_this)
    }

    /// Changes with the rows, but not with which of them are in memory.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The newest stored row.
    pub(super) fn newest_id(&self) -> Option<ExchangeId> {
        self.ids.last().copied()
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
        self.last_number += 1;
        let (number, id) = (self.last_number, line.id);
        let mut row = LogRow { number, ticket: Some(ticket), exchange: Some(exchange), is_unwritten, line };
        match id {
            Some(id) => {
                // The store may have reported this row already.
                if let Some(known) = self.held.get(&id) {
                    row.line = known.line.clone();
                }
                self.put(id, row);
            }
            None => self.unstored.push(Arc::new(row)),
        }
        self.revision += 1;
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
        let Listed { rows: lines, damaged } = listed;
        let is_there =
            |id| damaged.contains(&id) || lines.binary_search_by_key(&Some(id), |line| line.id).is_ok();
        let gone: Vec<_> = self.leases.keys().copied().filter(|id| *id > after && !is_there(*id)).collect();
        self.remove(gone.into_iter().chain(damaged));
        self.merge(lines);
    }

    /// Takes in rows of the store that are new or may have changed.
    pub(super) fn merge(&mut self, lines: Vec<LogEntry>) {
        for line in lines {
            let Some(id) = line.id else { continue };
            self.learn_quota_of(&line);
            let _ = match &line.lease {
                Some(lease) => self.leases.insert(id, LeaseEnd { until: lease.until, is_over: false }),
                None => self.leases.remove(&id),
            }; // the previous value does not matter
            match self.held.get_mut(&id) {
                Some(row) if row.line == line => {}
                Some(row) => {
                    self.recent.put(RecentCall::new(&line));
                    Arc::make_mut(row).line = line;
                    self.note_change(id);
                }
                // A row that can still change is in memory, so the store has this one as it was.
                None if self.ids.binary_search(&id).is_ok() => self.hold(id, line),
                None => self.put(id, LogRow::from_store(line)),
            }
        }
        self.pages.retry();
        self.let_go();
    }

    /// The exchanges of this fetch were written under these numbers, in the same order.
    pub(super) fn written(&mut self, ticket: Ticket, ids: &[ExchangeId]) {
        let is_its = |row: &Arc<LogRow>| row.ticket == Some(ticket);
        let stored = self.held.values_mut().filter(|row| is_its(row)).map(|row| {
            Arc::make_mut(row).is_unwritten = false;
        });
        let stored = stored.count();
        let (its, others) = std::mem::take(&mut self.unstored).into_iter().partition(is_its);
        self.unstored = others;
        let its: Vec<Arc<LogRow>> = its;
        for (row, id) in its.into_iter().zip(ids.iter().skip(stored)) {
            let mut row = Arc::unwrap_or_clone(row);
            (row.line.id, row.is_unwritten) = (Some(*id), false);
            self.put(*id, row);
        }
        self.revision += 1;
        self.release();
    }

    /// Everything that was pending is written. Rows without a number are removed, because they come again from the
    /// store.
    pub(super) fn all_written(&mut self) {
        self.unstored.clear();
        for row in self.held.values_mut().filter(|row| row.is_unwritten) {
            Arc::make_mut(row).is_unwritten = false;
        }
        self.revision += 1;
        self.release();
    }

    /// Brings a known row into memory.
    fn hold(&mut self, id: ExchangeId, line: LogEntry) {
        self.recent.put(RecentCall::new(&line));
        let _ = self.held.insert(id, Arc::new(LogRow::from_store(line))); // it was not there
    }

    /// Adds a stored row, or replaces it.
    fn put(&mut self, id: ExchangeId, row: LogRow) {
        if let Err(place) = self.ids.binary_search(&id) {
            self.ids.insert(place, id);
        }
        self.recent.put(RecentCall::new(&row.line));
        let _ = self.held.insert(id, Arc::new(row)); // one that is known has no more than this
        self.note_change(id);
    }

    /// Removes stored rows that no longer exist, or that can't be read.
    fn remove(&mut self, gone: impl IntoIterator<Item = ExchangeId>) {
        for id in gone {
            let Ok(place) = self.ids.binary_search(&id) else { continue };
            let _ = (self.ids.remove(place), self.held.remove(&id), self.leases.remove(&id)); // not needed any more
            self.recent.remove(id);
            self.note_change(id);
        }
    }

    /// Drops bodies that are written, oldest first, until the rest is within the budget.
    fn release(&mut self) {
        let mut size = 0;
        for row in self.unstored.iter_mut().rev().chain(self.held.values_mut().rev()) {
            size += row.exchange.as_ref().map_or(0, |exchange| exchange.body.len());
            let is_stored = !row.is_unwritten && row.line.id.is_some();
            if size > BODIES && is_stored && row.exchange.is_some() {
                Arc::make_mut(row).exchange = None;
            }
        }
    }
}
