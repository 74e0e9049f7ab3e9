//! What was asked, in this session and in earlier ones, newest first.
//!
//! A row is a line without its body; bodies of this session stay beside their rows up to a budget, for the store
//! has them all. A row whose exchange is not written yet keeps it in any case.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;

use crate::message::Ticket;
use obx_core::store::{ExchangeId, LogEntry, beijing_day};
use onebound::{Account, Billing, Exchange, Quota, Scope};

/// Bytes of bodies that stay in memory beside their rows; the oldest leave first.
const BODIES: usize = 32 * 1024 * 1024;

/// One line of the log.
#[derive(Clone, Debug)]
pub struct LogRow {
    /// What the log tells.
    pub line: LogEntry,
    /// Tells it from all others in this session.
    pub number: u64,
    /// The fetch of this session that it came from.
    ticket: Option<Ticket>,
    exchange: Option<Arc<Exchange>>,
    /// The store was handed it and has not written it yet.
    is_unwritten: bool,
}

/// What a line cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// By the vendor's table.
    Billed,
    /// By the vendor's table, or nothing was sent.
    Free,
    /// Answered from the store.
    Store,
    /// Nobody can tell.
    Unknown,
}

impl Mark {
    /// In the order in which totals are told.
    pub const ALL: [Self; 4] = [Self::Billed, Self::Unknown, Self::Free, Self::Store];
}

impl Mark {
    /// What a line cost.
    pub fn of(line: &LogEntry) -> Self {
        match (line.reuses, line.billing) {
            (Some(_), _) => Self::Store,
            (None, Billing::Billed) => Self::Billed,
            (None, Billing::Free) => Self::Free,
            (None, Billing::Unknown) => Self::Unknown,
        }
    }
}

impl LogRow {
    /// What it cost.
    pub fn mark(&self) -> Mark {
        Mark::of(&self.line)
    }

    /// The exchange in full, where it is still in memory.
    pub fn exchange(&self) -> Option<&Arc<Exchange>> {
        self.exchange.as_ref()
    }

    /// Stored ones by their number; what has none yet is newer than all of them.
    fn order(&self) -> ExchangeId {
        self.line.id.unwrap_or(ExchangeId(i64::MAX))
    }
}

/// What the store has before the oldest row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Older {
    /// Nothing, as far as is known.
    #[default]
    None,
    /// More, which nobody has asked for.
    More,
    /// More, and a page of it is on its way.
    Asked,
    /// More, which could not be read: it is tried again once the store says something new.
    Unread,
}

/// The lines: the newest ones, and of the older ones as many pages as were needed.
#[derive(Clone, Debug, Default)]
pub struct RequestLog {
    /// Oldest first; older ones come in at the front, page by page.
    /// Each shared, so that a copy of the log costs little.
    rows: VecDeque<Arc<LogRow>>,
    last_number: u64,
    revision: u64,
    older: Older,
    quotas: Vec<(Account, Timestamp, Quota)>,
    /// The rows whose calls other sessions have under way.
    leases: BTreeMap<ExchangeId, LeaseEnd>,
}

/// When a call of another session is no longer waited for.
#[derive(Clone, Copy, Debug)]
struct LeaseEnd {
    until: Timestamp,
    /// It is over, and the store is asked what became of the row.
    is_over: bool,
}

impl RequestLog {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nothing was asked yet.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row at this place, counted from the newest.
    pub fn row(&self, place: usize) -> Option<&LogRow> {
        self.rows.get(self.rows.len().checked_sub(place + 1)?).map(AsRef::as_ref)
    }

    /// Newest first.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = &LogRow> {
        self.rows.iter().rev().map(AsRef::as_ref)
    }

    /// The place of the row with this number, counted from the newest.
    pub fn place_of(&self, number: u64) -> Option<usize> {
        self.rows().position(|row| row.number == number)
    }

    /// The place of the last row that came of this fetch, until that is written.
    pub fn place_of_fetch(&self, ticket: Ticket) -> Option<usize> {
        self.rows().position(|row| row.ticket == Some(ticket))
    }

    /// Whether this exchange is a row's own, and that row is not written yet.
    pub(super) fn is_unwritten(&self, exchange: &Arc<Exchange>) -> bool {
        let pending = |row: &&LogRow| row.is_unwritten && row.line.reuses.is_none();
        let is_this = |row: &LogRow| row.exchange.as_ref().is_some_and(|other| Arc::ptr_eq(other, exchange));
        self.rows().filter(pending).any(is_this)
    }

    /// Changes with the lines.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// What the newest answer to this key at its gateway said of its quota, and when.
    pub fn quota(&self, account: &Account) -> Option<(&Quota, Timestamp)> {
        let found = self.quotas.iter().filter(|(of, _, _)| of == account);
        found.max_by_key(|(_, at, _)| *at).map(|(_, at, quota)| (quota, *at))
    }

    /// The rows of this moment's Beijing day, newest first.
    pub fn of_day(&self, now: Timestamp) -> impl Iterator<Item = &LogRow> {
        let day = beijing_day(now);
        self.rows().take_while(move |row| beijing_day(row.line.started_at) >= day)
    }

    /// How many calls to this gateway on this moment's Beijing day bear each mark.
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

    /// Whether a page of them is to be had that nobody has asked for.
    pub fn may_ask_for_older(&self) -> bool {
        self.older == Older::More
    }

    /// The row before which the next page is to be asked for; `None` where there is none, or it is on its way.
    pub(super) fn ask_for_older(&mut self) -> Option<ExchangeId> {
        let oldest = self.oldest_id().filter(|_| self.may_ask_for_older())?;
        self.older = Older::Asked;
        Some(oldest)
    }

    /// Whether totals, pace and keys of today and yesterday may lack rows that only the store has.
    pub(super) fn lacks_recent(&self, now: Timestamp) -> bool {
        let oldest = self.rows.front().map(|row| beijing_day(row.line.started_at));
        self.has_older() && oldest.is_none_or(|day| day >= beijing_day(now) - 1)
    }

    /// The page of older rows could not be read.
    pub(super) fn older_unread(&mut self) {
        self.older = Older::Unread;
    }

    /// A page of older rows is here: whether there are more.
    pub(super) fn set_older(&mut self, more: bool) {
        self.older = if more { Older::More } else { Older::None };
        self.revision += 1;
    }

    /// The newest that is stored.
    pub(super) fn newest_id(&self) -> Option<ExchangeId> {
        self.rows().find_map(|row| row.line.id)
    }

    /// The oldest that is stored.
    pub(super) fn oldest_id(&self) -> Option<ExchangeId> {
        self.rows.iter().find_map(|row| row.line.id)
    }

    /// A row of this session, with its exchange; `is_unwritten` until [`RequestLog::written`].
    pub(super) fn add(
        &mut self,
        ticket: Ticket,
        line: LogEntry,
        exchange: Arc<Exchange>,
        is_unwritten: bool,
    ) {
        let told = exchange.envelope().and_then(|envelope| envelope.quota.clone());
        if let Some(quota) = told.filter(|_| line.reuses.is_none()) {
            self.learn_quotas([(line.account(), exchange.ended_at(), quota)]);
        }
        let told = line.id.and_then(|id| self.place_in_rows(id));
        match told.and_then(|place| self.rows.get_mut(place)).map(Arc::make_mut) {
            // The store was faster to tell of it.
            Some(row) => {
                (row.ticket, row.exchange, row.is_unwritten) = (Some(ticket), Some(exchange), is_unwritten);
            }
            None => self.push(line, Some(ticket), Some(exchange), is_unwritten),
        }
        self.put_in_order();
        self.release();
    }

    pub(super) fn learn_quotas(&mut self, told: impl IntoIterator<Item = (Account, Timestamp, Quota)>) {
        for (account, at, quota) in told {
            self.quotas.retain(|(of, before, _)| *of != account || *before > at);
            if !self.quotas.iter().any(|(of, _, _)| *of == account) {
                self.quotas.push((account, at, quota));
            }
        }
    }

    /// When the next call that another session has under way is no longer waited for.
    pub fn next_lease_end(&self) -> Option<Timestamp> {
        self.leases.values().filter(|end| !end.is_over).map(|end| end.until).min()
    }

    /// Whether a lease is over, so that the store has another word on its row. Told once.
    pub(super) fn take_ended_lease(&mut self, now: Timestamp) -> bool {
        let mut ended = false;
        for end in self.leases.values_mut().filter(|end| !end.is_over && end.until <= now) {
            (end.is_over, ended) = (true, true);
        }
        ended
    }

    /// The row after which the store is asked for what is new: the newest one, or the one before the first that another
    /// session has under way. `None` where there is no row.
    pub(super) fn known_until(&self) -> Option<ExchangeId> {
        let newest = self.newest_id()?;
        let leased = self.leases.keys().next().map(|id| ExchangeId(id.0 - 1));
        Some(leased.map_or(newest, |leased| leased.min(newest)))
    }

    /// All that the store has after this row, oldest first. Calls of other sessions that it no longer has were not sent.
    pub(super) fn merge_after(&mut self, after: ExchangeId, lines: Vec<LogEntry>) {
        let is_there = |id| lines.binary_search_by_key(&Some(id), |line| line.id).is_ok();
        let gone: Vec<_> = self.leases.keys().copied().filter(|id| *id > after && !is_there(*id)).collect();
        if !gone.is_empty() {
            self.rows.retain(|row| row.line.id.is_none_or(|id| gone.binary_search(&id).is_err()));
            self.leases.retain(|id, _| gone.binary_search(id).is_err());
            self.revision += 1;
        }
        self.merge(lines);
    }

    /// What the store tells, oldest first: new lines go in, known ones are told anew.
    pub(super) fn merge(&mut self, lines: Vec<LogEntry>) {
        if self.older == Older::Unread {
            self.older = Older::More;
        }
        for (id, lease) in lines.iter().filter_map(|line| Some((line.id?, line.lease.as_ref()))) {
            let _ = match lease {
                Some(lease) => self.leases.insert(id, LeaseEnd { until: lease.until, is_over: false }),
                None => self.leases.remove(&id),
            }; // what was known of it before
        }
        if lines.last().is_none_or(|line| line.id < self.oldest_id()) {
            return self.put_before(lines);
        }
        let (known, new): (Vec<_>, Vec<_>) =
            lines.into_iter().partition(|line| line.id.is_some_and(|id| self.place_in_rows(id).is_some()));
        for line in known {
            self.tell_anew(line);
        }
        for line in new {
            self.push(line, None, None, false);
        }
        self.put_in_order();
    }

    /// Older ones than all that are here: there can be very many, of which each costs little.
    fn put_before(&mut self, lines: Vec<LogEntry>) {
        for line in lines.into_iter().rev() {
            self.last_number += 1;
            let (number, ticket, exchange, is_unwritten) = (self.last_number, None, None, false);
            self.rows.push_front(Arc::new(LogRow { line, number, ticket, exchange, is_unwritten }));
        }
        self.revision += 1;
    }

    /// The exchanges of this fetch are written, the first of them as the first of these.
    pub(super) fn written(&mut self, ticket: Ticket, ids: &[ExchangeId]) {
        let known: Vec<_> = ids.iter().copied().filter(|id| self.place_in_rows(*id).is_some()).collect();
        let mut ids = ids.iter().copied();
        let mut told_twice = Vec::new();
        for row in self.rows.iter_mut().filter(|row| row.ticket == Some(ticket)).map(Arc::make_mut) {
            let Some(id) = ids.next() else { break };
            if row.line.id.is_none() && known.contains(&id) {
                // The store was faster to tell of it.
                told_twice.push(row.number);
            }
            (row.line.id, row.ticket, row.is_unwritten) = (Some(id), None, false);
        }
        self.rows.retain(|row| !told_twice.contains(&row.number));
        self.revision += 1;
        self.put_in_order();
        self.release();
    }

    /// Whatever waited is written; rows whose number there is unknown come again from the store.
    pub(super) fn all_written(&mut self) {
        self.rows.retain(|row| row.line.id.is_some());
        for row in self.rows.iter_mut().filter(|row| row.ticket.is_some() || row.is_unwritten) {
            let row = Arc::make_mut(row);
            (row.ticket, row.is_unwritten) = (None, false);
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

    fn tell_anew(&mut self, line: LogEntry) {
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

    /// Lets bodies go that are written, the oldest first, until the rest is within the budget.
    fn release(&mut self) {
        let mut held = 0;
        for row in self.rows.iter_mut().rev() {
            held += row.exchange.as_ref().map_or(0, |exchange| exchange.body.len());
            if held > BODIES && row.ticket.is_none() && row.exchange.is_some() {
                Arc::make_mut(row).exchange = None;
            }
        }
    }
}
