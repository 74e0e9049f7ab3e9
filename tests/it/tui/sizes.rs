//! Terminals of all sizes, and sizes that change.

use super::gateway::{Gateway, ITEM, SKU_IDS};
use super::pty::{ENTER, ESC, Session, Setup, english};

fn started(gateway: &Gateway, id: &str, width: u16, height: u16) -> Session {
    let session = Setup::new().account(&gateway.url()).args(&[id]).size(width, height).start();
    session.wait_for(&english().enter_fetches("Enter"));
    session
}

#[test]
fn a_terminal_of_80x24_shows_item_skus_props_log_and_response() {
    let gateway = Gateway::start();
    let mut session = started(&gateway, ITEM, 80, 24);
    session.press(ENTER);
    for id in SKU_IDS {
        session.wait_for(id);
    }
    session.wait_for("0000");
    session.press("4");
    session.wait_for(&english().position(1, 23));
    session.press("6");
    session.wait_for(english().view_headers());
    session.press("2");
    session.wait_for("799.00");
    session.press("3");
    session.wait_for(SKU_IDS[0]);
    session.assert_picture_is_whole();
}

#[test]
fn the_smallest_terminal_shows_the_item_and_a_smaller_one_the_size_it_needs() {
    let gateway = Gateway::start();
    let mut session = started(&gateway, ITEM, 60, 16);
    session.press(ENTER);
    session.wait_for("799.00");
    for (width, height) in [(59, 16), (60, 15), (40, 10), (20, 3)] {
        session.resize(width, height);
        session.wait_for("60x16");
    }
    session.resize(60, 16);
    session.wait_for("799.00");
    session.assert_picture_is_whole();
}

#[test]
fn resizing_during_a_fetch_down_to_one_cell_and_back_gives_the_right_picture() {
    let gateway = Gateway::start();
    // It drips for 3 seconds.
    let mut session = started(&gateway, "610947578110", 120, 36);
    session.press(ENTER);
    gateway.wait_for_calls(1);
    for (width, height) in [(1, 1), (2, 1), (1, 40), (300, 2), (200, 60), (40, 10)] {
        session.resize(width, height);
    }
    session.wait_for("60x16");
    // The last comes with the resize, and crossterm may keep it until the next: it had better be harmless.
    session.press_all(&["3", "?", ESC, "g"]);
    session.resize(120, 36);
    session.wait_for("0000");
    session.wait_for("1/10000");
    session.assert_picture_is_whole();
    assert_eq!(gateway.calls(), 1);
}

#[test]
fn popups_live_through_any_size() {
    let mut session = Setup::new().start();
    session.wait_for("DEMO");
    session.press(ESC);
    for (key, message) in [("?", english().help_title()), (":", english().palette_placeholder())] {
        session.press(key);
        session.wait_for(message);
        for (width, height) in [(60, 16), (1, 1), (10, 5), (250, 70), (120, 36)] {
            session.resize(width, height);
        }
        session.wait_for(message);
        session.assert_picture_is_whole();
        session.press(ESC);
        session.wait_without(message);
    }
}

#[test]
fn a_storm_of_sizes_ends_on_the_last() {
    let gateway = Gateway::start();
    let mut session = started(&gateway, ITEM, 120, 36);
    session.press(ENTER);
    session.wait_for(SKU_IDS[0]);
    for step in 0..50 {
        session.resize(70 + step, 20 + step % 20);
    }
    session.resize(110, 33);
    session.wait_until("a picture of 110x33", |screen| screen.contents().contains(SKU_IDS[0]));
    session.assert_picture_is_whole();
}
