//! Calls under way: one for each question, and two ways to end one.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use obx_core::config::{Freshness, Place};
use obx_core::fetch::{FetchPolicy, Fetcher, Source};
use obx_core::store::LocalStore;
use onebound::{Billing, CallHandle, Exchange, Outcome, RequestStage};
use onebound_emulator::{Emulator, Fault};
use rstest::rstest;

use super::gateway::Gateway;
use super::support::{ITEM, call, client, emulator, host_of};

/// Longer than any of it takes; what would wait forever fails instead.
const LONG: Duration = Duration::from_secs(20);

fn fetcher(emulator: &Emulator) -> Fetcher {
    Fetcher::new(
        client(),
        vec![host_of(emulator)],
        Arc::new(LocalStore::new(Place::Memory)),
        Freshness::default(),
    )
}

fn assert_ended_unsent(exchange: &Exchange) {
    assert_eq!((exchange.outcome.clone(), exchange.stage), (Outcome::Cancelled, RequestStage::NothingSent));
    assert_eq!((exchange.billing(), exchange.status), (Billing::Free, None));
}

#[rstest]
#[case(FetchPolicy::CacheFirst)]
#[case(FetchPolicy::Refresh)]
#[tokio::test]
async fn of_many_fetches_of_one_question_one_is_sent_and_all_get_its_answer(#[case] want: FetchPolicy) {
    let emulator = emulator().await;
    let fetcher = fetcher(&emulator);
    let lines: Vec<_> = (0..20).map(|_| CallHandle::default()).collect();
    let fetched = join_all(lines.iter().map(|line| fetcher.fetch(call(ITEM), want, line))).await;
    let fetched: Vec<_> = fetched.into_iter().map(Result::unwrap).collect();
    let from = |source| fetched.iter().filter(|fetched| fetched.source == source).count();
    assert_eq!((from(Source::Live), from(Source::Joined)), (1, 19));
    // Who waits for another one's answer never says that its call is out.
    let out = lines.iter().filter(|line| line.watch().borrow().out.is_some()).count();
    assert_eq!(out, 1);
    assert!(fetched.iter().all(|one| Arc::ptr_eq(&one.exchange, &fetched[0].exchange)));
    assert_eq!(emulator.calls(), 1);
}

#[tokio::test]
async fn different_questions_do_not_wait_for_each_other_and_the_next_one_is_sent_again() {
    let emulator = emulator().await;
    let fetcher = fetcher(&emulator);
    let line = CallHandle::default();
    let other = CallHandle::default();
    let (first, second) = tokio::join!(
        fetcher.fetch(call(ITEM), FetchPolicy::Refresh, &line),
        fetcher.fetch(call("610947572361"), FetchPolicy::Refresh, &other),
    );
    assert_eq!((first.unwrap().source, second.unwrap().source), (Source::Live, Source::Live));
    let again = fetcher.fetch(call(ITEM), FetchPolicy::Refresh, &CallHandle::default()).await.unwrap();
    assert_eq!((again.source, emulator.calls()), (Source::Live, 3));
}

#[tokio::test]
async fn a_flight_that_is_dropped_lets_the_next_one_in() {
    let emulator = emulator().await;
    let fetcher = fetcher(&emulator);
    let hang = Fault::Hang.test_id();
    let line = CallHandle::default();
    let mut progress = line.watch();
    tokio::select! {
        _ = fetcher.fetch(call(&hang), FetchPolicy::Refresh, &line) => panic!("it is never answered"),
        sent = progress.wait_for(|progress| progress.stage == RequestStage::Sent) => assert!(sent.is_ok()),
    }
    let second = CallHandle::default();
    let mut progress = second.watch();
    tokio::select! {
        _ = fetcher.fetch(call(&hang), FetchPolicy::Refresh, &second) => panic!("it is never answered"),
        sent = tokio::time::timeout(LONG, progress.wait_for(|progress| progress.stage == RequestStage::Sent)) => {
            assert!(sent.unwrap().is_ok());
        }
    }
}

#[tokio::test]
async fn a_call_ended_before_it_began_is_free_and_never_reaches_the_gateway() {
    let emulator = emulator().await;
    let line = CallHandle::default();
    assert!(line.end_unsent());
    let fetched = fetcher(&emulator).fetch(call(ITEM), FetchPolicy::CacheFirst, &line).await.unwrap();
    assert_ended_unsent(&fetched.exchange);
    assert_eq!((emulator.calls(), fetched.fresh_until), (0, None));
}

#[tokio::test]
async fn a_call_ended_while_it_connects_is_free_and_sends_no_request() {
    let gateway = Gateway::silent().await;
    let (line, client, host) = (CallHandle::default(), client(), gateway.https_host());
    let asked = call(ITEM);
    let ending = async {
        while gateway.connections().concat().is_empty() {
            tokio::task::yield_now().await;
        }
        assert!(line.end_unsent(), "a greeting is no byte of the request");
    };
    let both = async { tokio::join!(client.send(&asked, &host, &line), ending) };
    let (exchange, ()) = tokio::time::timeout(LONG, both).await.unwrap();
    assert_ended_unsent(&exchange);
}

#[tokio::test]
async fn a_call_that_was_sent_ends_only_by_closing_and_then_its_cost_is_unknown() {
    let emulator = emulator().await;
    let line = CallHandle::default();
    let mut progress = line.watch();
    let ending = async {
        progress.wait_for(|progress| progress.stage == RequestStage::Sent).await.unwrap();
        while emulator.calls() == 0 {
            tokio::task::yield_now().await;
        }
        assert!(!line.end_unsent(), "too late");
        assert!(!line.is_ended());
        line.close();
    };
    let fetcher = fetcher(&emulator);
    let fetching = fetcher.fetch(call(&Fault::Hang.test_id()), FetchPolicy::CacheFirst, &line);
    let (ended, ()) = tokio::time::timeout(LONG, async { tokio::join!(fetching, ending) }).await.unwrap();
    let exchange = ended.unwrap().exchange;
    assert_eq!((exchange.outcome.clone(), exchange.stage), (Outcome::Cancelled, RequestStage::Sent));
    assert_eq!((exchange.billing(), emulator.calls()), (Billing::Unknown, 1));
}

#[tokio::test]
async fn an_answer_closed_half_way_keeps_what_came_of_it() {
    let emulator = emulator().await;
    let line = CallHandle::default();
    let mut progress = line.watch();
    let ending = async {
        progress.wait_for(|progress| progress.received > 0).await.unwrap();
        line.close();
    };
    let (client, host, asked) = (client(), host_of(&emulator), call(&Fault::SlowDrip.test_id()));
    let (exchange, ()) = tokio::join!(client.send(&asked, &host, &line), ending);
    assert_eq!((exchange.outcome.clone(), exchange.stage), (Outcome::Cancelled, RequestStage::Answered));
    assert_eq!((exchange.billing(), exchange.status), (Billing::Unknown, Some(200)));
    assert!(exchange.body.raw().starts_with(b"{") && exchange.reply.is_none());
}

#[tokio::test]
async fn who_joined_a_call_can_leave_it_without_ending_it_for_the_others() {
    let emulator = emulator().await;
    let fetcher = fetcher(&emulator);
    let (first, joined) = (CallHandle::default(), CallHandle::default());
    let slow = Fault::SlowDrip.test_id();
    let mut progress = first.watch();
    let joining = async {
        progress.wait_for(|progress| progress.received > 0).await.unwrap();
        let ending = async { assert!(joined.end_unsent()) };
        tokio::join!(fetcher.fetch(call(&slow), FetchPolicy::Refresh, &joined), ending).0
    };
    let (sent, left) = tokio::join!(fetcher.fetch(call(&slow), FetchPolicy::CacheFirst, &first), joining);
    assert_eq!(sent.unwrap().exchange.outcome, Outcome::Item);
    assert_ended_unsent(&left.unwrap().exchange);
    assert_eq!(emulator.calls(), 1);
}

#[tokio::test]
async fn a_call_that_its_owner_ended_unsent_is_made_by_who_waited_for_it() {
    let emulator = emulator().await;
    let fetcher = fetcher(&emulator);
    let (ended, other) = (CallHandle::default(), CallHandle::default());
    assert!(ended.end_unsent());
    let (ended, other) = tokio::join!(
        fetcher.fetch(call(ITEM), FetchPolicy::CacheFirst, &ended),
        fetcher.fetch(call(ITEM), FetchPolicy::CacheFirst, &other),
    );
    assert_ended_unsent(&ended.unwrap().exchange);
    let other = other.unwrap();
    assert_eq!((other.exchange.outcome.clone(), other.source), (Outcome::Item, Source::Live));
    assert_eq!(emulator.calls(), 1);
}
