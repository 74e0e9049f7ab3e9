//! Calls of any API of the platform: what is sent, how it is judged, and how it is kept.

use std::sync::Arc;

use jiff::Timestamp;
use obx_core::config::{Freshness, Place};
use obx_core::fetch::{FetchPolicy, Fetcher, Source};
use obx_core::store::{LocalStore, Store};
use onebound::{
    Call, CallError, CallHandle, CallSettings, Catalog, Cause, Client, Exchange, Limits, Outcome, Subject,
};

use super::gateway::Gateway;
use super::support::{CAPTURED, call, client, credentials};

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn search() -> Call {
    let own = vec![pair("q", "女装"), pair("page", "2")];
    CallSettings::default().raw("item_search", own).unwrap()
}

async fn judged(call: &Call, body: &str) -> Exchange {
    let gateway = Gateway::answering(body.as_bytes()).await;
    client().send(call, &gateway.host(), &CallHandle::default()).await
}

fn captured(name: &str) -> &'static str {
    CAPTURED.iter().find(|(known, _)| *known == name).unwrap().1
}

#[tokio::test]
async fn the_name_is_in_the_path_and_its_own_parameters_in_the_query() {
    let gateway = Gateway::answering(captured("taobao_item_search").as_bytes()).await;
    client().send(&search(), &gateway.host(), &CallHandle::default()).await;
    let sent = String::from_utf8(gateway.connections()[0].clone()).unwrap();
    let line = sent.lines().next().unwrap();
    assert!(line.starts_with("GET /1688/item_search/?key="), "{line}");
    assert!(line.contains("&result_type=jsonu&q=%E5%A5%B3%E8%A3%85&page=2 "), "{line}");
    assert!(!line.contains("num_iid"), "{line}");
}

#[tokio::test]
async fn an_answer_of_another_api_is_judged_by_its_code_alone() {
    let list = judged(&search(), captured("taobao_item_search")).await;
    assert_eq!((list.outcome.clone(), list.item().is_none()), (Outcome::Success, true));
    let shop = CallSettings::default().raw("seller_info", vec![pair("nick", "x")]).unwrap();
    assert_eq!(judged(&shop, captured("taobao_shop")).await.outcome, Outcome::Success);
    // Without a code it is by what is in it.
    assert_eq!(judged(&search(), r#"{"items":{"item":[{"num_iid":"1"}]}}"#).await.outcome, Outcome::Success);
    assert_eq!(judged(&search(), r#"{"items":{"item":[]}}"#).await.outcome, Outcome::NoResult);
    assert_eq!(judged(&search(), captured("error_2000")).await.outcome, Outcome::NoResult);
    let used_up = judged(&search(), captured("error_4013")).await.outcome;
    assert_eq!(used_up, Outcome::Refused(Cause::QuotaUsedUp));
    assert_eq!(judged(&search(), r#"{"reason":"no"}"#).await.outcome, Outcome::Refused(Cause::AsCoded));
    // With an item in it, and of any ID.
    let other = CallSettings::default().raw("item_get_pro", vec![pair("num_iid", "1")]).unwrap();
    assert_eq!(judged(&other, captured("1688_item_get")).await.outcome, Outcome::Success);
}

#[tokio::test]
async fn the_answer_is_kept_reused_and_shown_by_the_apis_name() {
    let gateway = Gateway::answering(captured("taobao_item_search").as_bytes()).await;
    let store = Arc::new(LocalStore::new(Place::Memory));
    let client = Client::new(credentials(), Limits::default());
    let dynamic: Arc<dyn Store> = Arc::<LocalStore>::clone(&store);
    let fetcher = Fetcher::new(client, vec![gateway.host()], dynamic, Freshness::default());
    let line = CallHandle::default();
    let first = fetcher.fetch(search(), FetchPolicy::CacheFirst, &line).await.unwrap();
    first.stored.unwrap().await.unwrap();
    let again = fetcher.fetch(search(), FetchPolicy::CacheOnly, &line).await.unwrap();
    assert_eq!((again.source, again.exchange.outcome.clone()), (Source::Store, Outcome::Success));
    assert_eq!(gateway.connections().len(), 1);
    let other = CallSettings::default().raw("item_search", vec![pair("q", "女装")]).unwrap();
    assert!(
        fetcher.fetch(other, FetchPolicy::CacheOnly, &line).await.is_err(),
        "another page is another question"
    );
    let opened = store.opened(10, Timestamp::UNIX_EPOCH).await.unwrap();
    assert_eq!(opened.lines[0].subject, Subject::Api("item_search".into()));
    assert_eq!(opened.answered[0].0, search().question(&gateway.host().scope()));
    assert!(opened.answered[0].2, "it is as fresh as an item");
    assert_eq!(
        store.items(Catalog { scope: gateway.host().scope(), platform: "1688".into() }).await.unwrap().rows,
        [],
        "the history is of items"
    );
}

#[test]
fn a_call_that_was_kept_when_every_call_had_an_item_is_read() {
    let kept = r#"{"platform":"1688","api_name":"item_get","num_iid":"610947572360","cache":null,"lang":null,
        "version":null,"result_type":"jsonu","sales_data":false,"agent":false,"extra":[]}"#;
    assert_eq!(serde_json::from_str::<Call>(kept).unwrap(), call("610947572360"));
    let raw = serde_json::to_string(&search()).unwrap();
    assert_eq!(serde_json::from_str::<Call>(&raw).unwrap(), search());
}

#[test]
fn what_can_not_be_sent_is_refused_by_its_name() {
    let raw = |name: &str, own: &str| CallSettings::default().raw(name, vec![pair(own, "1")]);
    let name = |value: &str| CallError::Name { what: "api_name", value: value.to_owned() };
    assert_eq!(raw("", "q").unwrap_err(), name(""));
    assert_eq!(raw("../item_get", "q").unwrap_err(), name("../item_get"));
    assert!(matches!(raw("item_get", "q"), Err(CallError::Reserved { .. })));
    assert!(matches!(raw("item_search", "secret"), Err(CallError::Reserved { .. })));
    // PHP reads a dot in a name as an underscore: it would change which API is asked.
    assert!(matches!(raw("item_search", "api.name"), Err(CallError::Reserved { .. })));
    assert!(matches!(raw("item_search", "a b"), Err(CallError::Parameter(_))));
    assert!(raw("item_fee", "num_iid").is_ok());
}
