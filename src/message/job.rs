//! Work that takes longer than a key may wait: it is requested by a pane, done off the loop, and comes back as an event.
//!
//! ```text
//!  JobSlot::start ─▶ Effect::Job(Job) ─▶ tui/effects: Job::run on a thread of its own ─┐
//!  JobSlot::accept ◀─ Pane::on_job ◀─ Event::JobDone ◀───────────────────────────────────┘
//! ```
//! A slot waits for one job: to start another one, or to drop the slot, cancels the one before, and the result of a
//! cancelled job is not accepted any more.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Effect;
use onebound::Exchange;

/// Asked by the work itself, often: whether nobody wants its result any more.
pub type IsCancelled<'a> = &'a dyn Fn() -> bool;

type Output = Arc<dyn Any + Send + Sync>;
type Work = dyn Fn(IsCancelled<'_>) -> Option<Output> + Send + Sync;

/// Names a job, and says whether it was cancelled: no two jobs share one.
#[derive(Clone, Debug, Default)]
struct JobId(Arc<AtomicBool>);

impl JobId {
    fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl PartialEq for JobId {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for JobId {}

/// Work to be done off the loop, with all that it needs.
#[derive(Clone)]
pub struct Job {
    id: JobId,
    work: Arc<Work>,
}

impl Job {
    /// Does the work; `None` if it was cancelled.
    pub fn run(&self) -> Option<JobDone> {
        if self.id.is_cancelled() {
            return None;
        }
        let output = (self.work)(&|| self.id.is_cancelled())?;
        Some(JobDone { id: self.id.clone(), output: Some(output) })
    }

    /// The end of this job if the work panicked.
    pub fn failed(&self) -> JobDone {
        JobDone { id: self.id.clone(), output: None }
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Job").field(&self.id).finish()
    }
}

impl PartialEq for Job {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Job {}

/// The end of a job: each slot is offered it, and the one that waits for it accepts it.
#[derive(Clone)]
pub struct JobDone {
    id: JobId,
    /// `None` if the work panicked.
    output: Option<Output>,
}

impl JobDone {
    /// Whether the work failed while a slot still waited for it.
    pub fn has_failed(&self) -> bool {
        self.output.is_none() && !self.id.is_cancelled()
    }
}

impl fmt::Debug for JobDone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JobDone").field(&self.id).finish()
    }
}

/// Where a pane waits for the result of the newest job of one kind.
#[derive(Debug)]
pub struct JobSlot<T> {
    awaited: Option<Awaited>,
    failed: bool,
    output: PhantomData<fn() -> T>,
}

/// A job whose result is wanted until this is dropped.
#[derive(Debug)]
struct Awaited(JobId);

impl Drop for Awaited {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

impl<T> Default for JobSlot<T> {
    fn default() -> Self {
        Self { awaited: None, failed: false, output: PhantomData }
    }
}

impl<T: Send + Sync + 'static> JobSlot<T> {
    /// Does this work in place of whatever was started before: at once if it is small, else by a job. Returns the result
    /// if it is known already, and otherwise the effect that brings it.
    #[must_use = "the job runs only if its effect is carried out"]
    pub fn start(
        &mut self,
        is_small: bool,
        work: impl Fn(IsCancelled<'_>) -> Option<T> + Send + Sync + 'static,
    ) -> (Option<Arc<T>>, Option<Effect>) {
        self.cancel();
        if is_small {
            return (work(&|| false).map(Arc::new), None);
        }
        let id = JobId::default();
        self.awaited = Some(Awaited(id.clone()));
        let work = move |is_cancelled: IsCancelled<'_>| Some(Arc::new(work(is_cancelled)?) as Output);
        (None, Some(Effect::Job(Job { id, work: Arc::new(work) })))
    }

    /// What was started is not wanted any more.
    pub fn cancel(&mut self) {
        (self.awaited, self.failed) = (None, false);
    }

    /// Whether a result is still to come.
    pub fn is_waiting(&self) -> bool {
        self.awaited.is_some()
    }

    /// Whether the newest job failed, so that its result will never come.
    pub fn has_failed(&self) -> bool {
        self.failed
    }

    /// The result, if it is of the job that this slot waits for.
    pub fn accept(&mut self, done: &JobDone) -> Option<Arc<T>> {
        self.awaited.take_if(|awaited| awaited.0 == done.id)?;
        self.failed = done.output.is_none();
        Arc::clone(done.output.as_ref()?).downcast().ok()
    }
}

/// Analyzes an answer that was not analyzed yet, off the loop: a large one takes long.
#[must_use]
pub fn analyze(slot: &mut JobSlot<()>, exchange: &Arc<Exchange>) -> Option<Effect> {
    let exchange = Arc::clone(exchange);
    let work = move |_: IsCancelled<'_>| {
        exchange.analyze();
        Some(())
    };
    slot.start(false, work).1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A slot, and the job that it waits for: one that counts to this.
    fn counting(slot: &mut JobSlot<usize>, to: usize) -> Job {
        let work = move |is_cancelled: IsCancelled<'_>| (0..=to).find(|count| is_cancelled() || *count == to);
        let (None, Some(Effect::Job(job))) = slot.start(false, work) else { panic!("it was done at once") };
        job
    }

    #[test]
    fn only_the_newest_job_is_accepted_and_once() {
        let mut slot = JobSlot::default();
        let first = counting(&mut slot, 3);
        let early = first.run().unwrap();
        let second = counting(&mut slot, 5);
        assert_eq!(slot.accept(&early), None);
        let done = second.run().unwrap();
        assert!(slot.is_waiting());
        assert_eq!(slot.accept(&done).as_deref(), Some(&5));
        assert_eq!((slot.accept(&done), slot.is_waiting()), (None, false));
        let mut other = JobSlot::<usize>::default();
        let _ = counting(&mut other, 7); // never run
        assert_eq!(other.accept(&done), None);
    }

    #[test]
    fn a_newer_job_cancels_the_one_before_and_so_does_dropping_the_slot() {
        let mut slot = JobSlot::default();
        let first = counting(&mut slot, 3);
        assert!(!first.id.is_cancelled());
        let second = counting(&mut slot, 5);
        assert!(first.id.is_cancelled() && !second.id.is_cancelled());
        drop(slot);
        assert!(second.id.is_cancelled());
    }

    #[test]
    fn a_failed_job_ends_the_wait_and_the_next_one_is_a_new_start() {
        let mut slot = JobSlot::default();
        let failed = counting(&mut slot, 3).failed();
        assert!(failed.has_failed());
        assert_eq!(slot.accept(&failed), None);
        assert_eq!((slot.is_waiting(), slot.has_failed()), (false, true));
        let cancelled = counting(&mut slot, 5).failed();
        assert!(slot.is_waiting() && !slot.has_failed());
        slot.cancel();
        assert!(!cancelled.has_failed(), "nobody waited for it");
    }

    #[test]
    fn what_is_small_is_done_at_once() {
        let mut slot = JobSlot::default();
        assert_eq!(slot.start(true, |_| Some(1)), (Some(Arc::new(1)), None));
        assert!(!slot.is_waiting());
    }
}
