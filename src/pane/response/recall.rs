//! Stepping through the programs that were kept, as in a shell: through those that begin with what was typed before
//! the cursor, or through all of them; what was typed comes back at the end.

use crate::pane::text_input::TextInput;

/// A walk through them.
#[derive(Debug)]
pub(super) struct Recall {
    /// What stood in the line, before the cursor and behind it.
    before: String,
    after: String,
    /// How those begin that are stepped through.
    beginning: String,
    /// How many are newer than the one in the line.
    newer: Option<usize>,
}

impl Recall {
    /// From a line that was typed, or else stands there from before.
    pub(super) fn begin(input: &TextInput, typed: bool) -> Self {
        let before = input.before_cursor().to_owned();
        let after = input.text().get(before.len()..).unwrap_or_default().to_owned();
        let beginning = if typed { before.clone() } else { String::new() };
        Self { before, after, beginning, newer: None }
    }

    /// The next older one, where there is one; programs come the newest last.
    pub(super) fn older<'a>(&mut self, programs: &'a [String]) -> Option<&'a str> {
        let passed = self.newer.map_or(0, |newer| newer + 1);
        let mut older = programs.iter().rev().enumerate().skip(passed);
        let (newer, program) = older.find(|(_, program)| self.fits(program))?;
        self.newer = Some(newer);
        Some(program)
    }

    /// The next newer one; behind the newest stands what was typed.
    pub(super) fn newer<'a>(&mut self, programs: &'a [String]) -> Option<&'a str> {
        let mut newer = programs.iter().rev().enumerate().take(self.newer.unwrap_or_default());
        let (newer, program) = newer.rfind(|(_, program)| self.fits(program))?;
        self.newer = Some(newer);
        Some(program)
    }

    /// Puts back what was typed.
    pub(super) fn restore(&self, input: &mut TextInput) {
        input.set(&self.before);
        input.insert_behind(&self.after);
    }

    fn fits(&self, program: &str) -> bool {
        let typed = program.strip_prefix(&self.before).is_some_and(|rest| rest == self.after);
        program.starts_with(&self.beginning) && !typed
    }
}
