//! Filters and sorts a log that is not in memory as a whole: the store goes through its rows once, and from then on only
//! rows that are new or have changed are looked at.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::rows::{OneRow, RequestRow, RequestRows, RowContext};
use crate::message::{Effect, LogScan, Scanned, StoreRequest};
use crate::model::Model;
use crate::model::request_log::LogRow;
use crate::pane::table_query::{ScanState, TableQuery};
use crate::ui::filter::Filter;
use crate::ui::rows::{Sort, SortKey, TableRows, is_match};
use crate::ui::scroll::Scroll;
use obx_core::i18n::Language;
use obx_core::store::{ExchangeId, LogEntry};

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    filter: Filter,
    sort: Option<Sort>,
    /// The filter reads what the screen shows.
    language: Language,
}

/// The rows that were found, in no order.
#[derive(Debug)]
struct FoundRows {
    wanted: Wanted,
    rows: Vec<(ExchangeId, SortKey)>,
    /// The revision of the log up to which its changes are in `rows`.
    revision: u64,
}

/// The newest scan and its result.
#[derive(Debug, Default)]
pub(super) struct StoreScan {
    number: u64,
    /// What the newest scan looks for, and the revision of the log when it began.
    awaited: Option<(Wanted, u64)>,
    found: Option<FoundRows>,
    /// What could not be looked for.
    failed: Option<Wanted>,
    /// The revision of the rows that the table shows.
    shown: Option<u64>,
    /// Whether the table was given rows since the last look at this.
    was_shown: bool,
}

impl Wanted {
    /// What a row is sorted by; `None` if the filter leaves it out.
    fn key(&self, row: RequestRow<'_>, context: &RowContext<'_>) -> Option<SortKey> {
        let row = OneRow { row, context };
        let is_in = self.filter.is_empty() || is_match(&row, 0, &self.filter);
        is_in.then(|| self.sort.map_or(SortKey::Nothing, |sort| row.sort_key(0, sort.column)))
    }
}

impl StoreScan {
    /// Forgets all of it: the log is in memory as a whole, or nothing is looked for.
    pub(super) fn clear(&mut self) {
        if self.awaited.is_some() || self.found.is_some() {
            // The result of a scan that is under way is of another number.
            *self = Self { number: self.number + 1, ..Self::default() };
        }
    }

    /// Brings the table up to date; returns the scan that this needs.
    #[must_use]
    pub(super) fn arrange(
        &mut self,
        rows: &RequestRows<'_>,
        model: &Model,
        query: &mut TableQuery,
        scroll: &mut Scroll,
    ) -> Option<Effect> {
        let (filter, sort) = query.wanted();
        let wanted = Wanted { filter: filter.clone(), sort, language: model.texts.language() };
        let mut effect = None;
        if !self.follow(&wanted, model) && !self.is_awaited(&wanted) && self.failed.as_ref() != Some(&wanted)
        {
            effect = Some(self.start(wanted.clone(), model));
            self.shown = None;
        }
        query.set_scan(match () {
            () if self.failed.as_ref() == Some(&wanted) => ScanState::Failed,
            () if self.awaited.is_some() => ScanState::Waiting,
            () => ScanState::Done,
        });
        if self.shown != Some(rows.revision()) {
            query.show(self.order(rows, model), rows.len(), scroll);
            (self.shown, self.was_shown) = (Some(rows.revision()), true);
        }
        effect
    }

    /// Whether the table was given other rows, so that the cursor has to be put on its row again.
    pub(super) fn take_shown(&mut self) -> bool {
        std::mem::take(&mut self.was_shown)
    }

    /// A scan has ended, which may be the newest.
    pub(super) fn on_scanned(&mut self, scanned: &Scanned) {
        let Some((wanted, revision)) = self.awaited.take_if(|_| scanned.is_of(self.number)) else { return };
        self.shown = None;
        match scanned.output::<Vec<(ExchangeId, SortKey)>>() {
            Some(rows) => {
                let rows = std::sync::Arc::unwrap_or_clone(rows);
                self.found = Some(FoundRows { wanted, rows, revision });
            }
            None => self.failed = Some(wanted),
        }
    }

    fn is_awaited(&self, wanted: &Wanted) -> bool {
        self.awaited.as_ref().is_some_and(|(awaited, _)| awaited == wanted)
    }

    fn start(&mut self, wanted: Wanted, model: &Model) -> Effect {
        self.number += 1;
        (self.awaited, self.failed) = (Some((wanted.clone(), model.log.revision())), None);
        let context = RowContext::new(model).into_owned();
        let work = move |lines: &mut dyn Iterator<Item = LogEntry>| -> Vec<(ExchangeId, SortKey)> {
            let found = lines.filter_map(|line| {
                let id = line.id?;
                let row = LogRow::from_store(line);
                Some((id, wanted.key(RequestRow::from_log(0, &row), &context)?))
            });
            found.collect()
        };
        Effect::Store(StoreRequest::Scan(LogScan::new(self.number, work)))
    }

    /// Looks at the rows that have changed; returns false if all rows have to be gone through.
    fn follow(&mut self, wanted: &Wanted, model: &Model) -> bool {
        let Some(found) = self.found.as_mut().filter(|found| found.wanted == *wanted) else { return false };
        let Some(changed) = model.log.changed_since(found.revision) else { return false };
        found.revision = model.log.revision();
        let changed: HashSet<_> = changed.into_iter().collect();
        if changed.is_empty() {
            return true;
        }
        found.rows.retain(|(id, _)| !changed.contains(id));
        let context = RowContext::new(model);
        let key = |id: &ExchangeId| {
            let place = model.log.place_of_stored(*id)?;
            Some((*id, wanted.key(RequestRow::from_log(place, model.log.row(place)?), &context)?))
        };
        found.rows.extend(changed.iter().filter_map(key));
        true
    }

    /// The places of the rows that were found and of those that the store does not have, in the wanted order.
    fn order(&self, rows: &RequestRows<'_>, model: &Model) -> Vec<u32> {
        let Some(found) = &self.found else { return Vec::new() };
        let context = RowContext::new(model);
        let stored = found
            .rows
            .iter()
            .filter_map(|(id, key)| Some((rows.place_in_rows(model.log.place_of_stored(*id)?), key.clone())));
        let mut all: Vec<(usize, SortKey)> = stored.collect();
        let unstored = (0..model.log.len()).take_while(|place| model.log.id_at(*place).is_none());
        let unstored = unstored.filter_map(|place| {
            Some((rows.place_in_rows(place), RequestRow::from_log(place, model.log.row(place)?)))
        });
        let others = rows.calls().chain(unstored);
        all.extend(others.filter_map(|(place, row)| Some((place, found.wanted.key(row, &context)?))));
        let reversed = found.wanted.sort.is_some_and(|sort| sort.reversed);
        let is_sorted = found.wanted.sort.is_some();
        all.sort_by(|(a, a_key), (b, b_key)| {
            let by_key = if is_sorted { a_key.order(b_key, reversed) } else { Ordering::Equal };
            by_key.then(a.cmp(b))
        });
        all.into_iter().map(|(place, _)| u32::try_from(place).unwrap_or(u32::MAX)).collect()
    }
}
