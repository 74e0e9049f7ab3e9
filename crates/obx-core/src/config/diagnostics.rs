//! Collects what is wrong with a file, so that a user sees all of it at once.
//!
//! It points to places and never quotes them: any line may hold a secret.

use std::fmt::Display;
use std::ops::Range;

use super::error::Problem;

/// The mistakes found in a text so far.
pub(super) struct Report<'t> {
    text: &'t str,
    // With the offset, by which they are put in order.
    found: Vec<(usize, Problem)>,
}

impl<'t> Report<'t> {
    /// For this text, in which nothing has been found yet.
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, found: Vec::new() }
    }

    /// Something is wrong in the line where this span begins.
    pub(super) fn at(&mut self, span: &Range<usize>, text: String) {
        let (line, _) = position(self.text, span.start);
        self.found.push((span.start, Problem { line, column: None, text }));
    }

    /// The value of a key, or a problem with it.
    pub(super) fn keep<T, E: Display>(
        &mut self,
        span: &Range<usize>,
        name: &str,
        read: Result<T, E>,
    ) -> Option<T> {
        read.map_err(|error| self.at(span, format!("`{}`: {error}", name.escape_debug()))).ok()
    }

    /// All that was found, in the order of the text.
    pub(super) fn into_problems(mut self) -> Vec<Problem> {
        self.found.sort_by_key(|(offset, _)| *offset);
        self.found.into_iter().map(|(_, problem)| problem).collect()
    }
}

/// Where a text ceases to be TOML. The error's own `Display` and `Debug` quote the text: only its message,
/// which is made of the parser's words alone, may go on.
pub(super) fn syntax(text: &str, error: &toml::de::Error) -> Problem {
    let start = error.span().map_or(text.len(), |span| span.start);
    let (line, column) = position(text, start);
    Problem { line, column: Some(column), text: error.message().to_owned() }
}

/// Line and column of an offset, both from 1.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}
