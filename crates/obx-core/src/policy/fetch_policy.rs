//! What the user agreed to, which decides what may be sent.

use super::Confirmation;
use onebound::{Call, CallKind};

/// What the user agreed to: whether the store may answer, and whether a guard may be overridden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchPolicy {
    /// A stored answer while it is fresh, and nothing else: costs nothing.
    CacheOnly,
    /// A stored answer while it is fresh, else a call.
    CacheFirst,
    /// A call, whatever is stored.
    Refresh,
    /// A call, whatever is stored and whatever refused it: the user was asked and said so.
    Override,
    /// A call to this one of the hosts and no other, whatever is stored.
    AtHost {
        /// Which, counted from the first.
        place: usize,
        /// Whatever refused it, too.
        is_override: bool,
    },
    /// A trade call, once, to the host that it was confirmed for, unless a guard refuses it.
    Trade(Confirmation),
}

impl FetchPolicy {
    /// What Enter on a question may do: it buys only where no fresh answer is known, which is where ¥ is shown.
    pub fn on_enter(has_fresh_answer: bool) -> Self {
        if has_fresh_answer { Self::CacheOnly } else { Self::CacheFirst }
    }

    /// Whether this call may go out at all: one that trades, by a typed confirmation of it alone.
    pub fn permits(self, call: &Call) -> bool {
        match call.kind() {
            CallKind::Read => true,
            CallKind::Trade => matches!(self, Self::Trade(confirmation) if confirmation.is_of(call)),
        }
    }

    /// Whether a call may be sent where the store does not answer.
    pub fn may_send(self, is_offline: bool) -> bool {
        self != Self::CacheOnly && !is_offline
    }

    /// Whether a fresh stored answer is taken in place of a call.
    pub fn takes_stored(self) -> bool {
        matches!(self, Self::CacheOnly | Self::CacheFirst)
    }

    /// Whether an old answer is better than none where there can be no new one.
    pub fn takes_stale_offline(self) -> bool {
        self == Self::CacheFirst
    }

    /// Whether it is sent in spite of what would refuse it, and where the ledger can't be read or written.
    pub fn overrides(self) -> bool {
        matches!(self, Self::Override | Self::AtHost { is_override: true, .. })
    }

    /// The only one of the hosts that may be asked, counted from the first; `None` where each may, in their order.
    pub fn host(self) -> Option<usize> {
        match self {
            Self::AtHost { place, .. } => Some(place),
            Self::Trade(confirmation) => Some(confirmation.place()),
            Self::CacheOnly | Self::CacheFirst | Self::Refresh | Self::Override => None,
        }
    }

    /// The same, in spite of what refused it.
    #[must_use]
    pub fn overridden(self) -> Self {
        match self {
            Self::AtHost { place, .. } => Self::AtHost { place, is_override: true },
            // A confirmation holds once.
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

    fn at_host(is_override: bool) -> FetchPolicy {
        FetchPolicy::AtHost { place: 2, is_override }
    }

    #[rstest]
    #[case(FetchPolicy::CacheOnly, [true, false, false, false])]
    #[case(FetchPolicy::CacheFirst, [true, true, true, false])]
    #[case(FetchPolicy::Refresh, [false, true, false, false])]
    #[case(FetchPolicy::Override, [false, true, false, true])]
    #[case(at_host(false), [false, true, false, false])]
    #[case(at_host(true), [false, true, false, true])]
    #[case(confirmed(&trade()), [false, true, false, false])]
    fn each_policy_allows_what_the_user_agreed_to(#[case] policy: FetchPolicy, #[case] expected: [bool; 4]) {
        let allowed =
            [policy.takes_stored(), policy.may_send(false), policy.takes_stale_offline(), policy.overrides()];
        assert_eq!(allowed, expected);
        assert!(!policy.may_send(true));
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
