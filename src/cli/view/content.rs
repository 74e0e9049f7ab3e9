//! What is in a file, a pipe or a device, up to a limit: a stream without an end must not fill the memory.

use std::fs;
use std::io::{self, IsTerminal, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileExt, FileTypeExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, anyhow};
use bytes::Bytes;
use jiff::Timestamp;
use rustix::fs::{Mode, OFlags};

use crate::tui::effects::File;
use crate::ui::measure;

/// Files of such a size are worth a second thread; of larger ones it is not certain that there is memory.
const LARGE: std::ops::Range<usize> = 4_000_000..1_000_000_000;

/// Read at once: the most by which the limit is overrun, and the least that shows as progress.
const CHUNK: usize = 256 * 1024;

/// The file at this path. What can be said without reading is said now; it is opened later where that may wait, as a
/// pipe without a writer does.
pub(super) fn of_path(path: &Path, largest: usize) -> anyhow::Result<File> {
    let place = path.display().to_string();
    let cant = || format!("can't read {place}");
    let about = fs::metadata(path).with_context(cant)?;
    if about.file_type().is_char_device() && is_terminal(path) {
        return Err(anyhow!("{place} is a terminal: give a file, or pipe an answer into obx view -"));
    }
    check_size(&about, largest).with_context(cant)?;
    let kind = about.file_type();
    let waits = kind.is_fifo() || kind.is_char_device();
    let opened = if waits { None } else { Some(fs::File::open(path).with_context(cant)?) };
    let at = about.modified().ok().and_then(|written| Timestamp::try_from(written).ok());
    let read = Arc::<AtomicUsize>::default();
    let progress = Arc::clone(&read);
    let path = path.to_owned();
    let content = move || {
        let file = opened.map_or_else(|| fs::File::open(&path), Ok)?;
        content(file, about.len(), largest, &progress)
    };
    let name = Path::new(&place).file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(File {
        name: name.unwrap_or_else(|| place.clone()),
        content: Box::new(move || content().map_err(|error| unreadable(&place, &error))),
        read,
        at: at.unwrap_or_else(Timestamp::now),
        credentials: None,
    })
}

/// What comes on stdin, which is free for the keyboard then.
pub(super) fn of_stdin(largest: usize) -> anyhow::Result<File> {
    let stdin = io::stdin().as_fd().try_clone_to_owned().context("can't read stdin")?;
    let file = fs::File::from(stdin);
    if let Ok(about) = file.metadata() {
        check_size(&about, largest).context("can't read stdin")?;
    }
    let read = Arc::<AtomicUsize>::default();
    let progress = Arc::clone(&read);
    let content = move || stream(file, largest, &progress).map_err(|error| unreadable("stdin", &error));
    Ok(File {
        name: "stdin".to_owned(),
        content: Box::new(content),
        read,
        at: Timestamp::now(),
        credentials: None,
    })
}

/// Opened without waiting for anything, and without becoming this process's terminal.
fn is_terminal(path: &Path) -> bool {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    rustix::fs::open(path, flags, Mode::empty()).is_ok_and(|file| file.is_terminal())
}

/// Other files than plain ones don't tell their size.
fn check_size(about: &fs::Metadata, largest: usize) -> io::Result<()> {
    let size = usize::try_from(about.len()).unwrap_or(usize::MAX);
    if about.is_file() && size > largest { Err(too_large(&measure::bytes(size), largest)) } else { Ok(()) }
}

fn too_large(size: &str, largest: usize) -> io::Error {
    let largest = measure::bytes(largest);
    io::Error::new(
        io::ErrorKind::FileTooLarge,
        format!(
            "it holds {size}, and obx view reads no more than {largest}; --max-size, or max_size under [view] in \
             the config file, sets another limit, up to 1024MiB"
        ),
    )
}

fn unreadable(what: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("can't read {what}: {error}"))
}

/// All of it; most of the time goes into getting memory for it.
fn content(file: fs::File, size: u64, largest: usize, read: &AtomicUsize) -> io::Result<Bytes> {
    let large = usize::try_from(size).ok().filter(|size| LARGE.contains(size));
    if let Some(content) = large.and_then(|size| in_halves(&file, size, read).ok()) {
        return Ok(content);
    }
    // Small, of no known size, cut while it was read, or larger than memory.
    read.store(0, Ordering::Relaxed);
    stream(file, largest, read)
}

/// As it comes, until its end.
fn stream(mut file: fs::File, largest: usize, read: &AtomicUsize) -> io::Result<Bytes> {
    let mut content = Vec::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        let count = match file.read(&mut chunk) {
            Ok(0) => return Ok(content.into()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        content.extend(chunk.iter().take(count));
        read.store(content.len(), Ordering::Relaxed);
        if content.len() > largest {
            return Err(too_large("more", largest));
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
        other.join().map_err(|_| io::Error::other("a thread broke down"))?
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

    const LARGEST: usize = 256_000_000;

    #[test]
    fn a_file_is_read_whole_whatever_its_size() {
        for size in [0, 1, CHUNK, LARGE.start - 1, LARGE.start, LARGE.start + 1] {
            let written: Vec<u8> = (0..=u8::MAX).cycle().take(size).collect();
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(&written).unwrap();
            let opened = of_path(file.path(), LARGEST).unwrap();
            assert!((opened.content)().unwrap() == written, "{size}");
            assert_eq!(opened.read.load(Ordering::Relaxed), size);
        }
    }

    #[test]
    fn a_file_that_is_shorter_than_it_said_is_read_as_far_as_it_goes() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"{}").unwrap();
        let read = AtomicUsize::new(0);
        assert_eq!(content(file.reopen().unwrap(), LARGE.start as u64, LARGEST, &read).unwrap(), b"{}"[..]);
        assert_eq!(read.into_inner(), 2);
    }

    #[test]
    fn what_is_larger_than_the_limit_is_refused_a_plain_file_before_it_is_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(3_000_000_001).unwrap();
        let told = format!("{:#}", of_path(file.path(), LARGEST).unwrap_err());
        assert!(told.contains("it holds 3000 MB, and obx view reads no more than 256 MB"), "{told}");
        let endless = (of_path(Path::new("/dev/zero"), 1_000_000).unwrap().content)().unwrap_err();
        assert!(endless.to_string().starts_with("can't read /dev/zero: it holds more, and"), "{endless}");
    }
}
