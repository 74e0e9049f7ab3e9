//! The result of a fetch, and when it is written to the store.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared, try_join_all};
use jiff::Timestamp;

use crate::store::{ExchangeId, LogEntry, Store, StoreError, Written};
use onebound::{Exchange, Fingerprint};

/// Where an answer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A call that was sent for this fetch.
    Live,
    /// A stored answer; nothing was sent.
    Store,
    /// A call that another fetch sent, of this session or of another one, which also logs it.
    Joined,
}

/// A call to a host that could not be reached.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// `None` if the ledger could not be written.
    pub id: Option<ExchangeId>,
    pub exchange: Arc<Exchange>,
}

/// Completes when the exchanges of a fetch are written, with their numbers in the order of the calls. Several tasks
/// can wait for it.
pub type StoredIds = Shared<BoxFuture<'static, Result<Vec<ExchangeId>, StoreError>>>;

/// The result of a fetch.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// `None` if the ledger could not be written.
    pub id: Option<ExchangeId>,
    /// The fingerprint of the session's key.
    pub key: Fingerprint,
    /// The exchange with the answer or the final failure.
    pub exchange: Arc<Exchange>,
    pub source: Source,
    /// Until when it replaces another call; `None` if it doesn't answer its question.
    pub fresh_until: Option<Timestamp>,
    /// When an earlier call for the same was sent that was in doubt when this one was sent: both may be billed. `None`
    /// where the user has asked for that, as in a batch, and where this one is free.
    pub in_doubt: Option<Timestamp>,
    /// Failed calls to earlier hosts, none of which sent anything.
    pub before: Vec<Attempt>,
    /// Completes when all exchanges are written, or with an error if they can't be for now. `None` if there is
    /// nothing to write.
    pub stored: Option<StoredIds>,
}

impl Fetched {
    /// Returns the numbers of its exchanges in the order of the calls if they are written by now. That is known only
    /// after some task has waited for [`Fetched::stored`].
    pub fn written(&self) -> Option<Vec<ExchangeId>> {
        self.stored.as_ref()?.peek()?.clone().ok()
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
                all.map(|(id, exchange)| LogEntry::new(id, key(), exchange)).collect()
            }
        };
        for (row, id) in rows.iter_mut().zip(written) {
            row.id = Some(*id);
        }
        rows
    }

    /// Stores the exchange of a call that failed before it reached a fetcher, like any other exchange.
    pub fn broken_down(exchange: Exchange, key: Fingerprint, store: &dyn Store) -> Self {
        let exchange = Arc::new(exchange);
        let writing = store.complete(None, key.clone(), Arc::clone(&exchange));
        let (fresh_until, in_doubt, before) = (None, None, Vec::new());
        let stored = Some(stored_ids(vec![writing]));
        Self { id: None, key, exchange, source: Source::Live, fresh_until, in_doubt, before, stored }
    }
}

pub(super) fn stored_ids(writing: Vec<Written>) -> StoredIds {
    try_join_all(writing).boxed().shared()
}
