//! What lies over the panes: one at a time, and all keys are its.
//!
//! ```text
//!  key ─▶ keymap, by the popup's scope ─▶ act ─▶ effects; Effect::ClosePopup among them closes it
//! ```

use std::fmt::Debug;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

use super::Hint;
use crate::message::{Action, Done, Effect, KeyScope, StoreEvent};
use crate::model::Model;
use obx_core::fetch::FetchPolicy;
use onebound::Call;

/// A popup.
pub trait Popup: Debug {
    /// Which bindings hold while it is in front.
    fn scope(&self) -> KeyScope {
        KeyScope::Popup
    }

    /// Does what an action means here.
    #[must_use]
    fn act(&mut self, action: Action, model: &Model) -> Vec<Effect>;

    /// A key that is text. Only for popups that take text.
    #[must_use]
    fn type_key(&mut self, _key: KeyEvent) -> Vec<Effect> {
        Vec::new()
    }

    /// Pasted text. Only for popups that take text.
    #[must_use]
    fn paste(&mut self, _text: &str) -> Vec<Effect> {
        Vec::new()
    }

    /// What came from the store; gives what it asks for next.
    #[must_use]
    fn on_event(&mut self, _news: &StoreEvent) -> Vec<Effect> {
        Vec::new()
    }

    /// Takes in the result of an effect.
    #[must_use]
    fn on_done(&mut self, _done: &Done) -> Vec<Effect> {
        Vec::new()
    }

    /// Whether the help of its keys can be opened in front of it.
    fn has_help(&self) -> bool {
        self.scope() == KeyScope::Popup
    }

    /// The action that Enter would run here: it may be one that spends.
    fn chosen(&self, _model: &Model) -> Option<Action> {
        None
    }

    /// The call that Enter would make here by itself.
    fn call(&self, _model: &Model) -> Option<(Call, FetchPolicy)> {
        None
    }

    /// Lays it out for a screen of this size; called before each drawing.
    fn layout(&mut self, model: &Model, screen: Size);

    /// The part of such a screen that it covers, border included, as it was laid out; empty where it covers none.
    fn area(&self, screen: Size) -> Rect;

    /// Draws it into its area, over what is there.
    fn view(&self, model: &Model, area: Rect, buffer: &mut Buffer);

    /// The keys worth naming here, the most useful first.
    fn hints(&self, model: &Model) -> Vec<Hint>;
}

/// The way out that every popup of text to read has, beside the key that opened it.
pub(super) fn closes(action: Action, opened_by: Action) -> bool {
    matches!(action, Action::Escape | Action::Leave) || action == opened_by
}

pub(super) fn close(model: &Model) -> Hint {
    Hint::free(Action::Escape, model.texts.hint_back())
}

/// The keys of a text to read; to page only where there is more than is in sight.
pub(super) fn close_and_page(is_longer: bool, model: &Model) -> Vec<Hint> {
    let page = is_longer.then(|| Hint::free(Action::PageDown, model.texts.hint_page()));
    [close(model)].into_iter().chain(page).collect()
}
