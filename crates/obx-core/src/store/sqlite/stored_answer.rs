//! The newest answer to a question, from the file or from the exchanges that are not written yet.

use jiff::Timestamp;

use super::{LocalStore, answers, schema};
use crate::store::{StoreError, StoredAnswer};
use onebound::Question;

impl LocalStore {
    pub(super) async fn newest_answer(
        &self,
        question: &Question,
    ) -> Result<Option<StoredAnswer>, StoreError> {
        let unwritten = self.unwritten.answer(question);
        if unwritten.is_some() && !self.place.path().is_some_and(schema::can_be_written) {
            // An exchange stays unwritten for long only if the file can't be written; and nobody else writes to
            // memory.
            return Ok(unwritten);
        }
        let asked = question.clone();
        let stored = self.read(move |connection| answers::newest(connection, &asked)).await;
        // If the clock was set back, a stored answer can be from the future.
        let is_older = |stored: Timestamp, unwritten: &StoredAnswer| {
            stored <= ended_at(unwritten) || stored > Timestamp::now()
        };
        match (unwritten, stored) {
            // With the same end they are the same exchange, which has been written meanwhile.
            (Some(unwritten), Ok(Some(stored)))
                if stored.ended_at.is_none_or(|at| is_older(at, &unwritten)) =>
            {
                Ok(Some(unwritten))
            }
            (unwritten, Ok(Some(packed))) => {
                let id = Some(packed.id);
                let opened = packed.open().await.map(|exchange| StoredAnswer { id, exchange });
                opened.or_else(|error| unwritten.ok_or(error)).map(Some)
            }
            // If the store can't be read, the answer in memory still counts.
            (Some(unwritten), _) => Ok(Some(unwritten)),
            (None, stored) => stored.map(|_| None),
        }
    }
}

/// Returns when the exchange ended, in milliseconds as the store counts.
fn ended_at(answer: &StoredAnswer) -> Timestamp {
    let ended_at = answer.exchange.ended_at();
    Timestamp::from_millisecond(ended_at.as_millisecond()).unwrap_or(ended_at)
}
