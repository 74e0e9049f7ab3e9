//! Turns a key into what it does: the popup in front handles it first, then the focused pane, then the app.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::App;
use crate::keymap::{Key, Meaning, Meant};
use crate::message::{Action, Effect, KeyScope, Notice, PaneId};
use crate::model::Model;
use crate::model::session_info::UnstoredAnswers;
use crate::pane::Pane;

/// Typing within this time after an input was refused still belongs to that input.
const TYPING_GRACE: Duration = Duration::from_millis(700);

impl App {
    pub(super) fn on_key(&mut self, key: KeyEvent, in_burst: bool) -> Vec<Effect> {
        if key.kind == KeyEventKind::Release {
            return Vec::new();
        }
        if key.modifiers.contains(KeyModifiers::ALT) {
            return self.on_alt(key);
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

    /// Over a slow line Esc and the next key arrive in one packet, which looks like Alt and that key. Outside of text they
    /// count as these two keys, neither of which may spend, because nobody can tell which was meant. In text they do
    /// nothing: the text would be lost, and the key would run as a command.
    fn on_alt(&mut self, key: KeyEvent) -> Vec<Effect> {
        let plain = KeyEvent { modifiers: key.modifiers.difference(KeyModifiers::ALT), ..key };
        let mut effects = Vec::new();
        if self.scope() != KeyScope::Text {
            let closed = self.on_key(KeyEvent::from(KeyCode::Esc), true);
            effects.extend(self.dispatch(closed));
            if self.scope() != KeyScope::Text {
                effects.extend(self.on_key(plain, true));
                return effects;
            }
        }
        self.model.notice = Some(Notice::info(self.model.texts.alt_in_text(Key::name(plain))));
        effects
    }

    /// Enter or Tab that arrived together with text, as in a paste without brackets, is a blank of that text. What follows
    /// it must not run as keys.
    fn type_blank(&mut self, action: Action) -> Vec<Effect> {
        if action == Action::Submit {
            self.model.notice =
                Some(Notice::alert(self.model.texts.enter_in_pasted_text(self.model.text_key(action))));
        }
        self.type_key(KeyEvent::from(KeyCode::Char(' ')))
    }

    fn on_key_pressed(&mut self, key: KeyEvent, in_burst: bool) -> Vec<Effect> {
        let last_notice = self.model.notice.take();
        let first = self.prefix.take();
        let follows_digit = self.note_digit(key);
        let action = match self.model.keymap.meaning(self.scope(), first, key) {
            Some(Meaning::Action(action)) => action,
            Some(Meaning::Prefix(first)) => {
                self.prefix = Some(first);
                return Vec::new();
            }
            None if self.scope() == KeyScope::Text => match self.command_in_empty_id(key) {
                Some(action) if !in_burst => action,
                _ => return self.type_key(key),
            },
            None => {
                self.report_unbound(first, key);
                return Vec::new();
            }
        };
        if action == Action::Focus(PaneId::Id) && self.popup.is_none() {
            self.note_id_entered(follows_digit);
        }
        if in_burst && action.leaves_the_screen() {
            self.refuse_in_paste();
            return Vec::new();
        }
        if self.layout().is_none() && self.would_spend(action) {
            // A screen of this size shows no prices.
            return Vec::new();
        }
        if in_burst && self.would_spend(action) {
            self.refuse_burst(action);
            return Vec::new();
        }
        let is_blank = matches!(action, Action::Submit | Action::NextPane | Action::PreviousPane);
        if in_burst && is_blank && self.scope() == KeyScope::Text {
            return self.type_blank(action);
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

    /// The palette or the help, if the key opens one in a pane and the ID is empty: no ID or address begins with `:` or `?`,
    /// and the first screen, which names `:tour`, has the cursor in that input.
    fn command_in_empty_id(&self, key: KeyEvent) -> Option<Action> {
        let is_empty_id =
            self.popup.is_none() && self.focus.pane() == PaneId::Id && self.id.draft().is_empty();
        let begins_none = matches!(key.code, KeyCode::Char(c) if !c.is_alphanumeric());
        if !is_empty_id || !begins_none {
            return None;
        }
        match self.model.keymap.meaning(KeyScope::Global, None, key) {
            Some(Meaning::Action(action @ (Action::Palette | Action::Help))) => Some(action),
            _ => None,
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
        if key.code != KeyCode::Esc {
            let pressed = first.map(Key::label).unwrap_or_default() + &Key::name(key);
            self.model.notice = Some(Notice::info(self.unbound_text(first, key, &pressed)).with_hints());
        }
    }

    /// Says that a key does nothing here, and what it was probably meant for. Nothing of that is done.
    fn unbound_text(&self, first: Option<Key>, key: KeyEvent, pressed: &str) -> String {
        let (texts, scope) = (self.model.texts, self.scope());
        let described = |action: Action| {
            let cost =
                if action.may_spend() { format!(" {}", self.model.session.cost()) } else { String::new() };
            format!("{}{cost}", action.describe(texts))
        };
        match self.model.keymap.meant(scope, first, key) {
            Some(Meant::Here(action)) => {
                let key = self.model.keymap.key(scope, action).unwrap_or_default();
                texts.unbound_nearest(pressed, key, described(action))
            }
            Some(Meant::In(pane, action)) => {
                texts.unbound_in_pane(pressed, pane.title(texts), described(action))
            }
            None => texts.no_key_here(pressed),
        }
    }

    fn would_spend(&self, action: Action) -> bool {
        match &self.popup {
            Some(popup) if action == Action::Submit => {
                popup.chosen(&self.model).is_some_and(Action::may_spend)
            }
            Some(_) if action.is_of_batch() => self.spend(action).is_some(),
            Some(popup) => action.may_spend() && popup.purchase(action, &self.model).is_some(),
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
        let [quit, leave] = [Action::Quit, Action::Leave].map(|action| self.model.key(action));
        let lost = match (self.model.calls.costly(), self.model.unwritten()) {
            _ if self.quit_asked => return vec![Effect::Quit],
            (Some(call), _) => Notice::alert(texts.quit_with_call(quit, leave)).until_end_of(call.ticket),
            (None, _) if self.model.batch.is_idle() => {
                Notice::alert(texts.quit_with_paused_batch(quit, leave))
            }
            (None, _) if self.model.batch.is_running() => Notice::alert(texts.quit_with_batch(quit, leave)),
            (None, 0) => return vec![Effect::Quit],
            (None, unwritten) if self.model.session.unstored == UnstoredAnswers::Spooled => {
                Notice::alert(texts.quit_with_spooled(unwritten, quit, leave))
            }
            (None, unwritten) => Notice::alert(texts.quit_with_unwritten(unwritten, quit, leave)),
        };
        self.quit_asked = true;
        self.model.notice = Some(lost);
        Vec::new()
    }
}
