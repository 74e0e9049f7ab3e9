//! The process in which the explorer runs jq programs: orders on stdin, answers on stdout, within bounds.

use std::io::{self, BufRead, BufReader, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::ExitCode;
use crate::document::Document;
use crate::document::filter::{FilterFault, Input, Outputs, Program};
use crate::tui::effects::{FilterAnswer, FilterOrder};

/// Of address space, in bytes, stack included, beside what the body takes.
const MEMORY: u64 = 1 << 30;
/// For each byte of the body: as values it takes about half of that.
const MEMORY_FOR_A_BYTE: u64 = 24;
/// Of the thread that runs programs, in bytes: a program can go as deep as that.
const STACK: usize = 256 << 20;

/// An order, and the body where it is one.
type Ordered = (FilterOrder, Vec<u8>);

/// Answers orders until stdin ends, also in the middle of one.
pub(super) fn run() -> ExitCode {
    bound(Resource::As, MEMORY);
    // A program that takes too much is no reason to write all of it to a file.
    bound(Resource::Core, 0);
    let (sender, orders) = sync_channel(1);
    let worker = thread::Builder::new().stack_size(STACK).spawn(move || work(&orders));
    let Ok(worker) = worker else { return ExitCode::Internal };
    thread::spawn(move || {
        read(&sender);
        std::process::exit(0);
    });
    let ended = worker.join();
    if ended.is_ok() { ExitCode::Ok } else { ExitCode::Internal }
}

/// Never above what is allowed.
fn bound(resource: Resource, bytes: u64) {
    let maximum = getrlimit(resource).maximum;
    let current = Some(bytes.min(maximum.unwrap_or(u64::MAX)));
    // Where a system refuses, the process is still one that can be ended.
    let _refused = setrlimit(resource, Rlimit { current, maximum });
}

fn read(sender: &SyncSender<Ordered>) {
    let mut stdin = BufReader::new(io::stdin());
    while let Ok(order) = read_one(&mut stdin) {
        if sender.send(order).is_err() {
            return;
        }
    }
}

fn read_one(stdin: &mut impl BufRead) -> io::Result<Ordered> {
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

fn work(orders: &Receiver<Ordered>) {
    let mut input = None;
    while let Ok((order, body)) = orders.recv() {
        let outcome = match order {
            FilterOrder::Body { .. } => {
                // The one before makes room first.
                input = None;
                take_in(body).map(|taken| {
                    input = Some(taken);
                    Outputs::default()
                })
            }
            FilterOrder::Program(text) => run_one(&text, input.as_ref()),
        };
        if answer(outcome).is_err() {
            return;
        }
    }
}

fn take_in(body: Vec<u8>) -> Result<Input, FilterFault> {
    let document = Document::index(body.into());
    document.map(|document| Input::of(&document)).map_err(|error| FilterFault::NotStarted(error.to_string()))
}

fn run_one(text: &str, input: Option<&Input>) -> Result<Outputs, FilterFault> {
    let program = Program::compile(text)?;
    input.map_or_else(|| Ok(Outputs::default()), |input| program.run(input, &|| true))
}

fn answer(outcome: Result<Outputs, FilterFault>) -> io::Result<()> {
    let (outputs, fault) = match outcome {
        Ok(outputs) => (outputs, None),
        Err(fault) => (Outputs::default(), Some(fault)),
    };
    let length = outputs.text.len();
    let answer = FilterAnswer { length, count: outputs.count, cut: outputs.cut, fault };
    let mut stdout = io::stdout().lock();
    serde_json::to_writer(&mut stdout, &answer)?;
    stdout.write_all(b"\n")?;
    stdout.write_all(&outputs.text)?;
    stdout.flush()
}
