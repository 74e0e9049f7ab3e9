//! The folder of an item's pictures. A file in it is complete, or it is not there.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cli::writable::check_folder;
use obx_core::part_file;
use obx_core::picture::{DownloadedPicture, PICTURE_ENDINGS};
use onebound::ItemId;

/// The rights of a new folder, less those that the umask takes.
const FOLDER_MODE: u32 = 0o777;
/// The rights of a picture, less those that the umask takes.
const FILE_MODE: u32 = 0o666;

/// How long a temporary file stays for a process that may still be writing it; older ones were left by killed ones.
const PART_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// Creates the folder that the user has named, unless it is there, and checks that files can be created in it: before anything
/// is paid, since the rights of the folder above do not tell (`/proc` lets nobody create one).
pub(super) fn create(to: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(to)?;
    check_folder(to)
}

/// A folder named by an item's ID.
#[derive(Debug)]
pub(super) struct ItemFolder(PathBuf);

impl ItemFolder {
    /// Creates the item's folder in this one, unless it is there. A symbolic link in its place is refused, since others
    /// may be able to write to the folder that the user named.
    pub(super) fn create(to: &Path, id: &ItemId) -> io::Result<Self> {
        create(to)?;
        let path = to.join(id.as_str());
        match fs::symlink_metadata(&path) {
            Ok(about) if about.is_dir() => {}
            Ok(_) => return Err(ErrorKind::NotADirectory.into()),
            Err(error) if error.kind() == ErrorKind::NotFound => fs::create_dir(&path)?,
            Err(error) => return Err(error),
        }
        let folder = Self(path);
        folder.remove_old_parts();
        Ok(folder)
    }

    /// Removes the temporary files of killed processes. Those that can't be removed do no harm.
    fn remove_old_parts(&self) {
        for entry in fs::read_dir(&self.0).into_iter().flatten().flatten() {
            let is_part = entry.file_name().to_str().is_some_and(part_file::is_part);
            let age =
                entry.metadata().and_then(|about| about.modified()).ok().and_then(|at| at.elapsed().ok());
            if is_part && age.is_some_and(|age| age > PART_LIFETIME) {
                let _ = fs::remove_file(entry.path()); // another process may have removed it
            }
        }
    }

    /// The file of this name and its size, if the picture was saved before.
    pub(super) fn saved(&self, stem: &str) -> io::Result<Option<(PathBuf, u64)>> {
        for ending in PICTURE_ENDINGS {
            let path = self.path(stem, ending);
            match fs::symlink_metadata(&path) {
                // An empty file is what a power failure leaves.
                Ok(about) if about.is_file() && about.len() == 0 => {}
                Ok(about) if about.is_file() => return Ok(Some((path, about.len()))),
                Ok(_) => return Err(ErrorKind::AlreadyExists.into()),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Writes a picture to a temporary file, which then gets its name.
    pub(super) fn save(&self, stem: &str, picture: &DownloadedPicture) -> io::Result<PathBuf> {
        let path = self.path(stem, picture.ending);
        let mut part = part_file::create(&path, FILE_MODE)?;
        part.write_all(&picture.bytes)?;
        // Else a power failure could leave the name with an empty file.
        part.as_file().sync_data()?;
        part.persist(&path)?;
        Ok(path)
    }

    fn path(&self, stem: &str, ending: &str) -> PathBuf {
        self.0.join(format!("{stem}.{ending}"))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn picture() -> DownloadedPicture {
        DownloadedPicture { bytes: b"bytes".as_slice().into(), ending: "jpg" }
    }

    fn id() -> ItemId {
        ItemId::find("610947572360").unwrap()
    }

    #[test]
    fn a_saved_picture_is_found_again_and_an_empty_file_is_none() {
        let home = tempfile::tempdir().unwrap();
        let folder = ItemFolder::create(&home.path().join("a/b"), &id()).unwrap();
        assert_eq!(folder.saved("main").unwrap(), None);
        let path = folder.save("main", &picture()).unwrap();
        assert_eq!(folder.saved("main").unwrap(), Some((path, 5)));
        fs::write(folder.path("item-01", "png"), "").unwrap();
        assert_eq!(folder.saved("item-01").unwrap(), None);
        assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 2, "no temporary file is left");
    }

    #[test]
    fn files_that_killed_processes_left_hold_no_picture_back_and_are_removed() {
        let home = tempfile::tempdir().unwrap();
        let folder = ItemFolder::create(home.path(), &id()).unwrap();
        let (old, new) = (folder.0.join(".obx-a.part"), folder.0.join(".obx-b.part"));
        for (path, age) in [(&old, PART_LIFETIME * 2), (&new, Duration::ZERO)] {
            let part = fs::File::create(path).unwrap();
            part.set_modified(std::time::SystemTime::now() - age).unwrap();
        }
        let folder = ItemFolder::create(home.path(), &id()).unwrap();
        assert_eq!((old.exists(), new.exists()), (false, true));
        folder.save("main", &picture()).unwrap();
    }

    #[test]
    fn nothing_is_written_through_a_link() {
        let home = tempfile::tempdir().unwrap();
        let victim = home.path().join("victim");
        fs::write(&victim, "mine").unwrap();
        let folder = ItemFolder::create(home.path(), &id()).unwrap();
        symlink(&victim, folder.path("main", "jpg")).unwrap();
        assert!(folder.saved("main").is_err());
        // Should the link come after the look: it is replaced, not followed.
        folder.save("main", &picture()).unwrap();
        assert_eq!(fs::read_to_string(&victim).unwrap(), "mine");
        let other = home.path().join("other");
        fs::create_dir(&other).unwrap();
        symlink(home.path(), other.join(id().as_str())).unwrap();
        assert!(ItemFolder::create(&other, &id()).is_err());
    }
}
