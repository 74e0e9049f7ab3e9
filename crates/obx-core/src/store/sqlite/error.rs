//! What `SQLite` says, as the store's errors.

use rusqlite::ErrorCode;

use crate::store::{Fault, StoreError};

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let fault = match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Fault::Full,
            Some(ErrorCode::ReadOnly) => Fault::ReadOnly,
            Some(
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed,
            ) => Fault::Locked,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Fault::Corrupt,
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Fault::Unreachable,
            _ if matches!(error, rusqlite::Error::QueryReturnedNoRows) => Fault::Missing,
            _ => Fault::Other,
        };
        Self::new(fault, error.to_string())
    }
}
