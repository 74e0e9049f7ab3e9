//! Saved files: bodies of any kind become exchanges that say what they are.

use std::io::Write;
use std::sync::Arc;

use jiff::Timestamp;
use obx_core::export::{Extras, Form, NotExported};
use obx_core::i18n::{Language, Texts};
use obx_core::import;
use onebound::{Billing, Credentials, Exchange, Malformed, Outcome};
use rstest::rstest;

use super::{KEY, written};
use crate::api::result_types::ITEM_BODIES;
use crate::screens::PHONE;
use crate::support::response;

fn opened(body: impl Into<bytes::Bytes>, name: &str) -> Exchange {
    import::parse(body.into(), name, Timestamp::UNIX_EPOCH, None).exchanges.pop().unwrap()
}

#[test]
fn a_saved_answer_is_about_its_own_item() {
    let exchange = opened(response(PHONE), "whatever.json");
    assert_eq!(exchange.outcome, Outcome::Item);
    assert_eq!(exchange.call.subject().as_str(), "610947572360");
    assert_eq!(exchange.item().unwrap().sku_count(), 2);
    assert_eq!(exchange.host.name(), "file");
}

#[test]
fn a_saved_answer_of_any_result_type_is_shown_by_its_looks() {
    for (result_type, body) in ITEM_BODIES {
        let exchange = opened(body, "whatever");
        assert_eq!(exchange.outcome, Outcome::Item, "{result_type}");
        assert_eq!(exchange.call.result_type(), result_type);
        let json: serde_json::Value =
            serde_json::from_str(&written(Form::Json, &Arc::new(exchange))).unwrap();
        assert_eq!(json["item"]["skus"]["sku"][1]["sku_id"], "4302217872901", "{result_type}");
    }
}

#[test]
fn a_packed_answer_is_unpacked_and_one_that_can_not_be_stays_as_it_is() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&response(PHONE)).unwrap();
    let packed = encoder.finish().unwrap();
    let cut = packed[..packed.len() / 2].to_vec();
    assert_eq!(opened(packed, "a.json.gz").outcome, Outcome::Item);
    let exchange = opened(cut.clone(), "a.json.gz");
    assert_eq!(exchange.body.raw(), &cut);
    assert!(matches!(exchange.outcome, Outcome::NotUnderstood(_)));
}

#[test]
fn no_command_is_made_up_for_a_saved_answer_that_does_not_tell_what_was_asked() {
    let texts = Texts::new(Language::En);
    let curl =
        |body: &'static str| Form::Curl.write(&[Arc::new(opened(body, "a.json"))], &Extras::default(), texts);
    assert_eq!(curl(r#"{"error_code":"2000"}"#), Err(NotExported::NoCall));
    let item = r#"{"error_code":"0000","item":{"num_iid":"610947572360","title":"a","price":"1"}}"#;
    assert_eq!(curl(item), Err(NotExported::NoCall));
    let har = Form::Har.write(&[Arc::new(opened(item, "a.json"))], &Extras::default(), texts);
    assert_eq!(har, Err(NotExported::NoCall));
    let bundle = written(Form::Bundle, &Arc::new(opened(item, "a.json")));
    assert!(bundle.contains("a body alone, from a file") && bundle.contains("610947572360"), "{bundle}");
    assert!(!bundle.contains("curl") && !bundle.contains("started"), "{bundle}");
}

#[test]
fn a_saved_answer_costs_nobody_knows_what_and_is_dated_by_the_vendors_clock() {
    let exchange = opened(response(PHONE), "whatever.json");
    assert_eq!(exchange.billing(), Billing::Unknown);
    assert_eq!(exchange.started_at, "2020-12-18T07:24:17Z".parse().unwrap());
    let made_up = ["args_never_sent", "args_differ", "server_clock"];
    let facts = exchange.facts();
    assert!(facts.iter().all(|fact| !made_up.contains(&fact.rule.id())), "{facts:?}");
}

#[test]
fn a_saved_answer_with_another_item_than_it_names_in_call_args_says_so() {
    let body = r#"{"error_code":"0000","call_args":{"num_iid":"610947572360"},
        "item":{"num_iid":"999999999999","title":"a","price":"1"}}"#;
    let exchange = opened(body, "a.json");
    assert_eq!(exchange.outcome, Outcome::WrongItem { got: "999999999999".to_owned() });
    assert_eq!(exchange.call.subject().as_str(), "610947572360");
}

#[rstest]
#[case(r#"{"error_code":"2000"}"#, Outcome::NoResult)]
#[case(r#"{"a":"#, Outcome::NotUnderstood(Malformed::Cut(5)))]
#[case("", Outcome::NotUnderstood(Malformed::Empty))]
#[case(Box::leak("[".repeat(20_000).into_boxed_str()), Outcome::NotUnderstood(Malformed::TooDeep(512)))]
#[case(r#"{"log":[]}"#, Outcome::NotUnderstood(Malformed::NoEnvelope))]
#[case("<html><title>Stop</title>", Outcome::NotUnderstood(Malformed::Html("Stop".to_owned())))]
fn a_file_without_an_item_says_what_it_is_and_goes_by_the_id_in_its_name(
    #[case] body: &'static str,
    #[case] outcome: Outcome,
) {
    let exchange = opened(body, "obx-610947572360-20261124.json");
    assert_eq!(exchange.outcome, outcome);
    assert_eq!(exchange.call.subject().as_str(), "610947572360");
    assert_eq!(exchange.body.raw(), body);
    assert_eq!(opened(body, "a.json").call.num_iid(), None);
}

#[test]
fn the_callers_own_pair_is_masked_in_a_saved_answer() {
    let body = format!(r#"{{"error_code":"4005","reason":"Key[{KEY}]"}}"#);
    let own = Credentials::new(KEY, "another").unwrap();
    let found = import::parse(body.into(), "a", Timestamp::UNIX_EPOCH, Some(&own));
    assert!(!String::from_utf8_lossy(found.exchanges[0].body.shown()).contains(KEY));
}
