//! Snapshots of whole screens and of every pane, in Chinese and in English; `states` has every state with its
//! styles.

use bytes::Bytes;
use obx_core::fetch::Source;
use obx_core::i18n::Language;
use onebound::{CallSettings, Outcome, RequestStage, ResultType};
use rstest::rstest;

use crate::support::{Driver, item_with, response, styles};

pub(crate) const PHONE: &str = "1688_item_get_610947572360.json";
const MACHINE: &str = "taobao_item_get_600448952765.json";

pub(crate) fn check(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

pub(crate) fn code(language: Language) -> &'static str {
    if language == Language::Zh { "zh" } else { "en" }
}

/// A session in which this item was fetched.
pub(crate) fn with_item(size: &str, language: Language, body: &str) -> Driver {
    let id = body.trim_end_matches(".json").rsplit('_').next().unwrap();
    with_body(size, language, id, 200, response(body))
}

pub(crate) fn with_body(size: &str, language: Language, id: &str, status: u16, body: Bytes) -> Driver {
    let mut driver = Driver::new(size, language, false);
    driver.app.fill_id(id);
    driver.keys("<enter>");
    driver.answer(status, body, Source::Live);
    driver
}

#[rstest]
fn an_item_on_the_whole_screen(
    #[values("60x16")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let driver = with_item(size, language, PHONE);
    check(&format!("item_{size}_{}", code(language)), &driver.screen());
}

/// The header, and the pane of the item, which has the focus.
fn header_and_item(driver: &Driver) -> String {
    format!("{}\n{}", driver.screen().lines().next().unwrap_or_default(), driver.focused())
}

/// The item as PHP's own `serialize` and `var_export` wrote it: as it looks in JSON, but for the header's word and
/// the response itself.
#[rstest]
#[case(ResultType::Serialize, "120x36", Language::Zh)]
#[case(ResultType::VarExport, "80x24", Language::En)]
#[case(ResultType::Xml, "120x36", Language::En)]
fn an_item_in_another_form_says_so_in_the_header(
    #[case] result_type: ResultType,
    #[case] size: &str,
    #[case] language: Language,
) {
    let call = CallSettings { result_type, ..CallSettings::default() };
    let mut driver = Driver::asking(call, size, language, false);
    driver.app.fill_id("610947572360");
    driver.keys("<enter>");
    let body = response(&format!("php/1688_item_get_610947572360.{result_type}"));
    driver.answer(200, body, Source::Live);
    driver.keys("2");
    check(&format!("item_{result_type}_{size}_{}", code(language)), &header_and_item(&driver));
}

#[rstest]
fn each_pane_with_the_focus(#[values("1", "2", "3", "4", "5", "6")] digit: &str) {
    let size = "80x24";
    let mut driver = with_item(size, Language::En, MACHINE);
    driver.keys(digit);
    check(&format!("focus_{digit}_{size}_en"), &driver.screen());
}

#[rstest]
fn the_palette(#[values(Language::En, Language::Zh)] language: Language) {
    let size = "80x24";
    let mut driver = with_item(size, language, PHONE);
    driver.keys(":");
    check(&format!("palette_{size}_{}", code(language)), &driver.screen());
}

#[rstest]
fn a_log_of_many_kinds(#[values("80x24", "120x36")] size: &str) {
    let mut driver = with_item(size, Language::Zh, PHONE);
    let bodies = [
        response("1688_error_2000.json"),
        response("error_4013_quota.json"),
        "<html>".into(),
        response(MACHINE),
        r#"{"error_code":"4099","reason":"新的错误"}"#.into(),
    ];
    for body in bodies {
        driver.wait(61.0);
        driver.keys("R");
        driver.answer(200, body, Source::Live);
    }
    driver.wait(2.0);
    driver.keys("R");
    driver.fail(RequestStage::NothingSent, crate::support::failure("connect"));
    driver.wait(2.0);
    driver.keys("R");
    driver.fail(RequestStage::Sent, Outcome::Cancelled);
    driver.keys("1 <enter>");
    driver.answer(200, response(PHONE), Source::Store);
    driver.keys("5 j j");
    let shown = if size == "80x24" { driver.screen() } else { driver.focused() };
    check(&format!("log_{size}_zh"), &shown);
}

/// One is waited for, one no longer, and one has ended.
#[rstest]
fn a_log_with_calls_under_way(
    #[values("80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = with_item(size, language, PHONE);
    driver.wait(20.0);
    for id in ["610947572361", "610947572362"] {
        driver.keys("1");
        driver.type_text(id);
        driver.keys("<enter>");
        driver.reach(true);
        driver.wait(3.2);
        if id.ends_with('1') {
            driver.keys("<esc>");
        }
    }
    driver.keys("5");
    check(&format!("log_under_way_{size}_{}", code(language)), &driver.focused());
    if size == "120x36" && language == Language::En {
        check("styles_log_under_way_120x36", &styles(&driver.buffer()));
    }
}

#[test]
fn odd_fields_can_be_distinguished() {
    let body = r#"{"error_code":"0000","item":{"num_iid":9,"title":"怪","price":{"a":1},"num":null,"sales":"",
        "props":[{"label":"颜色","value":""},{"name":"x","value":null},"裸值"],
        "priceRange":[[2,"75.00"],[100,"70.5"]],
        "skus":{"sku":[{"properties_name":"-1:2:颜色:红;蓝; 3:4:尺码:XL","price":5,"quantity":null,"sku_id":""},
        {"properties":"1:1","price":"4.50","quantity":[],"sales":0}]},"props_list":{"1:1":"颜色:绿"}}}"#;
    let driver = with_body("120x36", Language::En, "9", 200, body.into());
    check("odd_fields_120x36_en", &driver.screen());
}

#[test]
fn text_that_a_terminal_would_obey_is_shown_harmless() {
    let body = "{\"error_code\":\"0000\",\"item\":{\"num_iid\":\"9\",\"title\":\"a\\u001b[2Jb\\u001b]52;c;aGk=\\u0007c\\u202ed\\nе\u{301}\",\
        \"price\":\"1\",\"nick\":\"\u{1b}[31mred\u{9b}5m\",\"location\":\"x\u{200b}y\"}}";
    let mut driver = with_body("80x24", Language::En, "9", 200, body.into());
    check("hostile_80x24_en", &driver.screen());
    driver.keys("6");
    check("hostile_response_80x24_en", &driver.screen());
    driver.keys("t");
    check("hostile_raw_80x24_en", &driver.screen());
}

#[test]
fn the_end_of_300_rows_with_scrolled_columns() {
    let mut driver = with_body("80x24", Language::Zh, "9", 200, item_with(300));
    driver.keys("3 G k l l");
    check("skus_300_80x24_zh", &driver.focused());
}

#[rstest]
fn a_large_table_while_it_is_filtered_and_sorted(#[values(Language::En, Language::Zh)] language: Language) {
    let mut driver = with_body("80x24", language, "9", 200, item_with(20_000));
    driver.wait(0.1);
    driver.keys("3 / 9");
    check(&format!("filtering_80x24_{}", code(language)), &driver.focused());
    driver.keys("<esc> s");
    check(&format!("sorting_80x24_{}", code(language)), &driver.focused());
}

#[rstest]
fn too_small_a_screen(#[values("59x16", "20x4", "3x1", "1x1")] size: &str) {
    let mut driver = with_item("80x24", Language::En, PHONE);
    driver.resize(size);
    check(&format!("too_small_{size}"), &driver.screen());
}

/// A name or value of which nothing would be seen is no blank row.
#[test]
fn a_prop_that_can_not_be_seen_is_named_by_its_characters() {
    let body = "{\"error_code\":\"0000\",\"item\":{\"num_iid\":\"9\",\"title\":\"t\",\"price\":\"1.00\",\"props\":[\
        {\"name\":\"\\u200b\\ufeff\",\"value\":\"  \"},{\"name\":\"材质\",\"value\":\"\\u0301\\u2800\"}]}}";
    let driver = with_body("120x36", Language::En, "9", 200, Bytes::from_static(body.as_bytes()));
    let screen = driver.screen();
    for reported in ["U+200B U+FEFF", "U+0020 U+0020", "材质", "U+0301 U+2800"] {
        assert!(screen.contains(reported), "{reported}\n{screen}");
    }
}

/// The log says which of its rows the other panes show.
#[test]
fn the_row_of_what_is_shown_is_marked() {
    let mut driver = with_item("120x36", Language::En, PHONE);
    driver.wait(2.0);
    driver.keys("R");
    driver.reach(true);
    let marked = |driver: &Driver| driver.screen().lines().filter(|line| line.contains('•')).count();
    assert_eq!(marked(&driver), 1, "the answer that is shown meanwhile");
    driver.keys("<esc>");
    driver.answer(200, response("1688_error_2000.json"), Source::Live);
    let screen = driver.screen();
    let row = screen.lines().find(|line| line.contains('•')).unwrap_or_default();
    assert!(row.contains("0000 success"), "{screen}");
    driver.keys("5 g <enter>");
    let screen = driver.screen();
    let row = screen.lines().find(|line| line.contains('•')).unwrap_or_default();
    assert!(row.contains("▸•") && row.contains("2000"), "{screen}");
}
