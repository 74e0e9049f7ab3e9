//! Whose the lease of a row is, from the process that is stored with it.

use jiff::Timestamp;

use super::{CallState, Owner};
use crate::policy::{HolderProcess, LeaseHolder, LeaseState, lease_holder, lease_state};

/// Parses the process that a row's call belongs to. `None` if an older obx wrote the row, or the text can't be
/// parsed: others then wait until the lease expires.
pub(super) fn owner(text: Option<&str>) -> Option<Owner> {
    serde_json::from_str(text?).ok()
}

/// Returns who holds the lease of a row; `is_own` if the session that asks has it under way.
pub(super) fn holder(is_own: bool, owner: Option<&Owner>) -> LeaseHolder {
    let process = owner.map(|owner| HolderProcess {
        is_on_this_machine: owner.is_on_this_machine(),
        has_ended: owner.has_ended(),
    });
    lease_holder(is_own, process)
}

/// Returns how far the call of a row is at this moment, from its lease.
pub(super) fn call_state(
    has_ended: bool,
    lease: Option<(Timestamp, Option<&str>)>,
    at: Timestamp,
) -> CallState {
    let Some((until, process)) = lease.filter(|_| !has_ended) else { return CallState::Ended };
    match lease_state(until, holder(false, owner(process).as_ref()), at) {
        LeaseState::Abandoned => CallState::Abandoned,
        LeaseState::Own | LeaseState::Held => CallState::UnderWay,
    }
}
