//! Every node whose key or value matches, over all of a document, piece by piece.
//!
//! A plain text is looked for in the bytes as they were sent, and only what has escapes is read first; a regular
//! expression is held against each key and each value by itself, so that `^` and `$` mean its ends. A string that holds
//! JSON is looked through as the document that it is, and hits lie on what matches there.

mod hits;
mod pattern;
mod state;

use super::Document;
pub use hits::Hits;
pub use pattern::{Pattern, PatternError};
use state::{Query, SearchState};

/// So many strings may have hits inside, of what they hold: half a million take some 60 MB.
const MAX_STRINGS: usize = 500_000;

/// The hits so far, in reading order, and where to go on.
#[derive(Clone, Debug)]
pub struct Search {
    pattern: Pattern,
    state: SearchState,
    strings: usize,
}

impl Search {
    /// Nothing was looked at yet.
    pub fn of(pattern: Pattern) -> Self {
        Self { pattern, state: SearchState::default(), strings: MAX_STRINGS }
    }

    /// What is looked for.
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// Goes on through about so many bytes of the document.
    pub fn step(&mut self, document: &Document, bytes: usize) {
        let mut look = Query { pattern: &self.pattern, left: bytes, strings: &mut self.strings };
        self.state.step(&mut look, document);
    }

    /// Whether all of the document was looked at.
    pub fn is_done(&self) -> bool {
        self.state.is_done()
    }

    /// What matches by its key or value, as far as it was looked.
    pub fn hits(&self) -> &Hits {
        self.state.hits()
    }
}
