//! The rows of the pane: this session's calls under way among those that have ended, each at the position that it
//! will have when it has ended.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use super::filter_columns::{TOTALLED, filter_amount, filter_cell};
use super::mark_text;
use crate::message::Ticket;
use crate::model::Model;
use crate::model::calls::CallUnderWay;
use crate::model::request_log::{LogRow, Mark};
use crate::pane::verdict::{outcome_style, verdict};
use crate::ui::measure;
use crate::ui::rows::{SortKey, TableRows};
use crate::ui::table::Cell;
use crate::ui::text::clean;
use crate::ui::theme::{Theme, UNDER_WAY};
use jiff::Timestamp;
use obx_core::i18n::Texts;
use obx_core::store::{Lease, LogEntry};
use onebound::{Exchange, Outcome, Price, SentCall, Subject};

/// Added to the elapsed time, in milliseconds. Frames are drawn every half second from when a call was requested, and
/// it is sent slightly later. Without this the call would appear a second younger.
const LITTLE_LATER: i64 = 250;

/// All rows, newest first.
#[derive(Debug)]
pub(super) struct RequestRows<'a> {
    model: &'a Model,
    /// This session's calls under way, newest first, each with the number of newer ended ones.
    under_way: Vec<(usize, &'a CallUnderWay, SentCall)>,
}

/// What filter and sorting read of the log, as it was when they were wanted.
pub(super) struct LogTable(pub(super) Model);

impl TableRows for LogTable {
    fn count(&self) -> usize {
        RequestRows::new(&self.0).len()
    }

    fn text(&self, row: usize) -> String {
        RequestRows::new(&self.0).at(row).map_or_else(String::new, |row| row.haystack(&self.0))
    }

    fn cell(&self, row: usize, column: usize) -> String {
        let row = RequestRows::new(&self.0).at(row);
        row.map_or_else(String::new, |row| filter_cell(&row, column, &self.0))
    }

    fn amount(&self, row: usize, column: usize) -> Option<Price> {
        let row = RequestRows::new(&self.0).at(row)?;
        filter_amount(&row, column, &self.0)
    }

    fn columns_with_totals(&self) -> Vec<usize> {
        TOTALLED.to_vec()
    }

    fn sort_key(&self, row: usize, column: usize) -> SortKey {
        RequestRows::new(&self.0).at(row).map_or(SortKey::Nothing, |row| row.sort_key(column, &self.0))
    }
}

/// A row of the pane.
#[derive(Clone, Copy, Debug)]
pub(super) enum RequestRow<'a> {
    /// A call of this session that is under way.
    UnderWay(&'a CallUnderWay, SentCall),
    /// A call that another session has under way.
    Leased(&'a LogRow, &'a Lease),
    /// An ended call with its position in the log.
    Ended(usize, &'a LogRow),
}

/// Identifies a row, also after its call has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowId {
    UnderWay(Ticket),
    Ended(u64),
}

impl<'a> RequestRows<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        let newer = |out: SentCall| model.log.rows().take_while(|row| row.line.started_at > out.at).count();
        let under_way = model.calls.out().into_iter().map(|(call, out)| (newer(out), call, out)).collect();
        Self { model, under_way }
    }

    /// Changes with the rows, and with the texts that filter and sorting use.
    pub(super) fn revision(&self) -> u64 {
        self.model.log.revision() + self.model.calls.revision()
    }

    pub(super) fn len(&self) -> usize {
        self.under_way.len() + self.model.log.len()
    }

    pub(super) fn at(&self, place: usize) -> Option<RequestRow<'a>> {
        let mut above = 0;
        for (newer, call, out) in &self.under_way {
            match (newer + above).cmp(&place) {
                Ordering::Less => above += 1,
                Ordering::Equal => return Some(RequestRow::UnderWay(call, *out)),
                Ordering::Greater => break,
            }
        }
        let place = place - above;
        let row = self.model.log.row(place)?;
        Some(match &row.line.lease {
            Some(lease) => RequestRow::Leased(row, lease),
            None => RequestRow::Ended(place, row),
        })
    }

    pub(super) fn place_of(&self, id: RowId) -> Option<usize> {
        let in_log = match id {
            RowId::Ended(number) => self.model.log.place_of(number)?,
            RowId::UnderWay(ticket) => {
                let still = self.under_way.iter().enumerate().find(|(_, (_, call, _))| call.ticket == ticket);
                match still {
                    Some((above, (newer, _, _))) => return Some(newer + above),
                    None => self.model.log.place_of_fetch(ticket)?,
                }
            }
        };
        Some(in_log + self.under_way.iter().filter(|(newer, _, _)| *newer <= in_log).count())
    }
}

impl RequestRow<'_> {
    pub(super) fn id(&self) -> RowId {
        match self {
            Self::UnderWay(call, _) => RowId::UnderWay(call.ticket),
            Self::Leased(row, _) | Self::Ended(_, row) => RowId::Ended(row.number),
        }
    }

    pub(super) fn subject(&self) -> Subject {
        match self {
            Self::UnderWay(call, _) => call.call.subject(),
            Self::Leased(row, _) | Self::Ended(_, row) => row.line.subject.clone(),
        }
    }

    /// Whether it was sent to another gateway than the session's, and to none of the session's hosts.
    fn is_of_other_gateway(&self, model: &Model) -> bool {
        match self {
            Self::UnderWay(..) => false,
            Self::Leased(row, _) | Self::Ended(_, row) => {
                place_of_host(&row.line, model).is_none() && model.is_other_gateway(&row.line.scope)
            }
        }
    }

    /// Whether its exchange is the one that the other panes show.
    pub(super) fn is_shown(&self, model: &Model) -> bool {
        let (Self::Ended(_, row), Some(shown)) = (self, &model.shown) else { return false };
        let is_same = |exchange: &Arc<Exchange>| Arc::ptr_eq(exchange, &shown.exchange);
        let is_named = shown.id.is_some() && [row.line.id, row.line.reuses].contains(&shown.id);
        is_named || row.exchange().is_some_and(is_same)
    }

    /// The outcome, or that the call is under way.
    pub(super) fn words(&self, model: &Model) -> String {
        match self {
            // The user no longer waits after Esc, or after requesting something else.
            Self::UnderWay(call, _) if !call.awaited => model.texts.row_not_awaited().to_owned(),
            Self::UnderWay(..) => model.texts.row_under_way().to_owned(),
            Self::Leased(_, lease) => leased_words(lease, model.texts),
            Self::Ended(_, row) => verdict(&row.line.summary, model.texts),
        }
    }

    /// A message that says why it can't be opened or refetched; `None` if it can.
    pub(super) fn nothing_yet(&self, model: &Model) -> Option<String> {
        let (id, texts) = (self.subject(), model.texts);
        match self {
            Self::UnderWay(..) => Some(texts.outcome_pending(id, self.words(model))),
            Self::Leased(_, lease) => Some(texts.outcome_pending_in_session(id, other_session(lease, texts))),
            Self::Ended(..) => None,
        }
    }

    pub(super) fn started_at(&self) -> Timestamp {
        match self {
            Self::UnderWay(_, out) => out.at,
            Self::Leased(row, _) | Self::Ended(_, row) => row.line.started_at,
        }
    }

    pub(super) fn time(&self, model: &Model) -> String {
        model.session.row_time(self.started_at(), model.now.at)
    }

    pub(super) fn quota(&self) -> String {
        let Self::Ended(_, row) = self else { return String::new() };
        let number = |count: Option<u64>| count.map_or_else(|| "?".to_owned(), |count| count.to_string());
        let (used, allowed) = (row.line.used, row.line.allowed);
        let is_known = used.or(allowed).is_some();
        if is_known { format!("{}/{}", number(used), number(allowed)) } else { String::new() }
    }

    pub(super) fn cells(&self, model: &Model) -> Vec<Cell> {
        let theme = Theme;
        let mut cells = vec![
            Cell::new(self.time(model), theme.text()),
            Cell::new(clean(self.subject().as_str()), theme.strong()),
        ];
        cells.extend(match self {
            Self::UnderWay(call, out) => under_way_cells(call, *out, &self.words(model), model),
            Self::Leased(row, _) => leased_cells(row, &self.words(model), model),
            Self::Ended(_, row) => ended_cells(row, &self.words(model), self.quota(), model),
        });
        if self.is_of_other_gateway(model) {
            for cell in &mut cells {
                cell.style = theme.dim();
            }
        }
        cells
    }

    /// The text that the filter searches: the row's cells, and its cost in full. A call under way has no duration
    /// yet.
    pub(super) fn haystack(&self, model: &Model) -> String {
        let mut cells = self.cells(model);
        let Self::Ended(_, row) = self else {
            // The elapsed time changes with each frame.
            cells.truncate(3);
            return joined(&cells);
        };
        let mut text = joined(&cells);
        text.push_str(match row.mark() {
            Mark::Billed => model.texts.mark_billed_in_full(),
            Mark::Unknown => model.texts.mark_unknown_in_full(),
            Mark::Free | Mark::Store => "",
        });
        text
    }

    /// The sort key of a cell: times, durations and sizes by value, others by text. Unknown values are last.
    pub(super) fn sort_key(&self, column: usize, model: &Model) -> SortKey {
        let number = |number: i64| SortKey::from_text(&number.to_string());
        match (self, column) {
            (Self::UnderWay(_, out), 0) => number(out.at.as_millisecond()),
            (Self::UnderWay(..) | Self::Leased(..), 3..) => SortKey::Nothing,
            (Self::Leased(row, _) | Self::Ended(_, row), 0) => number(row.line.started_at.as_millisecond()),
            (Self::Ended(_, row), 3) => {
                row.line.used.map_or(SortKey::Nothing, |used| SortKey::from_text(&used.to_string()))
            }
            (Self::Ended(_, row), 6 | 7) if has_unknown_end(row) => SortKey::Nothing,
            (Self::Ended(_, row), 6) => SortKey::Number(row.line.total.as_secs_f64()),
            (Self::Ended(_, row), 7) => SortKey::from_text(&row.line.size.to_string()),
            _ => {
                self.cells(model).get(column).map_or(SortKey::Nothing, |cell| SortKey::from_text(&cell.text))
            }
        }
    }
}

fn joined(cells: &[Cell]) -> String {
    let mut text = String::new();
    for cell in cells {
        text.push_str(&cell.text);
        text.push('\n');
    }
    text
}

/// The cells from the outcome on. The elapsed time is shown only for the awaited call, for which frames are drawn
/// anyway.
fn under_way_cells(call: &CallUnderWay, out: SentCall, words: &str, model: &Model) -> Vec<Cell> {
    let theme = Theme;
    let style = if call.awaited { theme.warn() } else { theme.dim() };
    let elapsed = model.now.at.as_millisecond() - out.at.as_millisecond() + LITTLE_LATER;
    let elapsed = format!("{}{UNDER_WAY}", elapsed.max(0) / 1_000);
    vec![
        Cell::new(marked(out.host, format!("{UNDER_WAY} {words}")), style),
        Cell::default(),
        Cell::new(UNDER_WAY, style),
        Cell::default(),
        Cell::new(if call.awaited { elapsed } else { String::new() }, theme.dim()),
        Cell::default(),
    ]
}

/// Whether obx ended before the call did, so that duration and outcome are unknown.
pub(super) fn has_unknown_end(row: &LogRow) -> bool {
    row.line.summary.outcome == Outcome::Interrupted
}

/// The cells from the outcome on.
fn ended_cells(row: &LogRow, words: &str, quota: String, model: &Model) -> Vec<Cell> {
    let (line, theme) = (&row.line, Theme);
    let outcome_style = outcome_style(&line.summary.outcome);
    let (mark, mark_style) = mark_text(row.mark(), model);
    let unknown = has_unknown_end(row);
    // A saved body has no duration.
    let no_duration = unknown || (model.session.file.is_some() && line.total.is_zero());
    vec![
        Cell::new(with_host(line, words.to_owned(), model), outcome_style),
        Cell::new(quota, theme.text()),
        Cell::new(mark, mark_style),
        Cell::new(clean(line.execution_time.as_deref().unwrap_or_default()), theme.text()),
        Cell::new(if no_duration { String::new() } else { measure::seconds(line.total) }, theme.text()),
        Cell::new(if unknown { String::new() } else { measure::bytes(line.size) }, theme.text()),
    ]
}

/// The cells from the outcome on, for a call that another session has under way.
fn leased_cells(row: &LogRow, words: &str, model: &Model) -> Vec<Cell> {
    let style = Theme.dim();
    let outcome = with_host(&row.line, format!("{UNDER_WAY} {words}"), model);
    let mut cells = vec![Cell::new(outcome, style), Cell::default(), Cell::new(UNDER_WAY, style)];
    cells.resize_with(6, Cell::default);
    cells
}

/// The process that made a call, and the machine if it is another one.
struct Whose<'a> {
    pid: u32,
    machine: Option<Cow<'a, str>>,
}

impl<'a> Whose<'a> {
    /// The owner of a lease; `None` if an older obx did not store it.
    fn from_lease(lease: &'a Lease) -> Option<Self> {
        let owner = lease.owner.as_ref()?;
        let is_remote = !owner.is_on_this_machine() && !owner.machine.is_empty();
        Some(Self { pid: owner.pid, machine: is_remote.then(|| clean(&owner.machine)) })
    }
}

/// The owner, as a row of the log names it.
fn leased_words(lease: &Lease, texts: Texts) -> String {
    match Whose::from_lease(lease) {
        None => texts.row_of_session().to_owned(),
        Some(Whose { pid, machine: None }) => texts.row_of_pid(pid),
        Some(Whose { pid, machine: Some(machine) }) => texts.row_of_machine(pid, machine),
    }
}

/// The owner, as a sentence names it.
fn other_session(lease: &Lease, texts: Texts) -> String {
    match Whose::from_lease(lease) {
        None => texts.other_session().to_owned(),
        Some(Whose { pid, machine: None }) => texts.other_session_pid(pid),
        Some(Whose { pid, machine: Some(machine) }) => texts.other_session_at(pid, machine),
    }
}

/// The index of the entry's host among the session's hosts.
fn place_of_host(line: &LogEntry, model: &Model) -> Option<usize> {
    model.session.hosts.iter().position(|host| host.name() == *line.host)
}

/// Adds the host to an outcome: nothing for the session's first host, `@2` for another of its hosts. The name of any
/// other host follows the outcome, where it may be cut off; `@` at the beginning marks another gateway.
fn with_host(line: &LogEntry, words: String, model: &Model) -> String {
    let place = place_of_host(line, model);
    match place {
        _ if model.session.hosts.is_empty() => words,
        None if model.is_other_gateway(&line.scope) => format!("@ {words} · {}", clean(&line.host)),
        // Nothing was sent.
        _ if line.reuses.is_some() => words,
        None => format!("{words} · {}", clean(&line.host)),
        Some(place) => marked(place, words),
    }
}

fn marked(place: usize, words: String) -> String {
    if place == 0 { words } else { format!("@{} {words}", place + 1) }
}
