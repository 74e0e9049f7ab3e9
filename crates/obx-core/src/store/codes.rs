//! The values that columns of the store's tables have, whatever the engine.

use std::sync::Arc;

use crate::policy::BlockReason;
use onebound::{Billing, Call, Exchange, Host, ItemId, Outcome, OutcomeSummary, RequestStage};

/// Number of earlier rows that are read again, since a call can complete after later ones.
pub(super) const LOOKED_AT_AGAIN: i64 = 200;

/// Number of the last rows among which the answer that came last is sought, since an answer can be written late, by the number
/// of its row after later ones. Only one whose call was sent without a row is, and each such call is confirmed.
pub(super) const LATE_ROWS: i64 = 100;

/// The value of the column `answers` for "no result".
pub(super) const NO_RESULT: i64 = 2;

/// Returns the digits of the requested item's ID; empty if the call is not `item_get`.
pub(super) fn digits(call: &Call) -> &str {
    call.num_iid().map_or("", ItemId::as_str)
}

/// Returns the value of the column `billing`.
pub(super) fn billing_number(billing: Billing) -> i64 {
    match billing {
        Billing::Free => 0,
        Billing::Billed => 1,
        Billing::Unknown => 2,
    }
}

/// Returns the value of the column `answers`.
pub(super) fn answers_number(exchange: &Exchange) -> i64 {
    match exchange.outcome {
        _ if !exchange.answers() => 0,
        Outcome::Item => 1,
        Outcome::NoResult => NO_RESULT,
        Outcome::Success => 3,
        _ => 0,
    }
}

/// Returns what this value of the column `billing` means; `None` if obx can't have written it.
pub(super) fn billing_of(number: i64) -> Option<Billing> {
    match number {
        0 => Some(Billing::Free),
        1 => Some(Billing::Billed),
        2 => Some(Billing::Unknown),
        _ => None,
    }
}

/// Returns true if a call with this summary of its outcome was sent, and its answer never came; `None` if the summary can't be
/// parsed.
pub(super) fn is_answer_lost(summary: &str) -> Option<bool> {
    let summary: OutcomeSummary = serde_json::from_str(summary).ok()?;
    let never_came =
        matches!(summary.outcome, Outcome::Interrupted | Outcome::Cancelled | Outcome::Failed(_));
    Some(never_came && summary.stage != RequestStage::NothingSent)
}

/// Returns the reason of this name; `None` if obx can't have written it.
pub(super) fn reason_of(text: &str) -> Option<BlockReason> {
    match text {
        "quota" => Some(BlockReason::Quota),
        "balance" => Some(BlockReason::Balance),
        "stopped" => Some(BlockReason::Stopped),
        "expired" => Some(BlockReason::Expired),
        _ => None,
    }
}

/// Returns the name of a host, which is stored with its scheme.
pub(super) fn name_of(host: &str) -> Arc<str> {
    Host::from_stored(host).name().into()
}
