//! The process that runs jq programs for the explorer: orders on stdin, answers on stdout, with limited resources.
//!
//! Stdin is always being read, so that the process ends when it is closed. Every program has a thread of its own,
//! because a program that doesn't stop must not delay the next one.

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

/// Limit of the address space in bytes, including two stacks but not the body.
const MEMORY: u64 = 3 << 29;
/// Additional limit per byte of the body. As values, the body takes about half of that.
const MEMORY_FOR_A_BYTE: u64 = 24;
/// Stack of a thread that runs a program, in bytes. It limits how deep a program can recurse.
const STACK: usize = 256 << 20;
/// The number of no program.
const NONE: u64 = u64::MAX;

/// State shared by all threads.
#[derive(Default)]
struct SharedState {
    input: OnceLock<Input>,
    /// The number of the wanted program.
    wanted: AtomicU64,
}

/// Follows orders until stdin ends, even within an order.
pub(super) fn run() -> ExitCode {
    bound(Resource::As, MEMORY);
    // A program that uses too much must not leave a core dump.
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
    // Programs that still run end with the process.
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
        // A panic is answered as well, because the explorer waits for an answer.
        let fault = |_| Some(Err(FilterFault::Failed("internal error".to_owned())));
        let Some(outcome) = outcome.unwrap_or_else(fault) else { return };
        // If nobody reads the answer, stdin has ended as well.
        let _ = answer(number, outcome);
    }

    fn take_in(&self, body: Vec<u8>) -> Result<Outputs, FilterFault> {
        let document = Document::parse(body.into());
        let document = document.map_err(|error| FilterFault::NotStarted(error.to_string()))?;
        // The body is set once.
        let _ = self.input.set(Input::from_document(&document));
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

/// Lowers a resource limit, never above the allowed maximum.
fn bound(resource: Resource, bytes: u64) {
    let maximum = getrlimit(resource).maximum;
    let current = Some(bytes.min(maximum.unwrap_or(u64::MAX)));
    // If the system refuses, the process can still be killed.
    let _ = setrlimit(resource, Rlimit { current, maximum });
}

/// Reads an order, and the bytes of the body if it is one.
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
