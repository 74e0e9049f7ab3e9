//! Actions that open a popup and do nothing else.

use super::App;
use crate::message::{Action, Effect, Notice, PaneId};
use crate::pane::call_editor::CallEditor;
use crate::pane::card::Card;
use crate::pane::description_view::DescriptionView;
use crate::pane::facts_list::FactsList;
use crate::pane::find_view::StoreSearch;
use crate::pane::help::Help;
use crate::pane::history_view::HistoryView;
use crate::pane::note_input::NoteInput;
use crate::pane::palette::Palette;
use crate::pane::quota_view::QuotaView;
use onebound::Call;

impl App {
    /// Says whether it was such an action.
    pub(super) fn open(&mut self, action: Action) -> bool {
        match action {
            Action::Help => self.open_help(),
            Action::Quota if self.model.session.file.is_some() => {
                self.model.notice = Some(Notice::info(self.model.texts.no_quota_of_file()));
            }
            Action::Quota => self.popup = Some(Box::new(QuotaView::from_model(&self.model))),
            Action::EditCall => self.edit_call(),
            Action::Facts => self.open_facts(),
            Action::Description => self.popup = Some(Box::new(DescriptionView::from_model(&self.model))),
            Action::Note => self.open_note(),
            Action::Explain if self.focus.pane() != PaneId::Requests => self.explain_shown(),
            _ => return false,
        }
        true
    }

    fn explain_shown(&mut self) {
        if let Some(shown) = &self.model.shown {
            self.popup = Some(Box::new(Card::new(&shown.exchange, &self.model)));
        }
    }

    fn open_facts(&mut self) {
        let exchange = self.model.shown.as_ref().map(|shown| shown.exchange.as_ref());
        self.popup = Some(Box::new(FactsList::new(exchange, self.model.texts)));
    }

    pub(super) fn open_history(&mut self, words: &str) -> Vec<Effect> {
        let (view, asked) = HistoryView::open(words, self.model.scope());
        self.popup = Some(Box::new(view));
        vec![asked]
    }

    pub(super) fn open_find(&mut self, words: &str) -> Vec<Effect> {
        let (view, asked) = StoreSearch::open(words, self.model.scope());
        self.popup = Some(Box::new(view));
        asked
    }

    fn open_note(&mut self) {
        if let Some((num_iid, remark)) = self.model.remarked() {
            self.popup = Some(Box::new(NoteInput::new(num_iid, remark)));
        }
    }

    /// For the item in the input, or else the one on the screen.
    fn edit_call(&mut self) {
        let shown = self.model.shown.as_ref().and_then(|shown| shown.exchange.call.num_iid());
        let typed = self.id.call(&self.model);
        let id = typed.as_ref().and_then(Call::num_iid).or(shown);
        self.popup = Some(Box::new(CallEditor::new(&self.model, id)));
    }

    pub(super) fn open_palette(&mut self) -> Vec<Effect> {
        self.popup = Some(Box::new(Palette::new(self.keymap.clone())));
        Vec::new()
    }

    fn open_help(&mut self) {
        let pane = self.pane(self.focus.pane());
        let hints = pane.map_or_else(Vec::new, |pane| pane.hints(&self.model));
        let opens = pane.and_then(|pane| pane.opens(&self.model));
        let help = Help::new(&self.keymap, self.scope(), &hints, opens, self.model.texts);
        self.popup = Some(Box::new(help));
    }
}
