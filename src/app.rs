//! The explorer without its shell: events in, effects and a picture out. No clock, no socket, no file.
//!
//! ```text
//!  Event ─▶ update ─┬─ key ─▶ keymap ─▶ Action ─▶ app, popup or pane ──┐
//!                   └─ news of a fetch ─▶ Model::apply                 ├─▶ Vec<Effect>
//!  view ◀─ header, panes, footer, popup ◀─ Model ◀─────────────────────┘
//! ```

// An effect that is dropped is never carried out: what a function gives is used, or left with a reason.
#![warn(unused_results)]

mod actions;
mod dispatch;
mod drawing;
mod export;
mod focus;
mod footer;
mod header;
mod keys;
mod opening;
mod spending;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use ratatui::layout::Size;

use crate::keymap::{Key, Keymap};
use crate::message::{Effect, Event, Notice, Now, PaneId, Purpose, StoreEvent};
use crate::model::Model;
use crate::model::session_info::SessionInfo;
use crate::pane::card::Card;
use crate::pane::difference_view::{DifferenceView, HistoryPoint, When};
use crate::pane::{IdInput, Pane, Popup, verdict};
use crate::ui::layout::{Layout, inner};
use focus::Focus;
use obx_core::i18n::Texts;
use obx_core::store::{ExchangeId, Version, beijing_day, day_end};
use onebound::{Difference, Exchange, ItemId, item_id_of};
use spending::Spending;

/// The explorer.
#[derive(Debug)]
pub struct App {
    model: Model,
    keymap: Keymap,
    id: IdInput,
    /// But for the ID input, which the app also fills.
    others: Vec<(PaneId, Box<dyn Pane>)>,
    focus: Focus,
    popup: Option<Box<dyn Popup>>,
    /// What comes back when the help in front of it is closed.
    behind: Option<Box<dyn Popup>>,
    /// The first of two keys, waiting for the second.
    prefix: Option<Key>,
    size: Size,
    /// Whether quitting was asked for once while a call is under way.
    quit_asked: bool,
    spending: Spending,
    /// When a line to type in was asked for and refused, or last typed for.
    refused: Option<Duration>,
    /// What panes asked for before there was an event to answer.
    due: Vec<Effect>,
}

impl App {
    /// A session of this size, with the focus on the ID.
    pub fn new(session: SessionInfo, texts: Texts, size: Size, at: Timestamp) -> Self {
        let mut others = crate::pane::all();
        others.retain(|(id, _)| *id != PaneId::Id);
        let mut app = Self {
            model: Model::new(texts, session, at),
            keymap: Keymap::default(),
            id: IdInput::default(),
            others,
            focus: Focus::default(),
            popup: None,
            behind: None,
            prefix: None,
            size,
            quit_asked: false,
            spending: Spending::default(),
            refused: None,
            due: Vec::new(),
        };
        app.due = app.lay_out();
        app
    }

    /// The screen's size as it was last told.
    pub fn size(&self) -> Size {
        self.size
    }

    /// The texts in the interface's language.
    pub fn texts(&self) -> Texts {
        self.model.texts
    }

    /// Writes an ID into the input. Nothing is fetched.
    pub fn fill_id(&mut self, text: &str) {
        self.id.fill(text);
        let due = self.lay_out();
        self.due.extend(due);
    }

    /// Says something in the footer, until the first key.
    pub fn warn(&mut self, text: &str) {
        self.model.notice = Some(Notice::alert(text));
    }

    /// Takes an event in, and returns the effects that are carried out outside of the app.
    #[must_use = "an effect that is dropped is never carried out"]
    pub fn update(&mut self, now: Now, event: Event) -> Vec<Effect> {
        self.model.now = now;
        let came_from = self.focus.pane();
        let is_key = matches!(event, Event::Key { .. });
        let effects = self.on_event(event);
        let mut passed_on = self.dispatch(effects);
        self.end_permit();
        let now_in = self.focus.pane();
        if is_key && now_in == PaneId::Id && came_from != PaneId::Id {
            self.id.select_all();
            // Enter is asked there again; what was held back before is past.
            self.model.pending_confirmation = None;
        }
        if now_in != came_from {
            self.with_pane(came_from, |pane, _| pane.leave());
        }
        let mut due = std::mem::take(&mut self.due);
        due.extend(self.lay_out());
        passed_on.extend(self.dispatch(due));
        passed_on.extend(self.model.analyze());
        passed_on
    }

    fn on_event(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Key { key, in_burst } => self.on_key(key, in_burst),
            Event::Paste(text) => self.on_paste(&text),
            Event::PasteCutOff => vec![Effect::alert(self.model.texts.paste_cut_off())],
            Event::NotUtf8 => vec![Effect::alert(self.model.texts.typed_not_utf8())],
            Event::Resize(size) => {
                self.size = size;
                Vec::new()
            }
            Event::Fetch(ticket, news) => self.model.apply(ticket, news),
            Event::Store(news) => self.on_store(news),
            Event::Filtered(filtered) => {
                self.others.iter_mut().for_each(|(_, pane)| pane.on_event(&filtered));
                Vec::new()
            }
            Event::JobDone(done) => {
                self.others.iter_mut().for_each(|(_, pane)| pane.on_job(&done));
                Vec::new()
            }
            Event::File { exchanges, left_out } => self.on_file(exchanges, left_out),
            Event::Started => vec![self.model.remember()],
            Event::Done(done) => self.on_done(done),
            Event::Wake => self.model.ask_after_lease().into_iter().collect(),
            Event::Analyzed => Vec::new(),
        }
    }

    /// When the picture will change next by itself, since the app started; `None` while it stands.
    pub fn next_wake(&self) -> Option<Duration> {
        let awaited = self.model.calls.awaited().map(|call| {
            let elapsed = self.model.now.up.saturating_sub(call.since).as_millis();
            let beats = u64::try_from(elapsed / 500).unwrap_or_default() + 1;
            call.since + Duration::from_millis(beats * 500)
        });
        let call = self.id.call(&self.model);
        let until = call.and_then(|call| self.model.fresh_until(&call));
        let stale = until.filter(|until| self.model.now.at < *until).map(|until| self.up_at(until));
        let lease = self.model.log.next_lease_end().map(|until| self.up_at(until));
        awaited.into_iter().chain(stale).chain(lease).chain(self.day_turns()).min()
    }

    /// A moment on the wall, since the app started; now, where it has passed.
    fn up_at(&self, at: Timestamp) -> Duration {
        let left = Duration::try_from(at.duration_since(self.model.now.at)).unwrap_or_default();
        self.model.now.up + left
    }

    /// When the quota on the screen is yesterday's, since the app started.
    fn day_turns(&self) -> Option<Duration> {
        let now = self.model.now;
        let (_, told_at) = self.model.quota()?;
        let today = beijing_day(told_at) == beijing_day(now.at);
        today.then(|| self.up_at(day_end(now.at)))
    }

    fn layout(&self) -> Option<Layout> {
        Layout::new(self.size, self.focus.front())
    }

    fn pane(&self, id: PaneId) -> Option<&dyn Pane> {
        if id == PaneId::Id {
            return Some(&self.id);
        }
        self.others.iter().find(|(other, _)| *other == id).map(|(_, pane)| pane.as_ref())
    }

    /// Lays the panes out, before they are drawn; returns the effects they requested while doing so.
    fn lay_out(&mut self) -> Vec<Effect> {
        if self.model.is_behind() {
            self.model.update_day();
        }
        let layout = self.layout().unwrap_or_default();
        let area = |id| layout.pane(id).map(inner).unwrap_or_default();
        self.id.layout(&self.model, area(PaneId::Id));
        let mut due = Vec::new();
        for (id, pane) in &mut self.others {
            pane.layout(&self.model, area(*id));
            due.extend(pane.due(&self.model));
        }
        if let Some(popup) = &mut self.popup {
            popup.layout(&self.model, self.size);
        }
        due
    }

    /// News of the store: what was asked for is opened, the rest is the model's.
    fn on_store(&mut self, news: StoreEvent) -> Vec<Effect> {
        let asked = self.popup.as_mut().map(|popup| popup.on_event(&news)).unwrap_or_default();
        asked.into_iter().chain(self.take_news(news)).collect()
    }

    fn take_news(&mut self, news: StoreEvent) -> Vec<Effect> {
        match news {
            StoreEvent::Newest { item, answer } => {
                let wanted = self.model.take_newest(&item);
                if wanted { self.open_newest(&item.num_iid, answer) } else { Vec::new() }
            }
            StoreEvent::Exchange { id, purpose, exchange } => {
                let wanted = self.model.take_wanted(id, purpose);
                if wanted { self.open_stored(id, purpose, exchange) } else { Vec::new() }
            }
            StoreEvent::Difference { before, after, difference } => {
                self.open_difference(&before, &after, difference);
                Vec::new()
            }
            news => self.model.apply_store(news),
        }
    }

    /// The item is shown, or else its ID is put into the input: nothing is fetched unasked.
    fn open_newest(&mut self, num_iid: &ItemId, answer: Option<(ExchangeId, Arc<Exchange>)>) -> Vec<Effect> {
        if let Some((id, exchange)) = answer {
            let effect = self.model.show_stored(id, exchange);
            self.name_shown();
            return effect.into_iter().collect();
        }
        self.fill_in(num_iid);
        self.model.notice = Some(Notice::info(self.model.texts.item_without_answer(num_iid)));
        Vec::new()
    }

    fn open_stored(&mut self, id: ExchangeId, purpose: Purpose, exchange: Arc<Exchange>) -> Vec<Effect> {
        match purpose {
            Purpose::Show => {
                let effect = self.model.show_stored(id, exchange);
                self.name_shown();
                return effect.into_iter().collect();
            }
            Purpose::Explain => self.popup = Some(Box::new(Card::new(&exchange, &self.model))),
        }
        Vec::new()
    }

    /// Whatever the user went to, the input names it, unless it is being edited.
    fn name_shown(&mut self) {
        let shown = self.model.shown.as_ref().and_then(|shown| shown.exchange.call.num_iid());
        if let Some(num_iid) = shown.filter(|_| self.focus.pane() != PaneId::Id) {
            self.id.fill(num_iid.as_str());
        }
    }

    fn open_difference(&mut self, before: &Exchange, after: &Exchange, difference: Arc<Difference>) {
        let model = &self.model;
        let when = |exchange: &Exchange| When {
            item: item_id_of(exchange).unwrap_or_default(),
            clock: model.session.log_time(exchange.ended_at(), model.now.at),
            verdict: verdict(&exchange.summary(), model.texts),
        };
        let point = |version: &Version| {
            HistoryPoint::from_written(version.at, version.price.as_deref(), version.stock.as_deref())
        };
        let history = model.versions.all().iter().map(point).collect();
        let view = DifferenceView::new(difference, when(before), when(after), history, model.texts);
        self.popup = Some(Box::new(view));
    }
}
