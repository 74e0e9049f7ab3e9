//! Any value that the emulator writes is read back equal; any bytes are read or refused, within bounds.

use onebound::{Malformed, Outcome, ResultType};
use onebound_emulator::encode_as;
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Map, Number, Value, json};

use super::result_types::{ITEM_BODIES, leveled, read_as, receive_as};

const DECODED: [ResultType; 3] = [ResultType::Xml, ResultType::Serialize, ResultType::VarExport];

/// A body of a few bytes never becomes more: one that is written `\u0000` in JSON.
const LONGEST_ESCAPE: usize = 6;

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z_]{0,6}",
        "[0-9]{1,3}",
        "-?[0-9]{1,20}",
        any::<String>(),
        "[ \r\n\t\0'\"\\\\;:.=>(){}&<\\]\\[!/%é中😀-]{0,12}",
    ]
}

fn any_value() -> impl Strategy<Value = Value> {
    let float = prop::num::f64::NORMAL | prop::num::f64::ZERO;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-3_i64..300).prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        float.prop_map(|float| Number::from_f64(float).map_or(Value::Null, Value::Number)),
        any_text().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 6, |inner| {
        let map = prop::collection::vec((any_text(), inner.clone()), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(Value::from),
            map.prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// What PHP knows of a value: an array is a list when its keys are 0, 1, 2, …, and integers end at 64 bits.
fn in_php(value: &Value) -> Value {
    match value {
        Value::Number(number) if !number.is_i64() => {
            Number::from_f64(number.as_f64().unwrap()).map_or(Value::Null, Value::Number)
        }
        Value::Array(list) => list.iter().map(in_php).collect(),
        Value::Object(map) => {
            let is_list = map.keys().enumerate().all(|(at, key)| *key == at.to_string());
            if is_list { map.values().map(in_php).collect() } else { each_of(map, in_php) }
        }
        other => other.clone(),
    }
}

fn each_of(map: &Map<String, Value>, of: fn(&Value) -> Value) -> Value {
    Value::Object(map.iter().map(|(key, value)| (key.clone(), of(value))).collect())
}

/// What XML leaves of a value that PHP knows.
fn in_xml(value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(false) => "".into(),
        Value::Bool(true) => "1".into(),
        Value::Array(list) if list.is_empty() => "".into(),
        Value::Array(list) => list.iter().map(in_xml).collect(),
        Value::Object(map) => each_of(map, in_xml),
        other => other.clone(),
    }
}

/// Numbers in place of the texts that spell them, where a number is expected.
fn numbers_read(expected: &Value, read: &Value) -> Value {
    match (expected, read) {
        (Value::Number(_), Value::String(digits)) => {
            let float = || Number::from_f64(digits.parse().unwrap()).map(Value::Number);
            digits.parse::<i64>().map(Value::from).ok().or_else(float).unwrap()
        }
        (Value::Array(expected), Value::Array(read)) => read
            .iter()
            .enumerate()
            .map(|(at, read)| numbers_read(expected.get(at).unwrap_or(read), read))
            .collect(),
        (Value::Object(expected), Value::Object(read)) => {
            let member = |(key, read): (&String, &Value)| {
                (key.clone(), numbers_read(expected.get(key).unwrap_or(read), read))
            };
            Value::Object(read.iter().map(member).collect())
        }
        (_, read) => read.clone(),
    }
}

/// Reads a body in all forms; what is understood is no larger than its bytes allow.
fn read_or_refuse(bytes: &[u8]) {
    for asked in DECODED {
        let exchange = receive_as(asked, bytes);
        if let Some(reply) = &exchange.reply {
            let written = reply.document.raw(reply.document.root()).len();
            assert!(written <= LONGEST_ESCAPE * bytes.len(), "{written} of {}", bytes.len());
        }
        assert_eq!(exchange.body.raw(), bytes);
    }
}

/// Pieces of all three forms, in any order.
fn form_like() -> impl Strategy<Value = String> {
    let pieces = [
        "a:1:{",
        "a:0:{}",
        "i:0;",
        "s:5:\"error\";",
        "s:1:\"",
        "\";",
        "N;",
        "b:1;",
        "d:0.5;",
        "O:1:\"a\":1:{",
        "}",
        "R:1;",
        "C:1:\"a\":2:{",
        "E:3:\"a:b\";",
        "s:99999999999999999999:\"",
        "array (",
        "(object) array(",
        "\\Offer::__set_state(array(",
        "'error' => ",
        "0 => ",
        "'x'",
        " . \"\\0\" . ",
        "NULL",
        "-",
        "1.5",
        ",",
        ")",
        "))",
        "'",
        "\"",
        "\\",
        "<r>",
        "<error>",
        "</error>",
        "</r>",
        "<item id=\"0\">",
        "</item>",
        "<0>",
        "</0>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<?",
        "?>",
        "<!DOCTYPE r [",
        "&amp;",
        "&#0;",
        "&#x110000;",
        "&",
        "<a b='",
        "/>",
        " ",
        "\n",
        "手",
        "\u{0}",
        "\u{feff}",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..30).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_value_that_the_emulator_writes_is_read_back_equal(value in any_value()) {
        let value = json!({"error_code": "0000", "value": value});
        let expected = leveled(&in_php(&value));
        for asked in [ResultType::Serialize, ResultType::VarExport] {
            let written = encode_as(asked.as_str(), &value).unwrap();
            prop_assert_eq!(leveled(&read_as(asked, &written)), expected.clone(), "{}", asked);
        }
        let expected = in_xml(&expected);
        let read = read_as(ResultType::Xml, &encode_as("xml", &value).unwrap());
        prop_assert_eq!(leveled(&numbers_read(&expected, &read)), expected);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read_or_refuse(&bytes);
    }

    #[test]
    fn anything_like_the_three_forms_is_read_or_refused(text in form_like()) {
        read_or_refuse(text.as_bytes());
    }

    #[test]
    fn a_body_of_php_with_bytes_changed_is_read_or_refused(
        which in 0..ITEM_BODIES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = ITEM_BODIES[which].1.to_vec();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        read_or_refuse(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        read_or_refuse(&bytes);
    }

    #[test]
    fn a_body_that_was_cut_says_that_it_was_cut(which in 0..ITEM_BODIES.len(), cut in 1_usize..14_000) {
        let (asked, body) = ITEM_BODIES[which];
        let text = std::str::from_utf8(&body[..cut]).map_or_else(|error| error.valid_up_to(), str::len);
        let exchange = receive_as(asked, &body[..text]);
        prop_assert_eq!(exchange.outcome, Outcome::NotUnderstood(Malformed::Cut(text)));
    }
}

#[rstest]
#[case(ResultType::Serialize, "a:1:{i:0;")]
#[case(ResultType::Serialize, "O:1:\"a\":1:{s:1:\"a\";")]
#[case(ResultType::VarExport, "array ( 0 => ")]
#[case(ResultType::VarExport, "(object) array( 'a' => ")]
#[case(ResultType::VarExport, "\\A::__set_state(array( 'a' => ")]
#[case(ResultType::Xml, "<a>")]
#[case(ResultType::Xml, "<item>")]
#[case(ResultType::Json, "[")]
fn nesting_without_end_is_refused(#[case] asked: ResultType, #[case] level: &str) {
    let outcome = receive_as(asked, level.repeat(100_000).as_bytes()).outcome;
    let refused = |at: usize| at < 600 * level.len();
    assert!(
        matches!(&outcome, Outcome::NotUnderstood(Malformed::TooDeep(at)) if refused(*at)),
        "{outcome:?}"
    );
}

/// As deep as is let in, and lists of lists in members, which go twice as deep in JSON.
#[test]
fn what_is_just_not_too_deep_is_read() {
    let nested = |before: &str, middle: &str, after: &str, depth| {
        format!("{}{middle}{}", before.repeat(depth), after.repeat(depth))
    };
    let bodies = [
        (ResultType::Serialize, format!("a:1:{{s:5:\"error\";{}}}", nested("a:1:{i:0;", "N;", "}", 511))),
        (ResultType::VarExport, format!("array ('error' => {})", nested("array (0 => ", "1", ")", 511))),
        (
            ResultType::Xml,
            format!("<r><reason>x</reason>{}</r>", nested("<a><b/><b/><c/><c>", "", "</c></a>", 127)),
        ),
    ];
    for (asked, body) in bodies {
        let outcome = receive_as(asked, body.as_bytes()).outcome;
        let understood = !matches!(outcome, Outcome::NotUnderstood(Malformed::NotOfType(..)));
        assert!(understood, "{asked}: {outcome:?}");
    }
}

/// Lengths and counts are claims: nothing is reserved for them.
#[cfg(target_os = "linux")]
#[test]
fn what_a_body_claims_to_hold_takes_no_memory() {
    let peak = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmPeak:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap()
    };
    let before = peak();
    for body in [
        "a:999999999:{",
        "a:18446744073709551615:{i:0;",
        "s:4294967295:\"",
        "s:99999999999999999999:\"a\";",
        "O:1:\"a\":4294967295:{",
        "C:1:\"a\":4294967295:{",
        "a:1:{s:4294967295:\"",
    ] {
        let outcome = receive_as(ResultType::Serialize, body.as_bytes()).outcome;
        assert_eq!(outcome, Outcome::NotUnderstood(Malformed::Cut(body.len())));
    }
    // Other tests run beside this one; the least of these claims is 4 GiB.
    assert!(peak() - before < 3 << 20, "{} kB", peak() - before);
}

/// Entities that refer to each other, and references to what they are in themselves, stay what they are.
#[test]
fn nothing_is_expanded() {
    let bomb =
        "<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><r><error>&b;</error></r>";
    assert_eq!(read_as(ResultType::Xml, bomb.as_bytes()), json!({"error": "&b;"}));
    let loops = "a:3:{s:5:\"error\";s:1:\"x\";i:0;R:1;i:1;r:1;}";
    assert_eq!(
        read_as(ResultType::Serialize, loops.as_bytes()),
        json!({"error": "x", "0": "R:1", "1": "r:1"})
    );
}
