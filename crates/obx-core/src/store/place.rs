//! Where a store is, and how long its exchanges are kept.

mod postgres;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::file_kind::FileKind;
pub use postgres::{PostgresPlace, StorePassword, TlsMode};

/// Where a store is, and how much of it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In one file, mode 0600.
    File {
        /// Missing parent directories are created.
        path: PathBuf,
        retention: Retention,
    },
    /// In memory, until the session ends.
    Memory,
    /// In a database that several machines share.
    Postgres(Box<PostgresPlace>),
}

/// The limits of a store; if neither is set, everything is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// Older exchanges are deleted.
    pub keep: Option<Duration>,
    /// Maximum size of the file in bytes; while it is larger, the oldest exchanges are deleted.
    pub max_size: Option<u64>,
}

impl Place {
    /// Creates the place of a store in a file without limits.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::File { path: path.into(), retention: Retention::default() }
    }

    /// Returns the kind of what is at this path if that is not a plain file, so that no store can be there. `None` if
    /// it is a file, or does not exist.
    pub fn unfit(path: &Path) -> Option<FileKind> {
        FileKind::new(fs::metadata(path).ok()?.file_type())
    }

    /// Returns true if what is stored there outlives the session.
    pub fn is_lasting(&self) -> bool {
        !matches!(self, Self::Memory)
    }

    /// The name of whoever asks, where several people share the store.
    pub fn asked_by(&self) -> Option<&str> {
        match self {
            Self::Postgres(place) => Some(&place.asked_by),
            Self::File { .. } | Self::Memory => None,
        }
    }

    /// Returns true if several people, on several machines, share the store.
    pub fn is_shared(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Returns true if files of this machine keep the answers that can't be stored until they can be.
    pub fn is_spooled(&self) -> bool {
        matches!(self, Self::Postgres(place) if place.spool_folder.is_some())
    }

    /// Returns the same place for a session that neither spools answers nor hands in what others have spooled.
    #[must_use]
    pub fn without_spool(mut self) -> Self {
        if let Self::Postgres(place) = &mut self {
            place.spool_folder = None;
        }
        self
    }

    /// Returns a name for files of this machine that belong to a store on a server; `None` for others.
    pub fn server_name(&self) -> Option<String> {
        let Self::Postgres(place) = self else { return None };
        let address = place.to_string();
        let address = address.split_once("://").map_or(address.as_str(), |(_, address)| address);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@');
        let name: String = address.chars().map(|c| if is_plain(c) { c } else { '_' }).take(200).collect();
        // Two addresses with one such name would be one file.
        let digest = ring::digest::digest(&ring::digest::SHA256, address.as_bytes());
        let number =
            digest.as_ref().iter().take(4).fold(0, |number: u32, byte| number << 8 | u32::from(*byte));
        Some(format!("{name}-{number:08x}"))
    }

    /// The path of the file; `None` in memory and on a server.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File { path, .. } => Some(path),
            Self::Memory | Self::Postgres(_) => None,
        }
    }
}

impl From<PostgresPlace> for Place {
    fn from(place: PostgresPlace) -> Self {
        Self::Postgres(Box::new(place))
    }
}

/// The path of the file, or the address of the database without its password.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, .. } => write!(f, "{}", path.display()),
            Self::Memory => f.write_str(":memory:"),
            Self::Postgres(place) => write!(f, "{place}"),
        }
    }
}
