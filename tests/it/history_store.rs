//! What the history and the search ask of the store.

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use obx::api::{Call, Exchange, Fingerprint};
use obx::config::Place;
use obx::store::{LocalStore, MAX_PROGRAMS, Remark, Store};

use crate::api::support::vendor;
use crate::support::{KEY, START, exchange, item_id, response};

const PHONE: &str = "610947572360";

fn answered(id: &str, body: Bytes, minute: i64) -> Arc<Exchange> {
    let at = Timestamp::from_second(START + 60 * minute).unwrap();
    Arc::new(exchange(Call::item_get(item_id(id)), 200, body, at))
}

async fn keep(store: &LocalStore, exchange: &Arc<Exchange>) {
    store.settle(None, Fingerprint::written(KEY), Arc::clone(exchange)).await.unwrap();
}

/// The phone's item, and after it an answer that the quota is used up.
async fn with_phone() -> LocalStore {
    let store = LocalStore::new(Place::Memory);
    keep(&store, &answered(PHONE, response("1688_item_get_610947572360.json"), 0)).await;
    keep(&store, &answered("610947572000", response("1688_error_2000.json"), 1)).await;
    keep(&store, &answered(PHONE, response("error_4013_quota.json"), 2)).await;
    store
}

#[tokio::test]
async fn what_is_found_is_told_with_its_title() {
    let store = with_phone().await;
    let found = store.find(vendor(), "直销".to_owned(), 10).await.unwrap();
    let told: Vec<_> =
        found.iter().map(|found| (found.line.subject.as_str(), found.title.as_str())).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, PHONE);
    assert!(told[0].1.starts_with("厂家直销"), "{told:?}");
    let missing = store.find(vendor(), "610947572000".to_owned(), 10).await.unwrap();
    assert_eq!(missing[0].title, "");
}

#[tokio::test]
async fn an_item_keeps_its_title_when_a_later_call_for_it_is_refused() {
    let store = with_phone().await;
    let items = store.items(vendor()).await.unwrap();
    let told: Vec<_> = items.iter().map(|item| (item.num_iid.as_str(), !item.title.is_empty())).collect();
    assert_eq!(told, [(PHONE, true), ("610947572000", false)]);
}

#[tokio::test]
async fn star_and_note_are_told_with_the_item_and_in_the_history() {
    let store = with_phone().await;
    assert_eq!(store.remark(item_id(PHONE)).await.unwrap(), Remark::default());
    store.note(item_id(PHONE), true, "样品".to_owned()).await.unwrap();
    let remark = Remark { starred: true, note: "样品".to_owned() };
    assert_eq!(store.remark(item_id(PHONE)).await.unwrap(), remark);
    let first = store.items(vendor()).await.unwrap().remove(0);
    assert_eq!((first.num_iid.as_str(), first.starred, first.note.as_str()), (PHONE, true, "样品"));
}

#[tokio::test]
async fn another_session_finds_what_one_kept() {
    let home = tempfile::tempdir().unwrap();
    let place = Place::File { path: home.path().join("x.db"), retention: obx::config::Retention::default() };
    let one = LocalStore::new(place.clone());
    keep(&one, &answered(PHONE, response("1688_item_get_610947572360.json"), 0)).await;
    let other = LocalStore::new(place);
    assert_eq!(other.find(vendor(), "没这词".to_owned(), 10).await.unwrap().len(), 0);
    assert_eq!(other.find(vendor(), "直".to_owned(), 10).await.unwrap().len(), 1);
    assert_eq!(other.find(vendor(), "直销".to_owned(), 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn programs_are_told_the_newest_last_and_none_twice_to_every_session() {
    let home = tempfile::tempdir().unwrap();
    let place = Place::file(home.path().join("x.db"));
    let (one, other) = (LocalStore::new(place.clone()), LocalStore::new(place));
    assert_eq!(other.programs().await.unwrap(), [""; 0]);
    for program in [".a", ".b", ".a", ".\"标题\""] {
        one.keep_program(program.to_owned()).await.unwrap();
    }
    assert_eq!(other.programs().await.unwrap(), [".b", ".a", ".\"标题\""]);
    other.keep_program(".b".to_owned()).await.unwrap();
    assert_eq!(one.programs().await.unwrap(), [".a", ".\"标题\"", ".b"]);
}

#[tokio::test]
async fn of_many_programs_the_ones_kept_last_stay() {
    let store = LocalStore::new(Place::Memory);
    for at in 0..MAX_PROGRAMS + 20 {
        store.keep_program(format!(".[{}]", at % (MAX_PROGRAMS + 10))).await.unwrap();
    }
    let programs = store.programs().await.unwrap();
    assert_eq!(programs.len(), MAX_PROGRAMS);
    assert_eq!((programs[0].as_str(), programs[MAX_PROGRAMS - 1].as_str()), (".[20]", ".[9]"));
}
