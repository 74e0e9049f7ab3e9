//! Turns a key into what it does: the popup in front handles it first, then the focused pane, then the app.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::App;
use crate::keymap::{Key, Meaning};
use crate::message::{Action, Effect, KeyScope, Notice, PaneId};
use crate::model::Model;
use crate::pane::Pane;

/// Typing within this time after an input was refused still belongs to that input.
const TYPING_GRACE: Duration = Duration::from_millis(700);

impl App {
    pub(super) fn on_key(&mut self, key: KeyEvent, in_burst: bool) -> Vec<Effect> {
        if key.kind == KeyEventKind::Release {
            return Vec::new();
        }
        if self.belongs_to_refused_input(key) {
            return Vec::new();
        }
        let quit_asked = self.quit_asked;
        let effects = self.on_key_pressed(key, in_burst);
        // Only the next key can be the second press.
        self.quit_asked &= !quit_asked;
        effects
    }

    fn on_key_pressed(&mut self, key: KeyEvent, in_burst: bool) -> Vec<Effect> {
        let last_notice = self.model.notice.take();
        let first = self.prefix.take();
        let action = match self.keymap.meaning(self.scope(), first, key) {
            Some(Meaning::Action(action)) => action,
            Some(Meaning::Prefix(first)) => {
                self.prefix = Some(first);
                return Vec::new();
            }
            None if self.scope() == KeyScope::Text => return self.type_key(key),
            None => {
                self.report_unbound(first, key);
                return Vec::new();
            }
        };
        if self.layout().is_none() && self.would_spend(action) {
            // A screen of this size shows no prices.
            return Vec::new();
        }
        if in_burst && self.would_spend(action) {
            self.refuse_burst(action);
            return Vec::new();
        }
        if !self.gate(action, last_notice.and_then(|notice| notice.offer)) {
            return Vec::new();
        }
        self.act(action)
    }

    /// Pastes text into the popup, the focused input, or else the ID. A paste never submits.
    pub(super) fn on_paste(&mut self, text: &str) -> Vec<Effect> {
        self.model.notice = None;
        self.prefix = None;
        let in_filter = self.focus.pane() != PaneId::Id && self.scope() == KeyScope::Text;
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

    /// The scope whose bindings hold now.
    pub(super) fn scope(&self) -> KeyScope {
        match &self.popup {
            Some(popup) => popup.scope(),
            None if self.pane(self.focus.pane()).is_some_and(Pane::takes_text) => KeyScope::Text,
            None => KeyScope::Pane(self.focus.pane()),
        }
    }

    fn type_key(&mut self, key: KeyEvent) -> Vec<Effect> {
        if let Some(popup) = &mut self.popup {
            return popup.type_key(key);
        }
        self.with_pane(self.focus.pane(), |pane, model| pane.type_key(key, model))
    }

    /// Whether a key belongs to a search or jq program whose input was refused, and therefore must not run as an
    /// action.
    fn belongs_to_refused_input(&mut self, key: KeyEvent) -> bool {
        let lately = |refused: Duration| self.model.now.up.saturating_sub(refused) < TYPING_GRACE;
        let in_time = self.refused.take().is_some_and(lately);
        let is_text = matches!(key.code, KeyCode::Char(_)) && !key.modifiers.contains(KeyModifiers::CONTROL);
        self.refused = (in_time && is_text).then_some(self.model.now.up);
        in_time && (is_text || key.code == KeyCode::Enter)
    }

    /// Reports a key without a binding. Esc is not reported, since it only leaves a prefix.
    fn report_unbound(&mut self, first: Option<Key>, key: KeyEvent) {
        if self.scope() == KeyScope::Copying {
            // The menu acts as a prefix, so the key after it closes it.
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

    pub(super) fn with_pane<T>(&mut self, id: PaneId, take: impl FnOnce(&mut dyn Pane, &Model) -> T) -> T {
        match self.others.iter_mut().find(|(other, _)| *other == id) {
            Some((_, pane)) => take(pane.as_mut(), &self.model),
            None => take(&mut self.id, &self.model),
        }
    }

    /// Quits, after a second press if a call is under way, which would lose its answer but may be billed, or if
    /// something isn't written yet, which would be lost.
    pub(super) fn quit(&mut self) -> Vec<Effect> {
        let texts = self.model.texts;
        let lost = match (self.model.calls.costly(), self.model.unwritten()) {
            _ if self.quit_asked => return vec![Effect::Quit],
            (Some(call), _) => Notice::alert(texts.quit_with_call()).until_end_of(call.ticket),
            (None, 0) => return vec![Effect::Quit],
            (None, unwritten) => Notice::alert(texts.quit_with_unwritten(unwritten)),
        };
        self.quit_asked = true;
        self.model.notice = Some(lost);
        Vec::new()
    }
}
