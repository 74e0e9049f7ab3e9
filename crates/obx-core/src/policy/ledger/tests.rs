//! The decision as a table: which fact outweighs which.

use jiff::SignedDuration;
use rstest::rstest;

use super::super::BlockReason;
use super::*;

/// In seconds, the moment at which the call would be sent.
const NOW: i64 = 1_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

/// Asked for 30 seconds ago, with a lease of 60 seconds.
fn intent(guards: Guards, overrides: Override) -> Intent {
    let host = Host::default();
    Intent {
        call: Call::item_get("610947572360".parse().unwrap()),
        key: Fingerprint::from_stored("5f3a9c1e"),
        guards,
        gateways: vec![host.scope()],
        host,
        overrides,
        doubt_lasts: None,
        at: at(NOW),
        asked_at: at(NOW - 30),
        lease: Duration::from_secs(60),
    }
}

fn block(until: Option<i64>) -> Block {
    let (host, key) = (Host::default().to_string(), "5f3a9c1e".to_owned());
    Block { host, key, reason: BlockReason::Quota, since: Some(at(NOW - 60)), until: until.map(at) }
}

fn lease(until: i64, holder: LeaseHolder) -> (Lease, LeaseHolder) {
    (Lease { owner: None, until: at(until) }, holder)
}

fn quota(used: u64, spent_since: u64) -> QuotaFact {
    QuotaFact { used, allowed: 10, spent_since }
}

#[rstest]
#[case::before_the_user_asked(NOW - 31, Decision::Send)]
#[case::when_the_user_asked(NOW - 30, Decision::TakeAnswer)]
#[case::just_now(NOW, Decision::TakeAnswer)]
#[case::by_a_clock_that_is_a_bit_ahead(NOW + 60, Decision::TakeAnswer)]
#[case::before_the_clock_was_set_back(NOW + 61, Decision::Send)]
fn an_answer_that_came_since_the_user_asked_is_taken(#[case] answered_at: i64, #[case] expected: Decision) {
    let facts = Facts { answered_at: Some(at(answered_at)), ..Facts::default() };
    for overrides in [Override::Nothing, Override::Block, Override::All] {
        assert_eq!(decide(&facts, &intent(Guards::default(), overrides)), expected);
    }
}

#[rstest]
#[case(vec![], Decision::Send)]
#[case(vec![lease(NOW + 1, LeaseHolder::Other)], Decision::Wait(None))]
#[case(vec![lease(NOW, LeaseHolder::Other)], Decision::Send)]
#[case(vec![lease(NOW + 1, LeaseHolder::Own)], Decision::Send)]
#[case(vec![lease(NOW + 1, LeaseHolder::Ended)], Decision::Send)]
#[case(vec![lease(NOW + 1, LeaseHolder::Own), lease(NOW + 1, LeaseHolder::Other)], Decision::Wait(None))]
fn a_call_of_another_session_is_waited_for_also_by_an_override(
    #[case] leases: Vec<(Lease, LeaseHolder)>,
    #[case] expected: Decision,
) {
    let facts = Facts { leases, ..Facts::default() };
    for overrides in [Override::Nothing, Override::Block, Override::All] {
        assert_eq!(decide(&facts, &intent(Guards::default(), overrides)), expected);
    }
}

#[rstest]
#[case::not_reached(Guards { cap: Some(5), reserve: None }, 4, None, None)]
#[case::reached(Guards { cap: Some(5), reserve: None }, 5, None, Some(GuardViolation::Cap { cap: 5, used: 5 }))]
#[case::of_none(Guards { cap: Some(0), reserve: None }, 0, None, Some(GuardViolation::Cap { cap: 0, used: 0 }))]
#[case::no_cap(Guards::default(), 1_000, Some(quota(10, 5)), None)]
#[case::quota_unknown(Guards { cap: None, reserve: Some(9) }, 0, None, None)]
#[case::above_reserve(Guards { cap: None, reserve: Some(3) }, 0, Some(quota(5, 1)), None)]
#[case::at_reserve(
    Guards { cap: None, reserve: Some(3) }, 0, Some(quota(5, 2)), Some(GuardViolation::Reserve { reserve: 3, left: 3 })
)]
#[case::overdrawn(
    Guards { cap: None, reserve: Some(0) }, 0, Some(quota(10, 7)), Some(GuardViolation::Reserve { reserve: 0, left: 0 })
)]
fn cap_and_reserve_refuse_unless_overridden(
    #[case] guards: Guards,
    #[case] spent_today: u64,
    #[case] quota: Option<QuotaFact>,
    #[case] expected: Option<GuardViolation>,
) {
    let facts = Facts { spent_today, quota, ..Facts::default() };
    let decision = expected.map_or(Decision::Send, Decision::Refuse);
    let blocked = Facts { block: Some(block(None)), ..facts.clone() };
    assert_eq!(decide(&facts, &intent(guards, Override::Nothing)), decision);
    assert_eq!(decide(&blocked, &intent(guards, Override::Block)), decision, "only the block is overridden");
    assert_eq!(decide(&blocked, &intent(guards, Override::All)), Decision::Send);
}

#[rstest]
#[case(None, true)]
#[case(Some(NOW + 1), true)]
#[case(Some(NOW), false)]
fn a_block_refuses_while_it_holds_and_before_the_cap_does(#[case] until: Option<i64>, #[case] holds: bool) {
    let facts = Facts { block: Some(block(until)), spent_today: 9, ..Facts::default() };
    let guards = Guards { cap: Some(1), reserve: None };
    let expected =
        if holds { GuardViolation::Blocked(block(until)) } else { GuardViolation::Cap { cap: 1, used: 9 } };
    assert_eq!(decide(&facts, &intent(guards, Override::Nothing)), Decision::Refuse(expected));
}

#[test]
fn what_another_session_has_outweighs_the_guards() {
    let facts = Facts { block: Some(block(None)), ..Facts::default() };
    let answered = Facts { answered_at: Some(at(NOW)), ..facts.clone() };
    let leased = Facts { leases: vec![lease(NOW + 1, LeaseHolder::Other)], ..facts };
    assert_eq!(decide(&leased, &intent(Guards::default(), Override::Nothing)), Decision::Wait(None));
    let both = Facts { leases: leased.leases, ..answered };
    assert_eq!(decide(&both, &intent(Guards::default(), Override::Nothing)), Decision::TakeAnswer);
}

#[rstest]
#[case(None, Some(NOW - 60), Decision::Send)]
#[case(Some(61), Some(NOW - 60), Decision::InDoubt(at(NOW - 60)))]
#[case(Some(60), Some(NOW - 60), Decision::Send)]
#[case(Some(61), None, Decision::Send)]
fn a_call_in_doubt_holds_another_back_that_heeds_it(
    #[case] lasts: Option<u64>,
    #[case] unknown_at: Option<i64>,
    #[case] expected: Decision,
) {
    let facts = Facts { unknown_at: unknown_at.map(at), ..Facts::default() };
    for overrides in [Override::Nothing, Override::Block, Override::All] {
        let doubt_lasts = lasts.map(Duration::from_secs);
        let intent = Intent { doubt_lasts, ..intent(Guards::default(), overrides) };
        assert_eq!(decide(&facts, &intent), expected);
        let leased = Facts { leases: vec![lease(NOW + 1, LeaseHolder::Other)], ..facts.clone() };
        assert_eq!(decide(&leased, &intent), Decision::Wait(None), "that call may bring the answer");
    }
}

#[test]
fn a_lease_without_end_does_not_overflow() {
    let endless = Intent { lease: Duration::MAX, ..intent(Guards::default(), Override::Nothing) };
    assert_eq!(endless.lease_end(), Timestamp::MAX);
    let far = at(NOW).checked_add(SignedDuration::from_hours(9_999)).unwrap();
    let facts = Facts { answered_at: Some(far), ..Facts::default() };
    assert_eq!(decide(&facts, &endless), Decision::TakeAnswer);
}
