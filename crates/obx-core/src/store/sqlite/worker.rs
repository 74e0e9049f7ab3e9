//! A thread with something of its own, as a connection: jobs run on it one after the other, off the event loop.
//!
//! A store has several, so that neither a long search nor the packing of a large body keeps a ledger's row waiting, or what
//! is to be read.

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

/// What the thread is to do.
enum Job<C> {
    /// With a connection, which is made where there is none.
    Run(Task<C>),
    /// With whatever connection there is: none is made for it.
    AsIs(Task<C>),
}

/// The way to the thread. It ends when all ways to it are gone.
pub(super) struct Worker<C> {
    start: Arc<Start<C>>,
}

/// The thread is started when there is a first job: nothing of it is needed for the first picture.
struct Start<C> {
    name: &'static str,
    /// After what faults it is connected anew.
    lasts: fn(StoreErrorKind) -> bool,
    connect: Mutex<Option<Connect<C>>>,
    jobs: OnceLock<mpsc::Sender<Job<C>>>,
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
    /// A worker that connects when it has its first job, and tries again at every job while it can't. `lasts` tells
    /// whether a connection is any good after a job on it had this fault.
    pub(super) fn new(name: &'static str, lasts: fn(StoreErrorKind) -> bool, connect: Connect<C>) -> Self {
        let connect = Mutex::new(Some(connect));
        Self { start: Arc::new(Start { name, lasts, connect, jobs: OnceLock::new() }) }
    }

    /// Runs a job on the thread. It is in the queue when this returns; the future only waits for its end.
    pub(super) fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut C) -> Result<T, StoreError> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        let (answer, answered) = oneshot::channel();
        let lasts = self.start.lasts;
        let job: Task<C> = Box::new(move |connection| {
            let done = match connection {
                Ok(connection) => caught(|| job(connection)),
                Err(error) => Err(error.clone()),
            };
            if let Err(error) = &done
                && !lasts(error.fault)
            {
                *connection = Err(error.clone());
            }
            // Who asked may have gone.
            let _ = answer.send(done);
        });
        let gone = || StoreError::new(StoreErrorKind::Other, "the store's thread is gone");
        // A queue without a thread drops the job, and the answer's sender with it.
        drop(self.start.jobs().send(Job::Run(job)));
        answered.map(move |answer| answer.unwrap_or_else(|_| Err(gone()))).boxed()
    }
}

/// Makes a running job stop early, where it can.
pub(super) type Stop = Box<dyn Fn() + Send>;

/// How far a job is that is done only while somebody waits for it.
enum Stage {
    Waiting,
    Running(Stop),
    /// It has ended, or its asker has gone before it began.
    Over,
}

/// Held by whoever waits: where it goes away, a job that waits is left out, and one that runs is stopped.
struct Wanted(Arc<Mutex<Stage>>);

impl Drop for Wanted {
    fn drop(&mut self) {
        // Held until it is stopped: the thread can't go on to the next job meanwhile, which nobody means to stop.
        let mut stage = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Stage::Running(stop) = &*stage {
            stop();
        }
        *stage = Stage::Over;
    }
}

/// Asked by a running job of its own accord, where `stop` does not reach it.
pub(super) struct StillWanted(Arc<Mutex<Stage>>);

impl StillWanted {
    /// # Errors
    /// When nobody waits for the job any more.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        match *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Stage::Over => Err(unwanted()),
            Stage::Waiting | Stage::Running(_) => Ok(()),
        }
    }
}

fn unwanted() -> StoreError {
    StoreError::new(StoreErrorKind::Stopped, "nobody waits for this")
}

/// Held while the job runs. With its end, by a panic as well, there is nothing to stop any more: else the next job
/// would be.
struct Running(Arc<Mutex<Stage>>);

impl Running {
    /// `None` where nobody waits for the job any more.
    fn start(stage: Arc<Mutex<Stage>>, stop: impl FnOnce() -> Stop) -> Option<Self> {
        {
            let mut stage = stage.lock().unwrap_or_else(PoisonError::into_inner);
            if matches!(*stage, Stage::Over) {
                return None;
            }
            *stage = Stage::Running(stop());
        }
        Some(Self(stage))
    }

    /// Whether the job was stopped. From here on nothing stops it.
    fn end(self) -> bool {
        let mut stage = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(std::mem::replace(&mut *stage, Stage::Over), Stage::Over)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Stage::Over;
    }
}

impl<C: 'static> Worker<C> {
    /// Runs a job that changes nothing while somebody waits for its end: with the future dropped it is left out, or
    /// stopped by what `stop` gives for the connection. Else it is as [`Worker::run`].
    pub(super) fn ask<T: Send + 'static>(
        &self,
        stop: fn(&C) -> Stop,
        job: impl FnOnce(&mut C, &StillWanted) -> Result<T, StoreError> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        let stage = Arc::new(Mutex::new(Stage::Waiting));
        let wanted = Wanted(Arc::clone(&stage));
        let asked = self.run(move |connection| {
            let still_wanted = StillWanted(Arc::clone(&stage));
            let Some(running) = Running::start(stage, || stop(connection)) else { return Err(unwanted()) };
            let done = job(connection, &still_wanted);
            // Whatever a stopped job says is no fault of its connection.
            if running.end() { Err(unwanted()) } else { done }
        });
        Box::pin(async move {
            let done = asked.await;
            drop(wanted);
            done
        })
    }

    /// Ends when all jobs before it have; at once where there was none.
    pub(super) async fn drained(&self) {
        let Some(jobs) = self.start.jobs.get() else { return };
        let (answer, answered) = oneshot::channel();
        let asked = jobs.send(Job::AsIs(Box::new(move |_| {
            let _ = answer.send(());
        })));
        if asked.is_ok() {
            let _ = answered.await;
        }
    }
}

impl<C: Send + 'static> Worker<C> {
    /// Takes the connection away after all jobs before, for this to end it; the next job connects anew. Nothing is
    /// done where there is none.
    pub(super) async fn close(&self, end: impl FnOnce(C) + Send + 'static) {
        let Some(jobs) = self.start.jobs.get() else { return };
        let (answer, answered) = oneshot::channel();
        let asked = jobs.send(Job::AsIs(Box::new(move |connection| {
            let closed = Err(StoreError::new(StoreErrorKind::Unreachable, "closed"));
            if let Ok(connection) = std::mem::replace(connection, closed) {
                // What it panics over is no longer anybody's.
                let _ = caught(|| {
                    end(connection);
                    Ok(())
                });
            }
            // Who asked may have gone.
            let _ = answer.send(());
        })));
        if asked.is_ok() {
            let _ = answered.await; // An error means that the thread is gone, and its connection with it.
        }
    }
}

impl<C: 'static> Start<C> {
    fn jobs(&self) -> &mpsc::Sender<Job<C>> {
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

fn work<C>(queue: mpsc::Receiver<Job<C>>, mut connect: Connect<C>) {
    let mut connection = Err(StoreError::new(StoreErrorKind::Unreachable, "not opened yet"));
    for job in queue {
        match job {
            Job::Run(task) => {
                if connection.is_err() {
                    connection = caught(&mut connect);
                }
                task(&mut connection);
            }
            Job::AsIs(task) => task(&mut connection),
        }
    }
}

/// A panic is the error of the job that it happened in: the thread has more to do. What it says is in the log only,
/// for it can quote an answer. An open transaction was rolled back on the way here; the fault decides whether the
/// connection is used again.
fn caught<T>(job: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
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
        let stop = |connection: &Arc<(Mutex<bool>, Condvar)>| -> Stop {
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
        // On the same connection: being stopped is no fault of it.
        assert_eq!(last.await, Ok(true));
        assert_eq!(says.recv().unwrap(), Err(unwanted()));
    }

    #[tokio::test]
    async fn a_job_that_panicked_has_nothing_left_to_stop() {
        let worker: Worker<Arc<std::sync::atomic::AtomicUsize>> =
            Worker::new("test", |_| true, Box::new(|| Ok(Arc::default())));
        let stop = |stops: &Arc<std::sync::atomic::AtomicUsize>| -> Stop {
            let stops = Arc::clone(stops);
            Box::new(move || {
                stops.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            })
        };
        let panics = worker.ask(stop, |_, _| -> Result<(), StoreError> { panic!("in a job") });
        // Once it has run, and before it is known that it has.
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
        // Connecting can panic as well.
        assert_eq!(meanwhile.await.unwrap_err().fault, StoreErrorKind::Other);
        assert_eq!(worker.run(|connection| Ok(*connection)).await, Ok(3));
        worker.drained().await;
    }
}
