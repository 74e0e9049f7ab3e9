//! Addresses as links (OSC 8): the product's page, a description's addresses, a picture's address.

use obx::ui::overlay::Link;
use obx_core::config::DisplaySettings;
use obx_core::fetch::Source;
use obx_core::i18n::Language;

use crate::screens::PHONE;
use crate::support::{Driver, response};

fn with_item(links: bool, size: &str) -> Driver {
    let display = DisplaySettings { links, ..DisplaySettings::default() };
    let mut driver = Driver::drawing(display, size, Language::En);
    driver.app.fill_id("610947572360");
    driver.keys("<enter>");
    driver.answer(200, response(PHONE), Source::Live);
    driver
}

fn links(driver: &Driver) -> Vec<Link> {
    driver.app.overlay(&driver.buffer()).links
}

/// The text of the cells that are the link.
fn text(driver: &Driver, link: &Link) -> String {
    let buffer = driver.buffer();
    link.x.clone().map(|x| buffer[(x, link.y)].symbol().to_owned()).collect()
}

#[test]
fn the_id_is_a_link_to_the_products_page() {
    let driver = with_item(true, "120x36");
    let found = links(&driver);
    assert_eq!(found.len(), 1);
    assert_eq!(text(&driver, &found[0]), "610947572360");
    assert_eq!(found[0].target.as_str(), "https://detail.1688.com/offer/610947572360.html");
}

#[test]
fn an_address_in_two_rows_is_one_link() {
    let mut driver = with_item(true, "60x16");
    driver.keys("D G");
    let found = links(&driver);
    let wrapped: Vec<_> = found.windows(2).filter(|pair| pair[0].id == pair[1].id).collect();
    assert!(!wrapped.is_empty(), "{found:?}");
    for pair in wrapped {
        assert_eq!(pair[0].target, pair[1].target);
        let whole = text(&driver, &pair[0]) + &text(&driver, &pair[1]);
        assert!(pair[0].target.as_str().contains(&whole), "{whole}");
    }
}

#[test]
fn the_address_of_a_picture_is_a_whole_link_where_it_is_cut() {
    let mut driver = with_item(true, "60x16");
    driver.keys("I");
    let found = links(&driver);
    assert_eq!(found.len(), 1);
    assert!(text(&driver, &found[0]).ends_with('…'));
    assert!(found[0].target.as_str().ends_with("13235038360_979836901.jpg"));
}

#[test]
fn a_screen_that_is_too_small_has_neither_links_nor_a_cursor() {
    let mut driver = with_item(true, "80x24");
    driver.keys("I");
    driver.resize("30x6");
    let overlay = driver.app.overlay(&driver.buffer());
    assert_eq!((overlay.links, overlay.cursor), (Vec::new(), None));
}

#[test]
fn without_links_there_are_none() {
    let mut driver = with_item(false, "120x36");
    assert_eq!(links(&driver), []);
    driver.keys("D");
    assert_eq!(links(&driver), []);
}
