//! Searches what all stored answers say, while it is typed; never a call. What the index has comes first, then what
//! stands in bodies alone, piece by piece.

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

/// Of the popup, in cells.
const SIZE: Size = Size { width: 110, height: 30 };
/// `12-18 15:24`
const TIME_WIDTH: usize = 11;
const ID_WIDTH: usize = 13;

/// The popup: what is typed, and what was found where that stands.
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
    /// Nothing is typed.
    Resting,
    /// What was found is of words before these.
    Awaited,
    /// What the index has is there; the bodies are being searched, so much of them is done, in percent.
    InBodies(u8),
    Answered,
    Unread,
}

impl StoreSearch {
    /// The popup with these words typed, over the answers of this gateway, and what it asks of the store.
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

    /// The exchange under the cursor; `None` where it has no row in the store to be opened by.
    fn chosen(&self) -> Option<ExchangeId> {
        self.found.get(self.scroll.at).and_then(|found| found.line.id)
    }

    /// More is added below, so that the row under the cursor stays.
    fn take_piece(&mut self, piece: &BodySearch) -> Vec<Effect> {
        // One that has no row yet comes once, with the first piece.
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

    /// Asked for piece by piece: nobody asks for the next one once the popup is closed or other words are typed.
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

    /// In place of rows, while there are none.
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
        let told = match self.state {
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
        Edges { title, right: Line::from(format!(" {told} ")), ..Edges::default() }
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

/// When, which item, its title, and what came of it.
fn row(found: &Found, id_width: usize, room: u16, model: &Model) -> Line<'static> {
    let theme = Theme;
    let line = &found.line;
    let at = model.session.row_time(line.ended_at(), model.now.at);
    let rest = usize::from(room).saturating_sub(1 + TIME_WIDTH + 2 + id_width + 3);
    let outcome = (rest * 2 / 5).min(24);
    let title = pad_right(&clean(&found.title), rest - outcome);
    let told = verdict(&line.conclusion, model.texts);
    Line::from(vec![
        Span::styled(format!(" {}  ", pad_left(&at, TIME_WIDTH)), theme.dim()),
        Span::styled(pad_right(line.subject.as_str(), id_width), theme.strong()),
        Span::raw(title),
        Span::styled(format!("  {}", pad_right(&told, outcome)), theme.text()),
    ])
}
