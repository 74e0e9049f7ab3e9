//! Filter and sorting outlast a session.

use super::{CursorGoes, TableQuery};
use crate::message::{NamedSort, TableView};
use crate::ui::rows::Sort;

impl TableQuery {
    /// Filter and sorting, for the next session. A filter that has a secret in it is left out.
    pub(in crate::pane) fn save(&self) -> TableView {
        let filter = if self.input.is_masked() { String::new() } else { self.input.text().to_owned() };
        let named = |sort: Sort| {
            let column = self.columns.columns.get(sort.column)?.name.clone();
            Some(NamedSort { column, reversed: sort.reversed })
        };
        let sort = self.sort.and_then(named).or_else(|| self.awaited_sort.clone());
        TableView { filter, sort, row: None }
    }

    /// Filters and sorts as an earlier session did.
    pub(in crate::pane) fn restore(&mut self, view: &TableView) {
        self.input.set(&view.filter);
        (self.awaited_sort, self.cursor_goes) = (view.sort.clone(), CursorGoes::WithItsRow);
        self.read();
        self.sort_as_restored();
    }

    /// Forgets the last session's sorting: its column would be of another item.
    pub(in crate::pane) fn forget_awaited_sort(&mut self) {
        self.awaited_sort = None;
    }

    /// Sorts by the awaited column as soon as the table has it.
    pub(super) fn sort_as_restored(&mut self) {
        let Some(awaited) = &self.awaited_sort else { return };
        let place = self.columns.columns.iter().position(|column| column.name == awaited.column);
        if let Some(column) = place {
            self.sort = Some(Sort { column, reversed: awaited.reversed });
            (self.awaited_sort, self.changed) = (None, true);
        }
    }
}
