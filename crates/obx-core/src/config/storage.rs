//! What the command line says of the store and of guards.

use std::path::PathBuf;

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
