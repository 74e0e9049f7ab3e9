//! Why the store could not keep or find something. The exchange itself is never lost by it.

use crate::i18n::{Describe, Texts};

/// What is the matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreErrorKind {
    /// No room on the disk.
    Full,
    /// The file or its directory can't be written.
    ReadOnly,
    /// Another program holds it for too long.
    Locked,
    /// The file is damaged, or no store at all.
    Corrupt,
    /// One row holds something that obx can't have written; the others are readable.
    DamagedRow {
        /// Its number.
        id: i64,
        /// Where the damage is.
        column: &'static str,
    },
    /// Written by a newer obx.
    Newer,
    /// It can't be opened: a missing directory, no permission.
    Unreachable,
    /// There is no such exchange.
    Missing,
    /// Nobody waits for it any more.
    Stopped,
    /// Anything else.
    Other,
}

/// Why the store could not keep or find something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct StoreError {
    /// What is the matter.
    pub fault: StoreErrorKind,
    /// In words, with the file's path where there is one.
    pub detail: String,
}

impl StoreErrorKind {
    /// Whether a connection that met this is as good as before. What is wrong with a file can pass without a
    /// connection that it has noticing: a new one does.
    pub(super) fn leaves_connected(self) -> bool {
        matches!(self, Self::Locked | Self::Missing | Self::Stopped | Self::DamagedRow { .. })
    }
}

impl StoreError {
    /// Something that should have worked on any store.
    pub fn broken(error: &dyn std::fmt::Display) -> Self {
        Self::new(StoreErrorKind::Other, error.to_string())
    }

    pub(super) fn new(fault: StoreErrorKind, detail: impl Into<String>) -> Self {
        Self { fault, detail: detail.into() }
    }

    /// The same, told of this file.
    pub(super) fn of(self, place: &crate::store::Place) -> Self {
        match place.path() {
            Some(path) if !self.detail.contains(&path.display().to_string()) => {
                Self { detail: format!("{}: {}", path.display(), self.detail), ..self }
            }
            _ => self,
        }
    }
}

/// What is the matter, and the store's own words for it.
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
            StoreErrorKind::Missing => texts.store_missing(),
            StoreErrorKind::Other | StoreErrorKind::Stopped => texts.store_other(),
        };
        texts.named(what, &self.detail)
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
