//! (scope, key) -> action. What is bound by default is part of the table of actions.

mod key;
mod meant;
mod settings;

use std::fmt::Write as _;

use crossterm::event::KeyEvent;

use crate::message::{Action, KeyScope};
pub use key::{Key, Keys};
pub use meant::Meant;
use obx_core::i18n::Texts;
pub use settings::KeyProblem;

/// The label of the key that has a name of its own in Chinese texts.
const ENTER: &str = "Enter";

/// What a key press means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    Action(Action),
    /// It begins a sequence of two keys.
    Prefix(Key),
}

/// Which keys are bound to which action, and where.
#[derive(Clone, Debug)]
pub struct Keymap {
    bindings: Vec<(KeyScope, Keys, Action)>,
}

impl Default for Keymap {
    fn default() -> Self {
        let bound = |action: Action| {
            let keys = action.default_keys().into_iter();
            let parsed = keys.flat_map(|(scope, keys)| keys.split(' ').map(move |keys| (scope, keys)));
            parsed.filter_map(move |(scope, keys)| Some((scope, Keys::parse(keys)?, action)))
        };
        Self { bindings: Action::all().flat_map(bound).collect() }
    }
}

impl Keymap {
    /// What a key means in `scope`, after this prefix or alone. A key that does something alone is no prefix in the
    /// same scope. A key that is a prefix in any scope, and does nothing here, is a prefix here too, so that the key
    /// after it is never run alone.
    pub fn meaning(&self, scope: KeyScope, first: Option<Key>, event: KeyEvent) -> Option<Meaning> {
        let key = Key::from_event(event, scope == KeyScope::Text)?;
        let keys = Keys { first, key };
        let in_scope = |wanted: KeyScope| {
            let mut bindings = self.bindings.iter().filter(move |(scope, ..)| *scope == wanted);
            let bound = bindings.clone().find(|(_, bound, _)| *bound == keys);
            let bound = bound.map(|(.., action)| Meaning::Action(*action));
            let mut is_prefix = || first.is_none() && bindings.any(|(_, bound, _)| bound.first == Some(key));
            bound.or_else(|| is_prefix().then_some(Meaning::Prefix(key)))
        };
        match scope {
            KeyScope::Text => in_scope(scope),
            // The menu's own key was the prefix already.
            KeyScope::Copying => in_scope(scope).or_else(|| in_scope(KeyScope::Global)),
            _ => in_scope(scope).or_else(|| in_scope(KeyScope::Global)).or_else(|| {
                let is_prefix =
                    first.is_none() && self.bindings.iter().any(|(_, bound, _)| bound.first == Some(key));
                is_prefix.then_some(Meaning::Prefix(key))
            }),
        }
    }

    /// Whether both bind the same keys to the same actions, in whatever order.
    pub fn has_same_bindings(&self, other: &Self) -> bool {
        let all_in =
            |one: &Self, other: &Self| one.bindings.iter().all(|bound| other.bindings.contains(bound));
        all_in(self, other) && all_in(other, self)
    }

    /// The keys that can follow a prefix in `scope`, and their actions.
    pub fn continuations(&self, scope: KeyScope, first: Key) -> impl Iterator<Item = (Key, Action)> {
        self.bindings
            .iter()
            .filter(move |(bound, keys, _)| holds_in(*bound, scope) && keys.first == Some(first))
            .map(|(_, keys, action)| (keys.key, *action))
    }

    /// The keys of an action in `scope`, as they are shown: `j ↓`. Empty if there are none. A key that does something else in
    /// this scope than in all is none.
    pub fn keys(&self, scope: KeyScope, action: Action) -> String {
        let own = |keys: Keys| self.bindings.iter().any(|(bound, own, _)| *bound == scope && *own == keys);
        self.shown(|bound, keys| bound == scope || (holds_in(bound, scope) && !own(keys)), action)
    }

    /// The keys that are bound in exactly this scope.
    pub fn own_keys(&self, scope: KeyScope, action: Action) -> String {
        self.shown(|bound, _| bound == scope, action)
    }

    /// The first key of an action in `scope`.
    pub fn key(&self, scope: KeyScope, action: Action) -> Option<String> {
        first_of(&self.keys(scope, action))
    }

    /// The keys of an action in any pane; of one in the copy menu, behind the menu's own key: `yc`.
    pub fn keys_in_panes(&self, action: Action) -> String {
        if action.main_scope() == KeyScope::Copying {
            let menu = self.key_in_panes(Action::CopyMenu).unwrap_or_default();
            let own = self.own_keys(KeyScope::Copying, action);
            let keys = own.split(' ').filter(|key| !key.is_empty() && !menu.is_empty());
            return keys.map(|key| format!("{menu}{key}")).collect::<Vec<_>>().join(" ");
        }
        self.shown(|bound, _| matches!(bound, KeyScope::Global | KeyScope::Pane(_)), action)
    }

    /// The first of them.
    pub fn key_in_panes(&self, action: Action) -> Option<String> {
        first_of(&self.keys_in_panes(action))
    }

    /// The first key of an action in `scope`, as a text names it; by its name in the palette if it has none there.
    pub fn named(&self, scope: KeyScope, action: Action, texts: Texts) -> String {
        let key = match scope {
            KeyScope::Global | KeyScope::Pane(_) | KeyScope::Copying => self.key_in_panes(action),
            _ => self.key(scope, action),
        };
        match key {
            Some(key) if key == ENTER => texts.key_enter().to_owned(),
            Some(key) => key,
            None => by_name(action),
        }
    }

    fn shown(&self, holds: impl Fn(KeyScope, Keys) -> bool, action: Action) -> String {
        let mut shown = String::new();
        let is_shown = |(bound, keys, to): &&(KeyScope, Keys, Action)| *to == action && holds(*bound, *keys);
        for (_, keys, _) in self.bindings.iter().filter(is_shown) {
            let blank = if shown.is_empty() { "" } else { " " };
            let _ = write!(shown, "{blank}{}", keys.label()); // writing to a String can't fail
        }
        shown
    }
}

fn holds_in(bound: KeyScope, scope: KeyScope) -> bool {
    bound == scope || (bound == KeyScope::Global && scope != KeyScope::Text)
}

/// How the palette runs an action.
pub fn by_name(action: Action) -> String {
    format!(":{}", action.name())
}

fn first_of(keys: &str) -> Option<String> {
    keys.split(' ').next().filter(|key| !key.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use crossterm::event::{KeyCode, KeyModifiers};

    use super::*;

    #[test]
    fn every_default_key_is_read_and_bound_once_in_its_scope() {
        let map = Keymap::default();
        let written = Action::all().flat_map(Action::default_keys).flat_map(|(_, keys)| keys.split(' '));
        assert_eq!(map.bindings.len(), written.count());
        let bound: HashSet<_> = map.bindings.iter().map(|(scope, keys, _)| (*scope, *keys)).collect();
        assert_eq!(map.bindings.len(), bound.len());
    }

    #[test]
    fn a_binding_with_ctrl_is_pressed_by_whatever_sends_its_byte() {
        for (written, pressed, shown) in [
            ("ctrl-4", ['4', '\\'], "^\\"),
            ("ctrl-5", ['5', ']'], "^]"),
            ("ctrl-6", ['6', '^'], "^^"),
            ("ctrl-7", ['7', '_'], "^_"),
            ("ctrl-\\", ['4', '\\'], "^\\"),
            ("ctrl-D", ['d', 'D'], "^D"),
        ] {
            let keys = Keys::parse(written).unwrap();
            let map = Keymap { bindings: vec![(KeyScope::Global, keys, Action::Quota)] };
            for c in pressed {
                let event = KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL);
                let meaning = map.meaning(KeyScope::Global, None, event);
                assert_eq!(meaning, Some(Meaning::Action(Action::Quota)), "{written} by {c}");
            }
            assert_eq!(keys.label(), shown);
        }
        assert_eq!(Keys::parse("4").unwrap().label(), "4");
    }
}
