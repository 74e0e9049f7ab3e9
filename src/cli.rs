//! From the command line to the explorer or a subcommand, and from its end to an exit code.

mod args;
mod core_dumps;
#[cfg(feature = "demo")]
mod emulate;
mod exit_code;
mod explore;
mod filter_worker;
mod log_file;
mod view;

use std::io::{self, Write};

use clap::Parser;

use crate::ui::text::visible;
use args::{Args, Subcommand};
pub use exit_code::ExitCode;
use obx_core::config::Environment;

/// Runs what the process's arguments ask for.
pub fn run() -> ExitCode {
    core_dumps::forbid();
    print_panics_harmless();
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(told) => return print_clap(&told),
    };
    if matches!(args.command, Some(Subcommand::FilterWorker)) {
        // It writes no log: its environment is empty.
        return filter_worker::run();
    }
    let environment = Environment::capture();
    if let Err(error) = log_file::start(&environment) {
        return fail(&error, ExitCode::Usage);
    }
    let ended = match args.command {
        #[cfg(feature = "demo")]
        Some(Subcommand::Emulate(emulate)) => emulate::run(emulate),
        Some(Subcommand::FilterWorker) => Ok(filter_worker::run()),
        Some(Subcommand::View(view)) => view::run(&view, &environment),
        None => explore::run(&args.explore, &environment),
    };
    ended.unwrap_or_else(|error| fail(&error.error, error.code))
}

/// An error and what the process ends with.
#[derive(Debug)]
struct Failed {
    error: anyhow::Error,
    code: ExitCode,
}

impl Failed {
    fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self { error: error.into(), code: ExitCode::Usage }
    }

    fn internal(error: impl Into<anyhow::Error>) -> Self {
        Self { error: error.into(), code: ExitCode::Internal }
    }
}

fn fail(error: &anyhow::Error, code: ExitCode) -> ExitCode {
    say(format_args!("obx: {error:#}"));
    code
}

/// One line to stderr; whoever closed it does not want to hear it.
fn say(line: std::fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{}", harmless(&line.to_string())); // whoever closed it does not read
}

/// A message for the terminal outside of the screen. All of them pass here, for names of files, arguments and what a
/// panic quotes may hold what a terminal would obey.
fn harmless(message: &str) -> String {
    message.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

/// A panic's message quotes whatever was at hand.
fn print_panics_harmless() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let message = panic.to_string();
        if harmless(&message) == message {
            print(panic);
        } else {
            say(format_args!("obx {message}"));
        }
    }));
}

fn print_clap(told: &clap::Error) -> ExitCode {
    let message = harmless(&told.to_string());
    let _closed =
        if told.use_stderr() { write!(io::stderr(), "{message}") } else { write!(io::stdout(), "{message}") };
    if told.use_stderr() { ExitCode::Usage } else { ExitCode::Ok }
}
