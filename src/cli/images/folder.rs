//! The folder of an item's pictures. A file in it is complete, or it is not there.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use obx_core::picture::{DownloadedPicture, PICTURE_ENDINGS};
use onebound::ItemId;

/// The rights of a new folder, less those that the umask takes.
const FOLDER_MODE: u32 = 0o777;

/// A folder named by an item's ID.
#[derive(Debug)]
pub(super) struct ItemFolder(PathBuf);

impl ItemFolder {
    /// Creates the item's folder in this one, unless it is there. A symbolic link in its place is refused, since others
    /// may be able to write to the folder that the user named.
    pub(super) fn create(to: &Path, id: &ItemId) -> io::Result<Self> {
        fs::DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(to)?;
        let path = to.join(id.as_str());
        match fs::symlink_metadata(&path) {
            Ok(about) if about.is_dir() => {}
            Ok(_) => return Err(ErrorKind::NotADirectory.into()),
            Err(error) if error.kind() == ErrorKind::NotFound => fs::create_dir(&path)?,
            Err(error) => return Err(error),
        }
        Ok(Self(path))
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
        let (path, part) =
            (self.path(stem, picture.ending), self.0.join(format!(".{stem}.{}.part", std::process::id())));
        // Exclusively, so that no link is followed.
        let mut file = OpenOptions::new().write(true).create_new(true).open(&part)?;
        let written = file.write_all(&picture.bytes).and_then(|()| file.sync_data());
        written.and_then(|()| fs::rename(&part, &path)).inspect_err(|_| {
            let _ = fs::remove_file(&part); // it may be gone
        })?;
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
