//! The file of the results. It is written under the name of a part, `out.csv.part`, and gets its own name when the batch has
//! come to its end: until then the results of an earlier batch stay as they are, and whatever ends the program, what was paid
//! is in a file that has a name.

use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::failure::{BatchFailure, has_extension};

/// A file that is being written. If it is dropped, its part stays, unless nothing was written to it.
#[derive(Debug)]
pub(super) struct OutFile {
    path: PathBuf,
    file: File,
    /// `None` once it has the file's name, and for a pipe or a device, which is written to at once.
    part: Option<PathBuf>,
}

/// What a file of the results has become.
#[derive(Debug)]
pub(super) enum EndedFile {
    /// It has its name.
    Named,
    /// The results are in this part of it.
    Part(PathBuf),
    /// The results are in this part of it, since it could not get its name.
    Unnamed(PathBuf, io::Error),
    /// There are no results, and no part.
    Empty,
}

impl OutFile {
    /// Creates a file that is to have this path.
    pub(super) fn create(path: &Path) -> Result<Self, BatchFailure> {
        let unwritable = |error: io::Error| BatchFailure::Out(path.to_owned(), error);
        let old = match path.metadata() {
            Ok(old) if old.is_file() => Some(old),
            Ok(_) => {
                let file = File::options().write(true).open(path).map_err(unwritable)?;
                return Ok(Self { path: path.to_owned(), file, part: None });
            }
            Err(_) => None,
        };
        // The file at the end of a link is replaced, not the link.
        let path = if old.is_some() { path.canonicalize().map_err(unwritable)? } else { path.to_owned() };
        let (part, file) = create_part(&path).map_err(unwritable)?;
        let created = Self { path, file, part: Some(part) };
        if let Some(old) = old {
            created.file.set_permissions(Permissions::from_mode(old.mode())).map_err(unwritable)?;
        }
        Ok(created)
    }

    /// The path that the user has named.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The file to write to.
    pub(super) fn file(&self) -> Result<File, BatchFailure> {
        self.file.try_clone().map_err(|error| BatchFailure::Out(self.path.clone(), error))
    }

    /// Ends the file. That of a batch which came to its end replaces what was there.
    pub(super) fn end(mut self, is_complete: bool) -> EndedFile {
        let Some(part) = self.part.clone() else { return EndedFile::Named };
        if !is_complete {
            return if self.is_empty() { EndedFile::Empty } else { EndedFile::Part(part) };
        }
        // Else a power failure could leave the name with an empty file.
        let named = self.file.sync_data().and_then(|()| fs::rename(&part, &self.path));
        match named {
            Ok(()) => {
                self.part = None;
                EndedFile::Named
            }
            Err(error) => EndedFile::Unnamed(part, error),
        }
    }

    fn is_empty(&self) -> bool {
        self.file.metadata().is_ok_and(|metadata| metadata.len() == 0)
    }
}

impl Drop for OutFile {
    fn drop(&mut self) {
        if let Some(part) = self.part.take()
            && self.is_empty()
        {
            let _ = fs::remove_file(part); // an empty file that stays does no harm
        }
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

/// Creates the first part whose name is free: that of a batch which was stopped earlier stays, and so does that of one which
/// runs at the same time.
fn create_part(path: &Path) -> io::Result<(PathBuf, File)> {
    let mut number = 1_u64;
    loop {
        let part = part_name(path, number);
        match File::options().write(true).create_new(true).open(&part) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
            created => return Ok((part, created?)),
        }
    }
}

/// `out.csv.part`, then `out.csv.part.2`
fn part_name(path: &Path, number: u64) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    if number > 1 {
        name.push(format!(".{number}"));
    }
    name.into()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn write(out: &OutFile) {
        out.file().unwrap().write_all(b"after").unwrap();
    }

    #[test]
    fn what_was_there_is_replaced_at_the_end_and_never_before() {
        let home = tempfile::tempdir().unwrap();
        let (path, link) = (home.path().join("out.csv"), home.path().join("link.csv"));
        fs::write(&path, "before").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        drop(OutFile::create(&path).unwrap());
        assert!(matches!(OutFile::create(&path).unwrap().end(false), EndedFile::Empty));
        assert_eq!(
            (fs::read_to_string(&path).unwrap().as_str(), home.path().read_dir().unwrap().count()),
            ("before", 2)
        );
        let out = OutFile::create(&link).unwrap();
        write(&out);
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        assert!(matches!(out.end(true), EndedFile::Named));
        assert_eq!(fs::read_to_string(&link).unwrap(), "after");
        assert!(link.is_symlink());
        assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o640);
        let missing = OutFile::create(&home.path().join("no-folder/out.csv"));
        assert!(matches!(missing, Err(BatchFailure::Out(..))));
        assert!(matches!(OutFile::create(Path::new("/dev/null")).unwrap().end(false), EndedFile::Named));
        assert_eq!(home.path().read_dir().unwrap().count(), 2);
    }

    #[test]
    fn a_part_with_results_stays_and_no_later_one_replaces_it() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("out.csv");
        for name in ["out.csv.part", "out.csv.part.2"] {
            let out = OutFile::create(&path).unwrap();
            write(&out);
            drop(out);
            assert_eq!(fs::read_to_string(home.path().join(name)).unwrap(), "after");
        }
        let out = OutFile::create(&path).unwrap();
        write(&out);
        let EndedFile::Part(third) = out.end(false) else { panic!("it is complete") };
        assert!(third.ends_with("out.csv.part.3") && third.is_file() && !path.exists());
    }

    #[test]
    fn a_file_that_cant_get_its_name_keeps_its_results_in_the_part() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("out.csv");
        let out = OutFile::create(&path).unwrap();
        write(&out);
        fs::create_dir(&path).unwrap();
        let EndedFile::Unnamed(part, _) = out.end(true) else { panic!("a folder was replaced") };
        assert_eq!(fs::read_to_string(part).unwrap(), "after");
    }
}
