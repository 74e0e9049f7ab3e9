//! What lies over the panes: one at a time, and all keys are its.
//!
//! ```text
//!  key ─▶ keymap, by the popup's scope ─▶ act ─▶ effects; Effect::ClosePopup among them closes it
//! ```

use std::fmt::Debug;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Size;

use super::Hint;
use super::card::Card;
use super::description_view::DescriptionView;
use super::difference_view::DifferenceView;
use super::facts_list::FactsList;
use super::help::Help;
use super::palette::Palette;
use super::quota_view::QuotaView;
use crate::keymap::Scope;
use crate::message::{Action, Done, Effect, StoreEvent};
use crate::model::Model;
use obx_core::fetch::FetchPolicy;
use onebound::Call;

/// A popup.
pub trait Popup: Debug {
    /// Which bindings hold while it is in front.
    fn scope(&self) -> Scope {
        Scope::Popup
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
        self.scope() == Scope::Popup
    }

    /// The action that Enter would run here: it may be one that spends.
    fn chosen(&self, _model: &Model) -> Option<Action> {
        None
    }

    /// The call that Enter would make here by itself.
    fn call(&self, _model: &Model) -> Option<(Call, FetchPolicy)> {
        None
    }

    /// Told before each drawing how large the screen is.
    fn settle(&mut self, model: &Model, screen: Size);

    /// Draws it over what is there.
    fn view(&self, model: &Model, screen: Size, buffer: &mut Buffer);

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
fn close_and_page(is_longer: bool, model: &Model) -> Vec<Hint> {
    let page = is_longer.then(|| Hint::free(Action::PageDown, model.texts.hint_page()));
    [close(model)].into_iter().chain(page).collect()
}

impl Popup for Card {
    fn act(&mut self, action: Action, _model: &Model) -> Vec<Effect> {
        match action {
            _ if closes(action, Action::Explain) => vec![Effect::ClosePopup],
            Action::Copy => self.copy().into_iter().collect(),
            Action::Export => vec![Effect::ClosePopup, Effect::ExportBundle(self.exchange())],
            _ => {
                self.act(action);
                Vec::new()
            }
        }
    }

    fn settle(&mut self, _model: &Model, screen: Size) {
        self.settle(screen);
    }

    fn view(&self, model: &Model, screen: Size, buffer: &mut Buffer) {
        self.view(model.texts, screen, buffer);
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let bundle = Hint::free(Action::Export, model.texts.hint_bundle());
        vec![Hint::free(Action::Copy, model.texts.hint_copy()), bundle, close(model)]
    }
}

impl Popup for DifferenceView {
    fn act(&mut self, action: Action, _model: &Model) -> Vec<Effect> {
        match action {
            _ if closes(action, Action::Compare) => vec![Effect::ClosePopup],
            Action::Copy => self.copy().into_iter().collect(),
            _ => {
                self.act(action);
                Vec::new()
            }
        }
    }

    fn settle(&mut self, _model: &Model, screen: Size) {
        self.settle(screen);
    }

    fn view(&self, model: &Model, screen: Size, buffer: &mut Buffer) {
        self.view(model.texts, screen, buffer);
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        vec![Hint::free(Action::Copy, model.texts.hint_copy()), close(model)]
    }
}

impl Popup for FactsList {
    fn act(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        match action {
            _ if closes(action, Action::Facts) => vec![Effect::ClosePopup],
            Action::Copy => self.copy().into_iter().collect(),
            Action::Open => {
                self.place(model).map_or(Vec::new(), |node| vec![Effect::ClosePopup, Effect::Locate(node)])
            }
            _ => {
                self.act(action);
                Vec::new()
            }
        }
    }

    fn settle(&mut self, model: &Model, screen: Size) {
        self.follow(model.shown.as_ref().map(|shown| shown.exchange.as_ref()));
        self.settle(screen);
    }

    fn view(&self, _model: &Model, screen: Size, buffer: &mut Buffer) {
        self.view(screen, buffer);
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let place = self.has_place().then(|| Hint::free(Action::Open, model.texts.hint_locate()));
        let others = [Hint::free(Action::Copy, model.texts.hint_copy()), close(model)];
        place.into_iter().chain(others).collect()
    }
}

impl Popup for DescriptionView {
    fn act(&mut self, action: Action, _model: &Model) -> Vec<Effect> {
        match action {
            _ if closes(action, Action::Description) => vec![Effect::ClosePopup],
            Action::Copy => self.copy().into_iter().collect(),
            _ => {
                self.act(action);
                Vec::new()
            }
        }
    }

    fn settle(&mut self, _model: &Model, screen: Size) {
        self.settle(screen);
    }

    fn view(&self, _model: &Model, screen: Size, buffer: &mut Buffer) {
        self.view(screen, buffer);
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let mut hints = vec![Hint::free(Action::Copy, model.texts.hint_copy())];
        hints.extend(close_and_page(self.is_longer(), model));
        hints
    }
}

impl Popup for Help {
    fn has_help(&self) -> bool {
        false
    }

    fn act(&mut self, action: Action, _model: &Model) -> Vec<Effect> {
        if closes(action, Action::Help) || action == Action::Open {
            return vec![Effect::ClosePopup];
        }
        self.act(action);
        Vec::new()
    }

    fn settle(&mut self, _model: &Model, screen: Size) {
        self.settle(screen);
    }

    fn view(&self, model: &Model, screen: Size, buffer: &mut Buffer) {
        self.view(model.texts, screen, buffer);
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        close_and_page(self.is_longer(), model)
    }
}

impl Popup for QuotaView {
    fn act(&mut self, action: Action, _model: &Model) -> Vec<Effect> {
        if closes(action, Action::Quota) || action == Action::Open {
            return vec![Effect::ClosePopup];
        }
        self.act(action);
        Vec::new()
    }

    fn settle(&mut self, model: &Model, screen: Size) {
        self.follow(model);
        self.settle(screen);
    }

    fn view(&self, _model: &Model, screen: Size, buffer: &mut Buffer) {
        self.view(screen, buffer);
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        close_and_page(self.is_longer(), model)
    }
}

impl Popup for Palette {
    fn scope(&self) -> Scope {
        Scope::Text
    }

    fn act(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        match action {
            Action::Escape => vec![Effect::ClosePopup],
            Action::NextPane => {
                self.complete(model.texts);
                Vec::new()
            }
            Action::Submit => match self.words() {
                Some((Action::Find, words)) => vec![Effect::ClosePopup, Effect::OpenSearch(words.to_owned())],
                Some((_, words)) => vec![Effect::ClosePopup, Effect::OpenHistory(words.to_owned())],
                None => self.run_chosen(model.texts),
            },
            _ => {
                self.act(action, model.texts);
                Vec::new()
            }
        }
    }

    fn type_key(&mut self, key: KeyEvent) -> Vec<Effect> {
        self.type_key(key);
        Vec::new()
    }

    fn paste(&mut self, text: &str) -> Vec<Effect> {
        self.paste(text);
        Vec::new()
    }

    fn chosen(&self, model: &Model) -> Option<Action> {
        self.chosen(model.texts)
    }

    fn settle(&mut self, model: &Model, screen: Size) {
        self.settle(model.texts, screen);
    }

    fn view(&self, model: &Model, screen: Size, buffer: &mut Buffer) {
        self.view(model.texts, screen, buffer);
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let Some(chosen) = self.chosen(model.texts) else { return vec![close(model)] };
        vec![
            Hint { action: Action::Submit, label: model.texts.hint_run(), spends: chosen.may_spend() },
            Hint::free(Action::NextPane, model.texts.hint_complete()),
            close(model),
        ]
    }
}
