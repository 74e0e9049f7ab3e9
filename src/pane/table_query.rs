//! The filter line and the sorting that SKUs, props and requests have in common.

use crossterm::event::KeyEvent;
use ratatui::text::Line;

use super::draft::Draft;
use crate::message::Action;
use crate::ui::rows::{Filter, Rows, Sort, SortKey};
use crate::ui::scroll::Scroll;
use obx_core::i18n::Texts;

/// How much of the arranging is done between two keys, in the units of [`Rows::step`]: the texts of 4,096 rows, or
/// the sort keys of 8,192. It takes a few milliseconds.
const EFFORT: usize = 1 << 16;

/// What was typed, what it lets through, and by what it is sorted.
#[derive(Debug, Default)]
pub struct TableQuery {
    draft: Draft,
    typing: bool,
    filter: Filter,
    sort: Option<Sort>,
    rows: Rows,
    arranged_for: Option<(u64, usize)>,
    /// Whether the rows were never in the order that is wanted, since they became these.
    untouched: bool,
    changed: bool,
}

impl TableQuery {
    /// Opens the filter line, goes through the columns to sort by, or turns the order; says whether the action
    /// was one of these.
    pub(super) fn act(&mut self, action: Action, columns: usize) -> bool {
        match action {
            Action::Filter => self.typing = true,
            Action::Submit => self.leave(),
            Action::Sort => self.sort = next_sort(self.sort, columns),
            Action::SortReverse => {
                let (column, reversed) = self.sort.map_or((0, false), |sort| (sort.column, sort.reversed));
                self.sort = Some(Sort { column, reversed: !reversed });
            }
            _ => return false,
        }
        self.changed |= matches!(action, Action::Sort | Action::SortReverse);
        true
    }

    /// Clears the filter and leaves its line; says whether there was anything to leave.
    pub(super) fn escape(&mut self) -> bool {
        let had = self.typing || !self.filter.is_empty();
        self.typing = false;
        if had {
            self.draft = Draft::default();
            self.read();
        }
        had
    }

    /// What was typed is the filter from now on.
    pub(super) fn leave(&mut self) {
        self.typing = false;
    }

    /// Whether keys are text now.
    pub(super) fn is_typing(&self) -> bool {
        self.typing
    }

    pub(super) fn type_key(&mut self, key: KeyEvent) {
        self.draft.type_key(key);
        self.read();
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.draft.paste(text);
        self.read();
    }

    /// Chooses and orders the rows anew where that is due, in as many calls as it takes. Of another `generation`,
    /// filter and sorting stay: the next item is often looked at in the same way. Keeps the cursor on its row while
    /// it is in sight.
    pub(super) fn arrange(
        &mut self,
        generation: u64,
        total: usize,
        scroll: &mut Scroll,
        text: impl Fn(usize) -> String,
        key: impl Fn(usize, usize) -> SortKey,
    ) {
        let arranged_for = Some((generation, total));
        let same = self.arranged_for == arranged_for;
        let due = std::mem::take(&mut self.changed) || !same;
        if !due && !self.rows.is_working() {
            return;
        }
        // In a new table the cursor stays at the top, unless it was moved away meanwhile.
        let row = self.rows.at(scroll.at).filter(|_| same && !(self.untouched && scroll.at == 0));
        if !same {
            self.rows.forget(total);
            (self.arranged_for, self.untouched) = (arranged_for, true);
        }
        if due {
            self.rows.seek(&self.filter, self.sort);
        }
        self.rows.step(EFFORT, text, key);
        if self.rows.is_working() {
            return;
        }
        self.untouched = false;
        if let Some(place) = row.and_then(|row| self.rows.place_of(row)) {
            scroll.at = place;
        }
    }

    /// The columns are others now: the sorting stays with its own, where that is still there.
    pub(super) fn follow_column(&mut self, place_now: impl Fn(usize) -> Option<usize>) {
        let Some(sort) = self.sort else { return };
        let followed = place_now(sort.column).map(|column| Sort { column, ..sort });
        self.changed |= followed != self.sort;
        self.sort = followed;
    }

    /// Whether `arrange` has more to do.
    pub fn is_working(&self) -> bool {
        self.rows.is_working()
    }

    pub(super) fn rows(&self) -> &Rows {
        &self.rows
    }

    /// Whether it takes all rows there are to tell which are in sight, and in what order.
    pub(super) fn needs_all(&self) -> bool {
        self.sort.is_some() || !self.filter.is_empty()
    }

    /// The rows in sight of the filter, in their order; none where there is neither a filter nor a sorting, or it is not
    /// done.
    pub fn arranged(&self) -> Option<Vec<usize>> {
        let arranged = self.needs_all() && !self.is_working();
        arranged.then(|| (0..self.rows.count()).filter_map(|place| self.rows.at(place)).collect())
    }

    pub(super) fn sort(&self) -> Option<Sort> {
        self.sort
    }

    /// Where the cursor is, of how many; how many there are in all where a filter hides some; and whether others
    /// are still being looked for.
    pub(super) fn position(&self, scroll: Scroll, total: usize, texts: Texts) -> String {
        let position = match (total, self.rows.count()) {
            (0, _) => String::new(),
            (_, count) if self.filter.is_empty() || count == total => texts.position(scroll.at + 1, count),
            (_, 0) => texts.none_of(total),
            (_, count) => texts.position_filtered(scroll.at + 1, count, total),
        };
        match () {
            () if self.rows.is_filtering() => format!("{position} {}", texts.filtering()),
            () if self.rows.is_working() => format!("{position} {}", texts.sorting()),
            () => position,
        }
    }

    /// The filter, for the pane's lower edge.
    pub(super) fn line(&self) -> Line<'static> {
        if !self.typing && self.filter.is_empty() {
            return Line::default();
        }
        self.draft.line(self.typing)
    }

    fn read(&mut self) {
        let filter = Filter::parse(self.draft.text());
        self.changed |= filter != self.filter;
        self.filter = filter;
    }
}

/// Unsorted, then each column in turn.
fn next_sort(sort: Option<Sort>, columns: usize) -> Option<Sort> {
    let next = sort.map_or(0, |sort| sort.column + 1);
    (next < columns).then_some(Sort { column: next, reversed: false })
}
