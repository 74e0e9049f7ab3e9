//! What the shown SKUs come to, in one line: prices, stock, sales.

use super::columns::SkuColumn;
use crate::ui::rows::{AmountTotals, ColumnTotals, Totals};
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
        texts.totals_range(title, amounts.min, amounts.max, median(&amounts, texts))
    };
    Some(with_left_out(text, totals, texts))
}

/// Yuan have two decimals. Halfway between two prices there may be a third one, which is rounded, and called so.
fn median(amounts: &AmountTotals, texts: Texts) -> String {
    let decimals = amounts.min.decimals().max(amounts.max.decimals()).max(2);
    let rounded = amounts.median.rounded(decimals).filter(|_| amounts.median.decimals() > decimals);
    match rounded {
        Some(rounded) if rounded.compare(amounts.median).is_ne() => texts.about_amount(rounded),
        Some(exact) => exact.to_string(),
        None => amounts.median.to_string(),
    }
}

fn sum(title: &str, totals: &ColumnTotals, texts: Texts) -> Option<String> {
    let sum = totals.amounts?.sum?;
    Some(with_left_out(format!("{title} {sum}"), totals, texts))
}

/// A total of a part of the cells says so.
fn with_left_out(text: String, totals: &ColumnTotals, texts: Texts) -> String {
    if totals.left_out == 0 { text } else { texts.totals_left_out(text, totals.left_out) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use obx_core::i18n::Language;
    use onebound::Decimal;

    fn shown(min: &str, median_of: &str, max: &str) -> String {
        let [min, median_of, max] = [min, median_of, max].map(|text| text.parse::<Decimal>().unwrap());
        median(&AmountTotals { sum: None, min, median: median_of, max }, Texts::new(Language::Zh))
    }

    #[test]
    fn a_median_has_no_more_decimals_than_yuan_have_and_says_if_it_was_rounded() {
        assert_eq!(shown("12", "12.5", "13"), "12.5");
        assert_eq!(shown("12.00", "12.345", "13.00"), "约12.35");
        assert_eq!(shown("12.00", "12.34", "13.00"), "12.34");
        assert_eq!(shown("12.001", "12.3455", "13.00"), "约12.346");
        assert_eq!(shown("12.00", "12.340", "13.00"), "12.34");
    }
}
