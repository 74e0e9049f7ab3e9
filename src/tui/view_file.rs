//! The file beside a store in which a session leaves the state of its screen to the next one.
//!
//! It is a convenience: a file that can't be used is passed over with a notice, and one that can't be written only makes
//! the next session begin on the empty screen.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::message::ViewState;
use obx_core::i18n::Texts;

/// The version of the file, which is raised when a field gets another meaning.
const VERSION: u32 = 1;

/// A larger file is none of ours, and would delay the first frame.
const MAX_SIZE: u64 = 256 * 1024;

/// Where the state is left.
#[derive(Clone, Debug)]
pub struct ViewFile {
    path: PathBuf,
    store: PathBuf,
}

/// Why a file was passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnusableView {
    /// It can't be read, or has other contents than obx writes.
    Damaged,
    /// A newer obx has written it.
    Newer,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

#[derive(Serialize)]
struct Contents<'a> {
    version: u32,
    #[serde(flatten)]
    view: &'a ViewState,
}

impl ViewFile {
    /// The file of the store at this path.
    pub fn beside(store: &Path) -> Self {
        let mut name = store.as_os_str().to_owned();
        name.push("-view.json");
        Self { path: name.into(), store: store.to_owned() }
    }

    /// Reads the state; `None` if no session has left one.
    ///
    /// # Errors
    /// If there is a file that can't be used.
    pub fn load(&self) -> Result<Option<ViewState>, UnusableView> {
        let text = match read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(_) => return Err(UnusableView::Damaged),
        };
        let damaged = |_| UnusableView::Damaged;
        let Version { version } = serde_json::from_slice(&text).map_err(damaged)?;
        if version > VERSION {
            return Err(UnusableView::Newer);
        }
        serde_json::from_slice(&text).map(Some).map_err(damaged)
    }

    /// Writes the state, completely or not at all, readable by its owner only. Without a store there is nothing to come
    /// back to, and a newer obx's file stays as it is.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn save(&self, view: &ViewState) -> io::Result<()> {
        if !self.store.exists() || self.load() == Err(UnusableView::Newer) {
            return Ok(());
        }
        let text = serde_json::to_vec(&Contents { version: VERSION, view })?;
        let mut name = self.path.as_os_str().to_owned();
        name.push(format!(".{}", std::process::id()));
        let temporary = PathBuf::from(name);
        // One that a killed process of the same number has left.
        let _ = fs::remove_file(&temporary); // there mostly is none
        let written = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary);
        let written = written.and_then(|mut file| file.write_all(&text));
        let replaced = written.and_then(|()| fs::rename(&temporary, &self.path));
        replaced.inspect_err(|_| {
            let _ = fs::remove_file(&temporary); // it may not exist
        })
    }
}

impl UnusableView {
    /// A message that says why the session begins on the empty screen.
    pub fn message(self, texts: Texts) -> &'static str {
        match self {
            Self::Damaged => texts.view_damaged(),
            Self::Newer => texts.view_newer(),
        }
    }
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
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::message::{ColumnChoice, FoldStep, LastItem, PaneId, Splits, TableView};

    fn file(folder: &tempfile::TempDir) -> ViewFile {
        let store = folder.path().join("store.sqlite");
        fs::write(&store, "").unwrap();
        ViewFile::beside(&store)
    }

    fn some_view() -> ViewState {
        let key = |key: &str| FoldStep::Key(key.to_owned());
        let unfolded = Some(vec![Vec::new(), vec![key("item")], vec![key("item"), FoldStep::Place(3)]]);
        let item = LastItem { num_iid: "610947572360".to_owned(), unfolded, ..LastItem::default() };
        ViewState {
            focus: Some(PaneId::Response),
            full: true,
            item: Some(item),
            sku_columns: Some(ColumnChoice::default()),
            log: TableView::default(),
            splits: Splits { left_rows: -2, hidden: vec![PaneId::Props], ..Splits::default() },
        }
    }

    #[test]
    fn what_is_saved_is_loaded_and_only_its_owner_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(&folder);
        assert_eq!(file.load(), Ok(None));
        file.save(&some_view()).unwrap();
        file.save(&some_view()).unwrap();
        assert_eq!(file.load(), Ok(Some(some_view())));
        assert_eq!(fs::metadata(&file.path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(folder.path().read_dir().unwrap().count(), 2, "no temporary file stays");
    }

    #[test]
    fn without_a_store_nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        ViewFile::beside(&folder.path().join("store.sqlite")).save(&some_view()).unwrap();
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    }

    #[test]
    fn fields_and_panes_that_it_does_not_know_are_skipped() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(&folder);
        let text = r#"{"version":1,"focus":"matrix","full":true,"scrolled":[3]}"#;
        fs::write(&file.path, text).unwrap();
        assert_eq!(file.load(), Ok(Some(ViewState { full: true, ..ViewState::default() })));
    }

    #[test]
    fn a_file_that_it_cannot_use_is_passed_over_and_a_newer_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(&folder);
        let large = format!(r#"{{"version":1,"more":"{}"}}"#, "x".repeat(300_000));
        for text in ["", "{", "[]", "\u{0}", r#"{"focus":"skus"}"#, r#"{"version":"1"}"#, &large] {
            fs::write(&file.path, text).unwrap();
            assert_eq!(file.load(), Err(UnusableView::Damaged), "{text:.40}");
        }
        file.save(&some_view()).unwrap();
        assert_eq!(file.load(), Ok(Some(some_view())), "a damaged one is replaced");
        let newer = r#"{"version":2,"focus":{"pane":"skus"}}"#;
        fs::write(&file.path, newer).unwrap();
        assert_eq!(file.load(), Err(UnusableView::Newer));
        file.save(&some_view()).unwrap();
        assert_eq!(fs::read_to_string(&file.path).unwrap(), newer);
    }
}
