//! Several answers to one item: older and newer, what changed, and a second session on the same store.

use super::gateway::{Gateway, ITEM, SKU_IDS};
use super::pty::{ENTER, ESC, Session, Setup, english};

/// Whatever stood in the input goes.
const KILL_LINE: &str = "\x15";

fn started(gateway: &Gateway) -> Session {
    let session = Setup::new().account(&gateway.url()).start();
    session.wait_for(english().pane_requests());
    session
}

fn fetch(session: &mut Session, id: &str) {
    session.press_all(&["1", KILL_LINE]);
    session.type_id(id);
    session.wait_for(&english().enter_fetches("Enter"));
    session.press(ENTER);
}

/// Fetched twice, so that there is an older answer.
fn with_two_answers(gateway: &Gateway) -> Session {
    let mut session = started(gateway);
    fetch(&mut session, ITEM);
    session.wait_for(SKU_IDS[0]);
    session.press("R");
    session.wait_for(&english().answer_of(2, 2));
    session
}

#[test]
fn older_and_newer_answers_are_shown_without_a_call_and_compared() {
    let gateway = Gateway::start();
    let mut session = with_two_answers(&gateway);
    session.press("<");
    session.wait_for(&english().answer_of(1, 2));
    session.press("<");
    session.wait_for(english().no_older_answer());
    session.press(">");
    session.wait_for(&english().answer_of(2, 2));
    session.press("d");
    session.wait_for(english().difference_none());
    session.press(ESC);
    session.press_all(&["m", "<"]);
    session.wait_for(&english().answer_of(1, 2));
    session.press("d");
    session.wait_for(english().difference_none());
    assert_eq!(gateway.calls(), 2);
}

#[test]
fn back_and_forward_go_among_the_items_looked_at() {
    let gateway = Gateway::start();
    let mut session = started(&gateway);
    fetch(&mut session, ITEM);
    session.wait_for(SKU_IDS[0]);
    fetch(&mut session, "610947572000");
    session.wait_for("商品没找到");
    session.press("[");
    session.wait_for(SKU_IDS[0]);
    session.press("[");
    session.wait_for(english().no_earlier_item());
    session.press("]");
    session.wait_for("商品没找到");
    assert_eq!(gateway.calls(), 2);
}

#[test]
fn a_session_knows_what_earlier_ones_asked_and_shows_it_without_a_call() {
    let gateway = Gateway::start();
    let mut first = started(&gateway);
    fetch(&mut first, ITEM);
    first.wait_for(SKU_IDS[0]);
    first.press("q");
    assert_eq!(first.wait_exit(), 0);

    let mut second = Setup::new().account(&gateway.url()).home_of(&first).args(&[ITEM]).start();
    second.wait_for(&english().enter_shows_stored("Enter"));
    second.wait_for(&english().quota_today(1, 10_000));
    second.press_all(&[ESC, "5", ENTER]);
    second.wait_for(SKU_IDS[0]);
    second.press_all(&["1", ENTER]);
    second.wait_for(english().mark_store());
    assert_eq!(gateway.calls(), 1);
}

#[test]
fn offline_shows_what_is_stored_and_sends_nothing() {
    let gateway = Gateway::start();
    let mut first = started(&gateway);
    fetch(&mut first, ITEM);
    first.wait_for(SKU_IDS[0]);
    first.press("q");
    assert_eq!(first.wait_exit(), 0);

    let offline = ["--offline", ITEM];
    let mut second = Setup::new().account(&gateway.url()).home_of(&first).args(&offline).start();
    second.wait_for(english().offline());
    second.wait_for(&english().enter_shows_offline_if_any("Enter"));
    second.press(ENTER);
    second.wait_for(SKU_IDS[0]);
    second.press("R");
    // A stored answer there is: what is not to be had is a new one.
    let said: String = english().refused_offline_refetch("Enter").chars().take(30).collect();
    second.wait_for(&said);
    assert_eq!(gateway.calls(), 1);
}

#[test]
fn what_one_session_asks_shows_in_the_log_of_another_without_a_key() {
    let gateway = Gateway::start();
    let mut first = started(&gateway);
    fetch(&mut first, ITEM);
    first.wait_for(SKU_IDS[0]);
    let mut second = Setup::new().account(&gateway.url()).home_of(&first).start();
    second.wait_for(ITEM);
    fetch(&mut second, "610947572000");
    second.wait_for("商品没找到");
    first.wait_for("610947572000");
    assert_eq!(gateway.calls(), 2);
}

#[test]
fn the_log_is_filtered_by_duration_and_mark() {
    let gateway = Gateway::start();
    let mut session = started(&gateway);
    fetch(&mut session, ITEM);
    session.wait_for(SKU_IDS[0]);
    fetch(&mut session, "610947574003");
    session.wait_for("4003");
    session.press("5");
    session.wait_for(&english().position(1, 2));
    session.press("/");
    session.write_at_once("billed <60s");
    session.wait_for(&english().position_filtered(1, 1, 2));
    session.press(ENTER);
    session.press(ESC);
    session.press("/");
    session.write_at_once(">60s");
    session.wait_for(&english().no_match("Esc"));
}
