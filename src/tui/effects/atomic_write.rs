//! Puts a text into a file: whole, or not at all.
//!
//! ```text
//!  not there yet ────────▶ made here and nowhere else (O_EXCL), and taken away again where it could not be written whole
//!  a file, overwritten ──▶ written beside it, for its owner alone, then given the old one's mode and put in its place
//!  what can't be replaced, or should not be ─▶ written in place: a pipe, a device, a file in a folder that
//!                                              takes no other, one of several names, one that would change its owner
//! ```
//! A link is followed: its end is what is written.

#[cfg(test)]
mod tests;

use std::fs::{self, File, Metadata, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};

/// Names tried for the file beside, and links followed one after the other.
const TRIES: usize = 40;

/// Why a text is not in its file.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unwritten {
    /// All is as it was before.
    #[error(transparent)]
    Untouched(#[from] io::Error),
    /// It had to be written in place, and ended too early.
    #[error(transparent)]
    InPart(io::Error),
}

/// Makes a file that was not there before.
pub(super) fn make(path: &Path, text: &str) -> Result<(), Unwritten> {
    let file = OpenOptions::new().write(true).create_new(true).open(path)?;
    Ok(finish(file, path, text)?)
}

/// Puts the text in the place of what is there, if anything is.
pub(super) fn overwrite(path: &Path, text: &str) -> Result<(), Unwritten> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(&end_of(path), text),
        Err(error) => Err(error.into()),
        Ok(old) if old.is_file() => replace(path, &old, text),
        Ok(_) => write_into(OpenOptions::new().write(true).open(path)?, text),
    }
}

/// Where a link leads that ends nowhere.
fn end_of(path: &Path) -> PathBuf {
    let mut end = path.to_owned();
    for _ in 0..TRIES {
        let Ok(next) = fs::read_link(&end) else { break };
        end = end.parent().map_or(next.clone(), |folder| folder.join(&next));
    }
    end
}

fn replace(path: &Path, old: &Metadata, text: &str) -> Result<(), Unwritten> {
    // What may not be written is not replaced either, though its folder would allow it.
    let in_place = OpenOptions::new().write(true).open(path)?;
    let Ok(end) = fs::canonicalize(path) else { return write_over(in_place, text) };
    if old.nlink() > 1 {
        return write_over(in_place, text);
    }
    let (file, beside) = match beside(&end) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return write_over(in_place, text),
        made => made?,
    };
    let is_ours = file.metadata().is_ok_and(|new| (new.uid(), new.gid()) == (old.uid(), old.gid()));
    if !is_ours && fchown(&file, Some(old.uid()), Some(old.gid())).is_err() {
        let _ = fs::remove_file(&beside); // it may be gone
        return write_over(in_place, text);
    }
    file.set_permissions(old.permissions()).or_else(|error| give_up(&beside, error))?;
    finish(file, &beside, text)?;
    if let Err(error) = fs::rename(&beside, &end) {
        let _ = fs::remove_file(&beside); // it may be gone
        // A file that is mounted by itself, as into a container, can't change its place.
        let stays = matches!(error.kind(), io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices);
        return if stays { write_over(in_place, text) } else { Err(error.into()) };
    }
    // The new name outlives a power cut only then; where a folder can't be synced there is nothing more to do.
    let _ = end.parent().map(|folder| File::open(folder).and_then(|folder| folder.sync_all()));
    Ok(())
}

/// A new file in the same folder, of a name that nobody can have foreseen.
fn beside(path: &Path) -> io::Result<(File, PathBuf)> {
    let folder = path.parent().unwrap_or(path);
    for _ in 0..TRIES {
        let name = format!(".obx-{:016x}.part", RandomState::new().hash_one(path));
        let beside = folder.join(name);
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(|file| (file, beside)),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Writes a file that was made here; half of one would be taken for a whole one.
fn finish(mut file: File, path: &Path, text: &str) -> io::Result<()> {
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    written.or_else(|error| give_up(path, error))
}

fn give_up(made: &Path, error: io::Error) -> io::Result<()> {
    let _ = fs::remove_file(made); // it may be gone
    Err(error)
}

/// Writes over a file. Room is made for it first, so that a full disk leaves the old one as it was.
fn write_over(mut file: File, text: &str) -> Result<(), Unwritten> {
    let bytes = text.len() as u64;
    make_room(&file, bytes)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.set_len(bytes));
    written.and_then(|()| file.sync_all()).map_err(Unwritten::InPart)
}

/// Not every disk can tell beforehand.
fn make_room(file: &File, bytes: u64) -> io::Result<()> {
    use rustix::io::Errno;
    let old = file.metadata()?.len();
    match rustix::fs::fallocate(file, rustix::fs::FallocateFlags::empty(), 0, bytes.max(1)) {
        Err(error @ (Errno::NOSPC | Errno::DQUOT | Errno::FBIG)) => {
            file.set_len(old)?;
            Err(error.into())
        }
        _ => Ok(()),
    }
}

/// What a pipe or a device has got can't be taken back, and is not on a disk.
fn write_into(mut file: File, text: &str) -> Result<(), Unwritten> {
    file.write_all(text.as_bytes()).map_err(Unwritten::InPart)
}
