//! The response pane in all its views: snapshots in Chinese and English, and what its keys do.

use obx_core::fetch::Source;
use obx_core::i18n::Language;
use onebound::{CallSettings, Outcome, RequestStage, ResultType};
use rstest::rstest;

use crate::screens::{check, code, with_body, with_item};
use crate::support::{Driver, failure, item_with, response, styles};

const PHONE: &str = "1688_item_get_610947572360.json";

/// JSON in a string, JSON in that, a text of several lines, and all that can be nothing.
const ODD: &str = concat!(
    r#"{"error_code":"0000","item":{"num_iid":"9","title":"怪","price":"799.00","price":799.0,"null":null,"empty":"","#,
    r#""list":[],"map":{},"words":"[微笑]","desc":"第一行\n第二行\u001b[2J <p>很长的一段文字，放不进一行，所以要折起来看，再长一些</p>","#,
    r#""extra":"{\"a\": [1, 2.50], \"deep\": \"{\\\"b\\\": null}\"}","a b":[[1,2],[3]]}}"#
);

#[rstest]
fn the_tree_folded_and_unfolded(
    #[values("60x16", "80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = with_item(size, language, PHONE);
    driver.keys("6");
    check(&format!("tree_{size}_{}", code(language)), &driver.screen());
    driver.keys("z R ^d ^d ^d");
    if (size, language) == ("120x36", Language::En) {
        check("tree_unfolded_120x36_en", &driver.focused());
    }
}

#[rstest]
fn a_search_in_the_tree(#[values(Language::En, Language::Zh)] language: Language) {
    let size = "80x24";
    let mut driver = with_item(size, language, PHONE);
    driver.keys("6 /");
    check(&format!("search_typed_{size}_{}", code(language)), &driver.screen());
    driver.type_text("price");
    driver.keys("<enter> n n n");
    check(&format!("search_{size}_{}", code(language)), &driver.screen());
}

#[test]
fn hits_cursor_and_view_show_without_colour() {
    let mut driver = with_item("80x24", Language::En, PHONE);
    driver.keys("6 /");
    driver.type_text("sale");
    driver.keys("<enter>");
    check("styles_search_80x24", &styles(&driver.buffer()));
}

#[rstest]
fn the_other_views(#[values(Language::En, Language::Zh)] language: Language) {
    let size = "120x36";
    let mut driver = with_item(size, language, PHONE);
    driver.keys("6 t");
    check(&format!("raw_{size}_{}", code(language)), &driver.screen());
    driver.keys("p");
    check(&format!("raw_pretty_printed_{size}_{}", code(language)), &driver.screen());
    driver.keys("t");
    check(&format!("headers_{size}_{}", code(language)), &driver.screen());
    driver.keys("t");
    check(&format!("timing_{size}_{}", code(language)), &driver.screen());
}

#[rstest]
fn an_exchange_without_a_body(#[values(Language::En, Language::Zh)] language: Language) {
    let size = "120x36";
    let mut driver = Driver::new(size, language, false);
    driver.app.fill_id("9");
    driver.keys("<enter>");
    driver.fail(RequestStage::NothingSent, failure("connect"));
    driver.keys("6");
    check(&format!("no_body_{size}_{}", code(language)), &driver.screen());
}

#[rstest]
fn json_and_lines_in_a_string(#[values(Language::En, Language::Zh)] language: Language) {
    let size = "80x24";
    let mut driver = with_body(size, language, "9", 200, ODD.into());
    driver.keys("6 f /");
    driver.type_text("desc");
    driver.keys("<enter> w J <space> j j j <enter> j");
    check(&format!("inside_a_string_{size}_{}", code(language)), &driver.focused());
}

#[rstest]
fn a_search_goes_into_json_in_a_string(#[values(Language::En, Language::Zh)] language: Language) {
    let size = "80x24";
    let mut driver = with_body(size, language, "9", 200, ODD.into());
    driver.keys("6 f /");
    driver.type_text("null");
    driver.keys("<enter>");
    check(&format!("search_before_a_string_{size}_{}", code(language)), &driver.focused());
    driver.keys("n");
    check(&format!("search_inside_a_string_{size}_{}", code(language)), &driver.focused());
}

#[test]
fn a_prefix_shows_what_it_waits_for() {
    let mut driver = with_item("120x36", Language::En, PHONE);
    driver.keys("6 z");
    check("prefix_120x36_en", &driver.screen());
    driver.keys("<esc> ?");
    check("help_response_120x36_en", &driver.screen());
}

#[test]
fn help_is_searched_and_closed_in_two_steps() {
    for (size, language, query, words) in [
        ("80x24", Language::En, "help_search_80x24_en", "column"),
        ("120x36", Language::En, "help_search_120x36_en", "ＣＯＰＹ"),
        ("80x24", Language::Zh, "help_search_80x24_zh", "列"),
        ("120x36", Language::Zh, "help_search_120x36_zh", "copy"),
    ] {
        let mut driver = with_body(size, language, "9", 200, "{}".into());
        driver.keys("6");
        let without = driver.screen();
        driver.keys("?");
        let all = driver.screen();
        driver.keys("/");
        driver.type_text(words);
        check(query, &driver.screen());
        driver.type_text(" no such thing");
        driver.keys("<enter>");
        assert!(driver.screen().contains("0 of") || driver.screen().contains("0/"), "{}", driver.screen());
        driver.keys("<esc>");
        assert_eq!(driver.screen(), all);
        driver.keys("<esc>");
        assert_eq!(driver.screen(), without);
    }
}

#[test]
fn a_page_instead_of_an_answer_is_shown_as_text_and_searched() {
    let page = "<html><title>405</title>\n<p>访问被阻断 secret=planted-secret-9c1e</p>\n</html>";
    let mut driver = with_body("80x24", Language::En, "9", 403, page.into());
    driver.keys("6 /");
    driver.type_text("阻断");
    driver.keys("<enter>");
    check("raw_page_80x24_en", &driver.screen());
    check("styles_raw_page_80x24_en", &styles(&driver.buffer()));
}

#[test]
fn a_search_over_a_large_body_goes_on_between_keys() {
    let mut driver = with_body("80x24", Language::En, "9", 200, item_with(60_000));
    driver.keys("6 /");
    driver.type_text("4990000059999");
    assert!(driver.screen().contains("searching…"), "{}", driver.screen());
    driver.wait(0.1);
    let screen = driver.screen();
    assert!(screen.contains("1 of 1") && screen.contains("$.item.skus.sku[59999].sku_id"), "{screen}");
}

#[test]
fn a_text_too_large_to_search_is_not_said_to_be_without_hits() {
    let mut driver = with_body("120x36", Language::En, "9", 200, item_with(60_000));
    driver.keys("6 /");
    driver.type_text("4990000059999");
    driver.wait(0.1);
    driver.keys("<enter>");
    assert!(driver.screen().contains("1 of 1"), "{}", driver.screen());
    driver.keys("t");
    driver.wait(0.1);
    assert!(!driver.screen().contains("not found"), "{}", driver.screen());
    driver.keys("n");
    assert!(driver.screen().contains("The text is too large to search here"), "{}", driver.screen());
    driver.keys("/");
    assert!(driver.screen().contains("The text is too large to search: searching the tree"));
}

#[test]
fn an_idle_response_wakes_nobody() {
    for keys in ["6", "6 t", "6 / a <enter>", "6 / a <enter> 2"] {
        let mut driver = with_body("80x24", Language::En, "9", 200, item_with(10));
        driver.keys(keys);
        driver.wait(0.1);
        let until = driver.app.next_wake();
        assert!(until.is_none_or(|wake| wake.as_secs() > 60), "{keys}: {until:?}");
    }
}

#[test]
fn the_end_of_a_large_text_is_reached() {
    let mut driver = with_body("80x24", Language::En, "9", 200, item_with(10_000));
    driver.keys("6 t G");
    driver.wait(0.1);
    assert!(driver.screen().contains("4990000009999"), "{}", driver.screen());
}

#[test]
fn json_that_is_no_answer_has_a_tree_too() {
    let mut driver = with_body("80x24", Language::En, "9", 200, r#"{"a":{"b":1}}"#.into());
    driver.keys("6 z R");
    assert!(driver.screen().contains("b: 1"), "{}", driver.screen());
}

/// More JSON than is parsed while a key waits, with this after it.
fn large_json(end: &str) -> String {
    let rows = "\"一行\",".repeat(60_000);
    format!(r#"{{"a":{{"b":1}},"rows":[{rows}"last"{end}"#)
}

#[test]
fn large_json_that_is_no_answer_is_parsed_off_the_loop() {
    let mut driver = with_body("80x24", Language::En, "9", 200, large_json("]}").into());
    driver.keys("6");
    assert!(driver.focused().contains("parsing…"), "{}", driver.screen());
    for keys in ["p", "|"] {
        driver.keys(keys);
        let screen = driver.screen();
        assert!(!screen.contains("Only JSON") && !screen.contains("No JSON here"), "{keys}: {screen}");
    }
    driver.wait(0.1);
    driver.keys("<esc> z R");
    assert!(driver.screen().contains("b: 1") && !driver.screen().contains("parsing…"), "{}", driver.screen());
    driver.keys("|");
    assert!(driver.screen().contains(".item.skus.sku[].price"), "{}", driver.screen());
}

#[test]
fn large_json_that_is_cut_off_can_be_pretty_printed_once_it_is_parsed() {
    let mut driver = with_body("80x24", Language::En, "9", 200, large_json("").into());
    driver.keys("6 p");
    assert!(!driver.screen().contains("pretty-printed"), "{}", driver.screen());
    driver.wait(0.1);
    driver.keys("p");
    driver.wait(0.1);
    assert!(driver.focused().contains("pretty-printed"), "{}", driver.screen());
}

#[test]
fn an_answer_after_large_json_is_not_replaced_by_it() {
    let mut driver = with_body("80x24", Language::En, "9", 200, large_json("]}").into());
    driver.keys("1");
    driver.app.fill_id("8");
    driver.keys("<enter>");
    driver.answer(200, r#"{"c":{"d":2}}"#.into(), Source::Live);
    driver.wait(0.1);
    driver.keys("6 z R");
    assert!(driver.screen().contains("d: 2") && !driver.screen().contains("rows"), "{}", driver.screen());
}

#[test]
fn what_was_masked_stays_masked_in_every_view() {
    let body = response("error_4013_key_in_reason.json");
    let text = std::str::from_utf8(&body).unwrap().replace("Key[", "Key[planted-key-5f3a");
    let mut driver = with_body("120x36", Language::En, "9", 200, text.into_bytes().into());
    for keys in ["6 z R", "t", "p", "t", "t"] {
        driver.keys(keys);
        assert!(!driver.screen().contains("planted"), "{keys}: {}", driver.screen());
    }
}

#[test]
fn a_closed_connection_tells_how_far_it_got() {
    let mut driver = Driver::new("80x24", Language::En, false);
    driver.app.fill_id("9");
    driver.keys("<enter>");
    driver.fail(RequestStage::Sent, Outcome::Cancelled);
    driver.keys("6 f");
    assert!(driver.screen().contains("no response started"), "{}", driver.screen());
}

/// Blanks inside of XML's values and PHP's strings are the vendor's: none goes, none comes.
#[rstest]
#[case(ResultType::Serialize)]
#[case(ResultType::VarExport)]
#[case(ResultType::Xml)]
fn what_is_no_json_stays_as_it_came_and_says_so(#[case] result_type: ResultType) {
    let call = CallSettings { result_type, ..CallSettings::default() };
    let mut driver = Driver::asking(call, "120x36", Language::En, false);
    driver.app.fill_id("610947572360");
    driver.keys("<enter>");
    let body = response(&format!("php/1688_item_get_610947572360.{result_type}"));
    driver.answer(200, body, Source::Live);
    driver.keys("6 t");
    let as_it_came = driver.screen();
    assert!(!as_it_came.contains("p pretty-print"), "{as_it_came}");
    driver.keys("p");
    let message = driver.screen();
    assert!(message.contains("Only JSON can be pretty-printed; the tree shows this one"), "{message}");
    let body = |screen: &str| screen.rsplit_once('\n').map(|(above, _)| above.to_owned());
    assert_eq!(body(message.trim_end()), body(as_it_came.trim_end()));
}
