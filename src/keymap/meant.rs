//! What a key that is bound to nothing was probably meant for, by the habits of other programs.

use crossterm::event::KeyEvent;

use super::{Key, Keymap, Keys};
use crate::message::{Action, KeyScope, PaneId};

/// A guess for a key that does nothing where it was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meant {
    /// Another key does this here.
    Here(Action),
    /// The key itself does this in that pane.
    In(PaneId, Action),
}

/// Keys of vi, less, jless, lazygit, k9s and others, and the actions that are nearest; the first that has a key where it
/// was pressed counts.
const HABITS: &[(&str, &[Action])] = &[
    ("r", &[Action::Refetch]),
    ("f5", &[Action::Refetch]),
    ("space", &[Action::Fold, Action::Mark]),
    ("'", &[Action::Mark]),
    ("%", &[Action::NextSibling, Action::Bottom]),
    ("}", &[Action::NextSibling, Action::PageDown]),
    ("{", &[Action::PreviousSibling, Action::PageUp]),
    (")", &[Action::NextSibling, Action::PageDown]),
    ("(", &[Action::PreviousSibling, Action::PageUp]),
    ("0", &[Action::Left]),
    ("^", &[Action::Left]),
    ("$", &[Action::Right]),
    ("Z", &[Action::Leave]),
    ("Q", &[Action::Leave]),
    (";", &[Action::Palette]),
    (",", &[Action::Palette]),
    ("`", &[Action::Back]),
    ("\"", &[Action::CopyMenu]),
    ("\\", &[Action::Filter]),
    ("#", &[Action::Filter]),
    ("ctrl-p", &[Action::Palette]),
    ("ctrl-k", &[Action::Palette]),
    ("ctrl-f", &[Action::PageDown]),
    ("ctrl-b", &[Action::PageUp]),
    ("ctrl-e", &[Action::Down]),
    ("ctrl-y", &[Action::Up]),
    ("ctrl-n", &[Action::Down]),
    ("ctrl-a", &[Action::Top]),
    ("ctrl-g", &[Action::Escape]),
    ("ctrl-o", &[Action::Back]),
    ("ctrl-w", &[Action::NextPane]),
    ("ctrl-x", &[Action::Export]),
    ("backspace", &[Action::Back]),
    ("delete", &[Action::Escape]),
    ("insert", &[Action::Focus(PaneId::Id)]),
    ("f1", &[Action::Help]),
    ("f3", &[Action::NextHit, Action::Filter]),
    ("f10", &[Action::Quit]),
];

impl Keymap {
    /// The nearest action to a key that does nothing in `scope`.
    pub fn meant(&self, scope: KeyScope, first: Option<Key>, event: KeyEvent) -> Option<Meant> {
        let keys = Keys { first, key: Key::from_event(event, false)? };
        let has_key = |action: &Action| self.key(scope, *action).is_some();
        let habit = HABITS.iter().find(|(written, _)| Keys::parse(written) == Some(keys));
        if let Some(action) = habit.and_then(|(_, actions)| actions.iter().copied().find(has_key)) {
            return Some(Meant::Here(action));
        }
        let action_of = |place: KeyScope, keys: Keys| {
            let mut bindings = self.bindings.iter();
            bindings.find(|(bound, other, _)| *bound == place && *other == keys).map(|(.., action)| *action)
        };
        if matches!(scope, KeyScope::Pane(_)) {
            let in_other = |pane: &PaneId| Some(Meant::In(*pane, action_of(KeyScope::Pane(*pane), keys)?));
            if let Some(other) = PaneId::ALL.iter().find_map(in_other) {
                return Some(other);
            }
        }
        let other_case = Keys { key: keys.key.other_case()?, ..keys };
        [scope, KeyScope::Global].into_iter().find_map(|place| action_of(place, other_case)).map(Meant::Here)
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyModifiers};

    use super::*;

    #[test]
    fn every_habit_names_a_key_once_and_an_action_that_has_one() {
        let map = Keymap::default();
        for (at, (written, actions)) in HABITS.iter().enumerate() {
            let keys = Keys::parse(written);
            assert!(keys.is_some_and(|keys| keys.first.is_none()), "{written}");
            assert!(HABITS.iter().take(at).all(|(other, _)| Keys::parse(other) != keys), "{written}");
            let last = actions.last().unwrap();
            assert!(map.key(KeyScope::Pane(PaneId::Skus), *last).is_some(), "{written}");
        }
    }

    #[test]
    fn a_key_without_a_meaning_leads_to_the_nearest_one() {
        let map = Keymap::default();
        let meant =
            |pane, code, modifiers| map.meant(KeyScope::Pane(pane), None, KeyEvent::new(code, modifiers));
        let plain = |pane, c| meant(pane, KeyCode::Char(c), KeyModifiers::NONE);
        assert_eq!(plain(PaneId::Skus, 'r'), Some(Meant::Here(Action::Refetch)));
        assert_eq!(plain(PaneId::Skus, '}'), Some(Meant::Here(Action::PageDown)));
        assert_eq!(plain(PaneId::Response, '}'), Some(Meant::Here(Action::NextSibling)));
        assert_eq!(plain(PaneId::Skus, 'p'), Some(Meant::In(PaneId::Response, Action::Pretty)));
        assert_eq!(plain(PaneId::Skus, 'E'), Some(Meant::Here(Action::OpenEditor)));
        let ctrl_p = meant(PaneId::Props, KeyCode::Char('p'), KeyModifiers::CONTROL);
        assert_eq!(ctrl_p, Some(Meant::Here(Action::Palette)));
        assert_eq!(meant(PaneId::Props, KeyCode::F(1), KeyModifiers::NONE), Some(Meant::Here(Action::Help)));
        assert_eq!(plain(PaneId::Skus, '&'), None);
    }
}
