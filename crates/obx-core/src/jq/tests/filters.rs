//! jq programs over a document: what comes out, what is wrong with them, and what they can't reach.

use rstest::rstest;

use crate::jq::{FilterFault, Input, MAX_OUTPUTS, Outputs, Program};
use onebound_document::Document;

const BODY: &str = concat!(
    r#"{"item":{"price":"799.00","n":1.50,"big":12345678901234567890,"null":null,"words":"a\"b\n\u6a19","#,
    r#""skus":{"sku":[{"price":"1","quantity":2},{"price":"2","quantity":0}]}},"twice":1,"twice":2}"#
);

fn outputs(program: &str) -> Result<Outputs, FilterFault> {
    let input = Input::from_document(&Document::parse(BODY.into()).unwrap());
    Program::compile(program)?.run(&input, &|| true)
}

/// The same, with each definition that is done natively put back.
fn as_defined(program: &str) -> String {
    let defined = "def empty: {}[] as $x | .; def true: 0 == 0; def false: 0 != 0;
        def not: if . then false else true end; def isboolean: . == true or . == false;
        def isnumber: . > true and . < \"\"; def isstring: . >= \"\" and . < [];
        def isarray: . >= [] and . < {}; def isobject: . >= {};
        def select(f): if f then . else empty end; def numbers: select(isnumber);";
    text(&format!("{defined} {program}"))
}

fn text(program: &str) -> String {
    String::from_utf8(outputs(program).unwrap().text).unwrap()
}

#[rstest]
#[case(".item.skus.sku[].price", "\"1\"\n\"2\"\n")]
#[case(".item.skus.sku | map(select(.quantity > 0)) | length", "1\n")]
#[case(".item | keys_unsorted[0], .n, .big", "\"price\"\n1.50\n12345678901234567890\n")]
#[case(".item.words", "\"a\\\"b\\n標\"\n")]
#[case(".item.price | tonumber | . * 2", "1598\n")]
#[case(
    ".item.price | test(\"^\\\\d+\"), sub(\"00$\"; \"9\"), ascii_downcase",
    "true\n\"799.9\"\n\"799.00\"\n"
)]
#[case("[.item.skus.sku[] | .price] | @csv", "\"\\\"1\\\",\\\"2\\\"\"\n")]
#[case("[null, true, 1.50, \"a\\\"b\", \"\"] | @csv", "\",true,1.50,\\\"a\\\"\\\"b\\\",\\\"\\\"\"\n")]
#[case(
    "[null, false, 1.50, \"a\\tb\\n\\r\\\\c\"] | @tsv",
    "\"\\tfalse\\t1.50\\ta\\\\tb\\\\n\\\\r\\\\\\\\c\"\n"
)]
#[case("[.item.skus.sku | group_by(.quantity)[][0].price]", "[\"2\",\"1\"]\n")]
#[case(".twice, .absent, .item.null", "2\nnull\nnull\n")]
#[case("empty", "")]
#[case("  ", concat!(
    r#"{"item":{"price":"799.00","n":1.50,"big":12345678901234567890,"null":null,"words":"a\"b\n標","#,
    r#""skus":{"sku":[{"price":"1","quantity":2},{"price":"2","quantity":0}]}},"twice":2}"#, "\n"
))]
fn a_program_gives_its_outputs_with_the_digits_that_were_sent(#[case] program: &str, #[case] expected: &str) {
    assert_eq!(text(program), expected);
}

#[rstest]
#[case(".item | ", 8)]
#[case(".item | map(.price", 18)]
#[case(".item ]", 6)]
#[case(".\"标题\" | lenght", 12)]
#[case(". as $x | $y", 10)]
#[case(".[\"a]", 5)]
fn a_mistake_in_a_program_is_reported_with_its_place(#[case] program: &str, #[case] at: usize) {
    let fault = Program::compile(program).unwrap_err();
    assert_eq!(fault.at(), Some(at), "{fault}");
}

#[test]
fn a_program_that_fails_says_why_in_short() {
    let fault = outputs(".item.price.x").unwrap_err();
    assert!(matches!(&fault, FilterFault::Failed(message) if message.starts_with("Cannot index")), "{fault}");
    let long = outputs("\"x\" * 100000 | error").unwrap_err();
    assert!(long.to_string().chars().count() < 400);
}

#[rstest]
#[case("error", "object ({\"item\":")]
#[case("null | error", "null (null) not a string")]
#[case(".item.n | error", "number (1.50) not a string")]
#[case("true | error(.)", "boolean (true) not a string")]
#[case("[1] | error", "array ([1]) not a string")]
#[case("error(\"a\\\"b\")", "a\"b")]
#[case("[1, {\"a\": 1}] | @csv", "object ({\"a\":1}) is not valid in a csv row")]
#[case("[[2]] | @tsv", "array ([2]) is not valid in a csv row")]
#[case(
    "[.item] | @csv",
    "object ({\"price\":\"799.00\",\"n\":1.50,\"big\":1234567…) is not valid in a csv row"
)]
#[case(".item.n | @csv", "number (1.50) cannot be csv-formatted, only an array can be")]
#[case("{} | @tsv", "object ({}) cannot be tsv-formatted, only an array can be")]
fn a_program_fails_with_jqs_message(#[case] program: &str, #[case] expected: &str) {
    let message = outputs(program).unwrap_err().to_string();
    assert!(message.starts_with(expected), "{message}");
}

#[rstest]
#[case("now")]
#[case("halt")]
#[case("halt_error")]
#[case("localtime")]
#[case("strflocaltime(\"%H\")")]
#[case("input_line_number")]
#[case("$__prog_args")]
#[case("import \"a\" as a; .")]
#[case("include \"/etc/passwd\"; .")]
#[case("import \"/etc/passwd\" as $a; .")]
fn nothing_but_the_document_can_be_reached(#[case] program: &str) {
    let fault = Program::compile(program).unwrap_err();
    assert!(matches!(fault, FilterFault::Unknown { .. }), "{fault:?}");
}

#[test]
fn a_program_without_an_end_is_cut() {
    let cut = outputs("repeat(1)").unwrap();
    assert_eq!((cut.count, cut.cut), (MAX_OUTPUTS, true));
    let large = outputs("repeat(\"x\" * 1000000)").unwrap();
    assert_eq!((large.count, large.cut), (63, true));
}

#[rstest]
#[case("[.. | [isboolean, isnumber, isstring, isarray, isobject, not]]")]
#[case("[nan, infinite, null, true, false, (\"a\" | @base64d?), 1.5 | isnumber, isstring, not]")]
#[case("[1, empty, 2], [true, false | not]")]
#[case("[.. | numbers], (.. | numbers) |= . + 1")]
#[case("path(.. | select(isnumber)), path(empty), (empty |= 1 | length)")]
#[case("del(.item.skus.sku[] | select(.quantity > 0)), (.item.n |= empty | .item | keys)")]
fn what_is_done_natively_gives_what_jaq_defines(#[case] program: &str) {
    assert_eq!(text(program), as_defined(program));
}

#[test]
fn objects_of_one_list_keep_their_own_keys_and_order() {
    let body = concat!(
        r#"[{"a":1,"b":2},{"a":3,"b":4},{"b":5,"a":6},{"a":7},{"a":8,"b":9,"c":10},{"a":11,"a":12},"#,
        r#"{"a":13,"b":{"a":14,"b":[{"a":15,"b":16}]}},{"\u0061":17,"b":18},{},{"a":19,"a":20,"b":21}]"#
    );
    let expected = body.replace(r#"{"a":11,"a":12}"#, r#"{"a":12}"#);
    let expected = expected.replace(r#"{"a":19,"a":20,"#, r#"{"a":20,"#).replace(r"\u0061", "a");
    assert_eq!(given(body, ".").text, (expected + "\n").into_bytes());
    assert_eq!(given(body, "[.[] | .a?]").text, b"[1,3,6,7,8,12,13,17,null,20]\n");
}

#[test]
fn a_large_list_is_taken_in_whole_and_in_order() {
    let elements: Vec<String> = (0..60_000).map(|at| format!(r#"{{"at":{at},"list":[{at}]}}"#)).collect();
    let body = format!("[{},[{}]]", elements.join(","), elements.join(","));
    assert!(given(&body, ".").text == (body + "\n").into_bytes());
}

#[test]
fn a_program_that_is_no_longer_wanted_stops() {
    let input = Input::from_document(&Document::parse(BODY.into()).unwrap());
    let left = std::cell::Cell::new(100);
    let wanted = || left.replace(left.get() - 1) > 0;
    let outputs = Program::compile("repeat(1)").unwrap().run(&input, &wanted).unwrap();
    assert_eq!((outputs.count, outputs.cut), (100, true));
}

pub(super) fn given(body: &str, program: &str) -> Outputs {
    let input = Input::from_document(&Document::parse(body.to_owned().into()).unwrap());
    Program::compile(program).unwrap().run(&input, &|| true).unwrap()
}
