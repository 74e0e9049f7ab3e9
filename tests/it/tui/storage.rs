//! The store under the explorer: what the next session finds, and what is on the screen when it can't be used.

use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;

use super::gateway::{Gateway, ITEM, SKU_IDS};
use super::openings::fetch_item;
use super::pty::{CTRL_C, ENTER, ESC, Session, Setup, english, wait_until};

/// The beginning of a sentence: the rest may be cut off.
fn start_of(text: &str) -> String {
    text.chars().take(20).collect()
}

/// A folder with this in the place of a store.
fn spoiled(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn started(gateway: &Gateway, store: &std::path::Path) -> Session {
    Setup::new().account(&gateway.url()).args(&["--store", store.to_str().unwrap(), ITEM]).start()
}

fn answered(store: &std::path::Path) -> u32 {
    let Ok(file) = Connection::open(store) else { return 0 };
    file.query_row("SELECT count(*) FROM exchanges WHERE answers = 1", [], |row| row.get(0)).unwrap_or(0)
}

/// Asks for the item past the ledger that could not be written.
fn send_without_ledger(session: &mut Session, gateway: &Gateway) {
    session.press(ENTER);
    session.wait_for(&start_of(&english().refused_no_ledger("")));
    assert_eq!(gateway.calls(), 0);
    session.press("Y");
    session.wait_for(SKU_IDS[0]);
    let notice = english().storing_failed("|");
    session.wait_for(notice.split('|').next().unwrap().trim_end());
    assert_eq!(gateway.calls(), 1);
}

#[test]
fn a_session_after_a_killed_one_has_its_log_and_its_answers_without_a_call() {
    let gateway = Gateway::start();
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    let mut session = started(&gateway, &store);
    fetch_item(&mut session);
    wait_until("the answer in the file", || (answered(&store) == 1).then_some(()));
    session.kill();
    let mut next = started(&gateway, &store);
    next.wait_for(&english().enter_shows_stored("Enter"));
    next.wait_for("1/10000");
    next.press(ENTER);
    next.wait_for(SKU_IDS[0]);
    next.wait_for(english().mark_store());
    assert_eq!((next.quit(), gateway.calls()), (0, 1));
}

#[test]
fn with_a_file_that_is_no_store_the_call_is_asked_about_and_its_answer_shown() {
    let gateway = Gateway::start();
    let (_folder, store) = spoiled(b"no database at all");
    let mut session = started(&gateway, &store);
    session.wait_for(&start_of(english().store_corrupt()));
    send_without_ledger(&mut session, &gateway);
    // Leaving would lose it.
    session.press(CTRL_C);
    session.wait_for(&start_of(&english().quit_with_unwritten(1, "^C", "q")));
    assert!(session.lives());
    assert_eq!(session.quit(), 0);
    assert_eq!(fs::read(&store).unwrap(), b"no database at all");
}

#[test]
fn a_store_of_a_newer_obx_is_named_and_not_touched() {
    let gateway = Gateway::start();
    let (_folder, store) = spoiled(b"");
    Connection::open(&store)
        .unwrap()
        .execute_batch("CREATE TABLE later (x); PRAGMA user_version = 99; PRAGMA application_id = 1868724273")
        .unwrap();
    let before = fs::read(&store).unwrap();
    let mut session = started(&gateway, &store);
    session.wait_for(&start_of(english().store_newer()));
    send_without_ledger(&mut session, &gateway);
    session.press_all(&[CTRL_C, CTRL_C]);
    assert_eq!(session.wait_exit(), 0);
    assert_eq!(fs::read(&store).unwrap(), before);
}

#[test]
fn what_could_not_be_kept_is_kept_when_it_can_and_then_nothing_is_asked() {
    let gateway = Gateway::start();
    let (_folder, store) = spoiled(b"no database at all");
    let mut session = started(&gateway, &store);
    session.wait_for(&english().enter_asks_store("Enter"));
    send_without_ledger(&mut session, &gateway);
    fs::remove_file(&store).unwrap();
    session.wait_for(&start_of(english().now_stored()));
    assert_eq!(answered(&store), 1);
    assert_eq!((session.quit(), gateway.calls()), (0, 1));
}

#[test]
fn a_store_that_another_program_holds_is_waited_for_and_the_screen_lives_on() {
    let gateway = Gateway::start();
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    let mut session = started(&gateway, &store);
    fetch_item(&mut session);
    wait_until("the answer in the file", || (answered(&store) == 1).then_some(()));
    let lock = Connection::open(&store).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    session.press("R");
    session.wait_for(&start_of(&english().waiting_for_store(ITEM, 0, "Esc")));
    session.wait_for(&format!("Esc {}", english().hint_stop()));
    // Nothing is sent while the row waits, and every key works.
    session.press("?");
    session.wait_for(english().help_title());
    session.press(ESC);
    let a_second_later = english().waiting_for_store(ITEM, 1, "Esc");
    session.wait_for(a_second_later.split("  Esc").next().unwrap());
    assert_eq!(gateway.calls(), 1);
    lock.execute_batch("COMMIT").unwrap();
    gateway.wait_for_calls(2);
    wait_until("the second answer in the file", || (answered(&store) == 2).then_some(()));
}

fn log_of(store: &std::path::Path) -> PathBuf {
    store.with_file_name("store.sqlite-wal")
}

#[test]
fn after_any_polite_end_the_store_is_one_file() {
    let gateway = Gateway::start();
    for signal in ["", "TERM", "HUP", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store.sqlite");
        let mut session = started(&gateway, &store);
        fetch_item(&mut session);
        if signal.is_empty() {
            session.press(CTRL_C);
        } else {
            session.signal(signal);
        }
        session.wait_exit();
        assert!(!log_of(&store).exists(), "{signal}");
        let alone = folder.path().join("alone.sqlite");
        fs::copy(&store, &alone).unwrap();
        assert_eq!(answered(&alone), 1, "{signal}");
    }
}

#[test]
fn a_damaged_log_is_reported_on_the_screen() {
    let gateway = Gateway::start();
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    let mut session = started(&gateway, &store);
    fetch_item(&mut session);
    session.wait_without(english().not_stored_yet());
    session.kill();
    let mut log = fs::read(log_of(&store)).unwrap();
    log[5_000] ^= 1;
    fs::write(log_of(&store), log).unwrap();
    let mut next = started(&gateway, &store);
    next.wait_for("The store was damaged");
    assert_eq!(next.quit(), 0);
    let copies = fs::read_dir(folder.path())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().contains(".damaged-"));
    assert_eq!(copies.count(), 1);
}

#[test]
fn a_store_that_cannot_be_made_is_reported_before_the_first_call() {
    let gateway = Gateway::start();
    let mut session = started(&gateway, std::path::Path::new("/proc/newst.db"));
    session.wait_for(&start_of(&english().store_unread_because("")));
    session.wait_for(&english().enter_asks_store("Enter"));
    assert!(!session.shows(english().no_requests()), "{}", session.picture());
    assert_eq!((session.quit(), gateway.calls()), (0, 0));
}

#[test]
fn a_store_that_another_program_holds_at_the_start_is_read_when_that_lets_go() {
    let gateway = Gateway::start();
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    let mut session = started(&gateway, &store);
    fetch_item(&mut session);
    wait_until("the answer in the file", || (answered(&store) == 1).then_some(()));
    session.quit();
    let lock = Connection::open(&store).unwrap();
    lock.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE exchanges SET id = id")
        .unwrap();
    let mut next = started(&gateway, &store);
    next.wait_for(&english().enter_asks_store("Enter"));
    next.wait_for(english().store_locked());
    for never in [english().no_requests(), english().quota_none()] {
        assert!(!next.shows(never), "{}", next.picture());
    }
    lock.execute_batch("ROLLBACK").unwrap();
    drop(lock);
    next.wait_for(&english().enter_shows_stored("Enter"));
    next.wait_for("1/10000");
    next.wait_without(english().store_locked());
    assert_eq!((next.quit(), gateway.calls()), (0, 1));
}
