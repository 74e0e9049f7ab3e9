//! What refuses a call before it is sent. Nothing of a refused call reaches the gateway.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use obx_core::config::{Freshness, Guards};
use obx_core::fetch::{FetchPolicy, Fetched, Fetcher, NotSent, Override, Rules, Source};
use obx_core::store::{
    Begun, Block, BlockReason, GuardViolation, LocalStore, Store, StoreErrorKind, day_end,
};
use onebound::{CallHandle, Client, Credentials, Exchange, Host, Limits, Outcome};
use rstest::rstest;

use super::support::{Home, ITEM, ago, call, intent, item, keep, key};
use crate::api::gateway::Gateway;
use crate::api::support::{client, emulator, host_of};

const OTHER: &str = "610947572361";

fn fetcher(store: &Arc<LocalStore>, host: Host, rules: impl Into<Rules>) -> Fetcher {
    Fetcher::new(client(), vec![host], Arc::<LocalStore>::clone(store), rules)
}

async fn fetch(fetcher: &Fetcher, digits: &str, want: FetchPolicy) -> Result<Fetched, NotSent> {
    let answer = fetcher.fetch(call(digits), want, &CallHandle::default()).await?;
    if let Some(stored) = &answer.stored {
        stored.clone().await.unwrap();
    }
    Ok(answer)
}

fn requests(gateway: &Gateway) -> usize {
    gateway
        .connections()
        .iter()
        .map(|received| String::from_utf8_lossy(received).matches("GET /").count())
        .sum()
}

fn blocked(refused: Result<Fetched, NotSent>) -> Block {
    match refused {
        Err(NotSent::Guarded(GuardViolation::Blocked(block))) => block,
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case(r#"{"error_code":"4013","reason":"已超量"}"#, BlockReason::Quota)]
#[case(r#"{"error_code":"4013","reason":""}"#, BlockReason::Quota)]
#[case(r#"{"error_code":"4005","reason":"Key[x]已超量,联系QQ:1"}"#, BlockReason::Quota)]
#[case(r#"{"error_code":"4016","reason":"余额不足"}"#, BlockReason::Balance)]
#[case(r#"{"error_code":"4006","reason":"您的当前API已停用"}"#, BlockReason::Stopped)]
#[case(r#"{"error_code":"4007","reason":"您的账户已停用"}"#, BlockReason::Stopped)]
#[case(r#"{"error_code":"4005","reason":"key已过期"}"#, BlockReason::Expired)]
#[tokio::test]
async fn after_an_answer_that_calls_are_of_no_use_no_session_sends_any(
    #[case] body: &str,
    #[case] reason: BlockReason,
) {
    let home = Home::new();
    let gateway = Gateway::answering(body.as_bytes()).await;
    let first = fetcher(&home.store(), gateway.host(), Freshness::default());
    let answer = fetch(&first, ITEM, FetchPolicy::CacheFirst).await.unwrap();
    assert!(matches!(answer.exchange.outcome, Outcome::Refused(_)));
    let second = fetcher(&home.store(), gateway.host(), Freshness::default());
    for session in [first, second] {
        for want in [FetchPolicy::CacheFirst, FetchPolicy::Refresh] {
            let block = blocked(fetch(&session, OTHER, want).await);
            let ended = answer.exchange.ended_at();
            let until = (reason != BlockReason::Expired).then(|| day_end(ended));
            assert_eq!((block.reason, block.until), (reason, until));
            assert_eq!(block.since.map(Timestamp::as_millisecond), Some(ended.as_millisecond()));
        }
        assert_eq!(requests(&gateway), 1);
    }
    let opened = home.store().opened(9, ago(0)).await.unwrap();
    assert_eq!((opened.blocks.len(), opened.lines.len()), (1, 1));
}

#[rstest]
#[case(r#"{"error_code":"4005","reason":"jd无权访问, 请开通接口"}"#)]
#[case(r#"{"error_code":"5000","reason":"x"}"#)]
#[case(r#"{"error_code":"4099","reason":"x"}"#)]
#[case("<html>")]
#[tokio::test]
async fn other_failures_stop_nothing(#[case] body: &str) {
    let home = Home::new();
    let gateway = Gateway::answering(body.as_bytes()).await;
    let fetcher = fetcher(&home.store(), gateway.host(), Freshness::default());
    for sent in 1..=2 {
        fetch(&fetcher, ITEM, FetchPolicy::CacheFirst).await.unwrap();
        assert_eq!(requests(&gateway), sent);
    }
}

#[tokio::test]
async fn a_block_holds_for_one_host_and_one_key() {
    let home = Home::new();
    let (used_up, serves) = (emulator().await, emulator().await);
    let store = home.store();
    fetch(&fetcher(&store, host_of(&used_up), Freshness::default()), "610947574013", FetchPolicy::CacheFirst)
        .await
        .unwrap();
    blocked(
        fetch(&fetcher(&store, host_of(&used_up), Freshness::default()), OTHER, FetchPolicy::Refresh).await,
    );
    let other_host = fetcher(&store, host_of(&serves), Freshness::default());
    assert_eq!(fetch(&other_host, OTHER, FetchPolicy::Refresh).await.unwrap().source, Source::Live);
    let another_key =
        Client::new(Credentials::new("another-key", "another-secret").unwrap(), Limits::default());
    let hosts = vec![host_of(&used_up)];
    let another = Fetcher::new(another_key, hosts, store, Freshness::default());
    assert_eq!(fetch(&another, OTHER, FetchPolicy::Refresh).await.unwrap().source, Source::Live);
    assert_eq!((used_up.calls(), serves.calls()), (2, 1));
}

#[tokio::test]
async fn an_override_gets_through_and_an_answer_that_serves_lifts_the_block() {
    let home = Home::new();
    let emulator = emulator().await;
    let fetcher = fetcher(&home.store(), host_of(&emulator), Freshness::default());
    fetch(&fetcher, "610947574013", FetchPolicy::CacheFirst).await.unwrap();
    // An answer that serves nothing lifts nothing.
    for (digits, want) in [("610947574016", FetchPolicy::Override), ("610947575000", FetchPolicy::Override)] {
        fetch(&fetcher, digits, want).await.unwrap();
        blocked(fetch(&fetcher, OTHER, FetchPolicy::CacheFirst).await);
    }
    assert_eq!(fetch(&fetcher, ITEM, FetchPolicy::Override).await.unwrap().exchange.outcome, Outcome::Item);
    assert_eq!(fetch(&fetcher, OTHER, FetchPolicy::CacheFirst).await.unwrap().source, Source::Live);
    assert_eq!(emulator.calls(), 5);
}

#[tokio::test]
async fn a_block_of_a_quota_ends_at_midnight_in_beijing_and_one_of_a_key_does_not() {
    for (code, reason, refused) in [("4013", "已超量", false), ("4005", "key已过期", true)] {
        let home = Home::new();
        let store = home.store();
        let body = format!(r#"{{"error_code":"{code}","reason":"{reason}"}}"#);
        keep(store.as_ref(), super::support::answered(ITEM, body, ago(60))).await;
        let now = Timestamp::now();
        let midnight = day_end(ago(60) + Duration::from_millis(6_710));
        if now < midnight {
            let begun = store.begin(intent(call(OTHER), now)).await.unwrap();
            assert!(matches!(begun, Begun::NotSent(GuardViolation::Blocked(_))), "{code}: {begun:?}");
        }
        let after = store.begin(intent(call(OTHER), midnight)).await.unwrap();
        assert_eq!(matches!(after, Begun::NotSent(_)), refused, "{code}: {after:?}");
    }
}

#[tokio::test]
async fn the_reserve_is_kept_by_what_the_newest_answer_reported_and_what_was_sent_since() {
    let home = Home::new();
    let store = home.store();
    let at = |digits: &str, reserve| {
        let mut intent = intent(call(digits), Timestamp::now());
        intent.guards = Guards { cap: None, reserve: Some(reserve) };
        intent
    };
    // No answer has reported a quota yet.
    assert!(matches!(store.begin(at("610947572362", 10)).await.unwrap(), Begun::Go(_)));
    // 3 of 10 are used.
    let mut message = item(ITEM, "机", "1.00", Timestamp::now());
    message.timing.total = Duration::ZERO;
    keep(store.as_ref(), message).await;
    let refused = Begun::NotSent(GuardViolation::Reserve { reserve: 7, left: 7 });
    assert_eq!(store.begin(at(OTHER, 7)).await.unwrap(), refused);
    assert!(matches!(store.begin(at(OTHER, 6)).await.unwrap(), Begun::Go(_)));
    let refused = Begun::NotSent(GuardViolation::Reserve { reserve: 6, left: 6 });
    assert_eq!(store.begin(at("610947572363", 6)).await.unwrap(), refused);
    let mut overriding = at("610947572363", 6);
    overriding.overrides = Override::All;
    assert!(matches!(store.begin(overriding).await.unwrap(), Begun::Go(_)));
}

#[tokio::test]
async fn a_cap_counts_what_was_billed_or_may_have_been_of_one_key_and_one_day() {
    let home = Home::new();
    let store = home.store();
    let now = Timestamp::now();
    let free = r#"{"error_code":"5000","reason":"x"}"#;
    keep(store.as_ref(), super::support::answered(ITEM, free, now)).await;
    keep(store.as_ref(), item(ITEM, "昨天", "1.00", now - Duration::from_secs(24 * 60 * 60))).await;
    let at = |digits: &str| {
        let mut intent = intent(call(digits), now);
        intent.guards = Guards { cap: Some(2), reserve: None };
        intent
    };
    let id = keep(store.as_ref(), item(ITEM, "今天", "1.00", now)).await;
    store.reuse(id, call(ITEM), key(), now).await.unwrap();
    // Under way, so it may be billed.
    assert!(matches!(store.begin(at(OTHER)).await.unwrap(), Begun::Go(_)));
    let refused = Begun::NotSent(GuardViolation::Cap { cap: 2, used: 2 });
    assert_eq!(store.begin(at("610947572363")).await.unwrap(), refused);
    let mut another = at("610947572363");
    another.key = onebound::Fingerprint::from_stored("another");
    assert!(matches!(store.begin(another).await.unwrap(), Begun::Go(_)));
}

#[tokio::test]
async fn without_a_ledger_nothing_is_sent_without_an_override() {
    let home = Home::new();
    std::fs::write(home.path(), "no database").unwrap();
    let emulator = emulator().await;
    let fetcher = fetcher(&home.store(), host_of(&emulator), Freshness::default());
    let despite_block = FetchPolicy::InBatch { overrides_block: true, retries_unknown: true };
    for want in [FetchPolicy::CacheFirst, FetchPolicy::Refresh, despite_block] {
        let refused = fetch(&fetcher, ITEM, want).await.unwrap_err();
        assert!(
            matches!(&refused, NotSent::NoLedger(error) if error.fault == StoreErrorKind::Corrupt),
            "{refused:?}"
        );
    }
    assert_eq!(emulator.calls(), 0);
    let answer = fetcher.fetch(call(ITEM), FetchPolicy::Override, &CallHandle::default()).await.unwrap();
    assert_eq!((answer.id, &answer.exchange.outcome, emulator.calls()), (None, &Outcome::Item, 1));
}

#[tokio::test]
async fn offline_nothing_is_ever_sent_and_a_stale_answer_is_better_than_none() {
    let home = Home::new();
    let emulator = emulator().await;
    let store = home.store();
    let stale = item(ITEM, "旧", "1.00", ago(100 * 24 * 60 * 60));
    let stale = keep(store.as_ref(), Exchange { host: host_of(&emulator), ..stale }).await;
    let rules = Rules { offline: true, ..Rules::default() };
    let fetcher = fetcher(&store, host_of(&emulator), rules);
    let shown = fetch(&fetcher, ITEM, FetchPolicy::CacheFirst).await.unwrap();
    assert_eq!((shown.source, shown.id), (Source::Store, Some(stale)));
    assert!(shown.fresh_until.unwrap() < Timestamp::now());
    for (digits, want) in [
        (ITEM, FetchPolicy::Refresh),
        (ITEM, FetchPolicy::Override),
        (OTHER, FetchPolicy::CacheFirst),
        (OTHER, FetchPolicy::Override),
    ] {
        assert_eq!(fetch(&fetcher, digits, want).await.unwrap_err(), NotSent::Offline);
    }
    assert_eq!(emulator.calls(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_sessions_racing_at_a_cap_of_one_send_one_request() {
    let emulator = emulator().await;
    let rules = Rules { guards: Guards { cap: Some(1), reserve: None }, ..Rules::default() };
    for round in 1..=30 {
        let home = Home::new();
        let sessions = [home.store(), home.store()].map(|store| fetcher(&store, host_of(&emulator), rules));
        let (one, other) = tokio::join!(
            fetch(&sessions[0], ITEM, FetchPolicy::Refresh),
            fetch(&sessions[1], OTHER, FetchPolicy::Refresh)
        );
        let refused = Err(NotSent::Guarded(GuardViolation::Cap { cap: 1, used: 1 }));
        let both = [one.map(|fetched| fetched.source), other.map(|fetched| fetched.source)];
        assert!(both.contains(&refused) && both.contains(&Ok(Source::Live)), "round {round}: {both:?}");
        assert_eq!(emulator.calls(), round);
    }
}
