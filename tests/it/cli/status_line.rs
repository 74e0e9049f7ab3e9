//! What a terminal shows while a command waits for an answer.

use std::time::Duration;

use onebound_emulator::{Delay, Settings};

use super::shell::Shell;
use crate::tui::pty::{CTRL_C, Session, Setup, english};

const ITEM: &str = "610947572360";

/// An emulator that takes so long for an answer.
fn slow(millis: u64) -> Shell {
    let delay = Duration::from_millis(millis);
    Shell::with(Settings { delay: Delay::between(delay, delay), ..Settings::default() })
}

fn start(shell: &Shell, args: &[&str]) -> Session {
    Setup::new().account(shell.host()).args(args).start()
}

/// The text that is shown as soon as there is one.
fn awaited(subject: &str) -> String {
    english().cli_awaiting(subject)
}

#[test]
fn a_terminal_shows_how_long_an_answer_is_awaited_and_then_the_answer_alone() {
    let shell = slow(2_200);
    for (args, subject) in [(&["get", ITEM][..], ITEM), (&["search", "手机壳", "--top", "1"], "item_search")]
    {
        let mut session = start(&shell, args);
        session.wait_for(&english().cli_awaiting_for(subject, 1));
        assert_eq!(session.wait_exit(), 0);
        let picture = session.picture();
        assert!(!picture.contains(&awaited(subject)) && picture.contains("billed"), "{picture}");
        // From the first second on, once in a second.
        let shown = session.pictures().into_iter().filter(|picture| picture.contains(&awaited(subject)));
        assert!((2..=3).contains(&shown.count()), "{:?}", session.pictures());
    }
}

#[test]
fn nothing_is_shown_of_a_short_wait_to_a_dumb_terminal_or_with_quiet() {
    let (slow, quick) = (slow(1_200), Shell::with(Settings { delay: Delay::NONE, ..Settings::default() }));
    let dumb = Setup::new().var("TERM", "dumb").account(slow.host()).args(&["get", ITEM]).start();
    let sessions = [dumb, start(&slow, &["get", ITEM, "--quiet"]), start(&quick, &["get", ITEM])];
    for mut session in sessions {
        assert_eq!(session.wait_exit(), 0);
        let written = String::from_utf8_lossy(&session.bytes()).into_owned();
        assert!(!written.contains(&awaited(ITEM)) && written.contains("799.00"), "{written}");
    }
    let piped = slow.run(&["get", ITEM, "--json"]);
    assert_eq!(piped.stderr.lines().count(), 1, "{piped:?}");
}

#[test]
fn the_bar_of_a_batch_is_never_on_the_line_of_a_record() {
    let shell = slow(30);
    let list: String = (0..300_u64).map(|number| (610_947_515_100 + number).to_string() + "\n").collect();
    let list = shell.file("list.txt", &list);
    let mut session = start(&shell, &["batch", &list, "--yes", "--concurrency", "40"]);
    assert_eq!(session.wait_exit(), 0);
    let written = String::from_utf8_lossy(&session.bytes()).into_owned();
    assert!(written.contains("[#"), "{written}");
    // What is left of a line is what was written since it was erased.
    let lines = written.lines().map(|line| line.rsplit("\u{1b}[K").next().unwrap());
    let glued: Vec<&str> = lines.filter(|line| line.starts_with('[') && line.contains("610947515")).collect();
    assert!(glued.is_empty(), "{glued:?}");
}

#[test]
fn an_interrupt_leaves_no_part_of_the_line() {
    let shell = slow(2_000);
    let mut session = start(&shell, &["get", ITEM]);
    session.wait_for(&awaited(ITEM));
    session.press(CTRL_C);
    assert_eq!(session.wait_exit(), 130);
    let picture = session.picture();
    // The terminal breaks its line.
    let note = english().cli_waiting_for_sent(1);
    assert!(picture.contains(note.split(';').next().unwrap()), "{picture}");
    assert!(!picture.contains(&awaited(ITEM)) && !picture.contains("^C\n"), "{picture}");
}
