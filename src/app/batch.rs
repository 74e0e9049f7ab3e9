//! The batch: opens its popup, and keeps it in step with what the batch reports.

use super::App;
use crate::message::{Action, BatchList, BatchTicket, BatchUpdate, Effect, KeyScope, Notice};
use crate::model::batch::BatchStage;
use crate::pane::batch_view::BatchView;

impl App {
    /// Shows the batch, or begins one with a list that was pasted before.
    pub(super) fn open_batch(&mut self) -> Vec<Effect> {
        if self.model.session.file.is_some() {
            return vec![Effect::info(self.model.texts.batch_not_of_file())];
        }
        match self.model.batch.take_offered() {
            Some(list) => self.plan_batch(list),
            None => self.show_batch(),
        }
    }

    /// Shows the plan of a batch of this list.
    pub(super) fn open_list(&mut self, list: BatchList) -> Vec<Effect> {
        let effects = self.plan_batch(list);
        self.dispatch(effects)
    }

    fn show_batch(&mut self) -> Vec<Effect> {
        self.model.batch.see();
        let is_none = matches!(self.model.batch.stage, BatchStage::None);
        let is_typing = is_none || self.model.batch.unread_path().is_some();
        self.open(BatchView::new(is_typing, &self.model))
    }

    /// Plans a batch of this list and shows the plan, unless a batch is running.
    fn plan_batch(&mut self, list: BatchList) -> Vec<Effect> {
        if self.model.session.file.is_some() {
            return vec![Effect::info(self.model.texts.batch_not_of_file())];
        }
        if self.model.batch.is_running() {
            let mut effects = self.show_batch();
            effects.push(self.stop_it_first());
            return effects;
        }
        let planned = self.model.plan_batch(list);
        self.show_batch().into_iter().chain(planned).collect()
    }

    fn stop_it_first(&self) -> Effect {
        let key = self.model.keymap.named(KeyScope::Batch, Action::StopBatch, self.model.texts);
        Effect::alert(self.model.texts.batch_runs_on(key))
    }

    pub(super) fn stop_batch(&mut self) -> Vec<Effect> {
        match self.model.stop_batch() {
            Some(effect) => vec![effect],
            None => vec![self.cannot_be_stopped()],
        }
    }

    /// Says why there is no batch to stop or pause.
    pub(super) fn cannot_be_stopped(&self) -> Effect {
        let texts = self.model.texts;
        let is_stopping = self.model.batch.is_running();
        Effect::info(if is_stopping { texts.batch_stops_already() } else { texts.batch_none_runs() })
    }

    /// Switches whether lines in doubt are bought again, by a new plan with its price.
    pub(super) fn retry_unknown(&mut self) -> Vec<Effect> {
        if self.model.batch.is_running() || self.model.batch.has_doubt() {
            return self.replan(!self.model.batch.retries_unknown);
        }
        vec![Effect::info(self.model.texts.batch_no_doubt())]
    }

    pub(super) fn plan_again(&mut self) -> Vec<Effect> {
        self.replan(false)
    }

    fn replan(&mut self, retries_unknown: bool) -> Vec<Effect> {
        if self.model.batch.is_running() {
            return vec![self.stop_it_first()];
        }
        if !self.model.batch.can_plan_again() {
            return vec![Effect::info(self.model.texts.batch_none_planned())];
        }
        let planned = self.model.plan_batch_again(retries_unknown);
        self.show_batch().into_iter().chain(planned).collect()
    }

    /// Offers the input for another list. The batch before is shown until that is there.
    pub(super) fn new_batch(&mut self) -> Vec<Effect> {
        if self.model.batch.is_running() {
            return vec![self.stop_it_first()];
        }
        if self.model.session.file.is_some() {
            return vec![Effect::info(self.model.texts.batch_not_of_file())];
        }
        self.open(BatchView::new(true, &self.model))
    }

    /// Takes a report of the batch; its end is said where nobody looks at it.
    pub(super) fn on_batch(&mut self, ticket: BatchTicket, update: BatchUpdate) -> Vec<Effect> {
        let was_running = self.model.batch.is_running();
        let effects = self.model.apply_batch(ticket, update);
        let has_ended = was_running && !self.model.batch.is_running();
        let is_in_front = self.popup.as_ref().is_some_and(|popup| popup.scope() == KeyScope::Batch);
        if is_in_front && self.model.batch.unread_path().is_some() {
            return effects.into_iter().chain(self.show_batch()).collect();
        }
        if !has_ended {
            return effects;
        }
        if is_in_front {
            self.model.batch.see();
        } else if self.model.notice.is_none() {
            let end = self.model.texts.batch_has_ended(self.model.batch_end_word());
            self.model.notice = Some(Notice::info(end));
        }
        effects
    }
}
