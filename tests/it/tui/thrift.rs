//! No call that the user did not ask for: looking around is free.

use super::gateway::{Gateway, ITEM};
use super::openings::fetch_item;
use super::pty::{CTRL_L, ENTER, ESC, Session, Setup, TAB, english};

const MOVES: [&str; 14] = [
    "j", "k", "h", "l", "g", "G", "\x04", "\x15", "\x1b[A", "\x1b[B", "\x1b[5~", "\x1b[6~", "\x1b[H",
    "\x1b[F",
];

/// Every pane, and in each of them all moves and the Enter that opens a row.
fn look_around(session: &mut Session) {
    for pane in ["2", "3", "4", "5", "6"] {
        session.write_at_once(pane);
        session.write_at_once(&MOVES.concat());
        session.press(ENTER);
    }
    session.press("3");
    session.press_all(&[TAB, TAB, TAB, TAB, TAB, TAB, "\x1b[Z", "\x1b[Z"]);
    session.press("3");
    session.press("?");
    session.wait_for(english().help_title());
    session.press_all(&["j", "G", ENTER]);
    session.press(":");
    session.wait_for(english().palette_placeholder());
    session.press(ESC);
    session.wait_without(english().palette_placeholder());
    session.press_all(&["2", "L"]);
    session.wait_for("请求");
    session.press("L");
    session.wait_for(english().pane_requests());
    session.resize(80, 24);
    session.resize(100, 30);
    session.press(CTRL_L);
    session.wait_for(english().pane_requests());
}

fn end(mut session: Session) {
    assert_eq!(session.quit(), 0);
}

#[test]
fn looking_around_with_an_id_filled_in_makes_no_call() {
    let gateway = Gateway::start();
    let mut session = Setup::new().account(&gateway.url()).args(&[ITEM]).start();
    session.wait_for(&english().enter_fetches("Enter"));
    session.press(ESC);
    look_around(&mut session);
    end(session);
    assert_eq!(gateway.calls(), 0);
}

#[test]
fn looking_around_in_an_item_makes_no_further_call() {
    let gateway = Gateway::start();
    let mut session = Setup::new().account(&gateway.url()).args(&[ITEM]).start();
    fetch_item(&mut session);
    look_around(&mut session);
    end(session);
    assert_eq!(gateway.calls(), 1);
}
