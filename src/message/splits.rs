//! How the user has divided the screen. Kept from one session to the next.

use serde::{Deserialize, Deserializer, Serialize};

use super::PaneId;

/// Moved borders and hidden panes. The default is the layout's own division.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Splits {
    /// Columns by which the left panes are wider.
    pub left_columns: i16,
    /// Columns by which SKUs and requests are wider, where the response is beside them.
    pub middle_columns: i16,
    /// Rows by which the upper pane on the left is higher.
    pub left_rows: i16,
    /// Rows by which the SKUs are higher than by default, above the requests.
    pub right_rows: i16,
    /// Rows by which the item is higher, on a narrow screen.
    pub narrow_item_rows: i16,
    /// Rows by which the requests are higher, on a narrow screen.
    pub narrow_log_rows: i16,
    /// Panes that were hidden.
    #[serde(deserialize_with = "parse_panes")]
    pub hidden: Vec<PaneId>,
}

impl Splits {
    pub fn hides(&self, pane: PaneId) -> bool {
        self.hidden.contains(&pane)
    }

    /// Shows a pane again.
    pub fn show(&mut self, pane: PaneId) {
        self.hidden.retain(|hidden| *hidden != pane);
    }
}

/// Panes that this obx does not have are left out.
fn parse_panes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PaneId>, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    let panes = PaneId::ALL.iter().copied();
    Ok(panes.filter(|pane| *pane != PaneId::Id && names.iter().any(|name| name == pane.name())).collect())
}
