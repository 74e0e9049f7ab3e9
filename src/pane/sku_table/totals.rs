//! What the shown SKUs come to, in one line: prices, stock, sales.

use super::columns::SkuColumn;
use crate::ui::rows::{ColumnTotals, Totals};
use crate::ui::text::width;
use obx_core::i18n::Texts;

/// As many of the parts as fit into so many cells; empty without any.
pub(super) fn totals_line(totals: &Totals, columns: &[SkuColumn], texts: Texts, room: usize) -> String {
    let part = |name: &str| {
        let column = columns.iter().position(|column| column.name() == name)?;
        Some((columns.get(column)?.title(texts), totals.of_column(column)?))
    };
    let price = part("price").and_then(|(title, totals)| prices(&title, totals, texts));
    let sums =
        ["quantity", "sales"].map(|name| part(name).and_then(|(title, totals)| sum(&title, totals, texts)));
    let mut line = String::new();
    for part in [price].into_iter().chain(sums).flatten() {
        let separator = if line.is_empty() { " " } else { " · " };
        // A blank follows the last one.
        if width(&line) + width(separator) + width(&part) + 1 > room {
            break;
        }
        line = format!("{line}{separator}{part}");
    }
    if line.is_empty() { line } else { line + " " }
}

fn prices(title: &str, totals: &ColumnTotals, texts: Texts) -> Option<String> {
    let amounts = totals.amounts?;
    let text = if amounts.min.compare(amounts.max).is_eq() {
        format!("{title} {}", amounts.min)
    } else {
        texts.totals_range(title, amounts.min, amounts.max, amounts.median)
    };
    Some(with_left_out(text, totals, texts))
}

fn sum(title: &str, totals: &ColumnTotals, texts: Texts) -> Option<String> {
    let sum = totals.amounts?.sum?;
    Some(with_left_out(format!("{title} {sum}"), totals, texts))
}

/// A total of a part of the cells says so.
fn with_left_out(text: String, totals: &ColumnTotals, texts: Texts) -> String {
    if totals.left_out == 0 { text } else { texts.totals_left_out(text, totals.left_out) }
}
