//! jq programs over a document: what comes out, what is wrong with them, and what they can't reach.

use rstest::rstest;

use crate::document::Document;
use crate::document::filter::{FilterFault, Input, MAX_OUTPUTS, Outputs, Program};

const BODY: &str = concat!(
    r#"{"item":{"price":"799.00","n":1.50,"big":12345678901234567890,"null":null,"words":"a\"b\n\u6a19","#,
    r#""skus":{"sku":[{"price":"1","quantity":2},{"price":"2","quantity":0}]}},"twice":1,"twice":2}"#
);

fn outputs(program: &str) -> Result<Outputs, FilterFault> {
    let input = Input::of(&Document::index(BODY.into()).unwrap());
    Program::compile(program)?.run(&input)
}

fn text(program: &str) -> String {
    String::from_utf8(outputs(program).unwrap().text).unwrap()
}

#[rstest]
#[case(".item.skus.sku[].price", "\"1\"\n\"2\"\n")]
#[case(".item.skus.sku | map(select(.quantity > 0)) | length", "1\n")]
#[case(".item | keys_unsorted[0], .n, .big", "\"price\"\n1.50\n12345678901234567890\n")]
#[case(".item.words", "\"a\\\"b\\n標\"\n")]
#[case(".item.price | tonumber | . * 2", "1598.0\n")]
#[case(
    ".item.price | test(\"^\\\\d+\"), sub(\"00$\"; \"9\"), ascii_downcase",
    "true\n\"799.9\"\n\"799.00\"\n"
)]
#[case("[.item.skus.sku[] | .price] | @csv", "\"\\\"1\\\",\\\"2\\\"\"\n")]
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
fn what_is_wrong_with_a_program_is_told_with_its_place(#[case] program: &str, #[case] at: usize) {
    let fault = Program::compile(program).unwrap_err();
    assert_eq!(fault.at(), Some(at), "{fault}");
}

#[test]
fn a_program_that_fails_says_why_in_short() {
    let fault = outputs(".item.price.x").unwrap_err();
    assert!(matches!(&fault, FilterFault::Failed(told) if told.starts_with("cannot index")), "{fault}");
    let long = outputs("\"x\" * 100000 | error").unwrap_err();
    assert!(long.to_string().chars().count() < 400);
}

#[rstest]
#[case("env")]
#[case("$ENV")]
#[case("now")]
#[case("input")]
#[case("inputs")]
#[case("debug")]
#[case("stderr")]
#[case("halt")]
#[case("halt_error")]
#[case("localtime")]
#[case("input_filename")]
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
