//! Saved files: bodies of any kind become exchanges that say what they are.

use std::sync::Arc;

use jiff::Timestamp;
use obx::api::{Credentials, Exchange, Malformed, Outcome};
use obx::export::{Extras, Form, Nothing};
use obx::i18n::{Language, Texts};
use obx::saved;
use rstest::rstest;

use super::{KEY, written};
use crate::api::result_types::ITEM_BODIES;
use crate::screens::PHONE;
use crate::support::response;

fn opened(body: impl Into<bytes::Bytes>, name: &str) -> Exchange {
    saved::read(body.into(), name, Timestamp::UNIX_EPOCH, None).exchanges.pop().unwrap()
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
fn a_saved_answer_of_any_result_type_is_told_by_its_looks() {
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
fn no_command_is_made_up_for_a_saved_answer_that_does_not_tell_what_was_asked() {
    let texts = Texts::new(Language::En);
    let curl =
        |body: &'static str| Form::Curl.write(&[Arc::new(opened(body, "a.json"))], Extras::default(), texts);
    assert_eq!(curl(r#"{"error_code":"2000"}"#), Err(Nothing::NoCall));
    let known = curl(r#"{"error_code":"0000","item":{"num_iid":"610947572360","title":"a","price":"1"}}"#);
    assert!(known.unwrap().contains("'https://api-gw.onebound.cn/1688/item_get/'"));
}

#[rstest]
#[case(r#"{"error_code":"2000"}"#, Outcome::NoResult)]
#[case(r#"{"a":"#, Outcome::NotUnderstood(Malformed::Cut(5)))]
#[case("", Outcome::NotUnderstood(Malformed::Empty))]
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
    let found = saved::read(body.into(), "a", Timestamp::UNIX_EPOCH, Some(&own));
    assert!(!String::from_utf8_lossy(found.exchanges[0].body.shown()).contains(KEY));
}
