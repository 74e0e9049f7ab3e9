//! `obx batch --out`: whatever ends a batch, what it has paid for is in a file with a name.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use onebound_emulator::{Delay, Settings};

use super::shell::{Ran, Shell};
use crate::tui::pty::{signal, wait_until};

/// The first answers come at once, and that of the last line never does.
fn held() -> Shell {
    Shell::with(Settings { delay: Delay::between(Duration::ZERO, Duration::ZERO), ..Settings::default() })
}

fn list(shell: &Shell) -> String {
    let hangs = onebound_emulator::Fault::Hang.test_id();
    shell.file("list.txt", &format!("610947572360\n610947572361\n610947572362\n{hangs}\n"))
}

/// A batch without a store, so that its file is the only copy; three lines are written, and the last call is under way.
fn start(shell: &Shell, out: &Path, part: &Path, calls: u64) -> Child {
    let list = list(shell);
    let args = ["--no-store", "batch", &list, "-y", "--concurrency", "1", "--fields", "line", "--out"];
    let mut command = shell.command(&[&args[..], &[out.to_str().unwrap()]].concat());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_until("three lines and a call", || {
        (lines(part) == Some(4) && shell.emulator().calls() == calls).then_some(())
    });
    child
}

fn lines(path: &Path) -> Option<usize> {
    fs::read_to_string(path).map(|text| text.lines().count()).ok()
}

fn paths(shell: &Shell) -> (PathBuf, PathBuf, PathBuf) {
    let path = |name| shell.home.path().join(name);
    (path("out.csv"), path("out.csv.part"), path("out.csv.part.2"))
}

#[test]
fn neither_a_second_interrupt_nor_a_kill_removes_what_was_paid() {
    let shell = held();
    let (out, first, second) = paths(&shell);
    let mut killed = start(&shell, &out, &first, 4);
    killed.kill().unwrap();
    let _ = killed.wait().unwrap(); // it was killed
    assert_eq!((lines(&first), lines(&out)), (Some(4), None));
    let interrupted = start(&shell, &out, &second, 8);
    signal(interrupted.id(), "INT");
    std::thread::sleep(Duration::from_millis(500));
    signal(interrupted.id(), "INT");
    let ran = Ran::new(&interrupted.wait_with_output().unwrap());
    assert_eq!((ran.code, lines(&second), lines(&out)), (Some(130), Some(4), None), "{ran:?}");
    assert_eq!(lines(&first), Some(4));
}

#[test]
fn results_that_cant_get_their_name_end_with_1_and_stay() {
    let pause = Duration::from_millis(600);
    let shell = Shell::with(Settings { delay: Delay::between(pause, pause), ..Settings::default() });
    let (out, part, _) = paths(&shell);
    let list = shell.file("list.txt", "610947572360\n");
    let mut command =
        shell.command(&["batch", &list, "-y", "--fields", "line", "--out", out.to_str().unwrap()]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_until("a call", || (shell.emulator().calls() == 1).then_some(()));
    fs::create_dir(&out).unwrap();
    let ran = Ran::new(&child.wait_with_output().unwrap());
    assert_eq!((ran.code, lines(&part)), (Some(1), Some(2)), "{ran:?}");
    assert!(ran.stderr.contains("all results are in") && ran.stderr.contains("can't write"), "{ran:?}");
}
