//! Steps through the saved programs as a shell does: those that begin with the text before the cursor, or all of
//! them. The typed text comes back at the end.

use crate::pane::text_input::TextInput;

/// A walk through the saved programs.
#[derive(Debug)]
pub(super) struct Recall {
    /// The original text before and after the cursor.
    before: String,
    after: String,
    /// The beginning that programs must have.
    beginning: String,
    /// How many programs are newer than the one in the line; `None` while that is the original text.
    newer: Option<usize>,
}

impl Recall {
    /// Begins with the text in the line. If the user typed it, programs must begin with the part before the cursor.
    pub(super) fn begin(input: &TextInput, typed: bool) -> Self {
        let before = input.before_cursor().to_owned();
        let after = input.text().get(before.len()..).unwrap_or_default().to_owned();
        let beginning = if typed { before.clone() } else { String::new() };
        Self { before, after, beginning, newer: None }
    }

    /// The next older program, if there is one. `programs` has the newest last.
    pub(super) fn older<'a>(&mut self, programs: &'a [String]) -> Option<&'a str> {
        let passed = self.newer.map_or(0, |newer| newer + 1);
        let mut older = programs.iter().rev().enumerate().skip(passed);
        let (newer, program) = older.find(|(_, program)| self.fits(program))?;
        self.newer = Some(newer);
        Some(program)
    }

    /// The next newer program; `None` after the newest, where the typed text comes back.
    pub(super) fn newer<'a>(&mut self, programs: &'a [String]) -> Option<&'a str> {
        let mut newer = programs.iter().rev().enumerate().take(self.newer.unwrap_or_default());
        let (newer, program) = newer.rfind(|(_, program)| self.fits(program))?;
        self.newer = Some(newer);
        Some(program)
    }

    /// Restores the typed text.
    pub(super) fn restore(&self, input: &mut TextInput) {
        input.set(&self.before);
        input.insert_behind(&self.after);
    }

    fn fits(&self, program: &str) -> bool {
        let typed = program.strip_prefix(&self.before).is_some_and(|rest| rest == self.after);
        program.starts_with(&self.beginning) && !typed
    }
}
