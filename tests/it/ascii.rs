//! `--ascii`: of an answer whose data are ASCII, every screen is.

use obx::tui::Screen;
use obx::tui::backend::LeanBackend;
use obx::ui::overlay::Overlay;
use obx::ui::theme::Palette;
use obx_core::config::DisplaySettings;
use obx_core::fetch::Source;
use obx_core::i18n::Language;
use onebound::{Outcome, RequestStage};
use rstest::rstest;

use crate::support::Driver;

/// Tiers, mixed batches, an unknown stock, a missing combination, and a text that is cut.
const SHIRT: &str = r#"{"error_code":"0000","reason":"ok","api_info":"today:12 max:10000","execution_time":"6.65",
    "item":{"num_iid":"610947572360","title":"Cotton T-shirt with a name that is longer than any of the panes is wide, so that it is cut",
    "price":"15.80","orginal_price":"29.90","min_num":"2","unit":"pcs","num":"93120","is_support_mix":"true",
    "mix_amount":"60","mix_number":"5","priceRange":[[2,"15.80"],[50,"14.50"],[200,"13.90"]],"post_fee":"6.00",
    "item_imgs":[{"url":"https://cbu01.alicdn.com/a.jpg"},{"url":"https://example.com/b.jpg"}],
    "desc":"<p>Soft</p><img src=\"https://cbu01.alicdn.com/c.jpg\">","nick":"shop","location":"Yiwu",
    "props":[{"name":"Material","value":"cotton"},{"name":"Weight","value":"220 g"}],
    "skus":{"sku":[
    {"sku_id":"501","price":"15.80","quantity":932,"sales":"55","properties_name":"0:0:Colour:red;1:0:Size:S"},
    {"sku_id":"502","price":"18.00","quantity":"-1","sales":null,"properties_name":"0:0:Colour:red;1:1:Size:M"},
    {"sku_id":"503","price":"25.00","sales":"-1","properties_name":"0:1:Colour:white;1:0:Size:S"}]}}}"#;

fn with_shirt(size: &str) -> Driver {
    let display = DisplaySettings { ascii: true, ..DisplaySettings::default() };
    let mut driver = Driver::drawing(display, size, Language::En);
    driver.app.fill_id("610947572360");
    driver.keys("<enter>");
    driver.answer(200, SHIRT.into(), Source::Live);
    driver.wait(61.0);
    driver.keys("R");
    driver.answer(200, SHIRT.replace("15.80", "14.90").into(), Source::Live);
    driver
}

/// What a terminal gets of this frame.
fn written(driver: &Driver) -> String {
    let buffer = driver.buffer();
    let mut bytes = Vec::new();
    let colourless = Palette::new(None, None);
    let mut screen =
        Screen::with_size(LeanBackend::new(&mut bytes, colourless, true), buffer.area.as_size(), colourless);
    let draw = |frame: &mut ratatui::buffer::Buffer| {
        frame.clone_from(&buffer);
        Overlay::default()
    };
    screen.draw(draw).unwrap();
    drop(screen);
    String::from_utf8(bytes).unwrap()
}

#[track_caller]
fn assert_ascii(driver: &Driver, keys: &str) {
    let others: String = written(driver).chars().filter(|c| !c.is_ascii()).collect();
    assert_eq!(others, "", "after {keys}\n{}", driver.screen());
}

#[rstest]
fn every_screen_of_ascii_data_is_ascii(#[values("80x24", "120x36", "200x50")] size: &str) {
    let screens = [
        "1", "2", "3", "3 s", "3 S", "3 /", "3 P", "3 P t", "3 P t t", "3 C", "4", "5", "5 !", "6", "6 z M",
        "6 |", "2 f", "?", "3 ?", ":", "O", "D", "I", "I j", "u", "c", "x", "d", "F", "^r", "*", "a", "y",
        "t",
    ];
    for keys in screens {
        let mut driver = with_shirt(size);
        driver.keys("<esc>");
        driver.keys(keys);
        driver.wait(0.1);
        assert_ascii(&driver, keys);
    }
}

#[test]
fn a_call_under_way_its_failure_and_an_empty_session_are_ascii_too() {
    let mut driver =
        Driver::drawing(DisplaySettings { ascii: true, ..DisplaySettings::default() }, "80x24", Language::En);
    assert_ascii(&driver, "nothing");
    driver.app.fill_id("610947572360");
    driver.keys("<enter>");
    driver.reach(true);
    for seconds in [0.5, 0.5, 0.5, 9.0] {
        driver.wait(seconds);
        assert_ascii(&driver, "a call under way");
    }
    driver.fail(RequestStage::Sent, Outcome::Cancelled);
    assert_ascii(&driver, "a failure");
    let bodies = ["<html>", "{", r#"{"error_code":"2000"}"#, r#"{"error_code":"4013","reason":"quota"}"#];
    for (body, id) in bodies.into_iter().zip(["610947572361", "610947572362", "610947572363", "610947572364"])
    {
        driver.wait(61.0);
        driver.keys("1");
        driver.app.fill_id(id);
        driver.keys("<enter>");
        driver.answer(200, body.into(), Source::Live);
        for keys in ["2", "5", "6", "!"] {
            driver.keys(keys);
            assert_ascii(&driver, body);
        }
        driver.keys("<esc>");
    }
}

#[test]
fn a_tier_begins_at_its_quantity_and_not_above_it() {
    let screen = |ascii| {
        let display = DisplaySettings { ascii, ..DisplaySettings::default() };
        let mut driver = Driver::drawing(display, "120x36", Language::En);
        driver.app.fill_id("610947572360");
        driver.keys("<enter>");
        driver.answer(200, SHIRT.into(), Source::Live);
        driver.screen()
    };
    assert!(screen(true).contains(">=50 14.50"), "{}", screen(true));
    assert!(screen(false).contains("≥50 14.50"), "{}", screen(false));
}
