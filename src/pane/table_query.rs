//! The filter and the sorting of a table: SKUs, props and requests.

mod restored;
mod scanned;
#[cfg(test)]
mod tests;
mod values;

use std::sync::{Arc, OnceLock};

use crossterm::event::KeyEvent;
use ratatui::text::{Line, Span};

use super::Hint;
use super::text_input::TextInput;
use crate::message::{Action, Effect, IsCancelled, JobDone, JobSlot, NamedSort};
use crate::ui::filter::{Completions, Filter, FilterColumns, FilterError};
use crate::ui::rows::{RowTexts, Rows, Sort, TableRows, Totals, arrange};
use crate::ui::scroll::Scroll;
use crate::ui::text::{clean, fit};
use crate::ui::theme::Theme;
use obx_core::i18n::Texts;
pub(super) use scanned::ScanState;
use values::ColumnValues;

/// A table of no more rows is filtered and sorted at once, in the frame of the key: it takes a few milliseconds.
const AT_ONCE: usize = 4_096;
/// The text of a filter gets at least so many cells beside a message about it.
const MIN_INPUT: usize = 24;

/// The filter, its input line, the sorting, and the resulting rows.
#[derive(Debug, Default)]
pub struct TableQuery {
    input: TextInput,
    typing: bool,
    /// The columns that the filter can name.
    columns: FilterColumns,
    /// The last filter that was understood, as far as it was.
    filter: Filter,
    /// What is not understood of the text in the input. Then `filter` still holds.
    error: Option<FilterError>,
    completion: Option<Completion>,
    values: ColumnValues,
    sort: Option<Sort>,
    /// The sorting of the last session, until the table has its column.
    awaited_sort: Option<NamedSort>,
    rows: Rows,
    /// The table that `rows` are of: its generation, and how many rows it has.
    arranged_for: Option<(u64, usize)>,
    /// Of that table, as far as a filter had to look.
    texts: Arc<OnceLock<RowTexts>>,
    totals: Totals,
    job: JobSlot<Arranged>,
    /// What was wanted, until it is in sight.
    arrived: Option<Arc<Arranged>>,
    /// Whether the current rows were not yet arranged to the end.
    untouched: bool,
    changed: bool,
    cursor_goes: CursorGoes,
    /// Of a table that is filtered and sorted elsewhere.
    scan: ScanState,
}

/// The rows that are shown, in their order, and what they come to.
#[derive(Debug)]
struct Arranged {
    order: Arc<Vec<u32>>,
    totals: Totals,
}

/// Where the cursor goes once the rows are in their new order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum CursorGoes {
    /// It stays on its row, while that is in sight.
    #[default]
    WithItsRow,
    ToTheTop,
}

/// Names of columns, or values, that Tab goes through.
#[derive(Debug)]
struct Completion {
    found: Completions,
    at: usize,
}

impl TableQuery {
    /// Opens the filter line, or sorts by the column under the cursor; returns false if the action is another one.
    pub(super) fn act(&mut self, action: Action, column: usize) -> bool {
        let reversed = self.sort.filter(|sort| sort.column == column).map(|sort| sort.reversed);
        match action {
            Action::Filter => self.typing = true,
            Action::Submit => self.leave(),
            // A second time is the way back to the order in which rows came.
            Action::Sort => {
                self.sort_by(reversed.is_none().then_some(Sort { column, reversed: false }));
            }
            Action::SortReverse => {
                let reversed = !reversed.unwrap_or(false);
                self.sort_by(Some(Sort { column, reversed }));
            }
            Action::NextPane => self.complete(true),
            Action::PreviousPane => self.complete(false),
            _ => return false,
        }
        true
    }

    /// Puts in the next name or value, or the one before.
    fn complete(&mut self, is_forward: bool) {
        let next = match self.completion.take() {
            Some(Completion { found, at }) => {
                let count = found.texts.len();
                let step = if is_forward { 1 } else { count - 1 };
                Some(Completion { at: (at + step) % count, found })
            }
            None => self.candidates().map(|found| Completion { found, at: 0 }),
        };
        let Some(completion) = next else { return };
        if let Some(text) = completion.found.texts.get(completion.at) {
            self.input.replace_before_cursor(completion.found.span.start, text);
        }
        self.read();
        self.completion = Some(completion);
    }

    /// The columns of the table, where these have changed. The filter is understood by the new ones.
    pub(super) fn set_columns(&mut self, columns: FilterColumns) {
        if self.columns == columns {
            return;
        }
        (self.columns, self.totals, self.changed) = (columns, Totals::default(), true);
        self.sort_as_restored();
        if !self.input.text().is_empty() {
            // Its columns are not these.
            self.filter = Filter::default();
            self.read();
        }
    }

    pub(super) fn hints_while_typing(texts: Texts) -> Vec<Hint> {
        vec![
            Hint::free(Action::Submit, texts.hint_done()),
            Hint::free(Action::NextPane, texts.hint_complete()),
            Hint::free(Action::Escape, texts.hint_clear()),
        ]
    }

    /// Sorts, or with `None` restores the order in which rows came. The cursor goes to the top.
    pub(super) fn sort_by(&mut self, sort: Option<Sort>) {
        (self.sort, self.awaited_sort) = (sort, None);
        (self.changed, self.cursor_goes) = (true, CursorGoes::ToTheTop);
    }

    /// Clears the filter and closes its line; returns false if there was nothing to clear.
    pub(super) fn escape(&mut self) -> bool {
        let had = self.typing || !self.filter.is_empty() || self.error.is_some();
        self.typing = false;
        if had {
            self.input = TextInput::default();
            self.read();
        }
        had
    }

    /// Ends typing; the filter stays.
    pub(super) fn leave(&mut self) {
        self.typing = false;
    }

    /// Whether keys are text for the filter.
    pub fn is_typing(&self) -> bool {
        self.typing
    }

    pub(super) fn type_key(&mut self, key: KeyEvent) {
        self.input.type_key(key);
        self.read();
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.input.insert(text);
        self.read();
    }

    /// Chooses and orders the rows again where that is due: at once in a small table, else by a job, until whose end the
    /// rows in sight stay there. Of another `generation`, filter and sorting stay: the next item is often looked at in
    /// the same way. Keeps the cursor on its row while it is in sight.
    #[must_use]
    pub(super) fn arrange<T: TableRows + 'static>(
        &mut self,
        (generation, total): (u64, usize),
        scroll: &mut Scroll,
        table: impl Fn() -> T,
    ) -> Vec<Effect> {
        let values = self.collect_values((generation, total), &table);
        let rows = self.arrange_rows((generation, total), scroll, table);
        rows.into_iter().chain(values).collect()
    }

    #[must_use]
    fn arrange_rows<T: TableRows + 'static>(
        &mut self,
        (generation, total): (u64, usize),
        scroll: &mut Scroll,
        table: impl FnOnce() -> T,
    ) -> Option<Effect> {
        let arranged_for = Some((generation, total));
        let same = self.arranged_for == arranged_for;
        // In a new table the cursor stays at the top, unless the user has moved it.
        let row = self.rows.at(scroll.at).filter(|_| same && !(self.untouched && scroll.at == 0));
        if !same {
            (self.rows, self.texts, self.scan) = (Rows::all(total), Arc::default(), ScanState::Done);
            (self.arranged_for, self.untouched, self.totals) = (arranged_for, true, Totals::default());
        }
        let mut due = None;
        if std::mem::take(&mut self.changed) || !same {
            (self.arrived, due) = self.start(total, table);
        }
        let Some(arranged) = self.arrived.take() else { return due };
        (self.rows, self.untouched) = (Rows::in_order(Arc::clone(&arranged.order)), false);
        self.totals = arranged.totals.clone();
        if std::mem::take(&mut self.cursor_goes) == CursorGoes::ToTheTop {
            *scroll = Scroll::default();
        } else if let Some(place) = row.and_then(|row| self.rows.place_of(row)) {
            scroll.at = place;
        }
        due
    }

    fn start<T: TableRows + 'static>(
        &mut self,
        total: usize,
        table: impl FnOnce() -> T,
    ) -> (Option<Arc<Arranged>>, Option<Effect>) {
        let (texts, filter, sort) = (Arc::clone(&self.texts), self.filter.clone(), self.sort);
        // Without filter and sorting, all rows are shown at once, and only their totals may take longer.
        let at_once = (!self.needs_all()).then(|| Rows::all(total).into_order());
        let at_once = at_once.map(|order| Arc::new(Arranged { order, totals: Totals::default() }));
        if at_once.is_some() && !T::HAS_TOTALS {
            self.job.cancel();
            return (at_once, None);
        }
        let table = table();
        let work = move |is_cancelled: IsCancelled<'_>| {
            let order = arrange(&table, &texts, &filter, sort, is_cancelled)?;
            let totals = Totals::new(&table, &order, is_cancelled)?;
            Some(Arranged { order: Arc::new(order), totals })
        };
        let (arranged, due) = self.job.start(total <= AT_ONCE, work);
        (arranged.or(at_once), due)
    }

    /// A job is done, which may be this table's.
    pub(super) fn on_job(&mut self, done: &JobDone) {
        self.accept_values(done);
        if let Some(arranged) = self.job.accept(done) {
            self.arrived = Some(arranged);
        }
    }

    /// Keeps the sorting on its column after columns have changed, or removes it if the column is gone.
    pub(super) fn follow_column(&mut self, place_now: impl Fn(usize) -> Option<usize>) {
        let Some(sort) = self.sort else { return };
        let followed = place_now(sort.column).map(|column| Sort { column, ..sort });
        self.changed |= followed != self.sort;
        self.sort = followed;
    }

    /// What the shown rows come to; empty until that is computed.
    pub(super) fn totals(&self) -> &Totals {
        &self.totals
    }

    pub(super) fn rows(&self) -> &Rows {
        &self.rows
    }

    /// Whether all rows are needed to determine which are shown and in what order.
    pub(super) fn needs_all(&self) -> bool {
        self.sort.is_some() || !self.filter.is_empty()
    }

    /// The filtered rows in their order; `None` without filter and sorting, or while they are not complete.
    pub fn arranged(&self) -> Option<Vec<usize>> {
        self.is_arranged().then(|| (0..self.rows.count()).filter_map(|place| self.rows.at(place)).collect())
    }

    /// Whether the rows are filtered or sorted, to the end.
    pub fn is_arranged(&self) -> bool {
        self.needs_all() && !self.is_waiting() && !self.has_failed()
    }

    pub(super) fn sort(&self) -> Option<Sort> {
        self.sort
    }

    /// The cursor's position and the number of rows, with the total if the filter hides some, and whether filtering
    /// or sorting is still going on.
    pub(super) fn position(&self, scroll: Scroll, total: usize, texts: Texts) -> String {
        let position = match (total, self.rows.count()) {
            (0, _) => String::new(),
            (_, count) if self.filter.is_empty() || count == total => texts.position(scroll.at + 1, count),
            (_, 0) if self.has_failed() => String::new(),
            (_, 0) => texts.none_of(total),
            (_, count) => texts.position_filtered(scroll.at + 1, count, total),
        };
        let position = match (&self.error, self.filter.is_empty()) {
            (None, _) => position,
            (Some(_), true) => format!("{position} {}", texts.filter_not_applied()),
            (Some(_), false) => format!("{position} {}", texts.filter_before()),
        };
        if !self.needs_all() {
            return position;
        }
        match self.filter.is_empty() {
            true if self.has_failed() => format!("{position} {}", texts.not_sorted()),
            false if self.has_failed() => format!("{position} {}", texts.not_filtered()),
            _ if !self.is_waiting() => position,
            true => format!("{position} {}", texts.sorting()),
            false => format!("{position} {}", texts.filtering()),
        }
    }

    /// The filter line for the lower edge of a pane of this width, with what is wrong with the filter, or else what the
    /// word at the cursor can be completed to; that as well where only the rest is missing.
    pub(super) fn line(&self, width: u16, texts: Texts) -> Line<'static> {
        if !self.typing && self.filter.is_empty() && self.error.is_none() {
            return Line::default();
        }
        let room = usize::from(width).saturating_sub(4);
        let completions = if self.typing { self.completions() } else { String::new() };
        let is_only_unfinished = self.error.as_ref().is_none_or(FilterError::is_unfinished);
        let is_completed = is_only_unfinished && !completions.is_empty();
        let message = match &self.error {
            _ if is_completed => completions,
            // The message would show what the input hides.
            Some(_) if self.input.is_masked() => texts.filter_not_understood().to_owned(),
            Some(error) => error.describe(texts),
            None => String::new(),
        };
        let taken = if message.is_empty() { 0 } else { crate::ui::text::width(&message) + 3 };
        let mut line =
            self.input.frame_line_in(room.saturating_sub(taken).max(MIN_INPUT.min(room)), self.typing);
        if !message.is_empty() {
            let style = if is_completed { Theme.dim() } else { Theme.warn() };
            let left = (room + 4).saturating_sub(line.width() + 1);
            line.spans.push(Span::styled(format!("{} ", fit(&clean(&message), left)), style));
        }
        line
    }

    fn completions(&self) -> String {
        let found = self.completion.as_ref().map(|completion| &completion.found.texts);
        found.cloned().or_else(|| Some(self.candidates()?.texts)).unwrap_or_default().join("  ")
    }

    fn read(&mut self) {
        self.completion = None;
        match Filter::parse(self.input.text(), &self.columns) {
            Ok(filter) => {
                self.error = None;
                self.changed |= filter != self.filter;
                self.filter = filter;
            }
            Err(error) => {
                if error.is_unfinished() {
                    self.changed |= error.before != self.filter;
                    self.filter = error.before.clone();
                }
                self.error = Some(error);
            }
        }
    }
}
