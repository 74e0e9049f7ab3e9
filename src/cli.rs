//! From the command line to the explorer or a subcommand, and from its end to an exit code.

mod args;
mod batch;
mod color;
mod command_line;
mod completions;
mod config;
mod core_dumps;
mod day;
mod diff;
mod doctor;
#[cfg(test)]
mod documented;
#[cfg(feature = "demo")]
mod emulate;
mod errors;
mod examples;
mod exit_code;
mod explore;
mod export;
mod facts;
mod failure;
mod filter_worker;
mod find;
mod flag_help;
mod get;
mod given_ids;
mod history;
mod images;
mod item_output;
mod item_text;
mod local_times;
mod log;
mod log_file;
mod man;
mod money;
mod output;
mod prompt;
mod quota;
mod report;
mod run;
mod search;
mod show;
mod spending;
mod status_line;
mod store;
mod stored;
mod styled_line;
mod text_table;
mod view;
mod writable;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;

use tokio::runtime::{Builder, Runtime};

use crate::ui::text::visible;
use args::{Args, Subcommand};
pub use exit_code::ExitCode;
use failure::CliFailure;
use obx_core::config::{Config, Environment, error_language};
use obx_core::i18n::{Describe, Texts};
use report::ErrorReport;

/// Runs the subcommand that the process's arguments name, or the explorer.
pub fn run() -> ExitCode {
    core_dumps::forbid();
    print_panics_harmless();
    let args = match command_line::parse() {
        Ok(args) => args,
        Err(error) => {
            let texts = texts(&Environment::capture());
            return ended(command_line::print_outcome(error, texts), texts);
        }
    };
    if matches!(args.command, Some(Subcommand::FilterWorker)) {
        // It writes no log: its environment is empty.
        return filter_worker::run();
    }
    let environment = Environment::capture();
    let Args { command, explore, global } = args;
    let result = log_file::start(&environment).and_then(|()| match command {
        #[cfg(feature = "demo")]
        Some(Subcommand::Emulate(emulate)) => emulate::run(emulate, texts(&environment)),
        Some(Subcommand::Get(args)) => get::run_get(&args, &global, &environment),
        Some(Subcommand::Quota(args)) => quota::run_quota(&args, &global, &environment),
        Some(Subcommand::Search(args)) => search::run_search(&args, &global, &environment),
        Some(Subcommand::Show(args)) => show::run_show(&args, &global, &environment),
        Some(Subcommand::History(args)) => history::run_history(&args, &global, &environment),
        Some(Subcommand::Diff(args)) => diff::run_diff(&args, &global, &environment),
        Some(Subcommand::Facts(args)) => facts::run_facts(&args, &global, &environment),
        Some(Subcommand::Find(args)) => find::run_find(&args, &global, &environment),
        Some(Subcommand::Log(args)) => log::run_log(&args, &global, &environment),
        Some(Subcommand::Store(args)) => store::run_store(&args, &global, &environment),
        Some(Subcommand::Batch(args)) => batch::run_batch(&args, &global, &environment),
        Some(Subcommand::Errors(args)) => errors::run(&args, &global, &environment),
        Some(Subcommand::Doctor(args)) => doctor::run(&args, &global, &environment),
        Some(Subcommand::Export(args)) => export::run_export(&args, &global, &environment),
        Some(Subcommand::Images(args)) => images::run_images(&args, &global, &environment),
        Some(Subcommand::Config(args)) => config::run(&args, &global, &environment),
        Some(Subcommand::FilterWorker) => Ok(filter_worker::run()),
        Some(Subcommand::Completions(args)) => completions::run(&args, texts(&environment)),
        Some(Subcommand::Man) => man::run(texts(&environment)),
        Some(Subcommand::View(view)) => view::run(&view, &global, &environment),
        None => explore::run(&explore, &global, &environment),
    });
    let texts = texts(&environment);
    ended(result, texts)
}

/// The exit code, of a failure after it was said.
fn ended(result: Result<ExitCode, CliFailure>, texts: Texts) -> ExitCode {
    result.unwrap_or_else(|failure| {
        if !matches!(failure, CliFailure::OutputClosed) {
            say_failure(&failure, texts);
        }
        failure.code()
    })
}

/// The language where there is no configuration, since the command line or the configuration has a mistake.
fn texts(environment: &Environment) -> Texts {
    let ui_lang = argument("--ui-lang").and_then(|language| language.into_string().ok());
    let config = argument("--config");
    Texts::new(error_language(ui_lang.as_deref(), config.as_ref().map(AsRef::as_ref), environment))
}

/// The value of a flag, whether the command line can be parsed or not.
fn argument(flag: &str) -> Option<OsString> {
    let mut arguments = std::env::args_os().skip(1).take_while(|argument| argument != "--");
    while let Some(argument) = arguments.next() {
        if argument == flag {
            return arguments.next();
        }
        let value = argument.to_str().and_then(|text| text.strip_prefix(flag)?.strip_prefix('='));
        if let Some(value) = value {
            return Some(value.into());
        }
    }
    None
}

fn runtime() -> Result<Runtime, CliFailure> {
    runtime_builder().enable_all().build().map_err(CliFailure::machine(Texts::cli_no_threads))
}

/// Work on two threads: one can wait while the other computes.
fn runtime_builder() -> Builder {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2);
    builder
}

fn warn(config: &Config) {
    for warning in &config.warnings {
        say(format_args!("obx: {}", warning.describe(Texts::new(config.language))));
    }
}

/// Says what ended the command, as the command line asks for it.
fn say_failure(failure: &CliFailure, texts: Texts) {
    let report = ErrorReport::from_failure(failure, texts);
    if wants_json() {
        say_json(&report.to_json());
    } else {
        say(format_args!("obx: {}", report.to_text(texts)));
    }
}

/// Whether errors are to be JSON, whether the command line can be parsed or not.
fn wants_json() -> bool {
    std::env::args_os().skip(1).take_while(|argument| argument != "--").any(|argument| argument == "--json")
}

/// One JSON object to stderr, on a line of its own.
fn say_json(object: &serde_json::Value) {
    prompt::end_line();
    let _ = writeln!(io::stderr(), "{}", escaped(&object.to_string())); // whoever closed it does not read
}

/// JSON with all characters as `\u…` that a terminal would obey or not show; its value is the same. Outside of strings it has
/// none of them.
fn escaped(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if visible(c.encode_utf8(&mut [0; 4])).contains(c) {
            escaped.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]).iter() {
            let _ = write!(escaped, "\\u{unit:04x}"); // a string takes everything
        }
    }
    escaped
}

/// The width of the terminal on stdout, in cells; `None` if there is none.
fn terminal_width() -> Option<usize> {
    width_of(&io::stdout())
}

/// The width of the terminal on this stream, in cells; `None` if there is none.
fn width_of(stream: &(impl IsTerminal + AsFd)) -> Option<usize> {
    let size = stream.is_terminal().then(|| rustix::termios::tcgetwinsize(stream).ok()).flatten()?;
    Some(usize::from(size.ws_col)).filter(|width| *width > 0)
}

/// One message to stderr.
fn say(message: std::fmt::Arguments<'_>) {
    prompt::end_line();
    let _ = writeln!(io::stderr(), "{}", harmless(&message.to_string())); // whoever closed it does not read
}

/// A message for the terminal outside of the screen, with control characters made visible. All of them pass here: names of
/// files, arguments and the quotes in a panic's message can hold what a terminal would obey.
fn harmless(message: &str) -> String {
    message.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

/// A panic's message can quote anything.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_on_a_terminal_has_no_character_that_it_would_obey_and_the_same_value() {
        let object =
            serde_json::json!({ "reason": "商品\u{9b}2J\u{9d}52;c\u{202e}\u{7f}\u{e0041}\u{1b}[31m\n" });
        let escaped = escaped(&object.to_string());
        let expected = r#"{"reason":"商品\u009b2J\u009d52;c\u202e\u007f\udb40\udc41\u001b[31m\n"}"#;
        assert_eq!(escaped, expected);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped).unwrap(), object);
    }
}
