//! Ending a call: the first Esc stops waiting, the second closes; quitting asks once more.

use std::time::Duration;

use onebound_emulator::{Delay, Settings};

use super::gateway::{Gateway, ITEM, SKU_IDS};
use super::pty::{CTRL_C, ENTER, ESC, Session, Setup, english};

const HANGS: &str = "610947578112";

/// A session with a call under way of which the gateway has the whole request.
fn waiting(gateway: &Gateway, id: &str) -> Session {
    let mut session = Setup::new().account(&gateway.url()).args(&[id]).start();
    session.wait_for(&english().enter_fetches("Enter"));
    session.press(ENTER);
    gateway.wait_for_calls(1);
    session.wait_for(english().hint_stop());
    session.wait_for(english().row_under_way());
    session
}

/// The beginning of a notice: its end may be cut off.
fn start_of(text: &str) -> String {
    text.chars().take(16).collect()
}

#[test]
fn the_first_esc_stops_waiting_and_the_second_closes_at_unknown_cost() {
    let gateway = Gateway::start();
    let mut session = waiting(&gateway, HANGS);
    session.press(ESC);
    session.wait_for(&start_of(&english().stopped_waiting("Esc")));
    let no_longer: String = english().row_not_awaited().chars().take(9).collect();
    session.wait_for(&no_longer);
    // By then it was read: the first of two in a row never closes.
    session.press(ESC);
    session.wait_for(&start_of(&english().close_too_soon("Esc")));
    session.press_second_esc();
    session.wait_without(&no_longer);
    session.wait_for(&start_of(english().cancelled_sent()));
    session.wait_for(&start_of(english().closing_connection()));
    let row = session.picture();
    let row = row.lines().find(|line| line.contains('▸') && line.contains(HANGS)).unwrap();
    assert!(row.contains(" ? "), "its cost is unknown: {row}");
    // It goes on.
    session.press_all(&["1", "\x15"]);
    session.wait_for(english().id_placeholder());
    session.type_id(ITEM);
    session.press(ENTER);
    session.wait_for(SKU_IDS[0]);
    assert_eq!(gateway.calls(), 2);
}

#[test]
fn an_answer_after_esc_is_kept_and_logged_and_shown_only_when_opened() {
    let delay = Delay::between(Duration::from_millis(1_200), Duration::from_millis(1_200));
    let gateway = Gateway::with(Settings { delay, ..Settings::default() });
    let mut session = waiting(&gateway, ITEM);
    session.press(ESC);
    session.wait_for(&start_of(&english().stopped_waiting("Esc")));
    session.wait_for("0000");
    assert!(!session.shows(SKU_IDS[0]), "{}", session.picture());
    session.press_all(&["5", ENTER]);
    session.wait_for(SKU_IDS[0]);
    assert_eq!(gateway.calls(), 1);
}

#[test]
fn while_a_call_is_under_way_quitting_takes_a_second_press_in_a_row() {
    let gateway = Gateway::start();
    let mut session = waiting(&gateway, HANGS);
    let asks = start_of(&english().quit_with_call("^C", "q"));
    for first in [CTRL_C, "q"] {
        session.press(first);
        session.wait_for(&asks);
        session.press("j");
        session.wait_without(&asks);
    }
    assert!(session.lives());
    session.press(CTRL_C);
    session.wait_for(&asks);
    assert_eq!(session.quit(), 0);
    session.assert_given_back();
}

#[test]
fn a_second_enter_waits_for_the_call_under_way() {
    let gateway = Gateway::start();
    let mut session = waiting(&gateway, HANGS);
    session.edit_id();
    session.press(ENTER);
    session.wait_for(&start_of(&english().already_under_way(HANGS)));
    session.press(ESC);
    session.wait_for(&start_of(&english().stopped_waiting("Esc")));
    session.edit_id();
    session.press(ENTER);
    session.wait_for(&start_of(&english().already_under_way(HANGS)));
    session.press_all(&[CTRL_C, CTRL_C]);
    assert_eq!(session.wait_exit(), 0);
    assert_eq!(gateway.calls(), 1);
}
