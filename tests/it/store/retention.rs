//! What is too old or too much goes when a session opens the file to write; calls under way never do.

use std::time::Duration;

use obx_core::config::Retention;
use obx_core::store::{Begun, ExchangeId, Store};

use super::support::{Home, ITEM, ago, answered, call, intent, item, item_id, keep, vendor};

const DAY: i64 = 24 * 60 * 60;

async fn open_for_writing(store: &dyn Store) {
    store.note(item_id(ITEM), false, String::new()).await.unwrap();
}

async fn ids(store: &dyn Store) -> Vec<i64> {
    let lines = store.opened(1_000, ago(0)).await.unwrap().lines;
    lines.iter().filter_map(|line| line.id).map(|ExchangeId(id)| id).collect()
}

#[tokio::test]
async fn by_default_everything_is_kept() {
    let home = Home::new();
    let exchange = item(ITEM, "古老", "1.00", ago(5_000 * DAY));
    keep(home.store().as_ref(), exchange).await;
    let store = home.store();
    open_for_writing(store.as_ref()).await;
    assert_eq!(ids(store.as_ref()).await, [1]);
}

#[tokio::test]
async fn what_is_older_than_the_setting_goes_and_is_found_no_more() {
    let home = Home::new();
    let store = home.store();
    let mut pending = intent(call("610947572369"), ago(9 * DAY));
    pending.lease = Duration::from_secs(20 * 24 * 60 * 60);
    let Begun::Go(pending) = store.begin(pending).await.unwrap() else { panic!() };
    keep(store.as_ref(), item(ITEM, "旧货", "1.00", ago(8 * DAY))).await;
    keep(store.as_ref(), item(ITEM, "新货", "1.00", ago(6 * DAY))).await;
    store.reuse(ExchangeId(2), call(ITEM), super::support::key(), ago(DAY)).await.unwrap();
    let week = Retention { keep: Some(Duration::from_secs(7 * 24 * 60 * 60)), max_size: None };
    let store = home.store_that_keeps(week);
    open_for_writing(&store).await;
    // With the answer goes the line that only showed it again.
    assert_eq!(ids(&store).await, [3]);
    assert_eq!(store.find(vendor(), "旧货".to_owned(), 9).await.unwrap(), []);
    assert_eq!(store.find(vendor(), "新货".to_owned(), 9).await.unwrap().len(), 1);
    assert_eq!(home.count("SELECT count(*) FROM bodies"), 1);
    assert_eq!(home.count(&format!("SELECT count(*) FROM exchanges WHERE id = {}", pending.0)), 1);
    // It can still be completed.
    let late = item("610947572369", "迟到", "1.00", ago(9 * DAY));
    let written = store.complete(Some(pending), super::support::key(), late.into()).await.unwrap();
    assert_eq!((written, ids(&store).await), (pending, vec![1, 3]));
}

/// A body that packing makes no smaller.
fn noise(seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u8::try_from(state >> 56).unwrap()
    };
    (0..100_000).map(|_| next()).collect()
}

#[tokio::test]
async fn of_what_is_too_much_the_oldest_go_and_the_file_shrinks() {
    let home = Home::new();
    let store = home.store();
    for seed in 0..120 {
        keep(store.as_ref(), answered(ITEM, noise(seed), ago(600))).await;
    }
    drop(store);
    let small = Retention { keep: None, max_size: Some(4 * 1024 * 1024) };
    let store = home.store_that_keeps(small);
    open_for_writing(&store).await;
    let left = ids(&store).await;
    assert!((30..40).contains(&left.len()), "{} are left of 40 that would fit", left.len());
    assert_eq!(left, (121 - i64::try_from(left.len()).unwrap()..=120).collect::<Vec<i64>>());
    assert_eq!(home.count("PRAGMA freelist_count"), 0);
    let pages = home.count("PRAGMA page_count") * home.count("PRAGMA page_size");
    assert!(pages < 4 * 1024 * 1024, "{pages}");
}
