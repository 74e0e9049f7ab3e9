//! Runs jq programs in a separate obx process. A program that uses too much memory or stack does not affect the
//! explorer, and a program that never ends is killed with its process.
//!
//! ```text
//!  FilterJob ─▶ newest ─▶ process: loads the body once, then runs programs ─▶ Event::Filtered
//!                 └─ an unwanted program keeps running: a standby process loads the body and takes over
//! ```
//! Loading a body takes longer than running most programs. So it begins before there is a program, and newer programs
//! don't restart it. The process gets no environment, and ends when its stdin is closed.

mod process;

use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::message::{Event, FilterJob, FilterResult, Filtered};
use obx_core::jq::FilterFault;
pub use process::{FilterAnswer, FilterOrder, WORKER};
use process::{Process, WorkerOutcome};

/// How long an unwanted program may keep running before a standby process is started; most stop sooner.
const GRACE: Duration = Duration::from_millis(400);

/// Most programs in one process: the newest, and one that has not noticed yet that it is unwanted.
const MAX_PROGRAMS: usize = 2;

/// How long one of several programs may run.
const LONGEST_RUN: Duration = Duration::from_secs(5);

/// Runs programs over a text, one after the other. Each may take [`LONGEST_RUN`], loading the text included; a process
/// that died, or was stopped for its slowness, is replaced.
pub(super) async fn run_all(text: Bytes, programs: Vec<String>) -> Vec<WorkerOutcome> {
    let job = FilterJob { number: 0, program: None, body: 0, text };
    let mut process = None;
    let mut outcomes = Vec::with_capacity(programs.len());
    for (number, program) in (0..).zip(programs) {
        let run = run_one(&mut process, &job, number, &program);
        let outcome = timeout(LONGEST_RUN, run).await;
        let outcome = outcome.unwrap_or(Err(FilterFault::TooSlow(LONGEST_RUN.as_secs())));
        if outcome.is_err() {
            process = None;
        }
        outcomes.push(outcome);
    }
    outcomes
}

async fn run_one(
    process: &mut Option<Process>,
    job: &FilterJob,
    number: u64,
    program: &str,
) -> WorkerOutcome {
    let process = match process {
        Some(process) => process,
        None => process.insert(Process::start(job).await?),
    };
    process.run(number, program).await;
    process.answer().await.map_or(Err(FilterFault::TooLarge), |(_, outcome)| outcome)
}

/// Passes the newest job to the supervisor.
#[derive(Debug, Default)]
pub(super) struct Filters(Option<watch::Sender<FilterJob>>);

impl Filters {
    /// Runs a job in place of all previous ones.
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

    /// Ends all processes.
    pub(super) fn end(&mut self) {
        self.0 = None;
    }
}

/// Runs jobs until the sender is dropped, and then ends all processes.
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

/// Supervises the processes, and runs the newest job.
struct JqSupervisor {
    jobs: watch::Receiver<FilterJob>,
    sender: mpsc::Sender<Event>,
    process: Option<Process>,
    /// The process that replaces one in which an unwanted program keeps running.
    standby: JoinSet<Result<Process, FilterFault>>,
    /// The number of the last job that has a result and is not run again.
    done: Option<u64>,
}

/// Why the supervisor woke up.
enum Wakeup {
    Changed,
    Answer(u64, WorkerOutcome),
    Died,
    StandbyReady,
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
                Some(program) if busy < MAX_PROGRAMS && !process.under_way.contains(&job.number) => {
                    process.run(job.number, &program).await;
                }
                None if busy > 0 => process.stop().await,
                _ => {}
            }
            self.wait(job.number).await;
        }
    }

    /// Starts a process and loads the body completely, since every program needs it. Then the newest job is looked
    /// up.
    async fn begin(&mut self, job: &FilterJob) {
        (self.process, self.standby) = (None, JoinSet::new());
        match Process::start(job).await {
            Ok(process) => self.process = Some(process),
            Err(fault) => {
                self.report(job.number, Err(fault));
                let _ = self.jobs.changed().await; // also when the sender is dropped
            }
        }
    }

    /// Waits until there is something to do.
    async fn wait(&mut self, newest: u64) {
        match self.next_wakeup(newest).await {
            Wakeup::Answer(number, outcome) if number == newest => self.report(number, outcome),
            Wakeup::Died => self.died(newest),
            Wakeup::Answer(..) | Wakeup::Changed | Wakeup::StandbyReady => {}
        }
    }

    async fn next_wakeup(&mut self, newest: u64) -> Wakeup {
        let Some(process) = &mut self.process else { return Wakeup::Died };
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
                Some((number, outcome)) => Wakeup::Answer(number, outcome),
                None => Wakeup::Died,
            },
            _ended = self.jobs.changed() => Wakeup::Changed,
            Some(standby) = self.standby.join_next(), if !running && !self.standby.is_empty() => {
                self.process = standby.ok().and_then(Result::ok);
                Wakeup::StandbyReady
            }
        }
    }

    /// Handles the death of the process. If only one program was running, that one caused it.
    fn died(&mut self, newest: u64) {
        let under_way = self.process.take().map(|process| process.under_way).unwrap_or_default();
        if under_way == [newest] {
            self.report(newest, Err(FilterFault::TooLarge));
        }
    }

    /// Reports a result. Outputs are indexed in the background while the next program runs.
    fn report(&mut self, number: u64, outcome: WorkerOutcome) {
        self.done = Some(number);
        let sender = self.sender.clone();
        tokio::spawn(async move {
            let outcome = match outcome {
                Ok(outputs) => {
                    let indexed =
                        tokio::task::spawn_blocking(move || FilterResult::from_outputs(outputs)).await;
                    indexed.map_err(|error| FilterFault::NotStarted(error.to_string()))
                }
                Err(fault) => Err(fault),
            };
            // The loop may have ended.
            let _ = sender.send(Event::Filtered(Filtered { number, outcome })).await;
        });
    }
}
