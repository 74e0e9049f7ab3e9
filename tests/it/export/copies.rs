//! A copy is the text to the byte: only control characters are left out, and then it is said.

use std::collections::HashSet;

use obx::message::{CopiedTo, Done, Effect, Event};
use obx_core::i18n::Language;
use rstest::rstest;
use serde_json::Value;

use crate::screens::{code, with_body};
use crate::support::{Driver, response};

/// Joiners, variation selectors, zero-width and direction marks, combining marks; and an ESC and a NEL.
const TEXTS: &str = "text_misc.json";

fn shown(size: &str, language: Language) -> Driver {
    with_body(size, language, "610947572360", 200, response(TEXTS))
}

fn body() -> Value {
    serde_json::from_slice(&response(TEXTS)).unwrap()
}

/// What the keys put on the clipboard, and how many characters were left out.
fn copied(driver: &mut Driver, keys: &str) -> Option<(String, usize)> {
    driver.keys(keys).into_iter().find_map(|effect| match effect {
        Effect::Copy { text, .. } => Some((text.as_str().to_owned(), text.left_out())),
        _ => None,
    })
}

/// The same without control characters, and how many those are.
fn harmless(text: &str) -> (String, usize) {
    let kept: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\t' | '\n')).collect();
    let left_out = text.chars().count() - kept.chars().count();
    (kept, left_out)
}

#[rstest]
#[case("y v", "value")]
#[case("y s", "value")]
#[case("y k", "name")]
fn every_prop_is_copied_to_the_byte(#[case] keys: &str, #[case] field: &str) {
    let mut driver = shown("120x36", Language::En);
    driver.keys("4");
    let body = body();
    let props = body["item"]["props"].as_array().unwrap();
    assert_eq!(props.len(), 30);
    for prop in props {
        let text = prop[field].as_str().unwrap();
        assert_eq!(copied(&mut driver, keys), Some(harmless(text)), "{text:?}");
        driver.keys("<down>");
    }
}

#[test]
fn every_string_of_the_tree_is_copied_to_the_byte() {
    let mut driver = shown("120x36", Language::En);
    driver.keys("6 z R");
    let (mut unescaped, mut raw) = (HashSet::new(), HashSet::new());
    for _ in 0..400 {
        unescaped.extend(copied(&mut driver, "y s"));
        raw.extend(copied(&mut driver, "y v"));
        driver.keys("<down>");
    }
    let body = body();
    let source = String::from_utf8(response(TEXTS).to_vec()).unwrap();
    for text in body["item"]["x"].as_array().unwrap() {
        let text = text.as_str().unwrap();
        assert!(unescaped.contains(&harmless(text)), "{text:?}");
        let sent = raw.iter().find(|(raw, _)| {
            serde_json::from_str::<String>(raw).is_ok_and(|read| harmless(&read).0 == harmless(text).0)
        });
        // A control character that was sent as itself is left out of what was sent, too.
        let (_, raw_ones) = harmless(&text.replace(|c: char| c < ' ', ""));
        assert!(sent.is_some_and(|(raw, _)| source.contains(raw) || raw_ones > 0), "{text:?}");
    }
}

#[test]
fn a_jq_program_is_copied_to_the_byte() {
    let mut driver = shown("120x36", Language::En);
    driver.keys("6 |");
    driver.type_text(".item.x[0] + \"👍🏽\"");
    driver.filter();
    driver.keys("<enter>");
    let (program, left_out) = copied(&mut driver, "y q").unwrap();
    assert!(program.contains("👍🏽") && left_out == 0, "{program}");
}

#[test]
fn a_tab_or_a_line_end_in_a_cell_makes_no_other_cell_or_row() {
    let mut driver = shown("120x36", Language::En);
    driver.keys("4");
    for _ in 0..30 {
        let (row, _) = copied(&mut driver, "y y").unwrap();
        assert_eq!(row.matches('\t').count(), 1, "{row:?}");
        assert!(!row.contains('\n'), "{row:?}");
        driver.keys("<down>");
    }
}

#[rstest]
#[case(0, "Copied the value: ", "已复制值：")]
#[case(1, "Copied the value without 1 control character: ", "已复制值（已去掉1个控制字符）：")]
#[case(2, "Copied the value without 2 control characters: ", "已复制值（已去掉2个控制字符）：")]
fn what_is_left_out_is_said_in_every_size(
    #[case] left_out: usize,
    #[case] english: &str,
    #[case] chinese: &str,
    #[values("60x16", "80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = shown(size, language);
    let what = if language == Language::En { "the value" } else { "值" }.to_owned();
    driver.update(Event::Done(Done::Copied { what, left_out, to: CopiedTo::Terminal }));
    let expected = if code(language) == "en" { english } else { chinese };
    assert!(driver.screen().contains(expected.trim_end()), "{}", driver.screen());
}
