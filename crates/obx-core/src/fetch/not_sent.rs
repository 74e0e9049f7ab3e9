//! Why nothing was sent, and how a script's errors say it. The explorer has words of its own, which name keys.

use jiff::Timestamp;

use crate::i18n::{Describe, Texts};
use crate::policy::BudgetViolation;
use crate::store::{Block, BlockReason, GuardViolation, StoreError};
use onebound::BEIJING;

/// Why nothing was fetched; nothing was sent either.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// Only a stored answer was requested, and none is fresh.
    #[error("no fresh answer is stored")]
    NoneStored,
    #[error("no host is set")]
    NoHost,
    /// `--offline`
    #[error("offline: no answer is stored, and nothing is sent")]
    Offline,
    /// A trade call without a typed confirmation.
    #[error("this call may trade: it is sent by a typed confirmation alone")]
    Unconfirmed,
    #[error("the same trade call is under way")]
    TradeUnderWay,
    /// The name of a secret parameter of a saved call: its value is never stored.
    #[error("the value of {0} is not kept: give it again")]
    Withheld(String),
    /// An earlier call for the question was sent, and its answer never came: it may have been billed.
    #[error("an earlier call is in doubt, nothing was sent")]
    InDoubt { since: Timestamp },
    /// A guard refused the call.
    #[error("refused here, nothing was sent")]
    Guarded(GuardViolation),
    /// The run has reached its own limit.
    #[error("the limit of this run is reached, nothing was sent")]
    OverBudget(BudgetViolation),
    #[error("the call could not be written down beforehand: {0}")]
    NoLedger(StoreError),
}

impl NotSent {
    /// Returns true if the user may send the call nevertheless.
    pub fn can_be_overridden(&self) -> bool {
        matches!(self, Self::Guarded(_) | Self::NoLedger(_))
    }

    /// Why calls would not be sent, for a plan: without "not sent", since nothing was to be sent yet.
    pub fn reason(&self, texts: Texts) -> String {
        match self {
            Self::Guarded(violation) => violation.reason(texts, in_beijing),
            Self::OverBudget(violation) => violation.reason(texts),
            _ => self.describe(texts),
        }
    }
}

impl Describe for NotSent {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::NoneStored => texts.not_sent_none_stored().to_owned(),
            Self::NoHost => texts.not_sent_no_host().to_owned(),
            Self::Offline => texts.not_sent_offline().to_owned(),
            Self::Unconfirmed => texts.not_sent_trade().to_owned(),
            Self::TradeUnderWay => texts.refused_trade_under_way().to_owned(),
            Self::Withheld(name) => texts.not_sent_withheld(name),
            Self::InDoubt { .. } => texts.not_sent_in_doubt().to_owned(),
            Self::NoLedger(error) => texts.refused_no_ledger(error.describe(texts)),
            Self::Guarded(violation) => violation.describe(texts),
            Self::OverBudget(violation) => violation.describe(texts),
        }
    }
}

impl Describe for GuardViolation {
    fn describe(&self, texts: Texts) -> String {
        texts.not_sent_because(self.reason(texts, in_beijing))
    }
}

impl GuardViolation {
    /// Says why the guard refused the call or would refuse it, with times as `minute` writes them.
    pub fn reason(&self, texts: Texts, minute: impl Fn(Timestamp) -> String) -> String {
        let block = match self {
            Self::Cap { cap, used } => return texts.refused_cap(cap, used),
            Self::Reserve { reserve, left } => return texts.refused_reserve(left, reserve),
            Self::Blocked(block) => block,
        };
        let reason = block.reason.describe(texts);
        let refused = match (block.reason, block.since.map(&minute)) {
            (BlockReason::Damaged, _) | (_, None) => texts.refused_block_damaged().to_owned(),
            (BlockReason::Quota | BlockReason::Balance, Some(since)) => texts.refused_used_up(reason, since),
            // The time is when this was noticed; only the vendor knows when it began.
            (BlockReason::Stopped | BlockReason::Expired, Some(since)) => {
                texts.refused_blocked(reason, since)
            }
        };
        match block.until {
            Some(until) => format!("{refused}{}", texts.blocked_until(minute(until))),
            None => refused,
        }
    }
}

impl Describe for Block {
    fn describe(&self, texts: Texts) -> String {
        let reason = self.reason.describe(texts);
        match self.until {
            Some(until) => texts.block_holds_until(reason, in_beijing(until)),
            None => texts.block_holds(reason),
        }
    }
}

impl Describe for BlockReason {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::Quota => texts.block_quota(),
            Self::Balance => texts.block_balance(),
            Self::Stopped => texts.block_stopped(),
            Self::Expired => texts.block_expired(),
            Self::Damaged => texts.block_damaged(),
        }
        .to_owned()
    }
}

/// `2026-11-27 16:40 +08`: a script's reader has no other zone in sight.
fn in_beijing(at: Timestamp) -> String {
    BEIJING.to_datetime(at).strftime("%Y-%m-%d %H:%M +08").to_string()
}
