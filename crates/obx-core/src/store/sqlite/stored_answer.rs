//! The newest answer to a question, from the file or from the exchanges that are not written yet.

use jiff::Timestamp;

use super::known;
use super::{LocalStore, answers, schema};
use crate::store::unwritten_answer::ended_at;
use crate::store::{KnownAnswer, StoreError, StoredAnswer};
use onebound::{Call, Question, Scope};

impl LocalStore {
    /// What the file knows of these calls, and what is not written yet.
    pub(super) async fn known_answers(
        &self,
        scope: Scope,
        calls: Vec<Call>,
    ) -> Result<Vec<KnownAnswer>, StoreError> {
        // Before the file is read: what is written in between is found twice rather than not at all.
        let (own, unwritten) = (self.under_way.all(), self.unwritten.answers(&scope, &calls));
        let read = self.read(move |connection| {
            let mut known = known::known(connection, &scope, &calls, &own, Timestamp::now())?;
            for (known, unwritten) in known.iter_mut().zip(&unwritten) {
                known.merge(unwritten.as_ref());
            }
            Ok(known)
        });
        read.await
    }

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
        let stored = self.read(move |connection| answers::newest(connection, &asked, Timestamp::now())).await;
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
                let opened = packed.open().await.map(|exchange| {
                    let came_at = exchange.ended_at();
                    StoredAnswer { id, exchange, came_at }
                });
                opened.or_else(|error| unwritten.ok_or(error)).map(Some)
            }
            // If the store can't be read, the answer in memory still counts.
            (Some(unwritten), _) => Ok(Some(unwritten)),
            (None, stored) => stored.map(|_| None),
        }
    }
}
