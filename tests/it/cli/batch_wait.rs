//! `obx batch --carry`: it waits for the next day, and does nothing until then.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use super::batch::{ids, with_delay};
use super::shell::Shell;
use crate::tui::pty::{Setup, signal};

/// How often the threads of a process were put to sleep so far.
fn sleeps(process: u32) -> u64 {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let count = |status: String| {
        let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:")).unwrap();
        line.trim().parse::<u64>().unwrap()
    };
    tasks.map(|task| count(std::fs::read_to_string(task.unwrap().path().join("status")).unwrap())).sum()
}

#[test]
fn a_batch_that_waits_for_the_next_day_does_not_wake_up() {
    let shell = Shell::with(with_delay(0));
    let list = shell.file("list.txt", &ids(0..4));
    let mut command = shell.command(&["batch", &list, "--yes", "--cap", "1", "--carry", "--fields", "line"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains("today's calls are used up: waiting until")));
    std::thread::sleep(Duration::from_secs(1)); // what is written after a call takes its time
    let before = sleeps(child.id());
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(sleeps(child.id()), before);
    signal(child.id(), "INT");
    assert_eq!((child.wait().unwrap().code(), shell.emulator().calls()), (Some(130), 1));
}

#[test]
fn a_terminal_counts_down_to_the_next_day() {
    let setup = Setup::new().args(&["batch", "list.txt", "--demo", "--yes", "--cap", "1", "--carry"]);
    std::fs::write(setup.home().join("list.txt"), ids(0..4)).unwrap();
    let mut session = setup.start();
    session.wait_for("1 of 4 · goes on in ");
    session.press(crate::tui::pty::CTRL_C);
    assert_eq!(session.wait_exit(), 130);
    assert!(!session.picture().contains("goes on in"), "{}", session.picture());
}
