//! Runs jq programs in a process of our own kind beside this one: whatever a program takes or however deep it goes, the
//! explorer stands, and a program without an end is ended with its process.
//!
//! ```text
//!  FilterJob ─▶ newest ─▶ process: body once, then program beside program ─▶ Event::Filtered
//!                 └─ one that goes on unwanted: another process takes the body in meanwhile, and then its place
//! ```
//! A body takes longer to be taken in than most programs run: it is made ready before there is a program, and no newer
//! program makes it start again. The process gets no environment, and ends when its stdin does.

mod process;

use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::message::{Event, FilterJob, FilterResult, Filtered};
use obx_core::jq::FilterFault;
pub use process::{FilterAnswer, FilterOrder, WORKER};
use process::{Outcome, Process};

/// So long a program that nobody wants may go on: most see it sooner, and stop.
const GRACE: Duration = Duration::from_millis(400);

/// Programs in one process: the newest, and one that has not seen yet that it is not wanted.
const SIDE_BY_SIDE: usize = 2;

/// The newest job, on its way to where it is done.
#[derive(Debug, Default)]
pub(super) struct Filters(Option<watch::Sender<FilterJob>>);

impl Filters {
    /// The newest takes the place of all before.
    pub(super) fn start(&mut self, job: FilterJob, sender: &mpsc::Sender<Event>) {
        let unsent = match &self.0 {
            Some(jobs) => jobs.send(job).err().map(|unsent| unsent.0),
            None => Some(job),
        };
        if let Some(job) = unsent {
            let (jobs, newest) = watch::channel(job);
            self.0 = Some(jobs);
            tokio::spawn(serve(newest, sender.clone()));
        }
    }

    /// Ends whatever runs.
    pub(super) fn end(&mut self) {
        self.0 = None;
    }
}

/// Until nobody can send another job; all processes end then.
async fn serve(jobs: watch::Receiver<FilterJob>, sender: mpsc::Sender<Event>) {
    let mut watched = jobs.clone();
    let mut supervisor = JqSupervisor { jobs, sender, process: None, standby: JoinSet::new(), done: None };
    tokio::select! {
        biased;
        () = ended(&mut watched) => {}
        () = supervisor.work() => {}
    }
}

async fn ended(jobs: &mut watch::Receiver<FilterJob>) {
    while jobs.changed().await.is_ok() {}
}

/// Where jobs are done, the newest at a time.
struct JqSupervisor {
    jobs: watch::Receiver<FilterJob>,
    sender: mpsc::Sender<Event>,
    process: Option<Process>,
    /// The process that is to take the place of one in which a program goes on unwanted.
    standby: JoinSet<Result<Process, FilterFault>>,
    /// The number of the last program that is not to be run again.
    done: Option<u64>,
}

/// What a wait came to.
enum News {
    Changed,
    Answer(u64, Outcome),
    Died,
    Relieved,
}

impl JqSupervisor {
    async fn work(&mut self) {
        loop {
            let job = self.jobs.borrow_and_update().clone();
            let Some(process) = self.process.as_mut().filter(|process| process.body == job.body) else {
                self.begin(&job).await;
                continue;
            };
            let busy = process.under_way.len();
            match job.program.filter(|_| self.done != Some(job.number)) {
                Some(program) if busy < SIDE_BY_SIDE && !process.under_way.contains(&job.number) => {
                    process.run(job.number, &program).await;
                }
                None if busy > 0 => process.stop().await,
                _ => {}
            }
            self.wait(job.number).await;
        }
    }

    /// Has the body taken in, to its end: every program needs it. The newest one is looked for then.
    async fn begin(&mut self, job: &FilterJob) {
        (self.process, self.standby) = (None, JoinSet::new());
        match Process::start(job).await {
            Ok(process) => self.process = Some(process),
            Err(fault) => {
                self.tell(job.number, Err(fault));
                let _ = self.jobs.changed().await; // woken by its end as well
            }
        }
    }

    /// Until there is something to do.
    async fn wait(&mut self, newest: u64) {
        match self.news(newest).await {
            News::Answer(number, outcome) if number == newest => self.tell(number, outcome),
            News::Died => self.died(newest),
            News::Answer(..) | News::Changed | News::Relieved => {}
        }
    }

    async fn news(&mut self, newest: u64) -> News {
        let Some(process) = &mut self.process else { return News::Died };
        let unwanted = process.under_way.iter().any(|number| *number != newest);
        if !unwanted {
            self.standby = JoinSet::new();
        } else if self.standby.is_empty() {
            let job = self.jobs.borrow().clone();
            self.standby.spawn(async move {
                sleep(GRACE).await;
                Process::start(&job).await
            });
        }
        let running = process.under_way.contains(&newest);
        tokio::select! {
            biased;
            answer = process.answer() => match answer {
                Some((number, outcome)) => News::Answer(number, outcome),
                None => News::Died,
            },
            _ended = self.jobs.changed() => News::Changed,
            Some(standby) = self.standby.join_next(), if !running && !self.standby.is_empty() => {
                self.process = standby.ok().and_then(Result::ok);
                News::Relieved
            }
        }
    }

    /// The process has died of one of its programs. Where there was but one, it was that.
    fn died(&mut self, newest: u64) {
        let under_way = self.process.take().map(|process| process.under_way).unwrap_or_default();
        if under_way == [newest] {
            self.tell(newest, Err(FilterFault::TooLarge));
        }
    }

    /// Indexes what came out, beside whatever runs next.
    fn tell(&mut self, number: u64, outcome: Outcome) {
        self.done = Some(number);
        let sender = self.sender.clone();
        tokio::spawn(async move {
            let outcome = match outcome {
                Ok(outputs) => {
                    let indexed = tokio::task::spawn_blocking(move || FilterResult::of(outputs)).await;
                    indexed.map_err(|error| FilterFault::NotStarted(error.to_string()))
                }
                Err(fault) => Err(fault),
            };
            // The loop may have ended: then nobody is left to be told.
            let _ = sender.send(Event::Filtered(Filtered { number, outcome })).await;
        });
    }
}
