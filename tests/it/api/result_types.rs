//! Bodies that PHP itself wrote (`tests/responses/php/make.php`), and what the emulator writes: both are read as
//! the JSON of the same value is.

use onebound::{
    Answer, CallHandle, CallSettings, Exchange, Host, Malformed, Outcome, Record, ResultType, Timing,
};
use onebound_document::{Document, NodeId, NodeKind};
use onebound_emulator::{Fault, encode_as};
use rstest::rstest;
use serde_json::{Number, Value, json};

use super::support::{CAPTURED, ITEM, client, credentials, emulator, host_of, id};

/// A body that PHP wrote.
macro_rules! php {
    ($name:literal) => {
        include_bytes!(concat!("../../responses/php/", $name)).as_slice()
    };
}

pub(crate) const ITEM_BODIES: [(ResultType, &[u8]); 4] = [
    (ResultType::Serialize, php!("1688_item_get_610947572360.serialize")),
    (ResultType::VarExport, php!("1688_item_get_610947572360.var_export")),
    (ResultType::Xml, php!("1688_item_get_610947572360.xml")),
    (ResultType::Xml, php!("1688_item_get_610947572360.cdata.xml")),
];

/// What the client makes of this body, asked for in this form.
pub(crate) fn receive_as(asked: ResultType, body: &[u8]) -> Exchange {
    let call = CallSettings { result_type: asked, ..CallSettings::default() }.item_get(id(ITEM));
    let answer = Answer { status: 200, headers: Vec::new(), body: body.to_vec().into() };
    let now = jiff::Timestamp::UNIX_EPOCH;
    Exchange::from_answer(call, Host::default(), now, Timing::default(), answer, &credentials())
}

/// The whole document as a value, numbers by their digits.
pub(crate) fn value_of(document: &Document, node: NodeId) -> Value {
    let key = |node| document.key(node).unwrap().into_owned();
    match document.kind(node) {
        NodeKind::Null => Value::Null,
        NodeKind::Bool => Value::Bool(document.raw(node) == "true"),
        NodeKind::Number => number(document.raw(node)),
        NodeKind::String => document.text(node).into_owned().into(),
        NodeKind::Array => document.children(node).map(|child| value_of(document, child)).collect(),
        NodeKind::Object => Value::Object(
            document.children(node).map(|child| (key(child), value_of(document, child))).collect(),
        ),
    }
}

fn number(digits: &str) -> Value {
    let float = || Number::from_f64(digits.parse().unwrap()).map(Value::Number);
    digits.parse::<i64>().map(Value::from).ok().or_else(float).unwrap_or(Value::Null)
}

pub(crate) fn read_as(asked: ResultType, body: &[u8]) -> Value {
    let exchange = receive_as(asked, body);
    let Some(reply) = &exchange.reply else { panic!("{asked}: {:?}", exchange.outcome) };
    value_of(&reply.document, reply.document.root())
}

/// The same without the difference between 1 and 1.0, which `serialize` does not make.
pub(crate) fn leveled(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => {
            // In its fewest digits, and without a point where it needs none.
            let digits = number.as_f64().unwrap().to_string();
            digits.parse::<i64>().map_or_else(|_| value.clone(), Value::from)
        }
        Value::Array(list) => list.iter().map(leveled).collect(),
        Value::Object(map) => {
            Value::Object(map.iter().map(|(key, value)| (key.clone(), leveled(value))).collect())
        }
        other => other.clone(),
    }
}

/// What XML leaves of a value: texts.
pub(crate) fn as_texts(value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(false) => "".into(),
        Value::Bool(true) => "1".into(),
        Value::Number(number) => number.to_string().into(),
        Value::Array(list) if list.is_empty() => "".into(),
        Value::Object(map) if map.is_empty() => "".into(),
        Value::Array(list) => list.iter().map(as_texts).collect(),
        Value::Object(map) => {
            Value::Object(map.iter().map(|(key, value)| (key.clone(), as_texts(value))).collect())
        }
        Value::String(text) => text.as_str().into(),
    }
}

fn captured(name: &str) -> Value {
    serde_json::from_str(CAPTURED.iter().find(|(known, _)| *known == name).unwrap().1).unwrap()
}

#[test]
fn the_item_is_read_from_each_form_that_php_wrote_it_in() {
    let mut expected = captured("1688_item_get");
    assert_eq!(read_as(ITEM_BODIES[0].0, ITEM_BODIES[0].1), expected);
    assert_eq!(read_as(ITEM_BODIES[1].0, ITEM_BODIES[1].1), expected);
    assert_eq!(read_as(ITEM_BODIES[2].0, ITEM_BODIES[2].1), as_texts(&expected));
    expected["item"].as_object_mut().unwrap().shift_remove("props_list");
    assert_eq!(read_as(ITEM_BODIES[3].0, ITEM_BODIES[3].1), as_texts(&expected));
}

#[rstest]
fn the_item_in_any_form_is_shown_with_its_skus_props_and_prices(#[values(0, 1, 2, 3)] which: usize) {
    let exchange = receive_as(ITEM_BODIES[which].0, ITEM_BODIES[which].1);
    assert_eq!(exchange.outcome, Outcome::Item);
    let item = exchange.item().unwrap();
    assert_eq!((item.sku_count(), item.prop_count(), item.count_of("item_imgs")), (2, 23, 5));
    let prices: Vec<_> = item.skus().map(|sku| sku.price().to_text()).collect();
    assert_eq!(prices, ["799.00", "799.00"]);
    let envelope = exchange.envelope().unwrap();
    assert_eq!((envelope.execution_time.as_deref(), envelope.from_vendor_cache), (Some("6.65"), false));
    assert_eq!(item.overview().oddities, []);
}

#[rstest]
#[case(ResultType::Serialize, php!("1688_error_2000.serialize"))]
#[case(ResultType::VarExport, php!("1688_error_2000.var_export"))]
#[case(ResultType::Xml, php!("1688_error_2000.xml"))]
#[case(ResultType::Xml, php!("1688_error_2000.cdata.xml"))]
fn an_error_in_any_form_is_the_error(#[case] asked: ResultType, #[case] body: &[u8]) {
    let exchange = receive_as(asked, body);
    assert_eq!(exchange.outcome, Outcome::NoResult);
    assert_eq!(exchange.envelope().unwrap().words(), "商品没找到");
    let expected = captured("1688_error_2000");
    let expected = if asked == ResultType::Xml { as_texts(&expected) } else { expected };
    assert_eq!(read_as(asked, body), expected);
}

/// As PHP's own `json_encode` wrote it, but for what JSON can't write.
fn torture() -> Value {
    let document = Document::parse(php!("torture.json").to_vec().into()).unwrap();
    value_of(&document, document.root())
}

#[rstest]
#[case(ResultType::Serialize, php!("torture.serialize"))]
#[case(ResultType::VarExport, php!("torture.var_export"))]
fn what_php_writes_at_its_worst_is_read_as_its_json(#[case] asked: ResultType, #[case] body: &[u8]) {
    let mut read = read_as(asked, body);
    let odd = read.as_object_mut().unwrap().shift_remove("not_numbers");
    assert_eq!(odd, Some(json!(["INF", "-INF", "NAN"])));
    assert_eq!(leveled(&read), leveled(&torture()));
    let keys = |value: &Value| value["keys"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&read), keys(&torture()), "in the order sent");
}

#[test]
fn numbers_keep_the_digits_that_php_wrote() {
    for (asked, body, digits) in [
        (ResultType::Serialize, php!("torture.serialize"), ["-0", "1", "1.0E+25", "2.2250738585072014E-308"]),
        (
            ResultType::VarExport,
            php!("torture.var_export"),
            ["-0.0", "1.0", "1.0E+25", "2.2250738585072014E-308"],
        ),
    ] {
        let exchange = receive_as(asked, body);
        let document = &exchange.reply.as_ref().unwrap().document;
        let floats = document.get(document.root(), "floats").unwrap();
        let read: Vec<_> = document.children(floats).map(|node| document.raw(node)).collect();
        assert_eq!([read[1], read[2], read[4], read[12]], digits);
        let integers = document.get(document.root(), "ints").unwrap();
        let least = document.children(integers).last().unwrap();
        assert_eq!(document.raw(least), "-9223372036854775808");
    }
}

#[test]
fn objects_are_maps_of_their_fields_and_references_are_the_values_they_refer_to() {
    let objects = json!({
        "error_code": "0000",
        "std": {"a": 1, "b": {}},
        "offer": {"price": "799.00", "cost": 1, "margin": 0.5, "next": null},
        "numbered": {"0": "x", "1": "y"},
    });
    for (asked, body, sign) in [
        (ResultType::Serialize, php!("objects.serialize"), "Sign:Yuan"),
        (ResultType::VarExport, php!("objects.var_export"), "Sign::Yuan"),
    ] {
        let mut expected = objects.clone();
        expected["sign"] = sign.into();
        assert_eq!(read_as(asked, body), expected);
    }
    let shared =
        json!({"error_code": "0000", "a": "twice", "b": "twice", "c": {"a": 1}, "d": {"a": 1}, "e": "end"});
    assert_eq!(read_as(ResultType::Serialize, php!("references.serialize")), shared);
    assert_eq!(read_as(ResultType::VarExport, php!("references.var_export")), shared);
    let own = br#"a:2:{s:5:"error";s:1:"x";s:1:"c";C:5:"Offer":4:{i:1;}}"#;
    assert_eq!(read_as(ResultType::Serialize, own), json!({"error": "x", "c": "i:1;"}));
}

#[test]
fn the_emulator_writes_what_php_writes() {
    for (name, asked) in [("serialize", ResultType::Serialize), ("var_export", ResultType::VarExport)] {
        let (_, php) = ITEM_BODIES.iter().find(|(form, _)| *form == asked).unwrap();
        let written = encode_as(name, &captured("1688_item_get")).unwrap();
        assert_eq!(String::from_utf8_lossy(&written), String::from_utf8_lossy(php));
    }
    let written = encode_as("xml", &captured("1688_item_get")).unwrap();
    assert_eq!(String::from_utf8_lossy(&written), String::from_utf8_lossy(ITEM_BODIES[2].1));
}

#[rstest]
#[case("<r><error>x</error><skus><sku><a>1</a></sku><b>2</b><sku><a>3</a></sku></skus></r>",
    json!({"error": "x", "skus": {"sku": [{"a": "1"}, {"a": "3"}], "b": "2"}}))]
#[case("<r><error>x</error><l><item>1</item><item>2</item></l><one><item>1</item></one></r>",
    json!({"error": "x", "l": ["1", "2"], "one": {"item": "1"}}))]
#[case("<r><error>x</error><l><item key=\"0\">1</item></l><m><item id='0:0'>a&amp;b</item></m></r>",
    json!({"error": "x", "l": ["1"], "m": {"0:0": "a&b"}}))]
#[case("<r><error>x</error><l><0>a</0><1>b</1></l></r>", json!({"error": "x", "l": ["a", "b"]}))]
#[case("<r v=\"1\">\n <error>y</error>\n <c c='&lt;2'>x</c>\n <p>a <b/> z</p>\n</r>",
    json!({"@v": "1", "error": "y", "c": {"@c": "<2", "#text": "x"}, "p": {"b": "", "#text": "a  z"}}))]
#[case("<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a \"aa\">]><!-- c --><r><error>&a;&#20013;&#x6587;&nbsp;\
    <!-- c --><![CDATA[<&amp;]]>]]&gt;</error><e/> </r>\n", json!({"error": "&a;中文&nbsp;<&amp;]]>", "e": ""}))]
#[case("\u{feff}<r><error>R&D & more</error></r>", json!({"error": "R&D & more"}))]
fn xml_is_read_in_the_forms_that_programs_write(#[case] body: &str, #[case] expected: Value) {
    assert_eq!(read_as(ResultType::Xml, body.as_bytes()), expected);
}

#[rstest]
fn an_error_that_comes_as_json_is_read_whatever_was_asked_for(
    #[values(ResultType::Xml, ResultType::Serialize, ResultType::VarExport)] asked: ResultType,
) {
    let exchange = receive_as(asked, b" {\"error_code\":\"4013\",\"reason\":\"\\u5df2\\u8d85\\u91cf\"}");
    assert_eq!(exchange.envelope().unwrap().words(), "已超量");
    let cut = receive_as(asked, b"{\"error_code\":");
    assert_eq!(cut.outcome, Outcome::NotUnderstood(Malformed::Cut(14)));
}

#[rstest]
fn a_page_is_a_page_whatever_was_asked_for(#[values(0, 1, 2, 3, 4)] which: usize) {
    for (page, title) in [
        ("<!doctypehtml><html><title>405</title>", "405"),
        ("<!DOCTYPE html>\n<html><head><title>a b</title></head></html>", "a b"),
        ("<html>\r\n<head><title>502 Bad Gateway</title></head></html>", "502 Bad Gateway"),
        ("<center><h1>403</h1></center>", ""),
    ] {
        let exchange = receive_as(ResultType::ALL[which], page.as_bytes());
        assert_eq!(exchange.outcome, Outcome::NotUnderstood(Malformed::Html(title.to_owned())));
    }
}

#[rstest]
#[case(
    ResultType::Serialize,
    r#"a:1:{s:5:"error";s:3:"abcd";}"#,
    Malformed::NotOfType(ResultType::Serialize, 22)
)]
#[case(
    ResultType::Serialize,
    r#"a:1:{s:5:"error";s:3:"ab";}"#,
    Malformed::NotOfType(ResultType::Serialize, 22)
)]
#[case(ResultType::Serialize, r#"a:1:{s:5:"error";s:4294967295:"ab";}"#, Malformed::Cut(36))]
#[case(ResultType::Serialize, r#"a:999999999:{s:5:"error";N;"#, Malformed::Cut(27))]
#[case(ResultType::Serialize, r#"a:0:{s:5:"error";N;}"#, Malformed::NotOfType(ResultType::Serialize, 5))]
#[case(ResultType::Serialize, "a:1:{d:1.5;N;}", Malformed::NotOfType(ResultType::Serialize, 5))]
#[case(ResultType::Serialize, "", Malformed::Empty)]
#[case(ResultType::Serialize, "Warning: x", Malformed::NotOfType(ResultType::Serialize, 0))]
#[case(ResultType::Serialize, "i:7;", Malformed::NoEnvelope)]
#[case(
    ResultType::VarExport,
    "array ( 'error' => 'x' 'y' => 1,)",
    Malformed::NotOfType(ResultType::VarExport, 23)
)]
#[case(ResultType::VarExport, "array ( 'error' => foo(),)", Malformed::NotOfType(ResultType::VarExport, 19))]
#[case(ResultType::VarExport, "array ( 'error' => 'x\\'", Malformed::Cut(23))]
#[case(ResultType::VarExport, "array ( 'error' => 'x',", Malformed::Cut(23))]
#[case(ResultType::Xml, "<r><error>x</reason></r>", Malformed::NotOfType(ResultType::Xml, 11))]
#[case(ResultType::Xml, "<r><error>x", Malformed::Cut(11))]
#[case(ResultType::Xml, "error", Malformed::NotOfType(ResultType::Xml, 0))]
fn text_of_another_form_is_reported_with_its_place(
    #[case] asked: ResultType,
    #[case] body: &str,
    #[case] expected: Malformed,
) {
    let exchange = receive_as(asked, body.as_bytes());
    assert_eq!(exchange.outcome, Outcome::NotUnderstood(expected));
    assert_eq!(exchange.body.raw(), body.as_bytes());
}

#[test]
fn chinese_in_gbk_is_read_whichever_way_its_length_was_measured() {
    let utf8 = r#"a:1:{s:6:"reason";s:12:"授权失败";}"#;
    let gbk = utf8.replace("s:12", "s:8");
    for body in [utf8, &gbk] {
        let (bytes, _, _) = encoding_rs::GBK.encode(body);
        assert_eq!(read_as(ResultType::Serialize, &bytes), json!({"reason": "授权失败"}));
    }
}

#[rstest]
#[tokio::test]
async fn the_emulator_serves_the_same_item_in_all_five_forms(
    #[values("610947572360", "610947590030", "610947590002")] digits: &str,
) {
    let emulator = emulator().await;
    let mut items = Vec::new();
    for result_type in ResultType::ALL {
        let call = CallSettings { result_type, ..CallSettings::default() }.item_get(id(digits));
        let exchange = client().send(&call, &host_of(&emulator), &CallHandle::default()).await;
        assert_eq!(exchange.outcome, Outcome::Item, "{result_type}");
        let label = &exchange.headers.iter().find(|(name, _)| name == "content-type").unwrap().1;
        let expected = match result_type {
            ResultType::Json | ResultType::JsonU => "application/json; charset=utf-8",
            ResultType::Xml => "text/xml; charset=utf-8",
            ResultType::Serialize | ResultType::VarExport => "text/html; charset=UTF-8",
        };
        assert_eq!(label, expected);
        let document = &exchange.reply.as_ref().unwrap().document;
        items.push(leveled(&value_of(document, document.get(document.root(), "item").unwrap())));
    }
    let [json, jsonu, xml, serialize, var_export] = items.try_into().unwrap();
    assert_eq!([&jsonu, &serialize, &var_export], [&json; 3]);
    assert_eq!(xml, as_texts(&json));
}

#[tokio::test]
async fn what_is_kept_of_any_form_opens_again_as_it_was_without_credentials() {
    let emulator = emulator().await;
    for result_type in ResultType::ALL {
        for digits in [ITEM, &Fault::KeyEcho.test_id(), &Fault::HostileText.test_id(), &Fault::Gbk.test_id()]
        {
            let call = CallSettings { result_type, ..CallSettings::default() }.item_get(id(digits));
            let live = client().send(&call, &host_of(&emulator), &CallHandle::default()).await;
            let kept = serde_json::to_string(&Record::from_exchange(&live)).unwrap();
            let record: Record = serde_json::from_str(&kept).unwrap();
            let again = record.into_exchange(live.body.raw().clone());
            assert_eq!(again.body.shown(), live.body.shown());
            let [was, is] = [&live, &again].map(|exchange| {
                let document = &exchange.reply.as_ref().unwrap().document;
                value_of(document, document.root())
            });
            assert_eq!(is, was, "{result_type} {digits}");
        }
    }
}
