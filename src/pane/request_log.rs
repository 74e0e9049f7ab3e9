//! 5 Requests: what was asked, what came, and what it cost; newest first.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::finder::Finder;
use super::verdict::verdict;
use super::{Hint, Pane};
use crate::api::Outcome;
use crate::i18n::Language;
use crate::message::{Action, Ask, PaneId};
use crate::model::Model;
use crate::model::request_log::{LogRow, Mark};
use crate::ui::Edges;
use crate::ui::measure;
use crate::ui::rows::SortKey;
use crate::ui::scroll::Scroll;
use crate::ui::table::{Align, Cell, Column, Table};
use crate::ui::text::{clean, width};
use crate::ui::theme::{Theme, YUAN};

/// Between columns, in cells: closer than elsewhere, for there are many.
const GAP: usize = 1;
const COLUMNS: usize = 8;

/// The pane and its cursor.
#[derive(Debug, Default)]
pub(super) struct RequestLogPane {
    finder: Finder,
    scroll: Scroll,
    rows: usize,
    columns: Vec<Column>,
    language: Language,
    area: Rect,
}

impl RequestLogPane {
    fn rows_in_sight(&self) -> usize {
        usize::from(self.area.height.saturating_sub(1))
    }
}

impl Pane for RequestLogPane {
    fn id(&self) -> PaneId {
        PaneId::Requests
    }

    fn edges(&self, model: &Model) -> Edges {
        let position = self.finder.position(self.scroll, model.log.rows().len(), model.texts);
        let title = Line::from(format!("{} {position}", model.texts.pane_requests()).trim_end().to_owned());
        Edges { title, foot: self.finder.line(), ..Edges::default() }
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

    fn finder(&self) -> Option<&Finder> {
        Some(&self.finder)
    }

    fn finder_mut(&mut self) -> Option<&mut Finder> {
        Some(&mut self.finder)
    }

    fn settle(&mut self, model: &Model, area: Rect) {
        let rows = model.log.rows();
        // New rows come in above: a cursor that was moved away from the newest stays on its row.
        let row = self.finder.rows().at(self.scroll.at).filter(|_| self.scroll.at > 0);
        let row = row.map(|row| row + rows.len().saturating_sub(self.rows));
        let text = |at: usize| {
            rows.get(at).map_or_else(String::new, |row| {
                cells(row, model).into_iter().map(|cell| cell.text).collect::<Vec<_>>().join(" ")
            })
        };
        let key =
            |at: usize, column| rows.get(at).map_or(SortKey::Nothing, |row| sort_key(row, column, model));
        // The language is part of the rows' texts.
        let language = u64::from(model.texts.language() == Language::Zh);
        self.finder.arrange(language, rows.len(), &mut self.scroll, text, key);
        if rows.len() != self.rows
            && let Some(place) = row.and_then(|row| self.finder.rows().place_of(row))
        {
            self.scroll.at = place;
        }
        if self.rows != rows.len() || self.area.width != area.width || self.language != model.texts.language()
        {
            self.columns = columns(model, area.width);
        }
        (self.rows, self.area, self.language) = (rows.len(), area, model.texts.language());
        self.scroll.settle(self.finder.rows().count(), self.rows_in_sight());
    }

    fn view(&self, model: &Model, focused: bool, area: Rect, buffer: &mut Buffer) {
        let (all, rows) = (model.log.rows(), self.finder.rows());
        if rows.count() == 0 {
            let none = if all.is_empty() { model.texts.no_requests() } else { model.texts.no_match() };
            let line = Line::styled(format!(" {none}"), Theme.dim());
            return crate::ui::line(buffer, area.x, area.y, area.width, &line);
        }
        let sort = self.finder.sort();
        let table = Table { columns: &self.columns, first: 0, scroll: self.scroll, focused, gap: GAP, sort };
        table.draw(buffer, area, rows.count(), |place| {
            rows.at(place).and_then(|row| all.get(row)).map_or_else(Vec::new, |row| cells(row, model))
        });
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
    let ids = model.log.rows().iter().map(|row| row.exchange.call.num_iid().as_str().len()).max();
    let quotas = model.log.rows().iter().map(|row| width(&quota(row))).max();
    let mut columns = vec![
        column(texts.column_time(), Align::Left, 8),
        column(texts.column_item(), Align::Left, ids.unwrap_or_default().clamp(4, 14)),
        column(texts.column_outcome(), Align::Left, 0),
        column(texts.column_quota(), Align::Right, quotas.unwrap_or_default().clamp(5, 13)),
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

fn cells(row: &LogRow, model: &Model) -> Vec<Cell> {
    let (exchange, theme) = (&row.exchange, Theme);
    let envelope = exchange.envelope();
    let api_seconds = envelope.and_then(|envelope| envelope.execution_time.clone()).unwrap_or_default();
    let outcome_style = match exchange.outcome {
        Outcome::Item => theme.good(),
        Outcome::NoResult | Outcome::Cancelled => theme.warn(),
        _ => theme.bad(),
    };
    vec![
        Cell::new(model.session.clock(exchange.started_at), theme.text()),
        Cell::new(exchange.call.num_iid().as_str(), theme.strong()),
        Cell::new(verdict(exchange, model.texts), outcome_style),
        Cell::new(quota(row), theme.text()),
        mark(row, model),
        Cell::new(clean(&api_seconds), theme.text()),
        Cell::new(measure::seconds(exchange.timing.total), theme.text()),
        Cell::new(measure::bytes(exchange.body.len()), theme.text()),
    ]
}

/// Times, durations and sizes by what they measure, the others by what they say.
fn sort_key(row: &LogRow, column: usize, model: &Model) -> SortKey {
    let exchange = &row.exchange;
    match column {
        0 => SortKey::of(&exchange.started_at.as_millisecond().to_string()),
        3 => exchange
            .envelope()
            .and_then(|envelope| envelope.quota.as_ref()?.today)
            .map_or(SortKey::Nothing, |today| SortKey::of(&today.to_string())),
        6 => SortKey::Number(exchange.timing.total.as_secs_f64()),
        7 => SortKey::of(&exchange.body.len().to_string()),
        _ => cells(row, model).get(column).map_or(SortKey::Nothing, |cell| SortKey::of(&cell.text)),
    }
}

fn quota(row: &LogRow) -> String {
    let told = row.exchange.envelope().and_then(|envelope| envelope.quota.as_ref());
    let number = |count: Option<u64>| count.map_or_else(|| "?".to_owned(), |count| count.to_string());
    told.map(|quota| format!("{}/{}", number(quota.today), number(quota.max))).unwrap_or_default()
}

fn mark(row: &LogRow, model: &Model) -> Cell {
    let (text, style) = match row.mark() {
        Mark::Billed => (YUAN, Theme.warn()),
        Mark::Free => (model.texts.mark_free(), Style::new()),
        Mark::Store => (model.texts.mark_store(), Style::new()),
        Mark::Unknown => ("?", Theme.warn()),
    };
    Cell::new(text, style)
}
