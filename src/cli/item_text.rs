//! An item as text for people: a card, and the table of its SKUs.

use ratatui::layout::Size;

use super::styled_line::{bold, printed};
use super::text_table::{self, Align};
use crate::pane::item_card;
use obx_core::fetch::{Fetched, Source};
use obx_core::i18n::Texts;
use onebound::{Exchange, Field, Item};

/// What is shown of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ItemPart {
    All,
    Skus,
}

/// Where there is no terminal.
const USUAL_WIDTH: usize = 100;

pub(super) fn lines(
    exchange: &Exchange,
    item: Item<'_>,
    source: &str,
    part: ItemPart,
    room: Option<usize>,
    colors: bool,
    texts: Texts,
) -> Vec<String> {
    let mut lines = Vec::new();
    if part == ItemPart::All {
        let width = u16::try_from(room.unwrap_or(USUAL_WIDTH)).unwrap_or(u16::MAX);
        let card = item_card(exchange, item, Size { width, height: u16::MAX }, texts);
        lines.extend(card.iter().map(|line| printed(line, colors)));
        lines.push(source.to_owned());
    }
    if item.sku_count() > 0 {
        if part == ItemPart::All {
            lines.push(String::new());
        }
        let mut skus = skus(item, room, texts).into_iter();
        lines.extend(skus.next().map(|titles| bold(&titles, colors)));
        lines.extend(skus);
    }
    lines
}

/// Where an answer is from, and when it was fetched.
pub(super) fn source(fetched: &Fetched, texts: Texts) -> String {
    let at = fetched.exchange.started_at.strftime("%Y-%m-%d %H:%M UTC");
    match fetched.source {
        Source::Live | Source::Joined => texts.got_live_at(at),
        Source::Store => texts.got_from_store_of(at),
    }
}

fn skus(item: Item<'_>, room: Option<usize>, texts: Texts) -> Vec<String> {
    let axes = &item.overview().axes;
    let mut columns: Vec<(&str, Align)> = axes.iter().map(|axis| (axis.as_str(), Align::Left)).collect();
    columns.extend([
        (texts.column_price(), Align::Right),
        (texts.column_stock(), Align::Right),
        (texts.column_sales(), Align::Right),
        (texts.column_sku_id(), Align::Whole),
    ]);
    let rows: Vec<Vec<String>> = item
        .skus()
        .map(|sku| {
            let mut row = vec![String::new(); axes.len()];
            item.each_property(sku, |property| {
                let place = axes.iter().position(|axis| *axis == property.axis);
                if let Some(cell) = place.and_then(|place| row.get_mut(place)) {
                    property.value.clone_into(cell);
                }
            });
            let fields = [sku.price(), sku.quantity(), sku.sales(), sku.sku_id()];
            row.extend(fields.iter().map(Field::to_text));
            row
        })
        .collect();
    text_table::lines(&columns, &rows, room)
}
