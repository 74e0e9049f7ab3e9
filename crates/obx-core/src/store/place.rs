//! Where exchanges are kept and for how long.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::file_kind::FileKind;

/// Where a store lies, and how much of it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In one file, mode 0600.
    File {
        /// Its path; directories above it are made.
        path: PathBuf,
        /// How much of it is kept.
        retention: Retention,
    },
    /// In memory, until the session ends.
    Memory,
}

/// How much is kept; everything where neither is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// What is older goes.
    pub keep: Option<Duration>,
    /// Bytes of the file; the oldest go while it is larger.
    pub max_size: Option<u64>,
}

impl Place {
    /// A file in which everything is kept.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::File { path: path.into(), retention: Retention::default() }
    }

    /// Why no store can lie at this path: something that is no file is there. `None` for a file, and where there is
    /// nothing yet.
    pub fn unfit(path: &Path) -> Option<FileKind> {
        FileKind::new(fs::metadata(path).ok()?.file_type())
    }

    /// The file, where there is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File { path, .. } => Some(path),
            Self::Memory => None,
        }
    }
}
