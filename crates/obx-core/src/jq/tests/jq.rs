//! Programs give what jq gives for them. What is meant to be otherwise is in `docs/jq.md`.

use rstest::rstest;

use super::filters::given;
use crate::jq::{Input, Program};
use onebound_document::Document;

const ITEM: &str = include_str!("../../../../../tests/responses/1688_item_get_610947572360.json");

/// The outputs; `!` where it fails.
fn outputs(input: &Input, program: &str) -> String {
    match Program::compile(program).and_then(|program| program.run(input, &|| true)) {
        Ok(outputs) => String::from_utf8(outputs.text).unwrap().lines().collect::<Vec<_>>().join("\t"),
        Err(_) => "!".to_owned(),
    }
}

#[rstest]
#[case::language(include_str!("../../../../../tests/jq/language.tsv"), "null", 530)]
#[case::item(include_str!("../../../../../tests/jq/item.tsv"), ITEM, 75)]
fn programs_give_what_jq_gives(#[case] programs: &str, #[case] body: &str, #[case] at_least: usize) {
    let input = Input::from_document(&Document::parse(body.to_owned().into()).unwrap());
    let rows = programs.lines().filter(|row| !row.starts_with("# "));
    let rows: Vec<(&str, &str)> = rows.map(|row| row.split_once('\t').unwrap_or((row, ""))).collect();
    assert!(rows.len() >= at_least, "{}", rows.len());
    let wrong = rows.iter().filter_map(|(program, expected)| {
        let got = outputs(&input, program);
        (got != *expected).then(|| format!("{program}\n   gives {got}\n   not   {expected}"))
    });
    assert_eq!(wrong.collect::<Vec<_>>().join("\n"), "");
}

#[rstest]
#[case(r#"{"a":1+2,"b":079,"c":NaN,"d":2.e3,"e":-Infinity}"#)]
#[case(r#"{"a":[+5,.5,00,1.],"b":1e999}"#)]
fn what_is_no_json_is_never_given_as_a_result(#[case] body: &str) {
    let Ok(document) = Document::parse(body.to_owned().into()) else { return };
    let input = Input::from_document(&document);
    for program in [".", "[..]", "tojson|fromjson", "map(tostring)", "[..|numbers|.*1]", "[..|@json]"] {
        for output in outputs(&input, program).split('\t').filter(|output| *output != "!") {
            let read = serde_json::from_str::<serde_json::Value>(output).is_ok();
            assert!(read || output.contains("e999"), "{program}: {output}");
        }
    }
}

#[rstest]
#[case("[nan, infinite, -infinite]", "[null,1.7976931348623157e+308,-1.7976931348623157e+308]")]
#[case("[nan, infinite | tostring]", r#"["null","1.7976931348623157e+308"]"#)]
#[case(r#""/w==" | @base64d"#, "\"\u{fffd}\"")]
#[case("{(1, \"a\"): 2}", "!")]
fn what_json_does_not_know_is_given_as_jq_gives_it(#[case] program: &str, #[case] expected: &str) {
    let input = Input::from_document(&Document::parse("null".into()).unwrap());
    assert_eq!(outputs(&input, program), expected);
}

/// As the document says that they are.
#[rstest]
#[case("9007199254740993 + 1", "9007199254740994")]
#[case("1e3, 1.50, 12345678901234567890123", "1e3\t1.50\t12345678901234567890123")]
#[case("[limit(-1; 1, 2)]", "[]")]
#[case("have_decnum", "false")]
#[case("env, $ENV, input_filename, [inputs]", "{}\t{}\tnull\t[]")]
#[case("[debug, debug(\"x\"), stderr]", "[null,null,null]")]
#[case("input", "!")]
#[case("now", "!")]
#[case(". as [$a] ?// $a | $a", "!")]
fn what_is_otherwise_than_in_jq_is_as_documented(#[case] program: &str, #[case] expected: &str) {
    let input = Input::from_document(&Document::parse("null".into()).unwrap());
    assert_eq!(outputs(&input, program), expected);
}

#[test]
fn many_places_are_assigned_without_copying_all_for_each() {
    let rows: Vec<String> =
        (0..20_000).map(|at| format!(r#"{{"price":"{at}.50","tiers":[{at}]}}"#)).collect();
    let body = format!(r#"{{"skus":[{}]}}"#, rows.join(","));
    let program = "(.skus[].price |= tonumber) | .skus[].tiers[0] += 1 | [.skus[-1] | .price, .tiers[0]]";
    assert_eq!(given(&body, program).text, b"[19999.50,20000]\n");
}
