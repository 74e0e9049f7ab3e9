//! Calls under way: how long others wait for one.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::owner::Owner;

/// The row of a call under way: others do not ask the same until it has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The process that sent it; `None` where an older obx did.
    pub owner: Option<Owner>,
    /// Other sessions treat the row as abandoned after this.
    pub until: Timestamp,
}

/// Who holds a lease, as the one who asks sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaseHolder {
    /// The session that asks.
    Own,
    /// Another session, or one of which nothing is known.
    Other,
    /// A process that has certainly ended.
    Ended,
}

/// What a row without an outcome is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaseState {
    /// Its call has ended without an answer, or nobody is left who could write one.
    Abandoned,
    /// The session that asks has the call under way.
    Own,
    /// Another session has it under way, and is to be waited for.
    Held,
}

/// Beyond a call's own limit, for a machine that was asleep or busy.
const SLACK: Duration = Duration::from_secs(10);

/// How long a call is waited for that may take so long.
pub fn lease_length(longest_call: Duration) -> Duration {
    longest_call.saturating_add(SLACK)
}

/// When a lease ends that began at this moment.
pub(super) fn end(at: Timestamp, length: Duration) -> Timestamp {
    let length = SignedDuration::try_from(length).unwrap_or(SignedDuration::MAX);
    at.checked_add(length).unwrap_or(Timestamp::MAX)
}

/// What a row is whose lease ends then.
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

    #[test]
    fn a_lease_without_end_ends_with_time() {
        assert_eq!(end(Timestamp::UNIX_EPOCH, lease_length(Duration::MAX)), Timestamp::MAX);
    }
}
