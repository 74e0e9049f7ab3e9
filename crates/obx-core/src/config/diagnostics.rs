//! Collects what is wrong with a file, so that a user sees all of it at once.
//!
//! It points to places and never quotes them: any line may hold a secret.

use std::ops::Range;

use toml::Spanned;

use super::error::{Expected, Mistake, Problem, ValueError};

/// The mistakes found in a text so far.
pub(super) struct Diagnostics<'t> {
    text: &'t str,
    /// With the offset, by which they are put in order.
    found: Vec<(usize, Problem)>,
}

impl<'t> Diagnostics<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, found: Vec::new() }
    }

    /// Adds a mistake in the line where this span begins.
    pub(super) fn add(&mut self, span: &Range<usize>, mistake: Mistake) {
        let (line, _) = position(self.text, span.start);
        self.found.push((span.start, Problem { line, column: None, mistake }));
    }

    /// The value of a key; adds a mistake where it can't be used.
    pub(super) fn value<T>(
        &mut self,
        span: &Range<usize>,
        key: &str,
        parsed: Result<T, impl Into<ValueError>>,
    ) -> Option<T> {
        let key = key.to_owned();
        parsed.map_err(|reason| self.add(span, Mistake::Value { key, reason: reason.into() })).ok()
    }

    /// Adds that the value of this name can't be the keys of an action.
    pub(super) fn add_wrong_keys(&mut self, span: &Range<usize>, name: &str, found: &'static str) {
        self.add(span, Mistake::WrongType { key: name.to_owned(), expected: Expected::Keys, found });
    }

    /// Adds that this name has a table in place of keys.
    pub(super) fn add_no_keys(&mut self, name: &Spanned<&str>) {
        self.add_wrong_keys(&name.span(), name.get_ref(), "table");
    }

    /// The line where a span begins, from 1.
    pub(super) fn line(&self, span: &Range<usize>) -> usize {
        position(self.text, span.start).0
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
    Problem { line, column: Some(column), mistake: Mistake::Syntax(error.message().to_owned()) }
}

/// Line and column of an offset, both from 1.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    (line, column)
}
