//! (scope, key) -> action. What is bound by default is part of the table of actions.

use std::fmt::Write as _;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::message::{Action, KeyScope};

/// A key of a binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    ctrl: bool,
}

/// One key or two in sequence: `G`, `zR`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Keys {
    /// The prefix, after which `key` is awaited.
    first: Option<Key>,
    key: Key,
}

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

    /// The keys that can follow a prefix in `scope`, and their actions.
    pub fn continuations(&self, scope: KeyScope, first: Key) -> impl Iterator<Item = (Key, Action)> {
        self.bindings
            .iter()
            .filter(move |(bound, keys, _)| holds_in(*bound, scope) && keys.first == Some(first))
            .map(|(_, keys, action)| (keys.key, *action))
    }

    /// The keys of an action in `scope`, as they are shown: `j ↓`. Empty if there are none.
    pub fn keys(&self, scope: KeyScope, action: Action) -> String {
        self.shown(|bound| holds_in(bound, scope), action)
    }

    /// The keys that are bound in exactly this scope.
    pub fn own_keys(&self, scope: KeyScope, action: Action) -> String {
        self.shown(|bound| bound == scope, action)
    }

    /// The first key of an action in `scope`.
    pub fn key(&self, scope: KeyScope, action: Action) -> Option<String> {
        first_of(&self.keys(scope, action))
    }

    /// The first key of an action in any pane.
    pub fn key_in_panes(&self, action: Action) -> Option<String> {
        first_of(&self.shown(|bound| matches!(bound, KeyScope::Global | KeyScope::Pane(_)), action))
    }

    fn shown(&self, holds: impl Fn(KeyScope) -> bool, action: Action) -> String {
        let mut shown = String::new();
        for (_, keys, _) in self.bindings.iter().filter(|(bound, _, to)| *to == action && holds(*bound)) {
            let blank = if shown.is_empty() { "" } else { " " };
            let _ = write!(shown, "{blank}{}", keys.label()); // writing to a String can't fail
        }
        shown
    }
}

fn holds_in(bound: KeyScope, scope: KeyScope) -> bool {
    bound == scope || (bound == KeyScope::Global && scope != KeyScope::Text)
}

fn first_of(keys: &str) -> Option<String> {
    keys.split(' ').next().filter(|key| !key.is_empty()).map(str::to_owned)
}

impl Keys {
    /// Parses what [`Key::parse`] does, or two characters as a sequence of two keys: `zR`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(key) = Key::parse(text) {
            return Some(Self { first: None, key });
        }
        let (first, key) = text.split_at_checked(text.chars().next()?.len_utf8())?;
        Some(Self { first: Key::parse(first), key: Key::parse(key)? })
    }

    /// As help and footer show it.
    pub fn label(self) -> String {
        self.first.map(Key::label).unwrap_or_default() + &self.key.label()
    }
}

impl Key {
    /// Parses `j`, `G`, `ctrl-d`, `shift-tab`, `pgdn`.
    pub fn parse(text: &str) -> Option<Self> {
        let (ctrl, name) = text.strip_prefix("ctrl-").map_or((false, text), |name| (true, name));
        let named = NAMED.iter().find(|(written, _, _)| *written == name).map(|(_, code, _)| *code);
        let mut chars = name.chars();
        let single = chars.next().filter(|_| chars.next().is_none());
        let single = single.map(|c| KeyCode::Char(if ctrl { control(c) } else { c }));
        Some(Self { code: named.or(single)?, ctrl })
    }

    /// The key of a binding for a key press; `None` for combinations that no binding can name.
    fn from_event(event: KeyEvent, in_text: bool) -> Option<Self> {
        if event.modifiers.intersects(KeyModifiers::ALT | KeyModifiers::SUPER | KeyModifiers::META) {
            return None;
        }
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let code = match event.code {
            KeyCode::Char(c) if ctrl => KeyCode::Char(control(c)),
            // An input method may be left on, so a full-width `：` counts as `:` outside of text.
            KeyCode::Char(c) if !in_text => KeyCode::Char(half_width(c)),
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            code => code,
        };
        Some(Self { code, ctrl })
    }

    /// The name of any key press, bound or not.
    pub fn name(event: KeyEvent) -> String {
        let label = Self::from_event(event, false).map(Self::label).unwrap_or_default();
        let alone = label.trim_start_matches('^').is_empty();
        // A circumflex alone is a key.
        if alone && event.code != KeyCode::Char('^') { event.code.to_string() } else { label }
    }

    /// As help and footer show it.
    pub fn label(self) -> String {
        let named =
            NAMED.iter().find(|(_, code, _)| *code == self.code).map(|(_, _, label)| (*label).to_owned());
        let plain = match self.code {
            KeyCode::Char(c) if c != ' ' => c.to_string(),
            _ => named.unwrap_or_default(),
        };
        if self.ctrl { format!("^{}", plain.to_uppercase()) } else { plain }
    }
}

/// How keys are written in a binding, and how they are shown.
const NAMED: [(&str, KeyCode, &str); 13] = [
    ("enter", KeyCode::Enter, "Enter"),
    ("esc", KeyCode::Esc, "Esc"),
    ("tab", KeyCode::Tab, "Tab"),
    ("shift-tab", KeyCode::BackTab, "Shift-Tab"),
    ("down", KeyCode::Down, "↓"),
    ("up", KeyCode::Up, "↑"),
    ("left", KeyCode::Left, "←"),
    ("right", KeyCode::Right, "→"),
    ("pgdn", KeyCode::PageDown, "PgDn"),
    ("pgup", KeyCode::PageUp, "PgUp"),
    ("home", KeyCode::Home, "Home"),
    ("end", KeyCode::End, "End"),
    ("space", KeyCode::Char(' '), "Space"),
];

/// The character by which a Ctrl key is named. Several keys send the same byte with Ctrl: `D` as `d`, `4` as `\`, and
/// so on up to `7` as `_`.
fn control(c: char) -> char {
    match c {
        '4' => '\\',
        '5' => ']',
        '6' => '^',
        '7' => '_',
        other => other.to_ascii_lowercase(),
    }
}

/// Turns full-width forms such as `：／？！０-９` into ASCII.
fn half_width(c: char) -> char {
    match u32::from(c) {
        code @ 0xff01..=0xff5e => char::from_u32(code - 0xfee0).unwrap_or(c),
        0x3000 => ' ',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

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
