//! An item for a chat, a ticket or a wiki: what a buyer looks at first, and the table of its SKUs.

use std::fmt::Write as _;
use std::sync::Arc;

use super::csv::{calculated_text, plain, sku_cells};
use crate::i18n::Texts;
use crate::price::PriceColumn;
use onebound::{Exchange, Item};

/// Of the SKU's fields, after its axes: what people compare.
const SHOWN: usize = 4;

pub(super) fn item(
    exchange: &Exchange,
    item: Item<'_>,
    calculated: &[Arc<PriceColumn>],
    texts: Texts,
) -> String {
    let mut out = format!("# {}\n\n", escaped(&plain(&item.field("title"))));
    let id = plain(&item.field("num_iid"));
    let page = exchange.call.page().map(|page| format!(" <{page}>")).unwrap_or_default();
    row(&mut out, [texts.column_item(), &format!("{}{page}", digits(&id))]);
    row(&mut out, ["---", "---"]);
    for (label, field) in [
        (texts.label_price(), item.field("price")),
        (texts.label_minimum(), item.field("min_num")),
        (texts.label_stock(), item.field("num")),
        (texts.label_sales(), item.field("sales")),
        (texts.label_seller(), item.field("nick")),
        (texts.label_place(), item.field("location")),
    ] {
        row(&mut out, [label, &escaped(&plain(&field))]);
    }
    let at = exchange.ended_at().strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    row(&mut out, [texts.column_time(), &at]);
    skus(&mut out, item, calculated, texts);
    out
}

fn skus(out: &mut String, item: Item<'_>, calculated: &[Arc<PriceColumn>], texts: Texts) {
    if item.sku_count() == 0 {
        return;
    }
    let _ = writeln!(out, "\n## {} ({})\n", texts.pane_skus(), item.sku_count()); // writing to a String can't fail
    let fields = [texts.column_price(), texts.column_stock(), texts.column_sales(), texts.column_sku_id()];
    let axes: Vec<String> = item.overview().axes.iter().map(|axis| escaped(axis)).collect();
    let titles: Vec<String> = calculated.iter().map(|column| escaped(&column.title)).collect();
    let names = axes.iter().map(String::as_str).chain(fields).chain(titles.iter().map(String::as_str));
    let names: Vec<&str> = names.collect();
    row(out, names.iter().copied());
    let is_amount = |at: usize| (axes.len()..axes.len() + 3).contains(&at) || at >= axes.len() + SHOWN;
    row(out, (0..names.len()).map(|at| if is_amount(at) { "---:" } else { "---" }));
    for (number, sku) in item.skus().enumerate() {
        let cells = sku_cells(item, sku).into_iter().take(axes.len() + SHOWN);
        let calculated = calculated.iter().map(|column| calculated_text(column.cell(number)).to_owned());
        let cells: Vec<String> = cells.chain(calculated).map(|cell| escaped(&cell)).collect();
        row(out, cells.iter().map(String::as_str));
    }
}

fn row<'a>(out: &mut String, cells: impl IntoIterator<Item = &'a str>) {
    for cell in cells {
        let _ = write!(out, "| {cell} "); // writing to a String can't fail
    }
    out.push_str("|\n");
}

/// On one line, with nothing in it that Markdown or HTML would take for its own.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '#' | '!' => out.extend(['\\', c]),
            '&' => out.push_str("&amp;"),
            _ if c.is_control() => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}

/// Of an ID: it goes into an address.
fn digits(id: &str) -> String {
    id.chars().filter(char::is_ascii_digit).collect()
}
