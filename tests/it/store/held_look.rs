//! A store whose answer to a look can be held back: what a session has found out may be old when it hears of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use obx_core::store::{
    Annotation, AnsweredQuestion, Begun, BodySearch, ExchangeId, Found, Intent, KnownAnswer, KnownItem,
    Listed, LocalStore, LogEntry, LogVisitor, Opened, RecentCall, Store, StoreError, StoreRevision,
    StoredAnswer, Version, Written,
};
use onebound::{Call, Catalog, Exchange, Fingerprint, ItemId, Question, Scope, ScopedItem};
use tokio::sync::{Notify, Semaphore};

/// The second look is over when `found` is notified, and its result is returned once `heard` has a permit.
#[derive(Debug)]
pub(super) struct HeldLook {
    pub(super) store: Arc<LocalStore>,
    pub(super) found: Notify,
    pub(super) heard: Notify,
    looks: AtomicUsize,
    /// One is added each time that a call is to begin.
    pub(super) begins: Semaphore,
}

impl HeldLook {
    pub(super) fn new(store: Arc<LocalStore>) -> Arc<Self> {
        let (found, heard) = (Notify::new(), Notify::new());
        Arc::new(Self { store, found, heard, looks: AtomicUsize::new(0), begins: Semaphore::new(0) })
    }

    pub(super) fn looks(&self) -> usize {
        self.looks.load(Ordering::Relaxed)
    }
}

impl Store for HeldLook {
    fn answer<'a>(
        &'a self,
        question: &'a Question,
    ) -> BoxFuture<'a, Result<Option<StoredAnswer>, StoreError>> {
        Box::pin(async move {
            let found = self.store.answer(question).await;
            if self.looks.fetch_add(1, Ordering::Relaxed) == 1 {
                self.found.notify_one();
                self.heard.notified().await;
            }
            found
        })
    }

    fn begin(&self, intent: Intent) -> BoxFuture<'_, Result<Begun, StoreError>> {
        self.begins.add_permits(1);
        self.store.begin(intent)
    }

    fn complete(&self, id: Option<ExchangeId>, key: Fingerprint, exchange: Arc<Exchange>) -> Written {
        self.store.complete(id, key, exchange)
    }

    fn known(&self, scope: Scope, calls: Vec<Call>) -> BoxFuture<'_, Result<Vec<KnownAnswer>, StoreError>> {
        self.store.known(scope, calls)
    }

    fn open(&self, id: ExchangeId) -> BoxFuture<'_, Result<Arc<Exchange>, StoreError>> {
        self.store.open(id)
    }

    fn reuse(&self, id: ExchangeId, call: Call, key: Fingerprint, at: Timestamp) -> Written {
        self.store.reuse(id, call, key, at)
    }

    fn opened(&self, limit: usize, since: Timestamp) -> BoxFuture<'_, Result<Opened, StoreError>> {
        self.store.opened(limit, since)
    }

    fn lines(&self, ids: Vec<ExchangeId>) -> BoxFuture<'_, Result<Listed<LogEntry>, StoreError>> {
        self.store.lines(ids)
    }

    fn recent_calls(
        &self,
        before: ExchangeId,
        since_day: i64,
    ) -> BoxFuture<'_, Result<Listed<RecentCall>, StoreError>> {
        self.store.recent_calls(before, since_day)
    }

    fn scan(&self, visit: LogVisitor) -> BoxFuture<'_, Result<Vec<ExchangeId>, StoreError>> {
        self.store.scan(visit)
    }

    fn answered_after(&self, id: ExchangeId) -> BoxFuture<'_, Result<Vec<AnsweredQuestion>, StoreError>> {
        self.store.answered_after(id)
    }

    fn lines_after(&self, id: ExchangeId) -> BoxFuture<'_, Result<Listed<LogEntry>, StoreError>> {
        self.store.lines_after(id)
    }

    fn find(
        &self,
        scope: Scope,
        words: String,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Found>, StoreError>> {
        self.store.find(scope, words, limit)
    }

    fn find_in_bodies(
        &self,
        scope: Scope,
        words: String,
        before: Option<ExchangeId>,
    ) -> BoxFuture<'_, Result<BodySearch, StoreError>> {
        self.store.find_in_bodies(scope, words, before)
    }

    fn versions(&self, item: ScopedItem) -> BoxFuture<'_, Result<Listed<Version>, StoreError>> {
        self.store.versions(item)
    }

    fn items(&self, catalog: Catalog) -> BoxFuture<'_, Result<Listed<KnownItem>, StoreError>> {
        self.store.items(catalog)
    }

    fn annotation(&self, num_iid: ItemId) -> BoxFuture<'_, Result<Annotation, StoreError>> {
        self.store.annotation(num_iid)
    }

    fn revision(&self) -> BoxFuture<'_, Option<StoreRevision>> {
        self.store.revision()
    }

    fn note(&self, num_iid: ItemId, starred: bool, note: String) -> BoxFuture<'_, Result<(), StoreError>> {
        self.store.note(num_iid, starred, note)
    }

    fn programs(&self) -> BoxFuture<'_, Result<Vec<String>, StoreError>> {
        self.store.programs()
    }

    fn keep_program(&self, program: String) -> BoxFuture<'_, Result<(), StoreError>> {
        self.store.keep_program(program)
    }

    fn flush(&self) -> BoxFuture<'_, Result<usize, StoreError>> {
        self.store.flush()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.store.close()
    }
}
