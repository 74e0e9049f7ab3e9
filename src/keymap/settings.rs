//! Applies the `[keys]` of the config file to the default keys, and finds what is wrong with them.

use super::{Key, Keymap, Keys};
use crate::message::{Action, KeyScope};
use obx_core::config::{KeySetting, NameAt};
use obx_core::i18n::{Describe, Texts};
use obx_core::suggest::nearest;

/// A mistake in the keys of the config file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyProblem {
    /// From 1.
    pub line: usize,
    mistake: KeyMistake,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum KeyMistake {
    UnknownScope(String, Option<&'static str>),
    UnknownAction(String, Option<&'static str>),
    /// The action can do nothing in this scope.
    NotInScope(Action, KeyScope),
    UnknownKey(String),
    CanNotBind(String, Unbindable),
    SetTwice(Action, KeyScope),
    /// Two actions on this key in one scope.
    Conflict(String, Action, Action, KeyScope),
    /// Without a key for this action, nothing leads out of there.
    NoWayOut(Action, KeyScope),
}

/// Why a key can't be bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unbindable {
    /// Terminals send it as Esc and the key.
    Alt,
    /// Terminals send the same byte for this key.
    SameAs(&'static str),
    /// It stops or resumes the output.
    FlowControl,
    /// In a text input it is text.
    Typed,
}

/// Keys with Ctrl that can't be bound.
const NOT_WITH_CTRL: [(&str, Unbindable); 9] = [
    ("i", Unbindable::SameAs("tab")),
    ("tab", Unbindable::SameAs("tab")),
    ("m", Unbindable::SameAs("enter")),
    ("enter", Unbindable::SameAs("enter")),
    // A pasted line break without brackets.
    ("j", Unbindable::SameAs("enter")),
    ("[", Unbindable::SameAs("esc")),
    ("esc", Unbindable::SameAs("esc")),
    ("s", Unbindable::FlowControl),
    ("q", Unbindable::FlowControl),
];

/// Actions that lead out of a scope.
const WAYS_OUT: [(Action, KeyScope); 4] = [
    (Action::Escape, KeyScope::Text),
    (Action::Escape, KeyScope::Popup),
    (Action::Escape, KeyScope::Global),
    (Action::Quit, KeyScope::Global),
];

/// A binding of the file, with its line.
struct BoundAt {
    scope: KeyScope,
    keys: Keys,
    action: Action,
    line: usize,
}

impl Keymap {
    /// The default keys, changed by the config file.
    ///
    /// # Errors
    /// All mistakes, in the order of the file.
    pub fn from_settings(settings: &[KeySetting]) -> Result<Self, Vec<KeyProblem>> {
        let (mut map, mut found) = (Self::default(), Vec::new());
        let (mut set, mut bound) = (Vec::new(), Vec::new());
        for setting in settings {
            let Some((scope, action)) = place(setting, &mut found) else { continue };
            let line = setting.action.line;
            if set.iter().any(|(other, _)| *other == (scope, action)) {
                found.push(KeyProblem { line, mistake: KeyMistake::SetTwice(action, scope) });
                continue;
            }
            set.push(((scope, action), line));
            map.bindings.retain(|(place, _, to)| (*place, *to) != (scope, action));
            for key in &setting.keys {
                match parse(&key.name, scope) {
                    Ok(keys) => bound.push(BoundAt { scope, keys, action, line: key.line }),
                    Err(mistake) => found.push(KeyProblem { line: key.line, mistake }),
                }
            }
        }
        found.extend(conflicts(&map, &bound));
        map.bindings.extend(bound.into_iter().map(|bound| (bound.scope, bound.keys, bound.action)));
        let emptied = |(action, scope): &(Action, KeyScope)| {
            let line = set.iter().find(|(place, _)| *place == (*scope, *action)).map(|(_, line)| *line)?;
            let mistake = KeyMistake::NoWayOut(*action, *scope);
            map.keys(*scope, *action).is_empty().then_some(KeyProblem { line, mistake })
        };
        found.extend(WAYS_OUT.iter().filter_map(emptied));
        found.sort_by_key(|problem| problem.line);
        if found.is_empty() { Ok(map) } else { Err(found) }
    }
}

/// The scope and the action that a setting is about.
fn place(setting: &KeySetting, found: &mut Vec<KeyProblem>) -> Option<(KeyScope, Action)> {
    let line = setting.action.line;
    let Some(action) = Action::from_name(&setting.action.name) else {
        let names: Vec<&'static str> = Action::all().map(Action::name).collect();
        let (name, meant) = (setting.action.name.clone(), nearest(&setting.action.name, &names));
        found.push(KeyProblem { line, mistake: KeyMistake::UnknownAction(name, meant) });
        return None;
    };
    let scope = match &setting.scope {
        None => action.main_scope(),
        Some(NameAt { name, line }) => {
            let Some(scope) = KeyScope::from_name(name) else {
                let mistake = KeyMistake::UnknownScope(name.clone(), nearest(name, &KeyScope::names()));
                let problem = KeyProblem { line: *line, mistake };
                found.extend((!found.contains(&problem)).then_some(problem));
                return None;
            };
            scope
        }
    };
    let works = action.works_in(scope);
    found.extend((!works).then_some(KeyProblem { line, mistake: KeyMistake::NotInScope(action, scope) }));
    works.then_some((scope, action))
}

fn parse(text: &str, scope: KeyScope) -> Result<Keys, KeyMistake> {
    let lower = text.to_ascii_lowercase();
    let not = |why| Err(KeyMistake::CanNotBind(text.to_owned(), why));
    if ["alt-", "meta-", "super-"].iter().any(|prefix| lower.starts_with(prefix)) {
        return not(Unbindable::Alt);
    }
    let with_ctrl = lower.strip_prefix("ctrl-").unwrap_or_default();
    if let Some((_, why)) = NOT_WITH_CTRL.iter().find(|(name, _)| *name == with_ctrl) {
        return not(*why);
    }
    match Keys::parse(text) {
        None => Err(KeyMistake::UnknownKey(text.to_owned())),
        Some(keys) if scope == KeyScope::Text && keys.first.unwrap_or(keys.key).is_typed() => {
            not(Unbindable::Typed)
        }
        Some(keys) => Ok(keys),
    }
}

/// Bindings of the file whose key already does something else in the same scope. A key that begins a sequence can't do
/// something alone.
fn conflicts(defaults: &Keymap, bound: &[BoundAt]) -> Vec<KeyProblem> {
    let clash = |one: &Keys, other: &Keys| {
        let begins = |alone: &Keys, pair: &Keys| alone.first.is_none() && pair.first == Some(alone.key);
        one == other || begins(one, other) || begins(other, one)
    };
    let mut found = Vec::new();
    for (at, binding) in bound.iter().enumerate() {
        let before = bound.iter().take(at).map(|other| (other.scope, other.keys, other.action));
        let mut others = defaults.bindings.iter().copied().chain(before);
        let other = others.find(|(scope, keys, _)| *scope == binding.scope && clash(keys, &binding.keys));
        if let Some((scope, keys, other)) = other {
            let key =
                if binding.keys == keys { keys } else { Keys { first: None, ..shorter(keys, binding.keys) } };
            let mistake = KeyMistake::Conflict(key.label(), binding.action, other, scope);
            found.push(KeyProblem { line: binding.line, mistake });
        }
    }
    found
}

/// Of a key and a sequence that it begins, the key.
fn shorter(one: Keys, other: Keys) -> Keys {
    if one.first.is_none() { one } else { other }
}

impl Describe for KeyProblem {
    fn describe(&self, texts: Texts) -> String {
        texts.at_line(self.line, self.mistake.describe(texts))
    }
}

impl KeyMistake {
    fn describe(&self, texts: Texts) -> String {
        let suggesting = |what: String, meant: Option<&'static str>| match meant {
            Some(meant) => texts.keys_did_you_mean(what, meant),
            None => what,
        };
        match self {
            Self::UnknownScope(name, meant) => {
                let known = KeyScope::names().join(", ");
                let what = texts.keys_unknown_scope(name.escape_debug());
                let listed = meant.is_none().then(|| texts.keys_scopes(known));
                [Some(suggesting(what, *meant)), listed]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(texts.and_then())
            }
            Self::UnknownAction(name, meant) => {
                suggesting(texts.keys_unknown_action(name.escape_debug()), *meant)
            }
            Self::NotInScope(action, scope) => texts.keys_not_in_scope(action.name(), scope.name()),
            Self::UnknownKey(text) => texts.keys_unknown_key(text.escape_debug()),
            Self::CanNotBind(text, why) => {
                let why = match why {
                    Unbindable::Alt => texts.keys_alt().to_owned(),
                    Unbindable::SameAs(key) => texts.keys_same_as(key),
                    Unbindable::FlowControl => texts.keys_flow_control().to_owned(),
                    Unbindable::Typed => texts.keys_typed().to_owned(),
                };
                texts.named(texts.keys_can_not_bind(text.escape_debug()), why)
            }
            Self::SetTwice(action, scope) => texts.keys_set_twice(action.name(), scope.name()),
            Self::Conflict(key, one, other, scope) => {
                texts.keys_conflict(key, one.name(), other.name(), scope.name())
            }
            Self::NoWayOut(action, scope) => texts.keys_no_way_out(action.name(), scope.name()),
        }
    }
}

impl Keymap {
    /// The key that alone begins the frame of a pane, `6`; empty if its action has none.
    pub fn pane_key(&self, action: Action) -> String {
        self.key_in_panes(action).unwrap_or_default()
    }

    /// The key that leaves a text input and, pressed once more, quits: `^C`.
    pub fn leaving_and_quitting(&self) -> Option<Key> {
        let bound = |scope: KeyScope, action: Action| {
            let bindings = self.bindings.iter();
            bindings.filter(move |(place, keys, to)| *place == scope && *to == action && keys.first.is_none())
        };
        let quits: Vec<Key> = bound(KeyScope::Global, Action::Quit).map(|(_, keys, _)| keys.key).collect();
        bound(KeyScope::Text, Action::Escape).map(|(_, keys, _)| keys.key).find(|key| quits.contains(key))
    }
}
