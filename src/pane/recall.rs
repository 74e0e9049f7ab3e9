//! Steps through earlier inputs as a shell does: those that begin with the text before the cursor, or all of them. The
//! typed text comes back at the end.

use crate::pane::text_input::TextInput;

/// A walk through earlier inputs.
#[derive(Debug)]
pub(super) struct Recall {
    /// The original text before and after the cursor.
    before: String,
    after: String,
    /// The beginning that inputs must have.
    beginning: String,
    /// How many inputs are newer than the one in the line; `None` while that is the original text.
    newer: Option<usize>,
}

impl Recall {
    /// Begins with the text in the line. If the user typed it, inputs must begin with the part before the cursor.
    pub(super) fn begin(line: &TextInput, typed: bool) -> Self {
        let before = line.before_cursor().to_owned();
        let after = line.text().get(before.len()..).unwrap_or_default().to_owned();
        let beginning = if typed { before.clone() } else { String::new() };
        Self { before, after, beginning, newer: None }
    }

    /// The next older input, if there is one. `inputs` has the newest last.
    pub(super) fn older<'a>(&mut self, inputs: &'a [String]) -> Option<&'a str> {
        let passed = self.newer.map_or(0, |newer| newer + 1);
        let mut older = inputs.iter().rev().enumerate().skip(passed);
        let (newer, input) = older.find(|(_, input)| self.fits(input))?;
        self.newer = Some(newer);
        Some(input)
    }

    /// The next newer input; `None` after the newest, where the typed text comes back.
    pub(super) fn newer<'a>(&mut self, inputs: &'a [String]) -> Option<&'a str> {
        let mut newer = inputs.iter().rev().enumerate().take(self.newer.unwrap_or_default());
        let (newer, input) = newer.rfind(|(_, input)| self.fits(input))?;
        self.newer = Some(newer);
        Some(input)
    }

    /// Puts the next older or newer of the inputs into the line; `None` once the typed text is back.
    #[must_use]
    pub(super) fn step(mut self, is_older: bool, inputs: &[String], line: &mut TextInput) -> Option<Self> {
        match if is_older { self.older(inputs) } else { self.newer(inputs) } {
            Some(input) => line.set(input),
            None if is_older => {}
            None => {
                self.restore(line);
                return None;
            }
        }
        Some(self)
    }

    /// Restores the typed text.
    pub(super) fn restore(&self, line: &mut TextInput) {
        line.set(&self.before);
        line.insert_behind(&self.after);
    }

    fn fits(&self, input: &str) -> bool {
        let typed = input.strip_prefix(&self.before).is_some_and(|rest| rest == self.after);
        input.starts_with(&self.beginning) && !typed
    }
}
