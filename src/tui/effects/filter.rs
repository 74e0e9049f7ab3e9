//! Runs jq programs in a process of our own kind beside this one: whatever a program takes or however deep it goes, the
//! explorer stands, and a program without an end is ended with its process.
//!
//! ```text
//!  FilterJob ─▶ newest ─▶ process: body once, then program after program ─▶ Event::Filtered
//!                 └─ a newer one: the process is given a moment, then ended, and another is started
//! ```
//! The process gets no environment, and ends when its stdin does.

use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::{mpsc, watch};

use crate::document::filter::{FilterFault, Outputs};
use crate::message::{Event, FilterJob, FilterResult, Filtered};

/// The subcommand that runs programs.
pub const WORKER: &str = "filter-worker";

/// So long a program may go on when a newer one waits: most are done by then, and the process can be kept.
const GRACE: Duration = Duration::from_millis(40);

/// A line to the process; of a body, its bytes follow.
#[derive(Debug, Serialize, Deserialize)]
pub enum FilterOrder {
    /// Take this text for the programs to come.
    Body {
        /// In bytes.
        length: usize,
    },
    /// Run this.
    Program(String),
}

/// A line from it, to every order; the text of the outputs follows.
#[derive(Debug, Serialize, Deserialize)]
pub struct FilterAnswer {
    /// In bytes.
    pub length: usize,
    /// How many outputs.
    pub count: usize,
    /// Whether there were more.
    pub cut: bool,
    /// Why there are none.
    pub fault: Option<FilterFault>,
}

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

/// Until nobody can send another job.
async fn serve(mut jobs: watch::Receiver<FilterJob>, sender: mpsc::Sender<Event>) {
    let mut worker = None;
    loop {
        let job = jobs.borrow_and_update().clone();
        let number = job.number;
        let mut watched = jobs.clone();
        let outcome = tokio::select! {
            biased;
            outcome = perform(&mut worker, &job, &mut jobs) => outcome,
            () = ended(&mut watched) => return,
        };
        match outcome {
            Some(outcome) => {
                // The loop may have ended: then nobody is left to be told.
                let _gone = sender.send(Event::Filtered(Filtered { number, outcome })).await;
            }
            None => worker = None,
        }
        while jobs.borrow().number == number {
            if jobs.changed().await.is_err() {
                return;
            }
        }
    }
}

/// Does one job; `None` when it was given up for a newer one. A body is always taken in to its end: every job needs
/// it.
async fn perform(
    worker: &mut Option<Worker>,
    job: &FilterJob,
    jobs: &mut watch::Receiver<FilterJob>,
) -> Option<Result<FilterResult, FilterFault>> {
    let ready = match worker.take() {
        Some(worker) => Ok(worker),
        None => Worker::start(),
    };
    let mut ready = match ready {
        Ok(ready) => ready,
        Err(error) => return Some(Err(FilterFault::NotStarted(error.to_string()))),
    };
    let outcome = match ready.take_in(job).await {
        Ok(()) => tokio::select! {
            biased;
            outcome = ready.run(&job.program) => outcome,
            () = replaced(jobs) => return None,
        },
        Err(fault) => Err(fault),
    };
    if outcome != Err(FilterFault::TooLarge) {
        *worker = Some(ready);
    }
    Some(match outcome {
        Ok(outputs) => {
            let indexed = tokio::task::spawn_blocking(move || FilterResult::of(outputs)).await;
            indexed.map_err(|error| FilterFault::NotStarted(error.to_string()))
        }
        Err(fault) => Err(fault),
    })
}

async fn replaced(jobs: &mut watch::Receiver<FilterJob>) {
    // When nobody sends any more, `ended` sees it too.
    let _ended = jobs.changed().await;
    tokio::time::sleep(GRACE).await;
}

async fn ended(jobs: &mut watch::Receiver<FilterJob>) {
    while jobs.changed().await.is_ok() {}
}

/// The process; it is ended with this.
struct Worker {
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    body: Option<u64>,
    _child: Child,
}

impl Worker {
    fn start() -> io::Result<Self> {
        let mut child = Command::new(own_program()?)
            .arg(WORKER)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (stdin, stdout) = pipes.ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Self { stdin, stdout: BufReader::new(stdout), body: None, _child: child })
    }

    /// Hands the body over, unless it has it.
    async fn take_in(&mut self, job: &FilterJob) -> Result<(), FilterFault> {
        if self.body != Some(job.body) {
            self.body = None;
            self.order(&FilterOrder::Body { length: job.text.len() }, &job.text).await?;
            self.body = Some(job.body);
        }
        Ok(())
    }

    async fn run(&mut self, program: &str) -> Result<Outputs, FilterFault> {
        self.order(&FilterOrder::Program(program.to_owned()), &[]).await
    }

    /// A process that does not answer has died of what it was told to do.
    async fn order(&mut self, order: &FilterOrder, bytes: &[u8]) -> Result<Outputs, FilterFault> {
        let answered = self.exchange(order, bytes).await;
        let (answer, text) = answered.map_err(|error| {
            tracing::debug!(%error, "the process that filters is gone");
            FilterFault::TooLarge
        })?;
        match answer.fault {
            Some(fault) => Err(fault),
            None => Ok(Outputs { text, count: answer.count, cut: answer.cut }),
        }
    }

    async fn exchange(&mut self, order: &FilterOrder, bytes: &[u8]) -> io::Result<(FilterAnswer, Vec<u8>)> {
        let line = serde_json::to_string(order)? + "\n";
        self.stdin.write_all(line.as_bytes()).await?;
        self.stdin.write_all(bytes).await?;
        self.stdin.flush().await?;
        let mut line = String::new();
        self.stdout.read_line(&mut line).await?;
        let answer: FilterAnswer = serde_json::from_str(&line)?;
        let mut text = vec![0; answer.length];
        self.stdout.read_exact(&mut text).await?;
        Ok((answer, text))
    }
}

/// Also where its file was replaced since it was started.
fn own_program() -> io::Result<PathBuf> {
    if cfg!(target_os = "linux") { Ok("/proc/self/exe".into()) } else { std::env::current_exe() }
}
