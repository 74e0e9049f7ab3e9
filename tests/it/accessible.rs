//! What screen readers and braille displays get: the cursor on the selected row, and a plain screen if asked for.

use obx_core::config::DisplaySettings;
use obx_core::fetch::Source;
use obx_core::i18n::Language;
use ratatui::layout::Position;
use rstest::rstest;

use crate::screens::{PHONE, check, code};
use crate::support::{Driver, response};

fn with_item(accessible: bool, size: &str, language: Language) -> Driver {
    let display = DisplaySettings { accessible, ..DisplaySettings::default() };
    let mut driver = Driver::drawing(display, size, language);
    driver.app.fill_id("610947572360");
    driver.keys("<enter>");
    driver.answer(200, response(PHONE), Source::Live);
    driver
}

fn cursor(driver: &Driver) -> Option<Position> {
    driver.app.overlay(&driver.buffer()).cursor
}

#[test]
fn the_cursor_follows_the_selected_row_of_what_has_the_focus() {
    let mut driver = with_item(false, "120x36", Language::En);
    driver.keys("4");
    let first = cursor(&driver).unwrap();
    driver.keys("j j");
    assert_eq!(cursor(&driver), Some(Position { y: first.y + 2, ..first }));
    driver.keys("I j");
    let in_popup = cursor(&driver).unwrap();
    driver.keys("j");
    assert_eq!(cursor(&driver), Some(Position { y: in_popup.y + 1, ..in_popup }));
    driver.keys("<esc> 1");
    assert_eq!(cursor(&driver).map(|at| at.y), Some(2), "in the input");
}

#[test]
fn the_cursor_is_shown_only_where_it_was_asked_for() {
    let shows = |accessible| {
        let driver = with_item(accessible, "80x24", Language::En);
        driver.app.overlay(&driver.buffer()).shows_cursor
    };
    assert!(shows(true) && !shows(false));
}

#[rstest]
fn an_accessible_screen_has_one_pane_without_frames(
    #[values("3", "5", "I")] key: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = with_item(true, "80x24", language);
    driver.keys(key);
    let screen = driver.screen();
    assert!(!screen.chars().any(|c| ('\u{2500}'..='\u{257f}').contains(&c)), "{screen}");
    check(&format!("accessible_{key}_80x24_{}", code(language)), &screen);
}

#[test]
fn nothing_moves_on_an_accessible_screen_while_a_call_is_under_way() {
    let display = DisplaySettings { accessible: true, ..DisplaySettings::default() };
    let mut driver = Driver::drawing(display, "80x24", Language::En);
    driver.app.fill_id("610947572360");
    driver.keys("<enter> 1");
    let before = driver.screen();
    driver.wait(4.0);
    assert_eq!(driver.screen(), before);
}
