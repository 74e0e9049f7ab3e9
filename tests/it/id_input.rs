//! IDs as buyers type them, and what Enter says before it spends a call on one.

use obx_core::fetch::Source;
use obx_core::i18n::Language;
use rstest::rstest;

use crate::screens::{PHONE, with_item};
use crate::support::{Driver, response};

/// How many calls these keys make.
fn calls(driver: &mut Driver, keys: &str) -> usize {
    let before = driver.fetches.len();
    driver.keys(keys);
    driver.fetches.len() - before
}

fn typed(text: &str) -> Driver {
    let mut driver = Driver::new("120x36", Language::En, false);
    driver.type_text(text);
    driver
}

#[rstest]
#[case("13800138000")]
#[case("610947572360")]
fn a_telephone_number_is_called_for_by_a_second_enter_only(#[case] typed_before: &str) {
    let mut driver = Driver::new("120x36", Language::En, false);
    driver.app.fill_id(typed_before);
    driver.app.fill_id("13800138000");
    assert_eq!(calls(&mut driver, "<enter>"), 0);
    assert!(driver.screen().contains("looks like a telephone number"), "{}", driver.screen());
    assert_eq!(calls(&mut driver, "<enter>"), 1);
}

#[test]
fn an_edit_takes_the_warning_back() {
    let mut driver = typed("13800138000");
    assert_eq!(calls(&mut driver, "<enter> <backspace> 1 <enter>"), 0);
    assert_eq!(calls(&mut driver, "<backspace> 0 <enter> <enter>"), 1);
}

#[test]
fn a_number_that_is_only_the_only_one_is_named_before_enter() {
    let driver = typed("看下这个610947572360起订多少");
    assert!(driver.screen().contains("610947572360 found"), "{}", driver.screen());
    assert!(!typed("610947572360").screen().contains("found"));
}

#[test]
fn too_many_digits_are_doubted() {
    let driver = typed("610947572360123");
    assert!(driver.screen().contains("15 digits are too many"), "{}", driver.screen());
}

#[rstest]
fn an_answer_without_an_item_has_no_totals(#[values("80x24", "120x36")] size: &str) {
    let mut driver = with_item(size, Language::Zh, PHONE);
    driver.keys("3");
    driver.wait(1.0);
    assert!(driver.screen().contains("库存 "), "{}", driver.screen());
    driver.app.fill_id("610947572000");
    driver.keys("1 <enter>");
    driver.answer(200, response("1688_error_2000.json"), Source::Live);
    driver.wait(1.0);
    driver.keys("3");
    assert!(!driver.focused().contains("库存 "), "{}", driver.screen());
}
