//! What was handed over and is not written yet: it is found and opened as if it were, and written again and again
//! until that works.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use jiff::Timestamp;

use super::entry::Entry;
use super::search;
use crate::store::{ExchangeId, Found, LogEntry, StoreError, StoredAnswer};
use onebound::{Call, Exchange, Fingerprint, Question};

/// One of them.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    /// Tells it from the others.
    number: u64,
    pub(super) news: Arc<News>,
    progress: Arc<Progress>,
}

/// What is to be written.
#[derive(Debug)]
pub(super) enum News {
    /// What came of a call.
    Settled {
        /// The ledger's row, where there is one.
        id: Option<ExchangeId>,
        key: Fingerprint,
        exchange: Arc<Exchange>,
    },
    /// A stored answer was shown.
    Reused { id: ExchangeId, call: Call, key: Fingerprint, at: Timestamp },
}

/// How far it is; several may have been asked to write it.
#[derive(Debug, Default)]
struct Progress {
    entry: OnceLock<Result<Entry, StoreError>>,
    written: OnceLock<ExchangeId>,
}

impl Waiting {
    /// An exchange, made ready to be written: once, however often that has to be tried.
    pub(super) fn entry(&self, exchange: &Exchange) -> Result<&Entry, StoreError> {
        let entry = self.progress.entry.get_or_init(|| Entry::of(exchange));
        entry.as_ref().map_err(StoreError::clone)
    }

    /// Where it was written; `None` while it waits.
    pub(super) fn written(&self) -> Option<ExchangeId> {
        self.progress.written.get().copied()
    }

    /// As a search shows it, where it is an exchange.
    pub(super) fn found(&self) -> Option<Found> {
        let News::Settled { id, key, exchange } = &*self.news else { return None };
        let line = LogEntry::of(*id, key.clone(), exchange);
        Some(Found { line, title: search::title(exchange) })
    }

    pub(super) fn exchange(&self) -> Option<&Arc<Exchange>> {
        self.settled().map(|(_, exchange)| exchange)
    }

    fn settled(&self) -> Option<(Option<ExchangeId>, &Arc<Exchange>)> {
        match &*self.news {
            News::Settled { id, exchange, .. } => Some((*id, exchange)),
            News::Reused { .. } => None,
        }
    }
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
}

impl Unwritten {
    pub(super) fn add(&self, news: News) -> Waiting {
        let mut inside = self.lock();
        inside.last_number += 1;
        let waiting = Waiting { number: inside.last_number, news: Arc::new(news), progress: Arc::default() };
        inside.waiting.push(waiting.clone());
        waiting
    }

    /// It is written, and need not be held any more.
    pub(super) fn finish(&self, written: &Waiting, id: ExchangeId) {
        let _ = written.progress.written.set(id); // of two that wrote it, the first has said where
        self.lock().waiting.retain(|waiting| waiting.number != written.number);
    }

    pub(super) fn all(&self) -> Vec<Waiting> {
        self.lock().waiting.clone()
    }

    pub(super) fn open(&self, id: ExchangeId) -> Option<Arc<Exchange>> {
        let inside = self.lock();
        let mut settled = inside.waiting.iter().filter_map(Waiting::settled);
        settled.find(|(row, _)| *row == Some(id)).map(|(_, exchange)| Arc::clone(exchange))
    }

    /// The newest that answers this question.
    pub(super) fn answer(&self, question: &Question) -> Option<StoredAnswer> {
        let answers = |exchange: &Exchange| exchange.answers() && exchange.question() == *question;
        let inside = self.lock();
        let mut settled = inside.waiting.iter().rev().filter_map(Waiting::settled);
        let (id, exchange) = settled.find(|(_, exchange)| answers(exchange))?;
        Some(StoredAnswer { id, exchange: Arc::clone(exchange) })
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
