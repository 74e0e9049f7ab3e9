//! Saved files: bodies of any kind become exchanges that say what they are.

use jiff::Timestamp;
use obx::api::{Credentials, Exchange, Malformed, Outcome};
use obx::saved;
use rstest::rstest;

use super::KEY;
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
