//! A question on the terminal, also when stdin is a pipe. Only a typed yes is a yes: the end of input is none.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use super::harmless;
use obx_core::i18n::Texts;

/// Why a question has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    /// There is no terminal to ask on.
    NoTerminal,
}

/// Returns true if there is a terminal to ask on.
pub(super) fn has_terminal() -> bool {
    terminal().is_ok()
}

/// Whether the cursor is behind a question that has no answer yet.
static IS_ASKING: AtomicBool = AtomicBool::new(false);

/// Asks on the process's terminal, and waits for a line.
pub(super) fn ask(question: &str, texts: Texts) -> Answer {
    let Ok(terminal) = terminal() else { return Answer::NoTerminal };
    let mut line = String::new();
    IS_ASKING.store(true, Ordering::Relaxed);
    let asked = write!(&terminal, "{} {} ", harmless(question), texts.prompt_choices());
    let answered = asked.and_then(|()| BufReader::new(&terminal).read_line(&mut line));
    // The end of input leaves the line open.
    if line.ends_with('\n') {
        IS_ASKING.store(false, Ordering::Relaxed);
    }
    if answered.is_err() {
        return Answer::NoTerminal;
    }
    if is_yes(&line) { Answer::Yes } else { Answer::No }
}

/// Ends the line of a question that was never answered, so that nothing else is written behind it.
pub(super) fn end_line() {
    if IS_ASKING.swap(false, Ordering::Relaxed)
        && let Ok(mut terminal) = terminal()
    {
        let _ = writeln!(terminal); // only the looks of the terminal depend on it
    }
}

fn terminal() -> io::Result<File> {
    OpenOptions::new().read(true).write(true).open("/dev/tty")
}

/// Returns true for a whole line that says yes, in either language. A line without its end is the end of input.
fn is_yes(line: &str) -> bool {
    let Some(line) = line.strip_suffix('\n') else { return false };
    matches!(line.trim().to_lowercase().as_str(), "y" | "yes" | "是" | "ｙ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_line_that_says_yes_is_a_yes() {
        for line in ["y\n", "Y\n", " yes \n", "是\n", "y\r\n"] {
            assert!(is_yes(line), "{line:?}");
        }
        for line in ["", "\n", "y", "yes", "n\n", "no\n", "ye\n", "yy\n"] {
            assert!(!is_yes(line), "{line:?}");
        }
    }
}
