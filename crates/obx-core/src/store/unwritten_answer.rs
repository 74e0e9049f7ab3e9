//! Answers that are not written yet count as if they were.

use jiff::Timestamp;

use super::{KnownAnswer, StoredAnswer};
use onebound::Outcome;

impl KnownAnswer {
    /// Adds an answer that is not written yet, and is newer than all that is.
    pub(super) fn merge(&mut self, unwritten: Option<&StoredAnswer>) {
        if let Some(answer) = unwritten {
            let is_item = answer.exchange.outcome != Outcome::NoResult;
            *self = Self { answered: Some((ended_at(answer), is_item)), unknown_at: None };
        }
    }
}

/// Returns when the exchange ended, in milliseconds as the store counts.
pub(super) fn ended_at(answer: &StoredAnswer) -> Timestamp {
    let ended_at = answer.exchange.ended_at();
    Timestamp::from_millisecond(ended_at.as_millisecond()).unwrap_or(ended_at)
}
