//! `^R`: lists every item that was ever requested, and finds them by part of their ID, title or note.

mod matching;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::{Line, Span};

use super::popup::{close, closes};
use super::text_input::TextInput;
use super::{Hint, Popup};
use crate::message::{Action, Effect, KeyScope, StoreEvent, StoreRequest};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::layout::{inner, popup};
use crate::ui::scroll::Scroll;
use crate::ui::text::{clean, pad_left, pad_right, wrap};
use crate::ui::theme::{STAR, Theme};
use matching::Matching;
use obx_core::store::KnownItem;

/// Size of the popup, in cells.
const SIZE: Size = Size { width: 110, height: 30 };
/// Most IDs have this many digits.
const ID_WIDTH: usize = 13;
/// `12-18 15:24`
const TIME_WIDTH: usize = 11;

/// The popup: the search line, and the items of the store.
#[derive(Debug)]
pub struct HistoryView {
    input: TextInput,
    items: Items,
    scroll: Scroll,
    height: u16,
}

#[derive(Debug)]
enum Items {
    Awaited,
    Unread,
    Known(Box<Matching>),
}

impl HistoryView {
    /// Opens the popup with these words, for the items of this catalog; also returns the request to the store.
    pub fn open(words: &str, catalog: onebound::Catalog) -> (Self, Effect) {
        let input = TextInput::default().with_text(words);
        let view = Self { input, items: Items::Awaited, scroll: Scroll::default(), height: 0 };
        (view, Effect::Store(StoreRequest::Items(catalog)))
    }

    fn chosen(&self) -> Option<&KnownItem> {
        match &self.items {
            Items::Known(known) => known.get(self.scroll.at),
            Items::Awaited | Items::Unread => None,
        }
    }

    fn count(&self) -> usize {
        match &self.items {
            Items::Known(known) => known.count(),
            Items::Awaited | Items::Unread => 0,
        }
    }

    fn search(&mut self) {
        self.scroll = Scroll::default();
        if let Items::Known(known) = &mut self.items {
            known.search(self.input.text());
        }
    }

    fn edges(&self, model: &Model) -> Edges {
        let texts = model.texts;
        let title = Line::from(format!(" {}{} ", texts.history_title(), times_in(model)));
        let right = match &self.items {
            Items::Known(known) if known.all() > 0 => {
                Line::from(format!(" {} ", texts.shown_of(known.count(), known.all())))
            }
            Items::Known(_) | Items::Awaited | Items::Unread => Line::default(),
        };
        Edges { title, right, ..Edges::default() }
    }

    fn view_rows(&self, known: &Matching, area: Rect, model: &Model, buffer: &mut Buffer) {
        let visible = self.scroll.top..self.scroll.top + usize::from(area.height);
        let items: Vec<&KnownItem> = visible.map_while(|at| known.get(at)).collect();
        let columns = Columns::new(&items, area.width);
        for (y, (at, item)) in (area.y..area.bottom()).zip((self.scroll.top..).zip(items)) {
            crate::ui::line(buffer, area.x, y, area.width, &columns.row(item, model));
            if at == self.scroll.at {
                crate::ui::row_style(buffer, area, y, Theme.cursor(true));
            }
        }
    }

    /// The message in place of rows, if there are none.
    fn instead(&self, model: &Model) -> Vec<&'static str> {
        let texts = model.texts;
        match &self.items {
            Items::Awaited => vec![texts.history_loading()],
            Items::Unread => vec![texts.history_unread()],
            Items::Known(known) if known.all() == 0 && model.session.remembers => {
                vec![texts.history_empty(), texts.history_empty_next()]
            }
            Items::Known(known) if known.all() == 0 => {
                vec![texts.history_empty(), texts.history_empty_unstored()]
            }
            Items::Known(_) => vec![texts.history_no_match()],
        }
    }
}

impl Popup for HistoryView {
    fn scope(&self) -> KeyScope {
        KeyScope::Text
    }

    fn act(&mut self, action: Action, _model: &Model) -> Vec<Effect> {
        let chosen = self.chosen().map(|item| item.num_iid.clone());
        match (action, chosen) {
            (Action::Submit, Some(id)) => vec![Effect::ClosePopup, Effect::ShowNewest(id)],
            (Action::NextPane, Some(id)) => vec![Effect::ClosePopup, Effect::FillId(id)],
            _ if closes(action, Action::History) => vec![Effect::ClosePopup],
            _ => {
                self.scroll.act(action, self.count(), usize::from(self.height));
                Vec::new()
            }
        }
    }

    fn type_key(&mut self, key: KeyEvent) -> Vec<Effect> {
        if self.input.type_key(key) {
            self.search();
        }
        Vec::new()
    }

    fn paste(&mut self, text: &str) -> Vec<Effect> {
        self.input.insert(text);
        self.search();
        Vec::new()
    }

    fn on_event(&mut self, news: &StoreEvent) -> Vec<Effect> {
        match news {
            StoreEvent::Items(items) => {
                self.items = Items::Known(Box::new(Matching::new(items.rows.clone())));
                self.search();
            }
            StoreEvent::Failed(_) if matches!(self.items, Items::Awaited) => self.items = Items::Unread,
            _ => {}
        }
        Vec::new()
    }

    fn layout(&mut self, model: &Model, screen: Size) {
        self.height = inner(self.area(screen)).height.saturating_sub(1);
        self.scroll.clamp(self.count(), usize::from(self.height));
        self.input.set_placeholder(model.texts.history_placeholder());
    }

    fn area(&self, screen: Size) -> Rect {
        popup(screen, SIZE.width, SIZE.height)
    }

    fn view(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
        crate::ui::popup_frame(buffer, area, &self.edges(model));
        let inside = inner(area);
        self.input.view_in_popup(inside, buffer);
        let rows = Rect { y: inside.y + 1, height: inside.height.saturating_sub(1), ..inside };
        match &self.items {
            Items::Known(known) if known.count() > 0 => self.view_rows(known, rows, model, buffer),
            Items::Known(_) | Items::Awaited | Items::Unread => {
                view_instead(&self.instead(model), rows, buffer);
            }
        }
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let texts = model.texts;
        let back = close(model);
        if self.chosen().is_none() {
            return vec![back];
        }
        let show = Hint::free(Action::Submit, texts.hint_show_newest());
        vec![show, Hint::free(Action::NextPane, texts.hint_fill_id()), back]
    }
}

/// Draws paragraphs in a dim style, below a blank row.
pub(super) fn view_instead(paragraphs: &[&str], area: Rect, buffer: &mut Buffer) {
    let room = usize::from(area.width.saturating_sub(2));
    let lines = paragraphs.iter().flat_map(|paragraph| wrap(paragraph, room));
    let lines = lines.map(|line| Line::styled(format!(" {line}"), Theme.dim()));
    crate::ui::lines(buffer, area, std::iter::once(Line::default()).chain(lines));
}

/// The suffix of a title over rows with times, as ` (times UTC-5)`; empty if they are in Beijing's time.
pub(super) fn times_in(model: &Model) -> String {
    match model.session.zone_mark(model.now.at).trim() {
        "" => String::new(),
        zone => model.texts.times_in(zone),
    }
}

/// The widths of a row's parts, in cells.
struct Columns {
    id: usize,
    title: usize,
    note: usize,
}

impl Columns {
    fn new(items: &[&KnownItem], room: u16) -> Self {
        let id = items.iter().map(|item| item.num_iid.as_str().len() + 1).max().unwrap_or_default();
        let id = id.max(ID_WIDTH);
        // The star with blanks around it, a blank before the time, and one after it.
        let rest = usize::from(room).saturating_sub(3 + id + TIME_WIDTH + 2);
        let noted = items.iter().any(|item| !item.note.is_empty());
        let note = if noted { rest * 2 / 5 } else { 0 };
        Self { id, title: rest - note, note }
    }

    fn row(&self, item: &KnownItem, model: &Model) -> Line<'static> {
        let theme = Theme;
        let star = if item.starred { STAR } else { " " };
        let title = match item.title.as_str() {
            "" => Span::styled(pad_right(model.texts.no_title(), self.title), theme.dim()),
            title => Span::raw(pad_right(&clean(title), self.title)),
        };
        let note = pad_right(&clean(&item.note), self.note.saturating_sub(2));
        let gap = if self.note > 0 { "  " } else { "" };
        let asked_at = model.session.row_time(item.asked_at, model.now.at);
        Line::from(vec![
            Span::styled(format!(" {star} "), theme.key()),
            Span::styled(pad_right(item.num_iid.as_str(), self.id), theme.strong()),
            title,
            Span::styled(format!("{gap}{note} "), theme.heading()),
            Span::styled(format!("{} ", pad_left(&asked_at, TIME_WIDTH)), theme.dim()),
        ])
    }
}
