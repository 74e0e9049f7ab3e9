//! Searches and pretty-prints the body's text, unless it is too large or isn't JSON.

use super::{ResponsePane, View};
use crate::message::{Action, Effect};
use crate::model::Model;

/// The message where the text is too large, with the keys that open it in another program.
pub(super) fn too_large_to_search(model: &Model) -> String {
    model.texts.too_large_to_search(model.key(Action::OpenEditor), model.key(Action::OpenPager))
}

impl ResponsePane {
    /// Starts a search in the text if that is shown and not too large, else in the tree.
    #[must_use]
    pub(super) fn start_search(&mut self, model: &Model) -> Vec<Effect> {
        let texts = model.texts;
        let in_raw = self.view_in_front(model) == View::Raw;
        let (size, too_large) = (self.raw.text().len(), self.raw.is_too_large());
        let mut said = Vec::new();
        match self.tree {
            _ if (in_raw || self.tree.is_none()) && size > 0 && !too_large => self.chosen = Some(View::Raw),
            Some(_) => {
                self.chosen = Some(View::Tree);
                said.extend(in_raw.then(|| Effect::info(texts.searched_in_tree())));
            }
            None if too_large => return vec![Effect::alert(too_large_to_search(model))],
            None => return vec![Effect::alert(texts.nothing_to_search())],
        }
        self.search.start(self.tree.as_ref());
        said
    }

    /// Toggles pretty-printing if the text is JSON; otherwise says why not.
    #[must_use]
    pub(super) fn turn_pretty(&mut self, model: &Model) -> Vec<Effect> {
        let texts = model.texts;
        if self.view_in_front(model) != View::Raw {
            return vec![Effect::info(texts.only_raw_is_pretty_printed(model.key(Action::NextView)))];
        }
        if self.raw.turn_pretty() {
            return Vec::new();
        }
        if self.is_parsing() {
            return vec![Effect::info(texts.parsing())];
        }
        let why = match self.tree {
            _ if self.raw.is_json() => texts.too_large_for_pretty(),
            Some(_) => texts.only_json_is_pretty_printed_see_tree(),
            None => texts.only_json_is_pretty_printed(),
        };
        vec![Effect::alert(why)]
    }

    /// Toggles the quotes of strings in a jq result; otherwise says why not.
    #[must_use]
    pub(super) fn turn_unquoted(&mut self, model: &Model) -> Vec<Effect> {
        if self.raw.turn_unquoted() {
            return Vec::new();
        }
        let texts = model.texts;
        let in_result = self.whole.is_some();
        let why = if in_result { texts.too_large_for_pretty() } else { texts.only_results_are_unquoted() };
        vec![Effect::info(why)]
    }
}
