//! When a stored answer does, and when money is spent.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use obx_core::config::{Freshness, Place};
use obx_core::fetch::{FetchPolicy, Fetched, Fetcher, NotSent, Source};
use obx_core::store::{LocalStore, StoreErrorKind};
use onebound::{CallHandle, Outcome};
use onebound_emulator::{Emulator, Fault as Emulated};
use rstest::rstest;

use super::support::{ITEM, call, client, emulator, host_of};

const NEVER: Freshness = Freshness { item: Duration::ZERO, no_result: Duration::ZERO };

fn fetcher(emulator: &Emulator, freshness: Freshness) -> Fetcher {
    Fetcher::new(client(), vec![host_of(emulator)], Arc::new(LocalStore::new(Place::Memory)), freshness)
}

async fn fetch(fetcher: &Fetcher, digits: &str, want: FetchPolicy) -> Result<Fetched, NotSent> {
    let answer = fetcher.fetch(call(digits), want, &CallHandle::default()).await?;
    // Whoever asks in the very millisecond in which an answer comes is given that answer.
    while Timestamp::now().as_millisecond() <= answer.exchange.ended_at().as_millisecond() {
        tokio::task::yield_now().await;
    }
    Ok(answer)
}

#[rstest]
#[case(ITEM, Outcome::Item)]
#[case("610947572000", Outcome::NoResult)]
#[case("610947570000", Outcome::NoResult)]
#[tokio::test]
async fn a_fresh_answer_is_not_bought_twice(#[case] digits: &str, #[case] outcome: Outcome) {
    let emulator = emulator().await;
    let fetcher = fetcher(&emulator, Freshness::default());
    let first = fetch(&fetcher, digits, FetchPolicy::CacheFirst).await.unwrap();
    assert_eq!((first.exchange.outcome.clone(), first.source), (outcome, Source::Live));
    for want in [FetchPolicy::CacheFirst, FetchPolicy::CacheOnly] {
        let again = fetch(&fetcher, digits, want).await.unwrap();
        assert_eq!((again.source, again.fresh_until), (Source::Store, first.fresh_until));
        assert_eq!((again.id, again.exchange.body.raw()), (first.id, first.exchange.body.raw()));
    }
    assert_eq!(emulator.calls(), 1);
}

#[tokio::test]
async fn an_item_and_no_result_are_fresh_for_times_of_their_own() {
    let emulator = emulator().await;
    let freshness = Freshness::default();
    let fetcher = fetcher(&emulator, freshness);
    for (digits, fresh_for) in [(ITEM, freshness.item), ("610947572000", freshness.no_result)] {
        let answer = fetch(&fetcher, digits, FetchPolicy::CacheFirst).await.unwrap();
        let until = answer.fresh_until.unwrap();
        assert_eq!(until.duration_since(answer.exchange.ended_at()), fresh_for.try_into().unwrap());
    }
}

#[rstest]
#[case(NEVER, 2, 2)]
#[case(Freshness { item: Duration::from_secs(3600), ..NEVER }, 1, 2)]
#[case(Freshness { no_result: Duration::from_secs(3600), ..NEVER }, 2, 1)]
#[tokio::test]
async fn an_answer_past_its_time_is_bought_again(
    #[case] freshness: Freshness,
    #[case] item_calls: usize,
    #[case] no_result_calls: usize,
) {
    let emulator = emulator().await;
    let fetcher = fetcher(&emulator, freshness);
    for digits in [ITEM, ITEM, "610947572000", "610947572000"] {
        fetch(&fetcher, digits, FetchPolicy::CacheFirst).await.unwrap();
    }
    let sent = |digits: &str| {
        let asks = |(name, value): &(String, String)| name == "num_iid" && value == digits;
        emulator.requests().iter().filter(|request| request.query.iter().any(asks)).count()
    };
    assert_eq!((sent(ITEM), sent("610947572000")), (item_calls, no_result_calls));
}

#[tokio::test]
async fn without_a_fresh_answer_store_only_is_refused_and_sends_nothing() {
    let emulator = emulator().await;
    let fetcher = fetcher(&emulator, NEVER);
    assert_eq!(fetch(&fetcher, ITEM, FetchPolicy::CacheOnly).await.unwrap_err(), NotSent::NoneStored);
    assert_eq!(emulator.calls(), 0);
    fetch(&fetcher, ITEM, FetchPolicy::CacheFirst).await.unwrap();
    assert_eq!(fetch(&fetcher, ITEM, FetchPolicy::CacheOnly).await.unwrap_err(), NotSent::NoneStored);
    assert_eq!(emulator.calls(), 1);
}

#[tokio::test]
async fn a_refetch_is_sent_whatever_is_stored_and_its_answer_is_stored() {
    let emulator = emulator().await;
    let fetcher = fetcher(&emulator, Freshness::default());
    for _ in 0..2 {
        fetch(&fetcher, ITEM, FetchPolicy::CacheFirst).await.unwrap();
    }
    let refreshed =
        fetcher.fetch(call(ITEM).refreshed(), FetchPolicy::Refresh, &CallHandle::default()).await.unwrap();
    assert_eq!((refreshed.source, emulator.calls()), (Source::Live, 2));
    let stored = fetch(&fetcher, ITEM, FetchPolicy::CacheOnly).await.unwrap();
    assert_eq!((stored.id, stored.exchange.body.raw()), (refreshed.id, refreshed.exchange.body.raw()));
}

#[rstest]
#[case("610947574005")]
#[case("610947575000")]
#[case(&Emulated::CutBody.test_id())]
#[case(&Emulated::HtmlPage.test_id())]
#[case(&Emulated::Refused.test_id())]
#[case(&Emulated::UnknownCode.test_id())]
#[case(&Emulated::WrongItem.test_id())]
#[tokio::test]
async fn what_answers_nothing_is_never_fresh(#[case] digits: &str) {
    let emulator = emulator().await;
    let fetcher = fetcher(&emulator, Freshness::default());
    for sent in 1..=2 {
        let answer = fetch(&fetcher, digits, FetchPolicy::CacheFirst).await.unwrap();
        assert_eq!((answer.source, answer.fresh_until), (Source::Live, None));
        assert_eq!(emulator.calls(), sent);
    }
    assert_eq!(fetch(&fetcher, digits, FetchPolicy::CacheOnly).await.unwrap_err(), NotSent::NoneStored);
}

#[tokio::test]
async fn a_failure_does_not_push_out_the_answer_that_was_paid_for() {
    let emulator = emulator().await;
    let store = Arc::new(LocalStore::new(Place::Memory));
    let with = |hosts| Fetcher::new(client(), hosts, Arc::<LocalStore>::clone(&store), Freshness::default());
    fetch(&with(vec![host_of(&emulator)]), ITEM, FetchPolicy::CacheFirst).await.unwrap();
    let nobody = with(vec![host_of(&emulator)]);
    drop(emulator);
    let failed = fetch(&nobody, ITEM, FetchPolicy::Refresh).await.unwrap();
    assert!(matches!(failed.exchange.outcome, Outcome::Failed(_)));
    assert_eq!(fetch(&nobody, ITEM, FetchPolicy::CacheOnly).await.unwrap().exchange.outcome, Outcome::Item);
}

#[tokio::test]
async fn a_wrong_item_is_fresh_neither_for_the_id_asked_for_nor_for_its_own() {
    let emulator = emulator().await;
    let fetcher = fetcher(&emulator, Freshness::default());
    let answer = fetch(&fetcher, &Emulated::WrongItem.test_id(), FetchPolicy::CacheFirst).await.unwrap();
    let Outcome::WrongItem { got } = &answer.exchange.outcome else {
        panic!("{:?}", answer.exchange.outcome)
    };
    for digits in [got, &Emulated::WrongItem.test_id()] {
        assert_eq!(fetch(&fetcher, digits, FetchPolicy::CacheOnly).await.unwrap_err(), NotSent::NoneStored);
    }
}

/// A store that can be neither opened nor made: its folder is a file.
fn unreachable_store() -> (tempfile::TempDir, Arc<LocalStore>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    (folder, Arc::new(LocalStore::new(Place::file(file.join("store.sqlite")))))
}

#[tokio::test]
async fn what_can_not_be_written_down_beforehand_is_sent_only_if_the_user_overrides_it() {
    let emulator = emulator().await;
    let (_folder, store) = unreachable_store();
    let fetcher = Fetcher::new(client(), vec![host_of(&emulator)], store, Freshness::default());
    let refused = fetch(&fetcher, ITEM, FetchPolicy::CacheFirst).await.unwrap_err();
    let NotSent::NoLedger(error) = refused else { panic!("{refused:?}") };
    assert_eq!((error.fault, emulator.calls()), (StoreErrorKind::Unreachable, 0));
    let answer = fetch(&fetcher, ITEM, FetchPolicy::Override).await.unwrap();
    assert!(answer.exchange.item().is_some());
    assert_eq!(
        (answer.stored.unwrap().await.unwrap_err().fault, emulator.calls()),
        (StoreErrorKind::Unreachable, 1)
    );
    // Not on the disk, and not lost either.
    let again = fetch(&fetcher, ITEM, FetchPolicy::CacheOnly).await.unwrap();
    assert!(Arc::ptr_eq(&again.exchange, &answer.exchange));
}
