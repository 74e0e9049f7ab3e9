//! The state of the screen that a session leaves to the next one.
//!
//! To add a field: add it to [`ViewState`] with a type that has a default, write it in the pane's
//! [`Pane::save_view`](crate::pane::Pane::save_view), and apply it in its
//! [`Pane::restore_view`](crate::pane::Pane::restore_view). The file needs no new version for that: an older obx skips a
//! field that it does not know, and a newer one takes the default for a field that is missing. State of the app itself is
//! written and applied in `app/restore.rs`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{ColumnChoice, PaneId, Splits};

/// All of it. It has nothing of an answer but an ID and the names of fields and axes, and no text that the user has typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ViewState {
    /// The pane that had the focus.
    #[serde(deserialize_with = "parse_pane")]
    pub focus: Option<PaneId>,
    /// Whether that pane filled the screen.
    pub full: bool,
    /// The columns of the SKU table, if they were chosen.
    pub sku_columns: Option<ColumnChoice>,
    /// The item on the screen.
    pub item: Option<LastItem>,
    /// Moved borders and hidden panes.
    pub splits: Splits,
}

/// The item that was on the screen at the end of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LastItem {
    pub num_iid: String,
    /// The paths of the containers that were unfolded in the response's tree; `None` if no tree was shown.
    pub unfolded: Option<Vec<Vec<FoldStep>>>,
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

/// A pane that this obx does not have is none, not an error.
fn parse_pane<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PaneId>, D::Error> {
    let name = Option::<String>::deserialize(deserializer)?;
    Ok(name.and_then(|name| PaneId::ALL.iter().copied().find(|pane| pane.name() == name)))
}
