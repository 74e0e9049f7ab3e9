//! The IDs that a command is given: in arguments, and for `-` in the lines of stdin.

use std::collections::HashSet;
use std::io::{self, BufRead, Read};

use super::exit_code::{CommonCode, ExitCode};
use super::failure::CliFailure;
use super::report::ErrorReport;
use super::run::Run;
use onebound::ItemId;

/// In place of an ID: a text on each line of stdin.
const STDIN: &str = "-";
/// In bytes: no line with an ID is longer, and one without an end must not fill the memory.
const LONGEST_LINE: u64 = 1 << 20;

/// Finds the ID in each text, and collects how each of them ended.
pub(super) struct GivenIds<'a> {
    run: &'a Run,
    texts: Box<dyn Iterator<Item = io::Result<GivenText>> + 'a>,
    seen: HashSet<ItemId>,
    codes: CommonCode,
}

impl<'a> GivenIds<'a> {
    pub(super) fn new(run: &'a Run, arguments: &'a [String]) -> Self {
        Self { run, texts: Box::new(texts(arguments)), seen: HashSet::new(), codes: CommonCode::default() }
    }

    /// Returns the next ID that was not given before. A text without one is reported, and counts as failed.
    ///
    /// # Errors
    /// If stdin can't be read.
    pub(super) fn next_id(&mut self) -> Result<Option<ItemId>, CliFailure> {
        let run = self.run;
        for text in self.texts.by_ref() {
            let text = match text.map_err(CliFailure::Stdin)? {
                GivenText::Text(text) => text,
                GivenText::TooLong(line) => {
                    run.report(&ErrorReport::new(ExitCode::Usage, run.texts.cli_line_too_long(line)));
                    self.codes.add(ExitCode::Usage);
                    continue;
                }
            };
            match ItemId::find_on(run.config.call.platform(), &text) {
                Ok(found) if self.seen.insert(found.id.clone()) => return Ok(Some(found.id)),
                Ok(found) => run.note(&run.texts.cli_repeated_id(&found.id)),
                Err(error) => {
                    run.report(&run.input_error(&text, &error));
                    self.codes.add(ExitCode::Usage);
                }
            }
        }
        Ok(None)
    }

    /// Notes how an ID ended.
    pub(super) fn done(&mut self, code: ExitCode) {
        self.codes.add(code);
    }

    /// Returns the exit code for all of them. None on stdin is no failure, as of a search before that found nothing.
    pub(super) fn code(self) -> ExitCode {
        self.codes.code().unwrap_or_else(|| {
            self.run.note(self.run.texts.cli_no_ids());
            ExitCode::Ok
        })
    }
}

/// A text that may have an ID.
enum GivenText {
    Text(String),
    /// The line of stdin with this number. It is not held in memory.
    TooLong(u64),
}

fn texts(arguments: &[String]) -> impl Iterator<Item = io::Result<GivenText>> {
    arguments.iter().flat_map(|argument| -> Box<dyn Iterator<Item = io::Result<GivenText>>> {
        if argument == STDIN {
            Box::new(lines(io::stdin().lock()))
        } else {
            Box::new(std::iter::once(Ok(GivenText::Text(argument.clone()))))
        }
    })
}

/// The lines that are not empty.
fn lines(mut reader: impl BufRead) -> impl Iterator<Item = io::Result<GivenText>> {
    let mut numbers = 1..;
    std::iter::from_fn(move || {
        loop {
            let (mut line, number) = (Vec::new(), numbers.next()?);
            match reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error) => return Some(Err(error)),
            }
            if line.len() as u64 == LONGEST_LINE && !line.ends_with(b"\n") {
                return Some(reader.skip_until(b'\n').map(|_| GivenText::TooLong(number)));
            }
            // A line in another encoding can have an ID all the same, and ends no other line.
            let text = String::from_utf8_lossy(&line);
            if !text.trim().is_empty() {
                return Some(Ok(GivenText::Text(text.into_owned())));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_too_long_is_passed_over_by_its_number() {
        let long = "x".repeat(usize::try_from(LONGEST_LINE).unwrap() * 3);
        let text = format!("1\n\n{long}\n2");
        let found: Vec<String> = lines(text.as_bytes())
            .map(|line| match line.unwrap() {
                GivenText::Text(text) => text.trim().to_owned(),
                GivenText::TooLong(number) => format!("line {number}"),
            })
            .collect();
        assert_eq!(found, ["1", "line 3", "2"]);
    }
}
