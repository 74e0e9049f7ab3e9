//! A click on a table: a row gets the cursor, a heading sorts.

use ratatui::layout::Position;

use super::table_query::TableQuery;
use crate::message::Action;
use crate::ui::scroll::Scroll;
use crate::ui::table::{ColumnCursor, ColumnsInRoom};

/// Handles a click at this place of a table. A second click on a heading reverses the order.
pub(super) fn click_table(
    at: Position,
    table: ColumnsInRoom<'_>,
    cursor: &mut ColumnCursor,
    query: &mut TableQuery,
    scroll: &mut Scroll,
) {
    if let Some(row) = usize::from(at.y).checked_sub(1) {
        return scroll.select(row, query.rows().count());
    }
    let Some(column) = table.column_at(at.x, cursor.first) else { return };
    let again = query.sort().is_some_and(|sort| sort.column == column);
    cursor.at = column;
    query.act(if again { Action::SortReverse } else { Action::Sort }, column);
}
