//! The column of who asked, where several people share a store.

use super::rows::{RequestRow, RequestRows};
use crate::model::Model;
use crate::pane::people::other_person;
use crate::ui::table::Column;

/// The column is left out where it would leave fewer cells than these to outcomes.
pub(super) const OUTCOME_BESIDE: usize = 12;
const API_SECONDS: usize = 5;
const SIZE: usize = 7;

/// Adds the column of people, in place of durations at the vendor and sizes where there is no room for all of them.
pub(super) fn with_people(
    columns: Vec<Column>,
    people: Column,
    fits: impl Fn(&[Column]) -> bool,
) -> Vec<Column> {
    let mut with = columns.clone();
    with.push(people);
    for at in [API_SECONDS, SIZE] {
        if fits(&with) {
            break;
        }
        if let Some(column) = with.get_mut(at) {
            (column.title, column.width) = (String::new(), 0);
        }
    }
    if fits(&with) { with } else { columns }
}

/// Returns true if a row in sight or near it is of somebody else.
pub(super) fn has_others(rows: &RequestRows<'_>, model: &Model) -> bool {
    let own = model.session.asked_by.as_deref();
    let is_others = |row: RequestRow<'_>| match row {
        RequestRow::UnderWay(..) => false,
        RequestRow::Leased(row, _) | RequestRow::Ended(_, row) => {
            other_person(row.line.asked_by.as_deref(), own).is_some()
        }
    };
    (0..super::MEASURED).map_while(|at| rows.at(at)).any(is_others)
}
