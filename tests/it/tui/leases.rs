//! Two sessions on one store: what one has under way, and what is left of it after any ending.

use super::gateway::Gateway;
use super::pty::{ENTER, Session, Setup, english};

/// The emulator answers it only after a minute.
const HANGS: &str = "610947578112";

fn start_of(text: &str) -> String {
    text.chars().take(14).collect()
}

/// With a call under way.
fn asking(gateway: &Gateway) -> Session {
    let mut session = Setup::new().account(&gateway.url()).args(&[HANGS]).start();
    session.wait_for(&english().enter_fetches("Enter"));
    session.press(ENTER);
    gateway.wait_for_calls(1);
    session
}

fn beside(session: &Session, gateway: &Gateway) -> Session {
    let next = Setup::new().account(&gateway.url()).home_of(session).args(&[HANGS]).start();
    next.wait_for(&english().enter_fetches("Enter"));
    next
}

#[test]
fn after_any_ending_during_a_call_the_next_session_has_its_row_and_asks_at_once() {
    for ending in ["TERM", "HUP", "KILL", "gone", "q"] {
        let gateway = Gateway::start();
        let mut session = asking(&gateway);
        match ending {
            "gone" => session.hang_up(),
            "q" => session.press_all(&["q", "q"]),
            signal => session.signal(signal),
        }
        session.wait_exit();
        let mut next = beside(&session, &gateway);
        next.wait_for(&start_of(english().interrupted()));
        next.press(ENTER);
        gateway.wait_for_calls(2);
    }
}

#[test]
fn a_call_of_another_session_is_in_the_log_and_the_same_question_says_whom_it_waits_for() {
    let gateway = Gateway::start();
    let session = asking(&gateway);
    let mut next = beside(&session, &gateway);
    let pid = session.pid();
    next.wait_for(&format!("… pid {pid}"));
    next.press(ENTER);
    next.wait_for(&start_of(&english().waits_for_session(HANGS, "", "Esc")));
    next.wait_for(&format!("pid {pid})"));
    assert_eq!(gateway.calls(), 1);
}

#[test]
fn who_waits_for_a_call_whose_session_is_killed_is_asked_before_another_is_bought() {
    let gateway = Gateway::start();
    let mut session = asking(&gateway);
    let mut next = beside(&session, &gateway);
    let pid = session.pid();
    next.press(ENTER);
    next.wait_for(&format!("pid {pid})"));
    session.kill();
    next.wait_for("its answer never came");
    assert_eq!(gateway.calls(), 1);
    next.press("1");
    next.wait_for(&english().enter_fetches("Enter"));
    // A key buys nothing whose price has only just come into sight.
    std::thread::sleep(std::time::Duration::from_millis(1200));
    next.press(ENTER);
    gateway.wait_for_calls(2);
    next.wait_for(&start_of(&english().fetching_item(HANGS)));
}

#[test]
fn another_session_learns_at_once_that_a_session_was_killed() {
    let gateway = Gateway::start();
    let mut session = asking(&gateway);
    let next = beside(&session, &gateway);
    next.wait_for(&format!("… pid {}", session.pid()));
    session.kill();
    next.wait_for(&start_of(english().interrupted()));
    assert_eq!(gateway.calls(), 1);
}

/// The end of a session while its call is connecting, by these keys or this signal.
fn end_while_connecting(ending: &str) {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let host = format!("https://{}", silent.local_addr().unwrap());
    let mut session = Setup::new().account(&host).args(&[HANGS]).start();
    session.wait_for(&english().enter_fetches("Enter"));
    session.press(ENTER);
    // It says nothing, so that nothing is sent.
    let _connection = silent.accept().unwrap();
    match ending {
        "q" => session.press_all(&["q", "q"]),
        signal => session.signal(signal),
    }
    session.wait_exit();
    let next = Setup::new().account(&host).home_of(&session).args(&[HANGS]).start();
    next.wait_for(english().cancelled_unsent());
    assert!(!next.shows(&start_of(english().interrupted())), "{}", next.picture());
}

#[test]
fn a_call_that_was_not_sent_when_its_session_ended_is_known_not_to_be() {
    for ending in ["q", "TERM"] {
        end_while_connecting(ending);
    }
}
