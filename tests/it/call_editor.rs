//! The call editor and the offer of the next host, as pictures: three sizes, both languages, and by style.

use bytes::Bytes;
use obx::message::{Effect, Event};
use obx_core::fetch::{FetchPolicy, Source};
use obx_core::i18n::Language;
use onebound::{CallKind, GATEWAY, RequestStage};
use rstest::rstest;

use crate::screens::{PHONE, check, code};
use crate::support::{Driver, failure, response, styles};

const HOSTS: [&str; 2] = [GATEWAY, "https://api-1.onebound.cn"];

fn priced(size: &str, language: Language) -> Driver {
    let mut driver = Driver::with(size, language, false, &HOSTS, Some("0.02"));
    driver.app.fill_id("610947572360");
    driver
}

/// An item on the screen, and the editor over it.
fn editor(size: &str, language: Language) -> Driver {
    let mut driver = priced(size, language);
    driver.keys("<enter>");
    driver.answer(200, response(PHONE), Source::Live);
    driver.keys("c");
    driver
}

fn ask_for_a_search(driver: &mut Driver) -> Vec<Effect> {
    driver.keys("<end> ^u");
    driver.type_text("item_search");
    driver.keys("<down> <down>");
    driver.type_text("女装");
    // From the words down to the language.
    driver.keys("<down> <down> <down> <down> <down> <right>");
    driver.keys("<pgdn> <pgdn>")
}

#[rstest]
fn the_editor_as_it_opens_and_before_it_sends(
    #[values("60x16", "80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = editor(size, language);
    let opened = driver.screen();
    ask_for_a_search(&mut driver);
    let all = format!("{opened}\n{}\n{}", driver.screen(), styles(&driver.buffer()));
    check(&format!("call_editor_{size}_{}", code(language)), &all);
}

#[rstest]
fn a_mistake_is_shown_at_its_place(#[values(Language::En, Language::Zh)] language: Language) {
    let mut driver = editor("80x24", language);
    driver.keys("<pgdn> <pgdn> <up> <enter>");
    driver.type_text("secret=planted");
    let further = driver.screen();
    assert!(!further.contains("planted"), "{further}");
    driver.keys("<down> <down>");
    let sending = driver.screen();
    assert_eq!(driver.keys("<enter>"), []);
    check(&format!("call_editor_mistake_80x24_{}", code(language)), &format!("{further}\n{sending}"));
}

#[rstest]
fn the_answer_of_a_search(#[values(Language::En, Language::Zh)] language: Language) {
    let size = "80x24";
    let mut driver = editor(size, language);
    ask_for_a_search(&mut driver);
    driver.keys("<enter>");
    driver.answer(200, response("taobao_item_search.json"), Source::Live);
    let response = driver.screen();
    driver.keys("5");
    check(&format!("raw_answer_{size}_{}", code(language)), &format!("{response}\n{}", driver.screen()));
}

#[rstest]
fn the_next_host_is_offered_with_its_price_and_explained_after_it_was_asked(
    #[values("60x16", "80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = priced(size, language);
    driver.keys("<enter>");
    driver.fail(RequestStage::Sent, failure("closed"));
    let offered = driver.screen();
    assert!(offered.contains("api-1.onebound.cn ¥0.02"), "{offered}");
    driver.keys("Y");
    driver.answer(200, response(PHONE), Source::Live);
    driver.keys("!");
    if size == "80x24" {
        check(&format!("next_host_{size}_{}", code(language)), &format!("{offered}\n{}", driver.screen()));
    }
}

#[test]
fn no_order_of_pastes_and_bursts_sends_a_call() {
    let mut driver = editor("80x24", Language::En);
    let texts = ["\n", "item_search\n", "\r\n\r\n", "610947572360\n"];
    for at in 0..20 {
        for text in texts {
            assert_eq!(driver.update(Event::Paste(text.to_owned())), []);
        }
        assert_eq!(driver.key("<enter>", true), []);
        assert_eq!(driver.key("<down>", true), []);
        assert_eq!(driver.key("<enter>", true), [], "after {at} lines");
    }
}

#[test]
fn an_enter_that_is_held_down_never_gets_to_the_line_that_sends() {
    let mut driver = editor("80x24", Language::En);
    driver.keys("<down>");
    driver.type_text(" ");
    for _ in 0..60 {
        assert_eq!(driver.keys("<enter>"), []);
    }
}

#[test]
fn in_demo_there_is_no_host_to_choose() {
    let mut driver = Driver::with("80x24", Language::En, true, &[], None);
    driver.keys("<esc> c");
    assert!(!driver.screen().contains("Host"), "{}", driver.screen());
}

#[test]
fn the_mark_of_another_host_can_be_searched_for() {
    let mut driver = priced("120x36", Language::En);
    driver.keys("<enter>");
    driver.answer(502, Bytes::from_static(b"<html>"), Source::Live);
    driver.keys("Y");
    driver.answer(200, response(PHONE), Source::Live);
    driver.keys("5 / @ 2 <enter>");
    let screen = driver.screen();
    assert!(screen.contains("@2 0000") && !screen.contains("HTTP 502"), "{screen}");
}

/// The editor with an order in it, the cursor on the line that sends.
fn order(size: &str, language: Language) -> Driver {
    let mut driver = Driver::with(size, language, false, &HOSTS, Some("0.02"));
    driver.keys("<esc> c <end> ^u");
    driver.type_text("custom");
    // One line up from the one that sends: the confirmation; above it a parameter is added.
    driver.keys("<pgdn> <pgdn> <up> <up> <enter>");
    driver.type_text("method=com.alibaba.trade/createOrder");
    driver.keys("<pgdn> <pgdn>");
    driver
}

#[rstest]
fn a_call_that_may_trade_is_sent_by_a_typed_confirmation_once(
    #[values("60x16", "80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = order(size, language);
    let before = driver.screen();
    assert!(!before.contains('¥'), "{before}");
    assert_eq!(driver.keys("<enter>"), [], "Enter leads to the confirmation");
    driver.type_text("custom");
    assert_eq!(driver.keys("<pgdn> <enter>"), [], "what was typed is not the method");
    driver.keys("^u");
    driver.type_text("com.alibaba.trade/createOrder");
    driver.keys("<pgdn>");
    let confirmed = driver.screen();
    assert!(confirmed.contains("¥0.02"), "{confirmed}");
    let [Effect::Fetch(order)] = &driver.keys("<enter>")[..] else { panic!("sent") };
    assert_eq!((order.call().kind(), matches!(order.want(), FetchPolicy::Trade(_))), (CallKind::Trade, true));
    if size == "80x24" {
        check(&format!("call_editor_trade_{size}_{}", code(language)), &format!("{before}\n{confirmed}"));
    }
}

#[test]
fn a_call_that_may_trade_is_repeated_by_no_key() {
    let mut driver = order("120x36", Language::En);
    driver.keys("<enter>");
    driver.type_text("com.alibaba.trade/createOrder");
    driver.keys("<pgdn> <enter>");
    driver.fail(RequestStage::Sent, failure("closed"));
    let failed = driver.screen();
    assert!(!failed.contains("api-1.onebound.cn"), "no other host is offered: {failed}");
    assert!(!failed.contains("refetch"), "R sends nothing, so nothing says that it would: {failed}");
    let repeat = |driver: &mut Driver, keys: &str| {
        driver.wait(5.0);
        let effects = driver.keys(keys);
        assert!(!effects.iter().any(|effect| matches!(effect, Effect::Fetch(_))), "{keys}: {effects:?}");
    };
    for keys in ["Y", "R", "5 R", "6 R"] {
        repeat(&mut driver, keys);
    }
    assert!(driver.screen().contains("may place an order"), "{}", driver.screen());
}

#[test]
fn a_hidden_parameter_keeps_its_name() {
    let mut driver = editor("80x24", Language::En);
    driver.keys("<pgdn> <pgdn> <up> <enter>");
    driver.type_text("session=planted");
    let screen = driver.screen();
    assert!(screen.contains("\u{25b8} session") && screen.contains('\u{2022}'), "{screen}");
    assert!(!screen.contains("planted"), "{screen}");
}
