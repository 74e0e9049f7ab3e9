//! What was asked for is found again after a restart, and opened without a call.

use super::gateway::{Gateway, ITEM, SKU_IDS, TITLE};
use super::pty::{ENTER, Session, Setup, TAB, english};

const CTRL_R: &str = "\x12";
/// Another item, which the emulator makes up.
const OTHER: &str = "520813250866";

fn end(mut session: Session) -> Session {
    assert_eq!(session.quit(), 0);
    session
}

/// Another session on the same home, with the keys in no input.
fn again(before: &Session, gateway: &Gateway) -> Session {
    let mut session = Setup::new().home_of(before).account(&gateway.url()).start();
    session.wait_for(english().hint_leave_input());
    session.press(TAB);
    session.wait_for(english().hint_palette());
    session
}

/// Types a text and waits only until it is on the screen.
fn type_text(session: &mut Session, text: &str) {
    for letter in text.chars() {
        session.press(&letter.to_string());
    }
    session.wait_for(text);
}

#[test]
fn an_item_of_an_earlier_session_is_found_by_its_title_starred_and_found_by_its_text() {
    let gateway = Gateway::start();
    let mut session = Setup::new().account(&gateway.url()).start();
    session.wait_for(english().pane_requests());
    session.type_id(ITEM);
    session.press(ENTER);
    session.wait_for(SKU_IDS[1]);
    session.edit_id();
    session.press("\x15");
    session.type_id(OTHER);
    session.press(ENTER);
    session.wait_without(SKU_IDS[1]);
    session.wait_for("2/10000");
    let first = end(session);

    let mut session = again(&first, &gateway);
    session.press(CTRL_R);
    session.wait_for(&english().shown_of(2, 2));
    type_text(&mut session, "小米");
    session.wait_for(&english().shown_of(1, 2));
    session.press(ENTER);
    session.wait_for(SKU_IDS[1]);
    session.wait_for(TITLE);
    session.press("*");
    session.wait_for("★");
    session.press("a");
    session.wait_for(english().note_placeholder());
    type_text(&mut session, "样品已到");
    session.press(ENTER);
    session.wait_for(&english().note_of("样品已到"));
    end(session);

    let mut session = again(&first, &gateway);
    session.press(":");
    session.wait_for(english().palette_placeholder());
    type_text(&mut session, "find 没这词");
    session.press(ENTER);
    session.wait_for(english().find_no_match());
    // The end of a number is in no index.
    session.press("\x15");
    type_text(&mut session, SKU_IDS[0].get(4..).unwrap());
    session.wait_for(&english().found_count(1));
    session.press_all(&["\x15", "直", "销"]);
    session.wait_for(&english().found_count(1));
    session.press(ENTER);
    session.wait_for(SKU_IDS[1]);
    session.wait_for("★");
    session.wait_for(&english().note_of("样品已到"));
    end(session);
    assert_eq!(gateway.calls(), 2);
}

#[test]
fn a_session_that_keeps_nothing_finds_its_own_items() {
    let gateway = Gateway::start();
    let mut session = Setup::new().account(&gateway.url()).args(&["--no-store", ITEM]).start();
    session.wait_for(&english().enter_fetches("Enter"));
    session.press(CTRL_R);
    session.wait_for("stores nothing");
    session.press(CTRL_R);
    session.wait_without("stores nothing");
    session.press(ENTER);
    session.wait_for(SKU_IDS[1]);
    session.press("R");
    session.wait_for("2/10000");
    session.press(CTRL_R);
    session.wait_for(&english().shown_of(1, 1));
    session.press(ENTER);
    session.wait_for("store, answered");
    end(session);
    assert_eq!(gateway.calls(), 2);
}
