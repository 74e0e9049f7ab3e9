//! SKUs and props as CSV by RFC 4180: commas, CRLF, quotes where they are needed, a row of names first.
//!
//! A cell that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, or with white space before
//! one) gets an apostrophe in front, which spreadsheets show as text. Numbers such as `-5` and `+3.20` are no
//! formulas and stay as they were sent. Absent, null and empty fields are empty cells: CSV can't tell them apart.
//! Fields of SKUs that obx does not know have a column each behind the known ones; an object or a list is JSON in its
//! cell.

use std::borrow::Cow;
use std::sync::Arc;

use super::json::on_one_line;
use crate::price::{PriceCell, PriceColumn};
use onebound::{Field, Item, Sku};

/// The fields after the axes, by the API's names.
pub const SKU_FIELDS: [&str; 7] =
    ["price", "quantity", "sales", "sku_id", "orginal_price", "spec_id", "properties"];

/// Every SKU a row, or these by their places, in this order.
pub(super) fn skus(
    item: Item<'_>,
    places: Option<&[usize]>,
    calculated: &[Arc<PriceColumn>],
    bom: bool,
) -> String {
    let mut out = start(bom);
    let axes = &item.overview().axes;
    let further = further_fields(item);
    let names = axes.iter().map(String::as_str).chain(SKU_FIELDS).chain(further.iter().map(String::as_str));
    let names = names.chain(calculated.iter().map(|column| column.name.as_str()));
    row(&mut out, names.map(Cow::from));
    let all = places.is_none().then_some(0..item.sku_count()).into_iter().flatten();
    for number in all.chain(places.unwrap_or_default().iter().copied()) {
        let Some(sku) = item.sku(number) else { continue };
        let cells = sku_cells(item, sku).into_iter().chain(cells_of(sku, &further));
        let calculated = calculated.iter().map(|column| calculated_text(column.cell(number)).to_owned());
        row(&mut out, cells.chain(calculated).map(Cow::from));
    }
    out
}

/// A calculated amount; empty where the formula says that it is unknown, `!` where it failed.
pub(super) fn calculated_text(cell: &PriceCell) -> &str {
    if *cell == PriceCell::Unknown { "" } else { cell.text() }
}

/// The fields that any SKU has besides [`SKU_FIELDS`], in the order in which they first occur.
fn further_fields(item: Item<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in item.skus().flat_map(|sku| sku.names()) {
        // The axes are made of it.
        let has_column = name == "properties_name" || SKU_FIELDS.contains(&name.as_ref());
        if !has_column && !names.iter().any(|known| *known == name) {
            names.push(name.into_owned());
        }
    }
    names
}

fn cells_of<'a>(sku: Sku<'a>, names: &'a [String]) -> impl Iterator<Item = String> {
    names.iter().map(move |name| cell(sku, name))
}

/// A field of a SKU; a list or an object as JSON.
fn cell(sku: Sku<'_>, name: &str) -> String {
    match sku.field(name) {
        Field::List(_) | Field::Object(_) => {
            sku.raw_field(name).map(|raw| on_one_line(raw).text).unwrap_or_default()
        }
        field => plain(&field),
    }
}

pub(super) fn props(item: Item<'_>, bom: bool) -> String {
    let mut out = start(bom);
    row(&mut out, ["name", "value"].map(Cow::from));
    for prop in (0..item.prop_count()).filter_map(|at| item.prop(at)) {
        row(&mut out, [plain(&prop.name()), plain(&prop.value())].map(Cow::from));
    }
    out
}

/// A SKU's value on every axis, then its fields.
pub(super) fn sku_cells(item: Item<'_>, sku: Sku<'_>) -> Vec<String> {
    let axes = &item.overview().axes;
    let mut cells = vec![String::new(); axes.len()];
    item.each_property(sku, |property| {
        let column = axes.iter().position(|axis| axis == property.axis);
        if let Some(cell) = column.and_then(|column| cells.get_mut(column)) {
            property.value.clone_into(cell);
        }
    });
    cells.extend(SKU_FIELDS.map(|name| cell(sku, name)));
    cells
}

/// Its text as it was sent; "" where it says nothing, and a type's name for what is no scalar.
pub(super) fn plain(field: &Field<'_>) -> String {
    match field {
        Field::Absent | Field::Null => String::new(),
        Field::Bool(value) => value.to_string(),
        Field::Number(digits) => (*digits).to_owned(),
        Field::Text(text) => text.clone().into_owned(),
        Field::List(_) | Field::Object(_) => format!("[{}]", field.type_name()),
    }
}

fn start(bom: bool) -> String {
    if bom { "\u{feff}".to_owned() } else { String::new() }
}

/// Appends a row of these cells.
pub(crate) fn row<'a>(out: &mut String, cells: impl IntoIterator<Item = Cow<'a, str>>) {
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        let cell = defused(&cell);
        if cell.contains([',', '"', '\r', '\n']) || cell.trim() != cell {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}

fn defused(cell: &str) -> Cow<'_, str> {
    // Full-width signs too: spreadsheets of East Asian locales read them as formulas.
    let signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let control = |c: char| c.is_whitespace() || c.is_control();
    let formula = cell.trim_start_matches(control).starts_with(signs);
    if formula && !is_number(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// `5`, `-5`, `+3.20`; nothing else that a sign may begin.
fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, fraction].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[&str]) -> String {
        let mut out = String::new();
        row(&mut out, cells.iter().map(|cell| Cow::from(*cell)));
        out
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(
            written(&["a", "b,c", "d\"e", "f\ng", "", " h"]),
            "a,\"b,c\",\"d\"\"e\",\"f\ng\",,\" h\"\r\n"
        );
    }

    #[test]
    fn formulas_become_text_and_numbers_stay() {
        for formula in ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1", "-", "+1e5", "--1"]
        {
            assert!(defused(formula).starts_with('\''), "{formula:?}");
        }
        for number in ["-5", "+3.20", "-0.5", "799.00", "4309097072612", "5-6", "a=b"] {
            assert_eq!(defused(number), number);
        }
    }
}
