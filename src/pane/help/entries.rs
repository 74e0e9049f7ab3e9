//! What help lists: every action once, under the heading of what it is for.

use crate::keymap::{Keymap, by_name};
use crate::message::{Action, KeyScope, PaneId};
use crate::pane::Hint;
use crate::pane::action_search::searched_text;
use crate::ui::filter::fold;
use obx_core::i18n::{Language, Texts};

/// A heading of help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HelpTopic {
    /// What works in the pane or popup in front in particular.
    Here,
    /// The popup's own keys that do nothing at its stage.
    NotNow,
    Panes,
    Lists,
    Response,
    Items,
    Copying,
    Everywhere,
    /// What the popup in front keeps from working.
    AfterClosing,
}

impl HelpTopic {
    /// In the order in which they are shown.
    pub(super) const ALL: [Self; 9] = [
        Self::Here,
        Self::NotNow,
        Self::Panes,
        Self::Lists,
        Self::Response,
        Self::Items,
        Self::Copying,
        Self::Everywhere,
        Self::AfterClosing,
    ];

    pub(super) fn heading(self, texts: Texts) -> &'static str {
        match self {
            Self::Here => texts.help_here(),
            Self::NotNow => texts.help_not_now(),
            Self::Panes => texts.help_panes(),
            Self::Lists => texts.help_lists(),
            Self::Response => PaneId::Response.title(texts),
            Self::Items => texts.help_items(),
            Self::Copying => texts.help_copying(),
            Self::Everywhere => texts.help_everywhere(),
            Self::AfterClosing => texts.help_after_closing(),
        }
    }

    fn from_action(action: Action, scope: KeyScope) -> Self {
        if scope.is_of_popup() {
            return match action {
                _ if action.is_movement() => Self::Lists,
                Action::Escape | Action::Leave => Self::Everywhere,
                _ if action.works_anywhere() && action.main_scope() == KeyScope::Global => Self::Everywhere,
                _ => Self::AfterClosing,
            };
        }
        match action.main_scope() {
            KeyScope::Pane(PaneId::Response) => Self::Response,
            KeyScope::Copying => Self::Copying,
            KeyScope::Text => Self::Items,
            KeyScope::Global => Self::from_global(action),
            _ => Self::Lists,
        }
    }

    fn from_global(action: Action) -> Self {
        use Action::{
            Back, Batch, Compare, CopyMenu, Description, EditCall, Explain, Export, Facts, Filter, Find,
            Focus, Forward, Full, GrowColumns, GrowRows, HidePane, History, Jq, Mark, Newer, NextPane, Note,
            Older, Open, OpenEditor, OpenPage, OpenPager, Override, Pictures, PreviousPane, Quantity, Quota,
            Refetch, Register, ResetLayout, Search, ShrinkColumns, ShrinkRows, SkuMatrix, Sort, SortReverse,
            Star,
        };
        match action {
            Jq => Self::Response,
            NextPane | PreviousPane | Focus(_) | Full | GrowRows | ShrinkRows | GrowColumns
            | ShrinkColumns | HidePane | ResetLayout => Self::Panes,
            Open | Filter | Sort | SortReverse => Self::Lists,
            Refetch | Override | EditCall | Batch | Explain | Facts | Description | Pictures | Quantity
            | SkuMatrix | Quota | Older | Newer | Compare | Mark | Back | Forward | History | Find
            | Search | Star | Note | OpenPage => Self::Items,
            CopyMenu | Register | Export | OpenEditor | OpenPager => Self::Copying,
            _ if action.is_movement() => Self::Lists,
            _ => Self::Everywhere,
        }
    }
}

/// An action in help.
#[derive(Debug)]
pub(super) struct HelpEntry {
    pub(super) topic: HelpTopic,
    pub(super) action: Action,
    /// Its keys, or how the palette runs it; empty if nothing does.
    pub(super) keys: String,
    pub(super) spends: bool,
    /// The footer's word for it here.
    pub(super) label: Option<&'static str>,
    /// Where its keys work, if not here.
    place: Option<KeyScope>,
    /// What is in front.
    scope: KeyScope,
}

impl HelpEntry {
    /// What it does, and in which pane or popup.
    pub(super) fn describe(&self, texts: Texts) -> String {
        let described = self.action.describe(texts);
        let here = Some(self.action).filter(|_| self.topic == HelpTopic::Here);
        if let Some(special) = here.and_then(|action| action.describe_in(self.scope, texts)) {
            return special.to_owned();
        }
        let what = match self.label {
            Some(label) if self.action.depends_on_place() => label.to_owned(),
            // A footer has no space for more than a word.
            Some(label) if !described.contains(label) => texts.named(label, described),
            _ => described.to_owned(),
        };
        let place = self.place.filter(|_| self.topic != HelpTopic::Response);
        place
            .and_then(|place| title(place, texts))
            .map_or_else(|| what.clone(), |place| texts.help_in_place(place, &what))
    }

    /// Whether it has all words, which are folded. A single letter is looked for as a key, since nearly all descriptions
    /// contain it.
    pub(super) fn matches(&self, words: &[&str]) -> bool {
        let keys = fold(&self.keys).into_owned();
        let in_language = |language: Language| {
            let texts = Texts::new(language);
            fold(&self.describe(texts)).into_owned()
        };
        let shown = [Language::En, Language::Zh].map(in_language).join("\n");
        let texts = format!("{shown}\n{}", searched_text(self.action));
        words.iter().all(|word| match word.as_bytes() {
            [_] => keys.split(' ').any(|key| key.chars().count() <= 2 && key.contains(word)),
            _ => keys.contains(word) || self.action.name().contains(word) || texts.contains(word),
        })
    }
}

/// All actions by topic, those of the hints `here` first. `opens` says what [`Action::Open`] does here.
pub(super) fn entries(
    keymap: &Keymap,
    scope: KeyScope,
    here: &[Hint],
    opens: Option<&'static str>,
) -> Vec<HelpEntry> {
    let opens = opens.map(|label| Hint::free(Action::Open, label));
    let mut hints: Vec<Hint> = Vec::new();
    for hint in here.iter().copied().chain(opens) {
        if hints.iter().all(|known| known.action != hint.action) {
            hints.push(hint);
        }
    }
    let hinted = |action: &Action| hints.iter().any(|hint| hint.action == *action);
    let is_own = |action: Action| match scope {
        KeyScope::Text => action.main_scope() == scope,
        _ => !keymap.own_keys(scope, action).is_empty(),
    };
    // A batch hints at all of its keys that do something at its stage.
    let own_topic = if scope == KeyScope::Batch { HelpTopic::NotNow } else { HelpTopic::Here };
    let others = Action::all().filter(|action| !hinted(action)).map(|action| {
        let topic = if is_own(action) { own_topic } else { HelpTopic::from_action(action, scope) };
        let (keys, place) = keys(keymap, scope, action, topic);
        HelpEntry { topic, action, keys, spends: action.may_spend(), label: None, place, scope }
    });
    let mut entries: Vec<HelpEntry> = Vec::new();
    entries.extend(hints.iter().map(|hint| {
        let (topic, action) = (HelpTopic::Here, hint.action);
        let (keys, place) = keys(keymap, scope, action, topic);
        HelpEntry { topic, action, keys, spends: hint.spends, label: Some(hint.label), place, scope }
    }));
    entries.extend(others);
    entries.sort_by_key(|entry| HelpTopic::ALL.iter().position(|topic| *topic == entry.topic));
    entries
}

/// The keys of an action, and the scope where they work if that is another one.
fn keys(keymap: &Keymap, scope: KeyScope, action: Action, topic: HelpTopic) -> (String, Option<KeyScope>) {
    let is_of_other_scope =
        topic == HelpTopic::AfterClosing || (scope == KeyScope::Text && topic != HelpTopic::Here);
    let main = action.main_scope();
    if main == KeyScope::Copying {
        let keys = keymap.keys_in_panes(action);
        return (if keys.is_empty() { in_palette(action) } else { keys }, None);
    }
    let keys = keymap.keys(if is_of_other_scope { KeyScope::Global } else { scope }, action);
    if !keys.is_empty() {
        return (keys, None);
    }
    match keymap.own_keys(main, action) {
        keys if keys.is_empty() || matches!(main, KeyScope::Global) => (in_palette(action), None),
        keys => (keys, Some(main)),
    }
}

/// How the palette runs it; empty if it doesn't.
fn in_palette(action: Action) -> String {
    if action.is_in_palette() { by_name(action) } else { String::new() }
}

fn title(scope: KeyScope, texts: Texts) -> Option<&'static str> {
    match scope {
        KeyScope::Pane(pane) => Some(pane.title(texts)),
        KeyScope::Matrix => Some(texts.matrix_title()),
        KeyScope::Columns => Some(texts.columns_title()),
        KeyScope::Batch => Some(texts.batch_title()),
        KeyScope::Results => Some(texts.search_results()),
        KeyScope::Popup => Some(texts.help_popup()),
        KeyScope::Text => Some(texts.help_input()),
        KeyScope::Global | KeyScope::Copying => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> Texts {
        Texts::new(Language::En)
    }

    #[test]
    fn every_action_is_there_once_with_a_way_to_run_it_wherever_help_is_opened() {
        let keymap = Keymap::default();
        // An action hinted twice is listed once.
        let hints = [Hint::free(Action::Filter, "search"), Hint::free(Action::Filter, "filter")];
        let scopes = KeyScope::names().into_iter().filter_map(KeyScope::from_name);
        // The copy menu has no help.
        for scope in scopes.filter(|scope| *scope != KeyScope::Copying) {
            for (here, opens) in [(&hints[..0], None), (&hints[..], Some("fold"))] {
                let entries = entries(&keymap, scope, here, opens);
                for action in Action::all() {
                    let listed = entries.iter().filter(|entry| entry.action == action).count();
                    assert_eq!(listed, 1, "{} in {}", action.name(), scope.name());
                }
                assert_eq!(entries.len(), Action::all().count());
                assert!(entries.iter().all(|entry| !entry.keys.is_empty()), "{scope:?}: {entries:?}");
            }
        }
    }

    #[test]
    fn a_key_is_named_for_what_it_does_here() {
        let keymap = Keymap::default();
        let keys = |scope, action| {
            let entries = entries(&keymap, scope, &[], None);
            entries.into_iter().find(|entry| entry.action == action).map(|entry| entry.keys).unwrap()
        };
        let [item, skus] = [PaneId::Item, PaneId::Skus].map(KeyScope::Pane);
        assert_eq!(keys(item, Action::SwitchLanguage), "L");
        assert_eq!(keys(skus, Action::SwitchLanguage), ":switch_language");
        assert_eq!(keys(item, Action::Tour), ":tour");
        assert_eq!(keys(item, Action::CopyCurl), "yc");
        assert_eq!(keys(KeyScope::Popup, Action::CopyMenu), "y");
    }

    #[test]
    fn a_key_is_listed_once_wherever_help_is_opened() {
        let keymap = Keymap::default();
        let scopes = KeyScope::names().into_iter().filter_map(KeyScope::from_name);
        for scope in scopes.filter(|scope| !matches!(scope, KeyScope::Copying | KeyScope::Text)) {
            let entries = entries(&keymap, scope, &[], None);
            let here = entries
                .iter()
                .filter(|entry| entry.place.is_none() && entry.topic != HelpTopic::AfterClosing);
            let mut keys: Vec<&str> = here.flat_map(|entry| entry.keys.split(' ')).collect();
            keys.sort_unstable();
            let count = keys.len();
            keys.dedup();
            assert_eq!(keys.len(), count, "{}", scope.name());
        }
    }

    #[test]
    fn a_footers_word_is_explained() {
        let keymap = Keymap::default();
        let scope = KeyScope::Pane(PaneId::Response);
        let described = |action, label| {
            let entries = entries(&keymap, scope, &[Hint::free(action, label)], None);
            entries.iter().find(|entry| entry.action == action).map(|entry| entry.describe(texts()))
        };
        assert_eq!(described(Action::NextView, "view").unwrap(), "view: tree, raw, headers, timing");
        assert_eq!(described(Action::Fold, "fold").unwrap(), "fold or unfold");
        assert_eq!(described(Action::Filter, "search").unwrap(), "search");
    }

    #[test]
    fn what_a_key_does_among_the_results_of_a_search_is_said_in_both_languages() {
        let keymap = Keymap::default();
        let here = [Hint::free(Action::Mark, "mark"), Hint::spending(Action::Refetch, "refetch page")];
        let entries = entries(&keymap, KeyScope::Results, &here, None);
        for language in [Language::En, Language::Zh] {
            let texts = Texts::new(language);
            let described = |action| {
                let entry = entries.iter().find(|entry| entry.action == action);
                entry.map(|entry| entry.describe(texts)).unwrap_or_default()
            };
            assert_eq!(described(Action::Mark), texts.action_mark_result());
            assert_eq!(described(Action::Refetch), texts.action_refetch_page());
        }
        let topics = |action| entries.iter().find(|entry| entry.action == action).map(|entry| entry.topic);
        for of_batch in [Action::BuyBatch, Action::StopBatch, Action::PauseBatch, Action::PlanAgain] {
            assert_eq!(topics(of_batch), Some(HelpTopic::AfterClosing), "{of_batch:?}");
        }
    }

    #[test]
    fn an_action_of_another_pane_says_where() {
        let keymap = Keymap::default();
        let entries = entries(&keymap, KeyScope::Pane(PaneId::Item), &[], None);
        let hide = entries.iter().find(|entry| entry.action == Action::HideColumn).unwrap();
        assert_eq!(hide.describe(texts()), "SKUs: hide this column");
    }

    #[test]
    fn words_are_found_in_keys_names_and_both_languages() {
        let keymap = Keymap::default();
        let entries = entries(&keymap, KeyScope::Pane(PaneId::Item), &[], None);
        let found = |words: &str| {
            let folded = fold(words).into_owned();
            let words: Vec<&str> = folded.split_whitespace().collect();
            let matching = entries.iter().filter(|entry| entry.matches(&words));
            matching.map(|entry| entry.action).collect::<Vec<_>>()
        };
        assert_eq!(found("zR"), [Action::UnfoldAll, Action::UnfoldLevel]);
        assert_eq!(found("reset_lay"), [Action::ResetLayout]);
        assert_eq!(found("额度"), [Action::Quota]);
        assert_eq!(found("ＰＡＣＥ curve"), [Action::Quota]);
        assert_eq!(found("|"), [Action::Jq]);
        assert_eq!(found("算价"), [Action::Quantity]);
        assert!(found("对比").contains(&Action::Compare) && found("diff").contains(&Action::Compare));
        assert_eq!(found("no such thing"), []);
    }
}
