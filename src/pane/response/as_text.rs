//! What is done with the body as text: searched and set out, where that is not too much and not untrue.

use super::raw::MAX_AT_ONCE;
use super::{ResponsePane, View};
use crate::message::Effect;
use crate::model::Model;

impl ResponsePane {
    /// In the text where that is in front and not too large, else in the tree.
    #[must_use]
    pub(super) fn start_search(&mut self, model: &Model) -> Vec<Effect> {
        let texts = model.texts;
        let in_raw = self.view_in_front(model) == View::Raw;
        let (size, too_large) = (self.raw.len(), self.raw.len() > MAX_AT_ONCE);
        let mut said = Vec::new();
        match self.tree {
            _ if (in_raw || self.tree.is_none()) && size > 0 && !too_large => self.chosen = Some(View::Raw),
            Some(_) => {
                self.chosen = Some(View::Tree);
                said.extend(in_raw.then(|| Effect::info(texts.searched_in_tree())));
            }
            None if too_large => return vec![Effect::alert(texts.too_large_to_search())],
            None => return vec![Effect::alert(texts.nothing_to_search())],
        }
        self.finding.start(self.tree.as_ref());
        self.find_in_raw();
        said
    }

    /// Sets the text out where it is JSON, or says why not.
    #[must_use]
    pub(super) fn turn_pretty(&mut self, model: &Model) -> Vec<Effect> {
        let texts = model.texts;
        if self.view_in_front(model) != View::Raw {
            return vec![Effect::info(texts.only_raw_is_pretty_printed())];
        }
        if self.raw.turn_pretty() {
            self.find_in_raw();
            return Vec::new();
        }
        let why = match self.tree {
            _ if self.raw.is_json() => texts.too_large_for_pretty(),
            Some(_) => texts.only_json_is_pretty_printed_see_tree(),
            None => texts.only_json_is_pretty_printed(),
        };
        vec![Effect::alert(why)]
    }

    /// Shows the strings of a jq result without quotes, or says why not.
    #[must_use]
    pub(super) fn turn_unquoted(&mut self, model: &Model) -> Vec<Effect> {
        if self.raw.turn_unquoted() {
            self.find_in_raw();
            return Vec::new();
        }
        let texts = model.texts;
        let in_result = self.whole.is_some();
        let why = if in_result { texts.too_large_for_pretty() } else { texts.only_results_are_unquoted() };
        vec![Effect::info(why)]
    }
}
