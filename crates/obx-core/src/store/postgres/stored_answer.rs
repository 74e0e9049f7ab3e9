//! The newest answer to a question, from the server or from the exchanges that are not written yet.

use std::sync::Arc;

use jiff::Timestamp;

use super::pool::{Lent, REQUEST_LIMIT};
use super::shared::Shared;
use super::{PostgresStore, answers, known};
use crate::store::unwritten_answer::ended_at;
use crate::store::{KnownAnswer, StoreError, StoredAnswer};
use onebound::{Call, Question, Scope};

impl PostgresStore {
    /// What the server knows of these calls, and what is not written yet.
    pub(super) async fn known_answers(
        &self,
        scope: Scope,
        calls: Vec<Call>,
    ) -> Result<Vec<KnownAnswer>, StoreError> {
        self.with_spooled().await;
        let own = self.shared.under_way.all();
        // Before the server is asked: what is written in between is found twice rather than not at all.
        let unwritten = self.shared.unwritten.answers(&scope, &calls);
        let read = move |shared: Arc<Shared>, connection: Lent| async move {
            let at = shared.pool.clock.now();
            let mut known = known::known(&connection, &scope, &calls, &own, at).await?;
            for (known, unwritten) in known.iter_mut().zip(&unwritten) {
                known.merge(unwritten.as_ref());
            }
            Ok(known)
        };
        self.read(REQUEST_LIMIT, read).await
    }

    pub(super) async fn newest_answer(
        &self,
        question: &Question,
    ) -> Result<Option<StoredAnswer>, StoreError> {
        self.with_spooled().await;
        let unwritten = self.shared.unwritten.answer(question);
        let asked = question.clone();
        let find = |_, connection: Lent| async move { answers::newest(&connection, &asked).await };
        let stored = match self.read(REQUEST_LIMIT, find).await {
            Ok(stored) => stored,
            // If the store can't be read, the answer in memory still counts.
            Err(error) => return unwritten.ok_or(error).map(Some),
        };
        match (unwritten, stored) {
            (unwritten, None) => Ok(unwritten),
            // With the same end they are the same exchange, which has been written meanwhile.
            (Some(unwritten), Some((packed, _)))
                if packed.ended_at.is_none_or(|stored| stored <= ended_at(&unwritten)) =>
            {
                Ok(Some(unwritten))
            }
            (unwritten, Some((packed, written_at))) => {
                let (id, ended_at) = (Some(packed.id), packed.ended_at);
                let written_at = written_at.and_then(|at| Timestamp::from_millisecond(at).ok());
                let here = written_at.map(|at| self.shared.pool.clock.here(at));
                let opened = packed.open().await.map(|exchange| {
                    let came_at = here.or(ended_at).unwrap_or_else(|| exchange.ended_at());
                    StoredAnswer { id, exchange, came_at }
                });
                opened.or_else(|error| unwritten.ok_or(error)).map(Some)
            }
        }
    }
}
