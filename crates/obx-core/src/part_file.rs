//! A file that is written beside another and then renamed over it, so that nobody ever reads a part of it.

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::Builder;

/// A file that has no name of its own yet; it is removed if it never gets one.
pub use tempfile::NamedTempFile as PartFile;

/// Creates an empty file in the folder of this path, under a name that no other process has; readers of the folder pass it
/// over, since it begins with a dot. `mode` is that of the later file, less the umask. [`PartFile::persist`] gives it the
/// path's name, replacing a file or a link of that name; if it is dropped before, it is removed.
///
/// # Errors
/// If the folder can't be written to.
pub fn create(path: &Path, mode: u32) -> io::Result<PartFile> {
    let permissions = Permissions::from_mode(mode);
    Builder::new().prefix(PREFIX).suffix(SUFFIX).permissions(permissions).tempfile_in(folder_of(path))
}

/// Returns the folder that a file lies in, which is `.` for a bare name: [`Path::parent`] returns a path there that can't be
/// opened.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

const PREFIX: &str = ".obx-";
const SUFFIX: &str = ".part";

/// Whether a file of this name was made by [`create`]; a process that was killed leaves one behind.
pub fn is_part(name: &str) -> bool {
    name.starts_with(PREFIX) && name.ends_with(SUFFIX)
}
