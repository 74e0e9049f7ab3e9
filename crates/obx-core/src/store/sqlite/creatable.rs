//! Checks whether a missing store could be created: if not, the user should know before paying for a call that can't
//! be stored.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::store::StoreError;

/// Creates a probe file in the store's directory, or in its first existing parent, and deletes it again. Permissions
/// alone aren't enough: a file system can refuse writes even to the owner.
pub(super) fn check(path: &Path) -> Result<(), StoreError> {
    let here = Path::new(".");
    let folders = path.ancestors().skip(1);
    let folders = folders.map(|folder| if folder.as_os_str().is_empty() { here } else { folder });
    let folder = folders.into_iter().find(|folder| folder.exists()).unwrap_or(here);
    let probe = folder.join(format!(".obx-{}", std::process::id()));
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&probe);
    match made {
        Ok(_) => Ok(fs::remove_file(&probe)?),
        // Then another file can be created there as well.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreErrorKind;

    #[test]
    fn a_store_that_could_be_made_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["store.sqlite", "a/b/store.sqlite"] {
            check(&folder.path().join(name)).unwrap();
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_store_that_could_not_be_made_is_unreachable() {
        for path in ["/proc/newst.db", "/proc/a/b/newst.db"] {
            assert_eq!(check(Path::new(path)).unwrap_err().fault, StoreErrorKind::Unreachable, "{path}");
        }
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(check(&file.path().join("store.sqlite")).is_err(), "a file is no folder");
    }
}
