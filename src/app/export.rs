//! Export, copying, editor and pager.

use std::sync::Arc;

use super::App;
use crate::message::{Action, ClipboardText, Done, Effect, Held, Notice, PaneId, Reading, Viewer};
use crate::pane::copying::{RegisterView, copied_name};
use crate::pane::export_form::ExportForm;
use obx_core::export::{self, Form, JqOutputs};
use obx_core::import::ImportNotes;
use onebound::{Exchange, Item};

impl App {
    /// Opens the export popup with this format selected.
    pub(super) fn open_export(&mut self, exchange: Held, form: Form) {
        self.popup = Some(Box::new(ExportForm::new(exchange, self.arranged_skus(), &self.model, form)));
    }

    /// The outputs of the jq program, if the focused pane shows them.
    fn jq_outputs(&self) -> Option<JqOutputs> {
        self.pane(self.focus.pane())?.jq_outputs()
    }

    /// Passes the result of an effect to the popup in front, which may wait for it, and to the model.
    pub(super) fn on_done(&mut self, done: Done) -> Vec<Effect> {
        let effects = self.popup.as_mut().map(|popup| popup.on_done(&done)).unwrap_or_default();
        self.model.done(done);
        effects
    }

    /// Shows a file's exchanges, and focuses the first pane that has something to read.
    pub(super) fn on_file(&mut self, exchanges: Vec<Arc<Exchange>>, notes: ImportNotes) -> Vec<Effect> {
        let effects = self.model.open_file(exchanges, notes);
        let understood = self.model.shown.as_ref().is_some_and(|shown| shown.exchange.reply.is_some());
        // First, so that `q` returns to this pane from the response.
        self.focus.to(PaneId::Item, &mut self.screen);
        let pane = match self.model.item().map(Item::sku_count) {
            Some(1..) => PaneId::Skus,
            _ if understood => PaneId::Item,
            _ => PaneId::Response,
        };
        self.focus.to(pane, &mut self.screen);
        effects
    }

    /// The SKUs in the order of their table, if that is filtered or sorted.
    fn arranged_skus(&self) -> Option<Arc<[usize]>> {
        let query = self.pane(PaneId::Skus)?.table_query()?;
        self.model.item().and_then(|_| query.arranged()).map(Arc::from)
    }

    fn shown(&self) -> Option<Held> {
        self.model.shown.as_ref().map(|shown| Held(Arc::clone(&shown.exchange)))
    }

    pub(super) fn offer_export(&mut self) -> Vec<Effect> {
        match (self.shown(), self.jq_outputs()) {
            (Some(exchange), Some(outputs)) => {
                self.popup = Some(Box::new(ExportForm::of_result(
                    exchange,
                    outputs,
                    self.arranged_skus(),
                    &self.model,
                )));
            }
            (Some(exchange), None) => self.open_export(exchange, Form::Json),
            (None, _) => self.model.notice = Some(Notice::alert(self.model.texts.export_no_exchange())),
        }
        Vec::new()
    }

    pub(super) fn show_register(&mut self) -> Vec<Effect> {
        match self.model.register.clone() {
            Some(register) => self.open(RegisterView::new(register)),
            None => vec![Effect::info(self.model.texts.register_empty())],
        }
    }

    pub(super) fn read_in(&mut self, reader: Viewer) -> Vec<Effect> {
        let Some(exchange) = self.shown().filter(|held| !held.0.body.is_empty()) else {
            return vec![Effect::alert(self.model.texts.no_body_to_show())];
        };
        let Some(outputs) = self.jq_outputs() else {
            return vec![Effect::Read(reader, Reading::Body(exchange))];
        };
        if outputs.count == 0 {
            return vec![Effect::alert(self.model.texts.no_output_to_show(self.model.key(Action::Escape)))];
        }
        // The user sees it after the program has ended.
        self.model.notice = Some(Notice::info(self.model.texts.read_jq_result(
            self.model.key(Action::Escape),
            self.model.key(Action::OpenPager),
            self.model.key(Action::OpenEditor),
        )));
        vec![Effect::Read(reader, Reading::JqResult(exchange, outputs))]
    }

    /// Copies from the row under the cursor; a call also from the answer on the screen.
    pub(super) fn copy_part(&mut self, action: Action) -> Vec<Effect> {
        let texts = self.model.texts;
        let of_row = self.with_pane(self.focus.pane(), |pane, model| pane.copied(action, model));
        // A row of the log has a call of its own, even if that isn't in memory.
        let in_log = self.focus.pane() == PaneId::Requests;
        let of_shown = || {
            let exchange = self.shown().filter(|_| action == Action::CopyCurl && !in_log)?;
            export::curl(&exchange.0).ok()
        };
        let effect = if let Some(text) = of_row.or_else(of_shown) {
            Effect::Copy { what: copied_name(action, texts).to_owned(), text: ClipboardText::new(&text) }
        } else {
            let pane = self.pane(self.focus.pane());
            let why =
                pane.map_or(texts.nothing_to_copy().into(), |pane| pane.why_not_copied(action, &self.model));
            Effect::alert(why)
        };
        vec![effect]
    }
}
