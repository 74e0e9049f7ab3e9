//! A worker thread that owns a value such as an `SQLite` connection and runs queued jobs in order, off the event
//! loop.
//!
//! A store has several, so that a long search or the compression of a large body delays neither a ledger's row nor
//! reads.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::thread;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::oneshot;

use crate::store::{StoreError, StoreErrorKind};

type Task<C> = Box<dyn FnOnce(&mut Result<C, StoreError>) + Send>;
type Connect<C> = Box<dyn FnMut() -> Result<C, StoreError> + Send>;

/// A queued job.
enum WorkerJob<C> {
    /// Runs with a connection, which is opened if there is none.
    Run(Task<C>),
    /// Runs with the current connection, if any; none is opened for it.
    AsIs(Task<C>),
}

/// A handle to the thread, which ends when all handles are dropped.
pub(super) struct Worker<C> {
    start: Arc<Start<C>>,
}

/// The thread, started at its first job: the first frame needs none of them.
struct Start<C> {
    name: &'static str,
    /// Returns true if the connection can still be used after this error.
    lasts: fn(StoreErrorKind) -> bool,
    connect: Mutex<Option<Connect<C>>>,
    jobs: OnceLock<mpsc::Sender<WorkerJob<C>>>,
}

impl<C> Clone for Worker<C> {
    fn clone(&self) -> Self {
        Self { start: Arc::clone(&self.start) }
    }
}

impl<C> fmt::Debug for Worker<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Worker({})", self.start.name)
    }
}

impl<C: 'static> Worker<C> {
    /// Creates a worker that connects at its first job, and tries again at every job while that fails. `lasts`
    /// returns true if the connection can still be used after a job with this error.
    pub(super) fn new(name: &'static str, lasts: fn(StoreErrorKind) -> bool, connect: Connect<C>) -> Self {
        let connect = Mutex::new(Some(connect));
        Self { start: Arc::new(Start { name, lasts, connect, jobs: OnceLock::new() }) }
    }

    /// Runs a job on the thread. The job is queued when this returns; the future only waits for its result.
    pub(super) fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut C) -> Result<T, StoreError> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        let (answer, answered) = oneshot::channel();
        let gone = || StoreError::new(StoreErrorKind::Other, "the store's thread is gone");
        // Without a thread the job is dropped, and with it the sender of the answer.
        let _ = self.run_even_unconnected(move |connection| {
            let done = connection.and_then(|connection| caught(|| job(connection)));
            let ended = done.as_ref().map(drop).map_err(StoreError::clone);
            let _ = answer.send(done); // fails if the caller no longer waits
            ended
        });
        answered.map(move |answer| answer.unwrap_or_else(|_| Err(gone()))).boxed()
    }

    /// Runs a job on the thread, also where there is no connection: then it gets the reason. The connection is given up
    /// after an error that it doesn't outlast. Returns false if there is no thread, and the job was dropped.
    pub(super) fn run_even_unconnected(
        &self,
        job: impl FnOnce(Result<&mut C, StoreError>) -> Result<(), StoreError> + Send + 'static,
    ) -> bool {
        let lasts = self.start.lasts;
        let job: Task<C> = Box::new(move |connection| {
            let ended = caught(|| job(connection.as_mut().map_err(|error| error.clone())));
            if let Err(error) = ended
                && !lasts(error.fault)
            {
                *connection = Err(error);
            }
        });
        self.start.jobs().send(WorkerJob::Run(job)).is_ok()
    }
}

/// Makes a running job stop early if it can.
pub(super) type WorkerStop = Box<dyn Fn() + Send>;

/// The stage of a job that runs only while its caller waits.
enum WorkerStage {
    PendingWrite,
    Running(WorkerStop),
    /// It has ended, or its caller gave up before it began.
    Over,
}

/// Held by the caller. When it is dropped, a waiting job is skipped, and a running one is stopped.
struct WantedJobs(Arc<Mutex<WorkerStage>>);

impl Drop for WantedJobs {
    fn drop(&mut self) {
        // Locked until the job is stopped, so that the thread can't begin the next job, which must not be stopped.
        let mut stage = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let WorkerStage::Running(stop) = &*stage {
            stop();
        }
        *stage = WorkerStage::Over;
    }
}

/// Lets a running job check whether its result is still wanted, where `stop` can't reach it.
pub(super) struct StillWanted(Arc<Mutex<WorkerStage>>);

impl StillWanted {
    /// Checks that the caller still waits for the job.
    ///
    /// # Errors
    /// If it doesn't.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        match *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            WorkerStage::Over => Err(unwanted()),
            WorkerStage::PendingWrite | WorkerStage::Running(_) => Ok(()),
        }
    }
}

fn unwanted() -> StoreError {
    StoreError::new(StoreErrorKind::Stopped, "nobody waits for this")
}

/// Held while the job runs. When it is dropped, also by a panic, nothing can be stopped any longer: otherwise the
/// next job would be.
struct Running(Arc<Mutex<WorkerStage>>);

impl Running {
    /// Marks the job as running; `None` if its caller no longer waits.
    fn start(stage: Arc<Mutex<WorkerStage>>, stop: impl FnOnce() -> WorkerStop) -> Option<Self> {
        {
            let mut stage = stage.lock().unwrap_or_else(PoisonError::into_inner);
            if matches!(*stage, WorkerStage::Over) {
                return None;
            }
            *stage = WorkerStage::Running(stop());
        }
        Some(Self(stage))
    }

    /// Ends the job; returns true if it was stopped. After this nothing can stop it.
    fn end(self) -> bool {
        let mut stage = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(std::mem::replace(&mut *stage, WorkerStage::Over), WorkerStage::Over)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = WorkerStage::Over;
    }
}

impl<C: 'static> Worker<C> {
    /// Runs a job that only reads, for as long as its caller waits: if the future is dropped, the job is skipped, or
    /// stopped by what `stop` returns for the connection. Otherwise it is like [`Worker::run`].
    pub(super) fn ask<T: Send + 'static>(
        &self,
        stop: fn(&C) -> WorkerStop,
        job: impl FnOnce(&mut C, &StillWanted) -> Result<T, StoreError> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        let stage = Arc::new(Mutex::new(WorkerStage::PendingWrite));
        let wanted = WantedJobs(Arc::clone(&stage));
        let asked = self.run(move |connection| {
            let still_wanted = StillWanted(Arc::clone(&stage));
            let Some(running) = Running::start(stage, || stop(connection)) else { return Err(unwanted()) };
            let done = job(connection, &still_wanted);
            // The error of a stopped job doesn't mean that its connection is broken.
            if running.end() { Err(unwanted()) } else { done }
        });
        Box::pin(async move {
            let done = asked.await;
            drop(wanted);
            done
        })
    }

    /// Waits for all jobs queued before; returns at once if there never was one.
    pub(super) async fn drained(&self) {
        let Some(jobs) = self.start.jobs.get() else { return };
        let (answer, answered) = oneshot::channel();
        let asked = jobs.send(WorkerJob::AsIs(Box::new(move |_| {
            let _ = answer.send(());
        })));
        if asked.is_ok() {
            let _ = answered.await;
        }
    }
}

impl<C: Send + 'static> Worker<C> {
    /// Takes the connection after all jobs queued before and passes it to `end`; the next job opens a new one. Does
    /// nothing if there is no connection.
    pub(super) async fn close(&self, end: impl FnOnce(C) + Send + 'static) {
        let Some(jobs) = self.start.jobs.get() else { return };
        let (answer, answered) = oneshot::channel();
        let asked = jobs.send(WorkerJob::AsIs(Box::new(move |connection| {
            let closed = Err(StoreError::new(StoreErrorKind::Unreachable, "closed"));
            if let Ok(connection) = std::mem::replace(connection, closed) {
                // After a panic the connection is dropped, so nobody can meet its state.
                let _ = caught(|| {
                    end(connection);
                    Ok(())
                });
            }
            // Fails if the caller no longer waits.
            let _ = answer.send(());
        })));
        if asked.is_ok() {
            let _ = answered.await; // an error means that the thread has ended, and with it the connection
        }
    }
}

impl<C: 'static> Start<C> {
    fn jobs(&self) -> &mpsc::Sender<WorkerJob<C>> {
        self.jobs.get_or_init(|| {
            let (jobs, queue) = mpsc::channel();
            let connect = self.connect.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(connect) = connect {
                let spawned =
                    thread::Builder::new().name(self.name.to_owned()).spawn(|| work(queue, connect));
                // If the thread can't start, the queue is dropped and every job returns an error.
                drop(spawned);
            }
            jobs
        })
    }
}

fn work<C>(queue: mpsc::Receiver<WorkerJob<C>>, mut connect: Connect<C>) {
    let mut connection = Err(StoreError::new(StoreErrorKind::Unreachable, "not opened yet"));
    for job in queue {
        match job {
            WorkerJob::Run(task) => {
                if connection.is_err() {
                    connection = caught(&mut connect);
                }
                task(&mut connection);
            }
            WorkerJob::AsIs(task) => task(&mut connection),
        }
    }
}

/// Turns a panic into an error of its job, so that the thread can go on. The panic's message goes only to the log,
/// since it can quote an answer. An open transaction has been rolled back by now; the error's kind decides whether
/// the connection is used again.
pub(super) fn caught<T>(job: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    let done = catch_unwind(AssertUnwindSafe(job));
    done.unwrap_or_else(|_| Err(StoreError::new(StoreErrorKind::Other, "an internal error, see OBX_LOG")))
}

#[cfg(test)]
mod tests {
    use std::sync::Condvar;

    use super::*;

    #[tokio::test]
    async fn a_job_that_nobody_waits_for_is_left_out_and_a_running_one_stopped() {
        let worker: Worker<Arc<(Mutex<bool>, Condvar)>> =
            Worker::new("test", StoreErrorKind::leaves_connected, Box::new(|| Ok(Arc::default())));
        let stop = |connection: &Arc<(Mutex<bool>, Condvar)>| -> WorkerStop {
            let stopped = Arc::clone(connection);
            Box::new(move || {
                *stopped.0.lock().unwrap() = true;
                stopped.1.notify_all();
            })
        };
        let ((started, starts), (said, says)) = (mpsc::channel(), mpsc::channel());
        let running = worker.ask(stop, move |connection, wanted| {
            wanted.check()?;
            started.send(()).unwrap();
            let stopped = connection.0.lock().unwrap();
            drop(connection.1.wait_while(stopped, |stopped| !*stopped).unwrap());
            said.send(wanted.check()).unwrap();
            Ok(())
        });
        let waiting = worker.ask(stop, |_, _| -> Result<(), StoreError> { panic!("nobody waits for it") });
        let last = worker.ask(stop, |connection, _| Ok(*connection.0.lock().unwrap()));
        starts.recv().unwrap();
        drop(waiting);
        drop(running);
        // It runs on the same connection, which a stopped job leaves usable.
        assert_eq!(last.await, Ok(true));
        assert_eq!(says.recv().unwrap(), Err(unwanted()));
    }

    #[tokio::test]
    async fn a_job_that_panicked_has_nothing_left_to_stop() {
        let worker: Worker<Arc<std::sync::atomic::AtomicUsize>> =
            Worker::new("test", |_| true, Box::new(|| Ok(Arc::default())));
        let stop = |stops: &Arc<std::sync::atomic::AtomicUsize>| -> WorkerStop {
            let stops = Arc::clone(stops);
            Box::new(move || {
                stops.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            })
        };
        let panics = worker.ask(stop, |_, _| -> Result<(), StoreError> { panic!("in a job") });
        // The first job has panicked by now, but its caller hasn't noticed yet.
        let stops = worker.run(|stops| Ok(Arc::clone(stops))).await.unwrap();
        drop(panics);
        assert_eq!(stops.load(std::sync::atomic::Ordering::SeqCst), 0, "the next job would be stopped");
    }

    fn numbered() -> Worker<u32> {
        let mut connections = 0;
        let connect = move || {
            connections += 1;
            assert_ne!(connections, 2, "the second connection panics");
            Ok(connections)
        };
        Worker::new("test", StoreErrorKind::leaves_connected, Box::new(connect))
    }

    #[tokio::test]
    async fn a_job_that_panics_fails_and_the_next_one_runs_on_another_connection() {
        let worker = numbered();
        let panics = worker.run(|_| -> Result<(), StoreError> { panic!("in a job") });
        let meanwhile = worker.run(|connection| Ok(*connection));
        assert_eq!(panics.await.unwrap_err().fault, StoreErrorKind::Other);
        // The second connection panics.
        assert_eq!(meanwhile.await.unwrap_err().fault, StoreErrorKind::Other);
        assert_eq!(worker.run(|connection| Ok(*connection)).await, Ok(3));
        worker.drained().await;
    }
}
