//! A few connections, opened when they are needed. Whatever is asked ends after a limited time: a network that stalls must
//! not make anybody wait for longer.

use std::collections::HashSet;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::join;
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

use super::connection::ServerConnection;
use super::error::away;
use super::server_clock::ServerClock;
use crate::store::{Place, PostgresPlace, StoreError};

/// How many requests are at the server at once.
const MAX_CONNECTIONS: usize = 4;

/// The longest that a request may take, the wait for a connection included.
pub(super) const REQUEST_LIMIT: Duration = Duration::from_secs(8);

/// The longest that a search through the store may take.
pub(super) const SEARCH_LIMIT: Duration = Duration::from_secs(60);

/// After an attempt to connect that failed after so long, questions fail at once for as long: a command that asks several waits
/// for a host without an answer once.
const FAILURE_LASTS: Duration = Duration::from_millis(500);

/// How long a session that ends waits for the server, but for answers that nothing else keeps.
const END_LIMIT: Duration = Duration::from_secs(2);

/// A connection that one request has for itself.
pub(super) type Lent = Arc<ServerConnection>;

/// The connections to one database.
#[derive(Debug)]
pub(super) struct Pool {
    place: PostgresPlace,
    idle: Mutex<Vec<Arc<ServerConnection>>>,
    permits: Semaphore,
    /// The last attempt to connect that failed after a wait, and when.
    failed: Mutex<Option<(Instant, StoreError)>>,
    /// When all requests end at the latest, once the session ends.
    end: watch::Sender<Option<Instant>>,
    pub(super) clock: ServerClock,
    /// The server's processes of this session's connections: what they report is known already.
    own_processes: Arc<Mutex<HashSet<i32>>>,
}

/// Marks a process of the server as this session's.
#[derive(Debug)]
pub(super) struct OwnProcess {
    id: i32,
    all: Arc<Mutex<HashSet<i32>>>,
}

impl Drop for OwnProcess {
    fn drop(&mut self) {
        let _ = lock(&self.all).remove(&self.id); // it was among them
    }
}

impl Pool {
    pub(super) fn new(place: PostgresPlace) -> Self {
        Self {
            place,
            idle: Mutex::default(),
            permits: Semaphore::new(MAX_CONNECTIONS),
            failed: Mutex::default(),
            end: watch::Sender::default(),
            clock: ServerClock::default(),
            own_processes: Arc::default(),
        }
    }

    pub(super) fn place(&self) -> &PostgresPlace {
        &self.place
    }

    /// Fails if an attempt to connect has just failed. For questions alone: what must not be lost is always tried.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        match lock(&self.failed).clone().filter(|(at, _)| at.elapsed() < FAILURE_LASTS) {
            Some((_, error)) => Err(self.at_place(error)),
            None => Ok(()),
        }
    }

    /// Runs a job on a connection. After an error that may be due to the connection, or if the job takes too long, the
    /// connection is closed.
    pub(super) async fn with<T, F, Fut>(&self, limit: Duration, job: F) -> Result<T, StoreError>
    where
        F: FnOnce(Lent) -> Fut,
        Fut: Future<Output = Result<T, StoreError>>,
    {
        // On the heap, since a request is large.
        self.until_end(Duration::ZERO, Box::pin(self.past_end(limit, job))).await
    }

    /// Waits for a request until the time for the end of the session is over, but for so long at least.
    pub(super) async fn until_end<T>(
        &self,
        at_least: Duration,
        request: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        tokio::select! {
            done = request => done,
            _ = join(self.ended(), tokio::time::sleep(at_least)) => Err(self.at_place(late(END_LIMIT))),
        }
    }

    /// Runs a job like [`Self::with`], also past the time for the end of the session.
    pub(super) async fn past_end<T, F, Fut>(&self, limit: Duration, job: F) -> Result<T, StoreError>
    where
        F: FnOnce(Lent) -> Fut,
        Fut: Future<Output = Result<T, StoreError>>,
    {
        let work = async {
            let _permit = self.permits.acquire().await.map_err(|error| StoreError::broken(&error))?;
            let idle = lock(&self.idle).pop().filter(|connection| !connection.is_closed());
            let connection = match idle {
                Some(connection) => connection,
                None => Arc::new(self.connect().await?),
            };
            let done = job(Arc::clone(&connection)).await;
            if done.as_ref().err().is_none_or(|error| error.fault.leaves_connected()) {
                lock(&self.idle).push(connection);
            }
            done
        };
        let done = tokio::time::timeout(limit, work).await.unwrap_or_else(|_| Err(late(limit)));
        done.map_err(|error| self.at_place(error))
    }

    /// Lets no request take longer than the end of a session may, from now until the connections are closed.
    pub(super) fn end_soon(&self) {
        self.end.send_if_modified(|end| {
            let is_new = end.is_none();
            *end = end.or_else(|| Instant::now().checked_add(END_LIMIT));
            is_new
        });
    }

    /// Completes when the time for the end of the session is over.
    pub(super) async fn ended(&self) {
        let mut ends = self.end.subscribe();
        let end = ends.wait_for(Option::is_some).await.ok().and_then(|end| *end);
        match end {
            Some(end) => tokio::time::sleep_until(end).await,
            None => std::future::pending().await,
        }
    }

    async fn connect(&self) -> Result<ServerConnection, StoreError> {
        let start = Instant::now();
        let opened = ServerConnection::open(&self.place, self, |_| {}).await;
        if let Err(error) = &opened
            && start.elapsed() >= FAILURE_LASTS
        {
            *lock(&self.failed) = Some((Instant::now(), error.clone()));
        }
        opened
    }

    /// Takes note of a process of the server that belongs to this session.
    pub(super) fn own_process(&self, id: i32) -> OwnProcess {
        let _ = lock(&self.own_processes).insert(id); // numbers are unique while they are in use
        OwnProcess { id, all: Arc::clone(&self.own_processes) }
    }

    pub(super) fn is_own(&self, process: i32) -> bool {
        lock(&self.own_processes).contains(&process)
    }

    /// Closes the connections that nobody uses. The next request opens one again, and may take its time.
    pub(super) fn close(&self) {
        lock(&self.idle).clear();
        self.end.send_replace(None);
    }

    pub(super) fn at_place(&self, error: StoreError) -> StoreError {
        error.at_place(&Place::from(self.place.clone()))
    }
}

fn late(limit: Duration) -> StoreError {
    away(format!("no answer within {} s", limit.as_secs()))
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
