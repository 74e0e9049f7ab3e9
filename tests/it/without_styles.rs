//! Screens as text alone, without colours, dim, bold and reverse: what matters can still be told.

use obx::ui::field::cell;
use obx_core::fetch::Source;
use obx_core::i18n::{Language, Texts};
use onebound::{Field, Outcome, RequestStage};
use ratatui::style::Style;
use rstest::rstest;

use crate::screens::{PHONE, with_body, with_item};
use crate::support::{Driver, response};

fn phone(size: &str) -> Driver {
    with_item(size, Language::En, PHONE)
}

fn texts() -> Texts {
    Texts::new(Language::En)
}

#[rstest]
fn the_pane_with_the_focus_and_its_row_have_marks(#[values("80x24", "120x36", "200x50")] size: &str) {
    let mut driver = phone(size);
    let mut screens = Vec::new();
    for digit in ["2", "3", "4", "5", "6"] {
        driver.keys(digit);
        assert_eq!(
            driver.screen().matches('┏').count(),
            1,
            "one pane has a thick frame\n{}",
            driver.screen()
        );
        let top = driver.focused().lines().next().unwrap_or_default().to_owned();
        assert!(top.contains(&format!(" {digit} ")), "{top}");
        assert!(!screens.contains(&driver.screen()));
        screens.push(driver.screen());
    }
    for (digit, mark) in [("3", '▸'), ("4", '▸'), ("6", '▌')] {
        driver.keys(digit);
        let row = |driver: &Driver| driver.focused().lines().position(|line| line.contains(mark));
        let before = row(&driver);
        driver.keys("j");
        assert!(
            before.is_some() && row(&driver) == before.map(|row| row + 1),
            "{digit}\n{}",
            driver.screen()
        );
    }
}

#[test]
fn what_a_call_cost_is_a_sign_or_a_word() {
    let mut driver = phone("120x36");
    let bodies = [response("1688_error_2000.json"), "<html>".into(), r#"{"error_code":"4003"}"#.into()];
    for body in bodies {
        driver.wait(61.0);
        driver.keys("R");
        driver.answer(200, body, Source::Live);
    }
    driver.wait(2.0);
    driver.keys("R");
    driver.fail(RequestStage::NothingSent, Outcome::Cancelled);
    driver.keys("1 <enter>");
    driver.answer(200, response(PHONE), Source::Store);
    driver.keys("5");
    let costs: Vec<String> = driver
        .focused()
        .lines()
        .filter_map(|line| {
            let signs =
                [" ¥ ", " ? ", &format!(" {} ", texts().mark_free()), &format!(" {} ", texts().mark_store())];
            let found: Vec<String> =
                signs.iter().filter(|sign| line.contains(*sign)).map(|sign| sign.trim().to_owned()).collect();
            line.contains("610947572360").then(|| found.join("+"))
        })
        .collect();
    for expected in ["¥", "?", texts().mark_free(), texts().mark_store()] {
        assert!(costs.contains(&expected.to_owned()), "{expected} of {costs:?}\n{}", driver.focused());
    }
    assert!(
        costs.iter().all(|cost| !cost.is_empty() && !cost.contains('+')),
        "{costs:?}\n{}",
        driver.focused()
    );
}

#[test]
fn what_is_shown_says_where_it_is_from() {
    let header = |driver: &Driver| driver.screen().lines().next().unwrap_or_default().to_owned();
    let mut driver = phone("120x36");
    assert!(header(&driver).contains("live"), "{}", header(&driver));
    driver.keys("1 <enter>");
    driver.answer(200, response(PHONE), Source::Store);
    assert!(header(&driver).contains("store") && !header(&driver).contains("live"), "{}", header(&driver));
    let body = String::from_utf8(response(PHONE).to_vec()).unwrap();
    assert!(body.contains("\"cache\": 0"));
    driver.keys("R");
    driver.answer(200, body.replace("\"cache\": 0", "\"cache\": 1").into(), Source::Live);
    assert!(header(&driver).contains("cache"), "{}", header(&driver));
}

#[test]
fn a_missing_combination_is_a_dot() {
    let body = r#"{"error_code":"0000","item":{"num_iid":"9","title":"a","price":"1","skus":{"sku":[
        {"sku_id":"1","price":"1","properties_name":"0:0:a:x;1:0:b:y"},
        {"sku_id":"2","price":"2","properties_name":"0:1:a:z;1:1:b:w"}]}}}"#;
    let mut driver = with_body("80x24", Language::En, "9", 200, body.into());
    driver.keys("3 P");
    assert_eq!(driver.focused().lines().filter(|line| line.contains("· ")).count(), 3, "{}", driver.screen());
}

#[test]
fn a_form_that_can_not_be_exported_says_why_in_its_row() {
    let body = r#"{"error_code":"2000","reason":"no result"}"#;
    let mut driver = with_body("120x36", Language::En, "9", 200, body.into());
    driver.keys("x");
    let row = |name: &str| {
        let screen = driver.focused();
        screen.lines().find(|line| line.contains(name)).unwrap_or_default().to_owned()
    };
    assert!(row(texts().export_sku_csv()).contains('('), "{}", driver.focused());
    assert!(!row(texts().export_body()).contains('('), "{}", driver.focused());
}

#[test]
fn a_picture_that_is_not_loaded_from_its_host_is_marked_in_the_list() {
    let body = r#"{"error_code":"0000","item":{"num_iid":"9","title":"a","price":"1",
        "item_imgs":[{"url":"https://cbu01.alicdn.com/a.jpg"},{"url":"https://pictures.example/b.jpg"}]}}"#;
    let mut driver = with_body("80x24", Language::En, "9", 200, body.into());
    driver.keys("I");
    let rows: Vec<String> = driver.focused().lines().skip(1).take(2).map(str::to_owned).collect();
    assert!(!rows[0].contains('!') && rows[1].contains("┃ !"), "{rows:?}");
}

#[test]
fn absent_null_and_empty_differ_from_texts_that_look_like_them() {
    let shown = |field: Field<'_>| cell(&field, Style::new()).text;
    let marks = [Field::Absent, Field::Null, Field::Text("".into())].map(shown);
    for mark in &marks {
        let as_text = shown(Field::Text(mark.clone().into()));
        assert!(!marks.contains(&as_text), "{mark} and {as_text}");
    }
    assert_eq!(shown(Field::Text("nullable".into())), "nullable");
}
