//! The batch of a session: its list, its plan, its lines while it runs, and its end.
//!
//! ```text
//!  plan_batch ─▶ Planning ─▶ Planned ─ start_batch ─▶ Running ⇄ paused ─▶ Ended ─▶ plan_batch …
//! ```
//! Rows are kept, bodies are not: an answer is opened from the store.

mod limit;
mod progress;
mod run;

use std::sync::Arc;

use jiff::Timestamp;

use super::Model;
use crate::message::{
    BatchCommand, BatchList, BatchListError, BatchOrder, BatchPart, BatchPlanRequest, BatchRow, BatchTicket,
    BatchUpdate, Effect, LeftOut, PlannedList, Spend,
};
pub use limit::BatchLimit;
use obx_core::batch::{BatchLine, BatchPlan, BatchSettings, RateCeilings, StopReason};
use obx_core::i18n::YUAN;
pub use progress::BatchProgress;

/// The batch of a session; there is one at a time.
#[derive(Clone, Debug, Default)]
pub struct SessionBatch {
    ticket: BatchTicket,
    pub stage: BatchStage,
    list: Option<BatchList>,
    /// Whether lines in doubt are bought again.
    pub retries_unknown: bool,
    pub plan: BatchPlan,
    pub rows: Vec<BatchRow>,
    /// Those that the batch runs.
    lines: Arc<[BatchLine]>,
    pub left_out: LeftOut,
    /// When it was planned.
    planned_at: Timestamp,
    pub progress: BatchProgress,
    /// The row that the user opened last.
    pub kept_row: usize,
    /// Whether its end was seen.
    is_seen: bool,
    /// A list that was pasted somewhere else, ready for the next batch.
    offered: Option<BatchList>,
}

/// How far a batch is.
#[derive(Clone, Debug, Default)]
pub enum BatchStage {
    #[default]
    None,
    Planning,
    NotPlanned(BatchListError),
    Planned,
    Running {
        is_paused: bool,
        is_stopping: bool,
    },
    Ended {
        reason: StopReason,
        /// Number of lines without a result.
        left: u64,
    },
}

impl SessionBatch {
    /// Number of lines that the batch works on: each ID counts once.
    pub fn count(&self) -> u64 {
        self.plan.lines(self.retries_unknown)
    }

    /// Whether it runs or is paused: it may have calls under way.
    pub fn is_running(&self) -> bool {
        matches!(self.stage, BatchStage::Running { .. })
    }

    pub fn is_paused(&self) -> bool {
        matches!(self.stage, BatchStage::Running { is_paused: true, is_stopping: false })
    }

    /// Whether it is paused and has no call under way: nothing can be lost.
    pub fn is_idle(&self) -> bool {
        self.is_paused() && self.progress.under_way == 0
    }

    /// What is bought of the plan with so many calls; `None` without a plan, and where nothing is to buy.
    fn purchase(&self, part: BatchPart, calls: u64) -> Option<Spend> {
        let is_planned = matches!(self.stage, BatchStage::Planned);
        let is_its_time = if part == BatchPart::Left { self.is_paused() } else { is_planned };
        (calls > 0 && is_its_time).then_some(Spend::Batch { ticket: self.ticket, calls, part })
    }

    /// Notes that the user looks at it.
    pub fn see(&mut self) {
        self.is_seen = true;
    }

    /// Whether it has ended and nobody has looked since.
    pub fn is_unseen(&self) -> bool {
        matches!(self.stage, BatchStage::Ended { .. }) && !self.is_seen
    }

    /// Keeps a list for the next batch.
    pub fn offer(&mut self, list: Option<BatchList>) {
        self.offered = list;
    }

    pub fn take_offered(&mut self) -> Option<BatchList> {
        self.offered.take()
    }

    /// The path of its list as it was typed, if that could not be read.
    pub fn unread_path(&self) -> Option<&str> {
        match (&self.stage, &self.list) {
            (BatchStage::NotPlanned(_), Some(BatchList::File(path))) => Some(path),
            _ => None,
        }
    }

    /// Whether it is planned and has lines in doubt.
    pub fn has_doubt(&self) -> bool {
        matches!(self.stage, BatchStage::Planned) && !self.plan.in_doubt.is_empty()
    }

    /// Returns true if a plan of the same list can be made: there is a list, and nothing runs.
    pub fn can_plan_again(&self) -> bool {
        self.list.is_some() && !self.is_running()
    }
}

impl Model {
    /// Plans a batch of this list, in place of the one before, unless that runs.
    pub fn plan_batch(&mut self, list: BatchList) -> Option<Effect> {
        self.plan_batch_with(list, false)
    }

    /// Plans the same list again.
    pub fn plan_batch_again(&mut self, retries_unknown: bool) -> Option<Effect> {
        let list = self.batch.list.clone()?;
        self.plan_batch_with(list, retries_unknown)
    }

    fn plan_batch_with(&mut self, list: BatchList, retries_unknown: bool) -> Option<Effect> {
        if self.batch.is_running() {
            return None;
        }
        let ticket = BatchTicket(self.batch.ticket.0 + 1);
        self.batch = SessionBatch {
            ticket,
            stage: BatchStage::Planning,
            list: Some(list.clone()),
            retries_unknown,
            ..SessionBatch::default()
        };
        let price = self.session.price_per_call;
        let request = BatchPlanRequest { ticket, list, settings: self.batch_settings(), price };
        Some(Effect::PlanBatch(Box::new(request)))
    }

    fn batch_settings(&self) -> BatchSettings {
        let retry_unknown = self.batch.retries_unknown;
        BatchSettings {
            retry_unknown,
            ..BatchSettings::new(self.session.call.clone(), RateCeilings::default())
        }
    }

    /// What this part of the batch would buy now; `None` where nothing is sent. Where the guards allow no call, only a
    /// block can be overridden.
    pub fn batch_purchase(&self, part: BatchPart) -> Option<Spend> {
        let is_refused = self.batch_refusal().is_some();
        let is_possible = match part {
            BatchPart::Planned => !is_refused,
            BatchPart::DespiteBlock => self.block_ahead().is_some(),
            BatchPart::Left => true,
        };
        let purchase = self.batch.purchase(part, self.batch_calls(part));
        purchase.filter(|_| is_possible && !self.session.offline)
    }

    /// Number of calls that this part of the batch would send, and the most that it may: those of the plan before a limit
    /// that is known, also if the limit allows more while the batch runs.
    fn batch_calls(&self, part: BatchPart) -> u64 {
        let limit = self.batch_limit().filter(|limit| part == BatchPart::Planned && limit.calls > 0);
        limit.map_or(self.batch.plan.to_buy, |limit| limit.calls)
    }

    /// Starts the planned batch; only `app/spending` calls it. Where nothing may be sent, it reads what is stored.
    pub(crate) fn start_batch(&mut self, part: BatchPart) -> Option<Effect> {
        if !matches!(self.batch.stage, BatchStage::Planned) {
            return None;
        }
        let calls = self.batch_purchase(part).map_or(0, |_| self.batch_calls(part));
        let overrides_block = part == BatchPart::DespiteBlock;
        let settings = BatchSettings { overrides_block, ..self.batch_settings() };
        let lines = Arc::clone(&self.batch.lines);
        self.batch.stage = BatchStage::Running { is_paused: false, is_stopping: false };
        self.batch.progress = BatchProgress::starting(self.now.up);
        let order = BatchOrder::new(self.batch.ticket, lines, settings, calls);
        Some(Effect::RunBatch(Box::new(order)))
    }

    /// Pauses the batch that runs, or has it go on.
    pub(crate) fn pause_batch(&mut self, pauses: bool) -> Option<Effect> {
        let BatchStage::Running { is_paused, is_stopping: false } = &mut self.batch.stage else {
            return None;
        };
        *is_paused = pauses;
        self.batch.progress.pause(pauses, self.now.up);
        Some(Effect::CommandBatch(if pauses { BatchCommand::Pause } else { BatchCommand::Resume }))
    }

    /// Stops the batch after the calls under way.
    pub fn stop_batch(&mut self) -> Option<Effect> {
        let BatchStage::Running { is_stopping: is_stopping @ false, .. } = &mut self.batch.stage else {
            return None;
        };
        *is_stopping = true;
        Some(Effect::CommandBatch(BatchCommand::Stop))
    }

    /// Takes what a batch reports; an older one has nothing to say any more.
    pub fn apply_batch(&mut self, ticket: BatchTicket, update: BatchUpdate) -> Vec<Effect> {
        if ticket != self.batch.ticket {
            return Vec::new();
        }
        match update {
            BatchUpdate::Planned(planned) => self.batch_planned(*planned),
            BatchUpdate::NotPlanned(error) => self.batch.stage = BatchStage::NotPlanned(error),
            BatchUpdate::Run(events) => return self.batch_runs(events),
        }
        Vec::new()
    }

    fn batch_planned(&mut self, planned: PlannedList) {
        let PlannedList { rows, plan, lines, left_out } = planned;
        (self.batch.rows, self.batch.plan) = (rows, plan);
        (self.batch.lines, self.batch.left_out) = (lines, left_out);
        self.batch.planned_at = self.now.at;
        self.learn_block_of_plan();
        self.batch.stage = BatchStage::Planned;
    }

    /// What the calls of this part of the batch cost at most: `¥0.56`, or `¥` if no price is set.
    pub fn batch_cost(&self, part: BatchPart) -> String {
        let plan = &self.batch.plan;
        let cost = if self.batch_calls(part) == plan.to_buy { plan.cost } else { plan.allowed_cost };
        format!("{YUAN}{}", cost.map(|cost| cost.to_string()).unwrap_or_default())
    }

    /// The mark that a batch leaves on the screen while nobody looks at it.
    pub fn batch_mark(&self) -> Option<String> {
        let (batch, texts) = (&self.batch, self.texts);
        let (done, all) = (batch.progress.summary.lines(), batch.count());
        match &batch.stage {
            BatchStage::Running { is_paused: true, .. } => Some(texts.batch_mark_paused(done, all)),
            BatchStage::Running { .. } => Some(texts.batch_mark(done, all)),
            BatchStage::Ended { .. } if batch.is_unseen() => {
                Some(texts.batch_mark_ended(self.batch_end_word()))
            }
            _ => None,
        }
    }

    /// `done` or `stopped`.
    pub fn batch_end_word(&self) -> &'static str {
        match self.batch.stage {
            BatchStage::Ended { reason: StopReason::Done, .. } => self.texts.batch_ended(),
            _ => self.texts.batch_ended_early(),
        }
    }
}
