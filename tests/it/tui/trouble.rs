//! Answers that are none: what happened is shown, and the program lives on.

use super::gateway::{Gateway, ITEM, SKU_IDS, closed};
use super::pty::{ENTER, Session, Setup, english};

const KILL_LINE: &str = "\x15";

/// Puts another ID in place of the present one and fetches it.
fn fetch(session: &mut Session, id: &str) {
    session.press_all(&["1", KILL_LINE]);
    session.wait_for(english().id_placeholder());
    session.type_id(id);
    // Not for what Enter does: after an answer that stops calls that is another text.
    session.wait_for(&format!("┃ {id}"));
    session.press(ENTER);
}

/// The beginning of a sentence: the rest may be on the next line, or cut off.
fn start_of(text: &str) -> String {
    text.chars().take(10).collect()
}

fn started(host: &str) -> Session {
    let session = Setup::new().account(host).start();
    session.wait_for(english().pane_requests());
    session
}

#[test]
fn every_kind_of_failure_is_named_and_the_next_item_comes() {
    let gateway = Gateway::start();
    let mut session = started(&gateway.url());
    let cases = [
        ("610947572000", "商品没找到"),
        ("610947578103", english().body_html()),
        ("610947578104", "HTTP 403"),
        ("610947578106", "HTTP 502"),
        ("610947578107", english().body_empty()),
        ("610947578108", &start_of(english().failed_closed())),
        ("610947578109", "/redirected"),
        ("610947578119", "4099"),
    ];
    for (id, message) in cases {
        fetch(&mut session, id);
        session.wait_for(message);
        session.wait_for(id);
    }
    fetch(&mut session, ITEM);
    session.wait_for(SKU_IDS[0]);
    assert!(session.lives());
    assert_eq!(gateway.calls(), 9);
}

#[test]
fn after_the_quota_is_used_up_nothing_is_sent_unless_the_user_overrides_it_also_in_another_session() {
    let gateway = Gateway::start();
    let mut session = started(&gateway.url());
    fetch(&mut session, "610947574013");
    session.wait_for("4013");
    session.press_all(&["1", "9"]);
    session.wait_for(&english().enter_blocked(english().block_quota()));
    fetch(&mut session, "610947574016");
    session.wait_for(english().hint_override());
    session.wait_for("Not sent");
    assert_eq!(gateway.calls(), 1);
    let mut other = Setup::new().account(&gateway.url()).home_of(&session).start();
    other.wait_for(english().pane_requests());
    other.wait_for("610947574013");
    fetch(&mut other, ITEM);
    other.wait_for("Not sent");
    assert_eq!(gateway.calls(), 1);
    other.press("Y");
    other.wait_for(SKU_IDS[0]);
    // What serves lets calls through again.
    fetch(&mut session, "610947574016");
    session.wait_for("余额不足");
    assert_eq!(gateway.calls(), 3);
}

#[test]
fn a_cut_body_says_where_it_was_cut_and_shows_what_came() {
    let gateway = Gateway::start();
    let mut session = started(&gateway.url());
    fetch(&mut session, "610947578101");
    let cut = english().body_cut("…");
    session.wait_for(&start_of(&cut));
    session.press("6");
    session.wait_for("\"item\"");
}

#[test]
fn another_item_than_the_one_asked_for_is_behind_a_banner() {
    let gateway = Gateway::start();
    let mut session = started(&gateway.url());
    fetch(&mut session, "610947578113");
    session.wait_for(&start_of(&english().wrong_item("610947578114", "610947578113")));
    session.wait_for("610947578114");
    session.wait_for(&start_of(english().wrong_item_short()));
    // It is fresh for neither ID.
    session.press("1");
    session.wait_for(&english().enter_fetches("Enter"));
}

#[test]
fn a_refused_connection_is_free_and_named() {
    let host = closed();
    let mut session = started(&host.url());
    fetch(&mut session, ITEM);
    session.wait_for(&start_of(&english().failed_connect("")));
    session.wait_for(english().mark_free());
    assert!(session.lives());
}

#[test]
fn error_code_names_are_shown_in_the_vendors_words_too() {
    let gateway = Gateway::start();
    let mut session = started(&gateway.url());
    fetch(&mut session, "610947572000");
    session.press("6");
    session.wait_for("error_code");
    session.wait_for("\"2000\"");
}
