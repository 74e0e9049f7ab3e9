//! A body is kept as it was sent: nothing converted, nothing dropped, nothing merged.

use onebound::{Field, Outcome};
use onebound_document::{Document, NodeId, NodeKind, SyntaxError, SyntaxFault};
use rstest::rstest;
use serde_json::Value;

use super::support::{CAPTURED, index, receive};

/// Another reader's understanding of the same body, value by value and in order.
fn assert_same(document: &Document, node: NodeId, value: &Value) {
    match value {
        Value::Null => assert_eq!((document.kind(node), document.raw(node)), (NodeKind::Null, "null")),
        Value::Bool(value) => {
            assert_eq!(
                (document.kind(node), document.raw(node)),
                (NodeKind::Bool, value.to_string().as_str())
            );
        }
        Value::Number(number) => {
            assert_eq!(document.kind(node), NodeKind::Number);
            assert_eq!(document.raw(node).parse(), Ok(number.as_f64().unwrap()));
        }
        Value::String(text) => {
            assert_eq!(
                (document.kind(node), document.text(node).as_ref()),
                (NodeKind::String, text.as_str())
            );
            assert_eq!(serde_json::from_str::<String>(document.raw(node)).unwrap(), *text);
        }
        Value::Array(values) => {
            assert_eq!(document.kind(node), NodeKind::Array);
            let children: Vec<_> = document.children(node).collect();
            assert_eq!(children.len(), values.len());
            for (child, value) in children.into_iter().zip(values) {
                assert_eq!(document.key(child), None);
                assert_same(document, child, value);
            }
        }
        Value::Object(members) => {
            assert_eq!(document.kind(node), NodeKind::Object);
            let children: Vec<_> = document.children(node).collect();
            assert_eq!(children.len(), members.len());
            for (child, (name, value)) in children.into_iter().zip(members) {
                assert_eq!(document.key(child).as_deref(), Some(name.as_str()));
                assert_eq!(document.get(node, name), Some(child));
                assert_same(document, child, value);
            }
        }
    }
}

/// The raw text of every scalar, in reading order.
fn scalars<'a>(document: &'a Document, node: NodeId, found: &mut Vec<&'a str>) {
    match document.kind(node) {
        NodeKind::Array | NodeKind::Object => {
            document.children(node).for_each(|child| scalars(document, child, found));
        }
        _ => found.push(document.raw(node)),
    }
}

#[test]
fn every_captured_body_holds_what_another_reader_finds_in_it() {
    for (name, body) in CAPTURED {
        let document = index(body);
        assert_same(&document, document.root(), &serde_json::from_str(body).unwrap());
        assert_eq!((document.trailing(), name), (None, name));
        assert_eq!(document.raw(document.root()), body.trim());
    }
}

#[test]
fn the_scalars_of_a_captured_body_are_in_it_letter_by_letter_and_in_order() {
    for (name, body) in CAPTURED {
        let (document, mut found) = (index(body), Vec::new());
        scalars(&document, document.root(), &mut found);
        let mut rest = body;
        for raw in &found {
            let (_, after) = rest.split_once(raw).unwrap_or_else(|| panic!("{raw} in {name}"));
            rest = after;
        }
        assert!(
            !found.is_empty() && rest.trim_matches(['}', ']', ' ', '\n', '\r', '\t']).is_empty(),
            "{name}"
        );
    }
}

#[tokio::test]
async fn every_captured_body_is_understood_by_the_client() {
    for (name, body) in CAPTURED {
        let exchange = receive(body).await;
        let understood = !matches!(exchange.outcome, Outcome::NotUnderstood(_) | Outcome::Failed(_));
        assert!(understood, "{name}: {:?}", exchange.outcome);
        assert_eq!(exchange.body.raw(), body.as_bytes());
        assert!(
            exchange.reply.as_ref().unwrap().item().is_none_or(|item| item.overview().oddities.is_empty()),
            "{name}"
        );
    }
}

#[test]
fn absent_null_empty_and_zero_stay_apart() {
    let document =
        index(r#"{"null":null,"empty":"","blank":" ","list":[],"map":{},"zero":0,"text":"0","no":false}"#);
    let field = |name: &str| Field::member(&document, document.root(), name);
    assert_eq!(field("absent"), Field::Absent);
    assert_eq!(field("null"), Field::Null);
    assert_eq!(field("empty"), Field::Text("".into()));
    assert_eq!(field("zero"), Field::Number("0"));
    assert_eq!(field("text"), Field::Text("0".into()));
    assert_eq!(field("no"), Field::Bool(false));
    assert!(matches!(field("list"), Field::List(_)) && matches!(field("map"), Field::Object(_)));
    let names = ["absent", "null", "empty", "list", "map", "zero", "no"].map(|name| field(name).type_name());
    assert_eq!(names, ["absent", "null", "string", "array", "object", "number", "boolean"]);
    for name in ["absent", "null", "empty", "blank", "list", "map", "no"] {
        assert_eq!(
            (field(name).text(), field(name).number(), field(name).count()),
            (None, None, None),
            "{name}"
        );
    }
    assert_eq!((field("zero").number(), field("text").count()), (Some(0.0), Some(0)));
}

#[test]
fn of_a_key_that_is_twice_both_are_there_even_when_one_is_escaped() {
    let document = index(r#"{"price":"1","a":{"price":9},"\u0070rice":"2","price":null}"#);
    let names: Vec<_> = document.children(document.root()).map(|node| document.key(node).unwrap()).collect();
    assert_eq!(names, ["price", "a", "price", "price"]);
    assert_eq!(Field::member(&document, document.root(), "price"), Field::Null);
}

#[rstest]
#[case("430909707261212345678901234567890")]
#[case("0.1000000000000000055511151231257827")]
#[case("799.00")]
#[case("-0")]
#[case("1E+400")]
fn the_digits_of_a_number_are_those_that_were_sent(#[case] digits: &str) {
    let document = index(&format!(r#"{{"sku_id":{digits}}}"#));
    assert_eq!(Field::member(&document, document.root(), "sku_id"), Field::Number(digits));
}

#[rstest]
#[case(r"\u5c0f\u7c73", "小米")]
#[case(r"\ud83d\udd11", "🔑")]
#[case(r"\uD83D\uDD11", "🔑")]
#[case(r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t")]
#[case(r"\ud83d", "\u{fffd}")]
#[case(r"\ud83dx", "\u{fffd}x")]
#[case(r"\udd11\ud83d", "\u{fffd}\u{fffd}")]
#[case(r"\ud83d\u0041", "\u{fffd}A")]
#[case(r"\u12", r"\u12")]
#[case(r"\u+123", r"\u+123")]
#[case(r"\x41\'", r"\x41\'")]
#[case("line\nbreak\u{1}", "line\nbreak\u{1}")]
fn escapes_are_resolved_for_reading_and_stay_in_the_raw_text(#[case] raw: &str, #[case] text: &str) {
    let document = index(&format!(r#"{{"{raw}":"{raw}"}}"#));
    let node = document.children(document.root()).next().unwrap();
    assert_eq!(document.text(node), text);
    assert_eq!(document.key(node).as_deref(), Some(text));
    assert_eq!(document.raw(node), format!("\"{raw}\""));
}

#[test]
fn a_byte_order_mark_is_let_through_and_what_follows_the_value_is_reported() {
    let body = "\u{feff} {\"error_code\":\"2000\"}\n<!-- 0.081 -->";
    let document = index(body);
    assert_eq!(document.raw(document.root()), r#"{"error_code":"2000"}"#);
    assert_eq!(document.trailing(), body.find("<!--"));
    assert_eq!(index("{} \r\n\t ").trailing(), None);
}

#[test]
fn a_captured_body_cut_at_any_byte_is_cut_or_empty() {
    for (name, body) in CAPTURED {
        for length in 0..body.trim_end().len() {
            let part = &body.as_bytes()[..length];
            let error = Document::parse(bytes::Bytes::copy_from_slice(part)).unwrap_err();
            let expected = if part.trim_ascii().is_empty() { SyntaxFault::Empty } else { SyntaxFault::Cut };
            assert_eq!(error.fault, expected, "{name} after {length} bytes");
            assert!(error.at <= length);
        }
    }
}

#[tokio::test]
async fn a_body_cut_inside_of_its_first_chinese_character_is_no_gbk() {
    let body = r#"{"error_code":"4005","reason":"授权"#.as_bytes();
    for length in [body.len() - 5, body.len() - 4] {
        let exchange = receive(&body[..length]).await;
        assert_eq!(exchange.body.encoding(), onebound::Encoding::Utf8, "{length}");
        assert!(matches!(exchange.outcome, Outcome::NotUnderstood(onebound::Malformed::Cut(_))));
    }
}

#[test]
fn a_bomb_of_brackets_is_refused_and_what_is_merely_deep_is_read() {
    for bracket in ["[", r#"{"a":"#] {
        let error = Document::parse(bracket.repeat(200_000).into()).unwrap_err();
        assert_eq!(error, SyntaxError { at: bracket.len() * 512, fault: SyntaxFault::TooDeep });
    }
    let deep = index(&format!("{}{}", "[".repeat(512), "]".repeat(512)));
    assert_eq!(deep.node_count(), 512);
}

#[rstest]
#[case("[1,]", 3)]
#[case("[1 2]", 3)]
#[case("{\"a\":1]", 6)]
#[case("[}", 1)]
#[case("{,}", 1)]
#[case("{\"a\" 1}", 5)]
#[case("{a:1}", 1)]
#[case("[nul1]", 1)]
#[case("[+]", 1)]
#[case("NaNa", 0)]
#[case("None", 0)]
fn what_is_not_json_is_refused_where_it_stops_being_json(#[case] text: &str, #[case] at: usize) {
    let error = Document::parse(text.to_owned().into()).unwrap_err();
    assert_eq!(error, SyntaxError { at, fault: SyntaxFault::Unexpected });
}
