//! Remembers with which items a list was last started, so that a batch whose list has changed since says so.
//!
//! A list's path belongs to this machine and not to the store, which a team may share: each list has a small file in the
//! directory for state. The file is replaced as a whole, so that of two batches at once the later one wins. It is a
//! convenience: what can't be read is as if the list had never been started.

use std::collections::HashSet;
use std::fs::{self, DirBuilder, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::plan::minute;
use obx_core::config::Paths;
use obx_core::i18n::Texts;
use obx_core::part_file;

/// Raised when a field gets another meaning.
const VERSION: u32 = 1;

/// Number of items up to which they are kept one by one; of longer lists only their number and fingerprint are.
const MAX_IDS: usize = 10_000;

/// A larger file is none of ours.
const MAX_SIZE: u64 = 512 * 1024;

/// Number of lists that are remembered; those that were not started for the longest time are forgotten.
const MAX_LISTS: usize = 50;

/// The file about one list.
#[derive(Clone, Debug)]
pub(super) struct ListHistory {
    file: PathBuf,
    key: ListKey,
}

/// What makes a list another one: the same file with another sheet or column of IDs is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct ListKey {
    path: PathBuf,
    column: Option<String>,
    sheet: Option<String>,
}

/// The items of a list, in its order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ListContents {
    fingerprint: String,
    lines: u64,
    /// `None` for a long list.
    ids: Option<Vec<String>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StartedList {
    version: u32,
    #[serde(flatten)]
    key: ListKey,
    started_at: Timestamp,
    #[serde(flatten)]
    contents: ListContents,
}

/// How a list differs from what it was when it was last started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ListChange {
    pub(super) since: Timestamp,
    /// Number of lines with an item, then and now.
    pub(super) lines_before: u64,
    lines_now: u64,
    /// Number of items that are new, and of those that are missing; `None` if one of the lists is long.
    pub(super) items: Option<(u64, u64)>,
}

impl Default for ListContents {
    /// Of a list without lines.
    fn default() -> Self {
        Self { fingerprint: String::new(), lines: 0, ids: Some(Vec::new()) }
    }
}

impl ListContents {
    /// Adds the ID of the next line.
    pub(super) fn push(&mut self, id: &str) {
        self.lines += 1;
        self.ids = self.ids.take().filter(|ids| ids.len() < MAX_IDS);
        if let Some(ids) = &mut self.ids {
            ids.push(id.to_owned());
        }
    }

    /// Completes it with the list's fingerprint.
    pub(super) fn end(&mut self, fingerprint: String) {
        self.fingerprint = fingerprint;
    }

    fn change(&self, before: &StartedList) -> Option<ListChange> {
        if self.fingerprint == before.contents.fingerprint {
            return None;
        }
        let items = before.contents.ids.as_ref().zip(self.ids.as_ref()).map(|(before, now)| {
            let (before, now): (HashSet<&String>, HashSet<&String>) =
                (before.iter().collect(), now.iter().collect());
            (now.difference(&before).count() as u64, before.difference(&now).count() as u64)
        });
        let (since, lines_before) = (before.started_at, before.contents.lines);
        Some(ListChange { since, lines_before, lines_now: self.lines, items })
    }
}

impl ListChange {
    /// `the list has changed since it was last started, at …: 3 items added, 1 removed`
    pub(super) fn message(&self, texts: Texts) -> String {
        let details = match self.items {
            Some((0, 0)) => texts.batch_changed_order().to_owned(),
            Some((added, removed)) => texts.batch_changed_items(added, removed),
            None => texts.batch_changed_lines(self.lines_before, self.lines_now),
        };
        texts.named(texts.batch_changed(minute(self.since)), details)
    }
}

impl ListHistory {
    /// The history of the list in this file, by its sheet and its column with the IDs; `None` where no state can be kept.
    pub(super) fn new(paths: &Paths, list: &Path, column: Option<&str>, sheet: Option<&str>) -> Option<Self> {
        let (column, sheet) = (column.map(str::to_owned), sheet.map(str::to_owned));
        let key = ListKey { path: list.canonicalize().ok()?, column, sheet };
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let file = paths.state_dir.as_ref()?.join("lists").join(format!("{:016x}.json", hasher.finish()));
        Some(Self { file, key })
    }

    /// Compares the list with what it was when it was last started.
    pub(super) fn change(&self, contents: &ListContents) -> Option<ListChange> {
        contents.change(&self.last()?)
    }

    /// Remembers that the list is started with these contents. What can't be written is in the log only, since no batch
    /// waits for it.
    pub(super) fn save(&self, contents: ListContents) {
        if let Err(error) = self.write(contents) {
            tracing::warn!(%error, "the list of the batch could not be remembered");
        }
    }

    fn last(&self) -> Option<StartedList> {
        let text = read(&self.file).ok()?;
        let started: StartedList = serde_json::from_slice(&text).ok()?;
        (started.version == VERSION && started.key == self.key).then_some(started)
    }

    fn write(&self, contents: ListContents) -> io::Result<()> {
        let folder = self.file.parent().ok_or(io::ErrorKind::InvalidInput)?;
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let key = self.key.clone();
        let started = StartedList { version: VERSION, key, started_at: Timestamp::now(), contents };
        let text = serde_json::to_vec(&started)?;
        let mut part = part_file::create(&self.file, 0o600)?;
        part.write_all(&text)?;
        part.persist(&self.file)?;
        forget_oldest(folder)
    }
}

/// Removes the files of lists beyond [`MAX_LISTS`].
fn forget_oldest(folder: &Path) -> io::Result<()> {
    let mut files: Vec<(SystemTime, PathBuf)> = Vec::new();
    for entry in folder.read_dir()? {
        let entry = entry?;
        // Another batch may have removed it.
        if let Ok(written_at) = entry.metadata().and_then(|metadata| metadata.modified()) {
            files.push((written_at, entry.path()));
        }
    }
    files.sort();
    for (_, path) in files.iter().rev().skip(MAX_LISTS) {
        let _ = fs::remove_file(path); // another batch may have removed it
    }
    Ok(())
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    // To open a FIFO could wait for ever.
    if !fs::metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut text = Vec::new();
    let size = File::open(path)?.take(MAX_SIZE + 1).read_to_end(&mut text)?;
    if size as u64 > MAX_SIZE { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(ids: impl IntoIterator<Item = usize>) -> ListContents {
        let mut contents = ListContents::default();
        let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
        for id in &ids {
            contents.push(id);
        }
        contents.end(ids.join(" "));
        contents
    }

    fn history(folder: &Path, list: &str, column: Option<&str>) -> ListHistory {
        let list = folder.join(list);
        fs::write(&list, "").unwrap();
        let paths = Paths {
            config_file: None,
            data_dir: None,
            state_dir: Some(folder.join("state")),
            cache_dir: None,
        };
        ListHistory::new(&paths, &list, column, None).unwrap()
    }

    fn items(change: Option<ListChange>) -> Option<(u64, u64)> {
        change.unwrap().items
    }

    #[test]
    fn a_change_is_counted_by_items_and_of_long_lists_by_lines() {
        let folder = tempfile::tempdir().unwrap();
        let list = history(folder.path(), "a.csv", None);
        assert_eq!(list.change(&contents(0..3)), None, "never started");
        list.save(contents(0..3));
        assert_eq!(list.change(&contents(0..3)), None);
        assert_eq!(items(list.change(&contents(1..7))), Some((4, 1)));
        assert_eq!(items(list.change(&contents([2, 1, 0]))), Some((0, 0)));
        assert_eq!(items(list.change(&contents([]))), Some((0, 3)));
        let long = list.change(&contents(0..=MAX_IDS)).unwrap();
        assert_eq!((long.lines_before, long.lines_now, long.items), (3, MAX_IDS as u64 + 1, None));
        list.save(contents(0..=MAX_IDS));
        assert_eq!(list.change(&contents(0..=MAX_IDS)), None);
        assert!(list.change(&contents(0..3)).is_some());
        let longest = usize::MAX - MAX_IDS..usize::MAX;
        list.save(contents(longest.clone()));
        assert_eq!(list.change(&contents(longest)), None, "20 digits each");
    }

    #[test]
    fn each_list_and_column_has_its_own_and_what_is_damaged_is_no_list() {
        let folder = tempfile::tempdir().unwrap();
        let lists = [("a.csv", None), ("a.csv", Some("2")), ("b.csv", None)];
        for (at, (name, column)) in lists.into_iter().enumerate() {
            let list = history(folder.path(), name, column);
            assert_eq!(list.change(&contents(0..9)), None);
            list.save(contents(0..at));
        }
        let list = history(folder.path(), "a.csv", None);
        for damaged in ["", "{", "[]", r#"{"version":1}"#, r#"{"version":2,"path":"a"}"#] {
            fs::write(&list.file, damaged).unwrap();
            assert_eq!(list.change(&contents(0..9)), None, "{damaged}");
        }
        list.save(contents(0..3));
        assert_eq!(items(list.change(&contents(0..4))), Some((1, 0)));
    }

    #[test]
    fn the_lists_that_were_not_started_for_the_longest_time_are_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        for at in 0..MAX_LISTS + 5 {
            history(folder.path(), &format!("{at}.csv"), None).save(contents(0..1));
        }
        assert_eq!(folder.path().join("state/lists").read_dir().unwrap().count(), MAX_LISTS);
        let last = history(folder.path(), &format!("{}.csv", MAX_LISTS + 4), None);
        assert!(last.change(&contents(0..2)).is_some());
    }

    #[test]
    fn batches_at_once_leave_a_whole_file() {
        let folder = tempfile::tempdir().unwrap();
        let list = history(folder.path(), "a.csv", None);
        list.save(contents(0..100));
        std::thread::scope(|scope| {
            scope.spawn(|| (0..50).for_each(|_| list.save(contents(0..2_000))));
            scope.spawn(|| (0..500).for_each(|_| assert!(list.last().is_some())));
        });
        assert_eq!(list.change(&contents(0..2_000)), None);
    }
}
