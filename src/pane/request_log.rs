//! 5 Requests: what was asked, what came, and what it cost; newest first, across sessions.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::copying::Parts;
use super::finder::Finder;
use super::verdict::verdict;
use super::{Hint, Pane};
use crate::api::Decimal;
use crate::api::Outcome;
use crate::i18n::Language;
use crate::message::{Action, Ask, PaneId};
use crate::model::Model;
use crate::model::request_log::{LogRow, Mark};
use crate::store::beijing_day;
use crate::ui::Edges;
use crate::ui::measure;
use crate::ui::rows::{SortKey, text_that_lasted};
use crate::ui::scroll::Scroll;
use crate::ui::table::{Align, Cell, Column, Table};
use crate::ui::text::{clean, width};
use crate::ui::theme::{Theme, YUAN};

/// Between columns, in cells: closer than elsewhere, for there are many.
const GAP: usize = 1;
const COLUMNS: usize = 8;
/// So many of the newest rows decide how wide columns are.
const MEASURED: usize = 500;

/// The pane and its cursor.
#[derive(Debug, Default)]
pub(super) struct RequestLogPane {
    finder: Finder,
    scroll: Scroll,
    /// The number of the row under the cursor: it stays there when others come.
    at: Option<u64>,
    columns: Vec<Column>,
    totals: Line<'static>,
    made_for: Option<MadeFor>,
    area: Rect,
}

/// What columns and totals depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct MadeFor {
    revision: u64,
    language: Language,
    width: u16,
    day: i64,
}

impl RequestLogPane {
    fn rows_in_sight(&self) -> usize {
        usize::from(self.area.height.saturating_sub(1))
    }

    /// The newest row is followed while the cursor is on it; else the cursor stays on its row.
    fn follow(&mut self, model: &Model) {
        let row = self.at.filter(|_| self.scroll.at > 0).and_then(|number| model.log.place_of(number));
        if let Some(place) = row.and_then(|row| self.finder.rows().place_of(row)) {
            self.scroll.at = place;
        }
    }
}

impl Pane for RequestLogPane {
    fn id(&self) -> PaneId {
        PaneId::Requests
    }

    fn edges(&self, model: &Model) -> Edges {
        let position = self.finder.position(self.scroll, model.log.len(), model.texts);
        let title = Line::from(format!("{} {position}", model.texts.pane_requests()).trim_end().to_owned());
        let used = width(&title.to_string()) + self.totals.width() + 6;
        let fits = used <= usize::from(self.area.width);
        let right = if fits { self.totals.clone() } else { Line::default() };
        Edges { title, foot: self.finder.line(), right }
    }

    fn act(&mut self, action: Action, _model: &Model) -> Vec<Ask> {
        let row = self.finder.rows().at(self.scroll.at);
        match (action, row) {
            (Action::Open, Some(row)) => return vec![Ask::Show(row)],
            (Action::Explain, Some(row)) => return vec![Ask::Explain(row)],
            _ if self.finder.act(action, COLUMNS) => {}
            _ => {
                self.scroll.act(action, self.finder.rows().count(), self.rows_in_sight());
            }
        }
        Vec::new()
    }

    fn copied(&mut self, action: Action, model: &Model) -> Option<String> {
        let row = model.log.row(self.finder.rows().at(self.scroll.at)?)?;
        if action == Action::CopyCurl {
            return crate::export::curl(row.exchange()?).ok();
        }
        let words = verdict(&row.line.conclusion, model.texts);
        let cells = cells(row, model).into_iter().map(|cell| cell.text.trim().to_owned()).collect();
        let key = row.line.subject.to_string();
        Parts { row: cells, value: words.clone(), key, string: words, place: None }.text(action)
    }

    fn finder(&self) -> Option<&Finder> {
        Some(&self.finder)
    }

    fn finder_mut(&mut self) -> Option<&mut Finder> {
        Some(&mut self.finder)
    }

    fn settle(&mut self, model: &Model, area: Rect) {
        let log = &model.log;
        let language = model.texts.language();
        let made_for =
            MadeFor { revision: log.revision(), language, width: area.width, day: beijing_day(model.now.at) };
        // The language is part of the rows' texts.
        let generation = log.revision() * 2 + u64::from(language == Language::Zh);
        let text = |at: usize| log.row(at).map_or_else(String::new, |row| haystack(row, model));
        let key =
            |at: usize, column| log.row(at).map_or(SortKey::Nothing, |row| sort_key(row, column, model));
        self.finder.arrange(generation, log.len(), &mut self.scroll, text, key);
        self.area = area;
        if self.made_for != Some(made_for) {
            self.follow(model);
            (self.columns, self.totals) = (columns(model, area.width), totals(model));
            self.made_for = Some(made_for);
        }
        self.scroll.settle(self.finder.rows().count(), self.rows_in_sight());
        let row = self.finder.rows().at(self.scroll.at).and_then(|row| log.row(row));
        self.at = row.map(|row| row.number);
    }

    fn view(&self, model: &Model, focused: bool, area: Rect, buffer: &mut Buffer) {
        let (log, rows) = (&model.log, self.finder.rows());
        if rows.count() == 0 {
            let none = if log.is_empty() { model.texts.no_requests() } else { model.texts.no_match() };
            let line = Line::styled(format!(" {none}"), Theme.dim());
            return crate::ui::line(buffer, area.x, area.y, area.width, &line);
        }
        let sort = self.finder.sort();
        let table = Table { columns: &self.columns, first: 0, scroll: self.scroll, focused, gap: GAP, sort };
        table.draw(buffer, area, rows.count(), |place| {
            rows.at(place).and_then(|row| log.row(row)).map_or_else(Vec::new, |row| cells(row, model))
        });
    }

    fn opens(&self, model: &Model) -> Option<&'static str> {
        Some(model.texts.opens_row())
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        vec![
            Hint::free(Action::Open, model.texts.hint_open_again()),
            Hint::free(Action::Explain, model.texts.hint_explain()),
            Hint::free(Action::Filter, model.texts.hint_filter()),
            Hint::free(Action::NextPane, model.texts.hint_next_pane()),
            Hint::free(Action::FocusResponse, model.texts.hint_response()),
        ]
    }
}

/// The verdict takes what the others leave.
fn columns(model: &Model, room: u16) -> Vec<Column> {
    let texts = model.texts;
    let column = |title: &str, align, cells: usize| Column { title: title.to_owned(), align, width: cells };
    let widest = |text: fn(&LogRow, &Model) -> usize| {
        model.log.rows().take(MEASURED).map(|row| text(row, model)).max().unwrap_or_default()
    };
    let times = widest(|row, model| width(&time(row, model)));
    let ids = widest(|row, _| width(row.line.subject.as_str()));
    let quotas = widest(|row, _| width(&quota(row)));
    let mut columns = vec![
        column(texts.column_time(), Align::Left, times.max(8)),
        column(texts.column_item(), Align::Left, ids.clamp(4, 14)),
        column(texts.column_outcome(), Align::Left, 0),
        column(texts.column_quota(), Align::Right, quotas.clamp(5, 13)),
        column(texts.column_cost(), Align::Right, 5),
        column(texts.column_api_seconds(), Align::Right, 5),
        column(texts.column_all_seconds(), Align::Right, 5),
        column(texts.column_size(), Align::Right, 6),
    ];
    let taken: usize = columns.iter().map(|column| column.width + GAP).sum();
    if let Some(outcome) = columns.get_mut(2) {
        outcome.width = usize::from(room).saturating_sub(taken + 2).max(9);
    }
    columns
}

/// How many calls of the day bear each mark, and what they cost where that is known.
fn totals(model: &Model) -> Line<'static> {
    let (texts, theme) = (model.texts, Theme);
    // What lies in a file was not asked for today.
    if model.session.file.is_some() {
        return Line::default();
    }
    let mut spans = vec![Span::styled(format!(" {}", texts.day_totals()), theme.dim())];
    for (mark, count) in model.log.day_totals(model.now.at).into_iter().filter(|(_, count)| *count > 0) {
        let (name, style) = mark_text(mark, model);
        spans.push(Span::styled(format!("  {name} "), style));
        spans.push(Span::raw(count.to_string()));
        let price = model.session.price_per_call.as_deref().filter(|_| mark == Mark::Billed);
        let cost = price.and_then(|price| price.parse::<Decimal>().ok()?.times(count as u64));
        spans.extend(cost.map(|cost| Span::raw(format!(" = {cost}"))));
    }
    if spans.len() == 1 {
        return Line::default();
    }
    spans.push(Span::raw(" "));
    Line::from(spans)
}

fn cells(row: &LogRow, model: &Model) -> Vec<Cell> {
    let (line, theme) = (&row.line, Theme);
    let outcome_style = match line.conclusion.outcome {
        Outcome::Item | Outcome::Success => theme.good(),
        Outcome::NoResult | Outcome::Cancelled => theme.warn(),
        _ => theme.bad(),
    };
    let (mark, mark_style) = mark_text(row.mark(), model);
    // A saved body does not tell how long it took.
    let untold = model.session.file.is_some() && line.total.is_zero();
    vec![
        Cell::new(time(row, model), theme.text()),
        Cell::new(clean(line.subject.as_str()), theme.strong()),
        Cell::new(outcome(row, model), outcome_style),
        Cell::new(quota(row), theme.text()),
        Cell::new(mark, mark_style),
        Cell::new(clean(line.execution_time.as_deref().unwrap_or_default()), theme.text()),
        Cell::new(if untold { String::new() } else { measure::seconds(line.total) }, theme.text()),
        Cell::new(measure::bytes(line.size), theme.text()),
    ]
}

/// What came, behind a mark of the host where that is not the first one: `@2`, or the name of one that is none of
/// the session's.
fn outcome(row: &LogRow, model: &Model) -> String {
    let (line, hosts) = (&row.line, &model.session.hosts);
    let told = verdict(&line.conclusion, model.texts);
    if hosts.is_empty() || line.reuses.is_some() {
        return told;
    }
    match hosts.iter().position(|host| host.name() == *line.host) {
        Some(0) => told,
        Some(place) => format!("@{} {told}", place + 1),
        None => format!("@{} {told}", clean(&line.host)),
    }
}

/// What is searched by the filter: what the row shows, and its mark in full.
fn haystack(row: &LogRow, model: &Model) -> String {
    let mut text = String::new();
    for cell in cells(row, model) {
        text.push_str(&cell.text);
        text.push(' ');
    }
    text.push_str(match row.mark() {
        Mark::Billed => model.texts.mark_billed_in_full(),
        Mark::Unknown => model.texts.mark_unknown_in_full(),
        Mark::Free | Mark::Store => "",
    });
    text_that_lasted(&text, row.line.total.as_millis())
}

/// Times, durations and sizes by what they measure, the others by what they say.
fn sort_key(row: &LogRow, column: usize, model: &Model) -> SortKey {
    let line = &row.line;
    match column {
        0 => SortKey::of(&line.started_at.as_millisecond().to_string()),
        3 => line.used.map_or(SortKey::Nothing, |used| SortKey::of(&used.to_string())),
        6 => SortKey::Number(line.total.as_secs_f64()),
        7 => SortKey::of(&line.size.to_string()),
        _ => cells(row, model).get(column).map_or(SortKey::Nothing, |cell| SortKey::of(&cell.text)),
    }
}

fn time(row: &LogRow, model: &Model) -> String {
    model.session.log_time(row.line.started_at, model.now.at)
}

fn quota(row: &LogRow) -> String {
    let number = |count: Option<u64>| count.map_or_else(|| "?".to_owned(), |count| count.to_string());
    let (used, allowed) = (row.line.used, row.line.allowed);
    let told = used.or(allowed).is_some();
    if told { format!("{}/{}", number(used), number(allowed)) } else { String::new() }
}

pub(super) fn mark_text(mark: Mark, model: &Model) -> (&'static str, Style) {
    match mark {
        Mark::Billed => (YUAN, Theme.warn()),
        Mark::Free => (model.texts.mark_free(), Style::new()),
        Mark::Store => (model.texts.mark_store(), Style::new()),
        Mark::Unknown => ("?", Theme.warn()),
    }
}
