//! The rows of the pane: this session's calls under way among those that have ended, each at the position that it
//! will have when it has ended.

mod cells;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

pub(super) use cells::has_unknown_end;
use cells::{asked_by, ended_cells, joined, leased_cells, leased_words, other_session};
use cells::{place_of_host, under_way_cells};

use super::filter_columns::{TOTALLED, filter_amount, filter_cell};
use crate::message::Ticket;
use crate::model::Model;
use crate::model::calls::CallUnderWay;
use crate::model::request_log::{LogRow, LogRowId, Mark};
use crate::model::session_info::SessionInfo;
use crate::pane::verdict::verdict;
use crate::ui::rows::{SortKey, TableRows};
use crate::ui::table::Cell;
use crate::ui::text::clean;
use crate::ui::theme::Theme;
use jiff::Timestamp;
use obx_core::i18n::Texts;
use obx_core::store::Lease;
use onebound::{Exchange, Price, Scope, SentCall, Subject};

/// All rows, newest first.
#[derive(Debug)]
pub(super) struct RequestRows<'a> {
    model: &'a Model,
    /// This session's calls under way, newest first, each with the number of newer ended ones.
    under_way: Vec<(usize, &'a CallUnderWay, SentCall)>,
}

/// What the texts of a row depend on, beside the row.
#[derive(Debug)]
pub(super) struct RowContext<'a> {
    pub(super) texts: Texts,
    pub(super) session: Cow<'a, SessionInfo>,
    now: Timestamp,
    scope: Scope,
}

impl<'a> RowContext<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        let session = Cow::Borrowed(&model.session);
        Self { texts: model.texts, session, now: model.now.at, scope: model.scope() }
    }

    /// The same, to be taken along.
    pub(super) fn into_owned(self) -> RowContext<'static> {
        let Self { texts, session, now, scope } = self;
        RowContext { texts, session: Cow::Owned(session.into_owned()), now, scope }
    }

    /// As [`Model::is_other_gateway`].
    fn is_other_gateway(&self, scope: &Scope) -> bool {
        !self.session.hosts.is_empty() && self.scope != *scope
    }
}

/// What filter and sorting read of a log that is in memory, as it was when they were wanted.
pub(super) struct LogTable {
    context: RowContext<'static>,
    rows: Vec<TakenRow>,
}

/// One row, to be filtered by itself.
pub(super) struct OneRow<'a> {
    pub(super) row: RequestRow<'a>,
    pub(super) context: &'a RowContext<'a>,
}

impl TableRows for OneRow<'_> {
    fn count(&self) -> usize {
        1
    }

    fn text(&self, _row: usize) -> String {
        self.row.haystack(self.context)
    }

    fn cell(&self, _row: usize, column: usize) -> String {
        filter_cell(&self.row, column, self.context)
    }

    fn amount(&self, _row: usize, column: usize) -> Option<Price> {
        filter_amount(&self.row, column, self.context)
    }

    fn sort_key(&self, _row: usize, column: usize) -> SortKey {
        self.row.sort_key(column, self.context)
    }
}

/// A row that was taken along; `None` where it is not in memory.
enum TakenRow {
    UnderWay(Box<(CallUnderWay, SentCall)>),
    OfLog(Option<Arc<LogRow>>),
}

impl LogTable {
    pub(super) fn new(rows: &RequestRows<'_>) -> Self {
        let taken = |place| match rows.at(place) {
            Some(RequestRow::UnderWay(call, sent)) => TakenRow::UnderWay(Box::new((call.clone(), sent))),
            _ => TakenRow::OfLog(
                rows.in_log(place).and_then(|place| rows.model.log.shared_row(place)).cloned(),
            ),
        };
        let context = RowContext::new(rows.model).into_owned();
        Self { context, rows: (0..rows.len()).map(taken).collect() }
    }

    fn row(&self, row: usize) -> Option<RequestRow<'_>> {
        Some(match self.rows.get(row)? {
            TakenRow::UnderWay(taken) => RequestRow::UnderWay(&taken.0, taken.1),
            TakenRow::OfLog(row) => RequestRow::from_log(0, row.as_deref()?),
        })
    }
}

impl TableRows for LogTable {
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn text(&self, row: usize) -> String {
        self.row(row).map_or_else(String::new, |row| row.haystack(&self.context))
    }

    fn cell(&self, row: usize, column: usize) -> String {
        self.row(row).map_or_else(String::new, |row| filter_cell(&row, column, &self.context))
    }

    fn amount(&self, row: usize, column: usize) -> Option<Price> {
        filter_amount(&self.row(row)?, column, &self.context)
    }

    fn columns_with_totals(&self) -> Vec<usize> {
        TOTALLED.to_vec()
    }

    fn sort_key(&self, row: usize, column: usize) -> SortKey {
        self.row(row).map_or(SortKey::Nothing, |row| row.sort_key(column, &self.context))
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
    Ended(LogRowId),
}

impl<'a> RequestRows<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        let newer =
            |out: SentCall| model.log.rows_from(0).take_while(|row| row.line.started_at > out.at).count();
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

    /// The row at this place; `None` if it is not in memory.
    pub(super) fn at(&self, place: usize) -> Option<RequestRow<'a>> {
        match self.find(place) {
            Ok((call, sent)) => Some(RequestRow::UnderWay(call, sent)),
            Err(place) => Some(RequestRow::from_log(place, self.model.log.row(place)?)),
        }
    }

    /// Identifies the row at this place, in memory or not.
    pub(super) fn id_at(&self, place: usize) -> Option<RowId> {
        let stored =
            || self.model.log.id_at(self.in_log(place)?).map(|id| RowId::Ended(LogRowId::Stored(id)));
        self.at(place).map(|row| row.id()).or_else(stored)
    }

    /// The place in the log of the row at this place; `None` if it is a call under way.
    pub(super) fn in_log(&self, place: usize) -> Option<usize> {
        self.find(place).err()
    }

    /// The calls under way with their places.
    pub(super) fn calls(&self) -> impl Iterator<Item = (usize, RequestRow<'a>)> {
        let calls = self.under_way.iter().enumerate();
        calls.map(|(above, (newer, call, sent))| (newer + above, RequestRow::UnderWay(call, *sent)))
    }

    /// The place of a row of the log.
    pub(super) fn place_in_rows(&self, in_log: usize) -> usize {
        in_log + self.under_way.iter().filter(|(newer, _, _)| *newer <= in_log).count()
    }

    fn find(&self, place: usize) -> Result<(&'a CallUnderWay, SentCall), usize> {
        let mut above = 0;
        for (newer, call, out) in &self.under_way {
            match (newer + above).cmp(&place) {
                Ordering::Less => above += 1,
                Ordering::Equal => return Ok((call, *out)),
                Ordering::Greater => break,
            }
        }
        Err(place - above)
    }

    pub(super) fn place_of(&self, id: RowId) -> Option<usize> {
        let in_log = match id {
            RowId::Ended(id) => self.model.log.place_of(id)?,
            RowId::UnderWay(ticket) => {
                let still = self.under_way.iter().enumerate().find(|(_, (_, call, _))| call.ticket == ticket);
                match still {
                    Some((above, (newer, _, _))) => return Some(newer + above),
                    None => self.model.log.place_of_fetch(ticket)?,
                }
            }
        };
        Some(self.place_in_rows(in_log))
    }
}

impl<'a> RequestRow<'a> {
    /// The row of the log at this position.
    pub(super) fn from_log(place: usize, row: &'a LogRow) -> Self {
        match &row.line.lease {
            Some(lease) => Self::Leased(row, lease),
            None => Self::Ended(place, row),
        }
    }
}

impl RequestRow<'_> {
    /// Whether this session made the call.
    pub(super) fn is_own(&self) -> bool {
        match self {
            RequestRow::UnderWay(..) => true,
            RequestRow::Leased(..) => false,
            RequestRow::Ended(_, row) => row.is_own(),
        }
    }

    pub(super) fn id(&self) -> RowId {
        match self {
            Self::UnderWay(call, _) => RowId::UnderWay(call.ticket),
            Self::Leased(row, _) | Self::Ended(_, row) => RowId::Ended(row.id()),
        }
    }

    pub(super) fn subject(&self) -> Subject {
        match self {
            Self::UnderWay(call, _) => call.call.subject(),
            Self::Leased(row, _) | Self::Ended(_, row) => row.line.subject.clone(),
        }
    }

    /// Whether it was sent to another gateway than the session's, and to none of the session's hosts.
    fn is_of_other_gateway(&self, context: &RowContext<'_>) -> bool {
        match self {
            Self::UnderWay(..) => false,
            Self::Leased(row, _) | Self::Ended(_, row) => {
                place_of_host(&row.line, context).is_none() && context.is_other_gateway(&row.line.scope)
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
    pub(super) fn words(&self, context: &RowContext<'_>) -> String {
        match self {
            Self::UnderWay(call, _) if call.is_of_batch => context.texts.row_in_batch().to_owned(),
            // The user no longer waits after Esc, or after requesting something else.
            Self::UnderWay(call, _) if !call.awaited => context.texts.row_not_awaited().to_owned(),
            Self::UnderWay(..) => context.texts.row_under_way().to_owned(),
            Self::Leased(row, lease) => leased_words(&row.line, lease, context),
            Self::Ended(_, row) => verdict(&row.line.summary, context.texts),
        }
    }

    /// A message that says why it can't be opened or refetched; `None` if it can.
    pub(super) fn nothing_yet(&self, context: &RowContext<'_>) -> Option<String> {
        let (id, texts) = (self.subject(), context.texts);
        match self {
            Self::UnderWay(..) => Some(texts.outcome_pending(id, self.words(context))),
            Self::Leased(row, lease) => {
                Some(texts.outcome_pending_in_session(id, other_session(&row.line, lease, context)))
            }
            Self::Ended(..) => None,
        }
    }

    pub(super) fn started_at(&self) -> Timestamp {
        match self {
            Self::UnderWay(_, out) => out.at,
            Self::Leased(row, _) | Self::Ended(_, row) => row.line.started_at,
        }
    }

    pub(super) fn time(&self, context: &RowContext<'_>) -> String {
        context.session.row_time(self.started_at(), context.now)
    }

    pub(super) fn quota(&self) -> String {
        let Self::Ended(_, row) = self else { return String::new() };
        let number = |count: Option<u64>| count.map_or_else(|| "?".to_owned(), |count| count.to_string());
        let (used, allowed) = (row.line.used, row.line.allowed);
        let is_known = used.or(allowed).is_some();
        if is_known { format!("{}/{}", number(used), number(allowed)) } else { String::new() }
    }

    pub(super) fn cells(&self, context: &RowContext<'_>) -> Vec<Cell> {
        let theme = Theme;
        let mut cells = vec![
            Cell::new(self.time(context), theme.text()),
            Cell::new(clean(self.subject().as_str()), theme.strong()),
        ];
        cells.extend(match self {
            Self::UnderWay(call, out) => under_way_cells(call, *out, &self.words(context), context),
            Self::Leased(row, _) => leased_cells(row, &self.words(context), context),
            Self::Ended(_, row) => ended_cells(row, &self.words(context), self.quota(), context),
        });
        cells.extend(asked_by(self, context));
        if self.is_of_other_gateway(context) {
            for cell in &mut cells {
                cell.style = theme.dim();
            }
        }
        cells
    }

    /// The text that the filter searches: the row's cells, and its cost in full. A call under way has no duration
    /// yet.
    pub(super) fn haystack(&self, context: &RowContext<'_>) -> String {
        let mut cells = self.cells(context);
        let Self::Ended(_, row) = self else {
            // The elapsed time changes with each frame.
            cells.truncate(3);
            return joined(&cells);
        };
        let mut text = joined(&cells);
        text.push_str(match row.mark() {
            Mark::Billed => context.texts.mark_billed_in_full(),
            Mark::Unknown => context.texts.mark_unknown_in_full(),
            Mark::Free | Mark::Store => "",
        });
        text
    }

    /// The sort key of a cell: times, durations and sizes by value, others by text. Unknown values are last.
    pub(super) fn sort_key(&self, column: usize, context: &RowContext<'_>) -> SortKey {
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
            _ => self
                .cells(context)
                .get(column)
                .map_or(SortKey::Nothing, |cell| SortKey::from_text(&cell.text)),
        }
    }
}
