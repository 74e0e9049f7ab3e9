//! The rights on the config file: secrets are taken only from one that is its owner's alone.

use std::fs::Metadata;
use std::path::Path;

use super::error::shown;

/// Who may do what to the file, and how to change that.
pub(super) struct Guard {
    /// Group and others have no rights at all.
    pub(super) private: bool,
    /// Others may write it.
    pub(super) writable_by_all: bool,
    /// The command that makes it private.
    pub(super) remedy: String,
}

#[cfg(unix)]
const RIGHTS_OF_GROUP_AND_OTHERS: u32 = 0o077;
#[cfg(unix)]
const WRITABLE_BY_OTHERS: u32 = 0o002;

impl Guard {
    #[cfg(unix)]
    pub(super) fn of(path: &Path, metadata: &Metadata) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let mode = metadata.permissions().mode();
        Self {
            private: mode & RIGHTS_OF_GROUP_AND_OTHERS == 0,
            writable_by_all: mode & WRITABLE_BY_OTHERS != 0,
            remedy: format!("chmod 600 {}", shown(path)),
        }
    }

    /// Where there are no modes, the system's own rights have to do.
    #[cfg(not(unix))]
    pub(super) fn of(path: &Path, _: &Metadata) -> Self {
        Self { private: true, writable_by_all: false, remedy: shown(path) }
    }
}
