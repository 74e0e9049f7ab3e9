//! Answers that are not written yet count as if they were.

use jiff::Timestamp;

use super::{KnownAnswer, StoredAnswer};
use onebound::Outcome;

impl KnownAnswer {
    /// Adds an answer that is not written yet. It may be older than what is: a spooled one can wait for days.
    pub(super) fn merge(&mut self, unwritten: Option<&StoredAnswer>) {
        let Some(answer) = unwritten else { return };
        let (at, is_item) = (ended_at(answer), answer.exchange.outcome != Outcome::NoResult);
        if self.answered.is_none_or(|(stored, _)| stored <= at) {
            self.answered = Some((at, is_item));
        }
        self.unknown_at = self.unknown_at.filter(|sent_at| *sent_at > at);
    }
}

/// Returns when the exchange ended, in milliseconds as the store counts.
pub(super) fn ended_at(answer: &StoredAnswer) -> Timestamp {
    let ended_at = answer.exchange.ended_at();
    Timestamp::from_millisecond(ended_at.as_millisecond()).unwrap_or(ended_at)
}
