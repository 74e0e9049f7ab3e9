//! A command in a terminal, and somebody before it: questions are answered with yes, the explorer and what goes on until
//! `^C` are ended.

use std::time::{Duration, Instant};

use crate::tui::pty::{CTRL_C, Session, Setup, english};

/// The longest that an example may take on a busy machine.
const LONGEST: Duration = Duration::from_secs(120);
/// How often the screen is looked at.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Runs a script of bash; returns its exit code and all that it wrote.
pub(super) fn run(script: &str, variables: &[(&'static str, String)]) -> (u32, String) {
    let setup = Setup::with_program("bash").args(&["-c", script]);
    let setup = variables.iter().fold(setup, |setup, (name, value)| setup.var(name, value));
    let mut session = setup.start();
    let start = Instant::now();
    let mut has_answered = false;
    while session.lives() {
        assert!(start.elapsed() < LONGEST, "{script}\n{}", session.picture());
        if session.screen(vt100::Screen::alternate_screen) {
            session.wait_for_silence();
            session.quit();
        } else if !has_answered && session.shows(english().prompt_choices()) {
            has_answered = true;
            session.write_at_once("y\n");
        } else if goes_on(script) && session.written() > 0 {
            end(&mut session);
        }
        std::thread::sleep(POLL_INTERVAL);
    }
    let code = session.wait_exit();
    (code, String::from_utf8_lossy(&session.bytes()).into_owned())
}

/// Whether the command has no end of its own.
fn goes_on(script: &str) -> bool {
    ["obx emulate", "--follow"].iter().any(|part| script.contains(part))
}

fn end(session: &mut Session) {
    session.wait_for_silence();
    session.press(CTRL_C);
    session.wait_exit();
}
