//! The file in which a session leaves the state of its screen to the next one: beside its store, on this machine for one on a server, or DEMO's own, which has
//! theme and language only.
//!
//! It is a convenience: a file that can't be used is passed over with a notice and put aside, and one that can't be written
//! only makes the next session begin on the empty screen. It is replaced as a whole, so that of two sessions that write it
//! the later one wins, and the file is never a mixture.

mod writer;

use std::fs::{self, DirBuilder, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::message::ViewState;
use obx_core::i18n::Texts;
use obx_core::part_file;
pub(super) use writer::ViewWriter;

/// The version of the file, which is raised when a field gets another meaning.
const VERSION: u32 = 1;

/// A larger file is none of ours, and would delay the first frame.
const MAX_SIZE: u64 = 256 * 1024;

/// Where the state is left.
#[derive(Clone, Debug)]
pub struct ViewFile {
    path: PathBuf,
    holder: ViewHolder,
}

/// Whose state it is.
#[derive(Clone, Debug)]
enum ViewHolder {
    Store(PathBuf),
    Server,
    Demo,
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
        Self { path: name.into(), holder: ViewHolder::Store(store.to_owned()) }
    }

    /// The file of a store on a server.
    pub fn of_server(path: PathBuf) -> Self {
        Self { path, holder: ViewHolder::Server }
    }

    /// DEMO's file. Its items and prices end with the session, and only its looks outlast it.
    pub fn of_demo(path: PathBuf) -> Self {
        Self { path, holder: ViewHolder::Demo }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
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

    /// Writes the state, completely or not at all, readable by its owner only, and only if the file has another one.
    /// Without a store there is nothing to come back to, and a newer obx's file stays as it is.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn save(&self, view: &ViewState) -> io::Result<()> {
        let before = self.load();
        let of_looks = || ViewState { looks: view.looks.clone(), ..ViewState::default() };
        let (is_wanted, view) = match &self.holder {
            ViewHolder::Store(store) => (store.exists(), view.clone()),
            ViewHolder::Server => (true, view.clone()),
            ViewHolder::Demo => (before != Ok(None) || of_looks() != ViewState::default(), of_looks()),
        };
        if !is_wanted || before == Err(UnusableView::Newer) || before.as_ref() == Ok(&Some(view.clone())) {
            return Ok(());
        }
        if before == Err(UnusableView::Damaged) {
            // Whoever has edited it by hand may want it back.
            let _ = fs::rename(&self.path, self.beside_it("damaged")); // then it is replaced
        }
        self.write(&serde_json::to_vec(&Contents { version: VERSION, view: &view })?)
    }

    fn beside_it(&self, suffix: &str) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(format!(".{suffix}"));
        name.into()
    }

    fn write(&self, text: &[u8]) -> io::Result<()> {
        if let (ViewHolder::Demo | ViewHolder::Server, Some(folder)) = (&self.holder, self.path.parent()) {
            DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        let mut part = part_file::create(&self.path, 0o600)?;
        part.write_all(text)?;
        part.persist(&self.path)?;
        Ok(())
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
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use super::*;
    use crate::message::{
        ChosenLooks, ColumnChoice, FoldStep, LastItem, Looks, NamedRow, NamedSort, PaneId, Splits, TableView,
    };
    use obx_core::config::ThemeName;
    use obx_core::i18n::Language;

    fn file(folder: &tempfile::TempDir) -> ViewFile {
        let store = folder.path().join("store.sqlite");
        fs::write(&store, "").unwrap();
        ViewFile::beside(&store)
    }

    fn dark() -> ChosenLooks {
        let looks = |theme| Looks { theme: Some(theme), language: Language::En };
        ChosenLooks::new(looks(ThemeName::Terminal), looks(ThemeName::Dark))
    }

    fn some_view() -> ViewState {
        let key = |key: &str| FoldStep::Key(key.to_owned());
        let unfolded = Some(vec![Vec::new(), vec![key("item")], vec![key("item"), FoldStep::Place(3)]]);
        let sort = Some(NamedSort { column: "price".to_owned(), reversed: true });
        let row = Some(NamedRow { key: "4302217872901".to_owned(), place: 1 });
        let skus = TableView { filter: "stock>7000 颜色:红".to_owned(), sort, row };
        let num_iid = "610947572360".to_owned();
        let item = LastItem { num_iid, unfolded, skus, quantity: Some(100), ..LastItem::default() };
        ViewState {
            focus: Some(PaneId::Response),
            full: true,
            item: Some(item),
            sku_columns: Some(ColumnChoice::default()),
            log: TableView { filter: "!4013".to_owned(), ..TableView::default() },
            searches: vec!["手机 --price 10..50".to_owned()],
            looks: dark(),
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
    fn a_field_of_another_form_does_not_cost_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(&folder);
        let text = serde_json::to_string(&Contents { version: VERSION, view: &some_view() }).unwrap();
        let whole: serde_json::Value = serde_json::from_str(&text).unwrap();
        for (path, with) in [
            ("/focus", "7"),
            ("/full", "[]"),
            ("/item", "7"),
            ("/item/num_iid", "{}"),
            ("/item/unfolded", "[[-1]]"),
            ("/item/quantity", "-3"),
            ("/item/skus/row/place", "99999999999999999999999"),
            ("/item/skus/filter", "null"),
            ("/item/skus/sort", r#"{"column":4}"#),
            ("/sku_columns", "0"),
            ("/looks/theme", "\"dark\""),
            ("/log", "false"),
            ("/searches", "[7]"),
            ("/splits/left_rows", "\"wide\""),
        ] {
            let mut edited = whole.clone();
            *edited.pointer_mut(path).unwrap() = serde_json::from_str(with).unwrap();
            fs::write(&file.path, edited.to_string()).unwrap();
            let loaded = file.load().unwrap().unwrap();
            assert_ne!(loaded, some_view(), "{path}");
            assert_eq!(loaded.log.filter == "!4013", path != "/log", "{path}");
            assert_eq!(loaded.item.is_none(), path == "/item", "{path}");
        }
    }

    #[test]
    fn what_is_the_same_is_not_written_and_the_later_session_wins() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (file(&folder), file(&folder));
        one.save(&some_view()).unwrap();
        let inode = |file: &ViewFile| fs::metadata(&file.path).unwrap().ino();
        let first = inode(&one);
        one.save(&some_view()).unwrap();
        assert_eq!(inode(&one), first);
        other.save(&ViewState::default()).unwrap();
        one.save(&some_view()).unwrap();
        assert_eq!(other.load(), Ok(Some(some_view())));
    }

    #[test]
    fn demo_leaves_its_looks_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let file = ViewFile::of_demo(folder.path().join("obx/demo-view.json"));
        file.save(&ViewState { looks: ChosenLooks::default(), ..some_view() }).unwrap();
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
        file.save(&some_view()).unwrap();
        assert_eq!(file.load(), Ok(Some(ViewState { looks: dark(), ..ViewState::default() })));
        assert!(!fs::read_to_string(&file.path).unwrap().contains("610947572360"));
        file.save(&ViewState::default()).unwrap();
        assert_eq!(file.load(), Ok(Some(ViewState::default())), "taken back");
    }

    #[test]
    fn a_session_on_a_server_leaves_its_state_on_this_machine() {
        let folder = tempfile::tempdir().unwrap();
        let file = ViewFile::of_server(folder.path().join("obx/ann@db_team-view.json"));
        file.save(&some_view()).unwrap();
        assert_eq!(file.load(), Ok(Some(some_view())));
        assert_eq!(fs::metadata(&file.path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn what_was_typed_with_a_secret_is_left_out() {
        let mut view = some_view();
        view.remove_secrets(|typed| typed.contains("4013") || typed.contains("手机"));
        assert_eq!(view, ViewState { log: TableView::default(), searches: Vec::new(), ..some_view() });
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
        assert_eq!(fs::read_to_string(file.beside_it("damaged")).unwrap(), large, "and put aside");
        let newer = r#"{"version":2,"focus":{"pane":"skus"}}"#;
        fs::write(&file.path, newer).unwrap();
        assert_eq!(file.load(), Err(UnusableView::Newer));
        file.save(&some_view()).unwrap();
        assert_eq!(fs::read_to_string(&file.path).unwrap(), newer);
    }
}
