//! The line of words and options: typing, completion, and earlier searches.

use crossterm::event::KeyEvent;

use super::SearchView;
use crate::message::{Action, Effect};
use crate::model::Model;
use crate::model::item_search::ResultsPage;
use crate::pane::recall::Recall;
use crate::pane::text_input::TextInput;
use crate::ui::rows::TableRows;
use obx_core::search_line::complete;

/// Of words and options, in characters.
const MAX_LINE: usize = 300;

/// The input with the words that were given, or else those of the page that is shown, or else what was searched for last,
/// which typing replaces.
pub(super) fn begin(words: &str, page: Option<&ResultsPage>, model: &Model) -> TextInput {
    let input = TextInput::with_limit(MAX_LINE);
    if !words.is_empty() {
        return input.with_text(words);
    }
    let last = page.map(ResultsPage::line).or_else(|| model.search.earlier().last().cloned());
    let mut input = input.with_text(&last.unwrap_or_default());
    input.select_all();
    input
}

impl SearchView {
    #[must_use]
    fn submit(&mut self, model: &Model) -> Vec<Effect> {
        if let Err(why) = model.search_call(self.input.text()) {
            return vec![Effect::info(why)];
        }
        let effects = self.fetch_page(Action::Submit, model);
        self.is_typing = false;
        self.input.set(self.input.text().trim().to_owned().as_str());
        effects
    }

    /// Shows the next older or newer of the earlier searches, as a shell does with its commands.
    fn recall(&mut self, is_older: bool, model: &Model) {
        let earlier = model.search.earlier();
        let recall =
            self.recall.take().or_else(|| is_older.then(|| Recall::begin(&self.input, self.is_edited)));
        self.recall = recall.and_then(|recall| recall.step(is_older, earlier, &mut self.input));
    }

    #[must_use]
    pub(super) fn act_while_typing(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        match action {
            Action::Submit => self.submit(model),
            Action::Up => {
                self.recall(true, model);
                Vec::new()
            }
            Action::Down if self.recall.is_some() => {
                self.recall(false, model);
                Vec::new()
            }
            Action::NextPane if complete(self.input.text()).is_some() => {
                self.input.set(&complete(self.input.text()).unwrap_or_default());
                Vec::new()
            }
            Action::NextPane | Action::PreviousPane | Action::Down if self.rows.count() > 0 => {
                self.is_typing = false;
                Vec::new()
            }
            Action::Escape => self.escape(),
            _ => Vec::new(),
        }
    }

    pub(super) fn type_in_line(&mut self, key: KeyEvent) {
        if self.input.type_key(key) {
            (self.recall, self.is_edited) = (None, true);
        }
    }

    /// Where nothing is typed, what is pasted takes the place of the words.
    pub(super) fn paste_in_line(&mut self, text: &str) {
        if !self.is_typing {
            self.input.select_all();
        }
        (self.is_typing, self.recall, self.is_edited) = (true, None, true);
        self.input.insert(text);
    }
}
