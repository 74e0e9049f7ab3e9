//! Popups: at most one is in front of the panes, and it gets all keys.
//!
//! ```text
//!  key ─▶ keymap, by the popup's scope ─▶ act ─▶ effects; Effect::ClosePopup among them closes it
//! ```

use std::fmt::Debug;

use crossterm::event::KeyEvent;
use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

use super::Hint;
use crate::message::{Action, Done, Effect, JobDone, KeyScope, StoreEvent};
use crate::model::Model;
use crate::ui::overlay::{Link, PlacedPicture};
use obx_core::fetch::FetchPolicy;
use onebound::Call;

/// A window in front of the panes.
pub trait Popup: Debug {
    /// Returns the scope whose key bindings apply while the popup is in front.
    fn scope(&self) -> KeyScope {
        KeyScope::Popup
    }

    /// Carries out an action.
    #[must_use]
    fn act(&mut self, action: Action, model: &Model) -> Vec<Effect>;

    /// Handles a key as text. Only for popups that take text.
    #[must_use]
    fn type_key(&mut self, _key: KeyEvent) -> Vec<Effect> {
        Vec::new()
    }

    /// Inserts pasted text. Only for popups that take text.
    #[must_use]
    fn paste(&mut self, _text: &str) -> Vec<Effect> {
        Vec::new()
    }

    /// Takes an event of the store, and returns the next effects, such as further requests to it.
    #[must_use]
    fn on_event(&mut self, _event: &StoreEvent) -> Vec<Effect> {
        Vec::new()
    }

    /// Takes the result of an effect.
    #[must_use]
    fn on_done(&mut self, _done: &Done) -> Vec<Effect> {
        Vec::new()
    }

    /// Takes the end of a job, which may be one that it started.
    fn on_job(&mut self, _done: &JobDone) {}

    /// Returns the effects that it requests after it was laid out.
    #[must_use]
    fn due(&mut self) -> Vec<Effect> {
        Vec::new()
    }

    /// Takes on the interface's language after it was switched. Only for popups that hold texts.
    fn translate(&mut self, _model: &Model) {}

    /// Returns true if the help of its keys can replace the popup until the help is closed.
    fn has_help(&self) -> bool {
        self.scope().is_of_popup()
    }

    /// Returns the action that Enter would run, which may be one that is billed.
    fn chosen(&self, _model: &Model) -> Option<Action> {
        None
    }

    /// Returns the call that an action would make, if the popup itself makes calls.
    fn purchase(&self, _action: Action, _model: &Model) -> Option<(Call, FetchPolicy)> {
        None
    }

    /// Returns true if it shows the pages of a search as they come.
    fn shows_search(&self) -> bool {
        false
    }

    /// Returns when it shows something else without an event, as when a stored answer is no longer fresh.
    fn changes_at(&self, _model: &Model) -> Option<Timestamp> {
        None
    }

    /// Lays it out for a screen of this size; called before each drawing.
    fn layout(&mut self, model: &Model, screen: Size);

    /// The part of such a screen that it covers, border included, as it was laid out; empty where it covers none.
    fn area(&self, screen: Size) -> Rect;

    /// Draws it into its area, over what is there.
    fn view(&self, model: &Model, area: Rect, buffer: &mut Buffer);

    /// Returns the links in what was drawn into this area.
    fn links(&self, _area: Rect) -> Vec<Link> {
        Vec::new()
    }

    /// Returns the picture that the terminal draws itself.
    fn picture(&self) -> Option<PlacedPicture> {
        None
    }

    /// Returns the actions that the footer lists, the most useful first.
    fn hints(&self, model: &Model) -> Vec<Hint>;
}

/// Returns true for the actions that close a popup of text to read: [`Action::Escape`], [`Action::Leave`], and the
/// action that opened it.
pub(super) fn closes(action: Action, opened_by: Action) -> bool {
    matches!(action, Action::Escape | Action::Leave) || action == opened_by
}

pub(super) fn close(model: &Model) -> Hint {
    Hint::free(Action::Escape, model.texts.hint_back())
}

/// Returns the hints for a popup of text to read. Paging is listed only if the text doesn't fit.
pub(super) fn close_and_page(is_longer: bool, model: &Model) -> Vec<Hint> {
    let page = is_longer.then(|| Hint::free(Action::PageDown, model.texts.hint_page()));
    [close(model)].into_iter().chain(page).collect()
}
