//! What the user agreed to: it decides what may be sent.

use super::Confirmation;
use onebound::{Call, CallKind};

/// What of the guards and the ledger the user overrides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Override {
    Nothing,
    /// The vendor's block alone: cap, reserve and a ledger that can't be written refuse.
    Block,
    /// Block, cap and reserve, and a ledger that can't be read or written.
    All,
}

/// What holds for a call where an earlier one for its question is in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoubtRule {
    /// It is not sent.
    HoldsBack,
    /// It is sent, and whoever asked for it is told.
    IsSaid,
    /// The user knows of it.
    Accepted,
}

/// What the user agreed to: whether the store may answer, and whether a guard may be overridden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchPolicy {
    /// Only a fresh stored answer: costs nothing.
    CacheOnly,
    /// A fresh stored answer, or else a call.
    CacheFirst,
    /// A call, even if there is a fresh stored answer.
    Refresh,
    /// A call, even if there is a fresh stored answer or a guard refuses it: the user was asked and agreed.
    Override,
    /// A call to this host and no other, even if there is a fresh stored answer.
    AtHost {
        /// The host's index.
        place: usize,
        /// Whether it is sent even if a guard refuses it.
        is_override: bool,
    },
    /// A fresh stored answer, or else a call of a batch.
    InBatch {
        /// Whether it is sent even if a block refuses it.
        overrides_block: bool,
        /// Whether it is sent even if an earlier one is in doubt.
        retries_unknown: bool,
    },
    /// One trade call, to the host that it was confirmed for, unless a guard refuses it.
    Trade(Confirmation),
}

impl FetchPolicy {
    /// Returns the policy of Enter on a question: it may send a call only if no fresh answer is known, that is, where
    /// the screen shows ¥.
    pub fn on_enter(has_fresh_answer: bool) -> Self {
        if has_fresh_answer { Self::CacheOnly } else { Self::CacheFirst }
    }

    /// Returns true if this call may be sent at all: a trade call needs a typed confirmation for exactly this call.
    pub fn permits(self, call: &Call) -> bool {
        match call.kind() {
            CallKind::Read => true,
            CallKind::Trade => matches!(self, Self::Trade(confirmation) if confirmation.is_of(call)),
        }
    }

    /// Returns true if a call may be sent when the store has no answer.
    pub fn may_send(self, is_offline: bool) -> bool {
        self != Self::CacheOnly && !is_offline
    }

    /// Returns true if a fresh stored answer replaces a call.
    pub fn takes_stored(self) -> bool {
        matches!(self, Self::CacheOnly | Self::CacheFirst | Self::InBatch { .. })
    }

    /// Returns true if a stored answer of any age may be shown offline.
    pub fn takes_stale_offline(self) -> bool {
        matches!(self, Self::CacheFirst | Self::InBatch { .. })
    }

    /// Returns what can't keep the call from being sent.
    pub fn overrides(self) -> Override {
        match self {
            Self::Override | Self::AtHost { is_override: true, .. } => Override::All,
            Self::InBatch { overrides_block: true, .. } => Override::Block,
            _ => Override::Nothing,
        }
    }

    /// Returns what holds where an earlier call for the question is in doubt, since both may be billed. A call that has
    /// waited for another session's was asked for without that doubt: if that answer never comes, the user decides again.
    pub fn doubt_rule(self, has_waited: bool) -> DoubtRule {
        match self {
            Self::InBatch { retries_unknown: true, .. } | Self::Trade(_) => DoubtRule::Accepted,
            Self::InBatch { .. } => DoubtRule::HoldsBack,
            _ if has_waited => DoubtRule::HoldsBack,
            _ => DoubtRule::IsSaid,
        }
    }

    /// Returns the index of the only host that may be asked; `None` if all may, in their order.
    pub fn host(self) -> Option<usize> {
        match self {
            Self::AtHost { place, .. } => Some(place),
            Self::Trade(confirmation) => Some(confirmation.place()),
            Self::CacheOnly | Self::CacheFirst | Self::Refresh | Self::Override | Self::InBatch { .. } => {
                None
            }
        }
    }

    /// Returns this policy with guards overridden.
    #[must_use]
    pub fn overridden(self) -> Self {
        match self {
            Self::AtHost { place, .. } => Self::AtHost { place, is_override: true },
            // A confirmation is valid once, and never overrides a guard.
            Self::Trade(_) => self,
            _ => Self::Override,
        }
    }
}

#[cfg(test)]
mod tests {
    use onebound::CallSettings;
    use rstest::rstest;

    use super::*;

    fn trade() -> Call {
        CallSettings::default().raw("order_pay", Vec::new()).unwrap()
    }

    fn confirmed(call: &Call) -> FetchPolicy {
        FetchPolicy::Trade(Confirmation::typed(call, 1, &Confirmation::phrase(call)).unwrap())
    }

    fn in_batch(overrides_block: bool) -> FetchPolicy {
        FetchPolicy::InBatch { overrides_block, retries_unknown: false }
    }

    fn at_host(is_override: bool) -> FetchPolicy {
        FetchPolicy::AtHost { place: 2, is_override }
    }

    #[rstest]
    #[case(FetchPolicy::CacheOnly, [true, false, false], Override::Nothing)]
    #[case(FetchPolicy::CacheFirst, [true, true, true], Override::Nothing)]
    #[case(FetchPolicy::Refresh, [false, true, false], Override::Nothing)]
    #[case(FetchPolicy::Override, [false, true, false], Override::All)]
    #[case(at_host(false), [false, true, false], Override::Nothing)]
    #[case(at_host(true), [false, true, false], Override::All)]
    #[case(in_batch(false), [true, true, true], Override::Nothing)]
    #[case(in_batch(true), [true, true, true], Override::Block)]
    #[case(confirmed(&trade()), [false, true, false], Override::Nothing)]
    fn each_policy_allows_what_the_user_agreed_to(
        #[case] policy: FetchPolicy,
        #[case] expected: [bool; 3],
        #[case] overrides: Override,
    ) {
        let allowed = [policy.takes_stored(), policy.may_send(false), policy.takes_stale_offline()];
        assert_eq!((allowed, policy.overrides()), (expected, overrides));
        assert!(!policy.may_send(true));
    }

    #[rstest]
    #[case(FetchPolicy::CacheFirst, [DoubtRule::IsSaid, DoubtRule::HoldsBack])]
    #[case(FetchPolicy::Refresh, [DoubtRule::IsSaid, DoubtRule::HoldsBack])]
    #[case(FetchPolicy::Override, [DoubtRule::IsSaid, DoubtRule::HoldsBack])]
    #[case(at_host(true), [DoubtRule::IsSaid, DoubtRule::HoldsBack])]
    #[case(in_batch(false), [DoubtRule::HoldsBack; 2])]
    #[case(FetchPolicy::InBatch { overrides_block: true, retries_unknown: true }, [DoubtRule::Accepted; 2])]
    fn a_call_that_waited_for_another_is_held_back_if_that_answer_never_came(
        #[case] policy: FetchPolicy,
        #[case] expected: [DoubtRule; 2],
    ) {
        assert_eq!([false, true].map(|has_waited| policy.doubt_rule(has_waited)), expected);
    }

    #[rstest]
    #[case(FetchPolicy::CacheFirst, None, FetchPolicy::Override)]
    #[case(FetchPolicy::Refresh, None, FetchPolicy::Override)]
    #[case(at_host(false), Some(2), at_host(true))]
    #[case(confirmed(&trade()), Some(1), confirmed(&trade()))]
    fn an_override_stays_at_its_host_and_a_trade_can_not_be_overridden(
        #[case] policy: FetchPolicy,
        #[case] host: Option<usize>,
        #[case] overridden: FetchPolicy,
    ) {
        assert_eq!((policy.host(), policy.overridden()), (host, overridden));
    }

    #[test]
    fn a_trade_is_permitted_by_its_own_confirmation_alone() {
        let read = Call::item_get("610947572360".parse().unwrap());
        let other = CallSettings::default().raw("order_cancel", Vec::new()).unwrap();
        for policy in [FetchPolicy::CacheFirst, FetchPolicy::Override, at_host(true), confirmed(&other)] {
            assert_eq!((policy.permits(&read), policy.permits(&trade())), (true, false), "{policy:?}");
        }
        assert!(confirmed(&trade()).permits(&trade()));
    }

    #[test]
    fn enter_buys_only_where_no_fresh_answer_is_known() {
        assert_eq!(FetchPolicy::on_enter(true), FetchPolicy::CacheOnly);
        assert_eq!(FetchPolicy::on_enter(false), FetchPolicy::CacheFirst);
    }
}
