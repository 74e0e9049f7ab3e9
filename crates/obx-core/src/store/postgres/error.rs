//! Converts errors of the server, and of the way to it, into errors of the store.

use std::error::Error;

use tokio_postgres::error::SqlState;

use crate::store::{StoreError, StoreErrorKind};

/// The message is the server's own, without the detail, which quotes values.
impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(said) => Self::new(fault(said.code()), said.message()),
            None => Self::new(StoreErrorKind::ServerAway, innermost(&error)),
        }
    }
}

fn fault(code: &SqlState) -> StoreErrorKind {
    match code.code() {
        "55P03" | "40001" | "40P01" | "57014" => StoreErrorKind::Locked,
        "25006" | "42501" => StoreErrorKind::ReadOnly,
        "53300" => StoreErrorKind::ServerAway,
        "3D000" => StoreErrorKind::Unreachable,
        "XX001" | "XX002" => StoreErrorKind::Corrupt,
        code => match code.get(..2) {
            Some("53" | "54") => StoreErrorKind::Full,
            Some("08" | "57") => StoreErrorKind::ServerAway,
            Some("28") => StoreErrorKind::Unreachable,
            _ => StoreErrorKind::Other,
        },
    }
}

/// The deepest source of an error says the most: "connection refused", "certificate has expired".
fn innermost(error: &tokio_postgres::Error) -> String {
    let mut deepest: &dyn Error = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

/// The error of a server that can't be reached, or doesn't answer.
pub(super) fn away(message: impl Into<String>) -> StoreError {
    StoreError::new(StoreErrorKind::ServerAway, message)
}

/// The error of work for which nobody waits any longer.
pub(super) fn stopped() -> StoreError {
    StoreError::new(StoreErrorKind::Stopped, "nobody waits for this")
}
