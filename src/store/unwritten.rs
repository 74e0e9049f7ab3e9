//! What was handed over and is not written yet: it is found and opened as if it were, and written again and again
//! until that works.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{ExchangeId, StoredAnswer};
use crate::api::{Exchange, Fingerprint, Outcome, Question};

/// One of them.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    /// Tells it from the others.
    pub(super) number: u64,
    /// The ledger's row, where there is one.
    pub(super) id: Option<ExchangeId>,
    pub(super) key: Fingerprint,
    pub(super) exchange: Arc<Exchange>,
}

/// All of them, oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Unwritten {
    inside: Arc<Mutex<Inside>>,
}

#[derive(Debug, Default)]
struct Inside {
    last_number: u64,
    waiting: Vec<Waiting>,
    /// Where those were written that somebody else wrote before their own turn came.
    written: HashMap<u64, ExchangeId>,
}

impl Unwritten {
    pub(super) fn add(&self, id: Option<ExchangeId>, key: Fingerprint, exchange: Arc<Exchange>) -> Waiting {
        let mut inside = self.lock();
        inside.last_number += 1;
        let waiting = Waiting { number: inside.last_number, id, key, exchange };
        inside.waiting.push(waiting.clone());
        waiting
    }

    /// It is written, and need not be held any more.
    pub(super) fn finish(&self, number: u64, id: ExchangeId) {
        let mut inside = self.lock();
        inside.waiting.retain(|waiting| waiting.number != number);
        inside.written.insert(number, id);
    }

    /// Where it was written; `None` while it waits.
    pub(super) fn written_as(&self, number: u64) -> Option<ExchangeId> {
        self.lock().written.get(&number).copied()
    }

    pub(super) fn all(&self) -> Vec<Waiting> {
        self.lock().waiting.clone()
    }

    pub(super) fn open(&self, id: ExchangeId) -> Option<Arc<Exchange>> {
        let inside = self.lock();
        let found = inside.waiting.iter().find(|waiting| waiting.id == Some(id));
        found.map(|waiting| Arc::clone(&waiting.exchange))
    }

    /// The newest that answers this question.
    pub(super) fn answer(&self, question: &Question) -> Option<StoredAnswer> {
        let answers = |waiting: &&Waiting| {
            matches!(waiting.exchange.outcome, Outcome::Item | Outcome::NoResult | Outcome::Success)
                && waiting.exchange.call.question() == *question
        };
        let inside = self.lock();
        let found = inside.waiting.iter().rev().find(answers)?;
        Some(StoredAnswer { id: found.id, exchange: Arc::clone(&found.exchange) })
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
