//! The batch of an explorer under random keys.

use obx::message::BatchCommand;

use super::*;
use crate::monkey::SeededRng;

/// The batch of an explorer under random keys: what the engine and the planner would report.
#[derive(Debug, Default)]
pub(crate) struct FakeBatch {
    planning: Option<(BatchTicket, bool)>,
    running: Option<BatchTicket>,
}

impl FakeBatch {
    /// Notes what was asked of it; returns how many times it was started or resumed for money.
    pub(crate) fn note(&mut self, effects: &[Effect]) -> usize {
        let mut purchases = 0;
        for effect in effects {
            match effect {
                Effect::PlanBatch(request) => {
                    self.planning = Some((request.ticket, request.settings.retry_unknown));
                }
                Effect::RunBatch(order) => {
                    purchases += usize::from(order.max_calls() > 0);
                    self.running = Some(order.ticket());
                }
                Effect::CommandBatch(BatchCommand::Resume) => purchases += 1,
                _ => {}
            }
        }
        purchases
    }

    pub(crate) fn is_planning(&self) -> bool {
        self.planning.is_some()
    }

    /// Reports a plan that was asked for, or something of the batch that runs; returns false if there is nothing.
    pub(crate) fn reports(&mut self, driver: &mut Driver, dice: &mut SeededRng) -> bool {
        if let Some((ticket, retries_unknown)) = self.planning.take() {
            let violation = match dice.below(8) {
                0 => Some(GuardViolation::Blocked(block())),
                1 => Some(GuardViolation::Cap { cap: 5, used: 5 }),
                _ => None,
            };
            let mut planned = planned_list(retries_unknown);
            if let Some(violation) = violation {
                planned.plan.allowed = AllowedCalls { calls: 0, refusal: Some(NotSent::Guarded(violation)) };
            }
            drop(driver.update(Event::Batch(ticket, BatchUpdate::Planned(Box::new(planned)))));
            return true;
        }
        let Some(ticket) = self.running.filter(|_| dice.below(2) == 0) else { return false };
        let event = match dice.below(6) {
            0 => stopped(StopReason::Asked, 4),
            1 => finished(2, "610947572361", ITEM, Source::Live),
            2 => finished(2, "610947572361", "error_4013_quota.json", Source::Live),
            _ => started(2, "610947572361"),
        };
        self.running = self.running.filter(|_| !matches!(event, BatchEvent::Stopped { .. }));
        drop(driver.update(Event::Batch(ticket, BatchUpdate::Run(vec![event]))));
        true
    }
}
