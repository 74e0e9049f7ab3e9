//! Errors of the store. None of them loses the exchange itself.

use std::fmt;

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
pub struct StoreError {
    pub fault: StoreErrorKind,
    /// The words of the engine, the server or the system.
    pub detail: String,
    /// The store's file or address, if one is known.
    pub(super) place: Option<Box<str>>,
}

/// For logs, in English.
impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)?;
        self.place.as_ref().map_or(Ok(()), |place| write!(f, " ({place})"))
    }
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
    pub fn broken(error: &dyn fmt::Display) -> Self {
        Self::new(StoreErrorKind::Other, error.to_string())
    }

    /// Creates an error with the engine's own words, or the system's.
    pub fn new(fault: StoreErrorKind, detail: impl Into<String>) -> Self {
        Self { fault, detail: detail.into(), place: None }
    }

    /// Adds the store's file or address to the message, if it isn't in there.
    pub(super) fn at_place(self, place: &crate::store::Place) -> Self {
        let name = place.to_string();
        if !place.is_lasting() || self.place.is_some() || self.detail.contains(&name) {
            return self;
        }
        Self { place: Some(name.into()), ..self }
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
        Self::new(StoreErrorKind::Missing, format!("row {}", id.0))
    }
}

/// The kind of the error, the reason, and the place.
impl Describe for StoreError {
    fn describe(&self, texts: Texts) -> String {
        self.describe_advising("", texts)
    }
}

impl StoreError {
    /// Describes the error with what to do about it; the reason and the place come last, since the end of a line can be out
    /// of sight.
    pub fn describe_advising(&self, what_to_do: &str, texts: Texts) -> String {
        let mut described = self.fault.describe(texts);
        if matches!(self.fault, StoreErrorKind::DamagedRow { .. }) {
            return described;
        }
        if !what_to_do.is_empty() {
            described = [&described, what_to_do].join(texts.and_then());
        }
        if !self.detail.is_empty() && !self.fault.says_all() {
            described = texts.named(described, &self.detail);
        }
        self.with_place(described, texts)
    }

    /// Returns the reason and the place alone, for a text that says itself what the matter is.
    pub fn reason(&self, texts: Texts) -> String {
        self.with_place(self.detail.clone(), texts)
    }

    fn with_place(&self, described: String, texts: Texts) -> String {
        match &self.place {
            Some(place) => texts.with_detail(described, place),
            None => described,
        }
    }
}

impl StoreErrorKind {
    /// Returns true if the engine's words would only say the same again.
    fn says_all(self) -> bool {
        use ServerRefusal::{NoPassword, NoTls, UnknownIssuer, WrongPassword};
        matches!(self, Self::Replaced | Self::Refused(NoPassword | WrongPassword(_) | UnknownIssuer | NoTls))
    }
}

impl Describe for StoreErrorKind {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::Full => texts.store_full(),
            Self::ReadOnly => texts.store_read_only(),
            Self::Locked => texts.store_locked(),
            Self::Corrupt => texts.store_corrupt(),
            Self::DamagedRow { id, column } => return texts.store_row_damaged(id, column),
            Self::Newer => texts.store_newer(),
            Self::Unreachable => texts.store_unreachable(),
            Self::ServerAway => texts.store_server_away(),
            Self::Refused(refusal) => return refusal.describe(texts),
            Self::Replaced => texts.store_replaced(),
            Self::Missing => texts.store_missing(),
            Self::Other | Self::Stopped => texts.store_other(),
        }
        .to_owned()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;
    use crate::store::{Place, PostgresPlace};

    #[test]
    fn an_error_says_its_reason_once_and_its_place_last() {
        let server = Place::from(PostgresPlace::new("db", "team", "ann"));
        let refused = |refusal, detail| (StoreErrorKind::Refused(refusal), detail);
        for (place, (fault, detail), expected) in [
            (
                &server,
                (StoreErrorKind::ServerAway, "connection refused"),
                "the store's server can't be reached: connection refused (postgres://ann@db/team)",
            ),
            (
                &server,
                refused(ServerRefusal::NoTls, "server does not support TLS"),
                "the store's server has no TLS: sslmode=disable goes without (postgres://ann@db/team)",
            ),
            (
                &server,
                refused(ServerRefusal::WrongPassword("PGPASSWORD"), "password authentication failed"),
                "the store's server refuses the password of PGPASSWORD (postgres://ann@db/team)",
            ),
            (
                &server,
                refused(ServerRefusal::OtherName, "not valid for name db"),
                "the server's certificate is for another name: use that one in the address: not valid for name db \
                 (postgres://ann@db/team)",
            ),
            (
                &Place::file("/a.sqlite"),
                (StoreErrorKind::Full, "no space"),
                "the disk is full: no space (/a.sqlite)",
            ),
            (&Place::Memory, (StoreErrorKind::Full, "no space"), "the disk is full: no space"),
            (
                &Place::file("/a.sqlite"),
                (StoreErrorKind::Locked, "/a.sqlite is locked"),
                "another program has locked the store: /a.sqlite is locked",
            ),
        ] {
            let error = StoreError::new(fault, detail).at_place(place).at_place(place);
            assert_eq!(error.describe(Texts::new(Language::En)), expected);
            assert!(error.to_string().starts_with(detail), "for logs: {error}");
        }
        let away = StoreError::new(StoreErrorKind::ServerAway, "no answer").at_place(&server);
        let chinese = away.describe_advising("请稍候", Texts::new(Language::Zh));
        assert_eq!(chinese, "无法连接存档服务器；请稍候：no answer（postgres://ann@db/team）");
        assert_eq!(away.reason(Texts::new(Language::Zh)), "no answer（postgres://ann@db/team）");
    }
}
