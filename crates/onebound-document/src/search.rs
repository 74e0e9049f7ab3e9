//! Every node whose key or value matches, over all of a document.
//!
//! A plain text is looked for in the bytes as they were sent, and only what has escapes is read first; a regular
//! expression is held against each key and each value by itself, so that `^` and `$` mean its ends. A string that holds
//! JSON is searched as the document that it is, and hits lie on what matches there.

mod hits;
mod pattern;
mod walk;

use super::Document;
pub use hits::Hits;
pub use pattern::{Pattern, PatternError};
use walk::Walk;

/// So many strings may have hits inside, of what they hold: half a million take some 60 MB.
const MAX_STRINGS: usize = 500_000;

/// A cancelled search goes on for so many bytes at most: about a millisecond.
const PIECE: usize = 1_000_000;

impl Document {
    /// What matches by its key or value, in reading order; `None` if the search was cancelled before its end.
    pub fn search(&self, pattern: &Pattern, is_cancelled: &dyn Fn() -> bool) -> Option<Hits> {
        self.search_by_pieces(pattern, PIECE, is_cancelled)
    }

    pub(crate) fn search_by_pieces(
        &self,
        pattern: &Pattern,
        piece: usize,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Option<Hits> {
        Walk { pattern, piece, strings: MAX_STRINGS, is_cancelled }.search(self, 0)
    }
}
