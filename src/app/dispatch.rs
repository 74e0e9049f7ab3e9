//! Carries out the effects that concern the app itself, and passes the others on.

use std::sync::Arc;

use super::App;
use crate::message::{Effect, PaneId, Purpose};
use crate::model::NewestFor;
use obx_core::export::Form;
use onebound::{Exchange, ItemId};

impl App {
    /// Carries out effects in order; returns those that the app can't carry out itself.
    pub(super) fn dispatch(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        effects.into_iter().flat_map(|effect| self.dispatch_one(effect)).collect()
    }

    fn dispatch_one(&mut self, effect: Effect) -> Vec<Effect> {
        match effect {
            Effect::Notify(notice) => self.model.notice = Some(notice),
            Effect::Focus(pane) => self.focus.to(pane, &mut self.screen),
            Effect::ClosePopup => self.popup = self.behind.take(),
            Effect::Run(action) => {
                let effects = self.act(action);
                return self.dispatch(effects);
            }
            Effect::StartFetch { call, want } => {
                if call.num_iid().is_none() {
                    // The answer will not be an item, so only the response can show it.
                    self.focus.to(PaneId::Response, &mut self.screen);
                }
                self.model.search.give_up();
                if self.focus.pane() != PaneId::Id {
                    // The input names the item that is asked for, as after Enter.
                    call.num_iid().into_iter().for_each(|id| self.id.fill(id.as_str()));
                }
                return self.start(*call, want).into_iter().collect();
            }
            Effect::ShowRow(row) => return self.show_row(row).into_iter().collect(),
            Effect::ExplainRow(row) => return self.explain_row(row),
            Effect::LoadRows(page) => return self.model.load_rows(page),
            Effect::MarkRow(row) => return self.mark_row(row),
            Effect::ShowStored(id) => {
                self.leave_id();
                return vec![self.model.want(id, Purpose::Show)];
            }
            Effect::ShowNewest(num_iid) => {
                self.leave_id();
                return vec![self.model.want_newest(num_iid, NewestFor::User)];
            }
            Effect::Locate(node) => {
                self.focus.to(PaneId::Response, &mut self.screen);
                self.with_pane(PaneId::Response, |pane, model| pane.locate(&node, model));
            }
            Effect::SelectSku(sku) => {
                self.focus.to(PaneId::Skus, &mut self.screen);
                self.with_pane(PaneId::Skus, |pane, _| pane.select_sku(sku));
            }
            Effect::SelectSkuIfShown(sku) => {
                self.with_pane(PaneId::Skus, |pane, _| pane.select_sku_if_shown(sku));
            }
            Effect::ChooseColumns(choice) => self.model.sku_columns = choice,
            Effect::FillId(num_iid) => self.fill_in(&num_iid),
            Effect::Annotate(num_iid, annotation) => return vec![self.model.annotate(num_iid, annotation)],
            Effect::OpenHistory(words) => return self.open_history(&words).into(),
            Effect::OpenSearch(words) => return self.open_search(&words),
            Effect::OpenBatch(list) => return self.open_list(list),
            Effect::OfferBatch(list) => self.model.batch.offer(Some(list)),
            Effect::KeepBatchRow(row) => self.model.batch.kept_row = row,
            Effect::OpenItemSearch(words) => return self.open_item_search(&words),
            Effect::FetchPage { call, want } => return self.start_search(*call, want).into_iter().collect(),
            Effect::KeepResultsView(view) => self.model.search.view = view,
            Effect::ExplainExchange(exchange) => return self.explain_exchange(&exchange.0),
            Effect::ExportBundle(exchange) => self.open_export(exchange, Form::Bundle),
            Effect::KeepProgram(program) => return vec![self.model.keep_program(program)],
            Effect::Copy { what, text } => return vec![self.model.copy(what, text)],
            others => return vec![others],
        }
        Vec::new()
    }

    fn show_row(&mut self, row: usize) -> Option<Effect> {
        let before = self.model.generation();
        let effect = self.model.show_row(row);
        if self.model.generation() != before {
            self.name_shown();
        }
        effect
    }

    fn mark_row(&mut self, row: usize) -> Vec<Effect> {
        let answer = self.model.log.row(row).and_then(|row| row.line.id);
        let effects = self.model.toggle_mark(answer);
        self.dispatch(effects.into())
    }

    /// Shows the card of an exchange; the popup in front comes back when that is closed.
    fn explain_exchange(&mut self, exchange: &Arc<Exchange>) -> Vec<Effect> {
        let popup = self.popup.take();
        let effects = self.open_card(exchange, None);
        self.behind = popup;
        self.dispatch(effects)
    }

    fn explain_row(&mut self, row: usize) -> Vec<Effect> {
        let Some(row) = self.model.log.row(row) else { return Vec::new() };
        match (row.exchange().map(Arc::clone), row.line.id) {
            (Some(exchange), _) => self.open_card(&exchange, None),
            (None, id) => id.map(|id| self.model.want(id, Purpose::Explain)).into_iter().collect(),
        }
    }

    /// Puts an ID into the input and focuses it.
    pub(super) fn fill_in(&mut self, num_iid: &ItemId) {
        self.id.fill(num_iid.as_str());
        self.focus.to(PaneId::Id, &mut self.screen);
    }

    /// Moves the focus away from the ID, as Enter does, so that keys are not taken as text there.
    fn leave_id(&mut self) {
        if self.focus.pane() == PaneId::Id {
            self.focus.to(PaneId::Skus, &mut self.screen);
        }
    }
}
