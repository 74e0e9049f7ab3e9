//! An item for a chat, a ticket or a wiki: what a buyer looks at first, and the table of its SKUs.

use std::fmt::Write as _;

use super::csv::{plain, sku_cells};
use crate::i18n::Texts;
use onebound::{Exchange, Item};

/// Of the SKU's fields, after its axes: what people compare.
const SHOWN: usize = 4;

pub(super) fn item(exchange: &Exchange, item: Item<'_>, texts: Texts) -> String {
    let mut out = format!("# {}\n\n", escaped(&plain(&item.field("title"))));
    let id = plain(&item.field("num_iid"));
    let page = format!("<https://detail.1688.com/offer/{}.html>", digits(&id));
    row(&mut out, [texts.column_item(), &format!("{} {page}", digits(&id))]);
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
    skus(&mut out, item, texts);
    out
}

fn skus(out: &mut String, item: Item<'_>, texts: Texts) {
    if item.sku_count() == 0 {
        return;
    }
    let _ = writeln!(out, "\n## {} ({})\n", texts.pane_skus(), item.sku_count()); // writing to a String can't fail
    let fields = [texts.column_price(), texts.column_stock(), texts.column_sales(), texts.column_sku_id()];
    let axes: Vec<String> = item.overview().axes.iter().map(|axis| escaped(axis)).collect();
    let names: Vec<&str> = axes.iter().map(String::as_str).chain(fields).collect();
    row(out, names.iter().copied());
    let right = |at: usize| if (axes.len()..axes.len() + 3).contains(&at) { "---:" } else { "---" };
    row(out, (0..names.len()).map(right));
    for sku in item.skus() {
        let cells: Vec<String> = sku_cells(item, sku).iter().map(|cell| escaped(cell)).collect();
        row(out, cells.iter().take(axes.len() + SHOWN).map(String::as_str));
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
