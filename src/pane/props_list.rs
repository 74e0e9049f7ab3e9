//! 4 Props: the names and values that the seller wrote.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::text::{Line, Span};

use super::copying::{self, CopyParts};
use super::restored_item::RestoredItem;
use super::table_query::TableQuery;
use super::{Hint, Pane, cells, locate, node_ref, view_no_item};
use crate::message::{Action, Effect, NamedRow, TableView, ViewState};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::field::cell;
use crate::ui::filter::{ColumnKind, FilterColumn, FilterColumns};
use crate::ui::rows::{Sort, SortKey, TableRows};
use crate::ui::scroll::Scroll;
use crate::ui::text::{pad_right, split_at_width, width};
use crate::ui::theme::{CURSOR, Theme};
use obx_core::i18n::{Language, Texts};
use onebound::{Exchange, Item, Prop};
use onebound_document::NodeRef;

/// Cells by which values scroll sideways.
const STEP: usize = 8;
/// Cells of a row that neither name nor value takes.
const BESIDE_VALUES: usize = 4;
/// Widths are measured over this many props. That is far more than an item has, and does not delay a key noticeably.
const MEASURED_PROPS: usize = 4_096;

/// The pane, its cursor, and how far its values are scrolled.
#[derive(Debug, Default)]
pub(super) struct PropsList {
    query: TableQuery,
    scroll: Scroll,
    shift: usize,
    names: usize,
    widest_name: usize,
    widest_value: usize,
    seen: u64,
    area: Rect,
    /// The row of the last session, until it is in sight.
    wanted: Option<usize>,
    restored: RestoredItem,
}

impl PropsList {
    fn room_for_values(&self) -> usize {
        usize::from(self.area.width).saturating_sub(self.names + BESIDE_VALUES)
    }

    /// Filters, sorts and selects as the last session did, if the first answer is to its item.
    fn begin_as_restored(&mut self, model: &Model) {
        self.wanted = None;
        let Some(last) = self.restored.take(model) else { return };
        self.query.restore(&last.props);
        let find = |row: NamedRow| {
            let item = model.item()?;
            row.find(item.prop_count(), |place| Some(item.prop(place)?.name().to_text()))
        };
        self.wanted = last.props.row.and_then(find);
    }

    /// The prop under the cursor, unless that is at the top.
    fn named_row(&self, model: &Model) -> Option<NamedRow> {
        let place = self.query.rows().at(self.scroll.at).filter(|_| self.scroll.at > 0)?;
        Some(NamedRow { key: model.item()?.prop(place)?.name().to_text(), place })
    }

    /// Whether some value continues at the right.
    fn is_cut(&self) -> bool {
        self.widest_value > self.shift + self.room_for_values()
    }
}

impl Pane for PropsList {
    fn edges(&self, model: &Model) -> Edges {
        let count = model.item().map_or(0, Item::prop_count);
        let position = self.query.position(self.scroll, count, model.texts);
        let sorted = self.query.sort().map(|sort| {
            let columns = [model.texts.column_name(), model.texts.column_value()];
            format!("{}{}", columns.get(sort.column).copied().unwrap_or_default(), sort.mark())
        });
        let title = format!("{} {position}", model.texts.pane_props());
        let title =
            Line::from(format!("{} {}", title.trim_end(), sorted.unwrap_or_default()).trim_end().to_owned());
        Edges { title, foot: self.query.line(self.area.width, model.texts), ..Edges::default() }
    }

    fn copied(&mut self, action: Action, model: &Model) -> Option<String> {
        let (item, exchange) = (model.item()?, &model.shown.as_ref()?.exchange);
        let prop = item.prop(self.query.rows().at(self.scroll.at)?)?;
        let (key, value) = (prop.name().to_text(), prop.value().to_text());
        let place = copying::place(exchange, prop.node());
        let row = vec![key.clone(), value.clone()];
        CopyParts { row, value: value.clone(), key, string: value, place }.text(action)
    }

    fn table_query(&self) -> Option<&TableQuery> {
        Some(&self.query)
    }

    fn table_query_mut(&mut self) -> Option<&mut TableQuery> {
        Some(&mut self.query)
    }

    fn click(&mut self, at: Position) {
        self.scroll.select(at.y.into(), self.query.rows().count());
    }

    fn act(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        self.wanted = None;
        let prop = || model.item()?.prop(self.query.rows().at(self.scroll.at)?);
        match action {
            Action::Open => return prop().and_then(|prop| locate(model, prop.node())).into_iter().collect(),
            Action::Left => self.shift = self.shift.saturating_sub(STEP),
            Action::Right if self.is_cut() => self.shift += STEP,
            // Without headers there is no column cursor: by name, by value, and as they came.
            Action::Sort => self.query.sort_by(next_sort(self.query.sort())),
            _ if self.query.act(action, self.query.sort().map_or(0, |sort| sort.column)) => {}
            _ => {
                self.scroll.act(action, self.query.rows().count(), usize::from(self.area.height));
            }
        }
        Vec::new()
    }

    fn node(&self, model: &Model) -> Option<NodeRef> {
        let prop = model.item()?.prop(self.query.rows().at(self.scroll.at)?)?;
        node_ref(model, prop.node())
    }

    fn needs(&self, model: &Model) -> Size {
        let height = model.item().map_or(0, Item::prop_count);
        cells(self.widest_name + self.widest_value + BESIDE_VALUES, height)
    }

    fn layout(&mut self, model: &Model, area: Rect) -> Vec<Effect> {
        if self.seen != model.generation() {
            (self.scroll, self.shift) = (Scroll::default(), 0);
            self.widest_name = widest(model, name);
            self.widest_value = widest(model, value);
            self.seen = model.generation();
            self.begin_as_restored(model);
        }
        self.query.set_columns(filter_columns());
        self.area = area;
        self.names = self.widest_name.min(usize::from(area.width) * 2 / 5);
        let mut due = Vec::new();
        if let (Some(item), Some(shown)) = (model.item(), &model.shown) {
            let whole = (model.generation(), item.prop_count());
            let table = || PropRows(Arc::clone(&shown.exchange));
            due = self.query.arrange(whole, &mut self.scroll, table);
        }
        if let Some(place) = self.wanted.and_then(|row| self.query.rows().place_of(row)) {
            (self.scroll.at, self.wanted) = (place, None);
        }
        self.scroll.clamp(self.query.rows().count(), usize::from(area.height));
        due
    }

    fn save_view(&self, view: &mut ViewState, model: &Model) {
        let Some(item) = &mut view.item else { return };
        item.props = match self.restored.awaited() {
            Some(last) => last.props.clone(),
            None => TableView { row: self.named_row(model), ..self.query.save() },
        };
    }

    fn restore_view(&mut self, view: &ViewState) {
        self.restored.restore(view);
    }

    fn view(&self, model: &Model, focused: bool, area: Rect, buffer: &mut Buffer) {
        let Some(item) = model.item() else { return view_no_item(model, area, buffer) };
        let rows = self.query.rows();
        if rows.count() == 0 {
            let no_match = model.texts.no_match(model.key(Action::Escape));
            let none = if item.prop_count() == 0 { model.texts.no_props() } else { &no_match };
            let line = Line::styled(format!(" {none}"), Theme.dim());
            return crate::ui::line(buffer, area.x, area.y, area.width, &line);
        }
        for (y, at) in (area.y..area.bottom()).zip(self.scroll.top..rows.count()) {
            let Some(prop) = rows.at(at).and_then(|row| item.prop(row)) else { break };
            let here = at == self.scroll.at;
            let value = cell(&prop.value(), Theme.text());
            let (_, shifted) = split_at_width(&value.text, self.shift);
            let line = Line::from(vec![
                Span::raw(if here && focused { format!("{CURSOR} ") } else { "  ".to_owned() }),
                Span::styled(pad_right(&name(prop), self.names), Theme.dim()),
                Span::styled(
                    format!("  {}", crate::ui::text::fit(shifted, self.room_for_values())),
                    value.style,
                ),
            ]);
            crate::ui::line(buffer, area.x, y, area.width, &line);
            if here {
                crate::ui::row_style(buffer, area, y, Theme.cursor(focused));
            }
        }
    }

    fn opens(&self, model: &Model) -> Option<&'static str> {
        Some(model.texts.opens_in_response())
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        if model.item().is_none_or(|item| item.prop_count() == 0) {
            return super::hints_without_rows(model);
        }
        if self.query.is_typing() {
            return TableQuery::hints_while_typing(model.texts);
        }
        let mut hints = vec![
            Hint::free(Action::NextPane, model.texts.hint_next_pane()),
            Hint::free(Action::Filter, model.texts.hint_filter()),
            Hint::spending(Action::Refetch, model.texts.hint_refetch()),
            Hint::free(Action::Open, model.texts.hint_locate()),
        ];
        if self.is_cut() {
            hints.push(Hint::free(Action::Right, model.texts.hint_rest_of_values()));
        }
        hints
    }
}

fn filter_columns() -> FilterColumns {
    let column = |name: &str, alias: &str| FilterColumn {
        name: name.to_owned(),
        aliases: vec![alias.to_owned()],
        kind: ColumnKind::Text,
        values: Vec::new(),
    };
    let of = |language| Texts::new(language);
    let (en, zh) = (of(Language::En), of(Language::Zh));
    let columns =
        vec![column(en.column_name(), zh.column_name()), column(en.column_value(), zh.column_value())];
    FilterColumns { columns, unnamed: None }
}

/// The sorting after this one: as sent, by name, by value, and as sent again.
fn next_sort(sort: Option<Sort>) -> Option<Sort> {
    let column = sort.map_or(0, |sort| sort.column + 1);
    (column < 2).then_some(Sort { column, reversed: false })
}

/// What filter and sorting read of an answer's props.
struct PropRows(Arc<Exchange>);

impl PropRows {
    fn cells(&self, row: usize) -> Option<[String; 2]> {
        let prop = self.0.item()?.prop(row)?;
        Some([name(prop), value(prop)])
    }
}

impl TableRows for PropRows {
    fn count(&self) -> usize {
        self.0.item().map_or(0, Item::prop_count)
    }

    fn text(&self, row: usize) -> String {
        self.cells(row).map_or_else(String::new, |cells| cells.join("\n"))
    }

    fn cell(&self, row: usize, column: usize) -> String {
        let cell = |cells: [String; 2]| cells.into_iter().nth(column);
        self.cells(row).and_then(cell).unwrap_or_default()
    }

    fn sort_key(&self, row: usize, column: usize) -> SortKey {
        let cells = self.cells(row);
        let text = cells.as_ref().and_then(|cells| cells.get(column));
        text.map_or(SortKey::Nothing, |text| SortKey::from_text(text))
    }
}

/// The props whose widths are measured.
fn props(item: Item<'_>) -> impl Iterator<Item = Prop<'_>> {
    (0..item.prop_count().min(MEASURED_PROPS)).filter_map(move |at| item.prop(at))
}

/// The width of the widest text, in cells.
fn widest(model: &Model, text: impl Fn(Prop<'_>) -> String) -> usize {
    model.item().into_iter().flat_map(props).map(|prop| width(&text(prop))).max().unwrap_or_default()
}

fn name(prop: Prop<'_>) -> String {
    cell(&prop.name(), Theme.text()).text
}

fn value(prop: Prop<'_>) -> String {
    cell(&prop.value(), Theme.text()).text
}
