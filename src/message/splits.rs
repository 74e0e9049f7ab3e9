//! How the user has divided the screen. Kept from one session to the next.

use serde::{Deserialize, Deserializer, Serialize};

use super::PaneId;

/// Moved borders and hidden panes. The default is the layout's own division.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Splits {
    /// Columns by which the left panes are wider.
    #[serde(deserialize_with = "parse_cells")]
    pub left_columns: i16,
    /// Columns by which SKUs and requests are wider, where the response is beside them.
    #[serde(deserialize_with = "parse_cells")]
    pub middle_columns: i16,
    /// Rows by which the upper pane on the left is higher.
    #[serde(deserialize_with = "parse_cells")]
    pub left_rows: i16,
    /// Rows by which the SKUs are higher than by default, above the requests.
    #[serde(deserialize_with = "parse_cells")]
    pub right_rows: i16,
    /// Rows by which the item is higher, on a narrow screen.
    #[serde(deserialize_with = "parse_cells")]
    pub narrow_item_rows: i16,
    /// Rows by which the requests are higher, on a narrow screen.
    #[serde(deserialize_with = "parse_cells")]
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

/// No screen is larger. A file can say anything.
const MAX_CELLS: i16 = 1_000;

fn parse_cells<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i16, D::Error> {
    let cells = i64::deserialize(deserializer)?;
    let within = cells.clamp((-MAX_CELLS).into(), MAX_CELLS.into());
    Ok(i16::try_from(within).unwrap_or_default())
}

/// Panes that this obx does not have are left out.
fn parse_panes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PaneId>, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    let panes = PaneId::ALL.iter().copied();
    Ok(panes.filter(|pane| *pane != PaneId::Id && names.iter().any(|name| name == pane.name())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_border_is_farther_away_than_a_screen_is_large() {
        let text = r#"{"narrow_item_rows":32767,"narrow_log_rows":-99999999,"left_rows":3}"#;
        let splits: Splits = serde_json::from_str(text).unwrap();
        assert_eq!((splits.narrow_item_rows, splits.narrow_log_rows, splits.left_rows), (1_000, -1_000, 3));
    }
}
