//! 5 Requests: what was requested, its outcome and its cost, newest first, across sessions. A call of this session
//! has a row from when it is sent, which becomes the row of its outcome.

mod filter_columns;
mod log_filter;
mod people_column;
mod restored;
mod rows;
mod scan;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::copying::CopyParts;
use super::table_click::click_table;
use super::table_query::TableQuery;
use super::{Hint, Pane, cells};
use crate::message::{Action, Effect, PaneId, Scanned, ViewState};
use crate::model::request_log::{AHEAD, HALF_PAGE, Mark, NEWEST};
use crate::model::{Model, StoreReading};
use crate::ui::Edges;
use crate::ui::scroll::Scroll;
use crate::ui::table::{Align, Cell, Column, ColumnCursor, ColumnsInRoom, Table};
use crate::ui::text::{clean, width};
use crate::ui::theme::{SHOWN, Theme, YUAN};
use filter_columns::{ASKED_BY, filter_columns, totals_line};
pub use log_filter::LogFilter;
use obx_core::i18n::{Language, Texts};
use obx_core::store::{ExchangeId, beijing_day};
use onebound::Call;
use people_column::{OUTCOME_BESIDE, has_others, with_people};
use rows::{LogTable, RequestRow, RequestRows, RowContext, RowId};
use scan::StoreScan;

/// At this width no column of a usual row is cut.
const USUAL_WIDTH: usize = 84;
/// Cells between columns; fewer than in other tables, because there are many columns.
const GAP: usize = 1;
const COLUMNS: usize = 9;
/// Column widths are measured over this many of the newest rows, which are always in memory.
const MEASURED: usize = NEWEST;

/// The pane and its cursor.
#[derive(Debug, Default)]
pub(super) struct RequestLogPane {
    query: TableQuery,
    scan: StoreScan,
    scroll: Scroll,
    cursor: ColumnCursor,
    /// The row under the cursor, on which the cursor stays when rows are added.
    at: Option<RowId>,
    /// The last session's row, until it is in sight.
    wanted: Option<ExchangeId>,
    columns: Vec<Column>,
    totals: Line<'static>,
    cache_key: Option<RequestsCacheKey>,
    area: Rect,
}

/// The inputs of columns and totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct RequestsCacheKey {
    revision: u64,
    language: Language,
    width: u16,
    day: i64,
    is_store_read: bool,
    is_day_counted: bool,
}

impl RequestLogPane {
    fn visible_rows(&self) -> usize {
        usize::from(self.area.height.saturating_sub(1))
    }

    /// Keeps the cursor on its row when rows are added, unless it is on the newest row and the user's own call adds one.
    /// The row of another session must not come under a key that is about to buy.
    fn follow(&mut self, rows: &RequestRows<'_>) {
        let newest = self.query.rows().at(0).and_then(|place| rows.at(place));
        let stays = self.scroll.at > 0 || newest.is_some_and(|row| !row.is_own());
        let row = self.at.filter(|_| stays).and_then(|id| rows.place_of(id));
        if let Some(place) = row.and_then(|row| self.query.rows().place_of(row)) {
            self.scroll.at = place;
        }
    }

    /// The row under the cursor.
    fn row<'a>(&self, model: &'a Model) -> Option<RequestRow<'a>> {
        RequestRows::new(model).at(self.query.rows().at(self.scroll.at)?)
    }

    /// Requests the rows around the cursor if one near it is not in memory.
    #[must_use]
    fn missing_rows(&self, rows: &RequestRows<'_>, model: &Model) -> Option<Effect> {
        if model.log.is_whole() || !model.log.may_load() {
            return None;
        }
        let (at, near) = (self.scroll.at, AHEAD + self.visible_rows());
        let in_log = |place| rows.in_log(self.query.rows().at(place)?);
        let is_missing = |place| in_log(place).is_some_and(|place| model.log.row(place).is_none());
        if !(at.saturating_sub(AHEAD)..at + near).any(is_missing) {
            return None;
        }
        let page = at.saturating_sub(HALF_PAGE)..at + HALF_PAGE;
        Some(Effect::LoadRows(page.filter_map(|place| model.log.id_at(in_log(place)?)).collect()))
    }
}

impl Pane for RequestLogPane {
    fn edges(&self, model: &Model) -> Edges {
        let position = self.query.position(self.scroll, RequestRows::new(model).len(), model.texts);
        let title = format!("{} {position}", model.texts.pane_requests());
        let title = Line::from(title.trim_end().to_owned());
        let used = width(&title.to_string()) + self.totals.width() + 6;
        let fits = used <= usize::from(self.area.width);
        let right = if fits { self.totals.clone() } else { Line::default() };
        let foot = self.query.line(self.area.width, model.texts);
        // Without a filter, the totals of the day say it; and a part of the rows is not the whole.
        let is_whole = self.query.is_arranged() && model.log.is_whole();
        let totals = if is_whole { totals_line(self.query.totals(), model.texts) } else { String::new() };
        Edges { title, foot, right, foot_right: Line::styled(totals, Theme.dim()), ..Edges::default() }
    }

    fn act(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        self.wanted = None;
        let table = ColumnsInRoom { columns: &self.columns, room: self.area.width, gap: GAP };
        match (action, self.row(model)) {
            (Action::Open, Some(RequestRow::Ended(place, _))) => return vec![Effect::ShowRow(place)],
            (Action::Explain, Some(RequestRow::Ended(place, _))) => return vec![Effect::ExplainRow(place)],
            (Action::Mark, Some(RequestRow::Ended(place, _))) => return vec![Effect::MarkRow(place)],
            (
                Action::Open | Action::Explain | Action::Mark,
                Some(row @ (RequestRow::UnderWay(..) | RequestRow::Leased(..))),
            ) => {
                return row.nothing_yet(&RowContext::new(model)).map(Effect::info).into_iter().collect();
            }
            _ if self.cursor.act(action, table) => {}
            _ if self.query.act(action, self.cursor.at) => {}
            _ => {
                self.scroll.act(action, self.query.rows().count(), self.visible_rows());
            }
        }
        Vec::new()
    }

    fn click(&mut self, at: Position) {
        let table = ColumnsInRoom { columns: &self.columns, room: self.area.width, gap: GAP };
        click_table(at, table, &mut self.cursor, &mut self.query, &mut self.scroll);
    }

    fn refreshes(&self, model: &Model) -> Option<Result<Call, String>> {
        let row = self.row(model)?;
        let subject = row.subject();
        let of_exchange = match row {
            RequestRow::UnderWay(..) | RequestRow::Leased(..) => {
                return row.nothing_yet(&RowContext::new(model)).map(Err);
            }
            RequestRow::Ended(_, row) => row.exchange().map(|exchange| exchange.call.clone()),
        };
        let call = subject.item().map(|id| model.call(id)).or(of_exchange);
        Some(call.ok_or_else(|| {
            model.texts.refetch_not_loaded(model.key(Action::Open), model.key(Action::Refetch))
        }))
    }

    fn copied(&mut self, action: Action, model: &Model) -> Option<String> {
        let row = self.row(model)?;
        if action == Action::CopyCurl {
            let RequestRow::Ended(_, row) = row else { return None };
            return obx_core::export::curl(row.exchange()?).ok();
        }
        let context = RowContext::new(model);
        let words = row.words(&context);
        let cells = row.cells(&context).into_iter().map(|cell| cell.text.trim().to_owned()).collect();
        let key = row.subject().to_string();
        CopyParts { row: cells, value: words.clone(), key, string: words, place: None }.text(action)
    }

    fn on_scanned(&mut self, scanned: &Scanned, model: &Model) {
        self.scan.on_scanned(scanned, model);
    }

    fn table_query(&self) -> Option<&TableQuery> {
        Some(&self.query)
    }

    fn table_query_mut(&mut self) -> Option<&mut TableQuery> {
        Some(&mut self.query)
    }

    fn needs(&self, model: &Model) -> Size {
        cells(USUAL_WIDTH, RequestRows::new(model).len() + 1)
    }

    fn layout(&mut self, model: &Model, area: Rect) -> Vec<Effect> {
        let rows = RequestRows::new(model);
        let (revision, language) = (rows.revision(), model.texts.language());
        let is_store_read = model.store_reading == StoreReading::Done;
        let (width, day) = (area.width, beijing_day(model.now.at));
        let is_day_counted = model.is_day_counted();
        let cache_key = RequestsCacheKey { revision, language, width, day, is_store_read, is_day_counted };
        // The language changes the rows' texts.
        let generation = revision * 2 + u64::from(language == Language::Zh);
        self.query.set_columns(filter_columns());
        let due = if self.query.needs_all() && !model.log.is_whole() {
            self.scan.arrange(&rows, model, &mut self.query, &mut self.scroll).into_iter().collect()
        } else {
            self.scan.clear();
            let table = || LogTable::new(&rows);
            self.query.arrange((generation, rows.len()), &mut self.scroll, table)
        };
        self.area = area;
        if self.scan.take_shown() || self.cache_key != Some(cache_key) {
            self.follow(&rows);
            (self.columns, self.totals) = (columns(&rows, model, area.width), totals(model));
            self.cache_key = Some(cache_key);
        }
        self.select_wanted(&rows, is_store_read);
        self.scroll.clamp(self.query.rows().count(), self.visible_rows());
        self.at = self.query.rows().at(self.scroll.at).and_then(|place| rows.id_at(place));
        due.into_iter().chain(self.missing_rows(&rows, model)).collect()
    }

    fn save_view(&self, view: &mut ViewState, _model: &Model) {
        self.save_log(view);
    }

    fn restore_view(&mut self, view: &ViewState) {
        self.restore_log(view);
    }

    fn view(&self, model: &Model, focused: bool, area: Rect, buffer: &mut Buffer) {
        let (all, rows) = (RequestRows::new(model), self.query.rows());
        if rows.count() == 0 {
            let room = usize::from(area.width.saturating_sub(2));
            let said = no_row(&all, &self.query, model);
            let lines = crate::ui::text::wrap(&said, room);
            let lines = lines.into_iter().map(|text| Line::styled(format!(" {text}"), Theme.dim()));
            return crate::ui::lines(buffer, area, lines);
        }
        let sort = self.query.sort();
        let (columns, cursor) = (&self.columns, self.cursor);
        let table = Table { columns, cursor, scroll: self.scroll, focused, gap: GAP, sort };
        let context = RowContext::new(model);
        let row = |place| rows.at(place).and_then(|row| all.at(row));
        let cells = |place| match row(place) {
            Some(row) => row.cells(&context),
            // It is being read.
            None => vec![Cell::new("…", Theme.dim())],
        };
        let mark = |place| if row(place).is_some_and(|row| row.is_shown(model)) { SHOWN } else { " " };
        table.draw_marked(buffer, area, rows.count(), cells, mark);
    }

    fn opens(&self, model: &Model) -> Option<&'static str> {
        Some(model.texts.opens_row())
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        if self.query.is_typing() {
            return TableQuery::hints_while_typing(model.texts);
        }
        let shown = model.shown.as_ref().map(|shown| shown.exchange.call.subject());
        let other = self.row(model).is_some_and(|row| Some(row.subject()) != shown);
        let refreshed = if other { model.texts.hint_refetch_row() } else { model.texts.hint_refetch() };
        let of_row = [
            Hint::free(Action::Open, model.texts.hint_open_again()),
            Hint::free(Action::Explain, model.texts.hint_explain()),
            Hint::spending(Action::Refetch, refreshed),
        ];
        let others = [
            Hint::free(Action::Filter, model.texts.hint_filter()),
            Hint::free(Action::NextPane, model.texts.hint_next_pane()),
            Hint::free(Action::Focus(PaneId::Response), model.texts.hint_response()),
        ];
        let under_way = matches!(self.row(model), Some(RequestRow::UnderWay(..) | RequestRow::Leased(..)));
        of_row.into_iter().filter(|_| !under_way).chain(others).collect()
    }
}

/// A message that says why there are no rows.
fn no_row(all: &RequestRows<'_>, query: &TableQuery, model: &Model) -> String {
    let texts = model.texts;
    match (all.len(), model.store_unread()) {
        (0, _) if model.calls.count() > 0 => texts.nothing_sent_yet().to_owned(),
        (0, Some(unread)) => clean(&unread).into_owned(),
        (0, None) => texts.no_requests().to_owned(),
        _ if query.is_waiting() => texts.filtering().to_owned(),
        _ if query.has_failed() => texts.log_not_searched().to_owned(),
        _ => texts.no_match(model.key(Action::Escape)),
    }
}

/// The outcome's column gets the width that the others leave.
fn columns(rows: &RequestRows<'_>, model: &Model, room: u16) -> Vec<Column> {
    let (texts, context) = (model.texts, RowContext::new(model));
    let column = |title: &str, align, cells: usize| Column { title: title.to_owned(), align, width: cells };
    let widest = |text: fn(RequestRow<'_>, &RowContext<'_>) -> usize| {
        (0..MEASURED).map_while(|at| rows.at(at)).map(|row| text(row, &context)).max().unwrap_or_default()
    };
    let times = widest(|row, context| width(&row.time(context)));
    let time = format!("{}{}", texts.column_time(), model.session.zone_mark(model.now.at));
    let ids = widest(|row, _| width(row.subject().as_str()));
    let quotas = widest(|row, _| width(&row.quota()));
    let mut widths = [0; COLUMNS];
    for row in (0..MEASURED).map_while(|at| rows.at(at)) {
        for (widest, cell) in widths.iter_mut().zip(row.cells(&context)) {
            *widest = width(&cell.text).max(*widest);
        }
    }
    let outcomes = widths.get(2).copied().unwrap_or_default();
    let mut columns = vec![
        column(&time, Align::Left, times.max(width(&time)).max(8)),
        column(texts.column_item(), Align::Left, ids.clamp(4, 14)),
        column(texts.column_outcome(), Align::Left, 0),
        column(texts.column_quota(), Align::Right, quotas.clamp(5, 13)),
        column(texts.column_cost(), Align::Right, 5),
        column(texts.column_api_seconds(), Align::Right, width(texts.column_api_seconds()).max(5)),
        column(texts.column_total_seconds(), Align::Right, width(texts.column_total_seconds()).max(5)),
        column(texts.column_size(), Align::Right, 6),
    ];
    let taken = |columns: &[Column]| columns.iter().map(|column| column.width + GAP).sum::<usize>();
    // If outcomes would be cut, columns that are empty in all rows are removed, beginning with the last.
    let room_of = |columns: &[Column]| usize::from(room).saturating_sub(taken(columns) + 2);
    for (at, used) in widths.into_iter().enumerate().take(ASKED_BY).skip(3).rev() {
        if room_of(&columns) >= outcomes {
            break;
        }
        if let Some(column) = columns.get_mut(at).filter(|_| used == 0) {
            (column.title, column.width) = (String::new(), 0);
        } else if let Some(column) = columns.get_mut(at) {
            column.width = used.max(width(&column.title)).min(column.width);
        }
    }
    if has_others(rows, model) {
        let widest = widths.get(ASKED_BY).copied().unwrap_or_default();
        let people = width(texts.column_asked_by()).max(widest).min(14);
        let people = column(texts.column_asked_by(), Align::Left, people);
        columns = with_people(columns, people, |columns| room_of(columns) >= outcomes.min(OUTCOME_BESIDE));
    }
    let taken = taken(&columns);
    if let Some(outcome) = columns.get_mut(2) {
        outcome.width = usize::from(room).saturating_sub(taken + 2).max(9);
    }
    columns
}

/// The number of calls of the day by cost, and their price if it is known.
fn totals(model: &Model) -> Line<'static> {
    let (texts, theme) = (model.texts, Theme);
    // The exchanges of a file are not today's requests.
    if model.session.file.is_some() {
        let notes = model.import_notes().map(|notes| format!(" {notes} "));
        return notes.map_or_else(Line::default, |notes| Line::styled(notes, theme.dim()));
    }
    // Without the store, the totals would include only this session.
    if model.store_reading != StoreReading::Done {
        return Line::styled(format!(" {} ", texts.store_unread()), theme.warn());
    }
    let mut spans = vec![Span::styled(format!(" {}", texts.day_totals()), theme.dim())];
    if !model.is_day_counted() {
        spans.push(Span::styled(format!("  {} ", texts.day_not_counted()), theme.dim()));
        return Line::from(spans);
    }
    for (mark, count) in
        model.log.day_totals(&model.scope(), model.now.at).into_iter().filter(|(_, count)| *count > 0)
    {
        let (name, style) = mark_text(mark, texts);
        spans.push(Span::styled(format!("  {name} "), style));
        spans.push(Span::raw(count.to_string()));
        let price = model.session.price_per_call.filter(|_| mark == Mark::Billed);
        let cost = price.and_then(|price| price.times(count as u64));
        spans.extend(cost.map(|cost| Span::raw(format!(" = {cost}"))));
    }
    if spans.len() == 1 {
        return Line::default();
    }
    spans.push(Span::raw(" "));
    Line::from(spans)
}

pub(super) fn mark_text(mark: Mark, texts: Texts) -> (&'static str, Style) {
    match mark {
        Mark::Billed => (YUAN, Theme.warn()),
        Mark::Free => (texts.mark_free(), Style::new()),
        Mark::Store => (texts.mark_store(), Style::new()),
        Mark::Unknown => ("?", Theme.warn()),
    }
}
