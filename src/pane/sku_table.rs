//! 3 SKUs: one row per SKU, with a column for each property axis, then price, stock, sales and IDs.

mod column_chooser;
mod columns;
mod restored;
mod rows;
mod totals;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::text::{Line, Span};

use super::copying::{self, CopyParts};
use super::restored_item::RestoredItem;
use super::table_click::click_table;
use super::table_query::TableQuery;
use super::{Hint, Pane, cells, locate, node_ref, view_no_item};
use crate::message::{Action, ColumnChoice, Effect, ViewState};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::filter::FilterColumns;
use crate::ui::rows::Sort;
use crate::ui::scroll::Scroll;
use crate::ui::table::{Column, ColumnCursor, ColumnsInRoom, Table, TextWidth, allot};
use crate::ui::theme::Theme;
pub use column_chooser::ColumnChooser;
use columns::{NumberedSku, PRICE, SkuColumn, choosable};
use obx_core::i18n::Language;
use onebound::Item;
use onebound_document::NodeRef;
use rows::SkuRows;
use totals::totals_line;

/// Cells between two columns.
const GAP: usize = 2;

#[derive(Debug)]
pub(super) struct SkuTable {
    query: TableQuery,
    scroll: Scroll,
    cursor: ColumnCursor,
    /// All columns of the answer.
    all: Arc<[SkuColumn]>,
    /// The width of the content of each.
    widths: Vec<TextWidth>,
    /// The places of the shown columns in `all`, in their order.
    places: Vec<usize>,
    /// The shown columns.
    shown: Vec<SkuColumn>,
    /// As they are drawn.
    columns: Vec<Column>,
    cache_key: Option<SkusCacheKey>,
    area: Rect,
    /// The SKU that gets the cursor as soon as it has a row.
    wanted: Option<usize>,
    restored: RestoredItem,
}

/// The inputs of the columns.
#[derive(Clone, Debug, PartialEq, Eq)]
struct SkusCacheKey {
    generation: u64,
    language: Language,
    /// The number of axes that were known.
    axes: usize,
    choice: ColumnChoice,
    /// The revision of the calculated columns.
    prices: u64,
}

impl Default for SkuTable {
    fn default() -> Self {
        Self {
            query: TableQuery::default(),
            scroll: Scroll::default(),
            cursor: ColumnCursor::default(),
            all: Arc::from([]),
            widths: Vec::new(),
            places: Vec::new(),
            shown: Vec::new(),
            columns: Vec::new(),
            cache_key: None,
            area: Rect::default(),
            wanted: None,
            restored: RestoredItem::default(),
        }
    }
}

impl SkuTable {
    fn visible_rows(&self) -> usize {
        usize::from(self.area.height.saturating_sub(1))
    }

    /// The columns for this item; the cursor and the sorting stay on their columns.
    fn set_columns(&mut self, item: Item<'_>, model: &Model) {
        let texts = model.texts;
        let columns = SkuColumn::of_item(item, model.prices.all());
        let before = std::mem::replace(&mut self.all, columns.into());
        self.query.follow_column(|column| {
            let column = before.get(column)?;
            self.all.iter().position(|other| other.is_same(column))
        });
        let columns = self.all.iter().map(SkuColumn::for_filter).collect();
        self.query.set_columns(FilterColumns { columns, unnamed: None });
        self.widths = columns::measure(item, &self.all, texts);
        let under_cursor = self.shown.get(self.cursor.at).cloned();
        self.places = model.sku_columns.shown(&choosable(&self.all));
        self.shown = self.places.iter().filter_map(|place| self.all.get(*place)).cloned().collect();
        let column =
            |column: &SkuColumn| Column { title: column.title(texts), align: column.align(), width: 0 };
        self.columns = self.shown.iter().map(column).collect();
        let same = self
            .shown
            .iter()
            .position(|column| under_cursor.as_ref().is_some_and(|other| other.is_same(column)));
        // The cursor begins on the price, and stays where it is if its column is hidden.
        let price = || self.shown.iter().position(|column| column.name() == PRICE);
        let last = self.shown.len().saturating_sub(1);
        self.cursor.at = match under_cursor {
            Some(_) => same.unwrap_or(self.cursor.at.min(last)),
            None => price().unwrap_or_default(),
        };
    }

    /// Gives texts the room that prices and IDs leave.
    fn set_widths(&mut self) {
        let is_needed = |column: &SkuColumn| column.is_amount();
        let needed = self.shown.iter().rposition(is_needed).map_or(0, |last| last + 1);
        let widths: Vec<TextWidth> =
            self.places.iter().filter_map(|place| self.widths.get(*place)).copied().collect();
        let widths = allot(&widths, needed, self.area.width, GAP);
        for (column, width) in self.columns.iter_mut().zip(widths) {
            column.width = width;
        }
    }

    fn in_room(&self) -> ColumnsInRoom<'_> {
        ColumnsInRoom { columns: &self.columns, room: self.area.width, gap: GAP }
    }

    #[must_use]
    fn arrange(&mut self, model: &Model) -> Vec<Effect> {
        let (Some(item), Some(shown)) = (model.item(), &model.shown) else { return Vec::new() };
        let table = || SkuRows { exchange: Arc::clone(&shown.exchange), columns: Arc::clone(&self.all) };
        // Calculated amounts make another table of the same answer.
        let version = model.generation() ^ (model.prices.revision() << 32);
        let whole = (version, item.sku_count());
        let due = self.query.arrange(whole, &mut self.scroll, table);
        self.widen();
        due
    }

    /// Widths come from a sample of the rows: prices and IDs that are wider elsewhere are made room for once all are read.
    fn widen(&mut self) {
        let mut is_wider = false;
        for totals in self.query.totals().columns() {
            if let Some(TextWidth::Whole(width)) = self.widths.get_mut(totals.column) {
                is_wider |= totals.widest > *width;
                *width = totals.widest.max(*width);
            }
        }
        if is_wider {
            self.set_widths();
        }
    }

    /// Hides the column under the cursor, and says how it comes back.
    #[must_use]
    fn hide_column(&self, model: &Model) -> Option<Effect> {
        let column = self.shown.get(self.cursor.at)?;
        let all = choosable(&self.all);
        let left: Vec<usize> =
            self.places.iter().copied().filter(|place| self.all.get(*place) != Some(column)).collect();
        if left.is_empty() {
            return Some(Effect::info(model.texts.columns_last()));
        }
        Some(Effect::ChooseColumns(model.sku_columns.with_shown(&left, &all)))
    }

    /// Arrows where columns are scrolled out or cut, and the column that is sorted by if it is among them.
    fn out_of_sight(&self, sort: Option<Sort>, model: &Model) -> Line<'static> {
        let (texts, chosen_away) = (model.texts, model.sku_columns.hidden_count(&choosable(&self.all)));
        let hidden = self.in_room().hidden_at_right(self.cursor);
        let place = |sort: Sort| self.places.iter().position(|place| *place == sort.column);
        let is_in_sight = |place: usize| self.in_room().shows(place, self.cursor.first);
        let is_out = |sort: &Sort| !place(*sort).is_some_and(is_in_sight);
        let sorted = sort.filter(is_out).and_then(|sort| Some((self.all.get(sort.column)?, sort)));
        let left = if self.cursor.first > 0 { " ←" } else { " " };
        let right = if hidden > 0 { format!(" {hidden}→ ") } else { " ".to_owned() };
        let right = match chosen_away {
            0 => right,
            count => format!("{right}{} ", texts.columns_hidden(count)).replace("  ", " "),
        };
        if left.trim().is_empty() && right.trim().is_empty() && sorted.is_none() {
            return Line::default();
        }
        let sorted = sorted.map(|(column, sort)| format!(" {}{}", column.title(texts), sort.mark()));
        Line::from(vec![
            Span::raw(left),
            Span::styled(sorted.unwrap_or_default(), Theme.strong()),
            Span::raw(right),
        ])
    }
}

impl Pane for SkuTable {
    fn edges(&self, model: &Model) -> Edges {
        let count = model.item().map_or(0, Item::sku_count);
        let position = self.query.position(self.scroll, count, model.texts);
        let title = Line::from(format!("{} {position}", model.texts.pane_skus()).trim_end().to_owned());
        let right = if count > 0 { self.out_of_sight(self.query.sort(), model) } else { Line::default() };
        let foot = self.query.line(self.area.width, model.texts);
        let room = usize::from(self.area.width).saturating_sub(foot.width() + 2);
        // The query still has those of the item before while an answer has none.
        let has_rows = count > 0 && self.query.rows().count() > 0;
        let totals = if has_rows {
            totals_line(self.query.totals(), &self.all, model.texts, room)
        } else {
            String::new()
        };
        Edges { title, right, foot, foot_right: Line::styled(totals, Theme.dim()), ..Edges::default() }
    }

    fn click(&mut self, at: Position) {
        let table = ColumnsInRoom { columns: &self.columns, room: self.area.width, gap: GAP };
        click_table(at, table, &mut self.cursor, &mut self.query, &mut self.scroll);
    }

    fn selected_sku(&self) -> Option<usize> {
        self.query.rows().at(self.scroll.at)
    }

    fn select_sku(&mut self, sku: usize) {
        if self.query.rows().place_of(sku).is_none() {
            self.query.escape();
        }
        self.wanted = Some(sku);
    }

    fn select_sku_if_shown(&mut self, sku: usize) {
        self.wanted = self.query.rows().place_of(sku).map(|_| sku);
    }

    fn act(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        self.wanted = None;
        let table = ColumnsInRoom { columns: &self.columns, room: self.area.width, gap: GAP };
        let sku = || model.item()?.sku(self.query.rows().at(self.scroll.at)?);
        match action {
            Action::Open => return sku().and_then(|sku| locate(model, sku.node())).into_iter().collect(),
            _ if self.cursor.act(action, table) => {}
            Action::HideColumn => return self.hide_column(model).into_iter().collect(),
            _ if self.query.act(action, self.places.get(self.cursor.at).copied().unwrap_or_default()) => {
                self.cursor.reveal(table);
            }
            _ => {
                self.scroll.act(action, self.query.rows().count(), self.visible_rows());
            }
        }
        Vec::new()
    }

    fn copied(&mut self, action: Action, model: &Model) -> Option<String> {
        let (item, exchange) = (model.item()?, &model.shown.as_ref()?.exchange);
        let shown = NumberedSku::new(item, self.query.rows().at(self.scroll.at)?)?;
        let sku = shown.sku;
        let text = |name: &str| sku.field(name).to_text();
        let mut properties = Vec::new();
        item.each_property(sku, |property| properties.push(property.value.to_owned()));
        let parts = CopyParts {
            row: self.shown.iter().map(|column| column.text(shown)).collect(),
            value: text(PRICE),
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

    fn node(&self, model: &Model) -> Option<NodeRef> {
        let sku = model.item()?.sku(self.query.rows().at(self.scroll.at)?)?;
        node_ref(model, sku.node())
    }

    fn needs(&self, model: &Model) -> Size {
        let widths = self.places.iter().filter_map(|place| self.widths.get(*place));
        let width = widths.map(|width| width.cells() + GAP).sum::<usize>();
        cells(width, model.item().map_or(0, Item::sku_count) + 1)
    }

    fn layout(&mut self, model: &Model, area: Rect) -> Vec<Effect> {
        let axes = model.item().map_or(0, columns::axis_count);
        let (generation, language) = (model.generation(), model.texts.language());
        let (choice, prices) = (model.sku_columns.clone(), model.prices.revision());
        let cache_key = Some(SkusCacheKey { generation, language, axes, choice, prices });
        if self.cache_key != cache_key {
            let is_another = self.cache_key.as_ref().map(|made| made.generation) != Some(generation);
            if is_another {
                self.scroll = Scroll::default();
                self.cursor.first = 0;
            }
            // Without an item the columns of the last one stay, so that the next item's can be compared with them.
            if let Some(item) = model.item() {
                self.set_columns(item, model);
            }
            if is_another {
                self.begin_as_restored(model);
            }
            self.cache_key = cache_key;
        }
        self.area = area;
        self.set_widths();
        // While it is hidden it has no room, which is no reason to scroll.
        if area.width > 0 {
            self.cursor.clamp(ColumnsInRoom { columns: &self.columns, room: area.width, gap: GAP });
        }
        let due = self.arrange(model);
        if let Some(place) = self.wanted.and_then(|sku| self.query.rows().place_of(sku)) {
            (self.scroll.at, self.wanted) = (place, None);
        }
        self.scroll.clamp(self.query.rows().count(), self.visible_rows());
        due
    }

    fn save_view(&self, view: &mut ViewState, model: &Model) {
        self.save_table(view, model);
    }

    fn restore_view(&mut self, view: &ViewState) {
        self.restored.restore(view);
    }

    fn view(&self, model: &Model, focused: bool, area: Rect, buffer: &mut Buffer) {
        let Some(item) = model.item() else { return view_no_item(model, area, buffer) };
        let rows = self.query.rows();
        if rows.count() == 0 {
            let no_match = model.texts.no_match(model.key(Action::Escape));
            let none = if item.sku_count() == 0 { model.texts.no_skus() } else { &no_match };
            let line = Line::styled(format!(" {none}"), Theme.dim());
            return crate::ui::line(buffer, area.x, area.y, area.width, &line);
        }
        let place = |sort: Sort| self.places.iter().position(|place| *place == sort.column);
        let sort = self.query.sort().and_then(|sort| Some(Sort { column: place(sort)?, ..sort }));
        let (columns, cursor) = (&self.columns, self.cursor);
        let table = Table { columns, cursor, scroll: self.scroll, focused, gap: GAP, sort };
        table.draw(buffer, area, rows.count(), |place| {
            let shown = rows.at(place).and_then(|row| NumberedSku::new(item, row));
            shown.map_or_else(Vec::new, |shown| columns::cells(&self.shown, shown))
        });
    }

    fn opens(&self, model: &Model) -> Option<&'static str> {
        Some(model.texts.opens_in_response())
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        if model.item().is_none_or(|item| item.sku_count() == 0) {
            return super::hints_without_rows(model);
        }
        if self.query.is_typing() {
            return TableQuery::hints_while_typing(model.texts);
        }
        let mut hints = vec![
            Hint::free(Action::NextPane, model.texts.hint_next_pane()),
            Hint::free(Action::Filter, model.texts.hint_filter()),
            Hint::free(Action::Sort, model.texts.hint_sort()),
            Hint::spending(Action::Refetch, model.texts.hint_refetch()),
            Hint::free(Action::Open, model.texts.hint_locate()),
        ];
        if self.cursor.first < self.in_room().last_first() {
            hints.push(Hint::free(Action::Right, model.texts.hint_columns()));
        }
        hints
    }
}
