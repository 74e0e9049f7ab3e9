//! The state of the screen that a session leaves to the next one.
//!
//! To add a field: add it to [`ViewState`] with a type that has a default, write it in the pane's
//! [`Pane::save_view`](crate::pane::Pane::save_view), and apply it in its
//! [`Pane::restore_view`](crate::pane::Pane::restore_view). The file needs no new version for that: an older obx skips a
//! field that it does not know, and a newer one takes the default for a field that is missing. State of the app itself is
//! written and applied in `app/restore.rs`.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{ChosenLooks, ColumnChoice, PaneId, Splits};
use onebound::ItemId;

/// All of it. Of an answer it has IDs and the names of fields, axes and props; of what the user has typed, filters,
/// searches and a quantity. A field that can't be read, as in a file that was edited by hand, has its default, and the others come back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ViewState {
    /// The pane that had the focus.
    #[serde(deserialize_with = "parse_pane")]
    pub focus: Option<PaneId>,
    /// Whether that pane filled the screen.
    #[serde(deserialize_with = "parse_or_default")]
    pub full: bool,
    /// The columns of the SKU table, if they were chosen.
    #[serde(deserialize_with = "parse_or_default")]
    pub sku_columns: Option<ColumnChoice>,
    /// The item on the screen.
    #[serde(deserialize_with = "parse_or_default")]
    pub item: Option<LastItem>,
    /// The request log.
    #[serde(deserialize_with = "parse_or_default")]
    pub log: TableView,
    /// What was searched for, the newest last.
    #[serde(deserialize_with = "parse_or_default")]
    pub searches: Vec<String>,
    /// Theme and language, if they were chosen.
    #[serde(deserialize_with = "parse_or_default")]
    pub looks: ChosenLooks,
    /// Moved borders and hidden panes.
    #[serde(deserialize_with = "parse_or_default")]
    pub splits: Splits,
}

impl ViewState {
    /// Removes the filters and searches that have a secret in them.
    pub fn remove_secrets(&mut self, is_secret: impl Fn(&str) -> bool) {
        let of_item = self.item.as_mut().map(|item| [&mut item.skus, &mut item.props]);
        for table in of_item.into_iter().flatten().chain([&mut self.log]) {
            if is_secret(&table.filter) {
                table.filter.clear();
            }
        }
        self.searches.retain(|line| !is_secret(line));
    }
}

/// The item that was on the screen at the end of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LastItem {
    #[serde(deserialize_with = "parse_or_default")]
    pub num_iid: String,
    /// The paths of the containers that the user had unfolded in the response's tree; `None` if no tree was shown.
    #[serde(deserialize_with = "parse_or_default")]
    pub unfolded: Option<Vec<Vec<FoldStep>>>,
    #[serde(deserialize_with = "parse_or_default")]
    pub skus: TableView,
    #[serde(deserialize_with = "parse_or_default")]
    pub props: TableView,
    /// The quantity whose price was shown.
    #[serde(deserialize_with = "parse_or_default")]
    pub quantity: Option<u64>,
}

/// Filter, sorting and cursor of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TableView {
    /// The filter as it was typed; empty without one.
    #[serde(deserialize_with = "parse_or_default")]
    pub filter: String,
    #[serde(deserialize_with = "parse_or_default")]
    pub sort: Option<NamedSort>,
    /// The row under the cursor, unless that was at the top.
    #[serde(deserialize_with = "parse_or_default")]
    pub row: Option<NamedRow>,
}

/// How the results of a search were looked at, until the session ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResultsView {
    /// The words that were searched for: items stay marked while pages of these are shown.
    pub words: String,
    pub table: TableView,
    /// In the order in which they were marked.
    pub marked: Vec<ItemId>,
}

/// A column by its name, since its place depends on the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedSort {
    pub column: String,
    pub reversed: bool,
}

/// A row by its key, since a newer answer can have it in another place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedRow {
    pub key: String,
    /// The place in the answer, which tells rows with the same key apart.
    pub place: usize,
}

impl NamedRow {
    /// The place of the row among `count` rows with these keys.
    pub fn find(&self, count: usize, key: impl Fn(usize) -> Option<String>) -> Option<usize> {
        let is_it = |place: &usize| key(*place).as_ref() == Some(&self.key);
        let same_place = Some(self.place).filter(|place| *place < count).filter(is_it);
        same_place.or_else(|| (0..count).find(is_it))
    }
}

/// A step of a path: a member by its key, an element by its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FoldStep {
    Key(String),
    Place(usize),
}

impl Serialize for PaneId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.name().serialize(serializer)
    }
}

/// What has another form than expected is the default, so that the rest of the file can be used.
fn parse_or_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: DeserializeOwned + Default,
    D: Deserializer<'de>,
{
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).unwrap_or_default())
}

/// A pane that this obx does not have is none, not an error.
fn parse_pane<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PaneId>, D::Error> {
    let name: Option<String> = parse_or_default(deserializer)?;
    Ok(name.and_then(|name| PaneId::ALL.iter().copied().find(|pane| pane.name() == name)))
}
