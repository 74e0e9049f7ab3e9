//! The rights on the config file: secrets are taken only from a file that nobody but its owner can read.

use std::fs::Metadata;
use std::os::unix::fs::PermissionsExt;

/// Who can do what with the config file.
pub(super) struct FileMode {
    /// Group and others have no rights at all.
    pub(super) private: bool,
    pub(super) writable_by_all: bool,
}

const RIGHTS_OF_GROUP_AND_OTHERS: u32 = 0o077;
const WRITABLE_BY_OTHERS: u32 = 0o002;

impl FileMode {
    pub(super) fn new(metadata: &Metadata) -> Self {
        let mode = metadata.permissions().mode();
        Self {
            private: mode & RIGHTS_OF_GROUP_AND_OTHERS == 0,
            writable_by_all: mode & WRITABLE_BY_OTHERS != 0,
        }
    }
}
