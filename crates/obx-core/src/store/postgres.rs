//! The store of a team: a database on a `PostgreSQL` server, which sessions on several machines share.
//!
//! ```text
//!  begin ─▶ locks of key and question ─▶ facts ─▶ policy ─▶ row, committed     (ledger: isolation and retries)
//!  complete, reuse ─▶ memory ─▶ row, body and text in one commit               (shared: again until it succeeds)
//!                       └─▶ a file of its own while the server is away         (spool)
//!  changes ◀─ NOTIFY of each commit                                            (changes, notices)
//! ```
//! All work runs on threads of the store. Each write has a token, by which it is done once, however often it is handed in.

mod answers;

mod begin;
mod blocks;
mod bodies;
mod changes;
mod connection;
mod error;
mod facts;
mod health;
mod items;
mod known;
mod ledger;
mod log;
mod notices;
mod outcomes;
mod pages;
mod pool;
mod questions;
mod rows;
mod schema;
mod search;
mod server_clock;
mod shared;
mod spool;
mod stored_answer;
mod text;
mod threads;
mod tls;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::mpsc;

use super::write_queue::WriteOp;
use super::{
    Annotation, AnsweredQuestion, Begun, BodySearch, ExchangeId, Found, Intent, KnownAnswer, KnownItem,
    Listed, LogEntry, LogVisitor, Opened, PostgresPlace, RecentCall, Store, StoreError, StoreRevision,
    StoredAnswer, Version, Written, body_search,
};
pub(super) use health::{exists, inspect};
use onebound::{Call, Catalog, Exchange, Fingerprint, ItemId, Question, Scope, ScopedItem};
use pool::{Lent, REQUEST_LIMIT, SEARCH_LIMIT};
use shared::Shared;
pub(super) use spool::unsent;
use threads::StoreThreads;

/// A store that connects on its first request. If that fails it tries again on each request.
#[derive(Clone, Debug)]
pub struct PostgresStore {
    threads: Arc<StoreThreads>,
    shared: Arc<Shared>,
}

impl PostgresStore {
    /// Creates a store that has connected to nothing yet.
    pub fn new(place: PostgresPlace) -> Self {
        Self { threads: Arc::default(), shared: Arc::new(Shared::new(place)) }
    }

    /// Runs a job on a connection, for as long as its caller waits. The first one waits until spooled answers are handed in.
    fn read<T, F, Fut>(&self, limit: Duration, job: F) -> BoxFuture<'static, Result<T, StoreError>>
    where
        T: Send + 'static,
        F: FnOnce(Arc<Shared>, Lent) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let shared = Arc::clone(&self.shared);
        self.threads.ask(async move {
            shared.recover_once().await;
            shared.pool.check()?;
            let of_job = Arc::clone(&shared);
            shared.pool.with(limit, |connection| job(of_job, connection)).await
        })
    }

    /// Runs a job in a transaction to its end.
    fn change<F, Fut>(&self, job: F) -> BoxFuture<'static, Result<(), StoreError>>
    where
        F: FnOnce(Arc<Shared>, Lent) -> Fut + Send + 'static,
        Fut: Future<Output = Result<(), StoreError>> + Send + 'static,
    {
        let shared = Arc::clone(&self.shared);
        self.threads.run(async move {
            let of_job = Arc::clone(&shared);
            let write = |connection: Lent| async move {
                let done = match schema::begin(&connection).await {
                    Ok(()) => job(of_job, Arc::clone(&connection)).await,
                    Err(error) => Err(error),
                };
                connection.end(done).await
            };
            shared.pool.with(REQUEST_LIMIT, write).await
        })
    }

    /// Queues a write, which is done whether or not anybody waits for it.
    fn hand_in(&self, op: WriteOp) -> Written {
        let (waiting, ongoing) = (self.shared.unwritten.add(op), self.shared.ongoing());
        let shared = Arc::clone(&self.shared);
        self.threads.run(async move {
            let written = shared.write(waiting).await;
            drop(ongoing);
            written
        })
    }

    /// Waits until what other sessions have spooled is found.
    async fn with_spooled(&self) {
        let shared = Arc::clone(&self.shared);
        let load = async move {
            shared.load_spooled().await;
            Ok(())
        };
        if let Err(error) = self.threads.run(load).await {
            tracing::warn!(%error, "the spool could not be read");
        }
    }

    async fn opened_exchange(&self, id: ExchangeId) -> Result<Arc<Exchange>, StoreError> {
        self.with_spooled().await;
        if let Some(exchange) = self.shared.unwritten.open(id) {
            return Ok(exchange);
        }
        let find = move |_, connection: Lent| async move { answers::find(&connection, id).await };
        self.read(REQUEST_LIMIT, find).await?.open().await
    }

    async fn read_opened(&self, limit: usize, since: Timestamp) -> Result<Opened, StoreError> {
        let shared = Arc::clone(&self.shared);
        self.threads.run(async move { shared.recover().await }).await?;
        let own = self.shared.under_way.all();
        let read = move |shared: Arc<Shared>, connection: Lent| async move {
            let newest = i64::try_from(limit).unwrap_or(i64::MAX);
            let (at, which) = (shared.pool.clock.now(), "true ORDER BY id DESC LIMIT $1");
            let mut lines = log::select(&connection, &shared.summaries, at, which, &[&newest]).await?;
            lines.rows.reverse();
            let (answered, quotas) =
                (log::answered_since(&connection, since).await?, log::quotas(&connection).await?);
            let mut damaged = [&lines.damaged[..], &answered.damaged, &quotas.damaged].concat();
            damaged.sort_unstable();
            damaged.dedup();
            Ok(Opened {
                ids: log::ids(&connection, &own).await?,
                lines: lines.rows,
                answered: answered.rows,
                blocks: blocks::all(&connection).await?,
                quotas: quotas.rows,
                damaged,
                lost: None,
            })
        };
        self.read(REQUEST_LIMIT, read).await
    }

    /// Finds the unwritten exchanges that contain these words, then those of one step.
    async fn search_bodies(
        &self,
        scope: Scope,
        words: String,
        before: Option<ExchangeId>,
    ) -> Result<BodySearch, StoreError> {
        // Searched before the store is read: an exchange that is written in between is found twice rather than not at all.
        let waiting = if before.is_none() { self.shared.unwritten.all() } else { Vec::new() };
        let (of_waiting, sought) = (scope.clone(), words.clone());
        let unwritten = self.threads.ask(async move {
            let search = move || body_search::search_unwritten(waiting, &of_waiting, &sought, &|| Ok(()));
            let found = tokio::task::spawn_blocking(search).await;
            found.unwrap_or_else(|error| Err(StoreError::broken(&error)))
        });
        let unwritten = unwritten.await?;
        let search = move |shared: Arc<Shared>, connection: Lent| async move {
            let ((ids, unread), rest) = bodies::search(&connection, &scope, &words, before).await?;
            Ok(BodySearch { found: log::found(&connection, &shared.summaries, &ids).await?, unread, rest })
        };
        let mut step = self.read(SEARCH_LIMIT, search).await?;
        step.found.splice(0..0, body_search::without(&step.found, unwritten));
        Ok(step)
    }

    async fn end(&self) {
        self.end_soon();
        self.shared.under_way.close();
        let shared = Arc::clone(&self.shared);
        let ended = self.threads.run(async move {
            shared.drained().await;
            let ended = shared.withdraw().await.and(shared.give_up().await);
            shared.reports.close();
            shared.pool.close();
            ended
        });
        if let Err(error) = ended.await {
            tracing::warn!(%error, "the store could not be written out");
        }
    }
}

impl Store for PostgresStore {
    fn begin(&self, intent: Intent) -> BoxFuture<'_, Result<Begun, StoreError>> {
        Box::pin(self.begin_row(intent))
    }

    fn complete(&self, id: Option<ExchangeId>, key: Fingerprint, exchange: Arc<Exchange>) -> Written {
        self.hand_in(WriteOp::Complete { id, key, exchange })
    }

    fn reuse(&self, id: ExchangeId, call: Call, key: Fingerprint, at: Timestamp) -> Written {
        self.hand_in(WriteOp::Reuse { id, call, key, at })
    }

    fn answer<'a>(
        &'a self,
        question: &'a Question,
    ) -> BoxFuture<'a, Result<Option<StoredAnswer>, StoreError>> {
        Box::pin(self.newest_answer(question))
    }

    fn known(&self, scope: Scope, calls: Vec<Call>) -> BoxFuture<'_, Result<Vec<KnownAnswer>, StoreError>> {
        Box::pin(self.known_answers(scope, calls))
    }

    fn open(&self, id: ExchangeId) -> BoxFuture<'_, Result<Arc<Exchange>, StoreError>> {
        Box::pin(self.opened_exchange(id))
    }

    fn opened(&self, limit: usize, since: Timestamp) -> BoxFuture<'_, Result<Opened, StoreError>> {
        Box::pin(self.read_opened(limit, since))
    }

    fn lines(&self, ids: Vec<ExchangeId>) -> BoxFuture<'_, Result<Listed<LogEntry>, StoreError>> {
        self.read(REQUEST_LIMIT, |shared, connection| async move {
            let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
            let (at, which) = (shared.pool.clock.now(), "id = ANY ($1) ORDER BY id");
            log::select(&connection, &shared.summaries, at, which, &[&ids]).await
        })
    }

    fn recent_calls(
        &self,
        before: ExchangeId,
        since_day: i64,
    ) -> BoxFuture<'_, Result<Listed<RecentCall>, StoreError>> {
        self.read(SEARCH_LIMIT, move |shared, connection| async move {
            pages::recent_calls(&connection, &shared, before, since_day).await
        })
    }

    fn scan(&self, visit: LogVisitor) -> BoxFuture<'_, Result<Vec<ExchangeId>, StoreError>> {
        self.read(
            SEARCH_LIMIT,
            |shared, connection| async move { pages::scan(connection, shared, visit).await },
        )
    }

    fn lines_after(&self, id: ExchangeId) -> BoxFuture<'_, Result<Listed<LogEntry>, StoreError>> {
        self.read(REQUEST_LIMIT, move |shared, connection| async move {
            let from = id.0 - super::codes::LOOKED_AT_AGAIN;
            let (at, which) = (shared.pool.clock.now(), "id > $1 ORDER BY id");
            log::select(&connection, &shared.summaries, at, which, &[&from]).await
        })
    }

    fn answered_after(&self, id: ExchangeId) -> BoxFuture<'_, Result<Vec<AnsweredQuestion>, StoreError>> {
        self.read(REQUEST_LIMIT, move |_, connection| async move {
            Ok(log::answered_after(&connection, id).await?.rows)
        })
    }

    fn find(
        &self,
        scope: Scope,
        words: String,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Found>, StoreError>> {
        self.read(REQUEST_LIMIT, move |shared, connection| async move {
            let ids = search::find(&connection, &scope, &words, limit).await?;
            log::found(&connection, &shared.summaries, &ids).await
        })
    }

    fn find_in_bodies(
        &self,
        scope: Scope,
        words: String,
        before: Option<ExchangeId>,
    ) -> BoxFuture<'_, Result<BodySearch, StoreError>> {
        Box::pin(self.search_bodies(scope, words, before))
    }

    fn versions(&self, item: ScopedItem) -> BoxFuture<'_, Result<Listed<Version>, StoreError>> {
        self.read(REQUEST_LIMIT, |_, connection| async move { items::versions(&connection, &item).await })
    }

    fn items(&self, catalog: Catalog) -> BoxFuture<'_, Result<Listed<KnownItem>, StoreError>> {
        self.read(REQUEST_LIMIT, |shared, connection| async move {
            items::items(&connection, &catalog, shared.asked_by()).await
        })
    }

    fn annotation(&self, num_iid: ItemId) -> BoxFuture<'_, Result<Annotation, StoreError>> {
        self.read(REQUEST_LIMIT, |shared, connection| async move {
            items::annotation(&connection, &num_iid, shared.asked_by()).await
        })
    }

    fn revision(&self) -> BoxFuture<'_, Option<StoreRevision>> {
        futures_util::future::ready(Some(self.shared.reports.revision())).boxed()
    }

    fn changes(&self) -> Option<mpsc::Receiver<()>> {
        self.threads.handle().ok().map(|handle| changes::listen(&self.shared, handle))
    }

    fn note(&self, num_iid: ItemId, starred: bool, note: String) -> BoxFuture<'_, Result<(), StoreError>> {
        self.change(move |shared, connection| async move {
            let annotation = Annotation { starred, note };
            items::note(&connection, &num_iid, &annotation, shared.asked_by()).await
        })
    }

    fn programs(&self) -> BoxFuture<'_, Result<Vec<String>, StoreError>> {
        self.read(REQUEST_LIMIT, |shared, connection| async move {
            items::programs(&connection, shared.asked_by()).await
        })
    }

    fn keep_program(&self, program: String) -> BoxFuture<'_, Result<(), StoreError>> {
        self.change(move |shared, connection| async move {
            items::keep_program(&connection, &program, shared.asked_by()).await
        })
    }

    fn flush(&self) -> BoxFuture<'_, Result<usize, StoreError>> {
        let shared = Arc::clone(&self.shared);
        if shared.unwritten.is_empty() {
            return futures_util::future::ready(Ok(0)).boxed();
        }
        self.threads.run(async move { shared.flush().await })
    }

    fn end_soon(&self) {
        self.shared.pool.end_soon();
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.end())
    }
}
