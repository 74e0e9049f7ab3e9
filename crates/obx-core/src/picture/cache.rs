//! Pictures that were fetched before, as files that only the user can read.
//!
//! A file is named by a digest of the picture's address, and holds its bytes as they were sent. The oldest are deleted
//! when all of them take more room than is allowed. Nothing depends on the cache: what can't be read or written is
//! fetched again.

use std::fmt::Write as _;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;
use std::time::SystemTime;

use ring::digest::{SHA256, digest};

use onebound::PictureUrl;

/// The room that all pictures take together, in bytes.
const MAX_TOTAL: u64 = 64 * 1024 * 1024;

/// Larger files were not written by obx, in bytes.
const MAX_FILE: u64 = 16 * 1024 * 1024;

/// The folder of the pictures.
#[derive(Debug)]
pub(super) struct PictureCache {
    folder: PathBuf,
    max_total: u64,
}

impl PictureCache {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, max_total: MAX_TOTAL }
    }

    /// The picture's bytes, if it was fetched before.
    pub(super) fn get(&self, url: &PictureUrl) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let file = File::open(self.path(url)).ok()?;
        file.take(MAX_FILE).read_to_end(&mut bytes).ok()?;
        // The oldest are deleted first: those that nobody looked at for the longest time.
        let _ = File::options()
            .append(true)
            .open(self.path(url))
            .and_then(|file| file.set_modified(SystemTime::now()));
        Some(bytes)
    }

    /// Stores a picture's bytes.
    pub(super) fn put(&self, url: &PictureUrl, bytes: &[u8]) {
        if let Err(error) = self.write(url, bytes) {
            tracing::warn!(%error, "a picture can't be stored");
        }
    }

    fn write(&self, url: &PictureUrl, bytes: &[u8]) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        let path = self.path(url);
        let unfinished = path.with_extension(format!("{}.tmp", std::process::id()));
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
        file.write_all(bytes)?;
        fs::rename(&unfinished, &path)?;
        self.delete_oldest()
    }

    fn delete_oldest(&self) -> io::Result<()> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let about = entry.metadata()?;
            if about.is_file() {
                files.push((about.modified()?, about.len(), entry.path()));
            }
        }
        let mut total: u64 = files.iter().map(|(_, length, _)| length).sum();
        files.sort();
        for (_, length, path) in files {
            if total <= self.max_total {
                break;
            }
            fs::remove_file(path)?;
            total -= length;
        }
        Ok(())
    }

    fn path(&self, url: &PictureUrl) -> PathBuf {
        let mut name = String::new();
        for byte in digest(&SHA256, url.as_str().as_bytes()).as_ref() {
            let _ = write!(name, "{byte:02x}"); // writing to a String can't fail
        }
        self.folder.join(name)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use super::*;
    use onebound::Host;

    fn url(name: &str) -> PictureUrl {
        PictureUrl::parse(&format!("https://cbu01.alicdn.com/{name}"), &Host::default()).unwrap()
    }

    #[test]
    fn a_picture_is_found_again_and_is_its_owners_alone() {
        let home = tempfile::tempdir().unwrap();
        let cache = PictureCache::new(home.path().join("obx/pictures"));
        assert_eq!(cache.get(&url("a.jpg")), None);
        cache.put(&url("a.jpg"), b"bytes");
        assert_eq!(cache.get(&url("a.jpg")).as_deref(), Some(b"bytes".as_slice()));
        assert_eq!(cache.get(&url("b.jpg")), None);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&cache.folder), mode(&cache.path(&url("a.jpg")))), (0o700, 0o600));
    }

    #[test]
    fn the_pictures_that_were_looked_at_last_are_kept() {
        let home = tempfile::tempdir().unwrap();
        let cache = PictureCache { folder: home.path().to_owned(), max_total: 25 };
        let store = |name: &str, age: u64| {
            cache.put(&url(name), &[0; 10]);
            let before = SystemTime::now() - std::time::Duration::from_secs(age);
            File::options().append(true).open(cache.path(&url(name))).unwrap().set_modified(before).unwrap();
        };
        store("a.jpg", 300);
        store("b.jpg", 200);
        let _ = cache.get(&url("a.jpg"));
        cache.put(&url("c.jpg"), &[0; 10]);
        let kept = ["a.jpg", "b.jpg", "c.jpg"].map(|name| cache.get(&url(name)).is_some());
        assert_eq!(kept, [true, false, true]);
    }
}
