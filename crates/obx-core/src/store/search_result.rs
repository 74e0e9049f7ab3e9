//! What a search of the store finds.

use super::{ExchangeId, LogEntry};

/// An exchange that a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub line: LogEntry,
    /// The item's title; empty if the answer has no item.
    pub title: String,
}

/// The result of one step of a search through bodies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BodySearch {
    /// Newest first.
    pub found: Vec<Found>,
    /// Number of bodies in this step that could not be read.
    pub unread: usize,
    /// Where the search continues; `None` at its end.
    pub rest: Option<RestOfSearch>,
}

/// The part of the store that a search through bodies has not read yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RestOfSearch {
    /// The exchanges before this one remain to be searched.
    pub before: ExchangeId,
    /// Progress in percent, estimated from the exchanges' numbers.
    pub percent: u8,
}
