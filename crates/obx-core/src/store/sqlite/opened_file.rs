//! Notices that the store's file was replaced or deleted while obx has the old one open.
//!
//! `SQLite` goes on with the old file, which may have no name any more: what is written to it can be lost, and other
//! sessions do not see it.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::store::{Place, StoreError, StoreErrorKind};

/// Tells a file from another one in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    /// The file at this path; `None` if there is none.
    pub(super) fn at(path: &Path) -> io::Result<Option<Self>> {
        match std::fs::metadata(path) {
            Ok(file) => Ok(Some(Self { device: file.dev(), inode: file.ino() })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The file that the writer has open.
#[derive(Clone, Debug, Default)]
pub(super) struct OpenedFile(Arc<Mutex<Option<FileId>>>);

impl OpenedFile {
    /// Remembers the file that was just opened.
    pub(super) fn remember(&self, place: &Place) -> Result<(), StoreError> {
        if let Some(path) = place.path() {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = FileId::at(path)?;
        }
        Ok(())
    }

    /// Checks that the store's path still leads to that file.
    pub(super) fn check(&self, place: &Place) -> Result<(), StoreError> {
        let Some(path) = place.path() else { return Ok(()) };
        let opened = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if FileId::at(path)? == opened {
            return Ok(());
        }
        Err(StoreError::new(StoreErrorKind::Replaced, "this is not the file that was opened"))
    }
}
