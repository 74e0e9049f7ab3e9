//! Leases: how long other sessions wait for a call under way.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::owner::Owner;

/// The lease of a call under way: until the call ends or the lease expires, no other session asks the same question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The process that sends the call; `None` if an older obx wrote the row.
    pub owner: Option<Owner>,
    /// Other sessions treat the row as abandoned after this.
    pub until: Timestamp,
}

/// The holder of a lease, as seen by the session that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaseHolder {
    /// The session that asks.
    Own,
    /// Another session, or an unknown one.
    Other,
    /// A process that has certainly ended.
    Ended,
}

/// A process as the session sees it that asks whether it holds a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HolderProcess {
    /// Whether it runs, or ran, on the machine of the session.
    pub is_on_this_machine: bool,
    /// Whether no process of this number and start is there.
    pub has_ended: bool,
}

/// Returns who holds the lease of a row; `process` is `None` if it is not known. Only on its own machine a process can be
/// seen to end: for one of another machine the lease's time alone decides.
pub fn lease_holder(is_own: bool, process: Option<HolderProcess>) -> LeaseHolder {
    match process {
        _ if is_own => LeaseHolder::Own,
        Some(HolderProcess { is_on_this_machine: true, has_ended: true }) => LeaseHolder::Ended,
        _ => LeaseHolder::Other,
    }
}

/// The state of a row without an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaseState {
    /// The lease has expired or its process has ended, so that no outcome is expected.
    Abandoned,
    /// The session that asks has the call under way.
    Own,
    /// Another session has the call under way: wait for it.
    Held,
}

/// Added to a call's own time limit, in case the machine was asleep or busy.
const SLACK: Duration = Duration::from_secs(10);

/// Returns the length of a lease for a call that takes at most `longest_call`.
pub fn lease_length(longest_call: Duration) -> Duration {
    longest_call.saturating_add(SLACK)
}

/// Returns when a lease that begins at `at` ends.
pub(super) fn end(at: Timestamp, length: Duration) -> Timestamp {
    let length = SignedDuration::try_from(length).unwrap_or(SignedDuration::MAX);
    at.checked_add(length).unwrap_or(Timestamp::MAX)
}

/// Returns the state of a row whose lease ends at `until`.
pub fn lease_state(until: Timestamp, holder: LeaseHolder, now: Timestamp) -> LeaseState {
    match holder {
        _ if until <= now => LeaseState::Abandoned,
        LeaseHolder::Ended => LeaseState::Abandoned,
        LeaseHolder::Own => LeaseState::Own,
        LeaseHolder::Other => LeaseState::Held,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(LeaseHolder::Other, 1, LeaseState::Held)]
    #[case(LeaseHolder::Other, 0, LeaseState::Abandoned)]
    #[case(LeaseHolder::Other, -1, LeaseState::Abandoned)]
    #[case(LeaseHolder::Own, 1, LeaseState::Own)]
    #[case(LeaseHolder::Own, 0, LeaseState::Abandoned)]
    #[case(LeaseHolder::Ended, 1, LeaseState::Abandoned)]
    fn a_call_is_waited_for_until_its_lease_or_its_process_has_ended(
        #[case] holder: LeaseHolder,
        #[case] seconds_left: i64,
        #[case] expected: LeaseState,
    ) {
        let until = Timestamp::from_second(seconds_left).unwrap();
        assert_eq!(lease_state(until, holder, Timestamp::UNIX_EPOCH), expected);
    }

    #[rstest]
    #[case(true, Some((true, true)), LeaseHolder::Own)]
    #[case(false, Some((true, true)), LeaseHolder::Ended)]
    #[case(false, Some((true, false)), LeaseHolder::Other)]
    #[case(false, Some((false, true)), LeaseHolder::Other)]
    #[case(false, None, LeaseHolder::Other)]
    fn a_process_of_another_machine_is_not_seen_to_end(
        #[case] is_own: bool,
        #[case] process: Option<(bool, bool)>,
        #[case] expected: LeaseHolder,
    ) {
        let process =
            process.map(|(is_on_this_machine, has_ended)| HolderProcess { is_on_this_machine, has_ended });
        assert_eq!(lease_holder(is_own, process), expected);
    }

    #[test]
    fn a_lease_without_end_ends_with_time() {
        assert_eq!(end(Timestamp::UNIX_EPOCH, lease_length(Duration::MAX)), Timestamp::MAX);
    }
}
