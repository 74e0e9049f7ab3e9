//! Opens popups.

use std::sync::Arc;

use super::App;
use crate::message::{Effect, PaneId};
use crate::pane::Popup;
use crate::pane::call_editor::CallEditor;
use crate::pane::card::Card;
use crate::pane::description_view::DescriptionView;
use crate::pane::facts_list::FactsList;
use crate::pane::find_view::StoreSearch;
use crate::pane::help::Help;
use crate::pane::history_view::HistoryView;
use crate::pane::note_input::NoteInput;
use crate::pane::pictures_view::PicturesView;
use crate::pane::quota_view::QuotaView;
use crate::pane::search_view::SearchView;
use crate::pane::sku_matrix::SkuMatrix;
use obx_core::store::ExchangeId;
use onebound::{Call, Exchange};

impl App {
    /// Puts a popup in front.
    pub(super) fn open(&mut self, popup: impl Popup + 'static) -> Vec<Effect> {
        self.popup = Some(Box::new(popup));
        Vec::new()
    }

    pub(super) fn open_quota(&mut self) -> Vec<Effect> {
        if self.model.session.file.is_some() {
            return vec![Effect::info(self.model.texts.no_quota_of_file())];
        }
        self.open(QuotaView::from_model(&self.model))
    }

    /// The matrix begins at the combination of the SKU under the cursor of the table.
    pub(super) fn open_sku_matrix(&mut self) -> Vec<Effect> {
        let sku = self.with_pane(PaneId::Skus, |pane, _| pane.selected_sku());
        self.open(SkuMatrix::at_sku(sku))
    }

    pub(super) fn open_description(&mut self) -> Vec<Effect> {
        self.open(DescriptionView::from_model(&self.model))
    }

    pub(super) fn open_pictures(&mut self) -> Vec<Effect> {
        self.open(PicturesView::from_model(&self.model))
    }

    pub(super) fn explain_shown(&mut self) -> Vec<Effect> {
        let shown = self.model.shown.as_ref().map(|shown| Arc::clone(&shown.exchange));
        shown.map(|exchange| self.open_card(&exchange, None)).unwrap_or_default()
    }

    pub(super) fn open_card(&mut self, exchange: &Arc<Exchange>, id: Option<ExchangeId>) -> Vec<Effect> {
        let (card, due) = Card::open(exchange, id, &self.model);
        self.popup = Some(Box::new(card));
        due.into_iter().collect()
    }

    pub(super) fn open_facts(&mut self) -> Vec<Effect> {
        let exchange = self.model.shown.as_ref().map(|shown| shown.exchange.as_ref());
        self.open(FactsList::new(exchange, &self.model))
    }

    pub(super) fn open_history(&mut self, words: &str) -> [Effect; 1] {
        let (view, request) = HistoryView::open(words, self.model.catalog());
        self.popup = Some(Box::new(view));
        [request]
    }

    pub(super) fn open_search(&mut self, words: &str) -> Vec<Effect> {
        let (view, requests) = StoreSearch::open(words, self.model.scope());
        self.popup = Some(Box::new(view));
        requests
    }

    /// Opens the search for items. Without words it asks for them, above the page that was shown last.
    pub(super) fn open_item_search(&mut self, words: &str) -> Vec<Effect> {
        self.open_search_view(SearchView::new(words, &self.model))
    }

    /// Shows the last results again as they were, or else asks for words.
    pub(super) fn show_results(&mut self) -> Vec<Effect> {
        self.open_search_view(SearchView::again(&self.model))
    }

    fn open_search_view(&mut self, view: SearchView) -> Vec<Effect> {
        if self.model.session.file.is_some() {
            return vec![Effect::info(self.model.texts.search_not_in_file())];
        }
        self.open(view)
    }

    pub(super) fn open_note(&mut self) -> Vec<Effect> {
        let annotated = self.model.annotated_item();
        annotated
            .map(|(num_iid, annotation)| self.open(NoteInput::new(num_iid, annotation)))
            .unwrap_or_default()
    }

    /// Opens the call editor for the item in the input, or else the one on the screen.
    pub(super) fn edit_call(&mut self) -> Vec<Effect> {
        let shown = self.model.shown.as_ref().and_then(|shown| shown.exchange.call.num_iid());
        let typed = self.id.call(&self.model);
        let id = typed.as_ref().and_then(Call::num_iid).or(shown);
        self.open(CallEditor::new(&self.model, id))
    }

    pub(super) fn open_help(&mut self) -> Vec<Effect> {
        let pane = self.pane(self.focus.pane());
        let hints = pane.map_or_else(Vec::new, |pane| pane.hints(&self.model));
        let opens = pane.and_then(|pane| pane.opens(&self.model));
        self.open(Help::new(&self.model.keymap, self.scope(), &hints, opens))
    }

    /// The help of the popup in front, which comes back when that is closed.
    pub(super) fn open_popups_help(&mut self) -> Vec<Effect> {
        if let Some(popup) = self.popup.take() {
            let hints = popup.hints(&self.model);
            let help = Help::new(&self.model.keymap, popup.scope(), &hints, None);
            self.behind = Some(popup);
            return self.open(help);
        }
        Vec::new()
    }
}
