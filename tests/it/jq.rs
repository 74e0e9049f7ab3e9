//! The jq filter of the response: snapshots in Chinese and English, and what it does when bodies change.

use obx_core::i18n::Language;
use rstest::rstest;

use crate::screens::{PHONE, check, code, with_body, with_item};
use crate::support::Driver;

/// Has the result of this program shown in place of the body.
fn result_of(driver: &mut Driver, program: &str) {
    driver.keys("6 |");
    driver.type_text(program);
    driver.filter();
    driver.keys("<enter>");
}

#[rstest]
fn a_program_is_typed_wrong_completed_and_kept(#[values(Language::En, Language::Zh)] language: Language) {
    let size = "80x24";
    let mut driver = with_item(size, language, PHONE);
    let shot = |state: &str| format!("jq_{state}_{size}_{}", code(language));
    driver.keys("6 |");
    check(&shot("begin"), &driver.screen());
    driver.type_text(".item.skus.sku[] | {price, properties_name}");
    driver.filter();
    check(&shot("typed"), &driver.screen());
    driver.type_text(" | @foo");
    driver.filter();
    check(&shot("wrong"), &driver.screen());
    driver.keys("^u");
    driver.type_text(".item.p");
    driver.keys("<tab> <tab>");
    driver.filter();
    check(&shot("completed"), &driver.screen());
    driver.keys("<enter>");
    check(&shot("kept"), &driver.screen());
}

#[test]
fn a_program_longer_than_the_pane_shows_the_end_that_is_typed() {
    let mut driver = with_item("80x24", Language::En, PHONE);
    driver.keys("6 |");
    driver.type_text(&".item.skus.sku | ".repeat(8));
    driver.filter();
    let screen = driver.screen();
    assert!(screen.contains("sku |") && screen.contains("expected term ^"), "{screen}");
}

#[test]
fn no_result_is_reported_and_only_as_much_as_there_is() {
    let mut driver = with_item("80x24", Language::En, PHONE);
    driver.keys("6 |");
    driver.type_text("empty");
    driver.filter();
    driver.keys("<enter>");
    let screen = driver.screen();
    assert!(screen.contains("| empty no result") && !screen.contains("Tree"), "{screen}");
}

#[test]
fn the_program_is_run_over_the_next_answer_too() {
    let mut driver = with_item("120x36", Language::En, PHONE);
    driver.keys("6 |");
    driver.type_text(".item.num_iid");
    driver.filter();
    driver.keys("<enter> R");
    driver.answer(200, crate::support::item_with(3), obx_core::fetch::Source::Live);
    driver.keys("6");
    driver.filter();
    let screen = driver.screen();
    assert!(screen.contains("| .item.num_iid 1 result"), "{screen}");
}

#[test]
fn a_late_result_of_an_older_program_is_dropped() {
    let mut driver = with_item("80x24", Language::En, PHONE);
    driver.keys("6 |");
    driver.type_text("1");
    let older = driver.keep_filter();
    driver.type_text("2");
    driver.filter();
    driver.give_filter(older);
    assert!(driver.screen().contains("| 12 1 result"), "{}", driver.screen());
    driver.keys("<esc>");
    driver.type_text("|");
    driver.type_text("3");
    driver.keys("<esc>");
    driver.filter();
    assert!(!driver.screen().contains("1 result"), "{}", driver.screen());
}

#[test]
fn a_page_has_nothing_to_filter() {
    let mut driver = with_body("80x24", Language::En, "9", 403, "<html>no</html>".into());
    driver.keys("6 |");
    assert!(driver.screen().contains("No JSON here to filter"), "{}", driver.screen());
}

#[test]
fn what_was_masked_stays_masked_for_programs() {
    let body = crate::support::response("error_4013_key_in_reason.json");
    let text = std::str::from_utf8(&body).unwrap().replace("Key[", "Key[planted-key-5f3a");
    let mut driver = with_body("120x36", Language::En, "9", 200, text.into_bytes().into());
    driver.keys("6 |");
    driver.type_text(".reason | explode | implode");
    driver.filter();
    driver.keys("<enter>");
    let screen = driver.screen();
    assert!(screen.contains("1 result") && !screen.contains("planted"), "{screen}");
    let effects = driver.keys("v e x <enter>");
    let taken: Vec<String> = effects.iter().map(crate::support::effect_name).collect();
    assert!(taken.len() == 3 && taken.iter().all(|taken| taken.contains("Key[")), "{taken:?}");
    assert!(taken.iter().all(|taken| !taken.contains("planted")), "{taken:?}");
}

#[rstest]
fn functions_are_offered_where_no_key_can_be(#[values(Language::En, Language::Zh)] language: Language) {
    let mut driver = with_item("80x24", language, PHONE);
    driver.keys("6 |");
    driver.type_text(".item.title | as");
    driver.keys("<tab> <tab>");
    driver.filter();
    check(&format!("jq_functions_80x24_{}", code(language)), &driver.screen());
    driver.keys("^u");
    driver.type_text(".item.title | nothing_like_it");
    driver.keys("<tab>");
    check(&format!("jq_nothing_fits_80x24_{}", code(language)), &driver.screen());
}

#[rstest]
fn strings_of_a_result_are_shown_without_quotes(#[values(Language::En, Language::Zh)] language: Language) {
    let mut driver = with_item("80x24", language, PHONE);
    result_of(
        &mut driver,
        ".item.title, .item.skus.sku[0].quantity, \"a\\tb\\n\\u001b[2J\\\"c\\\"\", {title: .item.nick}",
    );
    driver.keys("t w p");
    check(&format!("jq_unquoted_80x24_{}", code(language)), &driver.screen());
}

#[rstest]
fn a_result_is_the_first_form_of_the_export(#[values(Language::En, Language::Zh)] language: Language) {
    let size = "80x24";
    let mut driver = with_item(size, language, PHONE);
    result_of(&mut driver, ".item.skus.sku[].price");
    driver.keys("x");
    check(&format!("jq_export_{size}_{}", code(language)), &driver.screen());
}

/// The count in the pane's frame: of a result's tree and of its text as of the body's.
#[rstest]
#[case::tree_of_the_body("6 /", "")]
#[case::text_of_the_body("6 t /", "")]
#[case::tree_of_a_result("6 |", "/")]
#[case::text_of_a_result("6 |", "t /")]
fn matches_are_counted_and_gone_through(#[case] open: &str, #[case] search: &str) {
    let mut driver = with_item("120x36", Language::En, PHONE);
    driver.keys(open);
    if !search.is_empty() {
        driver.type_text(".item.skus.sku[0,1]");
        driver.filter();
        driver.keys("<enter>");
        driver.keys(search);
    }
    driver.type_text("sku_id");
    driver.keys("<enter>");
    let count = |driver: &Driver| {
        let frame = driver.focused().lines().next().unwrap_or_default().to_owned();
        let found = regex::Regex::new(r"(\d+) of (\d+) ").unwrap();
        let found = found.captures(&frame).unwrap_or_else(|| panic!("{frame}"));
        (found[1].parse::<usize>().unwrap(), found[2].parse::<usize>().unwrap())
    };
    driver.keys("n");
    let (first, all) = count(&driver);
    assert!(all >= 2, "{}", driver.screen());
    for expected in (first..all).map(|before| before + 1).chain([1, 2]) {
        driver.keys("n");
        assert_eq!(count(&driver), (expected, all), "{}", driver.screen());
    }
    driver.keys("N N");
    assert_eq!(count(&driver), (all, all), "{}", driver.screen());
    assert!(driver.screen().contains("Wrapped to the end"), "{}", driver.screen());
}
