//! Where exchanges are kept and for how long, and what holds calls back.

use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

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

/// What the command line says of both.
#[derive(Clone, Debug, Default)]
pub struct KeepingFlags {
    /// `--store`: the file in which exchanges are kept.
    pub store: Option<PathBuf>,
    /// `--no-store`: keep them in memory.
    pub no_store: bool,
    /// `--offline`: send nothing.
    pub offline: bool,
    /// `--cap`: calls a day.
    pub cap: Option<u64>,
    /// `--reserve`: what is left of the quota.
    pub reserve: Option<u64>,
}

/// What holds a call back before it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guards {
    /// Calls of one key in a Beijing day that were billed or may have been.
    pub cap: Option<u64>,
    /// So many of the vendor's quota are left for others.
    pub reserve: Option<u64>,
}

impl Place {
    /// A file in which everything is kept.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::File { path: path.into(), retention: Retention::default() }
    }

    /// Why no store can lie at this path: something that is no file is there, such as a FIFO, which would be waited
    /// for without end. `None` for a file, and where there is nothing yet.
    pub fn unfit(path: &Path) -> Option<&'static str> {
        let kind = fs::metadata(path).ok()?.file_type();
        Some(match () {
            () if kind.is_file() => return None,
            () if kind.is_dir() => "this is a directory, and a store is a file",
            () if kind.is_fifo() => "this is a FIFO, and a store is a file",
            () if kind.is_socket() => "this is a socket, and a store is a file",
            () => "this is a device, and a store is a file; --no-store keeps nothing",
        })
    }

    /// The file, where there is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File { path, .. } => Some(path),
            Self::Memory => None,
        }
    }
}
