//! The mouse: what a click and the wheel do, and that neither ever spends.

use obx::message::{Effect, Event, MouseGesture, MouseInput};
use obx_core::i18n::Language;
use ratatui::layout::Position;

use crate::screens::{PHONE, with_item};
use crate::support::Driver;

fn with_mouse() -> Driver {
    let mut driver = with_item("120x36", Language::En, PHONE);
    driver.keys("3 M");
    driver
}

fn mouse(driver: &mut Driver, gesture: MouseGesture, x: u16, y: u16) -> Vec<Effect> {
    driver.update(Event::Mouse(MouseInput { gesture, at: Position { x, y } }))
}

fn click(driver: &mut Driver, x: u16, y: u16) -> Vec<Effect> {
    mouse(driver, MouseGesture::Click, x, y)
}

/// Where this text is on the screen, in cells.
fn place(driver: &Driver, text: &str) -> (u16, u16) {
    let screen = driver.screen();
    let (y, line) = screen.lines().enumerate().find(|(_, line)| line.contains(text)).unwrap();
    let before = line.split(text).next().unwrap();
    let x = obx::ui::text::width(before);
    (x.try_into().unwrap(), y.try_into().unwrap())
}

#[test]
fn it_is_off_until_it_is_switched_on_and_says_how_to_select_text() {
    let mut driver = with_item("120x36", Language::En, PHONE);
    driver.keys("3");
    let before = driver.screen();
    assert!(click(&mut driver, 5, 30).is_empty());
    assert_eq!(driver.screen(), before);
    assert_eq!(driver.keys("M"), [Effect::SetMouse(true)]);
    assert!(driver.screen().contains("Shift"), "{}", driver.screen());
    assert_eq!(driver.keys("M"), [Effect::SetMouse(false)]);
}

#[test]
fn a_click_focuses_a_pane_and_selects_a_row() {
    let mut driver = with_mouse();
    let (x, y) = place(&driver, "铁灰色");
    assert!(click(&mut driver, x, y).is_empty());
    assert!(driver.focused().contains("3 SKUs 2 of 2"), "{}", driver.screen());
    let (x, y) = place(&driver, "4 Props");
    click(&mut driver, x, y + 3);
    assert!(driver.focused().contains("4 Props 3 of"), "{}", driver.screen());
}

#[test]
fn a_click_on_a_heading_sorts_and_another_one_reverses() {
    let mut driver = with_mouse();
    let (x, y) = place(&driver, "Stock ");
    let (x, y) = if driver.screen().lines().nth(y.into()).unwrap().contains("Price") {
        (x, y)
    } else {
        place(&driver, "Stock  Sales")
    };
    click(&mut driver, x, y);
    assert!(driver.screen().contains("Stock▴"), "{}", driver.screen());
    click(&mut driver, x, y);
    assert!(driver.screen().contains("Stock▾"), "{}", driver.screen());
}

#[test]
fn the_wheel_scrolls_what_is_under_it_without_taking_the_focus() {
    let mut driver = with_mouse();
    let (x, y) = place(&driver, "4 Props");
    mouse(&mut driver, MouseGesture::ScrollDown, x, y + 2);
    assert!(
        driver.screen().contains("4 Props 4 of") && driver.focused().contains("3 SKUs"),
        "{}",
        driver.screen()
    );
    mouse(&mut driver, MouseGesture::ScrollUp, x, y + 2);
    assert!(driver.screen().contains("4 Props 1 of"));
}

#[test]
fn a_click_beside_a_popup_or_on_its_mark_closes_it_and_one_inside_does_not() {
    for on_mark in [false, true] {
        let mut driver = with_mouse();
        driver.keys("P");
        let (x, y) = place(&driver, "✕");
        click(&mut driver, x - 3, y - 2);
        assert!(driver.screen().contains("SKU matrix"));
        let (x, y) = if on_mark { (x, y) } else { (0, 0) };
        assert!(click(&mut driver, x, y).is_empty());
        assert!(!driver.screen().contains("SKU matrix"), "{}", driver.screen());
    }
}

#[test]
fn no_click_and_no_wheel_anywhere_spends_or_leaves_the_screen() {
    let mut driver = Driver::new("120x36", Language::En, false);
    driver.app.fill_id("610947572360");
    driver.keys("<esc> M");
    for keys in ["3", "1", ":", "?", "c", "u", "P", "5"] {
        driver.keys("<esc> <esc>");
        driver.keys(keys);
        for y in 0..36 {
            for x in (0..120).step_by(7) {
                for gesture in [MouseGesture::Click, MouseGesture::ScrollDown, MouseGesture::ScrollUp] {
                    let effects = mouse(&mut driver, gesture, x, y);
                    let spends = |effect: &Effect| matches!(effect, Effect::Fetch(_) | Effect::Quit);
                    assert!(!effects.iter().any(spends), "{keys} {gesture:?} {x} {y}");
                }
            }
        }
    }
    for (x, y) in [(u16::MAX, u16::MAX), (120, 0), (0, 36)] {
        assert!(click(&mut driver, x, y).is_empty());
    }
}
