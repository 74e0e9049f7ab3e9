//! The facts about an answer, one under the other: how much each matters, what it is, what it means, and where.
//!
//! `rows` lays them out for whoever shows them; [`FactsList`] is the popup that does.

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

/// Of the popup, in cells.
const WIDTH: u16 = 92;

/// In place of a fact's number, for rows that are of none.
const NO_FACT: usize = usize::MAX;

/// The popup: its facts, and the one that the cursor is on.
#[derive(Debug)]
pub struct FactsList {
    facts: Vec<Fact>,
    /// Whether all of them are known.
    complete: bool,
    /// Whether there is no answer to tell facts of.
    no_answer: bool,
    /// What came, where that is not what was asked for.
    outcome: Option<String>,
    /// What none of the rules could look at.
    unchecked: Vec<Unchecked>,
    texts: Texts,
    scroll: Scroll,
    /// Facts in sight at once, about.
    page: usize,
}

impl FactsList {
    /// The facts of this answer.
    pub fn new(exchange: Option<&Exchange>, texts: Texts) -> Self {
        let facts = exchange.map(Exchange::facts).unwrap_or_default();
        let complete = exchange.is_none_or(Exchange::is_analyzed);
        // That another item came is a fact of its own.
        let told = |outcome: &Outcome| {
            matches!(outcome, Outcome::Item | Outcome::Success | Outcome::WrongItem { .. })
        };
        let untold = exchange.filter(|exchange| !told(&exchange.outcome));
        let outcome = untold.map(|exchange| verdict(&exchange.summary(), texts));
        let (no_answer, scroll) = (exchange.is_none(), Scroll::default());
        let unchecked = exchange.map(Exchange::unchecked).unwrap_or_default();
        Self { facts, complete, no_answer, outcome, unchecked, texts, scroll, page: 1 }
    }

    /// Takes in what was found since, by the look over a large answer.
    fn follow(&mut self, exchange: Option<&Exchange>) {
        if !self.complete && exchange.is_some_and(Exchange::is_analyzed) {
            *self = Self::new(exchange, self.texts);
        }
    }

    /// Copies the fact that the cursor is on.
    #[must_use]
    fn copy(&self) -> Option<Effect> {
        let fact = self.facts.get(self.scroll.at)?;
        let means = self.texts.fact_means(fact.rule);
        let told = self.texts.fact(fact, str::to_owned);
        let text = [told.as_str(), means, &fact.finding.path].join("\n").trim_end().to_owned();
        let what = self.texts.facts_label().to_owned();
        Some(Effect::Copy { what, text: ClipboardText::new(&text) })
    }

    /// Where in the answer the fact with the cursor stands, or as near to it as its path leads.
    fn place(&self, model: &Model) -> Option<NodeRef> {
        let reply = model.shown.as_ref()?.exchange.reply.as_ref()?;
        Some(reply.nearest_to(self.path()?))
    }

    /// Whether the fact with the cursor is about some place in the answer.
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
            let told = format!("{ALERT} {outcome}. {}", texts.facts_card_says_more());
            let parts = wrap(&told, room).into_iter();
            all.extend(parts.map(|part| (NO_FACT, Line::styled(part.to_owned(), Theme.bad()))));
        }
        match (self.facts.as_slice(), &self.outcome) {
            ([], _) if self.no_answer => all.push((0, Line::from(texts.facts_no_answer()))),
            ([], _) if self.unchecked == [Unchecked::Everything] => {}
            ([], _) if !self.unchecked.is_empty() => all.push((0, Line::from(texts.facts_none_checked()))),
            ([], None) => all.push((0, Line::from(texts.facts_none()))),
            ([], Some(_)) => all.push((0, Line::from(texts.facts_none_besides()))),
            (facts, _) => all.extend(rows(facts, texts, room)),
        }
        if !self.unchecked.is_empty() {
            let told = texts.not_checked(&self.unchecked);
            let parts = wrap(&told, room).into_iter();
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

    fn layout(&mut self, model: &Model, screen: Size) {
        self.follow(model.shown.as_ref().map(|shown| shown.exchange.as_ref()));
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
        // The fact with the cursor is in sight, as whole as it can be.
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

/// Every line, with the number of its fact, in at most so many cells.
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
        put(texts.severity(fact.rule.severity()), &told(fact, texts), Theme.strong());
        put("", texts.fact_means(fact.rule), Theme.text());
        put("", &clean(&fact.finding.path), Theme.dim());
    }
    rows
}

/// What the fact is, fit for cells.
pub(super) fn told(fact: &Fact, texts: Texts) -> String {
    texts.fact(fact, |value| clean(value).into_owned())
}

fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::Wrong => Theme.bad(),
        Severity::Costs => Theme.warn(),
        Severity::Odd => Theme.dim(),
    }
}
