//! Nothing that holds the main thread up keeps the program from its end.

use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

use super::gateway::{Gateway, ITEM, SKU_IDS};
use super::pty::{CTRL_L, ENTER, Session, Setup, english, signal};

/// With an item on the screen that can be read in a pager.
fn with_pager(gateway: &Gateway, pager: &str) -> Session {
    let mut session = Setup::new().account(&gateway.url()).var("PAGER", pager).args(&[ITEM]).start();
    session.wait_for(&english().enter_fetches("Enter"));
    session.press(ENTER);
    session.wait_for(SKU_IDS[0]);
    session
}

#[test]
fn a_terminal_that_goes_away_around_a_pager_ends_it() {
    let gateway = Gateway::start();
    for round in 0..12 {
        let mut session = with_pager(&gateway, "cat");
        session.press("v");
        if round % 3 > 0 {
            session.wait_for(&english().program_is_over("cat"));
        }
        if round % 3 > 1 {
            session.press(ENTER);
        }
        session.hang_up();
        assert_eq!(session.wait_exit(), 129, "round {round}");
    }
}

#[test]
fn a_program_that_is_held_up_by_its_terminal_ends_when_asked_to() {
    let gateway = Gateway::start();
    for (name, code) in [("TERM", 143), ("INT", 130), ("QUIT", 131), ("HUP", 129)] {
        let mut session = with_pager(&gateway, "cat");
        session.stop_reading();
        // More than fits between the program and a terminal that takes nothing.
        for _ in 0..20 {
            session.press(CTRL_L);
        }
        assert!(session.lives());
        session.signal(name);
        assert_eq!(session.wait_exit(), code, "SIG{name}");
        assert_eq!(session.modes(), session.modes_before(), "SIG{name}");
    }
}

#[test]
fn a_quit_typed_in_a_pager_is_for_the_pager() {
    let gateway = Gateway::start();
    let mut session = with_pager(&gateway, "echo PAGER HERE; sleep 60; cat");
    session.press("v");
    session.wait_for("PAGER HERE");
    session.press("\x1c");
    session.wait_for(&english().program_is_over("echo PAGER HERE; sleep 60; cat"));
    session.press(ENTER);
    session.wait_for(&english().program_killed("$PAGER", 3));
    session.press("q");
    assert_eq!(session.wait_exit(), 0);
    session.assert_given_back();
}

#[test]
fn no_core_is_dumped_in_which_the_secret_would_lie() {
    let folder = tempfile::tempdir().unwrap();
    let allowed = "ulimit -S -c unlimited; exec \"$0\" emulate";
    let mut program = Command::new("sh")
        .args(["-c", allowed, env!("CARGO_BIN_EXE_obx")])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut address = String::new();
    let mut written = BufReader::new(program.stdout.take().unwrap());
    written.read_line(&mut address).unwrap();
    assert!(address.starts_with("http://"), "{address:?}");
    signal(program.id(), "ABRT");
    let status = program.wait().unwrap();
    drop(written);
    assert_eq!(status.signal(), Some(6));
    assert!(!status.core_dumped());
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}
