//! What a fetch brought, and when it is written.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared, try_join_all};
use jiff::Timestamp;

use crate::store::{ExchangeId, LogEntry, Store, StoreError, Written};
use onebound::{Exchange, Fingerprint};

/// Where an answer came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Sent just now.
    Live,
    /// Nothing was sent.
    Store,
    /// Another fetch, of this session or another one, sent it, and has counted it.
    Joined,
}

/// An attempt at a host that could not be reached, and where it is kept.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// `None` where the ledger could not be written.
    pub id: Option<ExchangeId>,
    /// What was asked and what came.
    pub exchange: Arc<Exchange>,
}

/// Tells when the exchanges of a fetch are written, and where, in the order in which they were made; it can be
/// waited for in several places.
pub type Kept = Shared<BoxFuture<'static, Result<Vec<ExchangeId>, StoreError>>>;

/// What a fetch brought.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// Where the exchange is kept; `None` where the ledger could not be written.
    pub id: Option<ExchangeId>,
    /// With which key it was asked for.
    pub key: Fingerprint,
    /// The exchange that counts.
    pub exchange: Arc<Exchange>,
    /// Whether it was sent just now.
    pub source: Source,
    /// Until when it answers its question.
    pub fresh_until: Option<Timestamp>,
    /// Attempts at earlier hosts, none of which sent anything.
    pub before: Vec<Attempt>,
    /// When all of them are written, or why they can't be for now. `None` where there was nothing to write.
    pub kept: Option<Kept>,
}

impl Fetched {
    /// Where its exchanges are kept, in the order in which they were made, if they are written by now. It is known
    /// once somebody has waited for [`Fetched::kept`].
    pub fn written(&self) -> Option<Vec<ExchangeId>> {
        self.kept.as_ref()?.peek()?.clone().ok()
    }

    /// The log's rows for its exchanges, in the order in which they were made, with their numbers as far as
    /// they are `written`. `shown_at` is the moment at which a stored answer was shown. A call that was joined has its row
    /// already.
    pub fn log_entries(&self, shown_at: Timestamp, written: &[ExchangeId]) -> Vec<LogEntry> {
        let key = || self.key.clone();
        let mut rows: Vec<LogEntry> = match self.source {
            Source::Joined => Vec::new(),
            Source::Store => vec![LogEntry::of_reuse(self.id, key(), &self.exchange, shown_at)],
            Source::Live => {
                let before = self.before.iter().map(|attempt| (attempt.id, &attempt.exchange));
                let all = before.chain([(self.id, &self.exchange)]);
                all.map(|(id, exchange)| LogEntry::of(id, key(), exchange)).collect()
            }
        };
        for (row, id) in rows.iter_mut().zip(written) {
            row.id = Some(*id);
        }
        rows
    }

    /// A call that broke down before it came to a fetcher. It is kept like any other.
    pub fn broken_down(exchange: Exchange, key: Fingerprint, store: &dyn Store) -> Self {
        let exchange = Arc::new(exchange);
        let writing = store.settle(None, key.clone(), Arc::clone(&exchange));
        let (fresh_until, before) = (None, Vec::new());
        let kept = Some(kept(vec![writing]));
        Self { id: None, key, exchange, source: Source::Live, fresh_until, before, kept }
    }
}

pub(super) fn kept(writing: Vec<Written>) -> Kept {
    try_join_all(writing).boxed().shared()
}
