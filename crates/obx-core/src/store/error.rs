//! Errors of the store. None of them loses the exchange itself.

use crate::i18n::{Describe, Texts};

/// The kind of a [`StoreError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreErrorKind {
    /// The disk is full.
    Full,
    /// The file or its directory can't be written.
    ReadOnly,
    /// Another program has kept the file locked for too long.
    Locked,
    /// The file is damaged, or is not a store.
    Corrupt,
    /// One row is damaged: it has a value that obx can't have written. Other rows can still be read.
    DamagedRow {
        /// The row's number.
        id: i64,
        /// The damaged column.
        column: &'static str,
    },
    /// A newer obx has written the file.
    Newer,
    /// The file can't be opened: a directory is missing, or a permission.
    Unreachable,
    /// The server can't be reached, or doesn't answer.
    ServerAway,
    /// The server answers, and does not let obx in.
    Refused(ServerRefusal),
    /// The file was replaced or deleted while obx had it open.
    Replaced,
    /// The exchange does not exist.
    Missing,
    /// The caller no longer waits for the result, or the store is closed.
    Stopped,
    /// Any other error.
    Other,
}

/// Why a server does not let obx in. Each has a remedy of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerRefusal {
    /// It wants a password, and there is none.
    NoPassword,
    /// It refuses the password that comes from there.
    WrongPassword(&'static str),
    /// Nobody who is trusted has issued its certificate.
    UnknownIssuer,
    /// Its certificate is for another name.
    OtherName,
    /// It does not encrypt.
    NoTls,
    /// The file of `sslrootcert` can't be used.
    CertificateFile,
    /// The user has no right to it.
    NoRights,
}

/// An error of the store.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct StoreError {
    pub fault: StoreErrorKind,
    /// The message, with the file's path if there is one.
    pub detail: String,
}

impl StoreErrorKind {
    /// Returns true if the connection can be used again after this error. Others may be due to the file: the
    /// connection would not notice that the file has been repaired or replaced, but a new one does.
    pub(super) fn leaves_connected(self) -> bool {
        // Rows that are read already have numbers of the old file, which mean other rows in a new one.
        matches!(
            self,
            Self::Locked | Self::Replaced | Self::Missing | Self::Stopped | Self::DamagedRow { .. }
        )
    }
}

impl StoreError {
    /// Creates the error of an operation that should work on any store.
    pub fn broken(error: &dyn std::fmt::Display) -> Self {
        Self::new(StoreErrorKind::Other, error.to_string())
    }

    /// Creates an error with the engine's own words, or the system's.
    pub fn new(fault: StoreErrorKind, detail: impl Into<String>) -> Self {
        Self { fault, detail: detail.into() }
    }

    /// Adds the path of the store's file to the message, if it isn't in there.
    pub(super) fn at_place(self, place: &crate::store::Place) -> Self {
        let address = place.to_string();
        if !place.is_lasting() || self.detail.contains(&address) {
            return self;
        }
        // A server's reason is seen first, however little of the line is.
        let detail = match place {
            crate::store::Place::Postgres(_) => format!("{} ({address})", self.detail),
            _ => format!("{address}: {}", self.detail),
        };
        Self { detail, ..self }
    }

    /// Creates the error of an obx that has no engine for a server.
    pub(super) fn without_postgres() -> Self {
        Self::new(StoreErrorKind::Unreachable, "this obx was built without PostgreSQL")
    }

    /// Creates the error of a row with a value that obx can't have written.
    pub(super) fn damaged(id: i64, column: &'static str) -> Self {
        let fault = StoreErrorKind::DamagedRow { id, column };
        Self::new(fault, format!("row {id} is damaged: {column}"))
    }

    /// Creates the error of an exchange that does not exist.
    pub(super) fn missing(id: crate::store::ExchangeId) -> Self {
        Self::new(StoreErrorKind::Missing, format!("exchange {} is no longer kept", id.0))
    }
}

/// The kind of the error, and its message.
impl Describe for StoreError {
    fn describe(&self, texts: Texts) -> String {
        let what = match self.fault {
            StoreErrorKind::Full => texts.store_full(),
            StoreErrorKind::ReadOnly => texts.store_read_only(),
            StoreErrorKind::Locked => texts.store_locked(),
            StoreErrorKind::Corrupt => texts.store_corrupt(),
            StoreErrorKind::DamagedRow { id, column } => return texts.store_row_damaged(id, column),
            StoreErrorKind::Newer => texts.store_newer(),
            StoreErrorKind::Unreachable => texts.store_unreachable(),
            StoreErrorKind::ServerAway => texts.store_server_away(),
            StoreErrorKind::Refused(refusal) => &refusal.describe(texts),
            StoreErrorKind::Replaced => texts.store_replaced(),
            StoreErrorKind::Missing => texts.store_missing(),
            StoreErrorKind::Other | StoreErrorKind::Stopped => texts.store_other(),
        };
        texts.named(what, &self.detail)
    }
}

impl Describe for ServerRefusal {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::NoPassword => texts.store_no_password().to_owned(),
            Self::WrongPassword(origin) => texts.store_wrong_password(origin),
            Self::UnknownIssuer => texts.store_unknown_issuer().to_owned(),
            Self::OtherName => texts.store_other_name().to_owned(),
            Self::NoTls => texts.store_no_tls().to_owned(),
            Self::CertificateFile => texts.store_certificate_file().to_owned(),
            Self::NoRights => texts.store_no_rights().to_owned(),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        let fault = match error.kind() {
            std::io::ErrorKind::StorageFull => StoreErrorKind::Full,
            std::io::ErrorKind::ReadOnlyFilesystem => StoreErrorKind::ReadOnly,
            _ => StoreErrorKind::Unreachable,
        };
        Self::new(fault, error.to_string())
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::new(StoreErrorKind::Corrupt, error.to_string())
    }
}
