//! With nothing to do it does nothing: no byte, no wake-up, no tick.

use std::fs;
use std::time::Duration;

use super::gateway::{Gateway, ITEM};
use super::openings::fetch_item;
use super::pty::{Session, Setup, english, wait_until};
use crate::support::postgres::Schema;
use crate::support::rounds;

/// How often the program's threads went to sleep by themselves: once for every wake-up.
fn switches(session: &Session) -> u64 {
    let threads = fs::read_dir(format!("/proc/{}/task", session.pid())).unwrap();
    let of_thread = |thread: fs::DirEntry| {
        let status = fs::read_to_string(thread.path().join("status")).unwrap_or_default();
        let count = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
        count.and_then(|count| count.trim().parse::<u64>().ok()).unwrap_or_default()
    };
    threads.map(|thread| of_thread(thread.unwrap())).sum()
}

/// A timer of 500 ms that is no longer needed wakes a thread once more: longer than that.
const AFTER_LAST_TIMER: Duration = Duration::from_millis(700);
/// How long nothing may happen. That is time itself: no event says that there was none.
fn idle() -> Duration {
    Duration::from_secs(rounds(2, 10))
}

/// Waits until all that the last key set off is over.
fn wait_until_idle(session: &Session) {
    wait_until("rest", || {
        let before = (switches(session), session.written());
        std::thread::sleep(AFTER_LAST_TIMER);
        (before == (switches(session), session.written())).then_some(())
    });
}

fn assert_at_rest(session: &Session) {
    // Threads of a pool that have nothing to do end after ten seconds, which is one wake-up each.
    std::thread::sleep(Duration::from_secs(rounds(0, 11)));
    wait_until_idle(session);
    let before = (switches(session), session.written());
    std::thread::sleep(idle());
    assert_eq!((switches(session), session.written()), before, "context switches and bytes while idle");
}

#[test]
fn after_the_first_picture_it_rests() {
    let session = Setup::new().start();
    session.wait_for("DEMO");
    assert_at_rest(&session);
}

#[test]
fn after_a_fetch_it_rests_with_the_draft_fresh() {
    let gateway = Gateway::start();
    let mut session = Setup::new().account(&gateway.url()).args(&[ITEM]).start();
    fetch_item(&mut session);
    assert_at_rest(&session);
}

#[test]
fn after_a_fetch_in_demo_and_with_a_popup_open_it_rests() {
    let mut session = Setup::new().args(&[ITEM]).start();
    fetch_item(&mut session);
    session.press("?");
    session.wait_for(english().help_title());
    assert_at_rest(&session);
}

#[test]
fn beside_a_server_that_has_nothing_to_report_it_rests() {
    let Some(schema) = Schema::create() else { return };
    let gateway = Gateway::start();
    let mut session =
        Setup::new().account(&gateway.url()).args(&["--store", &schema.address(), ITEM]).start();
    fetch_item(&mut session);
    session.wait_for("1/10000");
    assert_at_rest(&session);
}
