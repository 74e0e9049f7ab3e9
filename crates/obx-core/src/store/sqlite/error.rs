//! Converts errors of `SQLite` into errors of the store.

use rusqlite::ErrorCode;

use crate::store::{StoreError, StoreErrorKind};

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let fault = match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StoreErrorKind::Full,
            Some(ErrorCode::ReadOnly) => StoreErrorKind::ReadOnly,
            Some(
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed,
            ) => StoreErrorKind::Locked,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreErrorKind::Corrupt,
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => StoreErrorKind::Unreachable,
            _ if matches!(error, rusqlite::Error::QueryReturnedNoRows) => StoreErrorKind::Missing,
            _ => StoreErrorKind::Other,
        };
        Self::new(fault, error.to_string())
    }
}
