//! A table too large to be in memory: its owner has its rows filtered and sorted, and gives the result.

use super::{CursorGoes, TableQuery};
use crate::ui::filter::Filter;
use crate::ui::rows::{Rows, Sort, Totals};
use crate::ui::scroll::Scroll;

/// What becomes of filtering and sorting such a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::pane) enum ScanState {
    #[default]
    Done,
    Waiting,
    Failed,
}

impl TableQuery {
    /// What is to be filtered and sorted by.
    pub(in crate::pane) fn wanted(&self) -> (&Filter, Option<Sort>) {
        (&self.filter, self.sort)
    }

    /// Shows these rows in this order, of a table of so many rows.
    pub(in crate::pane) fn show(&mut self, order: Vec<u32>, total: usize, scroll: &mut Scroll) {
        self.job.cancel();
        (self.arrived, self.changed, self.untouched) = (None, false, false);
        self.totals = Totals::default();
        // Another table, for `arrange`: where this one is in memory again, its rows are not these.
        (self.rows, self.arranged_for) = (Rows::in_order(order.into()), Some((u64::MAX, total)));
        if self.scan == ScanState::Done && std::mem::take(&mut self.cursor_goes) == CursorGoes::ToTheTop {
            *scroll = Scroll::default();
        }
    }

    pub(in crate::pane) fn set_scan(&mut self, scan: ScanState) {
        self.scan = scan;
    }

    /// Whether its rows are still being filtered or sorted.
    pub(in crate::pane) fn is_waiting(&self) -> bool {
        self.job.is_waiting() || self.scan == ScanState::Waiting
    }

    /// Whether its rows could not be filtered or sorted.
    pub(in crate::pane) fn has_failed(&self) -> bool {
        self.job.has_failed() || self.scan == ScanState::Failed
    }
}
