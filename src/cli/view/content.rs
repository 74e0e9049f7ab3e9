//! Reads a file, a pipe or a device up to a limit: a stream without an end must not fill the memory.

use std::fs;
use std::io::{self, IsTerminal, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileExt, FileTypeExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use jiff::Timestamp;
use rustix::fs::{Mode, OFlags};

use crate::tui::effects::{File, UnreadableFile};

/// A file of such a size is worth a second thread; for a larger one there may not be enough memory.
const LARGE: std::ops::Range<usize> = 4_000_000..1_000_000_000;

/// Bytes read at once: the limit is exceeded by no more, and progress shows in such steps.
const CHUNK: usize = 256 * 1024;

/// The file at this path. All that can fail without reading fails here; the file is opened later where that can wait, as a
/// pipe without a writer does.
pub(in crate::cli) fn from_path(path: &Path, max_bytes: usize) -> Result<File, UnreadableFile> {
    let place = path.display().to_string();
    let failed = |error| UnreadableFile::Failed(place.clone(), error);
    let metadata = fs::metadata(path).map_err(failed)?;
    let kind = metadata.file_type();
    if kind.is_char_device() && is_terminal(path) {
        return Err(UnreadableFile::Terminal(place));
    }
    check_size(&metadata, &place, max_bytes)?;
    let waits = kind.is_fifo() || kind.is_char_device();
    let opened = if waits { None } else { Some(fs::File::open(path).map_err(failed)?) };
    let at = metadata.modified().ok().and_then(|written| Timestamp::try_from(written).ok());
    let read = Arc::<AtomicUsize>::default();
    let progress = Arc::clone(&read);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_else(|| place.clone());
    let path = path.to_owned();
    let content = move || {
        let file = opened.map_or_else(|| fs::File::open(&path), Ok);
        let file = file.map_err(|error| UnreadableFile::Failed(place.clone(), error))?;
        content(file, &place, metadata.len(), max_bytes, &progress)
    };
    let at = at.unwrap_or_else(Timestamp::now);
    Ok(File { name, content: Box::new(content), read, at, credentials: None })
}

/// What comes on stdin; the keyboard is another file then.
pub(in crate::cli) fn from_stdin(max_bytes: usize) -> Result<File, UnreadableFile> {
    let name = "stdin";
    let stdin = io::stdin().as_fd().try_clone_to_owned();
    let file = fs::File::from(stdin.map_err(|error| UnreadableFile::Failed(name.to_owned(), error))?);
    if let Ok(metadata) = file.metadata() {
        check_size(&metadata, name, max_bytes)?;
    }
    let read = Arc::<AtomicUsize>::default();
    let progress = Arc::clone(&read);
    let content = move || stream(file, name, max_bytes, &progress);
    let at = Timestamp::now();
    Ok(File { name: name.to_owned(), content: Box::new(content), read, at, credentials: None })
}

/// Opened without waiting for anything, and without becoming this process's terminal.
fn is_terminal(path: &Path) -> bool {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    rustix::fs::open(path, flags, Mode::empty()).is_ok_and(|file| file.is_terminal())
}

/// Only a plain file knows its size.
fn check_size(metadata: &fs::Metadata, place: &str, max_bytes: usize) -> Result<(), UnreadableFile> {
    let size = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    if metadata.is_file() && size > max_bytes {
        return Err(UnreadableFile::TooLarge { place: place.to_owned(), size: Some(size), max_bytes });
    }
    Ok(())
}

/// All of it; most of the time goes into getting memory for it.
fn content(
    file: fs::File,
    place: &str,
    size: u64,
    max_bytes: usize,
    read: &AtomicUsize,
) -> Result<Bytes, UnreadableFile> {
    let large = usize::try_from(size).ok().filter(|size| LARGE.contains(size));
    if let Some(content) = large.and_then(|size| in_halves(&file, size, read).ok()) {
        return Ok(content);
    }
    // Small, of no known size, cut while it was read, or larger than memory.
    read.store(0, Ordering::Relaxed);
    stream(file, place, max_bytes, read)
}

/// Reads in order, up to its end.
fn stream(
    mut file: fs::File,
    place: &str,
    max_bytes: usize,
    read: &AtomicUsize,
) -> Result<Bytes, UnreadableFile> {
    let mut content = Vec::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        let count = match file.read(&mut chunk) {
            Ok(0) => return Ok(content.into()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(UnreadableFile::Failed(place.to_owned(), error)),
        };
        content.extend(chunk.iter().take(count));
        read.store(content.len(), Ordering::Relaxed);
        if content.len() > max_bytes {
            return Err(UnreadableFile::TooLarge { place: place.to_owned(), size: None, max_bytes });
        }
    }
}

/// By two threads, each of which gets memory for its half. (Large pages would take half of the time, and three times as
/// long on a machine that has none at hand.)
fn in_halves(file: &fs::File, size: usize, read: &AtomicUsize) -> io::Result<Bytes> {
    let mut content = vec![0; size];
    let (first, second) = content.split_at_mut(size / 2);
    let from = first.len() as u64;
    std::thread::scope(|scope| {
        let other = scope.spawn(|| read_at(file, second, from, read));
        read_at(file, first, 0, read)?;
        other.join().map_err(|_| io::Error::other("a thread panicked"))?
    })?;
    Ok(content.into())
}

fn read_at(file: &fs::File, part: &mut [u8], mut from: u64, read: &AtomicUsize) -> io::Result<()> {
    for chunk in part.chunks_mut(CHUNK * 32) {
        file.read_exact_at(chunk, from)?;
        from += chunk.len() as u64;
        let _ = read.fetch_add(chunk.len(), Ordering::Relaxed); // how far it was before
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use obx_core::i18n::{Describe, Language, Texts};

    const LARGEST: usize = 256_000_000;

    #[test]
    fn a_file_is_read_whole_whatever_its_size() {
        for size in [0, 1, CHUNK, LARGE.start - 1, LARGE.start, LARGE.start + 1] {
            let written: Vec<u8> = (0..=u8::MAX).cycle().take(size).collect();
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(&written).unwrap();
            let opened = from_path(file.path(), LARGEST).unwrap();
            assert!((opened.content)().unwrap() == written, "{size}");
            assert_eq!(opened.read.load(Ordering::Relaxed), size);
        }
    }

    #[test]
    fn a_file_that_is_shorter_than_it_said_is_read_as_far_as_it_goes() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"{}").unwrap();
        let read = AtomicUsize::new(0);
        let content = content(file.reopen().unwrap(), "file", LARGE.start as u64, LARGEST, &read);
        assert_eq!(content.unwrap(), b"{}"[..]);
        assert_eq!(read.into_inner(), 2);
    }

    #[test]
    fn what_is_larger_than_the_limit_is_refused_a_plain_file_before_it_is_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(3_000_000_001).unwrap();
        let english = Texts::new(Language::En);
        let message = from_path(file.path(), LARGEST).unwrap_err().describe(english);
        assert!(message.contains("it holds 3000 MB, and obx view reads no more than 256 MB"), "{message}");
        let endless = (from_path(Path::new("/dev/zero"), 1_000_000).unwrap().content)().unwrap_err();
        let message = endless.describe(english);
        assert!(message.starts_with("can't read /dev/zero: it holds more than 1.0 MB"), "{message}");
    }
}
