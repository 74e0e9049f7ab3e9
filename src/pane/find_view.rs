//! Searches all stored answers while the user types, without any call. First come the results of the index, then
//! those that only the bodies contain, in parts.

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::{Line, Span};

use super::history_view::{times_in, view_instead};
use super::popup::{close, closes};
use super::text_input::TextInput;
use super::{Hint, Popup, verdict};
use crate::message::{Action, Effect, KeyScope, MAX_FOUND, StoreEvent, StoreRequest};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::layout::{inner, popup};
use crate::ui::scroll::Scroll;
use crate::ui::text::{clean, pad_left, pad_right};
use crate::ui::theme::Theme;
use obx_core::i18n::Texts;
use obx_core::store::{BodySearch, ExchangeId, Found};

/// Size of the popup, in cells.
const SIZE: Size = Size { width: 110, height: 30 };
/// `12-18 15:24`
const TIME_WIDTH: usize = 11;
const ID_WIDTH: usize = 13;

/// The popup: the search line, and the results.
#[derive(Debug)]
pub struct StoreSearch {
    /// The gateway whose answers are searched.
    scope: onebound::Scope,
    input: TextInput,
    found: Vec<Found>,
    /// How many bodies could not be searched.
    unread: usize,
    state: StoreSearchState,
    scroll: Scroll,
    height: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StoreSearchState {
    /// Nothing was typed.
    Resting,
    /// The results are still those of the previous words.
    Awaited,
    /// The results of the index are there, and the bodies are being searched; the value is the percentage that is
    /// done.
    InBodies(u8),
    Answered,
    Unread,
}

impl StoreSearch {
    /// Opens the popup with these words, for the answers of this gateway; also returns the request to the store.
    #[must_use]
    pub fn open(words: &str, scope: onebound::Scope) -> (Self, Vec<Effect>) {
        let mut view = Self {
            scope,
            input: TextInput::default().with_text(words),
            found: Vec::new(),
            unread: 0,
            state: StoreSearchState::Resting,
            scroll: Scroll::default(),
            height: 0,
        };
        let asked = view.ask();
        (view, asked)
    }

    fn words(&self) -> &str {
        self.input.text().trim()
    }

    #[must_use]
    fn ask(&mut self) -> Vec<Effect> {
        let words = self.words().to_owned();
        if words.is_empty() {
            self.found = Vec::new();
            self.scroll = Scroll::default();
            self.state = StoreSearchState::Resting;
            return Vec::new();
        }
        self.state = StoreSearchState::Awaited;
        vec![Effect::Store(StoreRequest::Find { scope: self.scope.clone(), words })]
    }

    /// The exchange under the cursor; `None` if it has no number in the store by which it could be opened.
    fn chosen(&self) -> Option<ExchangeId> {
        self.found.get(self.scroll.at).and_then(|found| found.line.id)
    }

    /// Adds results at the end, so that the row under the cursor stays in place.
    #[must_use]
    fn take_piece(&mut self, piece: &BodySearch) -> Vec<Effect> {
        // Exchanges without a number are new, because they come only with the first part.
        let is_known = |found: &Found| self.found.iter().any(|known| known.line.id == found.line.id);
        let is_new = |found: &&Found| found.line.id.is_none() || !is_known(found);
        let new: Vec<Found> = piece.found.iter().filter(is_new).cloned().collect();
        self.found.extend(new);
        self.found.truncate(MAX_FOUND);
        self.unread += piece.unread;
        let Some(rest) = piece.rest else {
            self.state = StoreSearchState::Answered;
            return Vec::new();
        };
        self.state = StoreSearchState::InBodies(rest.percent);
        self.ask_in_bodies(Some(rest.before))
    }

    /// Requests the next part. None is requested after the popup was closed or other words were typed.
    #[must_use]
    fn ask_in_bodies(&mut self, before: Option<ExchangeId>) -> Vec<Effect> {
        if self.found.len() >= MAX_FOUND {
            self.state = StoreSearchState::Answered;
            return Vec::new();
        }
        vec![Effect::Store(StoreRequest::FindInBodies {
            scope: self.scope.clone(),
            words: self.words().to_owned(),
            before,
        })]
    }

    /// The message in place of rows, if there are none.
    fn instead(&self, texts: Texts) -> String {
        match self.state {
            StoreSearchState::Resting => texts.find_begin().to_owned(),
            StoreSearchState::Awaited => texts.find_searching().to_owned(),
            StoreSearchState::InBodies(percent) => texts.find_searching_bodies(percent),
            StoreSearchState::Answered if self.unread > 0 => texts.find_no_match_in_readable(self.unread),
            StoreSearchState::Answered => texts.find_no_match().to_owned(),
            StoreSearchState::Unread => texts.history_unread().to_owned(),
        }
    }

    fn view_rows(&self, area: Rect, model: &Model, buffer: &mut Buffer) {
        let shown = self.found.iter().skip(self.scroll.top).take(usize::from(area.height));
        let id_width = shown.clone().map(|found| found.line.subject.as_str().len() + 1).max();
        let id_width = id_width.unwrap_or_default().max(ID_WIDTH);
        for (y, (at, found)) in (area.y..area.bottom()).zip((self.scroll.top..).zip(shown)) {
            crate::ui::line(buffer, area.x, y, area.width, &row(found, id_width, area.width, model));
            if at == self.scroll.at {
                crate::ui::row_style(buffer, area, y, Theme.cursor(true));
            }
        }
    }

    fn edges(&self, model: &Model) -> Edges {
        let texts = model.texts;
        let title = Line::from(format!(" {}{} ", texts.find_title(), times_in(model)));
        let counted = match self.state {
            StoreSearchState::Awaited => texts.find_searching().to_owned(),
            StoreSearchState::InBodies(percent) => texts.found_so_far(self.found.len(), percent),
            StoreSearchState::Answered if self.found.len() >= MAX_FOUND => {
                texts.found_at_least(self.found.len())
            }
            StoreSearchState::Answered if self.unread > 0 && !self.found.is_empty() => {
                texts.found_but_unread(self.found.len(), self.unread)
            }
            StoreSearchState::Answered => texts.found_count(self.found.len()),
            StoreSearchState::Resting | StoreSearchState::Unread => {
                return Edges { title, ..Edges::default() };
            }
        };
        Edges { title, right: Line::from(format!(" {counted} ")), ..Edges::default() }
    }
}

impl Popup for StoreSearch {
    fn scope(&self) -> KeyScope {
        KeyScope::Text
    }

    fn act(&mut self, action: Action, _model: &Model) -> Vec<Effect> {
        match (action, self.chosen()) {
            (Action::Submit, Some(id)) => vec![Effect::ClosePopup, Effect::ShowStored(id)],
            _ if closes(action, Action::Find) => vec![Effect::ClosePopup],
            _ => {
                self.scroll.act(action, self.found.len(), usize::from(self.height));
                Vec::new()
            }
        }
    }

    fn type_key(&mut self, key: KeyEvent) -> Vec<Effect> {
        let before = self.words().to_owned();
        self.input.type_key(key);
        if self.words() == before { Vec::new() } else { self.ask() }
    }

    fn paste(&mut self, text: &str) -> Vec<Effect> {
        self.input.insert(text);
        self.ask()
    }

    fn on_event(&mut self, news: &StoreEvent) -> Vec<Effect> {
        match news {
            StoreEvent::Found { words, found } if words == self.words() => {
                self.found.clone_from(found);
                self.unread = 0;
                self.scroll = Scroll::default();
                self.state = StoreSearchState::InBodies(0);
                self.ask_in_bodies(None)
            }
            StoreEvent::FoundInBodies { words, piece }
                if words == self.words() && matches!(self.state, StoreSearchState::InBodies(_)) =>
            {
                self.take_piece(piece)
            }
            StoreEvent::Failed(_)
                if matches!(self.state, StoreSearchState::Awaited | StoreSearchState::InBodies(_)) =>
            {
                self.found = Vec::new();
                self.state = StoreSearchState::Unread;
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn layout(&mut self, model: &Model, screen: Size) {
        self.height = inner(self.area(screen)).height.saturating_sub(1);
        self.scroll.clamp(self.found.len(), usize::from(self.height));
        self.input.set_placeholder(model.texts.find_placeholder());
    }

    fn area(&self, screen: Size) -> Rect {
        popup(screen, SIZE.width, SIZE.height)
    }

    fn view(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        let texts = model.texts;
        crate::ui::popup_frame(buffer, area, &self.edges(model));
        let inside = inner(area);
        self.input.view_in_popup(inside, buffer);
        let rows = Rect { y: inside.y + 1, height: inside.height.saturating_sub(1), ..inside };
        if self.found.is_empty() {
            return view_instead(&[&self.instead(texts)], rows, buffer);
        }
        self.view_rows(rows, model, buffer);
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let back = close(model);
        if self.chosen().is_none() {
            return vec![back];
        }
        vec![Hint::free(Action::Submit, model.texts.hint_show_newest()), back]
    }
}

/// A row: time, item, title and outcome.
fn row(found: &Found, id_width: usize, room: u16, model: &Model) -> Line<'static> {
    let theme = Theme;
    let line = &found.line;
    let at = model.session.row_time(line.ended_at(), model.now.at);
    let rest = usize::from(room).saturating_sub(1 + TIME_WIDTH + 2 + id_width + 3);
    let outcome = (rest * 2 / 5).min(24);
    let title = pad_right(&clean(&found.title), rest - outcome);
    let outcome_text = verdict(&line.summary, model.texts);
    Line::from(vec![
        Span::styled(format!(" {}  ", pad_left(&at, TIME_WIDTH)), theme.dim()),
        Span::styled(pad_right(line.subject.as_str(), id_width), theme.strong()),
        Span::raw(title),
        Span::styled(format!("  {}", pad_right(&outcome_text, outcome)), theme.text()),
    ])
}
