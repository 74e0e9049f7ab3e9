//! Where block, cap and reserve stop a planned batch. A plan is shown for a while, in which blocks come and go, and the day
//! on which calls are counted can end.

use jiff::SignedDuration;

use crate::model::Model;
use obx_core::fetch::NotSent;
use obx_core::policy::beijing_day;
use obx_core::store::{Block, GuardViolation, LogEntry};
use onebound::{ErrorCode, Outcome};

/// Where a batch would stop.
#[derive(Clone, Debug)]
pub struct BatchLimit {
    /// Number of calls that are sent before.
    pub calls: u64,
    /// Why the next one is not.
    pub refusal: NotSent,
}

impl Model {
    /// Learns the block that the plan was refused by: it stops all other calls as well.
    pub(super) fn learn_block_of_plan(&mut self) {
        if let Some(NotSent::Guarded(GuardViolation::Blocked(block))) = &self.batch.plan.allowed.refusal
            && !self.blocks.contains(block)
        {
            self.blocks.push(block.clone());
        }
    }

    /// Where the planned batch would stop, as far as is known now; `None` if all of its calls would be sent. Offline none
    /// is, which is no limit.
    pub fn batch_limit(&self) -> Option<BatchLimit> {
        let plan = &self.batch.plan;
        if plan.to_buy == 0 || self.session.offline {
            return None;
        }
        if let Some(block) = self.block_ahead() {
            let refusal = NotSent::Guarded(GuardViolation::Blocked(block.clone()));
            return Some(BatchLimit { calls: 0, refusal });
        }
        let is_of_today = beijing_day(self.batch.planned_at) == beijing_day(self.now.at);
        let refusal = plan.allowed.refusal.clone().filter(|refusal| match refusal {
            // The model knows of every block that there still is.
            NotSent::Guarded(GuardViolation::Blocked(_)) => false,
            NotSent::Guarded(GuardViolation::Cap { .. } | GuardViolation::Reserve { .. }) => is_of_today,
            _ => true,
        });
        refusal.map(|refusal| BatchLimit { calls: plan.allowed.calls, refusal })
    }

    /// Why none of its calls would be sent.
    pub fn batch_refusal(&self) -> Option<NotSent> {
        self.batch_limit().filter(|limit| limit.calls == 0).map(|limit| limit.refusal)
    }

    /// The `error_code` of the answer that made a block, if the log has it in memory.
    pub fn code_of_block(&self, block: &Block) -> Option<ErrorCode> {
        let since = block.since?;
        let is_its = |line: &&LogEntry| {
            let apart = since.duration_since(line.ended_at()).abs();
            matches!(line.summary.outcome, Outcome::Refused(_))
                && apart < SignedDuration::from_secs(1)
                && block.is_of(&line.account())
        };
        let line = self.log.rows().map(|row| &row.line).find(is_its)?;
        line.summary.code.clone()
    }
}
