//! What leaves the machine: one request, with nothing in it that was not asked for.

use std::sync::Arc;

use obx_core::config::Place;
use obx_core::store::{LocalStore, Store};
use onebound::{
    Billing, Call, CallError, CallHandle, CallSettings, Failure, Malformed, Outcome, RequestStage,
    ResultType, VendorCache,
};
use rstest::rstest;

use super::gateway::Gateway;
use super::support::{ITEM, KEY, SECRET, call, client, credentials, emulator, host_of, id, vendor};

async fn request_of(call: &Call) -> String {
    let gateway = Gateway::answering(b"{}").await;
    client().send(call, &gateway.host(), &CallHandle::default()).await;
    gateway.only_request()
}

fn target(request: &str) -> &str {
    request.split(' ').nth(1).unwrap()
}

#[tokio::test]
async fn a_plain_call_sends_credentials_the_id_and_the_form_and_leaves_the_rest_to_the_vendor() {
    let request = request_of(&call(ITEM)).await;
    let query = "key=t-planted-key&secret=s-planted-secret&num_iid=610947572360&result_type=jsonu";
    assert_eq!(request.lines().next(), Some(format!("GET /1688/item_get/?{query} HTTP/1.1").as_str()));
}

#[tokio::test]
async fn every_setting_has_its_parameter_in_a_fixed_order_and_values_are_percent_encoded() {
    let settings = CallSettings {
        platform: Some("1688global".to_owned()),
        cache: Some(VendorCache::Yes),
        lang: Some("en".to_owned()),
        version: Some("v 1&2".to_owned()),
        result_type: ResultType::Json,
        sales_data: true,
        agent: true,
        extra: vec![("q".to_owned(), "围巾 a+b=c&d#e%2F~".to_owned()), ("x.y".to_owned(), String::new())],
        ..CallSettings::default()
    };
    let request = request_of(&settings.item_get(id(ITEM))).await;
    let query = "key=t-planted-key&secret=s-planted-secret&num_iid=610947572360&cache=yes&result_type=json&lang=en\
         &version=v%201%262&sales_data=1&agent=1&q=%E5%9B%B4%E5%B7%BE%20a%2Bb%3Dc%26d%23e%252F~&x.y=";
    assert_eq!(target(&request), format!("/1688global/item_get/?{query}"));
}

#[tokio::test]
async fn the_emulator_reads_the_same_parameters_that_were_set() {
    let emulator = emulator().await;
    let settings =
        CallSettings { extra: vec![("q".to_owned(), "围巾 +&=".to_owned())], ..CallSettings::default() };
    let call = settings.item_get(id(ITEM));
    client().send(&call, &host_of(&emulator), &CallHandle::default()).await;
    let requests = emulator.requests();
    let sent: Vec<_> =
        requests[0].query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let expected =
        [("key", ""), ("secret", ""), ("num_iid", ITEM), ("result_type", "jsonu"), ("q", "围巾 +&=")];
    assert_eq!(sent, expected, "the emulator keeps no credentials");
}

#[tokio::test]
async fn a_refetch_is_the_same_question_past_the_vendors_cache() {
    let emulator = emulator().await;
    let refreshed = call(ITEM).refreshed();
    assert_eq!(refreshed.question(&vendor()), call(ITEM).question(&vendor()));
    client().send(&refreshed, &host_of(&emulator), &CallHandle::default()).await;
    assert!(emulator.requests()[0].query.contains(&("cache".to_owned(), "no".to_owned())));
}

#[test]
fn the_vendors_default_language_is_no_other_question_and_any_other_setting_is() {
    let with = |settings: CallSettings| settings.item_get(id(ITEM)).question(&vendor());
    let lang = |lang: &str| with(CallSettings { lang: Some(lang.to_owned()), ..CallSettings::default() });
    let plain = call(ITEM).question(&vendor());
    assert_eq!(lang("cn"), plain);
    assert_ne!(lang("en"), plain);
    assert_ne!(with(CallSettings { agent: true, ..CallSettings::default() }), plain);
    assert_ne!(
        with(CallSettings { platform: Some("1688global".to_owned()), ..CallSettings::default() }),
        plain
    );
    assert_ne!(call("610947572361").question(&vendor()), plain);
}

#[tokio::test]
async fn the_headers_name_the_program_accept_gzip_and_hold_nothing_else_and_are_reported() {
    let gateway = Gateway::answering(b"{}").await;
    let exchange = client().send(&call(ITEM), &gateway.host(), &CallHandle::default()).await;
    let request = gateway.only_request().to_ascii_lowercase();
    let mut headers: Vec<&str> = request.lines().skip(1).filter(|line| !line.is_empty()).collect();
    headers.sort_unstable();
    let agent = format!("user-agent: obx/{}", env!("CARGO_PKG_VERSION"));
    let host = format!("host: {}", gateway.address());
    assert_eq!(headers, ["accept-encoding: gzip", "accept: */*", &host, &agent]);
    let listed = exchange.request_headers.iter().map(|(name, value)| format!("{name}: {value}"));
    let mut listed: Vec<String> = listed.collect();
    listed.sort_unstable();
    assert_eq!(listed, headers);
}

#[tokio::test]
async fn credentials_are_in_the_query_and_nowhere_else() {
    let request = request_of(&call(ITEM)).await;
    for secret in [KEY, SECRET] {
        assert_eq!(request.matches(secret).count(), 1);
        assert!(target(&request).contains(secret));
    }
}

#[tokio::test]
async fn every_call_has_a_connection_of_its_own_though_the_gateway_would_keep_one() {
    let gateway = Gateway::answering(br#"{"error_code":"2000"}"#).await;
    let client = client();
    for _ in 0..3 {
        let exchange = client.send(&call(ITEM), &gateway.host(), &CallHandle::default()).await;
        assert_eq!(exchange.outcome, Outcome::NoResult);
    }
    let connections = gateway.connections();
    assert_eq!(connections.len(), 3);
    for received in connections {
        assert_eq!(String::from_utf8(received).unwrap().matches("GET ").count(), 1);
    }
}

#[tokio::test]
async fn a_connection_reset_after_sending_is_not_tried_again_and_costs_nobody_knows_what() {
    let gateway = Gateway::resetting().await;
    let exchange = client().send(&call(ITEM), &gateway.host(), &CallHandle::default()).await;
    assert_eq!(exchange.outcome, Outcome::Failed(Failure::Closed));
    assert_eq!((exchange.stage, exchange.billing()), (RequestStage::Sent, Billing::Unknown));
    assert!(gateway.only_request().starts_with("GET "));
}

#[rstest]
#[case("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{\"err")]
#[case("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"err\r\nnonsense")]
#[case("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nplain")]
#[case("this is no HTTP at all\r\n\r\n")]
#[tokio::test]
async fn an_answer_that_breaks_off_or_is_no_http_is_sent_once_and_unknown(#[case] answer: &str) {
    let gateway = Gateway::saying(answer.as_bytes().to_vec()).await;
    let limits = onebound::Limits { timeout: std::time::Duration::from_secs(1), ..Default::default() };
    let client = onebound::Client::new(credentials(), limits);
    let exchange = client.send(&call(ITEM), &gateway.host(), &CallHandle::default()).await;
    assert!(
        matches!(exchange.outcome, Outcome::Failed(_) | Outcome::NotUnderstood(_)),
        "{:?}",
        exchange.outcome
    );
    assert!(exchange.stage >= RequestStage::Sent);
    assert_eq!(exchange.billing(), Billing::Unknown);
    gateway.only_request();
}

#[rstest]
#[case("key=1")]
#[case("SECRET=1")]
#[case("sign=1")]
#[case("num_iid=2")]
#[case("cache=no")]
#[case("lang=en")]
#[case("result_type=xml")]
fn a_parameter_with_a_place_of_its_own_is_no_further_parameter(#[case] text: &str) {
    assert!(matches!(CallSettings::parameter(text), Err(CallError::Reserved { .. })));
}

#[rstest]
#[case("no equals sign")]
#[case("=value")]
#[case("a&b=1")]
#[case("名=1")]
fn a_further_parameter_that_is_no_name_and_value_is_refused(#[case] text: &str) {
    assert!(matches!(CallSettings::parameter(text), Err(CallError::Parameter(_))));
}

#[rstest]
#[case(CallSettings { platform: Some("../evil".to_owned()), ..CallSettings::default() })]
#[case(CallSettings { platform: Some(String::new()), ..CallSettings::default() })]
#[case(CallSettings { lang: Some("en&key=x".to_owned()), ..CallSettings::default() })]
#[case(CallSettings { extra: vec![("Key".to_owned(), String::new())], ..CallSettings::default() })]
fn settings_that_would_change_the_path_or_shadow_a_parameter_are_refused(#[case] settings: CallSettings) {
    assert!(settings.check().is_err());
}

const ANSWER: &str = r#"{"error_code":"2000","reason":"none"}"#;

/// Each arrives whole, with something wrong around it: outcome, fact, and how it begins.
#[rstest]
#[case("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n", "gzip_over_plain")]
#[case("HTTP/1.1 200 OK\r\ncontent-encoding: br\r\n", "unknown_coding")]
#[case("HTTP/1.1 200 \u{1b}[2JOK\r\n", "odd_head")]
#[case("HTTP/1.1 200\r\nno header at all\r\nx-a\u{0}b: c\r\n", "odd_head")]
#[case("HTTP/1.1 \u{1b} OK\r\n", "odd_head")]
#[tokio::test]
async fn an_answer_with_an_odd_head_is_read_and_its_head_is_reported(#[case] head: &str, #[case] rule: &str) {
    let answer = format!("{head}content-length: {}\r\n\r\n{ANSWER}", ANSWER.len());
    let gateway = Gateway::saying(answer.into_bytes()).await;
    let exchange = client().send(&call(ITEM), &gateway.host(), &CallHandle::default()).await;
    assert_eq!((exchange.body.raw().as_ref(), &exchange.outcome), (ANSWER.as_bytes(), &Outcome::NoResult));
    assert!(exchange.facts().iter().any(|fact| fact.rule.id() == rule), "{:?}", exchange.facts());
    assert_eq!((exchange.stage, exchange.billing()), (RequestStage::Answered, Billing::Billed));
}

#[tokio::test]
async fn what_is_no_http_or_breaks_within_is_kept_and_its_cost_unknown() {
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"err\r\nnonsense";
    let cases = [
        ("no HTTP: {\"error_code\":\"0000\"}", "no_head", "no HTTP: {"),
        (chunked, "chunk_broken", "{\"errnons"),
    ];
    for (answer, rule, begins) in cases {
        let gateway = Gateway::saying(answer.as_bytes().to_vec()).await;
        let limits =
            onebound::Limits { timeout: std::time::Duration::from_millis(500), ..Default::default() };
        let client = onebound::Client::new(credentials(), limits);
        let exchange = client.send(&call(ITEM), &gateway.host(), &CallHandle::default()).await;
        assert!(exchange.body.raw().starts_with(begins.as_bytes()), "{:?}", exchange.body.raw());
        assert!(exchange.facts().iter().any(|fact| fact.rule.id() == rule), "{rule}: {:?}", exchange.facts());
        assert_eq!(exchange.billing(), Billing::Unknown);
    }
}

#[tokio::test]
async fn a_secret_in_a_broken_header_is_masked_where_it_is_reported() {
    let answer =
        "HTTP/1.1 200 OK\r\nset-cookie: pl4nted\u{1b}\r\nx-\u{1}: t-planted-key\r\ncontent-length: 0\r\n\r\n";
    let gateway = Gateway::saying(answer.as_bytes().to_vec()).await;
    let exchange = client().send(&call(ITEM), &gateway.host(), &CallHandle::default()).await;
    let message = format!("{:?} {:?}", exchange.headers, exchange.body.wire().unwrap());
    assert!(!message.contains("pl4nted") && !message.contains(KEY), "{message}");
}

/// Not in minutes, and not thrown away: it is kept as it came, and opens again.
#[tokio::test]
async fn a_body_of_very_many_members_is_kept_as_it_came() {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(b"").unwrap();
    let packed = encoder.finish().unwrap().repeat(1_000_000);
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", packed.len());
    let gateway = Gateway::saying([head.as_bytes(), &packed].concat()).await;
    let exchange = Arc::new(client().send(&call(ITEM), &gateway.host(), &CallHandle::default()).await);
    let store = LocalStore::new(Place::Memory);
    let id = store.complete(None, credentials().fingerprint(), Arc::clone(&exchange)).await.unwrap();
    for kept in [&exchange, &store.open(id).await.unwrap()] {
        let at = packed.len() / 100;
        assert_eq!(kept.outcome, Outcome::NotUnderstood(Malformed::TooManyMembers(at)));
        assert_eq!(kept.billing(), Billing::Unknown);
        assert!(kept.body.wire().unwrap().packed.as_ref().unwrap() == &packed);
        let facts = kept.facts();
        let fact = facts.iter().find(|fact| fact.rule.id() == "gzip_members").unwrap();
        let found = ["10000".to_owned(), at.to_string(), packed.len().to_string(), "0 B".to_owned()];
        assert_eq!(fact.finding.values, found);
    }
}
