//! How much of the screen is drawn again. That it is what would be drawn as a whole, the driver sees after every event
//! of every test.

use obx_core::fetch::Source;
use obx_core::i18n::Language;
use ratatui::layout::Rect;
use rstest::rstest;

use crate::support::{Driver, response};

const SCREEN: Rect = Rect { x: 0, y: 0, width: 120, height: 40 };
const FOOTER: Rect = Rect { y: 39, height: 1, ..SCREEN };

/// With an item, and the focus on its SKUs.
fn with_item() -> Driver {
    let mut driver = Driver::new("120x40", Language::En, false);
    driver.type_text("610947572360");
    driver.keys("<enter>");
    driver.answer(200, response("1688_item_get_610947572360.json"), Source::Live);
    driver
}

#[rstest]
#[case::skus("j", 45)]
#[case::skus_filtered("/ a b <enter>", 45)]
#[case::item("2 j", 0)]
#[case::props("4 G", 0)]
#[case::requests("5 k", 45)]
#[case::response("6 j j z M", 45)]
#[case::typing("1 5", 0)]
fn a_key_draws_its_pane_and_the_footer(#[case] keys: &str, #[case] left: u16) {
    let mut driver = with_item();
    driver.keys(keys);
    let [pane, FOOTER] = driver.drawn[..] else { panic!("drawn were {:?}", driver.drawn) };
    assert_eq!(pane.x, left);
    assert!(pane.area() * 3 < SCREEN.area() * 2, "drawn was {pane:?}");
}

#[test]
fn a_prefix_draws_the_footer() {
    let mut driver = with_item();
    driver.keys("6 z");
    assert_eq!(driver.drawn, [FOOTER]);
}

#[rstest]
#[case::the_focus_moves("<tab>")]
#[case::a_popup_opens("?")]
#[case::a_popup_closes("? <esc>")]
#[case::within_a_popup("? j")]
#[case::something_is_said("^t")]
#[case::what_was_said_goes("^t j")]
#[case::one_pane_has_the_screen("f")]
#[case::a_call_goes_out("R")]
fn all_is_drawn_where(#[case] keys: &str) {
    let mut driver = with_item();
    driver.keys(keys);
    assert_eq!(driver.drawn, [SCREEN]);
}

#[test]
fn all_is_drawn_once_a_minute_for_the_clock_times() {
    let mut driver = with_item();
    driver.keys("j");
    assert_eq!(driver.drawn.len(), 2);
    driver.wait(60.0);
    driver.keys("j");
    assert_eq!(driver.drawn, [SCREEN]);
    driver.keys("j");
    assert_eq!(driver.drawn.len(), 2);
}

#[test]
fn while_a_call_is_under_way_its_time_goes_on_also_under_keys() {
    let mut driver = with_item();
    driver.wait(2.0);
    driver.keys("R j");
    assert_eq!(driver.drawn.len(), 2, "drawn were {:?}", driver.drawn);
    // A key that comes before the loop could be woken for the next half second.
    driver.late(0.6);
    driver.keys("j");
    assert_eq!(driver.drawn, [SCREEN]);
}

/// What does not fit into the footer begins in the row above, and leaves both as they were.
#[test]
fn what_takes_two_rows_is_said_to_its_end_and_leaves_no_trace() {
    let mut driver = Driver::new("80x24", Language::En, false);
    driver.keys("<esc>");
    let before = driver.screen();
    let said =
        "One word after another is said here, in more of them than one row of eighty columns has room for.";
    driver.app.warn(said);
    driver.keys("");
    let rows: Vec<String> = driver.screen().lines().map(str::to_owned).collect();
    let joined = format!("{} {}", rows[22].trim(), rows[23].trim());
    assert!(joined.replace("  ", " ").contains("here, in more of them than one row"), "{joined}");
    assert!(rows[23].contains("room for."), "{joined}");
    driver.keys("<esc>");
    assert_eq!(driver.screen(), before);
}
