//! An answer answers only within its gateway: one store, several hosts, one key.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use obx_core::config::{Freshness, Guards};
use obx_core::fetch::{FetchPolicy, Fetched, Fetcher, NotSent, Rules, Source};
use obx_core::store::{Begun, ExchangeId, GuardViolation, Intent, LocalStore, Store};
use onebound::{CallHandle, Catalog, Exchange, Host, ScopedItem};

use super::support::{Home, ITEM, ago, call, intent_at, item, item_id, key, question, vendor};
use crate::api::support::{client, emulator, host_of, quick};

const OTHER_VENDOR_HOST: &str = "https://api-2.onebound.cn";

fn fetcher(store: &Arc<LocalStore>, hosts: Vec<Host>, rules: impl Into<Rules>) -> Fetcher {
    Fetcher::new(client(), hosts, Arc::<LocalStore>::clone(store), rules)
}

async fn fetch(fetcher: &Fetcher, want: FetchPolicy) -> Result<Fetched, NotSent> {
    let answer = fetcher.fetch(call(ITEM), want, &CallHandle::default()).await?;
    if let Some(stored) = &answer.stored {
        stored.clone().await.unwrap();
    }
    Ok(answer)
}

fn host(text: &str) -> Host {
    Host::parse(text).unwrap()
}

fn at(host: Host, exchange: Exchange) -> Exchange {
    Exchange { host, ..exchange }
}

fn asked_of(host: Host) -> Intent {
    intent_at(host, call(ITEM), ago(0))
}

async fn complete(store: &LocalStore, exchange: Exchange) -> ExchangeId {
    store.complete(None, key(), exchange.into()).await.unwrap()
}

#[tokio::test]
async fn what_one_gateway_answered_is_nothing_to_another_one_whoever_asks() {
    let home = Home::new();
    let (one, other) = (emulator().await, emulator().await);
    let first = fetcher(&home.store(), vec![host_of(&one)], Freshness::default());
    assert_eq!(fetch(&first, FetchPolicy::CacheFirst).await.unwrap().source, Source::Live);
    // A session of its own, and the same that asked.
    for store in [home.store(), home.store()] {
        let there = fetcher(&store, vec![host_of(&other)], Freshness::default());
        assert_eq!(fetch(&there, FetchPolicy::CacheOnly).await.unwrap_err(), NotSent::NoneStored);
        let offline = Rules { offline: true, ..Rules::default() };
        let offline = fetcher(&store, vec![host_of(&other)], offline);
        assert_eq!(fetch(&offline, FetchPolicy::CacheFirst).await.unwrap_err(), NotSent::Offline);
        let real = fetcher(&store, vec![Host::default()], Freshness::default());
        assert_eq!(fetch(&real, FetchPolicy::CacheOnly).await.unwrap_err(), NotSent::NoneStored);
    }
    let there = fetcher(&home.store(), vec![host_of(&other)], Freshness::default());
    assert_eq!(fetch(&there, FetchPolicy::CacheFirst).await.unwrap().source, Source::Live);
    for fetcher in [first, there] {
        assert_eq!(fetch(&fetcher, FetchPolicy::CacheFirst).await.unwrap().source, Source::Store);
    }
    assert_eq!((one.calls(), other.calls()), (1, 1));
}

#[tokio::test]
async fn the_vendors_hosts_answer_for_each_other() {
    let store = Home::new().store();
    let id = complete(&store, at(host(OTHER_VENDOR_HOST), item(ITEM, "机", "1.00", ago(9)))).await;
    assert_eq!(store.answer(&question(ITEM)).await.unwrap().unwrap().id, Some(id));
    let fetcher = fetcher(&store, vec![Host::default()], Freshness::default());
    assert_eq!(fetch(&fetcher, FetchPolicy::CacheOnly).await.unwrap().id, Some(id));
}

#[tokio::test]
async fn where_hosts_are_mixed_an_answer_answers_for_its_own_host_alone() {
    let home = Home::new();
    let (closed, second) = (emulator().await, emulator().await);
    let hosts = vec![host_of(&closed), host_of(&second)];
    drop(closed);
    let mixed = fetcher(&home.store(), hosts.clone(), Freshness::default());
    let answer = fetch(&mixed, FetchPolicy::CacheFirst).await.unwrap();
    assert_eq!((answer.source, &answer.exchange.host, answer.before.len()), (Source::Live, &hosts[1], 1));
    assert_eq!(fetch(&mixed, FetchPolicy::CacheOnly).await.unwrap_err(), NotSent::NoneStored);
    let second_alone = fetcher(&home.store(), hosts[1..].to_vec(), Freshness::default());
    assert_eq!(fetch(&second_alone, FetchPolicy::CacheOnly).await.unwrap().source, Source::Store);
}

#[tokio::test]
async fn a_call_under_way_keeps_nobody_waiting_at_another_gateway() {
    let home = Home::new();
    let (one, other) = (home.store(), home.store());
    let begun = |host| one.begin(asked_of(host));
    assert!(matches!(begun(host("http://127.0.0.1:8168")).await.unwrap(), Begun::Go(_)));
    for host in [host("http://127.0.0.1:8169"), Host::default()] {
        assert!(matches!(other.begin(asked_of(host)).await.unwrap(), Begun::Go(_)));
    }
    for host in [host("http://127.0.0.1:8168"), host("http://127.0.0.1:8169"), host(OTHER_VENDOR_HOST)] {
        assert!(matches!(home.store().begin(asked_of(host)).await.unwrap(), Begun::Busy(_)));
    }
}

#[tokio::test]
async fn versions_history_and_search_are_of_one_gateway() {
    let store = Home::new().store();
    let local = host("http://127.0.0.1:8168");
    let real = complete(&store, item(ITEM, "真货", "799.00", ago(90))).await;
    let invented = complete(&store, at(local.clone(), item(ITEM, "假货", "1.00", ago(60)))).await;
    complete(&store, at(local.clone(), item("610947572361", "假货", "2.00", ago(30)))).await;
    for (scope, id, items, title) in [(vendor(), real, 1, "真货"), (local.scope(), invented, 2, "假货")] {
        let catalog = Catalog { scope: scope.clone(), platform: "1688".into() };
        let of = ScopedItem { catalog: catalog.clone(), num_iid: item_id(ITEM) };
        let versions = store.versions(of).await.unwrap().rows;
        assert_eq!(versions.iter().map(|version| version.id).collect::<Vec<_>>(), [id]);
        let known = store.items(catalog).await.unwrap().rows;
        assert_eq!((known.len(), known.last().unwrap().title.as_str()), (items, title));
        assert_eq!(store.find(scope.clone(), "货".to_owned(), 9).await.unwrap().len(), items);
        let in_bodies = store.find_in_bodies(scope.clone(), "货".to_owned(), None).await.unwrap();
        assert_eq!(in_bodies.found.len(), items);
        let lines = store.opened(9, ago(0)).await.unwrap().lines;
        assert_eq!(lines.iter().filter(|line| line.scope == scope).count(), items, "the log has all");
    }
    // Its row leads to it all the same.
    assert_eq!(store.open(invented).await.unwrap().host, local);
}

#[tokio::test]
async fn cap_reserve_and_quota_count_the_calls_to_one_gateway() {
    let home = Home::new();
    let used_up = onebound_emulator::Settings { quota: 3, ..quick() };
    let (small, large) = (onebound_emulator::Emulator::start_with(used_up).await.unwrap(), emulator().await);
    let guards = Guards { cap: Some(1), reserve: Some(5) };
    let rules = Rules { guards, ..Rules::default() };
    let store = home.store();
    let first = fetcher(&store, vec![host_of(&small)], Freshness::default());
    fetch(&first, FetchPolicy::CacheFirst).await.unwrap();
    let guarded = fetcher(&store, vec![host_of(&small)], rules);
    let refused = NotSent::Guarded(GuardViolation::Cap { cap: 1, used: 1 });
    assert_eq!(fetch(&guarded, FetchPolicy::Refresh).await.unwrap_err(), refused);
    let there = fetcher(&store, vec![host_of(&large)], rules);
    assert_eq!(fetch(&there, FetchPolicy::CacheFirst).await.unwrap().source, Source::Live);
    let opened = store.opened(9, Timestamp::UNIX_EPOCH).await.unwrap();
    let mut message: Vec<_> =
        opened.quotas.iter().map(|(of, _, quota)| (of.scope.clone(), quota.max)).collect();
    message.sort_by_key(|(_, max)| *max);
    assert_eq!(message, [(host_of(&small).scope(), Some(3)), (host_of(&large).scope(), Some(10_000))]);
}

#[tokio::test]
async fn a_lease_of_another_gateway_is_not_taken_for_an_answer() {
    let home = Home::new();
    let store = home.store();
    let local = host("http://127.0.0.1:8168");
    complete(&store, at(local, item(ITEM, "机", "1.00", ago(0)))).await;
    let asked = Intent { asked_at: ago(60), lease: Duration::from_secs(60), ..asked_of(Host::default()) };
    assert!(matches!(store.begin(asked).await.unwrap(), Begun::Go(_)));
}
