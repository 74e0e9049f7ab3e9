//! The facts about an answer, one below the other: the severity, what it is, what it means, and where.
//!
//! `rows` builds the lines for any view; [`FactsList`] is the popup that shows them.

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Hint;
use super::popup::{Popup, close, closes};
use super::verdict::verdict;
use crate::message::{Action, ClipboardText, Effect};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::layout::{inner, popup};
use crate::ui::scroll::Scroll;
use crate::ui::text::{clean, pad_right, width, wrap};
use crate::ui::theme::{ALERT, CURSOR, Theme};
use obx_core::i18n::Texts;
use onebound::{Exchange, Fact, Outcome, Severity, Unchecked};
use onebound_document::NodeRef;

/// Width in cells.
const WIDTH: u16 = 92;

/// Takes the place of a fact's index in rows that belong to no fact.
const NO_FACT: usize = usize::MAX;

#[derive(Debug)]
pub struct FactsList {
    facts: Vec<Fact>,
    /// Whether the analysis is complete, so that all facts are known.
    complete: bool,
    no_answer: bool,
    /// A row on an answer that isn't what was requested, with the key that explains it. `None` for another item, which is a fact itself.
    outcome: Option<String>,
    /// What the rules couldn't check.
    unchecked: Vec<Unchecked>,
    texts: Texts,
    scroll: Scroll,
    /// Approximate number of facts visible at once.
    page: usize,
}

impl FactsList {
    /// Lists the facts of this answer.
    pub fn new(exchange: Option<&Exchange>, model: &Model) -> Self {
        let texts = model.texts;
        let facts = exchange.map(Exchange::facts).unwrap_or_default();
        let complete = exchange.is_none_or(Exchange::is_analyzed);
        // Another item than the requested one is a fact itself.
        let is_expected = |outcome: &Outcome| {
            matches!(outcome, Outcome::Item | Outcome::Success | Outcome::WrongItem { .. })
        };
        let unexpected = exchange.filter(|exchange| !is_expected(&exchange.outcome));
        let explained = texts.facts_card_says_more(model.key(Action::Explain));
        let outcome = unexpected
            .map(|exchange| format!("{ALERT} {}. {explained}", verdict(&exchange.summary(), texts)));
        let (no_answer, scroll) = (exchange.is_none(), Scroll::default());
        let unchecked = exchange.map(Exchange::unchecked).unwrap_or_default();
        Self { facts, complete, no_answer, outcome, unchecked, texts, scroll, page: 1 }
    }

    /// Updates the facts when the analysis of a large answer is complete.
    fn follow(&mut self, exchange: Option<&Exchange>, model: &Model) {
        if !self.complete && exchange.is_some_and(Exchange::is_analyzed) {
            *self = Self::new(exchange, model);
        }
    }

    /// Copies the fact that the cursor is on.
    #[must_use]
    fn copy(&self) -> Option<Effect> {
        let fact = self.facts.get(self.scroll.at)?;
        let means = self.texts.fact_means(fact.rule);
        let summary = self.texts.fact(fact, str::to_owned);
        let text = [summary.as_str(), means, &fact.finding.path].join("\n").trim_end().to_owned();
        let what = self.texts.facts_label().to_owned();
        Some(Effect::Copy { what, text: ClipboardText::new(&text) })
    }

    /// Returns the node that the fact under the cursor is about, or the nearest one on its path.
    fn place(&self, model: &Model) -> Option<NodeRef> {
        let reply = model.shown.as_ref()?.exchange.reply.as_ref()?;
        Some(reply.nearest_to(self.path()?))
    }

    /// Returns true if the fact under the cursor is about a place in the answer.
    fn has_place(&self) -> bool {
        self.path().is_some()
    }

    fn path(&self) -> Option<&str> {
        let fact = self.facts.get(self.scroll.at)?;
        Some(fact.finding.path.as_str()).filter(|path| !path.is_empty())
    }

    fn rows(&self, room: u16) -> Vec<(usize, Line<'static>)> {
        let texts = self.texts;
        let room = usize::from(room.saturating_sub(2));
        let mut all = Vec::new();
        if let Some(outcome) = &self.outcome {
            let parts = wrap(outcome, room).into_iter();
            all.extend(parts.map(|part| (NO_FACT, Line::styled(part.to_owned(), Theme.bad()))));
        }
        match (self.facts.as_slice(), &self.outcome) {
            ([], _) if self.no_answer => all.push((0, Line::from(texts.facts_no_answer()))),
            ([], _) if !self.complete => all.push((0, Line::from(texts.facts_pending()))),
            ([], _) if self.unchecked == [Unchecked::Everything] => {}
            ([], _) if !self.unchecked.is_empty() => all.push((0, Line::from(texts.facts_none_checked()))),
            ([], None) => all.push((0, Line::from(texts.facts_none()))),
            ([], Some(_)) => all.push((0, Line::from(texts.facts_none_besides()))),
            (facts, _) => all.extend(rows(facts, texts, room)),
        }
        if !self.unchecked.is_empty() {
            let summary = texts.not_checked(&self.unchecked);
            let parts = wrap(&summary, room).into_iter();
            all.extend(parts.map(|part| (NO_FACT, Line::styled(part.to_owned(), Theme.dim()))));
        }
        all
    }
}

impl Popup for FactsList {
    fn act(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        match action {
            _ if closes(action, Action::Facts) => vec![Effect::ClosePopup],
            Action::Copy => self.copy().into_iter().collect(),
            Action::Open => {
                self.place(model).map_or(Vec::new(), |node| vec![Effect::ClosePopup, Effect::Locate(node)])
            }
            _ => {
                self.scroll.act(action, self.facts.len(), self.page);
                Vec::new()
            }
        }
    }

    fn translate(&mut self, model: &Model) {
        let exchange = model.shown.as_ref().map(|shown| shown.exchange.as_ref());
        *self = Self { scroll: self.scroll, page: self.page, ..Self::new(exchange, model) };
    }

    fn layout(&mut self, model: &Model, screen: Size) {
        self.follow(model.shown.as_ref().map(|shown| shown.exchange.as_ref()), model);
        let inside = inner(self.area(screen));
        let rows = self.rows(inside.width).len().max(1);
        self.page = self.facts.len() * usize::from(inside.height) / rows;
    }

    fn area(&self, screen: Size) -> Rect {
        let width = WIDTH.min(screen.width.saturating_sub(4));
        let rows = self.rows(width.saturating_sub(2)).len();
        popup(screen, width, u16::try_from(rows + 2).unwrap_or(u16::MAX))
    }

    fn view(&self, _model: &Model, area: Rect, buffer: &mut Buffer) {
        let inside = inner(area);
        let title = Line::from(format!(" {} ", self.texts.facts_title()));
        let rows = self.rows(inside.width);
        let at = self.scroll.at;
        let here = rows.iter().position(|(fact, _)| *fact == at).unwrap_or_default();
        let last = rows.iter().rposition(|(fact, _)| *fact == at).unwrap_or_default();
        let height = usize::from(inside.height);
        // The fact with the cursor is visible, as much of it as fits.
        let top = (last + 1).saturating_sub(height).min(here);
        let right = if rows.len() > height && !self.facts.is_empty() {
            format!(" {} ", self.texts.position(at + 1, self.facts.len()))
        } else {
            String::new()
        };
        crate::ui::popup_frame(buffer, area, &Edges { title, right: Line::from(right), ..Edges::default() });
        for (y, (row, (fact, line))) in
            (inside.top()..inside.bottom()).zip(rows.into_iter().enumerate().skip(top))
        {
            let with_cursor = fact == at && !self.facts.is_empty();
            let mark = if with_cursor && row == here { CURSOR } else { " " };
            crate::ui::line(buffer, inside.x, y, 1, &Line::from(mark));
            crate::ui::line(buffer, inside.x + 1, y, inside.width.saturating_sub(1), &line);
            if with_cursor {
                crate::ui::row_style(buffer, inside, y, Theme.cursor(true));
            }
        }
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let place = self.has_place().then(|| Hint::free(Action::Open, model.texts.hint_locate()));
        let others = [Hint::free(Action::Copy, model.texts.hint_copy()), close(model)];
        place.into_iter().chain(others).collect()
    }
}

/// Returns the lines of all facts, each with the index of its fact, in at most `room` cells.
pub(super) fn rows(facts: &[Fact], texts: Texts, room: usize) -> Vec<(usize, Line<'static>)> {
    let words = [Severity::Wrong, Severity::Costs, Severity::Odd].map(|severity| texts.severity(severity));
    let column = words.iter().map(|word| width(word)).max().unwrap_or_default() + 2;
    let mut rows = Vec::new();
    for (at, fact) in facts.iter().enumerate() {
        let mut put = |label: &str, text: &str, style: Style| {
            for (row, part) in wrap(text, room.saturating_sub(column)).into_iter().enumerate() {
                let label = pad_right(if row == 0 { label } else { "" }, column);
                let label = Span::styled(label, severity_style(fact.rule.severity()));
                rows.push((at, Line::from(vec![label, Span::styled(part.to_owned(), style)])));
            }
        };
        put(texts.severity(fact.rule.severity()), &summary(fact, texts), Theme.strong());
        put("", texts.fact_means(fact.rule), Theme.text());
        put("", &clean(&fact.finding.path), Theme.dim());
    }
    rows
}

/// Returns the fact's text, cleaned for cells.
pub(super) fn summary(fact: &Fact, texts: Texts) -> String {
    texts.fact(fact, |value| clean(value).into_owned())
}

fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::Wrong => Theme.bad(),
        Severity::Costs => Theme.warn(),
        Severity::Odd => Theme.dim(),
    }
}
