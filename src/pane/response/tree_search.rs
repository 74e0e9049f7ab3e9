//! Searches the tree: the pattern, the progress, and the current hit.

use std::sync::Arc;

use crossterm::event::KeyEvent;
use ratatui::text::{Line, Span};

use super::raw::TextSearch;
use super::tree::Tree;
use crate::message::{Effect, IsCancelled, JobDone, JobSlot};
use crate::pane::text_input::TextInput;
use crate::ui::theme::Theme;
use obx_core::i18n::Texts;
use onebound_document::{Document, Hits, NodeId, Pattern};

/// A document of no more bytes is searched at once, in the frame of the key: it takes a few milliseconds.
const AT_ONCE: usize = 500_000;

/// What is looked for, and the hits once they are known.
#[derive(Debug)]
pub(super) struct Search {
    pattern: Pattern,
    hits: Option<Arc<Hits>>,
}

impl Search {
    pub(super) fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    pub(super) fn hits(&self) -> Option<&Hits> {
        self.hits.as_deref()
    }
}

/// Says that a search went on from the other end.
pub(super) fn wrapped_around(forward: bool, texts: Texts) -> Effect {
    Effect::info(if forward { texts.search_from_top() } else { texts.search_from_bottom() })
}

/// The line that is typed, and the search that it is.
#[derive(Debug, Default)]
pub(super) struct TreeSearch {
    input: TextInput,
    typing: bool,
    /// Whether the text is not a valid regular expression.
    bad: bool,
    search: Option<Search>,
    job: JobSlot<Hits>,
    /// The cursor's position at the start. The first hit is looked for from there.
    origin: Option<Vec<NodeId>>,
    /// Whether the cursor has yet to go to the first hit.
    due: bool,
}

impl TreeSearch {
    pub(super) fn start(&mut self, tree: Option<&Tree>) {
        let origin = tree.and_then(Tree::spot).map(|spot| spot.path());
        *self = Self { typing: true, origin, ..Self::default() };
    }

    /// Ends typing, unless the expression is invalid; then it stays in the line with a message.
    pub(super) fn submit(&mut self) {
        if !self.bad {
            self.leave();
        }
    }

    /// Ends typing. A valid pattern stays in effect, an invalid one is dropped.
    pub(super) fn leave(&mut self) {
        self.typing = false;
        if self.search.is_none() {
            *self = Self::default();
        }
    }

    /// Ends the search; returns false if there was none.
    pub(super) fn escape(&mut self) -> bool {
        let had = self.typing || self.search.is_some();
        *self = Self::default();
        had
    }

    pub(super) fn is_typing(&self) -> bool {
        self.typing
    }

    pub(super) fn search(&self) -> Option<&Search> {
        self.search.as_ref()
    }

    pub(super) fn pattern(&self) -> Option<&Pattern> {
        self.search.as_ref().map(Search::pattern)
    }

    pub(super) fn type_key(&mut self, key: KeyEvent) {
        self.input.type_key(key);
        self.read();
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.input.insert(text);
        self.read();
    }

    /// Repeats the search in another answer.
    pub(super) fn restart(&mut self) {
        self.origin = None;
        self.read();
    }

    /// Searches where that is due, and goes to the first hit once it is known.
    #[must_use]
    pub(super) fn layout(&mut self, document: &Arc<Document>, tree: &mut Tree) -> Option<Effect> {
        let search = self.search.as_mut()?;
        let mut job = None;
        if search.hits.is_none() && !self.job.is_waiting() && !self.job.has_failed() {
            let (pattern, searched) = (search.pattern.clone(), Arc::clone(document));
            let is_small = document.size(document.root()) <= AT_ONCE;
            let work = move |is_cancelled: IsCancelled<'_>| searched.search(&pattern, is_cancelled);
            (search.hits, job) = self.job.start(is_small, work);
        }
        let Some(hits) = search.hits().filter(|_| self.due) else { return job };
        self.due = false;
        let first = hits.at(hits.before(self.origin.as_deref().unwrap_or_default())).or_else(|| hits.at(0));
        if let Some(place) = first.as_ref().or(self.origin.as_ref()) {
            tree.go_to(document, place);
        }
        job
    }

    pub(super) fn on_job(&mut self, done: &JobDone) {
        if let (Some(search), Some(hits)) = (&mut self.search, self.job.accept(done)) {
            search.hits = Some(hits);
        }
    }

    /// Moves to the next or previous hit, and wraps around.
    #[must_use]
    pub(super) fn step(
        &mut self,
        document: &Document,
        tree: &mut Tree,
        forward: bool,
        texts: Texts,
    ) -> Vec<Effect> {
        let hits = self.search.as_ref().and_then(Search::hits);
        let (Some(hits), Some(at)) = (hits, tree.spot().map(|spot| spot.path())) else { return Vec::new() };
        let before = hits.before(&at);
        let (next, around) = if forward {
            (hits.at(before + usize::from(hits.contains(&at))), hits.at(0))
        } else {
            let last = |count: usize| count.checked_sub(1).and_then(|last| hits.at(last));
            (last(before), last(hits.len()))
        };
        let is_next = next.is_some();
        let Some(hit) = next.or(around) else { return Vec::new() };
        tree.go_to(document, &hit);
        if is_next { Vec::new() } else { vec![wrapped_around(forward, texts)] }
    }

    /// `3 of 57`; `None` without a search.
    pub(super) fn position(&self, tree: &Tree, texts: Texts) -> Option<String> {
        if self.bad {
            return Some(texts.bad_expression().to_owned());
        }
        let Some(hits) = self.search.as_ref()?.hits() else {
            let said = if self.job.has_failed() { texts.not_searched() } else { texts.searching() };
            return Some(said.to_owned());
        };
        let at =
            tree.spot().map(|spot| spot.path()).filter(|way| hits.contains(way)).map(|way| hits.before(&way));
        Some(match (at, hits.len()) {
            (_, 0) => texts.no_hits().to_owned(),
            (Some(at), count) => texts.position(at + 1, count),
            (None, count) => texts.hits(count),
        })
    }

    /// The same for the raw text, of whose search so much is known; `None` also if the text is too large for one.
    pub(super) fn position_in_text(&self, search: TextSearch, texts: Texts) -> Option<String> {
        if self.bad {
            return Some(texts.bad_expression().to_owned());
        }
        match search {
            TextSearch::None => None,
            TextSearch::Searching => Some(texts.searching().to_owned()),
            TextSearch::Failed => Some(texts.not_searched().to_owned()),
            TextSearch::Hits { count: 0, .. } => Some(texts.no_hits().to_owned()),
            TextSearch::Hits { count, at: Some(at) } => Some(texts.position(at + 1, count)),
            TextSearch::Hits { count, at: None } => Some(texts.hits(count)),
        }
    }

    /// The search text, for the pane's lower edge.
    pub(super) fn line(&self, texts: Texts) -> Line<'static> {
        if !self.typing && self.search.is_none() && !self.bad {
            return Line::default();
        }
        let mut line = self.input.frame_line(self.typing);
        if self.input.text().is_empty() {
            line.push_span(Span::styled(format!("{} ", texts.search_how()), Theme.dim()));
        }
        line
    }

    fn read(&mut self) {
        let pattern = Pattern::read(self.input.text());
        self.bad = pattern.is_err();
        self.search = pattern.ok().flatten().map(|pattern| Search { pattern, hits: None });
        self.due = true;
        self.job.cancel();
    }
}
