//! Converts errors of the server, and of the way to it, into errors of the store.

use std::error::Error;
use std::io;

use rustls::CertificateError;
use tokio_postgres::error::SqlState;

use crate::store::{PostgresPlace, ServerRefusal, StoreError, StoreErrorKind, StorePassword};

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
        "25006" => StoreErrorKind::ReadOnly,
        "42501" => StoreErrorKind::Refused(ServerRefusal::NoRights),
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

/// The error of an attempt to connect to this server.
pub(super) fn refused(error: tokio_postgres::Error, place: &PostgresPlace) -> StoreError {
    let is_password_wrong = error.code() == Some(&SqlState::INVALID_PASSWORD);
    let origin = place.password.as_ref().map(StorePassword::origin);
    let refusal = match origin {
        Some(origin) if is_password_wrong => Some(ServerRefusal::WrongPassword(origin)),
        None if is_password_wrong => Some(ServerRefusal::NoPassword),
        _ => refusal(&error),
    };
    let error = StoreError::from(error);
    match refusal {
        Some(refusal) => StoreError { fault: StoreErrorKind::Refused(refusal), ..error },
        None => error,
    }
}

fn refusal(error: &tokio_postgres::Error) -> Option<ServerRefusal> {
    let mut source = error.source();
    while let Some(error) = source {
        let tls = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(rustls::Error::InvalidCertificate(invalid)) = tls.and_then(|error| error.downcast_ref()) {
            return match invalid {
                CertificateError::UnknownIssuer => Some(ServerRefusal::UnknownIssuer),
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                    Some(ServerRefusal::OtherName)
                }
                _ => None,
            };
        }
        source = error.source();
    }
    // The library has no other sign of these.
    match innermost(error).as_str() {
        "password missing" => Some(ServerRefusal::NoPassword),
        "server does not support TLS" => Some(ServerRefusal::NoTls),
        _ => None,
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
