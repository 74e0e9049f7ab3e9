//! Draws the search.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::columns::GAP;
use super::rows::ResultRow;
use super::{SearchView, lines};
use crate::message::Action;
use crate::model::Model;
use crate::pane::history_view::view_instead;
use crate::ui::Edges;
use crate::ui::layout::inner;
use crate::ui::rows::TableRows;
use crate::ui::table::{Cell, Table};
use crate::ui::theme::{SHOWN, Theme};

impl SearchView {
    pub(super) fn draw(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        crate::ui::popup_frame(buffer, area, &self.edges(area.width, model));
        let inside = inner(area);
        let words = Rect { x: inside.x + 1, height: 1, width: inside.width.saturating_sub(2), ..inside };
        self.input.view(self.is_typing, words, buffer);
        let state = lines::state_line(model, usize::from(inside.width));
        crate::ui::line(buffer, inside.x, inside.y + 1, inside.width, &state);
        if self.rows.count() > 0 {
            return self.view_rows(model, buffer);
        }
        let paragraphs = lines::instead_of_rows(model);
        let paragraphs: Vec<&str> = paragraphs.iter().map(String::as_str).collect();
        view_instead(&paragraphs, Rect { y: self.area.y.saturating_sub(1), ..self.area }, buffer);
    }

    fn edges(&self, width: u16, model: &Model) -> Edges {
        let texts = model.texts;
        let position = self.query.position(self.scroll, self.rows.count(), texts);
        let marked = match self.marked.len() {
            0 => String::new(),
            count => format!(" {} ", texts.found_marked(count)),
        };
        let right = Line::from(vec![
            Span::styled(marked, Theme.strong()),
            Span::raw(if position.is_empty() { position } else { format!(" {position} ") }),
        ]);
        let foot = self.query.line(width, texts);
        Edges { title: lines::title(model), right, foot, ..Edges::default() }
    }

    fn view_rows(&self, model: &Model, buffer: &mut Buffer) {
        let rows = self.query.rows();
        if rows.count() == 0 {
            return view_instead(&[&model.texts.no_match(model.key(Action::Escape))], self.area, buffer);
        }
        let row_at = |place: usize| rows.at(place).and_then(|row| self.rows.get(row));
        let cells = |place: usize| {
            let Some(row) = row_at(place) else { return Vec::new() };
            let mut cells = row.cells.to_vec();
            if is_stored(row, model) {
                cells.push(Cell::new(lines::stored_mark(model.texts), Theme.dim()));
            }
            cells
        };
        let is_marked =
            |row: &ResultRow| row.id.as_ref().is_some_and(|id| self.marked.iter().any(|marked| marked == id));
        let mark = |place: usize| if row_at(place).is_some_and(is_marked) { SHOWN } else { " " };
        let table = Table {
            columns: &self.columns,
            cursor: self.cursor,
            scroll: self.scroll,
            focused: !self.is_typing,
            gap: GAP,
            sort: self.query.sort(),
        };
        table.draw_marked(buffer, self.area, rows.count(), cells, mark);
    }
}

/// Whether the row's item is opened without a call.
pub(super) fn is_stored(row: &ResultRow, model: &Model) -> bool {
    row.id.as_ref().is_some_and(|id| model.is_fresh(&model.call(id)))
}
