//! The IDs that a command is given: in arguments, and for `-` in the lines of stdin.

use std::collections::HashSet;
use std::io::{self, BufRead};

use super::ExitCode;
use super::failure::CliFailure;
use super::run::Run;
use onebound::ItemId;

/// In place of an ID: a text on each line of stdin.
const STDIN: &str = "-";

/// Finds the ID in each text, and collects how each of them ended.
pub(super) struct GivenIds<'a> {
    run: &'a Run,
    texts: Box<dyn Iterator<Item = io::Result<String>> + 'a>,
    seen: HashSet<ItemId>,
    codes: Vec<ExitCode>,
}

impl<'a> GivenIds<'a> {
    pub(super) fn new(run: &'a Run, arguments: &'a [String]) -> Self {
        Self { run, texts: Box::new(texts(arguments)), seen: HashSet::new(), codes: Vec::new() }
    }

    /// Returns the next ID that was not given before. A text without one is reported, and counts as failed.
    ///
    /// # Errors
    /// If stdin can't be read.
    pub(super) fn next_id(&mut self) -> Result<Option<ItemId>, CliFailure> {
        let run = self.run;
        for text in self.texts.by_ref() {
            let text = text.map_err(CliFailure::Stdin)?;
            match ItemId::find_on(run.config.call.platform(), &text) {
                Ok(found) if self.seen.insert(found.id.clone()) => return Ok(Some(found.id)),
                Ok(found) => run.note(&run.texts.cli_repeated_id(&found.id)),
                Err(error) => {
                    run.report(&run.input_error(&text, &error));
                    self.codes.push(ExitCode::Usage);
                }
            }
        }
        Ok(None)
    }

    /// Notes how an ID ended.
    pub(super) fn done(&mut self, code: ExitCode) {
        self.codes.push(code);
    }

    /// Returns the exit code for all of them. None on stdin is no failure, as of a search before that found nothing.
    pub(super) fn code(self) -> ExitCode {
        if self.codes.is_empty() {
            self.run.note(self.run.texts.cli_no_ids());
        }
        ExitCode::for_all(self.codes)
    }
}

fn texts(arguments: &[String]) -> impl Iterator<Item = io::Result<String>> {
    arguments.iter().flat_map(|argument| -> Box<dyn Iterator<Item = io::Result<String>>> {
        if argument == STDIN {
            // A line in another encoding can have an ID all the same, and ends no other line.
            let lines = io::stdin().lock().split(b'\n');
            let lines = lines.map(|line| line.map(|line| String::from_utf8_lossy(&line).into_owned()));
            Box::new(lines.filter(|line| line.as_ref().map_or(true, |line| !line.trim().is_empty())))
        } else {
            Box::new(std::iter::once(Ok(argument.clone())))
        }
    })
}
