//! 3 SKUs: one row per SKU, with a column for each property axis, then price, stock, sales and IDs.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::copying::{self, CopyParts};
use super::table_query::TableQuery;
use super::{Hint, Pane, locate, view_no_item};
use crate::message::{Action, Effect};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::field::cell;
use crate::ui::rows::{SortKey, TableRows};
use crate::ui::scroll::Scroll;
use crate::ui::table::{Align, Cell, Column, Table, hidden_at_right, last_first};
use crate::ui::text::{clean, width};
use crate::ui::theme::Theme;
use obx_core::i18n::{Language, Texts};
use onebound::{Exchange, Field, Item, Sku};

/// The most axes that have a column. No real item has more than three; further ones can be read in the response.
const MAX_AXES: usize = 6;
/// Column widths are measured over this many rows, spread over the whole table. So the cost is the same for 200,000
/// rows, and the widths don't change while the user scrolls.
const MEASURED_ROWS: usize = 500;
/// Cells between two columns.
const GAP: usize = 2;
/// The most cells of a column.
const MAX_WIDTH: usize = 28;

/// The fields after the axes: their names in the API, and their alignment.
const FIELDS: [(&str, Align); 7] = [
    ("price", Align::Right),
    ("quantity", Align::Right),
    ("sales", Align::Right),
    ("sku_id", Align::Left),
    ("orginal_price", Align::Right),
    ("spec_id", Align::Left),
    ("properties", Align::Left),
];

/// This many of the fields have a column even if no SKU has the field, since its absence is worth knowing.
const ALWAYS: usize = 4;

#[derive(Debug, Default)]
pub(super) struct SkuTable {
    query: TableQuery,
    scroll: Scroll,
    first: usize,
    fields: Vec<(&'static str, Align)>,
    columns: Vec<Column>,
    /// The language of the columns' titles.
    language: Option<Language>,
    cache_key: Option<SkusCacheKey>,
    area: Rect,
}

/// The inputs of the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct SkusCacheKey {
    generation: u64,
    language: Language,
    /// The number of axes that were known.
    axes: usize,
}

impl SkuTable {
    fn visible_rows(&self) -> usize {
        usize::from(self.area.height.saturating_sub(1))
    }

    fn set_columns(&mut self, item: Item<'_>, texts: Texts) {
        self.fields = fields(item);
        let columns = columns(item, &self.fields, texts);
        if self.language == Some(texts.language()) {
            let titled = |title: &str| columns.iter().position(|column| column.title == title);
            self.query.follow_column(|before| titled(&self.columns.get(before)?.title));
        }
        (self.columns, self.language) = (columns, Some(texts.language()));
    }

    fn arrange(&mut self, model: &Model) {
        let (Some(item), Some(shown)) = (model.item(), &model.shown) else { return };
        let table = || SkuRows {
            exchange: Arc::clone(&shown.exchange),
            axes: axes(item).to_vec(),
            fields: self.fields.clone(),
        };
        let whole = (model.generation(), item.sku_count());
        self.query.arrange(whole, &mut self.scroll, table);
    }
}

/// What filter and sorting read of an answer's SKUs, in the columns that there were.
struct SkuRows {
    exchange: Arc<Exchange>,
    axes: Vec<String>,
    fields: Vec<(&'static str, Align)>,
}

impl TableRows for SkuRows {
    fn count(&self) -> usize {
        self.exchange.item().map_or(0, Item::sku_count)
    }

    fn text(&self, row: usize) -> String {
        let item = self.exchange.item();
        item.and_then(|item| Some(row_text(item, &self.fields, item.sku(row)?))).unwrap_or_default()
    }

    fn sort_key(&self, row: usize, column: usize) -> SortKey {
        let Some((item, sku)) = self.exchange.item().and_then(|item| Some((item, item.sku(row)?))) else {
            return SortKey::Nothing;
        };
        match (self.axes.get(column), self.fields.get(column.wrapping_sub(self.axes.len()))) {
            (Some(named), _) => axis_key(item, sku, named),
            (_, Some((name, Align::Right))) => SortKey::from_amount(&sku.field(name)),
            (_, Some((name, Align::Left))) => SortKey::from_text(sku.field(name).text().unwrap_or_default()),
            _ => SortKey::Nothing,
        }
    }
}

impl Pane for SkuTable {
    fn edges(&self, model: &Model) -> Edges {
        let count = model.item().map_or(0, Item::sku_count);
        let position = self.query.position(self.scroll, count, model.texts);
        let title = Line::from(format!("{} {position}", model.texts.pane_skus()).trim_end().to_owned());
        let hidden = hidden_at_right(&self.columns, self.first, self.area.width, GAP);
        let left = if self.first > 0 && count > 0 { "←" } else { "" };
        let right = if hidden > 0 && count > 0 { format!("{hidden}→") } else { String::new() };
        let more = format!(" {left} {right} ");
        let right = Line::from(if more.trim().is_empty() { String::new() } else { more });
        Edges { title, right, foot: self.query.line(), ..Edges::default() }
    }

    fn act(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        let last = last_first(&self.columns, self.area.width, GAP);
        let sku = || model.item()?.sku(self.query.rows().at(self.scroll.at)?);
        match action {
            Action::Open => return sku().and_then(|sku| locate(model, sku.node())).into_iter().collect(),
            Action::Left => self.first = self.first.saturating_sub(1),
            Action::Right => self.first = (self.first + 1).min(last),
            _ if self.query.act(action, self.columns.len()) => {}
            _ => {
                self.scroll.act(action, self.query.rows().count(), self.visible_rows());
            }
        }
        Vec::new()
    }

    fn copied(&mut self, action: Action, model: &Model) -> Option<String> {
        let (item, exchange) = (model.item()?, &model.shown.as_ref()?.exchange);
        let sku = item.sku(self.query.rows().at(self.scroll.at)?)?;
        let text = |name: &str| sku.field(name).to_text();
        let mut properties = Vec::new();
        item.each_property(sku, |property| properties.push(property.value.to_owned()));
        let axes = axes(item).iter().map(|axis| axis_text(item, sku, axis));
        let parts = CopyParts {
            row: axes.chain(self.fields.iter().map(|(name, _)| text(name))).collect(),
            value: text("price"),
            key: text("sku_id"),
            string: properties.join(" "),
            place: copying::place(exchange, sku.node()),
        };
        parts.text(action)
    }

    fn table_query(&self) -> Option<&TableQuery> {
        Some(&self.query)
    }

    fn table_query_mut(&mut self) -> Option<&mut TableQuery> {
        Some(&mut self.query)
    }

    fn layout(&mut self, model: &Model, area: Rect) {
        let axes = model.item().map_or(0, |item| axes(item).len());
        let (generation, language) = (model.generation(), model.texts.language());
        let cache_key = Some(SkusCacheKey { generation, language, axes });
        if self.cache_key != cache_key {
            if self.cache_key.map(|made| made.generation) != Some(generation) {
                self.scroll = Scroll::default();
                self.first = 0;
            }
            // Without an item the columns of the last one stay, so that the next item's can be compared with them.
            if let Some(item) = model.item() {
                self.set_columns(item, model.texts);
            }
            self.cache_key = cache_key;
        }
        self.area = area;
        self.first = self.first.min(last_first(&self.columns, area.width, GAP));
        self.arrange(model);
        self.scroll.clamp(self.query.rows().count(), self.visible_rows());
    }

    fn view(&self, model: &Model, focused: bool, area: Rect, buffer: &mut Buffer) {
        let Some(item) = model.item() else { return view_no_item(model, area, buffer) };
        let rows = self.query.rows();
        if rows.count() == 0 {
            let none = if item.sku_count() == 0 { model.texts.no_skus() } else { model.texts.no_match() };
            let line = Line::styled(format!(" {none}"), Theme.dim());
            return crate::ui::line(buffer, area.x, area.y, area.width, &line);
        }
        let sort = self.query.sort();
        let table =
            Table { columns: &self.columns, first: self.first, scroll: self.scroll, focused, gap: GAP, sort };
        table.draw(buffer, area, rows.count(), |place| {
            let sku = rows.at(place).and_then(|row| item.sku(row));
            sku.map_or_else(Vec::new, |sku| cells(item, &self.fields, sku))
        });
    }

    fn opens(&self, model: &Model) -> Option<&'static str> {
        Some(model.texts.opens_in_response())
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        if model.item().is_none_or(|item| item.sku_count() == 0) {
            return super::hints_without_rows(model);
        }
        let mut hints = vec![
            Hint::free(Action::NextPane, model.texts.hint_next_pane()),
            Hint::free(Action::Filter, model.texts.hint_filter()),
            Hint::free(Action::Sort, model.texts.hint_sort()),
            Hint::spending(Action::Refetch, model.texts.hint_refetch()),
            Hint::free(Action::Open, model.texts.hint_locate()),
        ];
        if self.first < last_first(&self.columns, self.area.width, GAP) {
            hints.push(Hint::free(Action::Right, model.texts.hint_columns()));
        }
        hints
    }
}

/// The sort key of a SKU for an axis: its value there.
fn axis_key(item: Item<'_>, sku: Sku<'_>, axis: &str) -> SortKey {
    let mut key = SortKey::Nothing;
    item.each_property(sku, |property| {
        if property.axis == axis {
            key = SortKey::from_text(property.value);
        }
    });
    key
}

/// A SKU's value for an axis; empty if it has none.
fn axis_text(item: Item<'_>, sku: Sku<'_>, axis: &str) -> String {
    let mut text = String::new();
    item.each_property(sku, |property| {
        if property.axis == axis {
            property.value.clone_into(&mut text);
        }
    });
    text
}

/// The text of a row that the filter searches.
fn row_text(item: Item<'_>, fields: &[(&'static str, Align)], sku: Sku<'_>) -> String {
    let mut text = String::new();
    item.each_property(sku, |property| {
        text.push_str(property.value);
        text.push(' ');
    });
    for (name, _) in fields {
        text.push_str(sku.field(name).text().unwrap_or_default());
        text.push(' ');
    }
    text
}

fn axes(item: Item<'_>) -> &[String] {
    let axes = item.known_axes();
    axes.get(..axes.len().min(MAX_AXES)).unwrap_or_default()
}

/// A sample of about [`MEASURED_ROWS`] SKUs, including the first and the last.
fn measured(item: Item<'_>) -> impl Iterator<Item = Sku<'_>> {
    let count = item.sku_count();
    let spread = (0..count).step_by(count.div_ceil(MEASURED_ROWS).max(1));
    spread.chain(count.checked_sub(1)).filter_map(move |row| item.sku(row))
}

/// The fields that any SKU of the sample has, and those that always have a column.
fn fields(item: Item<'_>) -> Vec<(&'static str, Align)> {
    let known = |name: &str| measured(item).any(|sku| sku.field(name) != Field::Absent);
    FIELDS
        .into_iter()
        .enumerate()
        .filter(|(at, (name, _))| *at < ALWAYS || known(name))
        .map(|(_, field)| field)
        .collect()
}

fn columns(item: Item<'_>, fields: &[(&'static str, Align)], texts: Texts) -> Vec<Column> {
    let axes = axes(item).iter().map(|axis| (clean(axis).into_owned(), Align::Left));
    let others = fields.iter().map(|(name, align)| (field_title(name, texts).to_owned(), *align));
    let titled = axes.chain(others);
    let mut columns: Vec<Column> =
        titled.map(|(title, align)| Column { width: width(&title), title, align }).collect();
    for sku in measured(item) {
        for (column, cell) in columns.iter_mut().zip(cells(item, fields, sku)) {
            column.width = column.width.max(width(&cell.text)).min(MAX_WIDTH);
        }
    }
    columns
}

fn field_title(name: &'static str, texts: Texts) -> &'static str {
    match name {
        "price" => texts.column_price(),
        "quantity" => texts.column_stock(),
        "sales" => texts.column_sales(),
        "sku_id" => texts.column_sku_id(),
        // A field without a common name is called as in the API.
        name => name,
    }
}

fn cells(item: Item<'_>, fields: &[(&'static str, Align)], sku: Sku<'_>) -> Vec<Cell> {
    let axes = axes(item);
    let mut cells = vec![Cell::new("—", Theme.dim()); axes.len()];
    item.each_property(sku, |property| {
        let column = axes.iter().position(|axis| axis == property.axis);
        if let Some(cell) = column.and_then(|column| cells.get_mut(column)) {
            *cell = Cell::new(clean(property.value), Style::new());
        }
    });
    let style = |name: &str| if name == "price" { Theme.price() } else { Theme.text() };
    cells.extend(fields.iter().map(|(name, _)| cell(&sku.field(name), style(name))));
    cells
}
