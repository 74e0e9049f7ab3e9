//! Exchanges and what the store tells of them, made of captured bodies.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use obx_core::store::{Annotation, ExchangeId, Found, KnownItem, LogEntry};
use onebound::{
    Answer, Call, Catalog, Credentials, Exchange, Failure, Fingerprint, Host, ItemId, Outcome, ScopedItem,
    Timing,
};

use super::{KEY, START};

pub(crate) fn item_id(id: &str) -> ItemId {
    ItemId::find(id).unwrap()
}

/// The item as the vendor's gateway has it.
pub(crate) fn scoped(id: &str) -> ScopedItem {
    let catalog = Catalog { scope: Host::default().scope(), platform: "1688".into() };
    ScopedItem { catalog, num_iid: item_id(id) }
}

/// An item of the history; each was asked for three hours before the one above it.
pub(crate) fn known_item(at: usize, id: &str, title: &str, annotation: Annotation) -> KnownItem {
    let Annotation { starred, note } = annotation;
    KnownItem { num_iid: item_id(id), title: title.to_owned(), asked_at: hours_ago(at), starred, note }
}

/// A stored exchange with an item of this title, or with none.
pub(crate) fn found(at: usize, id: &str, title: &str) -> Found {
    let none = title.is_empty();
    let body = if none { "1688_error_2000.json" } else { "1688_item_get_610947572360.json" };
    let mut exchange = exchange(Call::item_get(item_id("610947572360")), 200, response(body), hours_ago(at));
    exchange.call = Call::item_get(item_id(id));
    let id = ExchangeId(90 - i64::try_from(at).unwrap());
    let line = LogEntry::new(Some(id), Fingerprint::from_stored(KEY), &exchange);
    Found { line, title: title.to_owned() }
}

/// A stored answer with this body of `tests/responses`.
pub(crate) fn stored(id: &str, body: &str) -> Arc<Exchange> {
    Arc::new(exchange(Call::item_get(item_id(id)), 200, response(body), hours_ago(1)))
}

fn hours_ago(threes: usize) -> Timestamp {
    Timestamp::from_second(START - 3 * 3_600 * i64::try_from(threes).unwrap()).unwrap()
}

/// An exchange that ended at `at` with this answer, after 6.71 s.
pub(crate) fn exchange(call: Call, status: u16, body: Bytes, at: Timestamp) -> Exchange {
    let total = Duration::from_millis(6_710);
    let timing = Timing { first_byte: Some(total), total, ..Timing::default() };
    let started_at = at.checked_sub(jiff::SignedDuration::try_from(total).unwrap()).unwrap();
    let credentials = Credentials::new("planted-key-5f3a", "planted-secret-9c1e").unwrap();
    let answer = Answer { status, headers: Vec::new(), body };
    let exchange = Exchange::from_answer(call, Host::default(), started_at, timing, answer, &credentials);
    let sent = [("host", "api-gw.onebound.cn"), ("accept-encoding", "gzip"), ("user-agent", "obx/0.0.0")];
    let request_headers = sent.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    Exchange { request_headers, ..exchange }
}

/// A failure by its name in a scenario.
pub(crate) fn failure(name: &str) -> Outcome {
    match name {
        "connect" => Outcome::Failed(Failure::Connect("Connection refused (os error 111)".to_owned())),
        "timeout" => Outcome::Failed(Failure::Timeout(Duration::from_secs(30))),
        "closed" => Outcome::Failed(Failure::Closed),
        "cancelled" => Outcome::Cancelled,
        _ => panic!("no failure is called {name}"),
    }
}

/// A body of `tests/responses`.
pub(crate) fn response(name: &str) -> Bytes {
    fs::read(tests_folder().join("responses").join(name))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
        .into()
}

/// An item of so many SKUs on two axes; its ID is 9.
pub(crate) fn item_with(skus: u32) -> Bytes {
    let sku = |at: u32| {
        format!(
            r#"{{"price":"{}.00","quantity":{},"sales":"{}","properties_name":"0:{at}:颜色:色号{at:03};1:{}:尺码:{}码","sku_id":"{}","spec_id":"abc{at}"}}"#,
            10 + at % 7,
            at * 13 % 1000,
            at % 50,
            at % 4,
            36 + at % 4,
            4_990_000_000_000_u64 + u64::from(at)
        )
    };
    let list: Vec<String> = (0..skus).map(sku).collect();
    format!(
        r#"{{"error_code":"0000","item":{{"num_iid":"9","title":"三百个规格","price":"9","skus":{{"sku":[{}]}}}}}}"#,
        list.join(",")
    )
    .into()
}

pub(crate) fn tests_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests")
}
