//! The explorer's handle to a process that runs jq programs over one body.

use std::io;
use std::path::PathBuf;
use std::process::Stdio;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc;

use crate::message::FilterJob;
use obx_core::jq::{FilterFault, MAX_OUTPUT_BYTES, MAX_OUTPUTS, Outputs};

/// The subcommand that starts such a process.
pub const WORKER: &str = "filter-worker";

/// A line to the process. The first one is the body, which is sent once.
#[derive(Debug, Serialize, Deserialize)]
pub enum FilterOrder {
    /// Load this body, whose bytes follow.
    Body {
        /// Length in bytes.
        length: usize,
    },
    /// Run this program; programs that still run are no longer wanted.
    Program {
        /// Identifies the answer.
        number: u64,
        /// The jq program.
        text: String,
    },
    /// Stop all programs.
    Stop,
}

impl FilterOrder {
    /// The program's number; `None` for other orders.
    pub fn number(&self) -> Option<u64> {
        match self {
            Self::Program { number, .. } => Some(*number),
            Self::Body { .. } | Self::Stop => None,
        }
    }
}

/// The process's answer to the body and to every program, wanted or not. The text of the outputs follows.
#[derive(Debug, Serialize, Deserialize)]
pub struct FilterAnswer {
    /// The program's number; `None` for the body.
    pub number: Option<u64>,
    /// Length in bytes.
    pub length: usize,
    /// The number of outputs.
    pub count: usize,
    /// Whether further outputs were left out.
    pub cut: bool,
    /// Why there are no outputs.
    pub fault: Option<FilterFault>,
}

/// The result of a program.
pub(super) type WorkerOutcome = Result<Outputs, FilterFault>;

/// A running process, which is killed when this is dropped.
pub(super) struct Process {
    /// Identifies the body that it has loaded.
    pub(super) body: u64,
    /// The programs that have not ended, newest last.
    pub(super) under_way: Vec<u64>,
    stdin: ChildStdin,
    answers: mpsc::Receiver<(Option<u64>, WorkerOutcome)>,
    _child: Child,
}

impl Process {
    /// Starts a process, and waits until it has loaded the body.
    pub(super) async fn start(job: &FilterJob) -> Result<Self, FilterFault> {
        let mut process =
            Self::spawn(job.body).map_err(|error| FilterFault::NotStarted(error.to_string()))?;
        let body = FilterOrder::Body { length: job.text.len() };
        if process.order(&body, &job.text).await.is_err() {
            return Err(FilterFault::TooLarge);
        }
        match process.answers.recv().await {
            Some((_, taken_in)) => taken_in.map(|_| process),
            None => Err(FilterFault::TooLarge),
        }
    }

    fn spawn(body: u64) -> io::Result<Self> {
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
        let (sender, answers) = mpsc::channel(1);
        tokio::spawn(read(BufReader::new(stdout), sender));
        Ok(Self { body, under_way: Vec::new(), stdin, answers, _child: child })
    }

    /// Starts a program beside those that are running. If the process has died, [`Process::answer`] returns `None`.
    pub(super) async fn run(&mut self, number: u64, program: &str) {
        self.under_way.push(number);
        // A failure is reported by `answer`.
        let _ = self.order(&FilterOrder::Program { number, text: program.to_owned() }, &[]).await;
    }

    /// Stops all running programs.
    pub(super) async fn stop(&mut self) {
        let _ = self.order(&FilterOrder::Stop, &[]).await; // `answer` reports it
    }

    /// Waits for the next program that ends; `None` if the process has died.
    pub(super) async fn answer(&mut self) -> Option<(u64, WorkerOutcome)> {
        let (number, outcome) = self.answers.recv().await?;
        let number = number?;
        self.under_way.retain(|other| *other != number);
        Some((number, outcome))
    }

    async fn order(&mut self, order: &FilterOrder, bytes: &[u8]) -> io::Result<()> {
        let line = serde_json::to_string(order)? + "\n";
        self.stdin.write_all(line.as_bytes()).await?;
        self.stdin.write_all(bytes).await?;
        self.stdin.flush().await
    }
}

/// Passes on answers until the process ends or the receiver is dropped.
async fn read(mut stdout: BufReader<ChildStdout>, sender: mpsc::Sender<(Option<u64>, WorkerOutcome)>) {
    loop {
        match read_one(&mut stdout).await {
            Ok(answer) => {
                if sender.send(answer).await.is_err() {
                    return;
                }
            }
            Err(error) => return tracing::debug!(%error, "the process that filters is gone"),
        }
    }
}

async fn read_one(stdout: &mut BufReader<ChildStdout>) -> io::Result<(Option<u64>, WorkerOutcome)> {
    let mut line = String::new();
    stdout.read_line(&mut line).await?;
    let answer: FilterAnswer = serde_json::from_str(&line)?;
    if answer.length > MAX_OUTPUT_BYTES + MAX_OUTPUTS {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let mut text = vec![0; answer.length];
    stdout.read_exact(&mut text).await?;
    let outputs = Outputs { text, count: answer.count, cut: answer.cut };
    Ok((answer.number, answer.fault.map_or(Ok(outputs), Err)))
}

/// The path of this program, which works on Linux even if the file was replaced since the start.
fn own_program() -> io::Result<PathBuf> {
    if cfg!(target_os = "linux") { Ok("/proc/self/exe".into()) } else { std::env::current_exe() }
}
