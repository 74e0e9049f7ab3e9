//! A key that spends buys only while its price is on the screen; where it is not, the first press brings it.
//!
//! ```text
//!  redraw ─▶ in_sight: which keys the picture names with their price, and what each would buy
//!  key ─▶ gate ─┬─ buys nothing ─────────────────▶ goes on
//!               ├─ the same purchase in sight ───▶ goes on with a permit ─▶ start
//!               └─ not in sight, or held down ───▶ its key and price in the footer; nothing is bought
//! ```
//! What is in sight follows from the functions that lay the picture out, for the picture that was drawn last. Whatever
//! asks for a fetch comes through [`App::start`], which starts nothing that costs without a permit for that very call.

use std::time::Duration;

use super::{App, footer};
use crate::message::{Action, Effect, Notice, PaneId, Spend};
use crate::pane::Pane;
use obx_core::fetch::FetchPolicy;
use onebound::Call;

/// Between two presses of a key that each buy: a key that repeats must not buy again and again.
const BREATH: Duration = Duration::from_secs(1);

/// What is known of prices on the screen.
#[derive(Debug, Default)]
pub(super) struct Spending {
    /// What the last picture named with a price.
    in_sight: Vec<(Action, Spend)>,
    /// What the key being handled may buy.
    permit: Option<Spend>,
    /// Which spending action was pressed last, and when, since the app started.
    pressed: Option<(Action, Duration)>,
}

impl App {
    /// Remembers what the picture that was just drawn names with a price.
    pub(super) fn set_in_sight(&mut self) {
        self.spending.in_sight = self.named_with_price();
    }

    fn named_with_price(&self) -> Vec<(Action, Spend)> {
        let Some(layout) = self.layout() else { return Vec::new() };
        let in_footer = footer::content(self, layout.footer.width).offers;
        // Of the panes only the ID's frame names one.
        let frame = layout.pane(PaneId::Id).filter(|_| self.popup.is_none());
        let in_frame = frame.and_then(|area| self.id.edges(&self.model).offer_in(area.width));
        let named = in_footer.into_iter().chain(in_frame);
        named.filter_map(|action| Some((action, self.spend(action)?))).collect()
    }

    /// Whether an action may go on: it buys nothing, or what it buys is in sight with its price. `brought` is the
    /// action whose price the press before brought.
    pub(super) fn gate(&mut self, action: Action, brought: Option<Action>) -> bool {
        let Some(spend) = self.spend(action) else { return true };
        let now = self.model.now.up;
        let before = self.spending.pressed.replace((action, now));
        let lately = before.is_some_and(|(last, at)| last == action && now.saturating_sub(at) < BREATH);
        let refetches = action == Action::Refetch && self.model.calls.awaited().is_none();
        let is_brought = brought == Some(action);
        if lately && refetches && !is_brought {
            self.model.notice = Some(Notice::offer(action, self.model.texts.refetch_too_soon()));
            return false;
        }
        let in_sight = self.spending.in_sight.iter().any(|(named, seen)| *named == action && *seen == spend);
        if !in_sight || (lately && is_brought) {
            let key = self.keymap.key(self.scope(), action).unwrap_or_default();
            self.model.notice = Some(Notice::offer(action, self.model.texts.press_again(key)));
            return false;
        }
        self.spending.permit = Some(spend);
        true
    }

    /// A key that came with text was not meant by itself; its price is brought, so that the next press may buy.
    pub(super) fn refuse_burst(&mut self, action: Action) {
        let texts = self.model.texts;
        let why = if action == Action::Submit { texts.enter_in_burst() } else { texts.spend_in_burst() };
        let offer = self.spend(action).map(|_| action);
        self.model.notice = Some(Notice::alert(why).offering(offer));
    }

    /// The key was handled: what it might have bought it can't buy later.
    pub(super) fn end_permit(&mut self) {
        self.spending.permit = None;
    }

    /// Starts a fetch; one that costs only with a permit.
    pub(super) fn start(&mut self, call: Call, want: FetchPolicy) -> Option<Effect> {
        let permit = self.spending.permit.take();
        if self.model.spend(&call, want).is_some_and(|spend| permit != Some(spend)) {
            self.model.notice = Some(Notice::alert(self.model.texts.price_unseen()));
            return None;
        }
        self.model.start(call, want)
    }

    /// What an action would buy now, with the keys where they are.
    pub(super) fn spend(&self, action: Action) -> Option<Spend> {
        let Some(popup) = &self.popup else { return self.spend_in_panes(action) };
        if action != Action::Submit {
            return None;
        }
        match popup.call(&self.model) {
            Some((call, want)) => self.model.spend(&call, want),
            None => self.spend_in_panes(popup.chosen(&self.model)?),
        }
    }

    fn spend_in_panes(&self, action: Action) -> Option<Spend> {
        let Spend { call, want } = self.purchase(action)?;
        self.model.spend(&call, want)
    }

    pub(super) fn submit_purchase(&self) -> Option<Spend> {
        let here = self.focus.pane();
        if here != PaneId::Id && self.pane(here).is_some_and(Pane::takes_text) {
            // There it ends a filter, a search or a program.
            return None;
        }
        let call = self.id.call(&self.model)?;
        let want = self.model.want_for(&call);
        Some(Spend { call, want })
    }

    pub(super) fn refetch_purchase(&self) -> Option<Spend> {
        Some(Spend { call: self.refetched().ok()??, want: FetchPolicy::Refresh })
    }

    pub(super) fn override_purchase(&self) -> Option<Spend> {
        self.model.held_call()
    }

    pub(super) fn override_guard(&mut self) -> Vec<Effect> {
        match self.model.held_call() {
            Some(Spend { call, want }) => self.start(call, want).into_iter().collect(),
            None => vec![Effect::info(self.model.texts.nothing_held_back())],
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

    /// What the row under the cursor asked, where the focus is in the log, or what is on the screen, or else the item in
    /// the input; past store and vendor's cache.
    fn refetched(&self) -> Result<Option<Call>, String> {
        let of_row = self.pane(self.focus.pane()).and_then(|pane| pane.refreshes(&self.model)).transpose()?;
        let shown = self.model.shown.as_ref().map(|shown| &shown.exchange.call);
        let again = |shown: &Call| shown.num_iid().map_or_else(|| shown.clone(), |id| self.model.call(id));
        let call = of_row.or_else(|| shown.map(again)).or_else(|| self.id.call(&self.model));
        Ok(call.map(Call::refreshed))
    }
}
