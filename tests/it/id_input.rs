//! IDs as buyers type them, and what Enter says before it spends a call on one.

use obx::message::{Effect, Event, StoreEvent, StoreRequest};
use obx_core::fetch::Source;
use obx_core::i18n::Language;
use onebound::RequestStage;
use rstest::rstest;

use crate::screens::{PHONE, with_item};
use crate::support::{Driver, failure, response};

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
    assert_eq!(calls(&mut driver, "<enter>"), 0, "at once it may be a key that is held");
    driver.wait(2.0);
    assert_eq!(calls(&mut driver, "<enter>"), 1);
}

#[rstest]
#[case(":", "Actions")]
#[case("：", "Actions")]
#[case("?", "Keys")]
fn the_empty_input_opens_the_palette_and_the_help(#[case] key: &str, #[case] title: &str) {
    let mut driver = typed(key);
    assert!(driver.screen().contains(title), "{}", driver.screen());
    driver.keys("<esc>");
    driver.type_text("https");
    driver.type_text(key);
    assert!(!driver.screen().contains(title), "{}", driver.screen());
    assert!(driver.screen().contains(&format!("https{key}")), "{}", driver.screen());
}

#[test]
fn of_several_pasted_ids_none_is_inserted() {
    let mut driver = typed("");
    driver.update(Event::Paste("610947572360 610947590300".to_owned()));
    assert!(driver.screen().contains("2 items in the pasted text"), "{}", driver.screen());
    assert!(!driver.screen().contains("610947572360 6"), "{}", driver.screen());
}

#[test]
fn an_edit_takes_the_warning_back() {
    let mut driver = typed("13800138000");
    assert_eq!(calls(&mut driver, "<enter> <backspace> 1 <enter>"), 0);
    assert_eq!(calls(&mut driver, "<backspace> 0 <enter>"), 0);
    driver.wait(2.0);
    assert_eq!(calls(&mut driver, "<enter>"), 1);
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
    assert!(driver.screen().contains("15 digits, IDs have 9 to 13"), "{}", driver.screen());
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

#[rstest]
#[case("7", "only 1 digit, IDs have 9 to 13 · Enter fetches ¥", "仅1位数字，ID通常9至13位 · 回车调用接口 ¥")]
#[case(
    "12345678",
    "only 8 digits, IDs have 9 to 13 · Enter fetches ¥",
    "仅8位数字，ID通常9至13位 · 回车调用接口 ¥"
)]
fn a_short_id_says_what_is_odd_and_one_enter_fetches_it(
    #[case] id: &str,
    #[case] en: &str,
    #[case] zh: &str,
    #[values("60x16", "80x24")] size: &str,
) {
    for (language, expected) in [(Language::En, en), (Language::Zh, zh)] {
        let mut driver = Driver::new(size, language, false);
        driver.type_text(id);
        assert!(driver.screen().contains(expected), "{}", driver.screen());
        assert_eq!(calls(&mut driver, "<enter>"), 1);
    }
}

#[rstest]
fn an_item_whose_last_call_got_no_answer_is_offered_with_a_word(#[values("60x16", "80x24")] size: &str) {
    for (language, expected) in [
        (Language::En, "sent once, may be billed twice · Enter fetches ¥"),
        (Language::Zh, "曾发送过，可能重复计费 · 回车调用接口 ¥"),
    ] {
        let mut driver = Driver::new(size, language, false);
        assert!(
            driver.type_text("610947572360").is_empty(),
            "nothing is asked while the log has no such call"
        );
        driver.keys("<enter>");
        driver.fail(RequestStage::Sent, failure("closed"));
        // While the ID is typed once more.
        let asked = driver.keys("1 <right> <backspace> 0");
        let Some(Effect::Store(StoreRequest::Doubt(call))) = asked.first().cloned() else {
            panic!("{asked:?}")
        };
        assert!(!driver.screen().contains(expected), "{}", driver.screen());
        let since = Some(driver.at());
        assert!(driver.update(Event::Store(StoreEvent::Doubt { call, since })).is_empty(), "asked once");
        assert!(driver.screen().contains(expected), "{}", driver.screen());
        assert_eq!(calls(&mut driver, "<enter>"), 1);
    }
}

/// Also where the log has no such call in memory, so that nothing could be said beside the price.
#[rstest]
#[case(Language::En, "Sent at 15:24 before, and no answer came: both calls may be billed")]
#[case(Language::Zh, "先前已于 15:24 发出调用，但未收到响应：两次都可能计费")]
fn an_answer_that_was_bought_beside_one_in_doubt_says_so(#[case] language: Language, #[case] expected: &str) {
    let mut driver = Driver::new("80x24", language, false);
    driver.type_text("610947572360");
    driver.in_doubt = Some(driver.at());
    driver.keys("<enter>");
    driver.answer(200, response("1688_error_2000.json"), Source::Live);
    assert!(driver.screen().contains(expected), "{}", driver.screen());
}

#[rstest]
#[case("https://item.taobao.com/item.htm?id=610947572360")]
#[case("https://detail.tmall.com/item.htm?id=610947572360")]
fn an_address_of_another_platform_says_how_to_ask_for_it(#[case] address: &str) {
    let mut driver = Driver::new("80x24", Language::En, false);
    driver.type_text(address);
    assert!(driver.screen().contains("needs --platform taobao"), "{}", driver.screen());
    assert_eq!(calls(&mut driver, "<enter>"), 0);
    let screen = driver.screen();
    assert!(
        screen.contains("use --platform taobao") && screen.contains("or Esc, c for one call"),
        "{screen}"
    );
}

#[rstest]
fn a_share_code_says_what_to_do_and_which_platforms_need_a_flag(
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = Driver::new("80x24", language, false);
    driver.type_text("￥AbC123dEf￥ 打开手机淘宝");
    driver.keys("<enter>");
    assert!(driver.screen().contains("--platform taobao"), "{}", driver.screen());
}

/// The input names what is asked for, as after Enter, unless another ID is being typed.
#[test]
fn a_refetch_of_another_row_fills_its_id_in() {
    let mut driver = with_item("120x36", Language::En, PHONE);
    driver.app.fill_id("610947572000");
    driver.keys("1 <enter>");
    driver.answer(200, response("1688_error_2000.json"), Source::Live);
    driver.keys("5 j");
    driver.late(2.0);
    assert_eq!(calls(&mut driver, "R R"), 1);
    let input = driver.screen().lines().nth(2).unwrap().to_owned();
    assert!(input.contains("610947572360"), "{}", driver.screen());
    driver.answer(200, response(PHONE), Source::Live);
    let input = driver.screen().lines().nth(2).unwrap().to_owned();
    assert!(input.contains("610947572360"), "{}", driver.screen());
}
