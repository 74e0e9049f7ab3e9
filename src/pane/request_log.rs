//! 5 Requests: what was asked, what came, and what it cost; newest first.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::verdict::verdict;
use super::{Hint, Pane};
use crate::api::Outcome;
use crate::message::{Action, Ask, PaneId};
use crate::model::Model;
use crate::model::request_log::{LogRow, Mark};
use crate::ui::measure;
use crate::ui::scroll::Scroll;
use crate::ui::table::{Align, Cell, Column, Table};
use crate::ui::text::{clean, width};
use crate::ui::theme::{Theme, YUAN};

/// Between columns, in cells: closer than elsewhere, for there are many.
const GAP: usize = 1;

/// The pane and its cursor.
#[derive(Debug, Default)]
pub(super) struct RequestLogPane {
    scroll: Scroll,
    rows: usize,
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

    fn title(&self, model: &Model) -> (Line<'static>, Line<'static>) {
        let count = model.log.rows().len();
        let title = match count {
            0 => model.texts.pane_requests().to_owned(),
            _ => {
                format!("{} {}", model.texts.pane_requests(), model.texts.position(self.scroll.at + 1, count))
            }
        };
        (Line::from(title), Line::default())
    }

    fn act(&mut self, action: Action, model: &Model) -> Vec<Ask> {
        let rows = model.log.rows().len();
        if action == Action::Open && rows > 0 {
            return vec![Ask::Show(self.scroll.at)];
        }
        self.scroll.act(action, rows, self.rows_in_sight());
        Vec::new()
    }

    fn settle(&mut self, model: &Model, area: Rect) {
        let rows = model.log.rows().len();
        // New rows come in above: a cursor that was moved away from the newest stays on its row.
        if self.scroll.at > 0 {
            self.scroll.at += rows.saturating_sub(self.rows);
        }
        self.rows = rows;
        self.area = area;
        self.scroll.settle(rows, self.rows_in_sight());
    }

    fn view(&self, model: &Model, focused: bool, area: Rect, buffer: &mut Buffer) {
        let rows = model.log.rows();
        if rows.is_empty() {
            let line = Line::styled(format!(" {}", model.texts.no_requests()), Theme.dim());
            return crate::ui::line(buffer, area.x, area.y, area.width, &line);
        }
        let columns = columns(model, area.width);
        let table = Table { columns: &columns, first: 0, scroll: self.scroll, focused, gap: GAP };
        table
            .draw(buffer, area, rows.len(), |at| rows.get(at).map_or_else(Vec::new, |row| cells(row, model)));
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        vec![
            Hint::free(Action::Open, model.texts.hint_open_again()),
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
