//! The next host is called only when nothing of the call was sent to the one before.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use obx_core::config::{Freshness, Guards, Place};
use obx_core::fetch::{FetchPolicy, Fetched, Fetcher, NotSent, Rules, Source};
use obx_core::store::{GuardViolation, LocalStore, Store};
use onebound::{Billing, CallHandle, Client, Failure, Host, Limits, Outcome, RequestStage};
use onebound_emulator::{Emulator, Fault, Settings};
use rstest::rstest;

use super::gateway::Gateway;
use super::support::{ITEM, call, credentials, emulator, host_of, quick};

const LIMITS: Limits = Limits {
    connect_timeout: Duration::from_millis(500),
    timeout: Duration::from_secs(1),
    max_body: 1024 * 1024,
};

async fn faulty(fault: Fault) -> Emulator {
    Emulator::start_with(Settings { fault: Some(fault), ..quick() }).await.unwrap()
}

fn fetcher(hosts: Vec<Host>) -> Fetcher {
    let client = Client::new(credentials(), LIMITS);
    Fetcher::new(client, hosts, Arc::new(LocalStore::new(Place::Memory)), Freshness::default())
}

async fn fetch(hosts: Vec<Host>) -> Result<Fetched, NotSent> {
    fetcher(hosts).fetch(call(ITEM), FetchPolicy::CacheFirst, &CallHandle::default()).await
}

#[tokio::test]
async fn when_nobody_listens_at_the_first_host_the_second_is_called() {
    let (first, second) = (faulty(Fault::Refused).await, emulator().await);
    let line = CallHandle::default();
    let both = fetcher(vec![host_of(&first), host_of(&second)]);
    let fetched = both.fetch(call(ITEM), FetchPolicy::CacheFirst, &line).await.unwrap();
    assert_eq!((fetched.exchange.outcome.clone(), fetched.source), (Outcome::Item, Source::Live));
    let out = line.watch().borrow().out.unwrap();
    assert_eq!(out.host, 1);
    assert!(fetched.before[0].exchange.started_at < out.at && out.at <= fetched.exchange.started_at);
    assert_eq!(fetched.exchange.host, host_of(&second));
    assert_eq!((fetched.exchange.billing(), second.calls()), (Billing::Billed, 1));
    let [attempt] = fetched.before.as_slice() else { panic!("{:?}", fetched.before) };
    assert!(matches!(attempt.exchange.outcome, Outcome::Failed(Failure::Connect(_))));
    assert_eq!(
        (attempt.exchange.host.clone(), attempt.exchange.stage),
        (host_of(&first), RequestStage::NothingSent)
    );
    assert_eq!(attempt.exchange.billing(), Billing::Free);
}

#[tokio::test]
async fn a_first_host_that_does_not_finish_its_greeting_was_sent_nothing_and_the_second_is_called() {
    let (first, second) = (Gateway::silent().await, emulator().await);
    let fetched = fetch(vec![first.https_host(), host_of(&second)]).await.unwrap();
    assert_eq!(fetched.exchange.outcome, Outcome::Item);
    let expected = Outcome::Failed(Failure::ConnectTimeout(LIMITS.connect_timeout));
    let attempt = &fetched.before[0].exchange;
    assert_eq!((attempt.outcome.clone(), attempt.stage), (expected, RequestStage::NothingSent));
}

#[rstest]
#[case(Fault::Hang, RequestStage::Sent)]
#[case(Fault::CutBody, RequestStage::Answered)]
#[case(Fault::HtmlPage, RequestStage::Answered)]
#[case(Fault::Html403, RequestStage::Answered)]
#[case(Fault::BadGateway, RequestStage::Answered)]
#[case(Fault::EmptyBody, RequestStage::Answered)]
#[case(Fault::Redirect, RequestStage::Answered)]
#[case(Fault::UnknownCode, RequestStage::Answered)]
#[case(Fault::GzipBomb, RequestStage::Answered)]
#[tokio::test]
async fn after_the_request_was_sent_the_second_host_is_never_called(
    #[case] fault: Fault,
    #[case] stage: RequestStage,
) {
    let (first, second) = (faulty(fault).await, emulator().await);
    let fetched = fetch(vec![host_of(&first), host_of(&second)]).await.unwrap();
    assert_eq!((fetched.exchange.host.clone(), fetched.exchange.stage), (host_of(&first), stage));
    assert_eq!((first.calls(), second.calls(), fetched.before.len()), (1, 0, 0));
    assert_eq!(fetched.exchange.billing(), Billing::Unknown);
}

#[tokio::test]
async fn a_call_meant_for_one_host_goes_there_and_nowhere_else() {
    let (first, second) = (faulty(Fault::BadGateway).await, emulator().await);
    let unreachable = faulty(Fault::Refused).await;
    let fetcher = fetcher(vec![host_of(&first), host_of(&second), host_of(&unreachable)]);
    let at = async |place| {
        let want = FetchPolicy::AtHost { place, is_override: false };
        let line = CallHandle::default();
        let asked = fetcher.fetch(call(ITEM), want, &line).await;
        let out = line.watch().borrow().out.map(|out| out.host);
        assert_eq!(out, asked.is_ok().then_some(place));
        asked
    };
    let failed = fetcher.fetch(call(ITEM), FetchPolicy::CacheFirst, &CallHandle::default()).await.unwrap();
    assert!(failed.exchange.summary().is_of_failed_host());
    let asked = at(1).await.unwrap();
    assert_eq!(
        (asked.exchange.outcome.clone(), asked.exchange.host.clone()),
        (Outcome::Item, host_of(&second))
    );
    assert_eq!((first.calls(), second.calls(), asked.before.len()), (1, 1, 0));
    let alone = at(2).await.unwrap();
    assert!(matches!(alone.exchange.outcome, Outcome::Failed(Failure::Connect(_))));
    assert_eq!((first.calls(), second.calls()), (1, 1));
    assert_eq!(at(3).await.unwrap_err(), NotSent::NoHost);
    assert_eq!(at(usize::MAX).await.unwrap_err(), NotSent::NoHost);
}

#[tokio::test]
async fn a_call_to_the_next_host_passes_the_ledger_and_its_guards() {
    let (first, second) = (faulty(Fault::BadGateway).await, emulator().await);
    let rules = Rules { guards: Guards { cap: Some(1), reserve: None }, ..Rules::default() };
    let store: Arc<dyn Store> = Arc::new(LocalStore::new(Place::Memory));
    let client = Client::new(credentials(), LIMITS);
    let hosts = vec![host_of(&first), host_of(&second)];
    let fetcher = Fetcher::new(client, hosts, Arc::clone(&store), rules);
    let failed = fetcher.fetch(call(ITEM), FetchPolicy::CacheFirst, &CallHandle::default()).await.unwrap();
    failed.stored.unwrap().await.unwrap();
    let want = FetchPolicy::AtHost { place: 1, is_override: false };
    let refused = fetcher.fetch(call(ITEM), want, &CallHandle::default()).await.unwrap_err();
    assert_eq!(refused, NotSent::Guarded(GuardViolation::Cap { cap: 1, used: 1 }));
    let overriding = fetcher.fetch(call(ITEM), want.overridden(), &CallHandle::default()).await.unwrap();
    assert_eq!((overriding.exchange.outcome.clone(), first.calls(), second.calls()), (Outcome::Item, 1, 1));
    overriding.stored.unwrap().await.unwrap();
    let opened = store.opened(10, Timestamp::UNIX_EPOCH).await.unwrap();
    let hosts: Vec<_> = opened.lines.iter().map(|line| line.host.to_string()).collect();
    assert_eq!(hosts, [host_of(&first).name(), host_of(&second).name()]);
}

#[tokio::test]
async fn a_reset_after_sending_is_the_end_of_it() {
    let (first, second) = (Gateway::resetting().await, emulator().await);
    let fetched = fetch(vec![first.host(), host_of(&second)]).await.unwrap();
    assert_eq!(fetched.exchange.outcome, Outcome::Failed(Failure::Closed));
    assert_eq!((first.connections().len(), second.calls()), (1, 0));
}

#[tokio::test]
async fn when_no_host_can_be_reached_every_attempt_is_reported_and_all_were_free() {
    let (first, second) = (faulty(Fault::Refused).await, faulty(Fault::Refused).await);
    let fetched = fetch(vec![host_of(&first), host_of(&second)]).await.unwrap();
    let attempts: Vec<_> =
        fetched.before.iter().map(|attempt| &attempt.exchange).chain([&fetched.exchange]).collect();
    assert_eq!(attempts.len(), 2);
    assert!(attempts.iter().all(|attempt| attempt.billing() == Billing::Free));
    assert_eq!(fetched.fresh_until, None);
}

#[tokio::test]
async fn without_a_host_nothing_is_sent() {
    assert_eq!(fetch(Vec::new()).await.unwrap_err(), NotSent::NoHost);
}
