//! (scope, key) -> action: one table, which the help, the footer and the palette print.

use std::fmt::Write as _;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::message::{Action, PaneId};

/// Where a binding holds. A key is looked up in the scope of what is in front, then in [`Scope::Global`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// In every pane.
    Global,
    /// In one pane.
    Pane(PaneId),
    /// In an input: only its own bindings hold, all other keys are text.
    Text,
    /// In a popup.
    Popup,
    /// After the key that copies: what is copied.
    Copying,
}

/// A key as a binding names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    ctrl: bool,
}

/// One key, or two in a row: `G`, `zR`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Keys {
    /// The prefix, which then waits for the second key.
    first: Option<Key>,
    key: Key,
}

/// What a key press means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// This is to be done.
    Action(Action),
    /// The first of two keys: the next one completes it.
    Prefix(Key),
}

/// The table.
#[derive(Clone, Debug)]
pub struct Keymap {
    bindings: Vec<(Scope, Keys, Action)>,
}

/// No default needs Alt, a function key or another Ctrl letter than these: tmux, screen, zellij and flow
/// control own those.
const DEFAULTS: &[(Scope, &str, Action)] = &[
    (Scope::Global, "j down", Action::Down),
    (Scope::Global, "k up", Action::Up),
    (Scope::Global, "h left", Action::Left),
    (Scope::Global, "l right", Action::Right),
    (Scope::Global, "g home", Action::Top),
    (Scope::Global, "G end", Action::Bottom),
    (Scope::Global, "pgdn", Action::PageDown),
    (Scope::Global, "pgup", Action::PageUp),
    (Scope::Global, "ctrl-d", Action::HalfPageDown),
    (Scope::Global, "ctrl-u", Action::HalfPageUp),
    (Scope::Global, "tab", Action::NextPane),
    (Scope::Global, "shift-tab", Action::PreviousPane),
    (Scope::Global, "1 i", Action::FocusId),
    (Scope::Global, "2", Action::FocusItem),
    (Scope::Global, "3", Action::FocusSkus),
    (Scope::Global, "4", Action::FocusProps),
    (Scope::Global, "5", Action::FocusRequests),
    (Scope::Global, "6", Action::FocusResponse),
    (Scope::Global, "/", Action::Filter),
    (Scope::Global, "s", Action::Sort),
    (Scope::Global, "S", Action::SortReverse),
    (Scope::Global, "f", Action::Full),
    (Scope::Global, "!", Action::Explain),
    (Scope::Global, "u", Action::Quota),
    (Scope::Global, "c", Action::EditCall),
    (Scope::Global, "o", Action::OpenPage),
    (Scope::Global, "x", Action::Export),
    (Scope::Global, "y", Action::CopyMenu),
    (Scope::Global, "e", Action::OpenEditor),
    (Scope::Global, "v", Action::OpenPager),
    (Scope::Global, "<", Action::Older),
    (Scope::Global, ">", Action::Newer),
    (Scope::Global, "d", Action::Compare),
    (Scope::Global, "D", Action::Description),
    (Scope::Global, "m", Action::Mark),
    (Scope::Global, "[", Action::Back),
    (Scope::Global, "]", Action::Forward),
    (Scope::Global, "ctrl-r", Action::History),
    (Scope::Global, "F", Action::Find),
    (Scope::Global, "*", Action::Star),
    (Scope::Global, "a", Action::Note),
    (Scope::Global, "enter", Action::Open),
    (Scope::Global, "R", Action::Refetch),
    (Scope::Global, "Y", Action::Override),
    (Scope::Global, "esc", Action::Escape),
    (Scope::Global, "?", Action::Help),
    (Scope::Global, ":", Action::Palette),
    (Scope::Global, "L", Action::SwitchLanguage),
    (Scope::Global, "ctrl-l", Action::Redraw),
    (Scope::Global, "ctrl-z", Action::Suspend),
    (Scope::Global, "q", Action::Leave),
    (Scope::Global, "ctrl-c", Action::Quit),
];

const IN_RESPONSE: &[(&str, Action)] = &[
    ("space", Action::Fold),
    ("zR", Action::UnfoldAll),
    ("zM", Action::FoldAll),
    ("zr", Action::UnfoldLevel),
    ("zm", Action::FoldLevel),
    ("J", Action::NextSibling),
    ("K", Action::PreviousSibling),
    ("w", Action::Wrap),
    ("n", Action::NextHit),
    ("N", Action::PreviousHit),
    ("t", Action::NextView),
    ("p", Action::Pretty),
    ("|", Action::Jq),
];

const IN_TEXT: &[(Scope, &str, Action)] = &[
    (Scope::Text, "enter", Action::Submit),
    (Scope::Text, "esc", Action::Escape),
    (Scope::Text, "tab", Action::NextPane),
    (Scope::Text, "shift-tab", Action::PreviousPane),
    (Scope::Text, "down", Action::Down),
    (Scope::Text, "up", Action::Up),
    (Scope::Text, "pgdn", Action::PageDown),
    (Scope::Text, "pgup", Action::PageUp),
    (Scope::Text, "ctrl-r", Action::History),
    (Scope::Text, "ctrl-l", Action::Redraw),
    (Scope::Text, "ctrl-z", Action::Suspend),
    (Scope::Text, "ctrl-c", Action::Quit),
    (Scope::Popup, "esc", Action::Escape),
    (Scope::Popup, "y", Action::Copy),
    (Scope::Copying, "y", Action::CopyRow),
    (Scope::Copying, "v", Action::CopyValue),
    (Scope::Copying, "k", Action::CopyKey),
    (Scope::Copying, "p", Action::CopyPath),
    (Scope::Copying, "q", Action::CopyJqPath),
    (Scope::Copying, "c", Action::CopyCurl),
    (Scope::Copying, "s", Action::CopyString),
];

impl Default for Keymap {
    fn default() -> Self {
        let parse = |(scope, keys, action): (Scope, &str, Action)| {
            keys.split(' ').filter_map(Keys::parse).map(move |keys| (scope, keys, action)).collect::<Vec<_>>()
        };
        let in_response =
            IN_RESPONSE.iter().map(|(keys, action)| (Scope::Pane(PaneId::Response), *keys, *action));
        Self {
            bindings: IN_TEXT.iter().chain(DEFAULTS).copied().chain(in_response).flat_map(parse).collect(),
        }
    }
}

impl Keymap {
    /// What a key means where `scope` is in front, after this prefix or by itself. A key that does something by
    /// itself is no prefix in the same scope; one that is a prefix anywhere, and does nothing here, is one here, too,
    /// so that the key after it never runs by itself.
    pub fn meaning(&self, scope: Scope, first: Option<Key>, event: KeyEvent) -> Option<Meaning> {
        let key = Key::of(event, scope == Scope::Text)?;
        let keys = Keys { first, key };
        let in_scope = |wanted: Scope| {
            let mut bindings = self.bindings.iter().filter(move |(scope, ..)| *scope == wanted);
            let bound = bindings.clone().find(|(_, bound, _)| *bound == keys);
            let bound = bound.map(|(.., action)| Meaning::Action(*action));
            let mut is_prefix = || first.is_none() && bindings.any(|(_, bound, _)| bound.first == Some(key));
            bound.or_else(|| is_prefix().then_some(Meaning::Prefix(key)))
        };
        match scope {
            Scope::Text => in_scope(scope),
            // It is behind a first key already.
            Scope::Copying => in_scope(scope).or_else(|| in_scope(Scope::Global)),
            _ => in_scope(scope).or_else(|| in_scope(Scope::Global)).or_else(|| {
                let is_prefix =
                    first.is_none() && self.bindings.iter().any(|(_, bound, _)| bound.first == Some(key));
                is_prefix.then_some(Meaning::Prefix(key))
            }),
        }
    }

    /// What can follow a prefix where `scope` is in front.
    pub fn continuations(&self, scope: Scope, first: Key) -> impl Iterator<Item = (Key, Action)> {
        self.bindings
            .iter()
            .filter(move |(bound, keys, _)| holds_in(*bound, scope) && keys.first == Some(first))
            .map(|(_, keys, action)| (keys.key, *action))
    }

    /// The keys of an action where `scope` is in front, as they are shown: `j ↓`. Empty where there are none.
    pub fn keys(&self, scope: Scope, action: Action) -> String {
        self.shown(|bound| holds_in(bound, scope), action)
    }

    /// Its keys in this scope alone.
    pub fn own_keys(&self, scope: Scope, action: Action) -> String {
        self.shown(|bound| bound == scope, action)
    }

    /// The first key of an action where `scope` is in front.
    pub fn key(&self, scope: Scope, action: Action) -> Option<String> {
        first_of(&self.keys(scope, action))
    }

    /// Its first key in any pane.
    pub fn key_in_panes(&self, action: Action) -> Option<String> {
        first_of(&self.shown(|bound| matches!(bound, Scope::Global | Scope::Pane(_)), action))
    }

    fn shown(&self, holds: impl Fn(Scope) -> bool, action: Action) -> String {
        let mut shown = String::new();
        for (_, keys, _) in self.bindings.iter().filter(|(bound, _, to)| *to == action && holds(*bound)) {
            let blank = if shown.is_empty() { "" } else { " " };
            let _ = write!(shown, "{blank}{}", keys.label()); // writing to a String can't fail
        }
        shown
    }
}

fn holds_in(bound: Scope, scope: Scope) -> bool {
    bound == scope || (bound == Scope::Global && scope != Scope::Text)
}

fn first_of(keys: &str) -> Option<String> {
    keys.split(' ').next().filter(|key| !key.is_empty()).map(str::to_owned)
}

impl Keys {
    /// Reads what [`Key::parse`] does, and two characters as two keys: `zR`.
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
    /// Reads `j`, `G`, `ctrl-d`, `shift-tab`, `pgdn`.
    pub fn parse(text: &str) -> Option<Self> {
        let (ctrl, name) = text.strip_prefix("ctrl-").map_or((false, text), |name| (true, name));
        let named = NAMED.iter().find(|(written, _, _)| *written == name).map(|(_, code, _)| *code);
        let mut chars = name.chars();
        let single = chars.next().filter(|_| chars.next().is_none());
        let single = single.map(|c| KeyCode::Char(if ctrl { control(c) } else { c }));
        Some(Self { code: named.or(single)?, ctrl })
    }

    /// A key press as a binding; `None` for chords that no binding can name.
    fn of(event: KeyEvent, in_text: bool) -> Option<Self> {
        if event.modifiers.intersects(KeyModifiers::ALT | KeyModifiers::SUPER | KeyModifiers::META) {
            return None;
        }
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let code = match event.code {
            KeyCode::Char(c) if ctrl => KeyCode::Char(control(c)),
            // An input method left on: `：` is meant as `:` wherever it is no text.
            KeyCode::Char(c) if !in_text => KeyCode::Char(half_width(c)),
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            code => code,
        };
        Some(Self { code, ctrl })
    }

    /// How any key that was pressed is called, bound or not.
    pub fn name(event: KeyEvent) -> String {
        let label = Self::of(event, false).map(Self::label).unwrap_or_default();
        let alone = label.trim_start_matches('^').is_empty();
        // A circumflex by itself is a key, too.
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

/// How a key is written in a binding, and how it is shown.
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

/// Of keys for which terminals send one byte with Ctrl, the one that the byte is called by: `d` of `D`, `\` of `4`, and
/// so on up to `_` of `7`.
fn control(c: char) -> char {
    match c {
        '4' => '\\',
        '5' => ']',
        '6' => '^',
        '7' => '_',
        other => other.to_ascii_lowercase(),
    }
}

/// `：／？！０-９` and the rest of the full-width forms as their ASCII twins.
fn half_width(c: char) -> char {
    match u32::from(c) {
        code @ 0xff01..=0xff5e => char::from_u32(code - 0xfee0).unwrap_or(c),
        0x3000 => ' ',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let map = Keymap { bindings: vec![(Scope::Global, keys, Action::Quota)] };
            for c in pressed {
                let event = KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL);
                let meaning = map.meaning(Scope::Global, None, event);
                assert_eq!(meaning, Some(Meaning::Action(Action::Quota)), "{written} by {c}");
            }
            assert_eq!(keys.label(), shown);
        }
        assert_eq!(Keys::parse("4").unwrap().label(), "4");
    }
}
