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

/// A row that was found, and what it is sorted by.
type FoundRow = (ExchangeId, SortKey);

/// The rows that were found, in the wanted order.
#[derive(Debug)]
struct FoundRows {
    wanted: Wanted,
    rows: Vec<FoundRow>,
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
    /// What could not be looked for, and how often the store had answered by then.
    failed: Option<(Wanted, u64)>,
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

    /// The order of two keys; equal without a sorting.
    fn compare(&self, one: &SortKey, other: &SortKey) -> Ordering {
        self.sort.map_or(Ordering::Equal, |sort| one.order(other, sort.reversed))
    }

    /// The order of two stored rows; the newer first where their keys are equal.
    fn compare_stored(&self, (one, key): &FoundRow, (other, other_key): &FoundRow) -> Ordering {
        self.compare(key, other_key).then(other.cmp(one))
    }
}

impl StoreScan {
    /// Forgets all of it: the log is in memory as a whole, or nothing is looked for.
    pub(super) fn clear(&mut self) {
        if self.awaited.is_some() || self.found.is_some() || self.failed.is_some() {
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
        // Whatever the store could not do before, it can again.
        let answers = model.store_answers();
        self.failed = self.failed.take().filter(|(failed, then)| *failed == wanted && *then == answers);
        if !self.follow(&wanted, model) && !self.is_awaited(&wanted) && self.failed.is_none() {
            effect = Some(self.start(wanted.clone(), model));
            self.shown = None;
        }
        query.set_scan(match () {
            () if self.failed.is_some() => ScanState::Failed,
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
    pub(super) fn on_scanned(&mut self, scanned: &Scanned, model: &Model) {
        let Some((wanted, revision)) = self.awaited.take_if(|_| scanned.is_of(self.number)) else { return };
        self.shown = None;
        let Some(rows) = scanned.output::<Vec<FoundRow>>() else {
            // The rows of another filter would be taken for this one's.
            (self.failed, self.found) = (Some((wanted, model.store_answers())), None);
            return;
        };
        let rows = std::sync::Arc::unwrap_or_clone(rows);
        self.found = Some(FoundRows { wanted, rows, revision });
    }

    fn is_awaited(&self, wanted: &Wanted) -> bool {
        self.awaited.as_ref().is_some_and(|(awaited, _)| awaited == wanted)
    }

    fn start(&mut self, wanted: Wanted, model: &Model) -> Effect {
        self.number += 1;
        (self.awaited, self.failed) = (Some((wanted.clone(), model.log.revision())), None);
        let context = RowContext::new(model).into_owned();
        let work = move |lines: &mut dyn Iterator<Item = LogEntry>| -> Vec<FoundRow> {
            let found = lines.filter_map(|line| {
                let id = line.id?;
                let row = LogRow::from_store(line);
                Some((id, wanted.key(RequestRow::from_log(0, &row), &context)?))
            });
            let mut found: Vec<FoundRow> = found.collect();
            found.sort_by(|one, other| wanted.compare_stored(one, other));
            found
        };
        Effect::Store(StoreRequest::Scan(LogScan::new(self.number, work)))
    }

    /// Looks at the rows that have changed; returns false if all rows have to be gone through.
    fn follow(&mut self, wanted: &Wanted, model: &Model) -> bool {
        let Some(found) = self.found.as_mut().filter(|found| found.wanted == *wanted) else { return false };
        let Some(changed) = model.log.changed_since(found.revision) else { return false };
        let changed: HashSet<_> = changed.into_iter().collect();
        let context = RowContext::new(model);
        let mut matching: Vec<FoundRow> = Vec::new();
        for id in &changed {
            let Some(place) = model.log.place_of_stored(*id) else { continue };
            // What is not in memory can't be looked at here.
            let Some(row) = model.log.row(place) else { return false };
            let key = wanted.key(RequestRow::from_log(place, row), &context);
            matching.extend(key.map(|key| (*id, key)));
        }
        found.revision = model.log.revision();
        if !changed.is_empty() {
            found.rows.retain(|(id, _)| !changed.contains(id));
        }
        for row in matching {
            let place = found.rows.partition_point(|other| wanted.compare_stored(other, &row).is_lt());
            found.rows.insert(place, row);
        }
        true
    }

    /// The places of the rows that were found and of those that the store does not have, in the wanted order.
    fn order(&self, rows: &RequestRows<'_>, model: &Model) -> Vec<u32> {
        let Some(FoundRows { wanted, rows: found, .. }) = &self.found else { return Vec::new() };
        let context = RowContext::new(model);
        let unstored = (0..model.log.len()).take_while(|place| model.log.id_at(*place).is_none());
        let unstored = unstored.filter_map(|place| {
            Some((rows.place_in_rows(place), RequestRow::from_log(place, model.log.row(place)?)))
        });
        let others = rows.calls().chain(unstored);
        let mut others: Vec<(usize, SortKey)> =
            others.filter_map(|(place, row)| Some((place, wanted.key(row, &context)?))).collect();
        let compare = |one: (usize, &SortKey), other: (usize, &SortKey)| {
            wanted.compare(one.1, other.1).then(one.0.cmp(&other.0))
        };
        others.sort_by(|one, other| compare((one.0, &one.1), (other.0, &other.1)));
        let mut others = others.into_iter().peekable();
        let mut order = Vec::with_capacity(found.len());
        for (id, key) in found {
            let Some(place) = model.log.place_of_stored(*id).map(|place| rows.place_in_rows(place)) else {
                continue;
            };
            while let Some((before, _)) =
                others.next_if(|other| compare((other.0, &other.1), (place, key)).is_lt())
            {
                order.push(before);
            }
            order.push(place);
        }
        order.extend(others.map(|(place, _)| place));
        order.into_iter().map(|place| u32::try_from(place).unwrap_or(u32::MAX)).collect()
    }
}
