//! The store of a session that leaves nothing behind.

use std::collections::HashMap;
use std::future::ready;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;

use super::{Store, StoreError};
use crate::api::{Exchange, Outcome, Question};

/// Keeps exchanges until it is dropped.
#[derive(Debug, Default)]
pub struct MemoryStore {
    answers: Mutex<HashMap<Question, Arc<Exchange>>>,
}

impl Store for MemoryStore {
    fn keep(&self, exchange: Arc<Exchange>) -> BoxFuture<'_, Result<(), StoreError>> {
        // Other exchanges need no keeping here: the request log holds them for as long as the session lasts.
        if matches!(exchange.outcome, Outcome::Item | Outcome::NoResult) {
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            answers.insert(exchange.call.question(), exchange);
        }
        Box::pin(ready(Ok(())))
    }

    fn newest_answer<'a>(
        &'a self,
        question: &'a Question,
    ) -> BoxFuture<'a, Result<Option<Arc<Exchange>>, StoreError>> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let found = answers.get(question).map(Arc::clone);
        Box::pin(ready(Ok(found)))
    }
}
