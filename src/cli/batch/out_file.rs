//! The file of the results. It gets its name when the batch has come to its end: until then the results of an earlier batch
//! stay as they are.

use std::fs::{File, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::failure::{BatchFailure, has_extension};
use obx_core::part_file;

/// The rights of a new file, less those that the umask takes.
const MODE: u32 = 0o666;

/// A file that is being written; if it is dropped, it is removed.
#[derive(Debug)]
pub(super) struct OutFile {
    path: PathBuf,
    part: Part,
}

#[derive(Debug)]
enum Part {
    Beside(NamedTempFile),
    /// A pipe or a device, which is written to at once.
    Direct(File),
}

impl OutFile {
    /// Creates a file that is to have this path.
    pub(super) fn create(path: &Path) -> Result<Self, BatchFailure> {
        let unwritable = |error: io::Error| BatchFailure::Out(path.to_owned(), error);
        let old = match path.metadata() {
            Ok(old) if old.is_file() => Some(old),
            Ok(_) => {
                let file = File::options().write(true).open(path).map_err(unwritable)?;
                return Ok(Self { path: path.to_owned(), part: Part::Direct(file) });
            }
            Err(_) => None,
        };
        // The file at the end of a link is replaced, not the link.
        let path = if old.is_some() { path.canonicalize().map_err(unwritable)? } else { path.to_owned() };
        let part = part_file::create(&path, MODE).map_err(unwritable)?;
        if let Some(old) = old {
            part.as_file().set_permissions(Permissions::from_mode(old.mode())).map_err(unwritable)?;
        }
        Ok(Self { path, part: Part::Beside(part) })
    }

    /// The path that the user has named.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The file to write to.
    pub(super) fn file(&self) -> Result<File, BatchFailure> {
        let file = match &self.part {
            Part::Beside(part) => part.as_file().try_clone(),
            Part::Direct(file) => file.try_clone(),
        };
        file.map_err(|error| BatchFailure::Out(self.path.clone(), error))
    }

    /// Ends the file. That of a batch which came to its end replaces what was there; any other gets a name of its own, which
    /// is returned.
    pub(super) fn end(self, is_complete: bool) -> Result<Option<PathBuf>, BatchFailure> {
        let Self { path, part: Part::Beside(part) } = self else { return Ok(None) };
        let name = if is_complete { path.clone() } else { partial(&path) };
        // Else a power failure could leave the name with an empty file.
        let synced = part.as_file().sync_data();
        let named = synced.and_then(|()| part.persist(&name).map_err(|error| error.error));
        named.map_err(|error| BatchFailure::Out(path, error))?;
        Ok((!is_complete).then_some(name))
    }
}

/// Checks that results can have this path. The list itself would be lost.
pub(super) fn check_out(path: &Path, list: &Path) -> Result<(), BatchFailure> {
    if has_extension(path, &["xls", "xlsm", "xlsb"]) {
        return Err(BatchFailure::OldSpreadsheet(path.to_owned()));
    }
    let place = |path: &Path| path.metadata().ok().map(|metadata| (metadata.dev(), metadata.ino()));
    if place(path).is_some_and(|out| place(list) == Some(out)) {
        return Err(BatchFailure::OutIsList(path.to_owned()));
    }
    Ok(())
}

/// `out.csv.part`
fn partial(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::*;

    #[test]
    fn what_was_there_is_replaced_at_the_end_and_never_before() {
        let home = tempfile::tempdir().unwrap();
        let (path, link) = (home.path().join("out.csv"), home.path().join("link.csv"));
        fs::write(&path, "before").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        drop(OutFile::create(&path).unwrap());
        assert_eq!(
            (fs::read_to_string(&path).unwrap().as_str(), home.path().read_dir().unwrap().count()),
            ("before", 2)
        );
        for (is_complete, expected) in [(false, "before"), (true, "after")] {
            let out = OutFile::create(&link).unwrap();
            out.file().unwrap().write_all(b"after").unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), "before");
            let part = out.end(is_complete).unwrap();
            assert_eq!(
                (part.is_none(), fs::read_to_string(&link).unwrap().as_str()),
                (is_complete, expected)
            );
            assert!(part.is_none_or(|part| fs::read_to_string(part).unwrap() == "after"));
        }
        assert!(link.is_symlink());
        assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o640);
        let missing = OutFile::create(&home.path().join("no-folder/out.csv"));
        assert!(matches!(missing, Err(BatchFailure::Out(..))));
        assert_eq!(OutFile::create(Path::new("/dev/null")).unwrap().end(false).unwrap(), None);
    }
}
