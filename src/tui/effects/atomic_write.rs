//! Writes a text to a file, completely or not at all.
//!
//! ```text
//!  new file ─────────────▶ created exclusively (O_EXCL), and removed if it can't be written completely
//!  existing file ────────▶ a temporary file beside it, readable by its owner only, which then gets the old
//!                          mode and is renamed over it
//!  not replaceable ──────▶ written in place: a pipe, a device, a file in a folder that allows no new file,
//!                          a file with several names, a file whose owner would change
//! ```
//! Symbolic links are followed, and the file at their end is written.

#[cfg(test)]
mod tests;

use std::fs::{self, File, Metadata, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};

use obx_core::part_file::folder_of;

/// Most names tried for the temporary file, and most links followed.
const TRIES: usize = 40;

/// Why a text was not written completely.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unwritten {
    /// The old contents are unchanged.
    #[error(transparent)]
    Untouched(#[from] io::Error),
    /// The file was written in place, and is incomplete.
    #[error(transparent)]
    InPart(io::Error),
}

/// Creates a file, which must not exist yet.
pub(super) fn make(path: &Path, text: &str) -> Result<(), Unwritten> {
    let file = OpenOptions::new().write(true).create_new(true).open(path)?;
    Ok(finish(file, path, text)?)
}

/// Replaces a file, or creates it if it doesn't exist.
pub(super) fn overwrite(path: &Path, text: &str) -> Result<(), Unwritten> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(&end_of(path), text),
        Err(error) => Err(error.into()),
        Ok(old) if old.is_file() => replace(path, &old, text),
        Ok(_) => write_into(OpenOptions::new().write(true).open(path)?, text),
    }
}

/// The path at the end of a dangling symbolic link.
fn end_of(path: &Path) -> PathBuf {
    let mut end = path.to_owned();
    for _ in 0..TRIES {
        let Ok(next) = fs::read_link(&end) else { break };
        end = end.parent().map_or(next.clone(), |folder| folder.join(&next));
    }
    end
}

fn replace(path: &Path, old: &Metadata, text: &str) -> Result<(), Unwritten> {
    // A read-only file is not replaced, even if its folder allows that.
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
        // A mount point, as of a file mounted into a container, can't be renamed over.
        let stays = matches!(error.kind(), io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices);
        return if stays { write_over(in_place, text) } else { Err(error.into()) };
    }
    // Only now does the new name survive a power failure. If the folder can't be synced, nothing more can be done.
    let _ = File::open(folder_of(&end)).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Creates a temporary file in the same folder, with an unpredictable name.
fn beside(path: &Path) -> io::Result<(File, PathBuf)> {
    let folder = folder_of(path);
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

/// Writes a file created here, and removes it if that fails, since a partial file could be mistaken for a complete
/// one.
fn finish(mut file: File, path: &Path, text: &str) -> io::Result<()> {
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    written.or_else(|error| give_up(path, error))
}

fn give_up(made: &Path, error: io::Error) -> io::Result<()> {
    let _ = fs::remove_file(made); // it may be gone
    Err(error)
}

/// Overwrites a file in place. Allocates the space first, so that a full disk leaves the old contents intact.
fn write_over(mut file: File, text: &str) -> Result<(), Unwritten> {
    let bytes = text.len() as u64;
    allocate(&file, bytes)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.set_len(bytes));
    written.and_then(|()| file.sync_all()).map_err(Unwritten::InPart)
}

/// Allocates space. Some file systems can't, and then the write itself may fail.
fn allocate(file: &File, bytes: u64) -> io::Result<()> {
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

/// Writes to a pipe or device, where written bytes can't be taken back or synced.
fn write_into(mut file: File, text: &str) -> Result<(), Unwritten> {
    file.write_all(text.as_bytes()).map_err(Unwritten::InPart)
}
