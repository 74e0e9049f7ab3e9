//! The limit of a run: reserved before a call is sent, and given back where nothing was.

use std::sync::Arc;

use futures_util::future::join_all;
use obx_core::config::{Freshness, Place};
use obx_core::fetch::{BudgetViolation, FetchPolicy, Fetcher, NotSent, RunBudget, RunLimits, RunUse, Source};
use obx_core::store::LocalStore;
use onebound::{CallHandle, Client, Host, Limits, Outcome};
use onebound_emulator::{Emulator, Fault, Settings};

use super::support::{call, credentials};
use crate::api::support::{emulator, host_of, quick};

fn fetcher(hosts: Vec<Host>) -> Fetcher {
    let client = Client::new(credentials(), Limits::default());
    Fetcher::new(client, hosts, Arc::new(LocalStore::new(Place::Memory)), Freshness::default())
}

fn budget(max_calls: u64) -> RunBudget {
    RunBudget::new(RunLimits { max_calls: Some(max_calls), max_cost: None })
}

fn item_ids(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("61094757{:04}", 1_000 + number)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn twelve_calls_at_once_within_a_limit_of_five_are_five() {
    let emulator = emulator().await;
    let (fetcher, budget, ids) = (fetcher(vec![host_of(&emulator)]), budget(5), item_ids(12));
    let fetch = async |digits: &String| {
        let handle = CallHandle::default();
        fetcher.fetch_within(&budget, call(digits), FetchPolicy::CacheFirst, &handle).await
    };
    let results = join_all(ids.iter().map(fetch)).await;
    let refused = results.iter().filter_map(|result| result.as_ref().err());
    let expected = NotSent::OverBudget(BudgetViolation::Calls { max_calls: 5 });
    assert_eq!(refused.filter(|refused| **refused == expected).count(), 7);
    assert_eq!((emulator.calls(), budget.used().sent), (5, 5));
    assert!(!expected.can_be_overridden());
}

#[tokio::test]
async fn a_stored_answer_and_a_call_that_reached_no_host_use_nothing() {
    let refusing = Emulator::start_with(Settings { fault: Some(Fault::Refused), ..quick() }).await.unwrap();
    let (answering, budget, ids) = (emulator().await, budget(2), item_ids(3));
    let fetch = async |fetcher: &Fetcher, digits: &str| {
        let handle = CallHandle::default();
        fetcher.fetch_within(&budget, call(digits), FetchPolicy::CacheFirst, &handle).await
    };
    let alone = fetch(&fetcher(vec![host_of(&refusing)]), &ids[0]).await.unwrap();
    assert!(matches!(alone.exchange.outcome, Outcome::Failed(_)));
    assert_eq!(budget.used(), RunUse::default());
    let both = fetcher(vec![host_of(&refusing), host_of(&answering)]);
    assert_eq!(fetch(&both, &ids[0]).await.unwrap().before.len(), 1);
    assert_eq!(budget.used(), RunUse { sent: 1, charged: 1 });
    let one = fetcher(vec![host_of(&answering)]);
    let (first, again) = (fetch(&one, &ids[1]).await.unwrap(), fetch(&one, &ids[1]).await.unwrap());
    assert_eq!((first.source, again.source), (Source::Live, Source::Store));
    assert_eq!(budget.used(), RunUse { sent: 2, charged: 2 });
    assert!(matches!(fetch(&one, &ids[2]).await, Err(NotSent::OverBudget(_))));
    assert_eq!(answering.calls(), 2);
}
