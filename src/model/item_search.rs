//! The search for items by words: the page that it shows, and what became of the newest call for one.

use std::num::NonZeroU32;
use std::sync::Arc;

use super::calls::CallUnderWay;
use super::{Model, PendingCall};
use crate::message::{Effect, ResultsView};
use obx_core::fetch::{FetchPolicy, Source};
use obx_core::i18n::Describe;
use obx_core::search_line::{SearchLine, search_line};
use onebound::{Call, Exchange, Question, SearchPage};

/// Number of searches that are remembered.
const MAX_EARLIER: usize = 50;

/// The state of the search, whether or not its popup is open.
#[derive(Clone, Debug, Default)]
pub struct ItemSearch {
    /// The question of the page that was requested last: its answer is shown in the search and not in the panes.
    asked: Option<Question>,
    page: Option<ResultsPage>,
    trouble: Option<SearchTrouble>,
    revision: u64,
    /// What was searched for, also in earlier sessions, the newest last.
    earlier: Vec<String>,
    /// How the popup was looked at when it was closed.
    pub view: ResultsView,
}

/// The page of results that is shown.
#[derive(Clone, Debug)]
pub struct ResultsPage {
    pub exchange: Arc<Exchange>,
    pub source: Source,
}

/// Why the page that was requested last is not shown.
#[derive(Clone, Debug)]
pub enum SearchTrouble {
    /// Its answer has no list.
    Failed(ResultsPage),
    NotSent(Box<PendingCall>),
}

/// The page that a call asks for.
pub fn searched_page(call: &Call) -> NonZeroU32 {
    let mut parameters = call.parameters().into_iter();
    let page = parameters.find(|(name, _)| *name == "page").and_then(|(_, page)| page.parse().ok());
    page.unwrap_or(NonZeroU32::MIN)
}

impl ResultsPage {
    /// The list, which is empty where nothing was found.
    pub fn list(&self) -> Option<SearchPage<'_>> {
        self.exchange.search_page()
    }

    /// The words and options that it was found by, in one line.
    pub fn line(&self) -> String {
        search_line(&self.exchange.call)
    }

    pub fn number(&self) -> NonZeroU32 {
        searched_page(&self.exchange.call)
    }

    /// The page after it; `None` where the answer says that there is none, or is another page than the one asked for.
    fn following(&self) -> Option<NonZeroU32> {
        let list =
            self.list().filter(|list| list.has_next() != Some(false) && list.other_page().is_none())?;
        if list.is_empty() { None } else { self.number().checked_add(1) }
    }

    fn preceding(&self) -> Option<NonZeroU32> {
        NonZeroU32::new(self.number().get() - 1)
    }
}

impl SearchTrouble {
    pub fn call(&self) -> &Call {
        match self {
            Self::Failed(page) => &page.exchange.call,
            Self::NotSent(held) => &held.call,
        }
    }
}

impl ItemSearch {
    pub fn page(&self) -> Option<&ResultsPage> {
        self.page.as_ref()
    }

    pub fn trouble(&self) -> Option<&SearchTrouble> {
        self.trouble.as_ref()
    }

    /// What was searched for, the newest last.
    pub fn earlier(&self) -> &[String] {
        &self.earlier
    }

    /// Takes over what earlier sessions searched for.
    pub fn restore_earlier(&mut self, lines: &[String]) {
        self.earlier = lines.to_vec();
    }

    fn remember(&mut self, line: String) {
        self.earlier.retain(|earlier| *earlier != line);
        self.earlier.push(line);
        let too_many = self.earlier.len().saturating_sub(MAX_EARLIER);
        drop(self.earlier.drain(..too_many));
    }

    /// Changes when a requested page is shown, or could not be had.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether the answer to this question is shown in the search.
    pub(super) fn asks(&self, question: &Question) -> bool {
        self.asked.as_ref() == Some(question)
    }

    /// Has answers shown in the panes, also to the question that was asked here last.
    pub(crate) fn give_up(&mut self) {
        self.asked = None;
    }

    /// Takes the answer to the page that was requested last. One without a list leaves the page before in place, unless
    /// that is of other words.
    pub(super) fn take(&mut self, exchange: Arc<Exchange>, source: Source) {
        self.revision += 1;
        let page = ResultsPage { exchange, source };
        if page.list().is_some() {
            (self.page, self.trouble) = (Some(page), None);
        } else {
            self.set_trouble(SearchTrouble::Failed(page));
        }
    }

    pub(super) fn refuse(&mut self, held: PendingCall) {
        self.revision += 1;
        self.set_trouble(SearchTrouble::NotSent(Box::new(held)));
    }

    fn set_trouble(&mut self, trouble: SearchTrouble) {
        let line = search_line(trouble.call());
        self.page = self.page.take().filter(|page| page.line() == line);
        self.trouble = Some(trouble);
    }
}

impl Model {
    /// The call for the page of a search that this line of words and options asks for, with the session's parameters.
    ///
    /// # Errors
    /// Why there is none, in the interface's language.
    pub fn search_call(&self, line: &str) -> Result<Call, String> {
        self.search_call_at(line, None)
    }

    fn search_call_at(&self, line: &str, page: Option<NonZeroU32>) -> Result<Call, String> {
        let line = SearchLine::parse(line).map_err(|error| error.describe(self.texts))?;
        let line = SearchLine { page: page.or(line.page), ..line };
        let query = line.query().map_err(|error| error.describe(self.texts))?;
        self.session.call.search(&query).map_err(|error| error.describe(self.texts))
    }

    /// The call for the same page again, by the session's parameters of now.
    pub fn call_for_page_again(&self, call: &Call) -> Option<Call> {
        self.search_call_at(&search_line(call), Some(searched_page(call))).ok()
    }

    /// The call for the page of the same words after the one that is shown, or before it; `None` where there is none.
    pub fn call_for_page_beside(&self, is_after: bool) -> Option<Call> {
        let page = self.search.page()?;
        let number = Some(if is_after { page.following() } else { page.preceding() }?);
        self.search_call_at(&page.line(), number).ok()
    }

    /// Starts to fetch a page of a search, which is shown there.
    pub(crate) fn start_search(&mut self, call: Call, want: FetchPolicy) -> Option<Effect> {
        self.search.asked = Some(self.question(&self.session.call.complete(call.clone()), want));
        self.search.trouble = None;
        self.search.remember(search_line(&call));
        self.start(call, want)
    }

    /// The call under way whose answer the search will show.
    pub fn awaited_page(&self) -> Option<&CallUnderWay> {
        self.calls.awaited().filter(|call| self.search.asks(&call.question))
    }

    /// The page's call that was held back, if the user can have it sent all the same.
    pub fn held_page(&self) -> Option<&PendingCall> {
        let held = self.pending_confirmation.as_ref().filter(|held| held.can_be_overridden())?;
        let trouble = self.search.trouble()?;
        (*trouble.call() == held.call).then_some(held)
    }
}
