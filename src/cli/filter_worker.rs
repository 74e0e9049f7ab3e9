//! The process in which the explorer runs jq programs: orders on stdin, answers on stdout, within bounds.
//!
//! Stdin is always being read, whatever else goes on: the process ends with it. Every program has a thread of its own,
//! for one that does not stop must not keep the next one waiting.

use std::io::{self, BufRead, BufReader, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::ExitCode;
use crate::tui::effects::{FilterAnswer, FilterOrder};
use obx_core::jq::{FilterFault, Input, Outputs, Program};
use onebound_document::Document;

/// Of address space, in bytes, two stacks included, beside what the body takes.
const MEMORY: u64 = 3 << 29;
/// For each byte of the body: as values it takes about half of that.
const MEMORY_FOR_A_BYTE: u64 = 24;
/// Of a thread that runs a program, in bytes: a program can go as deep as that.
const STACK: usize = 256 << 20;
/// The number of no program.
const NONE: u64 = u64::MAX;

/// What all threads share.
#[derive(Default)]
struct SharedState {
    input: OnceLock<Input>,
    /// The number of the program that is wanted.
    wanted: AtomicU64,
}

/// Answers orders until stdin ends, also in the middle of one.
pub(super) fn run() -> ExitCode {
    bound(Resource::As, MEMORY);
    // A program that takes too much is no reason to write all of it to a file.
    bound(Resource::Core, 0);
    let (shared, mut stdin) = (Arc::new(SharedState::default()), BufReader::new(io::stdin()));
    while let Ok((order, body)) = read_one(&mut stdin) {
        let (number, shared) = (order.number(), Arc::clone(&shared));
        shared.wanted.store(number.unwrap_or(NONE), Ordering::Relaxed);
        let thread = thread::Builder::new().stack_size(STACK);
        if let Err(error) = thread.spawn(move || shared.follow(order, body)) {
            let fault = FilterFault::NotStarted(error.to_string());
            if answer(number, Err(fault)).is_err() {
                break;
            }
        }
    }
    // Whatever still runs ends with the process.
    ExitCode::Ok
}

impl SharedState {
    fn follow(&self, order: FilterOrder, body: Vec<u8>) {
        let number = order.number();
        let outcome = catch_unwind(AssertUnwindSafe(|| match order {
            FilterOrder::Body { .. } => Some(self.take_in(body)),
            FilterOrder::Program { number, text } => Some(self.run_one(number, &text)),
            FilterOrder::Stop => None,
        }));
        // Whoever waits for an answer gets one, whatever happened.
        let fault = |_| Some(Err(FilterFault::Failed("internal error".to_owned())));
        let Some(outcome) = outcome.unwrap_or_else(fault) else { return };
        // Nobody reads it any more: stdin, too, is at its end.
        let _ = answer(number, outcome);
    }

    fn take_in(&self, body: Vec<u8>) -> Result<Outputs, FilterFault> {
        let document = Document::parse(body.into());
        let document = document.map_err(|error| FilterFault::NotStarted(error.to_string()))?;
        // There is one body.
        let _ = self.input.set(Input::of(&document));
        Ok(Outputs::default())
    }

    fn run_one(&self, number: u64, text: &str) -> Result<Outputs, FilterFault> {
        let program = Program::compile(text)?;
        let Some(input) = self.input.get() else { return Ok(Outputs::default()) };
        let wanted = || self.wanted.load(Ordering::Relaxed) == number;
        let outputs = program.run(input, &wanted)?;
        Ok(if wanted() { outputs } else { Outputs::default() })
    }
}

/// Never above what is allowed.
fn bound(resource: Resource, bytes: u64) {
    let maximum = getrlimit(resource).maximum;
    let current = Some(bytes.min(maximum.unwrap_or(u64::MAX)));
    // Where a system refuses, the process is still one that can be ended.
    let _ = setrlimit(resource, Rlimit { current, maximum });
}

/// An order, and the body where it is one.
fn read_one(stdin: &mut impl BufRead) -> io::Result<(FilterOrder, Vec<u8>)> {
    let mut line = String::new();
    stdin.read_line(&mut line)?;
    let order: FilterOrder = serde_json::from_str(&line)?;
    let mut body = Vec::new();
    if let FilterOrder::Body { length } = order {
        bound(Resource::As, MEMORY + MEMORY_FOR_A_BYTE * length as u64);
        body.resize(length, 0);
        stdin.read_exact(&mut body)?;
    }
    Ok((order, body))
}

fn answer(number: Option<u64>, outcome: Result<Outputs, FilterFault>) -> io::Result<()> {
    let (outputs, fault) = match outcome {
        Ok(outputs) => (outputs, None),
        Err(fault) => (Outputs::default(), Some(fault)),
    };
    let length = outputs.text.len();
    let answer = FilterAnswer { number, length, count: outputs.count, cut: outputs.cut, fault };
    let mut stdout = io::stdout().lock();
    serde_json::to_writer(&mut stdout, &answer)?;
    stdout.write_all(b"\n")?;
    stdout.write_all(&outputs.text)?;
    stdout.flush()
}
