//! Paid answers that wait in files of this machine until their server can be reached.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::Place;

/// The answers that wait for one server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnsentAnswers {
    /// The address of their store; `None` if the files don't say it.
    pub store: Option<String>,
    /// They are for the session's own store.
    pub is_of_place: bool,
    /// Where they are.
    pub folder: PathBuf,
    pub count: usize,
    /// In bytes.
    pub size: u64,
    /// When the oldest of them came.
    pub oldest: Option<Timestamp>,
    /// How many files can't be read; 1 if the folder can't be.
    pub unreadable: usize,
}

impl UnsentAnswers {
    /// Returns what waits below this folder, server by server: for the store of this place, and for others. It stays there. An
    /// obx that is built without servers finds nothing.
    pub fn find(folder: &Path, place: &Place) -> Vec<Self> {
        #[cfg(feature = "postgres")]
        return super::postgres::unsent(folder, place);
        #[cfg(not(feature = "postgres"))]
        {
            let _ = (folder, place); // of servers alone
            Vec::new()
        }
    }
}
