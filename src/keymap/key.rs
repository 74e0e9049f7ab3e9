//! Keys: how a binding writes them, how they are pressed, and how they are shown.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use onebound::half_width;

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
    pub(super) first: Option<Key>,
    pub(super) key: Key,
}

impl Keys {
    /// Parses what [`Key::parse`] does, or two characters as a sequence of two keys: `zR`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(key) = Key::parse(text) {
            return Some(Self { first: None, key });
        }
        let mut chars = text.chars();
        let (first, second) = (chars.next()?, chars.next()?);
        let is_pair = chars.next().is_none();
        is_pair.then(|| Self { first: Some(Key::of_char(first)), key: Key::of_char(second) })
    }

    /// As help and footer show it.
    pub fn label(self) -> String {
        self.first.map(Key::label).unwrap_or_default() + &self.key.label()
    }
}

impl Key {
    /// Parses `j`, `G`, `ctrl-d`, `shift-tab`, `pgdn`.
    pub fn parse(text: &str) -> Option<Self> {
        let lower = text.to_ascii_lowercase();
        let (ctrl, name) = match lower.strip_prefix("ctrl-") {
            Some(name) if !name.is_empty() => (true, name),
            _ => (false, text),
        };
        let named = NAMED.iter().find(|(written, ..)| written.eq_ignore_ascii_case(name));
        let mut chars = name.chars();
        let single = chars.next().filter(|_| chars.next().is_none());
        match (named, single) {
            (Some((_, code, _)), _) => Some(Self { code: *code, ctrl }),
            (None, Some(c)) if ctrl => Some(Self { code: KeyCode::Char(control(c)), ctrl }),
            (None, Some(c)) => Some(Self::of_char(c)),
            (None, None) => None,
        }
    }

    fn of_char(c: char) -> Self {
        Self { code: KeyCode::Char(key_of_input_method(c)), ctrl: false }
    }

    /// The same letter in the other case.
    pub(super) fn other_case(self) -> Option<Self> {
        let KeyCode::Char(c) = self.code else { return None };
        let other = if c.is_ascii_uppercase() { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() };
        (c.is_ascii_alphabetic() && !self.ctrl).then_some(Self { code: KeyCode::Char(other), ..self })
    }

    /// Whether a text input takes it as text.
    pub(super) fn is_typed(self) -> bool {
        !self.ctrl && matches!(self.code, KeyCode::Char(_))
    }

    /// The key of a binding for a key press; `None` for combinations that no binding can name.
    pub(super) fn from_event(event: KeyEvent, in_text: bool) -> Option<Self> {
        if event.modifiers.intersects(KeyModifiers::ALT | KeyModifiers::SUPER | KeyModifiers::META) {
            return None;
        }
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let code = match event.code {
            KeyCode::Char(c) if ctrl => KeyCode::Char(control(c)),
            // An input method may be left on, so a full-width `：` counts as `:` outside of text.
            KeyCode::Char(c) if !in_text => KeyCode::Char(key_of_input_method(c)),
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
const NAMED: [(&str, KeyCode, &str); 28] = [
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
    ("backspace", KeyCode::Backspace, "Backspace"),
    ("delete", KeyCode::Delete, "Delete"),
    ("insert", KeyCode::Insert, "Insert"),
    ("f1", KeyCode::F(1), "F1"),
    ("f2", KeyCode::F(2), "F2"),
    ("f3", KeyCode::F(3), "F3"),
    ("f4", KeyCode::F(4), "F4"),
    ("f5", KeyCode::F(5), "F5"),
    ("f6", KeyCode::F(6), "F6"),
    ("f7", KeyCode::F(7), "F7"),
    ("f8", KeyCode::F(8), "F8"),
    ("f9", KeyCode::F(9), "F9"),
    ("f10", KeyCode::F(10), "F10"),
    ("f11", KeyCode::F(11), "F11"),
    ("f12", KeyCode::F(12), "F12"),
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

/// Turns what a Chinese input method makes of a key back into that key: full-width forms such as `：／？！０-９`, and the
/// punctuation that it has in place of `<`, `>`, `[`, `]`, `/` and others.
fn key_of_input_method(c: char) -> char {
    match c {
        '《' | '〈' => '<',
        '》' | '〉' => '>',
        '【' | '「' => '[',
        '】' | '」' => ']',
        '、' => '/',
        '。' => '.',
        '￥' => '$',
        '·' => '`',
        '‘' | '’' => '\'',
        '“' | '”' => '"',
        _ => half_width(c),
    }
}
