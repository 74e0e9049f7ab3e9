//! The store of one machine: an `SQLite` file that any number of sessions share, or memory.

mod answers;
mod begin;
mod blocks;
mod bodies;
mod columns;
mod creatable;
mod end;
mod error;
mod facts;
mod group;
mod health;
mod items;
mod known;
mod ledger;
mod log;
mod opened_file;
mod outcomes;
mod programs;
mod retention;
mod revision;
mod rows;
mod schema;
mod search;
mod stored_answer;
#[cfg(test)]
mod tests;
mod wal;
mod worker;
mod writing;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use rusqlite::Connection;

use super::under_way::UnderWay;
use super::write_queue::{PendingWrite, WriteOp, WriteQueue};
use super::{
    Annotation, AnsweredQuestion, Begun, BodySearch, ExchangeId, Found, Intent, KnownAnswer, KnownItem,
    Listed, LogEntry, LogVisitor, LostChanges, Opened, Place, RecentCall, Retention, Store, StoreError,
    StoreErrorKind, StoreRevision, StoredAnswer, Version, Written, body_search,
};
use group::WriteGroup;
pub(super) use health::inspect;
use onebound::{Call, Catalog, Exchange, Fingerprint, ItemId, Question, Scope, ScopedItem};
use opened_file::OpenedFile;
use worker::{StillWanted, Worker, WorkerStop};

/// A store that opens its file on the first request. If that fails it tries again on each request, since a full disk
/// or a locked file can recover.
#[derive(Clone, Debug)]
pub struct LocalStore {
    place: Place,
    /// False if only the ledger is kept.
    keeps_answers: bool,
    writer: Worker<Connection>,
    /// In memory this is the writer, whose connection is the only one.
    reader: Worker<Connection>,
    /// Searches bodies, which may take long; in memory this is the writer too.
    searcher: Worker<Connection>,
    /// Searches the bodies that are not written yet.
    unwritten_searcher: Worker<()>,
    /// Computes what is to be written: compressed bodies and search tokens.
    packer: Worker<()>,
    unwritten: WriteQueue,
    /// The writes that the next transaction takes.
    group: WriteGroup,
    under_way: UnderWay,
    damaged_log: Arc<Mutex<Option<LostChanges>>>,
    /// How many connections the writer has had.
    connections: Arc<AtomicU64>,
    opened_file: OpenedFile,
}

impl LocalStore {
    /// Creates a store that has opened nothing yet.
    pub fn new(place: Place) -> Self {
        let opened = place.clone();
        let damaged_log = Arc::default();
        let by_writer = Arc::clone(&damaged_log);
        // Data in memory is lost with its connection.
        let lasts = match place {
            Place::Memory => |_| true,
            Place::File { .. } | Place::Postgres(_) => StoreErrorKind::leaves_connected,
        };
        let connections = Arc::<AtomicU64>::default();
        let opened_file = OpenedFile::default();
        let (count, by_connect) = (Arc::clone(&connections), opened_file.clone());
        let connect = move || {
            count.fetch_add(1, Ordering::Relaxed);
            let connection = open(&opened, &by_writer)?;
            by_connect.remember(&opened)?;
            Ok(connection)
        };
        let writer = Worker::new("store", lasts, Box::new(connect));
        let reads = |name| match place.clone() {
            Place::Memory | Place::Postgres(_) => writer.clone(),
            Place::File { path, .. } => {
                let (place, damaged_log) = (place.clone(), Arc::clone(&damaged_log));
                let connect = move || {
                    wal::inspect_log(&place, &damaged_log)?;
                    schema::open_to_read(&place, &path)
                };
                Worker::new(name, lasts, Box::new(connect))
            }
        };
        let (reader, searcher) = (reads("store reader"), reads("store searcher"));
        let [packer, unwritten_searcher] = ["store packer", "store finder"]
            .map(|name| Worker::new(name, |_: StoreErrorKind| true, Box::new(|| Ok(()))));
        let (unwritten, under_way) = (WriteQueue::default(), UnderWay::default());
        Self {
            place,
            keeps_answers: true,
            writer,
            reader,
            searcher,
            unwritten_searcher,
            packer,
            unwritten,
            group: WriteGroup::default(),
            under_way,
            damaged_log,
            connections,
            opened_file,
        }
    }

    /// Creates a store in memory that has only the ledger: what was called and billed, but no answer.
    pub fn ledger_in_memory() -> Self {
        Self { keeps_answers: false, ..Self::new(Place::Memory) }
    }

    /// Returns the file, or that it is in memory.
    pub fn place(&self) -> &Place {
        &self.place
    }

    async fn read<T: Send + Default + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.read_on(&self.reader, |connection, _| job(connection)).await
    }

    async fn read_on<T: Send + Default + 'static>(
        &self,
        reader: &Worker<Connection>,
        job: impl FnOnce(&Connection, &StillWanted) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        if let Some(path) = self.place.path()
            && !path.exists()
        {
            // Nothing was ever stored there.
            return Ok(T::default());
        }
        let stop = |connection: &Connection| -> WorkerStop {
            let handle = connection.get_interrupt_handle();
            Box::new(move || handle.interrupt())
        };
        let read = reader.ask(stop, move |connection, wanted| job(connection, wanted)).await;
        read.map_err(|error| error.at_place(&self.place))
    }

    /// Finds the unwritten exchanges that contain these words, newest first.
    async fn find_unwritten(
        &self,
        scope: Scope,
        words: String,
    ) -> Result<Vec<(PendingWrite, Found)>, StoreError> {
        let waiting = self.unwritten.all();
        if waiting.is_empty() {
            return Ok(Vec::new());
        }
        let search = move |(): &mut (), wanted: &StillWanted| {
            body_search::search_unwritten(waiting, &scope, &words, &|| wanted.check())
        };
        self.unwritten_searcher.ask(|()| Box::new(|| ()), search).await
    }

    /// Checks that the store exists or can be created.
    async fn check_creatable(&self) -> Result<(), StoreError> {
        let Some(path) = self.place.path().filter(|path| !path.exists()).map(Path::to_owned) else {
            return Ok(());
        };
        let checked = tokio::task::spawn_blocking(move || creatable::check(&path)).await;
        let checked = checked.unwrap_or_else(|error| Err(StoreError::broken(&error)));
        checked.map_err(|error| error.at_place(&self.place))
    }
}

/// Opens the file for writing, and deletes exchanges that exceed its retention.
fn open(place: &Place, damaged_log: &Mutex<Option<LostChanges>>) -> Result<Connection, StoreError> {
    wal::inspect_log(place, damaged_log)?;
    let mut connection = schema::open(place)?;
    if let Place::File { retention, .. } = place
        && *retention != Retention::default()
    {
        retention::retire(&mut connection, *retention, Timestamp::now())?;
    }
    Ok(connection)
}

impl Store for LocalStore {
    fn begin(&self, intent: Intent) -> BoxFuture<'_, Result<Begun, StoreError>> {
        Box::pin(self.begin_row(intent))
    }

    fn complete(&self, id: Option<ExchangeId>, key: Fingerprint, exchange: Arc<Exchange>) -> Written {
        let writing = self.write_waiting(self.unwritten.add(WriteOp::Complete { id, key, exchange }));
        let store = self.clone();
        Box::pin(async move {
            let id = writing.await?;
            // Now that something can be written, what could not be.
            let _ = store.write_failed().await; // `flush` tries what is left again, and reports it
            Ok(id)
        })
    }

    fn reuse(&self, id: ExchangeId, call: Call, key: Fingerprint, at: Timestamp) -> Written {
        self.write_waiting(self.unwritten.add(WriteOp::Reuse { id, call, key, at }))
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
        Box::pin(async move {
            if let Some(exchange) = self.unwritten.open(id) {
                return Ok(exchange);
            }
            let found = self.read(move |connection| answers::find(connection, id).map(Some)).await?;
            let gone = || StoreError::new(StoreErrorKind::Missing, "the store is gone").at_place(&self.place);
            found.ok_or_else(gone)?.open().await
        })
    }

    fn opened(&self, limit: usize, since: Timestamp) -> BoxFuture<'_, Result<Opened, StoreError>> {
        // The next write is a ledger's row before a call: the writer connects already.
        if self.place.path().is_some_and(Path::exists) {
            drop(self.writer.run(|_| Ok(())));
        }
        let own = self.under_way.all();
        let read = self.read(move |connection| {
            let at = Timestamp::now();
            let lines = log::newest(connection, limit, at)?;
            let (answered, quotas) = (log::answered_since(connection, since)?, log::quotas(connection)?);
            let mut damaged = [&lines.damaged[..], &answered.damaged, &quotas.damaged].concat();
            damaged.sort_unstable();
            damaged.dedup();
            Ok(Opened {
                ids: log::ids(connection, &own)?,
                lines: lines.rows,
                answered: answered.rows,
                blocks: blocks::all(connection)?,
                quotas: quotas.rows,
                damaged,
                lost: None,
            })
        });
        Box::pin(async {
            self.check_creatable().await?;
            let damaged_log = || self.damaged_log.lock().unwrap_or_else(PoisonError::into_inner).clone();
            read.await.map(|opened| Opened { lost: damaged_log(), ..opened })
        })
    }

    fn lines(&self, ids: Vec<ExchangeId>) -> BoxFuture<'_, Result<Listed<LogEntry>, StoreError>> {
        Box::pin(self.read(move |connection| log::lines(connection, &ids, Timestamp::now())))
    }

    fn recent_calls(
        &self,
        before: ExchangeId,
        since_day: i64,
    ) -> BoxFuture<'_, Result<Listed<RecentCall>, StoreError>> {
        let read =
            move |connection: &Connection| log::recent_calls(connection, before, since_day, Timestamp::now());
        Box::pin(self.read(read))
    }

    fn scan(&self, visit: LogVisitor) -> BoxFuture<'_, Result<Vec<ExchangeId>, StoreError>> {
        let scan = move |connection: &Connection, wanted: &StillWanted| {
            log::scan(connection, visit, Timestamp::now(), &|| wanted.check())
        };
        // It may take long, and pages of the log must not wait for it.
        Box::pin(self.read_on(&self.searcher, scan))
    }

    fn lines_after(&self, id: ExchangeId) -> BoxFuture<'_, Result<Listed<LogEntry>, StoreError>> {
        Box::pin(self.read(move |connection| log::after(connection, id, Timestamp::now())))
    }

    fn answered_after(&self, id: ExchangeId) -> BoxFuture<'_, Result<Vec<AnsweredQuestion>, StoreError>> {
        Box::pin(self.read(move |connection| Ok(log::answered_after(connection, id)?.rows)))
    }

    fn find(
        &self,
        scope: Scope,
        words: String,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Found>, StoreError>> {
        Box::pin(self.read(move |connection| {
            log::found(connection, &search::find(connection, &scope, &words, limit)?)
        }))
    }

    fn find_in_bodies(
        &self,
        scope: Scope,
        words: String,
        before: Option<ExchangeId>,
    ) -> BoxFuture<'_, Result<BodySearch, StoreError>> {
        Box::pin(async move {
            // Searched before the store is read: an exchange that is written in between is found twice rather than
            // not at all.
            let unwritten = match before {
                None => self.find_unwritten(scope.clone(), words.clone()).await?,
                Some(_) => Vec::new(),
            };
            let search = move |connection: &Connection, wanted: &StillWanted| {
                bodies::search(connection, &scope, &words, before, &|| wanted.check())
            };
            let mut piece = self.read_on(&self.searcher, search).await?;
            piece.found.splice(0..0, body_search::without(&piece.found, unwritten));
            Ok(piece)
        })
    }

    fn versions(&self, item: ScopedItem) -> BoxFuture<'_, Result<Listed<Version>, StoreError>> {
        Box::pin(self.read(move |connection| items::versions(connection, &item)))
    }

    fn items(&self, catalog: Catalog) -> BoxFuture<'_, Result<Listed<KnownItem>, StoreError>> {
        Box::pin(self.read(move |connection| items::items(connection, &catalog)))
    }

    fn annotation(&self, num_iid: ItemId) -> BoxFuture<'_, Result<Annotation, StoreError>> {
        Box::pin(self.read(move |connection| items::annotation(connection, &num_iid)))
    }

    fn revision(&self) -> BoxFuture<'_, Option<StoreRevision>> {
        self.read_revision()
    }

    fn note(&self, num_iid: ItemId, starred: bool, note: String) -> BoxFuture<'_, Result<(), StoreError>> {
        let annotation = Annotation { starred, note };
        self.write(move |connection| items::set_annotation(connection, None, &num_iid, &annotation))
    }

    fn programs(&self) -> BoxFuture<'_, Result<Vec<String>, StoreError>> {
        Box::pin(self.read(programs::all))
    }

    fn keep_program(&self, program: String) -> BoxFuture<'_, Result<(), StoreError>> {
        self.write(move |connection| programs::keep(connection, &program))
    }

    fn flush(&self) -> BoxFuture<'_, Result<usize, StoreError>> {
        Box::pin(async move {
            self.packer.drained().await;
            self.writer.drained().await;
            self.write_failed().await
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.end())
    }
}
