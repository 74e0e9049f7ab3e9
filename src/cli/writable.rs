//! Whether a folder that the user has named can be written to, before anything is paid.

use std::fs;
use std::io;
use std::path::Path;

use rustix::fs::{Access, access};

/// Checks that files can be created in this folder, or that the folder itself can be.
///
/// # Errors
/// Why not.
pub(super) fn check_folder(folder: &Path) -> io::Result<()> {
    let is_there = |part: &&Path| !part.as_os_str().is_empty() && part.symlink_metadata().is_ok();
    let existing = folder.ancestors().find(is_there).unwrap_or(Path::new("."));
    // A file in its place has nothing inside.
    let _ = fs::metadata(existing.join("."))?;
    Ok(access(existing, Access::WRITE_OK | Access::EXEC_OK)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_can_be_written_to_if_it_or_the_one_above_is_there() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("file");
        fs::write(&file, "").unwrap();
        for folder in [home.path().to_owned(), home.path().join("a/b"), "".into(), "relative/b".into()] {
            assert!(check_folder(&folder).is_ok(), "{folder:?}");
        }
        for folder in [file.clone(), file.join("a/b")] {
            assert_eq!(check_folder(&folder).unwrap_err().kind(), io::ErrorKind::NotADirectory, "{folder:?}");
        }
    }
}
