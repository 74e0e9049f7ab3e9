//! Checks that the write-ahead log beside a store is intact, before `SQLite` opens it.
//!
//! `SQLite` reads the log up to the first invalid frame, treats the rest as left over from a crash, and overwrites
//! it. Usually that is right. But if a later frame ends a transaction, answers would be lost silently: then the log
//! is copied to a file beside it, and the user is informed of the loss and the copy. The format:
//! <https://www.sqlite.org/fileformat2.html#the_write_ahead_log>.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use ring::digest::{Context, SHA256};

use crate::store::{LostChanges, Place, StoreError, StoreErrorKind};

/// Both magic numbers without their last bit, which gives the byte order for checksums.
const MAGIC: u32 = 0x377f_0682;
const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// Pause before a second look, since another session may be in the middle of a write: real damage is still there
/// then.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The state of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WalState {
    Whole,
    Damaged { lost: Option<usize> },
}

/// Checks the log of the store at `path`, and copies it if it is damaged.
///
/// # Errors
/// If the copy can't be written: then the store must not be opened, since that would overwrite its log.
pub(super) fn inspect(path: &Path) -> Result<Option<LostChanges>, StoreError> {
    let log = beside(path, "-wal");
    let WalState::Damaged { .. } = look(path, &log)? else { return Ok(None) };
    thread::sleep(LOOK_AGAIN);
    let WalState::Damaged { lost } = look(path, &log)? else { return Ok(None) };
    match keep_copy(&log) {
        Ok(copy) => {
            tracing::error!(copy = %copy.display(), lost, "the store's log is damaged");
            Ok(Some(LostChanges { count: lost, copy }))
        }
        Err(error) => {
            let detail =
                format!("its log {} is damaged and can't be copied: {}", log.display(), error.detail);
            Err(StoreError::new(StoreErrorKind::Corrupt, detail))
        }
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

fn look(path: &Path, log: &Path) -> Result<WalState, StoreError> {
    if Place::unfit(log).is_some() {
        return Err(StoreError::new(StoreErrorKind::Unreachable, format!("{} is no file", log.display())));
    }
    // Any other error also occurs in SQLite, which reports it.
    let Ok(file) = File::open(log) else { return Ok(WalState::Whole) };
    let has_store = path.metadata().is_ok_and(|store| store.len() > 0);
    if !has_store && file.metadata()?.len() > 0 {
        // SQLite deletes the log of a store that doesn't exist.
        return Ok(WalState::Damaged { lost: None });
    }
    Ok(read(&mut BufReader::with_capacity(256 * 1024, file))?)
}

/// Reads a whole log.
fn read(log: &mut impl Read) -> std::io::Result<WalState> {
    let Some(header) = next::<HEADER>(log)? else { return Ok(WalState::Whole) };
    let magic = number(&header, 0);
    let big_endian = magic & 1 == 1;
    let mut sum = checksum((0, 0), header.get(..24).unwrap_or_default(), big_endian);
    let page = usize::try_from(number(&header, 8)).unwrap_or_default();
    let is_page = page.is_power_of_two() && (512..=65_536).contains(&page);
    if magic & !1 != MAGIC || !is_page || sum != (number(&header, 24), number(&header, 28)) {
        // Without a valid header the frames can't be read. If there are none, nothing is lost.
        let mut rest = [0; 1];
        let is_all = log.read(&mut rest)? == 0;
        return Ok(if is_all { WalState::Whole } else { WalState::Damaged { lost: None } });
    }
    let salts = (number(&header, 16), number(&header, 20));
    let (mut is_whole, mut lost) = (true, 0);
    let mut body = vec![0; page];
    // An incomplete frame at the end was being written, or the disk was full.
    while let Some(frame) = next::<FRAME_HEADER>(log)?
        && fill(log, &mut body)?
    {
        // Frames with other salts are left from before the last checkpoint: the store has them already.
        let is_of_round = (number(&frame, 8), number(&frame, 12)) == salts;
        let ends_transaction = number(&frame, 4) != 0;
        if is_whole {
            sum = checksum(sum, frame.get(..8).unwrap_or_default(), big_endian);
            sum = checksum(sum, &body, big_endian);
            is_whole = is_of_round && sum == (number(&frame, 16), number(&frame, 20));
        }
        lost += usize::from(!is_whole && is_of_round && ends_transaction);
    }
    Ok(if lost == 0 { WalState::Whole } else { WalState::Damaged { lost: Some(lost) } })
}

/// Reads the next bytes; `None` if there are fewer.
fn next<const LENGTH: usize>(log: &mut impl Read) -> std::io::Result<Option<[u8; LENGTH]>> {
    let mut bytes = [0; LENGTH];
    Ok(fill(log, &mut bytes)?.then_some(bytes))
}

fn fill(log: &mut impl Read, bytes: &mut [u8]) -> std::io::Result<bool> {
    match log.read_exact(bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

fn number(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

fn checksum(sum: (u32, u32), bytes: &[u8], big_endian: bool) -> (u32, u32) {
    let read = if big_endian { u32::from_be_bytes } else { u32::from_le_bytes };
    let (words, _) = bytes.as_chunks::<4>();
    let (pairs, _) = words.as_chunks::<2>();
    pairs.iter().fold(sum, |(mut first, mut second), [one, other]| {
        first = first.wrapping_add(read(*one)).wrapping_add(second);
        second = second.wrapping_add(read(*other)).wrapping_add(first);
        (first, second)
    })
}

/// Copies the log under a name derived from its content: if the same log is found again, so is its copy, and no
/// second one is made.
fn keep_copy(log: &Path) -> Result<PathBuf, StoreError> {
    let mut digest = Context::new(&SHA256);
    each_piece(log, |piece| {
        digest.update(piece);
        Ok(())
    })?;
    let digest = digest.finish();
    let copy = beside(log, &format!(".damaged-{:08x}", number(digest.as_ref(), 0)));
    let size = log.metadata()?.len();
    if copy.metadata().is_ok_and(|there| there.len() == size) {
        return Ok(copy);
    }
    let half = beside(&copy, &format!(".part-{}", std::process::id()));
    let mut to = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&half)?;
    each_piece(log, |piece| to.write_all(piece))?;
    to.sync_all()?;
    std::fs::rename(&half, &copy)?;
    Ok(copy)
}

fn each_piece(path: &Path, mut job: impl FnMut(&[u8]) -> std::io::Result<()>) -> std::io::Result<()> {
    let mut file = File::open(path)?;
    let mut piece = vec![0; 256 * 1024];
    loop {
        let length = file.read(&mut piece)?;
        match piece.get(..length).filter(|piece| !piece.is_empty()) {
            Some(piece) => job(piece)?,
            None => return Ok(()),
        }
    }
}

/// Checks the write-ahead log before `SQLite` opens the file and discards what it can't read.
pub(super) fn inspect_log(place: &Place, found: &Mutex<Option<LostChanges>>) -> Result<(), StoreError> {
    let Some(path) = place.path() else { return Ok(()) };
    // Locked throughout: otherwise reader and writer would make the same copy at once.
    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(damaged) = inspect(path).map_err(|error| error.at_place(place))? {
        *found = Some(damaged);
    }
    Ok(())
}
