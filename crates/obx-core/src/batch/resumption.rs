//! When a batch that was refused may go on: caps, quotas and most blocks end with the vendor's day.

use jiff::Timestamp;

use super::Carry;
use crate::fetch::NotSent;
use crate::policy::day_end;
use crate::store::GuardViolation;

impl Carry {
    /// Returns when the batch goes on with the refused call; `None` if waiting does not help, or the batch ends before.
    pub(super) fn resumes_at(self, refusal: &NotSent, now: Timestamp) -> Option<Timestamp> {
        resumes_at(refusal, now).filter(|at| self.until.is_none_or(|until| *at < until))
    }
}

/// Returns when the refused call may be tried again; `None` if waiting does not help.
fn resumes_at(refusal: &NotSent, now: Timestamp) -> Option<Timestamp> {
    let NotSent::Guarded(violation) = refusal else { return None };
    match violation {
        GuardViolation::Cap { cap: 0, .. } => None,
        GuardViolation::Cap { .. } | GuardViolation::Reserve { .. } => Some(day_end(now)),
        GuardViolation::Blocked(block) => block.until,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::BudgetViolation;
    use crate::store::{Block, BlockReason};

    #[test]
    fn what_ends_with_the_day_is_waited_for_and_nothing_else() {
        let now: Timestamp = "2026-11-23T15:00:00Z".parse().unwrap();
        let midnight: Timestamp = "2026-11-23T16:00:00Z".parse().unwrap();
        let block = |until| {
            let (host, key) = ("https://api-gw.onebound.cn".to_owned(), "k".to_owned());
            GuardViolation::Blocked(Block { host, key, reason: BlockReason::Quota, since: Some(now), until })
        };
        for (violation, expected) in [
            (GuardViolation::Cap { cap: 5, used: 5 }, Some(midnight)),
            (GuardViolation::Cap { cap: 0, used: 0 }, None),
            (GuardViolation::Reserve { reserve: 9, left: 9 }, Some(midnight)),
            (block(Some(midnight)), Some(midnight)),
            (block(None), None),
        ] {
            let refusal = NotSent::Guarded(violation);
            assert_eq!(resumes_at(&refusal, now), expected, "{refusal:?}");
        }
        let of_run = NotSent::OverBudget(BudgetViolation::Calls { max_calls: 5 });
        assert_eq!(resumes_at(&of_run, now), None);
    }
}
