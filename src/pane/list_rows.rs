//! A list of items in one answer, as a table for the item pane.

use ratatui::text::{Line, Span};

use crate::ui::field::cell;
use crate::ui::text::{fit, pad_left, pad_right, width};
use crate::ui::theme::Theme;
use obx_core::i18n::Texts;
use onebound::{ItemList, ListedItem};

/// Maximum number of items with a row; the response shows the rest.
pub(super) const MAX_LISTED: usize = 200;
/// Columns before the title, by the API's names: what identifies an item, and its price.
const COLUMNS: [&str; 2] = ["num_iid", "price"];

/// Returns the number of items, the column titles, and a row for each item.
pub(super) fn list_rows(list: &ItemList<'_>, texts: Texts, room: usize) -> Vec<Line<'static>> {
    let shown = || list.iter().take(MAX_LISTED);
    let text = |item: &ListedItem<'_>, name: &str| cell(&item.field(name), Theme.text());
    let widest = |name: &str| shown().map(|item| width(&text(&item, name).text)).max().unwrap_or_default();
    let [ids, prices] = COLUMNS.map(|name| widest(name).max(width(name)).min(room / 3));
    let titles = room.saturating_sub(ids + prices + 4);
    let row = |cells: [Span<'static>; 3]| {
        let [id, price, title] = cells;
        let id = Span::styled(pad_right(&fit(&id.content, ids), ids), id.style);
        let price = Span::styled(pad_left(&fit(&price.content, prices), prices), price.style);
        let title = Span::styled(fit(&title.content, titles).to_string(), title.style);
        Line::from(vec![id, Span::raw("  "), price, Span::raw("  "), title])
    };
    let mut rows = vec![Line::styled(texts.item_list(list.len()), Theme.strong())];
    rows.push(row([COLUMNS[0], COLUMNS[1], "title"].map(|name| Span::styled(name, Theme.dim()))));
    rows.extend(shown().map(|item| {
        row([COLUMNS[0], COLUMNS[1], "title"].map(|name| {
            let cell = text(&item, name);
            Span::styled(cell.text, cell.style)
        }))
    }));
    if let Some(more) = list.len().checked_sub(MAX_LISTED).filter(|more| *more > 0) {
        rows.push(Line::styled(texts.more_in_response(more), Theme.dim()));
    }
    rows
}
