//! What is not quite JSON, XML or PHP is read all the same, and it is said what is wrong and where.

use std::fmt::Write;

use jiff::Timestamp;
use obx::message::{Done, Event};
use obx_core::export::{Extras, Form, NotExported, readable};
use obx_core::i18n::{Language, Texts};
use obx_core::import;
use onebound::{CallSettings, Encoding, Exchange, Host, Malformed, Outcome, ResultType, Timing};
use onebound_document::Document;
use rstest::rstest;
use serde_json::{Value, json};

use super::{driver_of, exchanges_in};
use crate::api::result_types::{receive_as, value_of};
use crate::screens::{check, code};

fn one_of(name: &str) -> Exchange {
    let mut exchanges = exchanges_in(name);
    assert_eq!(exchanges.len(), 1);
    exchanges.remove(0)
}

fn opened(body: impl Into<Vec<u8>>) -> Exchange {
    let found = import::parse(body.into().into(), "a", Timestamp::UNIX_EPOCH, None);
    found.exchanges.into_iter().next().unwrap()
}

/// What the rule found, its values parted by blanks.
fn fact(exchange: &Exchange, rule: &str) -> Option<String> {
    let fact = exchange.facts().into_iter().find(|fact| fact.rule.id() == rule)?;
    Some(fact.finding.values.join(" "))
}

fn value(exchange: &Exchange) -> Value {
    let document = &exchange.reply.as_ref().unwrap_or_else(|| panic!("{:?}", exchange.outcome)).document;
    value_of(document, document.root())
}

#[rstest]
#[case("expr.json", "number_not_json", "1+2", "1+2", 2)]
#[case("leadzero.json", "number_not_json", "079", "079", 2)]
#[case("ctrl.json", "control_character", "\n", "U+000A", 2)]
#[case("nan.json", "not_finite", "NaN", "NaN", 3)]
fn an_item_that_strict_readers_refuse_is_shown_with_a_fact(
    #[case] name: &str,
    #[case] rule: &str,
    #[case] first: &str,
    #[case] shown: &str,
    #[case] count: usize,
) {
    let exchange = one_of(name);
    assert_eq!(exchange.outcome, Outcome::Item);
    let at = String::from_utf8(exchange.body.raw().to_vec()).unwrap().find(first).unwrap();
    assert_eq!(fact(&exchange, rule), Some(format!("{shown} {at} {count}")));
}

#[test]
fn nan_is_shown_and_is_no_number() {
    let exchange = one_of("nan.json");
    let item = exchange.item().unwrap();
    assert_eq!(item.field("orginal_price").text(), Some("NaN"));
    assert_eq!(item.field("orginal_price").number(), None);
    assert_eq!(item.field("min_num").text(), Some("Infinity"));
}

#[rstest]
#[case(r#"{"error_code":"2000","a":2.e3}"#, "number_not_json", "2.e3 25 1")]
#[case(r#"{"error_code":"2000","a":-.5,"b":+1}"#, "number_not_json", "-.5 25 2")]
#[case(r#"{"error_code":"2000","a":"\x41"}"#, "escape_not_json", "\\x 26 1")]
#[case(r#"{"error_code":"2000","\u12":"\'"}"#, "escape_not_json", "\\u 22 2")]
#[case("{\"error_code\":\"2000\",\"a\":[-Infinity,inf]}", "not_finite", "-Infinity 26 2")]
#[case("\u{feff}{\"error_code\":\"2000\"}", "byte_order_mark", "")]
fn each_kind_has_its_fact(#[case] body: &str, #[case] rule: &str, #[case] found: &str) {
    let exchange = opened(body);
    assert_eq!(exchange.outcome, Outcome::NoResult);
    assert_eq!(fact(&exchange, rule).as_deref(), Some(found));
}

#[test]
fn sound_json_has_none_of_these_facts() {
    let exchange = opened(r#"{"error_code":"2000","a":[1.5e-3,0,-1,"\u5382\/\n"],"b":"价"}"#);
    let rules = ["number_not_json", "not_finite", "escape_not_json", "control_character", "byte_order_mark"];
    assert!(rules.into_iter().all(|rule| fact(&exchange, rule).is_none()));
}

#[test]
fn a_masked_secret_in_a_number_is_no_number_that_was_sent_wrong() {
    let own = onebound::Credentials::new("12345678", "87654321").unwrap();
    let body = r#"{"error_code":"2000","a":12345678}"#;
    let found = import::parse(body.into(), "a", Timestamp::UNIX_EPOCH, Some(&own));
    assert_eq!(fact(&found.exchanges[0], "number_not_json"), None);
}

#[test]
fn text_before_the_answer_is_reported_and_the_answer_shown() {
    let exchange = one_of("warnfirst.json");
    assert_eq!(exchange.outcome, Outcome::Item);
    assert_eq!(exchange.item().unwrap().sku_count(), 1);
    let at = exchange.body.raw().iter().position(|byte| *byte == b'{').unwrap();
    let reported = fact(&exchange, "text_before_answer");
    assert_eq!(reported, Some(format!("{at} Warning: foo in /a.php on line 3")));
}

#[rstest]
#[case::php_in_text("\nNotice: x in /a.php on line 1\n{\"error_code\":\"2000\"}")]
#[case::two_messages("<br />\n<b>Notice</b>: {x}<br />\n<b>Warning</b>: y<br />\n{\"error_code\":\"2000\"}")]
#[case::a_head("HTTP/1.1 200 OK\r\nX: {\"a\": 1}\r\n\r\n{\"error_code\":\"2000\"}")]
#[case::a_call("callback({\"error_code\":\"2000\"})")]
fn an_answer_is_found_behind_other_text(#[case] body: &str) {
    let at = body.find("{\"error").unwrap().to_string();
    for exchange in [opened(body), receive_as(ResultType::Json, body.as_bytes())] {
        assert_eq!(exchange.outcome, Outcome::NoResult, "{body}");
        let reported = fact(&exchange, "text_before_answer").unwrap();
        assert_eq!(reported.split(' ').next(), Some(at.as_str()), "{body}");
    }
}

#[rstest]
#[case::a_page("<!DOCTYPE html><script>var a = {\"error_code\":\"2000\"}</script>")]
#[case::markup("<div>{\"error_code\":\"2000\"}</div>")]
fn a_page_with_json_in_it_stays_a_page(#[case] body: &str) {
    let exchange = receive_as(ResultType::Json, body.as_bytes());
    assert!(matches!(exchange.outcome, Outcome::NotUnderstood(Malformed::Html(_))), "{:?}", exchange.outcome);
}

#[test]
fn a_cut_answer_behind_a_warning_is_a_cut_one() {
    let body = "Warning: x in /a.php on line 1\n{\"error_code\":\"0000\",\"item\":{";
    let exchange = receive_as(ResultType::Json, body.as_bytes());
    assert_eq!(exchange.outcome, Outcome::NotUnderstood(Malformed::Cut(body.len())));
}

#[rstest]
#[case(ResultType::Serialize, "a:1:{s:10:\"error_code\";s:4:\"2000\";}")]
#[case(ResultType::VarExport, "array (\n  'error_code' => '2000',\n)")]
#[case(ResultType::Xml, "<?xml version=\"1.0\"?><root><error_code>2000</error_code></root>")]
fn an_answer_of_any_type_is_found_behind_a_warning(#[case] result_type: ResultType, #[case] answer: &str) {
    let body = format!("<br />\n<b>Warning</b>: x<br />\n{answer}");
    for exchange in [opened(body.as_str()), receive_as(result_type, body.as_bytes())] {
        assert_eq!(exchange.outcome, Outcome::NoResult, "{body}");
        assert_eq!(fact(&exchange, "text_before_answer").as_deref(), Some("31 Warning: x"));
        assert_eq!(exchange.call.result_type(), result_type);
    }
}

#[rstest]
#[case("php.var", ResultType::VarExport)]
#[case("obj.var", ResultType::VarExport)]
#[case("obj.ser", ResultType::Serialize)]
fn php_of_other_forms_is_the_same_item(#[case] name: &str, #[case] result_type: ResultType) {
    let exchange = one_of(name);
    assert_eq!(exchange.outcome, Outcome::Item);
    assert_eq!(exchange.call.result_type(), result_type);
    assert_eq!(value(&exchange)["item"]["skus"]["sku"][0]["properties_name"], "0:0:颜色:红");
    let syntax = ["text_before_answer", "text_after_json"];
    assert!(syntax.into_iter().all(|rule| fact(&exchange, rule).is_none()));
}

#[rstest]
#[case(
    "<?php\n// made by a cache\n/* 'x' */ declare(strict_types=1);\nreturn array('error_code' => '2000');\n?>\n"
)]
#[case("return array(\n'error_code' => '2000', );")]
#[case("\\stdClass::__set_state(array('error_code' => '2000'))")]
#[case("stdClass::__set_state(array(\n   'error_code' => '2000',\n))")]
fn php_source_of_a_value_is_read(#[case] body: &str) {
    let exchange = opened(body);
    assert_eq!(exchange.outcome, Outcome::NoResult, "{body}");
    assert_eq!(fact(&exchange, "text_after_json"), None, "{body}");
}

#[test]
fn a_reference_is_the_value_that_it_refers_to() {
    let exchange = one_of("ref.ser");
    assert_eq!(value(&exchange)["item"]["x"], json!([5, 5]));
    let at = String::from_utf8(exchange.body.raw().to_vec()).unwrap().find("R:7").unwrap();
    assert_eq!(fact(&exchange, "reference_followed"), Some(format!("R:7 {at} 1")));
    let exchange = one_of("refarr.ser");
    assert_eq!(value(&exchange)["item"]["x"], json!([[1, 2], [1, 2]]));
    assert_eq!(exchange.outcome, Outcome::Item);
}

#[rstest]
// The second value of the body is the list, the third its first element; `r` counts as a value, `R` does not.
#[case(r#"a:3:{s:5:"error";s:1:"x";i:0;r:2;i:1;R:2;}"#, json!({"error": "x", "0": "x", "1": "x"}))]
#[case(r#"a:4:{s:5:"error";s:1:"x";i:0;R:2;i:1;s:1:"y";i:2;R:3;}"#, json!({"error": "x", "0": "x", "1": "y", "2": "y"}))]
#[case(r#"a:4:{s:5:"error";s:1:"x";i:0;r:2;i:1;s:1:"y";i:2;R:4;}"#, json!({"error": "x", "0": "x", "1": "y", "2": "y"}))]
// Inside of itself, and to what is not there.
#[case(r#"a:2:{s:5:"error";s:1:"x";s:4:"self";R:1;}"#, json!({"error": "x", "self": "R:1"}))]
#[case(r#"a:2:{s:5:"error";s:1:"x";i:0;R:9;}"#, json!({"error": "x", "0": "R:9"}))]
#[case(r#"a:2:{s:5:"error";s:1:"x";i:0;r:3;}"#, json!({"error": "x", "0": "r:3"}))]
fn references_are_counted_as_php_counts(#[case] body: &str, #[case] read: Value) {
    let exchange = receive_as(ResultType::Serialize, body.as_bytes());
    assert_eq!(value(&exchange), read);
    let texts =
        read.as_object().unwrap().values().filter(|value| value.as_str().is_some_and(|s| s.contains(':')));
    assert_eq!(fact(&exchange, "reference_not_followed").is_some(), texts.count() > 0);
}

#[test]
fn references_make_no_short_body_endless() {
    // Each list holds the one before it twice.
    let mut body = r#"a:60:{s:5:"error";s:1:"x";"#.to_owned();
    body += r#"i:0;a:2:{i:0;s:9:"xxxxxxxxx";i:1;s:9:"xxxxxxxxx";}"#;
    for at in 1..59 {
        let list = if at == 1 { 3 } else { 6 + 2 * (at - 2) };
        write!(body, "i:{at};a:2:{{i:0;r:{list};i:1;R:{list};}}").unwrap();
    }
    body += "}";
    let exchange = receive_as(ResultType::Serialize, body.as_bytes());
    let document = &exchange.reply.as_ref().unwrap().document;
    assert!(document.raw(document.root()).len() < 1_000_000);
    assert!(fact(&exchange, "reference_not_followed").is_some());
}

#[test]
fn a_secret_that_a_reference_repeats_is_masked_there_too() {
    let own = onebound::Credentials::new("k-77-secret", "s-88-secret").unwrap();
    let body = br#"a:2:{s:5:"error";s:11:"k-77-secret";i:0;R:2;}"#;
    let call = CallSettings { result_type: ResultType::Serialize, ..CallSettings::default() }
        .item_get(onebound::ItemId::find("610947572360").unwrap());
    let answer = onebound::Answer { status: 200, headers: Vec::new(), body: body.to_vec().into() };
    let exchange =
        Exchange::from_answer(call, Host::default(), Timestamp::UNIX_EPOCH, Timing::default(), answer, &own);
    assert_eq!(value(&exchange), json!({"error": "***********", "0": "***********"}));
}

#[rstest]
#[case("<r><error_code>2000</error_code><a>A & B, C &nbsp; D &amp; E</a></r>", "ampersand_not_xml", "& 37 2")]
#[case("<r><error_code>2000</error_code><a b=\"1\" c=\"2\" b=\"3\">x</a></r>", "attribute_doubled", "b 47 1")]
#[case("<r><error_code>2000</error_code><a>\u{1}</a></r>", "control_character", "U+0001 35 1")]
fn xml_that_is_not_well_formed_says_so(#[case] body: &str, #[case] rule: &str, #[case] found: &str) {
    let exchange = opened(body);
    assert_eq!(exchange.outcome, Outcome::NoResult);
    assert_eq!(fact(&exchange, rule).as_deref(), Some(found));
}

#[test]
fn text_after_a_decoded_value_is_reported_by_its_place_in_the_body() {
    let exchange = opened("a:1:{s:10:\"error_code\";s:4:\"2000\";} end");
    assert_eq!(fact(&exchange, "text_after_json").as_deref(), Some("36"));
}

#[test]
fn broken_utf8_is_shown_by_its_place_and_is_not_gbk() {
    let exchange = opened(b"{\"error_code\":\"2000\",\"reason\":\"a\xc0\xafb\"}".to_vec());
    assert!(matches!(exchange.body.encoding(), Encoding::BrokenUtf8 { at: 32, .. }));
    assert_eq!(exchange.outcome, Outcome::NoResult);
    assert!(fact(&exchange, "broken_utf8").unwrap().starts_with("32 "));
    assert_eq!(fact(&exchange, "gbk"), None);
}

#[test]
fn a_place_behind_gbk_is_given_in_bytes_as_received() {
    let (body, _, _) = encoding_rs::GBK.encode("{\"error_code\":\"2000\",\"reason\":\"授权失败\",\"a\":079}");
    let exchange = opened(body.to_vec());
    let at = body.windows(3).position(|part| part == b"079").unwrap();
    assert_eq!(fact(&exchange, "number_not_json"), Some(format!("079 {at} 1")));
}

#[test]
fn a_number_that_php_would_not_write_is_a_text_in_the_json_of_it() {
    let exchange = receive_as(ResultType::Serialize, b"a:2:{s:5:\"error\";s:1:\"x\";i:0;i:079;}");
    assert_eq!(value(&exchange)["0"], "079");
    let document = &exchange.reply.as_ref().unwrap().document;
    assert!(Document::parse(document.whole()).unwrap().violations().is_empty());
}

#[rstest]
#[case("nan.json")]
#[case("warnfirst.json")]
fn what_is_not_quite_right_is_said_on_the_screen(
    #[case] name: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = driver_of("120x36", language, name);
    driver.keys("6 z R");
    let stem = name.split('.').next().unwrap();
    check(&format!("file_{stem}_120x36_{}", code(language)), &driver.focused());
    driver.keys(": f a c t s <enter>");
    check(&format!("file_{stem}_facts_120x36_{}", code(language)), &driver.focused());
}

#[rstest]
fn an_export_of_what_is_not_quite_json_is_json(
    #[values("expr.json", "leadzero.json", "ctrl.json", "nan.json")] name: &str,
) {
    let exchange = std::sync::Arc::new(one_of(name));
    let texts = Texts::new(Language::En);
    let write =
        |form: Form| form.write_counted(std::slice::from_ref(&exchange), &Extras::default(), texts).unwrap();
    let json = write(Form::Json);
    let read: Value = serde_json::from_str(&json.text).unwrap();
    let numbers = ["number_not_json", "not_finite"].iter().filter_map(|rule| fact(&exchange, rule));
    let count: usize =
        numbers.map(|reported| reported.rsplit(' ').next().unwrap().parse::<usize>().unwrap()).sum();
    assert_eq!(json.quoted, count);
    for line in write(Form::Ndjson).text.lines() {
        assert!(serde_json::from_str::<Value>(line).is_ok(), "{line}");
    }
    let body = write(Form::Body);
    assert_eq!((body.text.as_bytes(), body.quoted), (&**exchange.body.raw(), 0), "as it came");
    if name == "expr.json" {
        assert_eq!(read["item"]["price"], "1+2");
        assert!(readable(&exchange).0.contains("\"price\": 1+2,"), "what is looked at is what came");
    }
}

#[test]
fn what_is_no_json_at_all_is_exported_only_as_it_came() {
    let write = |body: &str, form: Form| {
        form.write(&[std::sync::Arc::new(opened(body))], &Extras::default(), Texts::new(Language::En))
    };
    for body in ["<html>x", "{\"a\":", "just words", "<a>1</a>"] {
        assert_eq!(write(body, Form::Json), Err(NotExported::NoJson), "{body}");
        assert_eq!(write(body, Form::Body).as_deref(), Ok(body));
    }
    assert_eq!(write("{\"a\":1} and more", Form::Json).as_deref(), Ok("{\n  \"a\": 1\n}\n"));
}

#[test]
fn it_is_said_how_many_values_an_export_has_as_strings() {
    let mut driver = driver_of("120x36", Language::En, "expr.json");
    let done = Done::Exported { path: "/a".to_owned(), size: "1 kB".to_owned(), quoted: 2 };
    driver.update(Event::Done(done));
    assert!(driver.screen().contains("values JSON doesn't have, written as strings: 2"));
}
