//! From a key to what it does: the popup in front has it first, then the pane with the focus, then the app.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::App;
use crate::keymap::{Key, Meaning, Scope};
use crate::message::{Action, Effect, Notice, PaneId};
use crate::model::Model;
use crate::pane::Pane;
use crate::pane::help::Help;
use obx_core::i18n::Texts;
use onebound::Call;

/// Who types on within it has not seen yet that there is no line to type in.
const TYPED_ON: Duration = Duration::from_millis(700);

impl App {
    pub(super) fn on_key(&mut self, key: KeyEvent, in_burst: bool) -> Vec<Effect> {
        if key.kind == KeyEventKind::Release {
            return Vec::new();
        }
        if self.was_for_refused(key) {
            return Vec::new();
        }
        // Not touched for nothing: else each key would draw all of the screen again.
        let said = if self.model.notice.is_some() { self.model.notice.take() } else { None };
        let quit_asked = std::mem::take(&mut self.quit_asked);
        let first = self.prefix.take();
        let action = match self.keymap.meaning(self.scope(), first, key) {
            Some(Meaning::Action(action)) => action,
            Some(Meaning::Prefix(first)) => {
                self.prefix = Some(first);
                return Vec::new();
            }
            None if self.scope() == Scope::Text => return self.type_key(key),
            None => {
                self.say_unbound(first, key);
                return Vec::new();
            }
        };
        if self.layout().is_none() && self.would_spend(action) {
            // Nobody sees on a screen of this size what would be bought.
            return Vec::new();
        }
        if in_burst && self.would_spend(action) {
            self.refuse_burst(action);
            return Vec::new();
        }
        if !self.gate(action, said.and_then(|notice| notice.offer)) {
            return Vec::new();
        }
        self.act(action, quit_asked)
    }

    /// Pasted text goes to the palette where it is open, else to the ID, wherever the focus is. It never
    /// submits.
    pub(super) fn on_paste(&mut self, text: &str) -> Vec<Effect> {
        self.model.notice = None;
        self.prefix = None;
        let in_filter = self.focus.pane() != PaneId::Id && self.scope() == Scope::Text;
        match &mut self.popup {
            Some(popup) => popup.paste(text),
            None if in_filter => self.with_pane(self.focus.pane(), |pane, model| pane.paste(text, model)),
            None => {
                if self.focus.pane() != PaneId::Id {
                    self.id.select_all();
                }
                let mut effects = vec![Effect::Focus(PaneId::Id)];
                effects.extend(self.id.paste(text, &self.model));
                effects
            }
        }
    }

    /// Which bindings hold now.
    pub(super) fn scope(&self) -> Scope {
        match &self.popup {
            Some(popup) => popup.scope(),
            None if self.pane(self.focus.pane()).is_some_and(Pane::takes_text) => Scope::Text,
            None => Scope::Pane(self.focus.pane()),
        }
    }

    fn type_key(&mut self, key: KeyEvent) -> Vec<Effect> {
        if let Some(popup) = &mut self.popup {
            return popup.type_key(key);
        }
        self.with_pane(self.focus.pane(), |pane, model| pane.type_key(key, model))
    }

    /// Whether the key belongs to a search or a program that was refused, and must not run as a key.
    fn was_for_refused(&mut self, key: KeyEvent) -> bool {
        let lately = |refused: Duration| self.model.now.up.saturating_sub(refused) < TYPED_ON;
        let in_time = self.refused.take().is_some_and(lately);
        let is_text = matches!(key.code, KeyCode::Char(_)) && !key.modifiers.contains(KeyModifiers::CONTROL);
        self.refused = (in_time && is_text).then_some(self.model.now.up);
        in_time && (is_text || key.code == KeyCode::Enter)
    }

    /// Esc only leaves a prefix, and a key without a name is none.
    fn say_unbound(&mut self, first: Option<Key>, key: KeyEvent) {
        if self.scope() == Scope::Copying {
            // As with any prefix: what follows is no part of it.
            self.popup = None;
        }
        let pressed = first.map(Key::label).unwrap_or_default() + &Key::name(key);
        if key.code != KeyCode::Esc {
            self.model.notice = Some(Notice::info(self.model.texts.no_key_here(pressed)).with_hints());
        }
    }

    fn would_spend(&self, action: Action) -> bool {
        match &self.popup {
            Some(popup) => {
                action == Action::Submit && popup.chosen(&self.model).is_some_and(Action::may_spend)
            }
            None => action.may_spend(),
        }
    }

    pub(super) fn act(&mut self, action: Action, quit_asked: bool) -> Vec<Effect> {
        match action {
            Action::Quit => return self.quit(quit_asked),
            Action::Redraw => return vec![Effect::Redraw],
            Action::Suspend => return vec![Effect::Suspend],
            _ => {}
        }
        match &mut self.popup {
            Some(popup) if action == Action::Help && popup.has_help() => {
                let help =
                    Help::new(&self.keymap, popup.scope(), &popup.hints(&self.model), None, self.model.texts);
                self.behind = self.popup.replace(Box::new(help));
                Vec::new()
            }
            Some(popup) if action == Action::Palette && popup.scope() == Scope::Popup => {
                self.behind = None;
                self.open_palette()
            }
            Some(popup) => popup.act(action, &self.model),
            None => self.act_in_panes(action, quit_asked),
        }
    }

    fn act_in_panes(&mut self, action: Action, quit_asked: bool) -> Vec<Effect> {
        if let Some(pane) = focused_by(action) {
            return vec![Effect::Focus(pane)];
        }
        if let Some(effects) = self.take_elsewhere(action) {
            return effects;
        }
        if self.open(action) {
            return Vec::new();
        }
        match action {
            Action::NextPane | Action::PreviousPane if self.is_panes_own_tab(action) => {
                return self.act_in_pane(self.focus.pane(), action);
            }
            Action::NextPane => self.focus.step(true, self.size),
            Action::PreviousPane => self.focus.step(false, self.size),
            Action::Palette => return self.open_palette(),
            Action::SwitchLanguage => self.model.texts = Texts::new(self.model.texts.language().other()),
            Action::Refetch => return self.refetch(),
            Action::Filter if self.focus.pane() == PaneId::Item => {
                // The item itself has nothing to filter; the word that follows must not run as keys.
                self.focus.to(PaneId::Skus, self.size);
                return self.act_in_pane(PaneId::Skus, action);
            }
            Action::Override => return self.override_guard(),
            Action::Older | Action::Newer => {
                return self.model.step_version(action == Action::Newer).into_iter().collect();
            }
            Action::Back | Action::Forward => {
                return self.model.step_visit(action == Action::Forward).into_iter().collect();
            }
            Action::Compare => return self.model.compare().into_iter().collect(),
            Action::Mark => self.model.toggle_mark(),
            Action::History => return self.open_history(""),
            Action::Find => return self.open_find(""),
            Action::Star => return self.model.toggle_star().into_iter().collect(),
            Action::Leave if !self.focus.back(self.size) => return self.quit(quit_asked),
            Action::Leave => {}
            Action::Full => self.focus.toggle_full(self.size),
            Action::OpenPage => return self.open_page(),
            Action::Escape if self.focus.pane() != PaneId::Id => {
                let left = self.with_pane(self.focus.pane(), |pane, _| pane.escape());
                // What was held back is dropped before anything that is on its way.
                let left = left || self.model.pending_confirmation.take().is_some();
                return if left { Vec::new() } else { self.model.stop_waiting().into_iter().collect() };
            }
            // From the palette, too: the ID's own action, unless another pane takes text.
            Action::Submit if self.scope() != Scope::Text => return self.act_in_pane(PaneId::Id, action),
            Action::Filter | Action::Jq => {
                let effects = self.act_in_pane(self.focus.pane(), action);
                self.refused = (self.scope() != Scope::Text).then_some(self.model.now.up);
                return effects;
            }
            _ => return self.act_in_pane(self.focus.pane(), action),
        }
        Vec::new()
    }

    fn is_panes_own_tab(&self, action: Action) -> bool {
        let back = action == Action::PreviousPane;
        self.pane(self.focus.pane()).is_some_and(|pane| pane.takes_tab(back))
    }

    fn act_in_pane(&mut self, id: PaneId, action: Action) -> Vec<Effect> {
        self.with_pane(id, |pane, model| pane.act(action, model))
    }

    pub(super) fn with_pane<T>(&mut self, id: PaneId, take: impl FnOnce(&mut dyn Pane, &Model) -> T) -> T {
        match self.others.iter_mut().find(|pane| pane.id() == id) {
            Some(pane) => take(pane.as_mut(), &self.model),
            None => take(&mut self.id, &self.model),
        }
    }

    /// Of the item on the screen, or else the one in the input; made from its ID, never from the answer.
    fn open_page(&mut self) -> Vec<Effect> {
        let shown = self.model.shown.as_ref().map(|shown| &shown.exchange.call);
        let id = shown.and_then(Call::num_iid).cloned();
        let id = id.or_else(|| self.id.call(&self.model)?.num_iid().cloned());
        let Some(id) = id else {
            return vec![Effect::alert(self.model.texts.no_page())];
        };
        vec![Effect::OpenPage(format!("https://detail.1688.com/offer/{id}.html"))]
    }

    /// A call under way would lose its answer and may be billed all the same, and what is not written is lost:
    /// either takes a second press.
    fn quit(&mut self, asked_before: bool) -> Vec<Effect> {
        let texts = self.model.texts;
        let lost = match (self.model.calls.costly(), self.model.unwritten()) {
            _ if asked_before => return vec![Effect::Quit],
            (Some(call), _) => Notice::alert(texts.quit_with_call()).until_end_of(call.ticket),
            (None, 0) => return vec![Effect::Quit],
            (None, unwritten) => Notice::alert(texts.quit_with_unwritten(unwritten)),
        };
        self.quit_asked = true;
        self.model.notice = Some(lost);
        Vec::new()
    }
}

fn focused_by(action: Action) -> Option<PaneId> {
    Some(match action {
        Action::FocusId => PaneId::Id,
        Action::FocusItem => PaneId::Item,
        Action::FocusSkus => PaneId::Skus,
        Action::FocusProps => PaneId::Props,
        Action::FocusRequests => PaneId::Requests,
        Action::FocusResponse => PaneId::Response,
        _ => return None,
    })
}
