//! A field's value in a cell, so that absent, null, empty and unexpected values look different.

use ratatui::style::Style;

use super::table::Cell;
use super::text::{clean, code_points, is_invisible};
use super::theme::Theme;
use onebound::Field;

const ABSENT: &str = "—";
const NULL: &str = "null";
const EMPTY: &str = "\"\"";

/// The cell of a field; `style` is used for ordinary values.
pub fn cell(field: &Field<'_>, style: Style) -> Cell {
    let theme = Theme;
    match field {
        Field::Absent => Cell::new(ABSENT, theme.dim()),
        Field::Null => Cell::new(NULL, theme.dim()),
        Field::Bool(value) => Cell::new(value.to_string(), style),
        Field::Text(text) if text.is_empty() => Cell::new(EMPTY, theme.dim()),
        Field::Text(text) if is_invisible(text) => Cell::new(code_points(text), theme.dim()),
        // Quotes tell a text from the mark that looks like it.
        Field::Text(text) if matches!(text.as_ref(), ABSENT | NULL | EMPTY) => {
            Cell::new(format!("\"{text}\""), style)
        }
        Field::Text(text) => Cell::new(clean(text).into_owned(), style),
        Field::Number(digits) => Cell::new(*digits, style),
        Field::List(_) => Cell::new("[…]", theme.warn()),
        Field::Object(_) => Cell::new("{…}", theme.warn()),
    }
}
