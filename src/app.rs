//! The explorer without a terminal: takes events, returns effects, draws frames. It has no clock, socket or file.
//!
//! ```text
//!  Event ─▶ update ─┬─ key ─▶ keymap ─▶ Action ─▶ app, popup or pane ──┐
//!                   └─ event of a fetch ─▶ Model::apply                ├─▶ Vec<Effect>
//!  view ◀─ header, panes, footer, popup ◀─ Model ◀─────────────────────┘
//! ```

// An effect that is dropped is never carried out, so every return value is used or discarded with a reason.
#![warn(unused_results)]

mod actions;
mod batch;
mod dispatch;
mod drawing;
mod export;
mod focus;
mod footer;
mod header;
mod keys;
mod mouse;
mod opening;
mod overlay;
mod restore;
mod spending;
mod splits;
mod stored;
mod tour;

use std::time::Duration;

use jiff::Timestamp;
use ratatui::layout::Size;

use crate::keymap::{Key, Keymap};
use crate::message::{
    Action, Effect, Event, FetchEvent, JobSlot, Looks, Notice, Now, PaneId, Ticket, analyze,
};
use crate::model::Model;
use crate::model::session_info::SessionInfo;
use crate::pane::{IdInput, Pane, Popup};
use crate::ui::layout::{Front, Layout, Screen, inner};
use crate::ui::lean::is_lean;
use focus::Focus;
use obx_core::config::ThemeName;
use obx_core::i18n::Texts;
use obx_core::store::{beijing_day, day_end};
use onebound_document::NodeRef;
pub use restore::ViewMilestone;
use spending::Spending;
use tour::Tour;

/// How often the sign of a call under way moves, in milliseconds.
const BEAT: u64 = 500;
/// The same on a slow line.
const SLOW_BEAT: u64 = 2_000;
/// The same for a screen reader, which reads out what changes.
const READ_OUT_BEAT: u64 = 5_000;

#[derive(Debug)]
pub struct App {
    model: Model,
    id: IdInput,
    /// But for the ID input, which the app also fills.
    others: Vec<(PaneId, Box<dyn Pane>)>,
    focus: Focus,
    popup: Option<Box<dyn Popup>>,
    /// The popup that comes back when the help in front of it is closed.
    behind: Option<Box<dyn Popup>>,
    /// The first of two keys, while the second is awaited.
    prefix: Option<Key>,
    size: Size,
    screen: Screen,
    /// The node under the cursor that the response followed last, and the generation of its answer.
    followed: Option<(u64, NodeRef)>,
    /// `None` without colours.
    theme: Option<ThemeName>,
    /// By flags, environment and config file, before a key changed them.
    configured_looks: Looks,
    tour: Option<Tour>,
    /// Whether the user has already tried to quit, so that the next time quits despite a call under way.
    quit_asked: bool,
    spending: Spending,
    /// When opening an input was refused, or when a key was last dropped because of it; counted from the start of the
    /// app.
    refused: Option<Duration>,
    /// The generation of the answer whose analysis was requested last, and its job.
    analysis: Option<(u64, JobSlot<()>)>,
    /// Effects of panes that wait for the next event, since only an event returns effects.
    due: Vec<Effect>,
}

/// All panes but the ID input.
fn other_panes() -> Vec<(PaneId, Box<dyn Pane>)> {
    let mut panes = crate::pane::all();
    panes.retain(|(id, _)| *id != PaneId::Id);
    panes
}

impl App {
    /// Creates a session with a screen of this size and the focus on the ID.
    pub fn new(session: SessionInfo, texts: Texts, size: Size, at: Timestamp) -> Self {
        let mut app = Self {
            model: Model::new(texts, session, at),
            id: IdInput::default(),
            others: other_panes(),
            focus: Focus::default(),
            popup: None,
            behind: None,
            prefix: None,
            size,
            screen: Screen::new(size),
            followed: None,
            theme: Some(ThemeName::default()),
            configured_looks: Looks { theme: Some(ThemeName::default()), language: texts.language() },
            tour: None,
            quit_asked: false,
            spending: Spending::default(),
            refused: None,
            analysis: None,
            due: Vec::new(),
        };
        app.due = app.lay_out();
        app
    }

    /// The same with other keys than the default ones.
    #[must_use]
    pub fn with_keymap(mut self, keymap: Keymap) -> Self {
        self.model.keymap = keymap;
        // What was laid out names the default keys.
        self.others = other_panes();
        self.due = self.lay_out();
        self
    }

    /// The screen's current size.
    pub fn size(&self) -> Size {
        self.size
    }

    pub fn texts(&self) -> Texts {
        self.model.texts
    }

    /// Says which theme the terminal shows, or that it shows no colours.
    pub fn use_theme(&mut self, theme: Option<ThemeName>) {
        self.theme = theme;
    }

    /// The theme that is shown; `None` without colours.
    pub fn theme(&self) -> Option<ThemeName> {
        self.theme
    }

    /// How many rows of the request log are in memory.
    pub fn rows_in_memory(&self) -> usize {
        self.model.log.held_count()
    }

    /// Puts an ID into the input, without fetching it.
    pub fn fill_id(&mut self, text: &str) {
        self.id.fill(text);
        let due = self.lay_out();
        self.due.extend(due);
    }

    /// Shows a warning in the footer until the next key.
    pub fn warn(&mut self, text: &str) {
        self.model.notice = Some(Notice::alert(text));
    }

    /// Handles an event, and returns the effects that are carried out outside of the app.
    #[must_use = "an effect that is dropped is never carried out"]
    pub fn update(&mut self, now: Now, event: Event) -> Vec<Effect> {
        self.model.now = now;
        let previous_pane = self.focus.pane();
        let is_key = matches!(event, Event::Key { .. } | Event::Mouse(_));
        self.note_event(&event);
        let effects = self.on_event(event);
        let mut passed_on = self.dispatch(effects);
        self.end_permit();
        let current_pane = self.focus.pane();
        if is_key && current_pane == PaneId::Id && previous_pane != PaneId::Id {
            self.id.select_all();
            // A question is now typed there, so the call that was held back is obsolete.
            self.model.pending_confirmation = None;
        }
        if current_pane != previous_pane {
            self.with_pane(previous_pane, |pane, _| pane.leave());
        }
        let mut due = std::mem::take(&mut self.due);
        due.extend(self.lay_out());
        if self.advance_tour() {
            // The strip's rows are the card's again.
            due.extend(self.lay_out());
        }
        passed_on.extend(self.dispatch(due));
        passed_on.extend(self.analyze());
        passed_on.extend(self.model.calculate_prices());
        passed_on
    }

    fn on_event(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Key { key, in_burst } => self.on_key(key, in_burst),
            Event::Mouse(input) => self.on_mouse(input),
            Event::Paste(text) => self.on_paste(&text),
            Event::PasteCutOff => vec![Effect::alert(self.model.texts.paste_cut_off())],
            Event::NotUtf8 => vec![Effect::alert(self.model.texts.typed_not_utf8())],
            Event::Resize(size) => {
                self.size = size;
                self.screen.size = self.card_size();
                Vec::new()
            }
            Event::Fetch(ticket, received) => self.on_fetch(ticket, received),
            Event::Batch(ticket, update) => self.on_batch(ticket, update),
            Event::Store(received) => self.on_store(received),
            Event::Filtered(filtered) => {
                self.others.iter_mut().for_each(|(_, pane)| pane.on_event(&filtered));
                Vec::new()
            }
            Event::Priced(priced) => {
                self.model.apply_prices(priced);
                Vec::new()
            }
            Event::JobDone(done) => {
                if done.has_failed() {
                    self.model.notice = Some(Notice::alert(self.model.texts.work_failed()));
                }
                self.others.iter_mut().for_each(|(_, pane)| pane.on_job(&done));
                self.popup.iter_mut().chain(&mut self.behind).for_each(|popup| popup.on_job(&done));
                Vec::new()
            }
            Event::File { exchanges, notes } => self.on_file(exchanges, notes),
            Event::Started => vec![self.model.remember()],
            Event::Done(done) => self.on_done(done),
            Event::Wake => self.model.ask_after_lease().into_iter().collect(),
        }
    }

    /// Applies an event of a fetch, and says when a page of a search arrives that no popup shows.
    fn on_fetch(&mut self, ticket: Ticket, received: FetchEvent) -> Vec<Effect> {
        let before = self.model.search.revision();
        let effects = self.model.apply(ticket, received);
        let is_seen = self.popup.as_ref().is_some_and(|popup| popup.shows_search());
        if self.model.search.revision() != before && !is_seen && self.model.notice.is_none() {
            let text = self.model.texts.search_arrived(self.model.key(Action::Search));
            self.model.notice = Some(Notice::info(text));
        }
        effects
    }

    /// Requests the analysis of the answer on the screen, once each time that an answer is shown. A large answer is shown
    /// before it is analyzed.
    fn analyze(&mut self) -> Option<Effect> {
        let generation = self.model.generation();
        let shown = self.model.shown.as_ref().filter(|shown| !shown.exchange.is_analyzed())?;
        if self.analysis.as_ref().is_some_and(|(of, _)| *of == generation) {
            return None;
        }
        let (_, job) = &mut *self.analysis.insert((generation, JobSlot::default()));
        analyze(job, &shown.exchange)
    }

    /// When the screen changes next without an event, counted from the start of the app; `None` if nothing will.
    pub fn next_wake(&self) -> Option<Duration> {
        let awaited = self.model.calls.awaited().map(|call| {
            let elapsed = self.model.now.up.saturating_sub(call.since).as_millis();
            let beat = match self.model.session.display.accessible {
                true => READ_OUT_BEAT,
                false if is_lean() => SLOW_BEAT,
                false => BEAT,
            };
            let beats = u64::try_from(elapsed / u128::from(beat)).unwrap_or_default() + 1;
            call.since + Duration::from_millis(beats * beat)
        });
        let call = self.id.call(&self.model);
        let until = call.and_then(|call| self.model.fresh_until(&call));
        let stale = until.filter(|until| self.model.now.at < *until).map(|until| self.up_at(until));
        let in_popup = self.popup.as_ref().and_then(|popup| popup.changes_at(&self.model));
        let in_popup = in_popup.map(|at| self.up_at(at));
        let lease = self.model.log.next_lease_end().map(|until| self.up_at(until));
        awaited.into_iter().chain(stale).chain(in_popup).chain(lease).chain(self.day_turns()).min()
    }

    /// Converts a wall-clock time to time since the start of the app; the present for a time that has passed.
    fn up_at(&self, at: Timestamp) -> Duration {
        let left = Duration::try_from(at.duration_since(self.model.now.at)).unwrap_or_default();
        self.model.now.up + left
    }

    /// When the quota on the screen becomes yesterday's, counted from the start of the app.
    fn day_turns(&self) -> Option<Duration> {
        let now = self.model.now;
        let (_, reported_at) = self.model.quota()?;
        let today = beijing_day(reported_at) == beijing_day(now.at);
        today.then(|| self.up_at(day_end(now.at)))
    }

    fn layout(&self) -> Option<Layout> {
        let front = self.focus.front();
        // One pane at a time: a screen reader reads a line as a whole.
        let full = front.full || self.model.session.display.accessible;
        Layout::new(&self.screen, Front { full, ..front })
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
        self.screen.size = self.card_size();
        let mut due = self.lay_out_panes();
        let needs = self.others.iter().map(|(id, pane)| (*id, pane.needs(&self.model))).collect();
        if self.screen.needs != needs {
            // Texts are wrapped to their pane's width, which no need of rows changes.
            self.screen.needs = needs;
            due.extend(self.lay_out_panes());
        }
        let card = self.card_size();
        if let Some(popup) = &mut self.popup {
            popup.layout(&self.model, card);
            due.extend(popup.due());
        }
        due
    }

    fn lay_out_panes(&mut self) -> Vec<Effect> {
        let layout = self.layout().unwrap_or_default();
        let area = |id| layout.pane(id).map(inner).unwrap_or_default();
        let mut due = self.id.layout(&self.model, area(PaneId::Id));
        for (id, pane) in self.others.iter_mut().filter(|(id, _)| *id != PaneId::Response) {
            due.extend(pane.layout(&self.model, area(*id)));
        }
        if layout.pane(PaneId::Response).is_some() {
            self.follow();
        }
        due.extend(
            self.with_pane(PaneId::Response, |pane, model| pane.layout(model, area(PaneId::Response))),
        );
        due
    }

    /// Shows in the response beside it what the row under the cursor is about.
    fn follow(&mut self) {
        let node = self.pane(self.focus.pane()).and_then(|pane| pane.node(&self.model));
        let node = node.map(|node| (self.model.generation(), node));
        if let Some(followed) = node.filter(|node| self.followed.as_ref() != Some(node)) {
            self.with_pane(PaneId::Response, |pane, model| pane.follow(&followed.1, model));
            self.followed = Some(followed);
        }
    }
}
