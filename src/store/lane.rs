//! A thread with a connection of its own: jobs run on it one after the other, off the event loop.
//!
//! A store has two, so that a long search never keeps a ledger's row waiting.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::thread;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{Fault, StoreError};

type Job = Box<dyn FnOnce(&mut Result<Connection, StoreError>) + Send>;
type Connect = Box<dyn FnMut() -> Result<Connection, StoreError> + Send>;

/// The way to the thread. It ends when all ways to it are gone.
#[derive(Clone)]
pub(super) struct Lane {
    start: Arc<Start>,
}

/// The thread is started when there is a first job: nothing of it is needed for the first picture.
struct Start {
    name: &'static str,
    connect: Mutex<Option<Connect>>,
    jobs: OnceLock<mpsc::Sender<Job>>,
}

impl fmt::Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lane({})", self.start.name)
    }
}

impl Lane {
    /// A lane that connects when it has its first job, and tries again at every job while it can't.
    pub(super) fn new(name: &'static str, connect: Connect) -> Self {
        Self { start: Arc::new(Start { name, connect: Mutex::new(Some(connect)), jobs: OnceLock::new() }) }
    }

    /// Runs a job on the thread. It is in the queue when this returns; the future only waits for its end.
    pub(super) fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let done = match connection {
                Ok(connection) => job(connection),
                Err(error) => Err(error.clone()),
            };
            // Who asked may have gone.
            let _gone = answer.send(done);
        });
        let gone = || StoreError::new(Fault::Other, "the store's thread is gone");
        // A queue without a thread drops the job, and the answer's sender with it.
        drop(self.start.jobs().send(job));
        answered.map(move |answer| answer.unwrap_or_else(|_| Err(gone()))).boxed()
    }
}

impl Lane {
    /// Ends when all jobs before it have; at once where there was none.
    pub(super) async fn drained(&self) {
        let Some(jobs) = self.start.jobs.get() else { return };
        let (answer, answered) = oneshot::channel();
        let asked = jobs.send(Box::new(move |_| {
            let _gone = answer.send(());
        }));
        if asked.is_ok() {
            let _gone = answered.await;
        }
    }
}

impl Start {
    fn jobs(&self) -> &mpsc::Sender<Job> {
        self.jobs.get_or_init(|| {
            let (jobs, queue) = mpsc::channel();
            let connect = self.connect.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(connect) = connect {
                let spawned =
                    thread::Builder::new().name(self.name.to_owned()).spawn(|| work(queue, connect));
                // Without a thread the queue is gone, and every job says so.
                drop(spawned);
            }
            jobs
        })
    }
}

fn work(queue: mpsc::Receiver<Job>, mut connect: Connect) {
    let mut connection = Err(StoreError::new(Fault::Unreachable, "not opened yet"));
    for job in queue {
        if connection.is_err() {
            connection = connect();
        }
        job(&mut connection);
    }
}
