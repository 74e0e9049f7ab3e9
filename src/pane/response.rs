//! 6 Response: any exchange as it came, also a failed one, in the view that has most to say, and in the others.
//!
//! ```text
//!  Tree ── the body's values, folded and searched       Headers ── what was asked, what came before the body
//!  Raw ─── its text as it came, or set out              Timing ─── how long each part took
//! ```
//! A jq program puts its result in place of the body, in tree and raw text, until it is cleared.
//! A large body is searched and broken into rows by jobs: [`Pane::on_job`].

mod as_text;
mod copied;
mod edges;
mod facts;
mod filter;
mod filtering;
mod hints;
mod json_colours;
mod offered;
mod outline;
mod parsed_body;
mod pretty;
mod raw;
mod row;
#[cfg(test)]
mod tests;
mod tree;
mod tree_search;
mod unfolded;
mod view;

use std::borrow::Cow;
use std::sync::Arc;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::restored_item::RestoredItem;
use super::{Hint, Pane};
use crate::message::{Action, Effect, Filtered, JobDone, JobSlot, ViewState};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::scroll::Scroll;
use crate::ui::theme::Theme;
use as_text::too_large_to_search;
pub use copied::Focused;
use filter::JqFilter;
use filtering::Whole;
use obx_core::export::JqOutputs;
use obx_core::i18n::Language;
use onebound::Exchange;
use onebound_document::{Document, NodeRef};
use parsed_body::{ParsedBody, is_unparsed};
use raw::Raw;
use tree::Tree;
use tree_search::{TreeSearch, wrapped_around};
pub use view::View;
use view::{document, exchange, is_json_answer};

/// The pane: the views of the shown exchange.
#[derive(Debug, Default)]
pub struct ResponsePane {
    /// The view that the user chose; another is shown while that one has no content.
    chosen: Option<View>,
    /// A document that is not the answer's own: JSON outside of the API's format, or the result of a jq program.
    own: Option<Arc<Document>>,
    /// Whether the body is to be parsed here.
    is_unparsed: bool,
    parse_job: JobSlot<ParsedBody>,
    /// The result, until the next layout shows it.
    parsed: Option<Arc<ParsedBody>>,
    tree: Option<Tree>,
    raw: Raw,
    /// The body's own state, while a jq program's result is shown instead.
    whole: Option<Whole>,
    filter: JqFilter,
    search: TreeSearch,
    page: Scroll,
    lines: Vec<Line<'static>>,
    cache_key: Option<u64>,
    lines_for: Option<(View, u64, u16, Language)>,
    area: Rect,
    restored: RestoredItem,
}

impl ResponsePane {
    /// The view that is shown.
    pub fn view_in_front(&self, model: &Model) -> View {
        let said = self.said(model);
        let headed = exchange(model).is_some_and(|exchange| !exchange.headers.is_empty());
        let best = match said.first() {
            Some(View::Headers) if !headed => View::Timing,
            Some(first) => *first,
            None => View::Tree,
        };
        self.chosen.filter(|chosen| said.contains(chosen)).unwrap_or(best)
    }

    /// The views that have content.
    fn said(&self, model: &Model) -> Vec<View> {
        let Some(exchange) = exchange(model) else { return Vec::new() };
        let says = |view: &View| match view {
            View::Tree => self.tree.is_some(),
            View::Raw => !exchange.body.is_empty(),
            // They describe the exchange, not a program's result.
            View::Headers | View::Timing if self.whole.is_some() => false,
            View::Headers | View::Timing => true,
        };
        View::ALL.into_iter().filter(says).collect()
    }

    /// Resets the pane for another exchange.
    fn begin(&mut self, model: &Model) {
        self.whole = None;
        self.filter.forget_result();
        self.filter.restart();
        self.parse_job.cancel();
        (self.own, self.parsed) = (None, None);
        self.is_unparsed = exchange(model).is_some_and(is_unparsed);
        self.tree = document(None, model).map(|document| Tree::new(document));
        if !self.is_unparsed {
            self.restore_folds(model);
        }
        let raw = |exchange: &Exchange| Raw::new(exchange.body.shown().clone(), is_json_answer(exchange));
        self.raw = exchange(model).map(raw).unwrap_or_default();
        self.page = Scroll::default();
        self.search.restart();
        self.cache_key = Some(model.generation());
    }

    /// Unfolds what was unfolded at the end of the last session, if the first answer is to the same item.
    fn restore_folds(&mut self, model: &Model) {
        let unfolded = self.restored.take(model).and_then(|last| last.unfolded);
        if let (Some(document), Some(tree), Some(unfolded)) =
            (document(self.own.as_ref(), model), &mut self.tree, unfolded)
        {
            tree.unfold(document, &unfolded);
        }
    }

    fn next_view(&mut self, model: &Model) {
        let said = self.said(model);
        let at = said.iter().position(|view| *view == self.view_in_front(model)).unwrap_or_default();
        self.chosen = said.get((at + 1) % said.len().max(1)).copied();
        self.page = Scroll::default();
    }

    #[must_use]
    fn step_hit(&mut self, forward: bool, model: &Model) -> Vec<Effect> {
        if self.view_in_front(model) == View::Raw {
            if self.search.search().is_some() && self.raw.is_too_large() {
                return vec![Effect::alert(too_large_to_search(model))];
            }
            let is_around = self.raw.step(forward);
            return is_around.then(|| wrapped_around(forward, model.texts)).into_iter().collect();
        }
        match (document(self.own.as_ref(), model), &mut self.tree) {
            (Some(document), Some(tree)) => self.search.step(document, tree, forward, model.texts),
            _ => Vec::new(),
        }
    }

    #[must_use]
    fn act_in_view(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        match self.view_in_front(model) {
            View::Tree => {
                if let (Some(document), Some(tree)) = (document(self.own.as_ref(), model), &mut self.tree) {
                    return tree.act(action, document, model.texts);
                }
            }
            View::Raw => self.raw.act(action),
            View::Headers | View::Timing => {
                let height = usize::from(self.area.height);
                self.page.act_on_text(action, self.lines.len(), height);
            }
        }
        Vec::new()
    }

    fn layout_facts(&mut self, view: View, model: &Model) {
        let lines_for = (view, model.generation(), self.area.width, model.texts.language());
        let Some(exchange) = exchange(model).filter(|_| self.lines_for != Some(lines_for)) else { return };
        let room = usize::from(self.area.width).saturating_sub(1);
        self.lines = match view {
            View::Headers => facts::headers(exchange, model.texts, room),
            _ => facts::timing(exchange, model.texts, room),
        };
        self.lines_for = Some(lines_for);
    }
}

impl Pane for ResponsePane {
    fn edges(&self, model: &Model) -> Edges {
        self.frame(model)
    }

    fn act(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        match action {
            Action::Jq => return self.start_filter(model),
            _ if self.filter.is_typing() => return self.act_on_filter(action, model),
            Action::NextView => self.next_view(model),
            Action::Filter => return self.start_search(model),
            Action::Submit => self.search.submit(),
            Action::NextHit | Action::PreviousHit => return self.step_hit(action == Action::NextHit, model),
            Action::Pretty => return self.turn_pretty(model),
            Action::Wrap if self.view_in_front(model) == View::Raw => return self.turn_unquoted(model),
            _ => return self.act_in_view(action, model),
        }
        Vec::new()
    }

    fn save_view(&self, view: &mut ViewState, model: &Model) {
        let Some(item) = &mut view.item else { return };
        // A jq program's result has a tree of its own in place of the body's.
        let tree = self.whole.as_ref().map_or(&self.tree, |whole| &whole.tree).as_ref();
        let own = self.whole.as_ref().map_or(&self.own, |whole| &whole.own).as_ref();
        item.unfolded = match (self.restored.awaited(), tree, document(own, model)) {
            (Some(last), ..) => last.unfolded.clone(),
            (None, Some(tree), Some(document)) => Some(tree.unfolded(document)),
            _ => None,
        };
    }

    fn restore_view(&mut self, view: &ViewState) {
        self.restored.restore(view);
    }

    fn copied(&mut self, action: Action, model: &Model) -> Option<String> {
        self.part(action, model)
    }

    fn why_not_copied(&self, action: Action, model: &Model) -> Cow<'static, str> {
        self.why_no_part(action, model)
    }

    fn jq_outputs(&self) -> Option<JqOutputs> {
        self.outputs_shown()
    }

    fn type_key(&mut self, key: KeyEvent, _model: &Model) -> Vec<Effect> {
        if self.filter.is_typing() {
            self.filter.type_key(key);
            self.leave_result_of_nothing();
        } else {
            self.search.type_key(key);
        }
        Vec::new()
    }

    fn paste(&mut self, text: &str, _model: &Model) -> Vec<Effect> {
        if self.filter.is_typing() {
            self.filter.paste(text);
        } else {
            self.search.paste(text);
        }
        Vec::new()
    }

    fn leave(&mut self) {
        self.search.leave();
        if self.filter.is_typing() {
            self.filter.leave();
            self.leave_result_of_nothing();
        }
    }

    fn escape(&mut self) -> bool {
        let had = !self.filter.is_typing() && self.search.escape();
        let cleared = !had && self.filter.escape();
        if cleared {
            self.show_whole();
        }
        had || cleared
    }

    fn takes_text(&self) -> bool {
        self.search.is_typing() || self.filter.is_typing()
    }

    fn takes_tab(&self, back: bool) -> bool {
        if back { self.filter.is_offering() } else { self.filter.is_typing() }
    }

    fn locate(&mut self, node: &NodeRef, model: &Model) {
        // A node of the body has no place in a jq program's result.
        self.filter.escape();
        self.show_whole();
        self.chosen = Some(View::Tree);
        if let (Some(document), Some(tree)) = (document(self.own.as_ref(), model), &mut self.tree) {
            tree.show(document, node);
        }
    }

    fn follow(&mut self, node: &NodeRef, model: &Model) {
        if self.cache_key != Some(model.generation()) {
            self.begin(model);
        }
        // A node of the body has no place in a jq program's result.
        let is_body = self.whole.is_none() && self.view_in_front(model) == View::Tree;
        if let (Some(document), Some(tree)) = (document(self.own.as_ref(), model), &mut self.tree)
            && is_body
        {
            tree.follow(document, node);
        }
    }

    fn on_event(&mut self, filtered: &Filtered) {
        if let Some(result) = self.filter.on_event(filtered) {
            self.show_result(result);
        }
    }

    fn on_job(&mut self, done: &JobDone) {
        self.search.on_job(done);
        if let Some(parsed) = self.parse_job.accept(done) {
            self.parsed = Some(parsed);
        }
        // Also the body's text, while a program's result is in its place.
        let put_aside = self.whole.as_mut().map(|whole| &mut whole.raw);
        for raw in [&mut self.raw].into_iter().chain(put_aside) {
            raw.on_job(done);
        }
    }

    fn layout(&mut self, model: &Model, area: Rect) -> Vec<Effect> {
        if self.cache_key != Some(model.generation()) {
            self.begin(model);
        }
        let parsing = self.parse_body(model);
        let area = Rect { height: area.height.saturating_sub(self.filter.rows()), ..area };
        self.area = area;
        let view = self.view_in_front(model);
        let mut due = self.due_of_filter(model);
        due.extend(parsing);
        // While it is hidden, it is given no area, so that it costs nothing.
        let raw_area = if view == View::Raw { area } else { Rect::default() };
        due.extend(self.raw.layout(raw_area, self.search.pattern()));
        if area.width == 0 {
            return due;
        }
        if let (Some(document), Some(tree)) = (document(self.own.as_ref(), model), &mut self.tree) {
            due.extend(self.search.layout(document, tree));
            if view == View::Tree {
                tree.layout(document, self.search.search(), area, model.texts);
            }
        }
        if matches!(view, View::Headers | View::Timing) {
            self.layout_facts(view, model);
            self.page.top = self.page.top.min(self.lines.len().saturating_sub(usize::from(area.height)));
        }
        due
    }

    fn view(&self, model: &Model, focused: bool, area: Rect, buffer: &mut Buffer) {
        let taken = self.filter.rows().min(area.height);
        let (area, below) = (
            Rect { height: area.height - taken, ..area },
            Rect { y: area.bottom() - taken, height: taken, ..area },
        );
        if below.height > 0 {
            self.filter.view(model, below, buffer);
        }
        match (self.view_in_front(model), &self.tree) {
            _ if model.shown.is_none() => {
                let line = Line::styled(format!(" {}", model.texts.no_response()), Theme.dim());
                crate::ui::line(buffer, area.x, area.y, area.width, &line);
            }
            (View::Tree, Some(tree)) => tree.view(focused, area, buffer),
            (View::Raw | View::Tree, _) => self.raw.view(area, buffer),
            (View::Headers | View::Timing, _) => {
                crate::ui::lines(buffer, area, self.lines.iter().skip(self.page.top).cloned());
            }
        }
    }

    fn opens(&self, model: &Model) -> Option<&'static str> {
        (self.view_in_front(model) == View::Tree && self.tree.is_some()).then(|| model.texts.action_fold())
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        self.hints_here(model)
    }
}
