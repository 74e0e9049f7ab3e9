//! Reads columns that the schema's types don't restrict enough. A value that can't be what obx wrote is an error: a
//! default in its place would be false, and where it is a time it could let a call through.

use jiff::Timestamp;
use rusqlite::Row;
use rusqlite::types::FromSql;

use crate::store::{StoreError, StoreErrorKind};

/// A column of a query whose first column is the row's number.
#[derive(Clone, Copy)]
pub(super) struct Column {
    index: usize,
    name: &'static str,
}

pub(super) const fn column(index: usize, name: &'static str) -> Column {
    Column { index, name }
}

impl Column {
    /// A value of the type that the schema gives the column.
    pub(super) fn value<T: FromSql>(self, row: &Row<'_>) -> Result<T, StoreError> {
        row.get(self.index).map_err(|_| self.damaged(row))
    }

    /// Milliseconds since 1970.
    pub(super) fn timestamp(self, row: &Row<'_>) -> Result<Timestamp, StoreError> {
        Timestamp::from_millisecond(self.value(row)?).map_err(|_| self.damaged(row))
    }

    /// A number that can't be negative.
    pub(super) fn count(self, row: &Row<'_>) -> Result<u64, StoreError> {
        u64::try_from(self.value::<i64>(row)?).map_err(|_| self.damaged(row))
    }

    /// So many bytes.
    pub(super) fn size(self, row: &Row<'_>) -> Result<usize, StoreError> {
        usize::try_from(self.value::<i64>(row)?).map_err(|_| self.damaged(row))
    }

    fn damaged(self, row: &Row<'_>) -> StoreError {
        let Self { name, .. } = self;
        match row.get(0) {
            Ok(id) => {
                let fault = StoreErrorKind::DamagedRow { id, column: name };
                StoreError::new(fault, format!("row {id} is damaged: {name}"))
            }
            Err(error) => error.into(),
        }
    }
}
