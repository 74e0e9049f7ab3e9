//! A key that spends buys only while its price is on the screen; otherwise the first press shows the price.
//!
//! ```text
//!  redraw ─▶ in_sight: the keys that the frame shows with a price, and what each would buy
//!  key ─▶ gate ─┬─ buys nothing ─────────────────▶ goes on
//!               ├─ the same purchase in sight ───▶ goes on with a permit ─▶ start
//!               └─ not in sight, or held down, ──▶ key and price in the footer; nothing is bought
//!                  or too new to have been read
//! ```
//! The functions that compose the last drawn frame decide which prices are in sight. All fetches start in
//! [`App::start`], which refuses a call that costs unless there is a permit for exactly that call.

use std::time::Duration;

use crossterm::event::KeyEvent;

use super::{App, footer};
use crate::keymap::Key;
use crate::message::{Action, BatchPart, Effect, Event, KeyScope, Notice, PaneId, Spend};
use crate::pane::Pane;
use obx_core::fetch::FetchPolicy;
use onebound::Call;

/// Least time between two presses that both buy, so that a key that is held down doesn't buy repeatedly; and in which
/// nobody reads what has just come into sight.
const MIN_INTERVAL: Duration = Duration::from_secs(1);

/// The prices on the screen.
#[derive(Debug, Default)]
pub(super) struct Spending {
    /// The purchases whose price the last frame showed.
    in_sight: Vec<InSight>,
    /// Whether anything but the user has changed the screen since the last frame.
    has_changed: bool,
    /// The key that was pressed last, and whether the one before it was the same.
    key: Option<KeyEvent>,
    is_repeated: bool,
    /// The purchase that the current key may make.
    permit: Option<Spend>,
    /// The spending action that was pressed last, and when, counted from the start of the app.
    pressed: Option<(Action, Duration)>,
    /// When the key before was pressed, counted in the same way, if it was a digit and no text.
    digit: Option<Duration>,
    /// The first digits of the ID in the input may have been taken as keys.
    digits_may_miss: bool,
}

/// A purchase whose price is on the screen.
#[derive(Debug)]
struct InSight {
    action: Action,
    spend: Spend,
    /// Since when, counted from the start of the app.
    since: Duration,
    /// Whether it came by itself, as the results of a search do, and not by a key.
    came_by_itself: bool,
}

impl App {
    /// Remembers the prices that the frame just drawn shows.
    pub(super) fn set_in_sight(&mut self) {
        let (since, came_by_itself) = (self.model.now.up, std::mem::take(&mut self.spending.has_changed));
        let mut before = std::mem::take(&mut self.spending.in_sight);
        let mut seen = |(action, spend)| {
            let known = before.iter().position(|seen| seen.action == action && seen.spend == spend);
            match known {
                Some(known) => before.swap_remove(known),
                None => InSight { action, spend, since, came_by_itself },
            }
        };
        self.spending.in_sight = self.named_with_price().into_iter().map(&mut seen).collect();
    }

    /// Notes what happens, as far as it matters for who brought a price into sight.
    pub(super) fn note_event(&mut self, event: &Event) {
        match event {
            Event::Key { in_burst: true, .. } => {
                (self.spending.key, self.spending.is_repeated) = (None, false);
            }
            Event::Key { key, .. } => {
                let last = self.spending.key.replace(*key);
                self.spending.is_repeated = last.is_some_and(|last| Key::name(last) == Key::name(*key));
            }
            Event::Mouse(_) | Event::Paste(_) | Event::Resize(_) => self.spending.key = None,
            _ => self.spending.has_changed = true,
        }
    }

    /// Whether a purchase has come into sight so lately that the key was meant for what was there before: it is the
    /// key that has caused it, pressed twice, or the row that it buys has just come.
    fn is_unread(&self, seen: &InSight) -> bool {
        let is_new = self.model.now.up.saturating_sub(seen.since) < MIN_INTERVAL;
        is_new && (self.spending.is_repeated || (seen.came_by_itself && seen.action == Action::OpenFound))
    }

    fn named_with_price(&self) -> Vec<(Action, Spend)> {
        let Some(layout) = self.layout() else { return Vec::new() };
        let in_footer = footer::content(self, layout.footer.width).offers;
        // Of all panes, only the frame of the ID shows a price.
        let frame = layout.pane(PaneId::Id).filter(|_| self.popup.is_none());
        let in_frame = frame.and_then(|area| self.id.edges(&self.model).offer_in(area.width));
        let named = in_footer.into_iter().chain(in_frame);
        named.filter_map(|action| Some((action, self.spend(action)?))).collect()
    }

    /// Whether an action may go on: if it buys nothing, or if its purchase is in sight with its price. `offered` is
    /// the action whose price the previous press showed.
    pub(super) fn gate(&mut self, action: Action, offered: Option<Action>) -> bool {
        let is_from_input = action == Action::Submit && self.popup.is_none();
        let digits_may_miss = is_from_input && std::mem::take(&mut self.spending.digits_may_miss);
        let Some(spend) = self.spend(action) else { return true };
        let now = self.model.now.up;
        let before = self.spending.pressed.replace((action, now));
        let lately = before.is_some_and(|(last, at)| last == action && now.saturating_sub(at) < MIN_INTERVAL);
        let is_offered = offered == Some(action);
        if lately && !is_offered && self.model.calls.awaited().is_none() {
            let (texts, key) = (self.model.texts, self.model.key(action));
            let too_soon = match action {
                Action::Refetch => Some(texts.refetch_too_soon(key)),
                Action::NextPage | Action::PreviousPage => Some(texts.page_too_soon(key)),
                _ => None,
            };
            if let Some(too_soon) = too_soon {
                self.model.notice = Some(Notice::offer(action, too_soon));
                return false;
            }
        }
        if digits_may_miss {
            let id = spend.item().map(ToString::to_string).unwrap_or_default();
            let key = self.model.keymap.named(self.scope(), action, self.model.texts);
            self.model.notice = Some(Notice::offer(action, self.model.texts.digits_may_miss(id, key)));
            return false;
        }
        let in_sight =
            self.spending.in_sight.iter().find(|seen| seen.action == action && seen.spend == spend);
        if in_sight.is_none_or(|seen| self.is_unread(seen)) || (lately && is_offered) {
            let key = self.model.keymap.named(self.scope(), action, self.model.texts);
            self.model.notice = Some(Notice::offer(action, self.model.texts.press_again(key)));
            return false;
        }
        self.spending.permit = Some(spend);
        true
    }

    /// Notes a digit that is pressed where it is no text, and returns whether it follows another one at once: both may
    /// be the first digits of an ID that is typed outside of its input.
    #[must_use]
    pub(super) fn note_digit(&mut self, key: KeyEvent) -> bool {
        let before = self.spending.digit.take();
        let is_digit = matches!(Key::name(key).as_bytes(), [b'0'..=b'9']);
        if self.scope() == KeyScope::Text || !is_digit {
            return false;
        }
        let now = self.model.now.up;
        self.spending.digit = Some(now);
        before.is_some_and(|at| now.saturating_sub(at) < MIN_INTERVAL)
    }

    /// Notes that the ID input was entered, and whether that was by a digit behind another one.
    pub(super) fn note_id_entered(&mut self, follows_digit: bool) {
        self.spending.digits_may_miss = follows_digit;
    }

    /// Refuses a key that arrived together with text and would start another program or end this one.
    pub(super) fn refuse_in_paste(&mut self) {
        self.model.notice = Some(Notice::alert(self.model.texts.key_in_burst()));
    }

    /// Refuses a spending key that arrived together with text, since it was not meant by itself. Shows its price, so
    /// that the next press may buy.
    pub(super) fn refuse_burst(&mut self, action: Action) {
        let texts = self.model.texts;
        let why = if action == Action::Submit {
            texts.enter_in_burst(self.model.text_key(action))
        } else {
            texts.spend_in_burst().to_owned()
        };
        let offer = self.spend(action).map(|_| action);
        self.model.notice = Some(Notice::alert(why).offering(offer));
    }

    /// Drops the permit after the key was handled, so that it can't be used later.
    pub(super) fn end_permit(&mut self) {
        self.spending.permit = None;
    }

    /// Starts a fetch; one that costs needs a permit.
    pub(super) fn start(&mut self, call: Call, want: FetchPolicy) -> Option<Effect> {
        if self.use_permit(&call, want) { self.model.start(call, want) } else { None }
    }

    /// Starts to fetch a page of a search; one that costs needs a permit.
    pub(super) fn start_search(&mut self, call: Call, want: FetchPolicy) -> Option<Effect> {
        if self.use_permit(&call, want) { self.model.start_search(call, want) } else { None }
    }

    /// Whether this call may be made, which no other one may be after it.
    fn use_permit(&mut self, call: &Call, want: FetchPolicy) -> bool {
        let permit = self.spending.permit.take();
        if self.model.spend(call, want).is_some_and(|spend| permit != Some(spend)) {
            self.model.notice = Some(Notice::alert(self.model.texts.price_unseen()));
            return false;
        }
        true
    }

    /// Of an action that only a popup has.
    pub(super) fn no_purchase(_app: &Self) -> Option<Spend> {
        None
    }

    /// What an action would buy now, given focus and popup.
    pub(super) fn spend(&self, action: Action) -> Option<Spend> {
        let Some(popup) = self.popup.as_ref().filter(|_| !action.is_of_batch()) else {
            return self.spend_in_panes(action);
        };
        match popup.purchase(action, &self.model) {
            Some((call, want)) => self.model.spend(&call, want),
            None if action == Action::Submit => self.spend_in_panes(popup.chosen(&self.model)?),
            None => None,
        }
    }

    fn spend_in_panes(&self, action: Action) -> Option<Spend> {
        match self.purchase(action)? {
            Spend::Call { call, want } => self.model.spend(&call, want),
            batch @ Spend::Batch { .. } => Some(batch),
        }
    }

    pub(super) fn submit_purchase(&self) -> Option<Spend> {
        let here = self.focus.pane();
        if here != PaneId::Id && self.pane(here).is_some_and(Pane::takes_text) {
            // There, Enter ends a filter, a search or a jq program.
            return None;
        }
        let call = self.id.call(&self.model)?;
        let want = self.model.want_for(&call);
        Some(Spend::Call { call: Box::new(call), want })
    }

    pub(super) fn refetch_purchase(&self) -> Option<Spend> {
        Some(Spend::Call { call: Box::new(self.refetched().ok()??), want: FetchPolicy::Refresh })
    }

    pub(super) fn override_purchase(&self) -> Option<Spend> {
        self.model.held_call()
    }

    pub(super) fn override_guard(&mut self) -> Vec<Effect> {
        match self.model.held_call() {
            Some(Spend::Call { call, want }) => self.start(*call, want).into_iter().collect(),
            Some(Spend::Batch { .. }) | None => vec![Effect::info(self.model.texts.nothing_held_back())],
        }
    }

    pub(super) fn batch_purchase(&self) -> Option<Spend> {
        self.model.batch_purchase(BatchPart::Planned)
    }

    pub(super) fn batch_override(&self) -> Option<Spend> {
        self.model.batch_purchase(BatchPart::DespiteBlock)
    }

    pub(super) fn batch_resumption(&self) -> Option<Spend> {
        self.model.batch_purchase(BatchPart::Left)
    }

    /// Starts the planned batch; one that costs needs a permit. Where no call would be sent, it reads what is stored.
    pub(super) fn buy_batch(&mut self) -> Vec<Effect> {
        let refusal = self.model.batch_refusal().filter(|_| self.model.batch.plan.stored == 0);
        match refusal {
            Some(refusal) => vec![Effect::alert(self.model.not_sent_text(&refusal))],
            None => self.start_batch(BatchPart::Planned),
        }
    }

    /// Starts the planned batch in spite of a block.
    pub(super) fn override_batch(&mut self) -> Vec<Effect> {
        match self.batch_override() {
            Some(_) => self.start_batch(BatchPart::DespiteBlock),
            None => vec![Effect::info(self.model.texts.nothing_held_back())],
        }
    }

    fn start_batch(&mut self, part: BatchPart) -> Vec<Effect> {
        let permit = self.spending.permit.take();
        if self.model.batch_purchase(part).is_some_and(|spend| permit != Some(spend)) {
            return vec![Effect::alert(self.model.texts.price_unseen())];
        }
        match self.model.start_batch(part) {
            Some(effect) => vec![effect],
            None => vec![Effect::info(self.model.texts.batch_none_planned())],
        }
    }

    /// Pauses the batch, or has a paused one go on, which needs a permit if it costs.
    pub(super) fn pause_batch(&mut self) -> Vec<Effect> {
        let permit = self.spending.permit.take();
        if self.batch_resumption().is_some_and(|spend| permit != Some(spend)) {
            return vec![Effect::alert(self.model.texts.price_unseen())];
        }
        let pauses = !self.model.batch.is_paused();
        match self.model.pause_batch(pauses) {
            Some(effect) => vec![effect],
            None => vec![self.cannot_be_stopped()],
        }
    }

    pub(super) fn refetch(&mut self) -> Vec<Effect> {
        let effect = match self.refetched() {
            Ok(Some(call)) => Effect::start_fetch(call, FetchPolicy::Refresh),
            Ok(None) => Effect::alert(self.model.texts.nothing_to_fetch()),
            Err(why) => Effect::alert(why),
        };
        vec![effect]
    }

    /// The call that a refetch would send, bypassing store and vendor's cache: that of the log's row under the
    /// cursor, or else of the answer on the screen, or else of the ID in the input.
    fn refetched(&self) -> Result<Option<Call>, String> {
        let of_row = self.pane(self.focus.pane()).and_then(|pane| pane.refreshes(&self.model)).transpose()?;
        let shown = self.model.shown.as_ref().map(|shown| &shown.exchange.call);
        let again = |shown: &Call| shown.num_iid().map_or_else(|| shown.clone(), |id| self.model.call(id));
        let call = of_row.or_else(|| shown.map(again)).or_else(|| self.id.call(&self.model));
        Ok(call.map(Call::refreshed))
    }
}
