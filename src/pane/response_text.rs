//! 6 Response: the body as it came, as plain text with the secrets in it masked.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Hint, Pane};
use crate::message::{Action, Ask, PaneId};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::measure;
use crate::ui::scroll::Scroll;
use crate::ui::text::{split_at_width, visible};
use crate::ui::theme::Theme;

/// Laid out up to here; the rest of a larger body is named, not shown.
const MAX_SHOWN: usize = 512 * 1024;

/// The pane, its scroll, and the body broken into rows of its width.
#[derive(Debug, Default)]
pub(super) struct ResponseText {
    scroll: Scroll,
    rows: Vec<String>,
    made_for: Option<(u64, u16)>,
    area: Rect,
}

impl Pane for ResponseText {
    fn id(&self) -> PaneId {
        PaneId::Response
    }

    fn edges(&self, model: &Model) -> Edges {
        let texts = model.texts;
        let Some(shown) = &model.shown else {
            return Edges { title: Line::from(texts.pane_response()), ..Edges::default() };
        };
        let size = measure::bytes(shown.exchange.body.len());
        let status = shown.exchange.status.map(|status| format!("  HTTP {status}")).unwrap_or_default();
        let line = (self.scroll.top + 1).min(self.rows.len());
        let position = texts.position(line, self.rows.len());
        let title = Line::from(format!("{} {size}{status}", texts.pane_response()));
        Edges { title, right: Line::from(format!(" {position} ")), ..Edges::default() }
    }

    fn act(&mut self, action: Action, _model: &Model) -> Vec<Ask> {
        self.scroll.act_on_text(action, self.rows.len(), usize::from(self.area.height));
        Vec::new()
    }

    fn settle(&mut self, model: &Model, area: Rect) {
        let made_for = Some((model.generation(), area.width));
        // Out of sight it costs nothing.
        if area.width > 0 && self.made_for != made_for {
            if self.made_for.map(|made| made.0) != Some(model.generation()) {
                self.scroll = Scroll::default();
            }
            self.rows = rows(model, usize::from(area.width.saturating_sub(2)));
            self.made_for = made_for;
        }
        self.area = area;
        self.scroll.top = self.scroll.top.min(self.rows.len().saturating_sub(usize::from(area.height)));
    }

    fn view(&self, model: &Model, _focused: bool, area: Rect, buffer: &mut Buffer) {
        if model.shown.as_ref().is_none_or(|shown| shown.exchange.body.is_empty()) {
            let line = Line::styled(format!(" {}", model.texts.no_response()), Theme.dim());
            return crate::ui::line(buffer, area.x, area.y, area.width, &line);
        }
        let rows = self.rows.iter().skip(self.scroll.top);
        crate::ui::lines(buffer, area, rows.map(|row| Line::from(format!(" {row}"))));
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        vec![
            Hint::free(Action::PageDown, model.texts.hint_page()),
            Hint::free(Action::Leave, model.texts.hint_back()),
            Hint::spending(Action::FetchAnew, model.texts.hint_fetch_anew()),
        ]
    }
}

fn rows(model: &Model, room: usize) -> Vec<String> {
    let Some(shown) = &model.shown else { return Vec::new() };
    let body = shown.exchange.body.shown();
    let part = body.get(..body.len().min(MAX_SHOWN)).unwrap_or_default();
    let mut rows = Vec::new();
    for line in String::from_utf8_lossy(part).lines() {
        // A tab would move the terminal's cursor by an unknown width.
        break_into(&mut rows, &visible(&line.replace('\t', "  ")), room);
    }
    if part.len() < body.len() {
        rows.push(model.texts.response_part(measure::bytes(part.len()), measure::bytes(body.len())));
    }
    rows
}

fn break_into(rows: &mut Vec<String>, line: &str, room: usize) {
    let mut rest = line;
    loop {
        let (row, after) = split_at_width(rest, room.max(2));
        rows.push(row.to_owned());
        if after.is_empty() {
            return;
        }
        rest = after;
    }
}
