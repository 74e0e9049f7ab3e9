//! Reads columns whose values the schema's types don't restrict enough. An impossible value is an error: a default in
//! its place would be wrong, and a wrong time could let a call through.

use jiff::Timestamp;
use rusqlite::Row;
use rusqlite::types::FromSql;

use crate::store::StoreError;

/// A column of a query. The query's first column is the row's number.
#[derive(Clone, Copy)]
pub(super) struct Column {
    index: usize,
    name: &'static str,
}

pub(super) const fn column(index: usize, name: &'static str) -> Column {
    Column { index, name }
}

impl Column {
    /// Returns the value, which must have the column's type.
    pub(super) fn value<T: FromSql>(self, row: &Row<'_>) -> Result<T, StoreError> {
        row.get(self.index).map_err(|_| self.damaged(row))
    }

    /// Returns the text.
    pub(super) fn text<'a>(self, row: &'a Row<'_>) -> Result<&'a str, StoreError> {
        self.text_if_any(row)?.ok_or_else(|| self.damaged(row))
    }

    /// Returns the text; `None` if there is none.
    pub(super) fn text_if_any<'a>(self, row: &'a Row<'_>) -> Result<Option<&'a str>, StoreError> {
        row.get_ref(self.index)?.as_str_or_null().map_err(|_| self.damaged(row))
    }

    /// Returns the time, stored in milliseconds since 1970.
    pub(super) fn timestamp(self, row: &Row<'_>) -> Result<Timestamp, StoreError> {
        Timestamp::from_millisecond(self.value(row)?).map_err(|_| self.damaged(row))
    }

    /// Returns a number that must not be negative.
    pub(super) fn count(self, row: &Row<'_>) -> Result<u64, StoreError> {
        u64::try_from(self.value::<i64>(row)?).map_err(|_| self.damaged(row))
    }

    /// So many bytes.
    pub(super) fn size(self, row: &Row<'_>) -> Result<usize, StoreError> {
        usize::try_from(self.value::<i64>(row)?).map_err(|_| self.damaged(row))
    }

    pub(super) fn damaged(self, row: &Row<'_>) -> StoreError {
        let Self { name, .. } = self;
        match row.get(0) {
            Ok(id) => StoreError::damaged(id, name),
            Err(error) => error.into(),
        }
    }
}
