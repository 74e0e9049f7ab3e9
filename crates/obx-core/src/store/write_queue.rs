//! Exchanges that the store has received but not written yet. They are found and opened as if they were written;
//! writing is tried again until it succeeds.

use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use jiff::Timestamp;

use super::entry::Entry;
use super::search_text;
use super::write_token::WriteToken;
use crate::store::{ExchangeId, Found, LogEntry, StoreError, StoredAnswer};
use onebound::{Call, Exchange, Fingerprint, Question, Scope};

/// One pending write.
#[derive(Clone, Debug)]
pub(super) struct PendingWrite {
    token: WriteToken,
    pub(super) op: Arc<WriteOp>,
    progress: Arc<Progress>,
    /// An earlier session has spooled it, where it stays until it is written.
    #[cfg(feature = "postgres")]
    is_of_earlier: bool,
}

/// The data to write.
#[derive(Debug)]
pub(super) enum WriteOp {
    /// The exchange of a completed call.
    Complete {
        /// The ledger's row, if there is one.
        id: Option<ExchangeId>,
        key: Fingerprint,
        exchange: Arc<Exchange>,
    },
    /// A stored answer that was shown.
    Reuse { id: ExchangeId, call: Call, key: Fingerprint, at: Timestamp },
}

/// The progress of a write.
#[derive(Debug, Default)]
struct Progress {
    entry: OnceLock<Result<Entry, StoreError>>,
    written: OnceLock<ExchangeId>,
    /// It could not be written, and nothing writes it now.
    has_failed: AtomicBool,
}

/// A pending write that a worker has to write. If it is dropped unwritten, the write has failed and may be taken again.
#[derive(Debug)]
pub(super) struct QueuedWrite {
    pending: PendingWrite,
    queue: WriteQueue,
}

impl Deref for QueuedWrite {
    type Target = PendingWrite;

    fn deref(&self) -> &PendingWrite {
        &self.pending
    }
}

impl QueuedWrite {
    /// Records that it is written, and removes it from the queue.
    pub(super) fn finish(&self, id: ExchangeId) {
        let _ = self.pending.progress.written.set(id); // it is written once
        self.queue.lock().waiting.retain(|waiting| waiting.token != self.pending.token);
    }
}

impl Drop for QueuedWrite {
    fn drop(&mut self) {
        self.pending.progress.has_failed.store(self.pending.written().is_none(), Ordering::Release);
    }
}

impl PendingWrite {
    /// Names the write, also to whoever gets it twice.
    #[cfg(feature = "postgres")]
    pub(super) fn token(&self) -> WriteToken {
        self.token
    }

    /// Returns true if an earlier session has spooled it.
    #[cfg(feature = "postgres")]
    pub(super) fn is_of_earlier(&self) -> bool {
        self.is_of_earlier
    }

    /// Prepares the exchange for writing, once, however often writing is tried.
    pub(super) fn entry(&self, exchange: &Exchange) -> Result<&Entry, StoreError> {
        self.entry_with(Entry::from_exchange, exchange)
    }

    /// Prepares the call for a ledger without answers.
    pub(super) fn prepare_without_answer(&self, exchange: &Exchange) -> Result<(), StoreError> {
        self.entry_with(Entry::without_answer, exchange).map(drop)
    }

    fn entry_with(
        &self,
        prepare: fn(&Exchange) -> Result<Entry, StoreError>,
        exchange: &Exchange,
    ) -> Result<&Entry, StoreError> {
        let entry = self.progress.entry.get_or_init(|| prepare(exchange));
        entry.as_ref().map_err(StoreError::clone)
    }

    /// Returns the number of the written row; `None` while it is not written.
    pub(super) fn written(&self) -> Option<ExchangeId> {
        self.progress.written.get().copied()
    }

    /// Returns the exchange as a search result; `None` for a reused answer.
    pub(super) fn found(&self) -> Option<Found> {
        let WriteOp::Complete { id, key, exchange } = &*self.op else { return None };
        let line = LogEntry::new(*id, key.clone(), exchange);
        Some(Found { line, title: search_text::title(exchange) })
    }

    pub(super) fn exchange(&self) -> Option<&Arc<Exchange>> {
        self.completed().map(|(_, exchange)| exchange)
    }

    fn completed(&self) -> Option<(Option<ExchangeId>, &Arc<Exchange>)> {
        match &*self.op {
            WriteOp::Complete { id, exchange, .. } => Some((*id, exchange)),
            WriteOp::Reuse { .. } => None,
        }
    }
}

/// The queue of pending writes, oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct WriteQueue {
    inside: Arc<Mutex<Queued>>,
}

#[derive(Debug, Default)]
struct Queued {
    waiting: Vec<PendingWrite>,
}

impl WriteQueue {
    pub(super) fn add(&self, op: WriteOp) -> QueuedWrite {
        let pending = PendingWrite {
            token: WriteToken::random(),
            op: Arc::new(op),
            progress: Arc::default(),
            #[cfg(feature = "postgres")]
            is_of_earlier: false,
        };
        self.lock().waiting.push(pending.clone());
        QueuedWrite { pending, queue: self.clone() }
    }

    /// Adds what an earlier session has not written, as a write that has failed, unless it is there already.
    #[cfg(feature = "postgres")]
    pub(super) fn add_failed(&self, op: WriteOp, token: WriteToken) {
        let progress = Progress { has_failed: AtomicBool::new(true), ..Progress::default() };
        let mut inside = self.lock();
        if inside.waiting.iter().all(|waiting| waiting.token != token) {
            let (op, progress) = (Arc::new(op), Arc::new(progress));
            inside.waiting.push(PendingWrite { token, op, progress, is_of_earlier: true });
        }
    }

    /// Returns how many writes of this session are pending.
    #[cfg(feature = "postgres")]
    pub(super) fn own_count(&self) -> usize {
        self.lock().waiting.iter().filter(|waiting| !waiting.is_of_earlier).count()
    }

    /// Returns true if this write waits here.
    #[cfg(feature = "postgres")]
    pub(super) fn has(&self, token: WriteToken) -> bool {
        self.lock().waiting.iter().any(|waiting| waiting.token == token)
    }

    /// Takes the oldest write that has failed, to write it again.
    pub(super) fn take_failed(&self) -> Option<QueuedWrite> {
        let inside = self.lock();
        let mut waiting = inside.waiting.iter();
        let pending = waiting.find(|write| write.progress.has_failed.swap(false, Ordering::AcqRel))?.clone();
        Some(QueuedWrite { pending, queue: self.clone() })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lock().waiting.is_empty()
    }

    pub(super) fn all(&self) -> Vec<PendingWrite> {
        self.lock().waiting.clone()
    }

    pub(super) fn open(&self, id: ExchangeId) -> Option<Arc<Exchange>> {
        let inside = self.lock();
        let mut completed = inside.waiting.iter().filter_map(PendingWrite::completed);
        completed.find(|(row, _)| *row == Some(id)).map(|(_, exchange)| Arc::clone(exchange))
    }

    /// Returns the newest pending answers to these calls, in their order; nothing if nothing is pending.
    pub(super) fn answers(&self, scope: &Scope, calls: &[Call]) -> Vec<Option<StoredAnswer>> {
        if self.is_empty() {
            return Vec::new();
        }
        calls.iter().map(|call| self.answer(&call.question(scope))).collect()
    }

    /// Returns the newest pending exchange that answers this question.
    pub(super) fn answer(&self, question: &Question) -> Option<StoredAnswer> {
        let answers = |exchange: &Exchange| exchange.answers() && exchange.question() == *question;
        let inside = self.lock();
        let completed = inside.waiting.iter().filter_map(PendingWrite::completed);
        let (id, exchange) = completed
            .filter(|(_, exchange)| answers(exchange))
            .max_by_key(|(_, exchange)| exchange.ended_at())?;
        Some(StoredAnswer { id, came_at: exchange.ended_at(), exchange: Arc::clone(exchange) })
    }

    fn lock(&self) -> MutexGuard<'_, Queued> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
