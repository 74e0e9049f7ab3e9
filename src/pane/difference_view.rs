//! `d`: what changed between two answers, section by section, below the trend of price and stock. Two different items
//! have no trend and no percentages, since neither became the other.
//!
//! ```text
//!  Difference ─▶ rows: what each line is about, built once ───┐
//!                widths: measured when the width changes ─────┴─▶ lines: built for the visible rows
//! ```
//!
//! The cursor moves from line to line, and copies the whole line that it is on. Marks, signs and words say everything
//! that colours do.

mod change_lines;
mod format;
mod history;
mod lines;
mod records;
mod rows;
mod trend_line;
mod widths;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::Line;

use super::Hint;
use super::popup::{Popup, close, closes};
use crate::message::{Action, ClipboardText, Effect};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::layout::{inner, popup};
use crate::ui::scroll::Scroll;
use crate::ui::theme::{CURSOR, Theme};
use obx_core::i18n::Texts;
use onebound::Difference;

pub use history::HistoryPoint;
use history::Trend;
use lines::LineBuilder;
pub use records::{DifferenceRecord, difference_records};
use rows::{Counts, DifferenceRow, Section};
pub use trend_line::trend_lines;
use widths::Widths;

/// Width in cells; a wider popup would separate names from their numbers.
const WIDTH: u16 = 116;

/// One of the two answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// ID of the answer's item; empty if unknown.
    pub item: String,
    /// Time of the answer as text, in the session's time zone.
    pub clock: String,
    /// Outcome of the call in a few words: [`crate::pane::verdict`].
    pub verdict: String,
}

#[derive(Debug)]
pub struct DifferenceView {
    difference: Arc<Difference>,
    before: When,
    after: When,
    trends: Vec<Trend>,
    answers: usize,
    rows: Vec<DifferenceRow>,
    counts: Vec<(Section, Counts)>,
    widths: Widths,
    scroll: Scroll,
    height: usize,
    texts: Texts,
}

impl DifferenceView {
    /// Compares two answers. `history` contains all stored answers of the item, in any order; a price or a stock in
    /// at least two of them makes a trend.
    pub fn new(
        difference: Arc<Difference>,
        before: When,
        after: When,
        history: Vec<HistoryPoint>,
        texts: Texts,
    ) -> Self {
        let history = if difference.two_items.is_some() { Vec::new() } else { history };
        let answers = history.len();
        let trends = history::trends(history);
        let rows = rows::difference_rows(&difference, trends.len());
        let counted = |section| (section, rows::counts(section, &difference));
        let counts = Section::ALL.map(counted).to_vec();
        Self {
            difference,
            before,
            after,
            trends,
            answers,
            rows,
            counts,
            widths: Widths::default(),
            scroll: Scroll::default(),
            height: 0,
            texts,
        }
    }

    /// Returns all lines in `room` cells, as they are printed outside of the explorer.
    pub fn into_lines(mut self, room: usize) -> Vec<Line<'static>> {
        // The room of the cursor's mark and of the blank after it.
        self.widths = Widths::new(&self.difference, room + 2, self.texts);
        let lines = self.lines(self.texts);
        self.rows.iter().map(|row| Line::from(lines.fitted(*row, false))).collect()
    }

    /// Moves the cursor, skipping blank lines.
    fn go(&mut self, action: Action) {
        let previous = self.scroll.at;
        self.scroll.act(action, self.rows.len(), self.height);
        if self.rows.get(self.scroll.at) == Some(&DifferenceRow::Blank) {
            self.scroll.at = if self.scroll.at < previous { self.scroll.at - 1 } else { self.scroll.at + 1 };
            self.scroll.clamp(self.rows.len(), self.height);
        }
    }

    /// Copies the line that the cursor is on, in full.
    #[must_use]
    fn copy(&self) -> Option<Effect> {
        let row = *self.rows.get(self.scroll.at)?;
        let what = match row {
            DifferenceRow::Heading(section) | DifferenceRow::Change { section, .. } => {
                format::heading(section, self.texts)
            }
            DifferenceRow::Trend(_) => self.texts.history_heading(),
            _ => self.title(),
        };
        let text = self.lines(self.texts).in_full(row);
        (!text.is_empty()).then(|| Effect::Copy { what: what.to_owned(), text: ClipboardText::new(&text) })
    }

    fn title(&self) -> &'static str {
        match self.difference.two_items {
            Some(_) => self.texts.difference_two_title(),
            None => self.texts.difference_title(),
        }
    }

    fn lines(&self, texts: Texts) -> LineBuilder<'_> {
        LineBuilder { view: self, difference: &self.difference, texts }
    }
}

impl Popup for DifferenceView {
    fn act(&mut self, action: Action, _model: &Model) -> Vec<Effect> {
        match action {
            _ if closes(action, Action::Compare) => vec![Effect::ClosePopup],
            Action::Copy => self.copy().into_iter().collect(),
            _ => {
                self.go(action);
                Vec::new()
            }
        }
    }

    fn translate(&mut self, model: &Model) {
        self.texts = model.texts;
    }

    fn layout(&mut self, _model: &Model, screen: Size) {
        let inside = inner(self.area(screen));
        self.height = usize::from(inside.height);
        let room = usize::from(inside.width.saturating_sub(1));
        if self.widths.room != room {
            self.widths = Widths::new(&self.difference, room, self.texts);
        }
        self.scroll.clamp(self.rows.len(), self.height);
    }

    fn area(&self, screen: Size) -> Rect {
        popup(screen, WIDTH, u16::try_from(self.rows.len() + 2).unwrap_or(u16::MAX))
    }

    fn view(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        let title = Line::from(format!(" {} ", self.title()));
        let right = if self.rows.len() > self.height {
            format!(" {} ", model.texts.position(self.scroll.at + 1, self.rows.len()))
        } else {
            String::new()
        };
        crate::ui::popup_frame(buffer, area, &Edges { title, right: Line::from(right), ..Edges::default() });
        let inside = inner(area);
        let lines = self.lines(model.texts);
        let in_sight = self.rows.iter().enumerate().skip(self.scroll.top);
        for (y, (at, row)) in (inside.top()..inside.bottom()).zip(in_sight) {
            let here = at == self.scroll.at;
            let line = lines.line(*row, if here { CURSOR } else { " " }, at == self.scroll.top);
            crate::ui::line(buffer, inside.x, y, inside.width, &line);
            if here {
                crate::ui::row_style(buffer, inside, y, Theme.cursor(true));
            }
        }
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        vec![Hint::free(Action::Copy, model.texts.hint_copy()), close(model)]
    }
}
