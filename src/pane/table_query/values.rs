//! The values of the column that a filter is being typed about, for completion.

use std::collections::HashSet;
use std::sync::Arc;

use super::{AT_ONCE, TableQuery};
use crate::message::{Effect, IsCancelled, JobDone, JobSlot};
use crate::ui::filter::{Completions, TypedValue, complete_name};
use crate::ui::rows::TableRows;

/// No more values are offered, so that Tab leads somewhere.
const MAX_VALUES: usize = 500;

/// The values of one column of one table, in the order in which they first occur.
#[derive(Debug, Default)]
pub(super) struct ColumnValues {
    /// The generation and row count of the table, and the column.
    cache_key: Option<(u64, usize, usize)>,
    values: Arc<Vec<String>>,
    job: JobSlot<Vec<String>>,
}

impl ColumnValues {
    /// Collects the values of a column unless they are known: at once from a small table, else by a job.
    #[must_use]
    fn collect<T: TableRows + 'static>(
        &mut self,
        (generation, total, column): (u64, usize, usize),
        table: impl FnOnce() -> T,
    ) -> Option<Effect> {
        let cache_key = Some((generation, total, column));
        if self.cache_key == cache_key {
            return None;
        }
        self.cache_key = cache_key;
        let table = table();
        let work = move |is_cancelled: IsCancelled<'_>| collect(&table, column, is_cancelled);
        let (values, due) = self.job.start(total <= AT_ONCE, work);
        self.values = values.unwrap_or_default();
        due
    }
}

/// The different values in a column; `None` if cancelled. A cell that can be read in several ways has a value a line.
fn collect(table: &impl TableRows, column: usize, is_cancelled: IsCancelled<'_>) -> Option<Vec<String>> {
    let (mut values, mut known) = (Vec::new(), HashSet::new());
    for row in 0..table.count() {
        if is_cancelled() {
            return None;
        }
        for value in table.cell(row, column).split('\n').map(str::trim).filter(|value| !value.is_empty()) {
            if values.len() == MAX_VALUES {
                return Some(values);
            }
            if known.insert(value.to_owned()) {
                values.push(value.to_owned());
            }
        }
    }
    Some(values)
}

impl TableQuery {
    /// Reads the values of the column that the filter is being typed about.
    #[must_use]
    pub(super) fn collect_values<T: TableRows + 'static>(
        &mut self,
        (generation, total): (u64, usize),
        table: impl FnOnce() -> T,
    ) -> Option<Effect> {
        let value = TypedValue::parse(self.input.before_cursor(), &self.columns).filter(|_| self.typing)?;
        self.values.collect((generation, total, value.column), table)
    }

    /// Takes the end of a job, which may be the one that collects values.
    pub(super) fn accept_values(&mut self, done: &JobDone) {
        if let Some(values) = self.values.job.accept(done) {
            self.values.values = values;
        }
    }

    /// What the word before the cursor can become: a column's name, or behind an operator a value that occurs in it.
    pub(super) fn candidates(&self) -> Option<Completions> {
        let before_cursor = self.input.before_cursor();
        let value = TypedValue::parse(before_cursor, &self.columns);
        let values = value.and_then(|value| {
            let (generation, total) = self.arranged_for?;
            let is_known = self.values.cache_key == Some((generation, total, value.column));
            is_known.then(|| value.complete(&self.values.values)).flatten()
        });
        values.or_else(|| complete_name(before_cursor, &self.columns))
    }
}
