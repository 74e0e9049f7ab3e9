//! What the history and the search ask of the store.

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use obx_core::config::Place;
use obx_core::store::{Annotation, ExchangeId, LocalStore, MAX_PROGRAMS, Store};
use onebound::{Call, Catalog, Exchange, Fingerprint};

use crate::api::support::vendor;
use crate::support::{KEY, START, exchange, item_id, response};

const PHONE: &str = "610947572360";

fn answered(id: &str, body: Bytes, minute: i64) -> Arc<Exchange> {
    let at = Timestamp::from_second(START + 60 * minute).unwrap();
    Arc::new(exchange(Call::item_get(item_id(id)), 200, body, at))
}

async fn keep(store: &LocalStore, exchange: &Arc<Exchange>) {
    store.complete(None, Fingerprint::from_stored(KEY), Arc::clone(exchange)).await.unwrap();
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
async fn a_found_exchange_is_shown_with_its_title() {
    let store = with_phone().await;
    let found = store.find(vendor(), "直销".to_owned(), 10).await.unwrap();
    let message: Vec<_> =
        found.iter().map(|found| (found.line.subject.as_str(), found.title.as_str())).collect();
    assert_eq!(message.len(), 1, "{message:?}");
    assert_eq!(message[0].0, PHONE);
    assert!(message[0].1.starts_with("厂家直销"), "{message:?}");
    let missing = store.find(vendor(), "610947572000".to_owned(), 10).await.unwrap();
    assert_eq!(missing[0].title, "");
}

#[tokio::test]
async fn an_item_keeps_its_title_when_a_later_call_for_it_is_refused() {
    let store = with_phone().await;
    let items = store.items(Catalog { scope: vendor(), platform: "1688".into() }).await.unwrap().rows;
    let message: Vec<_> = items.iter().map(|item| (item.num_iid.as_str(), !item.title.is_empty())).collect();
    assert_eq!(message, [(PHONE, true), ("610947572000", false)]);
}

#[tokio::test]
async fn star_and_note_are_shown_with_the_item_and_in_the_history() {
    let store = with_phone().await;
    assert_eq!(store.annotation(item_id(PHONE)).await.unwrap(), Annotation::default());
    store.note(item_id(PHONE), true, "样品".to_owned()).await.unwrap();
    let annotation = Annotation { starred: true, note: "样品".to_owned() };
    assert_eq!(store.annotation(item_id(PHONE)).await.unwrap(), annotation);
    let first =
        store.items(Catalog { scope: vendor(), platform: "1688".into() }).await.unwrap().rows.remove(0);
    assert_eq!((first.num_iid.as_str(), first.starred, first.note.as_str()), (PHONE, true, "样品"));
}

#[tokio::test]
async fn another_session_finds_what_one_kept() {
    let home = tempfile::tempdir().unwrap();
    let place =
        Place::File { path: home.path().join("x.db"), retention: obx_core::config::Retention::default() };
    let one = LocalStore::new(place.clone());
    keep(&one, &answered(PHONE, response("1688_item_get_610947572360.json"), 0)).await;
    let other = LocalStore::new(place);
    assert_eq!(other.find(vendor(), "没这词".to_owned(), 10).await.unwrap().len(), 0);
    assert_eq!(other.find(vendor(), "直".to_owned(), 10).await.unwrap().len(), 1);
    assert_eq!(other.find(vendor(), "直销".to_owned(), 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn every_session_lists_programs_the_newest_last_and_none_twice() {
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

/// Everything that the bodies have, piece by piece.
async fn in_bodies(store: &LocalStore, words: &str) -> Vec<ExchangeId> {
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let piece = store.find_in_bodies(vendor(), words.to_owned(), before).await.unwrap();
        assert_eq!(piece.unread, 0);
        found.extend(piece.found.iter().map(|found| found.line.id.unwrap()));
        let Some(rest) = piece.rest else { return found };
        before = Some(rest.before);
    }
}

#[tokio::test]
async fn every_text_in_a_body_is_found_there() {
    let store = with_phone().await;
    let [phone, missing, quota] = [1, 2, 3].map(ExchangeId);
    // A price, a stock, the end of a SKU's number, a key, a part of a Chinese value, of an address, what was asked.
    for (words, holders) in [
        ("799.00", vec![phone]),
        ("831", vec![phone]),
        ("7872901", vec![phone]),
        ("QIN多亲", vec![phone]),
        ("瓷白", vec![phone]),
        ("瓷白 831", vec![phone]),
        ("瓷白 没这词", vec![]),
        ("alicdn.com/", vec![phone]),
        ("4013", vec![quota]),
        ("610947572000", vec![missing]),
        ("610947572360 4013", vec![quota]),
    ] {
        assert_eq!(in_bodies(&store, words).await, holders, "{words}");
    }
}

#[tokio::test]
async fn escaped_and_gbk_bodies_are_found_by_what_they_say() {
    let store = LocalStore::new(Place::Memory);
    let escaped = r#"{"item":{"title":"\u5382\u5bb6","url":"https:\/\/x.cn\/a"},"error_code":"0000"}"#;
    keep(&store, &answered(PHONE, escaped.into(), 0)).await;
    let (gbk, _, _) = encoding_rs::GBK.encode(r#"{"error_code":"5000","reason":"目标站出错"}"#);
    keep(&store, &answered(PHONE, gbk.into_owned().into(), 1)).await;
    let xml = "<result><title>&#21378;&#x5BB6; A&amp;B</title></result>";
    keep(&store, &answered(PHONE, xml.into(), 2)).await;
    let [escaped, gbk, xml] = [1, 2, 3].map(ExchangeId);
    assert_eq!(in_bodies(&store, "厂家").await, [xml, escaped]);
    assert_eq!(in_bodies(&store, "https://x.cn/a").await, [escaped]);
    assert_eq!(in_bodies(&store, r"\u5382").await, [escaped]);
    assert_eq!(in_bodies(&store, "目标站").await, [gbk]);
    assert_eq!(in_bodies(&store, "a&b").await, [xml]);
}

#[tokio::test]
async fn a_large_store_is_searched_in_pieces_that_say_how_far_they_are() {
    let store = LocalStore::new(Place::Memory);
    let filler = "x".repeat(1_500_000);
    for at in 0..8 {
        let body = format!(r#"{{"number":"no{at}","filler":"{filler}"}}"#);
        keep(&store, &answered(PHONE, body.into(), at)).await;
    }
    let first = store.find_in_bodies(vendor(), "number".to_owned(), None).await.unwrap();
    let rest = first.rest.unwrap();
    assert!((1..8).contains(&first.found.len()) && (1..100).contains(&rest.percent), "{rest:?}");
    assert_eq!(in_bodies(&store, "NO0").await, [ExchangeId(1)]);
    assert_eq!(in_bodies(&store, "number").await.len(), 8);
}
