//! The palette: what people type, and the action that Enter then runs.

use obx_core::i18n::Language;
use rstest::rstest;

use crate::screens::{PHONE, with_item};
use crate::support::Driver;

/// The actions that are listed for a draft, as far as they are in sight.
fn listed(driver: &mut Driver, draft: &str) -> Vec<String> {
    driver.keys("<esc> 3 :");
    driver.type_text(draft);
    let popup = driver.focused();
    driver.keys("<esc>");
    let rows = popup.lines().skip(2).map(|row| row.trim_matches(['│', ' ', '┃']));
    rows.filter_map(|row| row.split(' ').next())
        .take_while(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

#[rstest]
// Keys come before the beginnings of names, and these before what only contains the draft.
#[case::key("x", "export")]
#[case::key_of_another_pane("zR", "unfold_all")]
#[case::key_of_the_copy_menu("yc", "copy_curl")]
#[case::punctuation("|", "jq")]
#[case::upper_case_key("R", "refetch")]
#[case::command_of_vi("q", "quit")]
#[case::whole_name("sort", "sort")]
#[case::begin_of_a_name("sku_m", "sku_matrix")]
#[case::begin_of_a_part("curl", "copy_curl")]
#[case::full_width("ＦＡＣＴＳ", "facts")]
#[case::of_the_trade("算价", "quantity")]
#[case::of_the_trade("对比", "compare")]
#[case::of_the_trade("图片", "pictures")]
#[case::of_the_trade("阶梯价", "quantity")]
#[case::of_the_trade("尺码", "sku_matrix")]
#[case::of_the_trade("额度", "quota")]
#[case::of_the_trade("导出", "export")]
#[case::of_the_trade("收藏", "star")]
#[case::of_the_trade("详情", "description")]
#[case::of_the_trade("刷新", "refetch")]
#[case::of_other_programs("diff", "compare")]
#[case::of_other_programs("reload", "refetch")]
#[case::of_other_programs("excel", "export")]
fn the_first_action_is_the_one_that_is_meant(#[case] draft: &str, #[case] expected: &str) {
    for language in [Language::En, Language::Zh] {
        let mut driver = with_item("120x36", language, PHONE);
        let listed = listed(&mut driver, draft);
        assert_eq!(listed.first().map(String::as_str), Some(expected), "{draft}: {listed:?}");
    }
}

#[test]
fn names_that_begin_with_the_draft_come_before_those_that_contain_it() {
    let mut driver = with_item("120x36", Language::En, PHONE);
    let listed = listed(&mut driver, "co");
    let begin = listed.iter().take_while(|name| name.starts_with("co")).count();
    assert!(begin >= 5 && listed.iter().skip(begin).all(|name| !name.starts_with("co")), "{listed:?}");
}

#[test]
fn a_key_that_is_bound_otherwise_finds_its_new_action() {
    let mut driver = crate::named_keys::with_keys(&[("quota", "ctrl-g")], Language::En);
    assert_eq!(listed(&mut driver, "^G").first().map(String::as_str), Some("quota"));
    let listed = listed(&mut driver, "u");
    assert!(listed.first().is_some_and(|name| name.starts_with('u')), "{listed:?}");
}

#[test]
fn a_quantity_is_asked_for_from_any_pane() {
    let mut driver = with_item("120x36", Language::Zh, PHONE);
    driver.keys("5 :");
    driver.type_text("算价");
    driver.keys("<enter>");
    driver.type_text("100");
    driver.keys("<enter>");
    assert!(driver.screen().contains("购100"), "{}", driver.screen());
}

#[rstest]
#[case("1 <tab>")]
#[case("2")]
#[case("3")]
#[case("4")]
#[case("5")]
fn jq_opens_the_response_from_any_pane_without_a_call(#[case] pane: &str) {
    let mut driver = with_item("80x24", Language::En, PHONE);
    driver.keys(pane);
    driver.keys("|");
    driver.type_text(".item.title");
    driver.filter();
    assert!(driver.focused().contains("1 result"), "{}", driver.screen());
    driver.keys("<enter>");
    assert!(driver.focused().contains("jq"), "{}", driver.screen());
    assert!(driver.fetches.is_empty());
}

#[test]
fn jq_leaves_the_focus_where_there_is_nothing_to_filter() {
    let mut driver = Driver::new("80x24", Language::En, false);
    driver.keys("<esc> 4");
    let before = driver.focused();
    driver.keys("|");
    assert!(driver.screen().contains("No JSON here to filter"), "{}", driver.screen());
    assert_eq!(driver.focused(), before);
}
