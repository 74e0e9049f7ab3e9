//! However it ends, the terminal is given back as it was found.

use std::fs;

use obx::ui::theme::Palette;

use super::gateway::{Gateway, ITEM, SKU_IDS};
use super::pty::{CTRL_C, ENTER, ESC, Session, Setup, english, holds};

/// Asks [`panic_child`] to panic.
const PANICS: &str = "OBX_TEST_PANICS";
const REASON: &str = "a panic on purpose";

/// Running, with an item on the screen.
fn running(gateway: &Gateway) -> Session {
    let mut session = Setup::new().account(&gateway.url()).args(&[ITEM]).start();
    session.wait_for(&english().enter_fetches("Enter"));
    session.press(ENTER);
    session.wait_for(SKU_IDS[0]);
    assert_taken(&session);
    session
}

/// Else that it was given back would prove nothing.
fn assert_taken(session: &Session) {
    assert_ne!(session.modes(), session.modes_before());
    session.wait_until("the other screen", |screen| {
        screen.alternate_screen() && screen.hide_cursor() && screen.bracketed_paste()
    });
}

#[test]
fn a_killed_program_leaves_the_terminal_taken_and_this_test_sees_it() {
    let gateway = Gateway::start();
    let mut session = running(&gateway);
    session.signal("KILL");
    session.wait_exit();
    assert_ne!(session.modes(), session.modes_before());
}

#[test]
fn q_and_ctrl_c_end_with_0() {
    let gateway = Gateway::start();
    for key in ["q", CTRL_C] {
        let mut session = running(&gateway);
        session.press(key);
        assert_eq!(session.wait_exit(), 0);
        session.assert_given_back();
        assert_eq!(session.picture().trim(), "", "nothing is left behind");
    }
}

#[test]
fn ctrl_c_in_the_input_ends_with_0_before_anything_was_asked() {
    let mut session = Setup::new().start();
    session.wait_for(&format!("^C {}", english().hint_leave_input()));
    assert_eq!(session.quit(), 0);
    session.assert_given_back();
}

#[test]
fn q_leads_back_from_the_response_before_it_quits() {
    let gateway = Gateway::start();
    let mut session = running(&gateway);
    session.press("6");
    session.wait_for(english().view_headers());
    session.press("q");
    session.wait_without(english().view_headers());
    assert!(session.lives());
    session.press("q");
    assert_eq!(session.wait_exit(), 0);
    session.assert_given_back();
}

#[test]
fn signals_end_with_128_and_their_number() {
    let gateway = Gateway::start();
    for (name, code) in [("TERM", 143), ("HUP", 129), ("INT", 130), ("QUIT", 131)] {
        let mut session = running(&gateway);
        session.signal(name);
        assert_eq!(session.wait_exit(), code, "SIG{name}");
        session.assert_given_back();
        assert_eq!(session.picture().trim(), "", "SIG{name}: nothing is left behind");
    }
}

#[test]
fn a_signal_ends_it_with_a_call_under_way_and_without_asking() {
    let gateway = Gateway::start();
    let mut session = Setup::new().account(&gateway.url()).args(&["610947578112"]).start();
    session.wait_for(&english().enter_fetches("Enter"));
    session.press(ENTER);
    gateway.wait_for_calls(1);
    session.signal("TERM");
    assert_eq!(session.wait_exit(), 143);
    session.assert_given_back();
}

#[test]
fn a_terminal_that_goes_away_ends_it() {
    let mut session = Setup::new().start();
    session.wait_for("DEMO");
    assert_taken(&session);
    session.hang_up();
    assert_eq!(session.wait_exit(), 129);
}

#[test]
fn a_panic_gives_the_terminal_back_before_it_says_why() {
    let tests = std::env::current_exe().unwrap();
    let name = "tui::endings::panic_child";
    let setup = Setup::with_program(tests.to_str().unwrap()).var(PANICS, "1");
    let mut session = setup.args(&["--exact", name, "--nocapture", "--test-threads=1"]).start();
    assert_ne!(session.wait_exit(), 0);
    session.assert_given_back();
    assert!(session.shows(REASON), "{}", session.picture());
    // It was taken at all, and the reason came after it was given back.
    let written = String::from_utf8_lossy(&session.bytes()).into_owned();
    let (before, after) = written.split_once("\x1b[?1049l").unwrap();
    assert!(before.contains("\x1b[?1049h") && after.contains(REASON), "{written:?}");
}

/// Nothing by itself: what [`a_panic_gives_the_terminal_back_before_it_says_why`] runs in a terminal.
#[test]
fn panic_child() {
    if std::env::var_os(PANICS).is_some() {
        let _taken = obx::tui::terminal::take(Palette::default(), false).unwrap();
        panic!("{REASON}");
    }
}

#[test]
fn an_error_at_the_start_leaves_the_terminal_alone() {
    let setup = Setup::new();
    let folder = setup.home().join(".config/obx");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config.toml"), "no_such_setting = 1\n").unwrap();
    let mut session = setup.start();
    assert_eq!(session.wait_exit(), 2);
    session.assert_given_back();
    assert!(session.shows("no_such_setting"), "{}", session.picture());
    assert!(session.shows("line 1"), "{}", session.picture());
    assert!(!holds(&session.bytes(), "\x1b["), "not one escape");
}

#[test]
fn esc_alone_never_ends_it() {
    let mut session = Setup::new().start();
    session.wait_for("DEMO");
    session.press_all(&[ESC, ESC, ESC, "?"]);
    session.wait_for(english().help_title());
    assert!(session.lives());
}
