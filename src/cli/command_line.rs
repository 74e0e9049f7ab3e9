//! What the parser of the command line prints, in the user's language: help and mistakes.

use std::ffi::OsString;
use std::io::{self, Write};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory, FromArgMatches};

use super::args::Args;
use super::examples::{examples, place};
use super::failure::CliFailure;
use super::flag_help::{Heading, help};
use super::output::{Output, OutputArgs};
use super::report::ErrorReport;
use super::{ExitCode, harmless, say_json, wants_json};
use obx_core::i18n::{Language, Texts, with_meant};
use obx_core::suggest::nearest;

/// Parses the process's arguments. An error is printed by [`print_outcome`].
pub(super) fn parse() -> Result<Args, clap::Error> {
    Args::from_arg_matches(&matches(Args::command(), std::env::args_os())?)
}

/// Prints why the process's arguments were not taken: help, or a mistake.
pub(super) fn print_outcome(error: clap::Error, texts: Texts) -> Result<ExitCode, CliFailure> {
    let error = in_this_language(error, std::env::args_os(), texts);
    if error.use_stderr() && wants_json() {
        say_json(&report(&error, texts).to_json());
        Ok(ExitCode::Usage)
    } else if error.use_stderr() {
        // Whoever closed the stream does not read it.
        let _ = write!(io::stderr(), "{}", harmless(&mistake(&error, texts)));
        Ok(ExitCode::Usage)
    } else {
        let mut out = Output::new(&OutputArgs::default())?;
        out.bytes(in_language(&error.to_string(), texts).as_bytes())?;
        out.flush()?;
        Ok(ExitCode::Ok)
    }
}

/// The error that this language's command line has for the same arguments. Should it have none, the first error holds.
fn in_this_language(
    error: clap::Error,
    arguments: impl IntoIterator<Item = OsString>,
    texts: Texts,
) -> clap::Error {
    matches(command(texts), arguments).err().unwrap_or(error)
}

pub(super) fn matches(
    mut command: Command,
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<ArgMatches, clap::Error> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    let words = words_without_subcommand(&command, &arguments);
    if let Some(error) = mistyped_subcommand(&mut command, words.first()) {
        return Err(error);
    }
    if let Some((first, others)) = words.split_first().filter(|(_, others)| !others.is_empty()) {
        // An ID is no word of letters.
        if let Some(subcommand) = others.iter().find(|word| command.find_subcommand(word).is_some()) {
            return Err(conflict(&mut command, first.clone(), subcommand));
        }
        arguments.insert(1, GET.into());
    }
    let matches = match command.try_get_matches_from_mut(&arguments) {
        Ok(matches) => matches,
        Err(error) => return Err(misplaced(error, &mut command, &arguments)),
    };
    let Some((subcommand, _)) = matches.subcommand() else { return Ok(matches) };
    match explorers_argument(&command, &matches) {
        None => Ok(matches),
        Some(argument) => Err(conflict(&mut command, argument, subcommand)),
    }
}

/// The mistake of an argument of the explorer together with a subcommand.
fn conflict(command: &mut Command, argument: String, subcommand: &str) -> clap::Error {
    let usage = ContextValue::StyledStr(command.render_usage());
    let mut error = clap::Error::new(ErrorKind::ArgumentConflict).with_cmd(command);
    error.insert(ContextKind::InvalidArg, ContextValue::String(argument));
    error.insert(ContextKind::PriorArg, ContextValue::String(format!("obx {subcommand}")));
    error.insert(ContextKind::Usage, usage);
    error
}

/// Returns true if the process's arguments are several IDs without a subcommand, which stand for `obx get`.
pub(super) fn implies_get() -> bool {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    // Looking closer takes time.
    arguments.get(1).is_none_or(|first| first != GET)
        && words_without_subcommand(&Args::command(), &arguments).len() > 1
}

/// The words on the command line that are neither flags nor their values, if no subcommand is named. Several are IDs to
/// get.
fn words_without_subcommand(command: &Command, arguments: &[OsString]) -> Vec<String> {
    // To parse twice takes as long as all else of a short command.
    let first = arguments.get(1).and_then(|first| first.to_str());
    if first.is_some_and(|first| command.find_subcommand(first).is_some()) {
        return Vec::new();
    }
    let matches = command.clone().ignore_errors(true).try_get_matches_from(arguments);
    match matches {
        Ok(matches) if matches.subcommand().is_none() => {
            matches.get_many::<String>("ids").map(|ids| ids.cloned().collect()).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// The mistake of a flag before the subcommand that has it, or before a word that is nearly the name of a subcommand.
fn misplaced(mut error: clap::Error, command: &mut Command, arguments: &[OsString]) -> clap::Error {
    let (ErrorKind::UnknownArgument, Some(ContextValue::String(flag))) =
        (error.kind(), error.get(ContextKind::InvalidArg))
    else {
        return error;
    };
    let long = flag.trim_start_matches('-').to_owned();
    let mut words = arguments.iter().skip(1).filter_map(|word| word.to_str());
    let Some(word) = words.find(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic()))
    else {
        return error;
    };
    let Some(subcommand) = command.find_subcommand(word) else {
        return mistyped_subcommand(command, Some(&word.to_owned())).unwrap_or(error);
    };
    if subcommand.get_arguments().any(|argument| argument.get_long() == Some(long.as_str())) {
        let place = ContextValue::String(format!("obx {word} --{long}"));
        error.insert(ContextKind::Custom, place);
    }
    error
}

/// The mistake of a first word that is nearly the name of a subcommand. An ID has digits.
fn mistyped_subcommand(command: &mut Command, first: Option<&String>) -> Option<clap::Error> {
    let word = first.filter(|word| word.chars().all(|c| c.is_ascii_alphabetic()))?;
    let shown = command.get_subcommands().filter(|subcommand| !subcommand.is_hide_set());
    let names: Vec<&str> = shown.map(Command::get_name).collect();
    let meant = nearest(word, &names)?.to_owned();
    let usage = ContextValue::StyledStr(command.render_usage());
    let mut error = clap::Error::new(ErrorKind::InvalidSubcommand).with_cmd(command);
    error.insert(ContextKind::InvalidSubcommand, ContextValue::String(word.clone()));
    error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(vec![meant]));
    error.insert(ContextKind::Usage, usage);
    Some(error)
}

/// The first argument before a subcommand that only the explorer has a use for.
fn explorers_argument(command: &Command, matches: &ArgMatches) -> Option<String> {
    let is_given = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
    let mut arguments = command.get_arguments().filter(|argument| !argument.is_global_set());
    let argument = arguments.find(|argument| is_given(argument.get_id().as_str()))?;
    let mut ids = matches.get_many::<String>("ids").filter(|_| argument.is_positional());
    Some(ids.as_mut().and_then(Iterator::next).cloned().unwrap_or_else(|| argument.to_string()))
}

/// The command line with its help.
pub(super) fn command(texts: Texts) -> Command {
    let with_help = |command: Command| {
        command.mut_args(|arg| {
            let Some(help) = help(arg.get_id().as_str(), texts) else { return arg };
            let list = values(arg.get_id().as_str(), texts);
            let arg = arg.help(help);
            let arg = if let Some(list) = list { arg.long_help(format!("{help}\n{list}")) } else { arg };
            let heading = Heading::of(arg.get_id().as_str()).map(|heading| heading.title(texts));
            arg.help_heading(heading)
        })
    };
    let described = with_examples(with_help(Args::command()), texts)
        .about(texts.about())
        .long_about(format!("{}\n\n{}", texts.about(), texts.about_more()));
    described.mut_subcommands(|command| {
        let name = command.get_name().to_owned();
        let command = with_examples(command, texts).display_order(place(&name));
        let command = command.mut_subcommands(|command| {
            let child = command.get_name();
            let about = if name == "store" {
                super::store::about(child, texts)
            } else {
                about_in_config(child, texts)
            };
            with_help(command).about(about)
        });
        let Some(about) = about(&name, texts) else { return command };
        let command = with_help(command).about(about);
        // The explorer's argument of this name is another one.
        match name.as_str() {
            GET | "images" => command.mut_arg("ids", |arg| arg.help(texts.help_get_ids())),
            "export" => command.mut_arg("ids", |arg| arg.help(texts.help_export_ids())),
            _ => command,
        }
    })
}

fn about(name: &str, texts: Texts) -> Option<&'static str> {
    Some(match name {
        "batch" => texts.about_batch(),
        "completions" => texts.about_completions(),
        "config" => texts.about_config(),
        "diff" => texts.about_diff(),
        "doctor" => texts.about_doctor(),
        "emulate" => texts.about_emulate(),
        "errors" => texts.about_errors(),
        "export" => texts.about_export(),
        "facts" => texts.about_facts(),
        "find" => texts.about_find(),
        "get" => texts.about_get(),
        "history" => texts.about_history(),
        "images" => texts.about_images(),
        "log" => texts.about_log(),
        "man" => texts.about_man(),
        "quota" => texts.about_quota(),
        "search" => texts.about_search(),
        "show" => texts.about_show(),
        "store" => texts.about_store(),
        "view" => texts.about_view(),
        _ => return None,
    })
}

/// What a subcommand of `obx config` does.
fn about_in_config(name: &str, texts: Texts) -> &'static str {
    match name {
        "path" => texts.about_config_path(),
        "show" => texts.about_config_show(),
        "edit" => texts.about_config_edit(),
        "check" => texts.about_config_check(),
        _ => texts.about_template(),
    }
}

/// About, examples, usage, arguments.
const TEMPLATE: &str = "{about-with-newline}\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}";

fn with_examples(command: Command, texts: Texts) -> Command {
    let Some(examples) = examples(command.get_name(), texts) else { return command };
    command.before_help(examples).help_template(TEMPLATE)
}

/// The subcommand that several IDs alone stand for.
pub(super) const GET: &str = "get";

/// The values that a flag can have, a line each, for the long help.
fn values(id: &str, texts: Texts) -> Option<String> {
    #[cfg(feature = "demo")]
    if id == "fault" {
        return Some(super::emulate::fault_list(texts));
    }
    let _ = (id, texts); // only the emulator has such a flag
    None
}

/// The same mistake as one object.
fn report(error: &clap::Error, texts: Texts) -> ErrorReport {
    let message = what(error, texts).unwrap_or_else(|| error.to_string());
    ErrorReport::new(ExitCode::Usage, message).advising(&tips(error, texts).join("\n"))
}

/// What the parser suggests instead.
fn tips(error: &clap::Error, texts: Texts) -> Vec<String> {
    let suggested =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    if let Some(place) = words(error, ContextKind::Custom) {
        return vec![texts.usage_misplaced(place)];
    }
    let words = suggested.into_iter().filter_map(|kind| words(error, kind));
    words.map(|words| texts.usage_did_you_mean(words)).collect()
}

/// A mistake, with what the parser suggests instead; in the parser's English where its kind is a rare one.
fn mistake(error: &clap::Error, texts: Texts) -> String {
    let Some(what) = what(error, texts) else { return error.to_string() };
    let tips = tips(error, texts).into_iter().map(|tip| format!("  {}", texts.usage_tip(tip)));
    let usage = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => Some(in_language(&usage.to_string(), texts)),
        _ => None,
    };
    let paragraphs = [texts.usage_error(what)].into_iter().chain(tips).chain(usage);
    let paragraphs: Vec<String> = paragraphs.chain([texts.usage_see_help().to_owned()]).collect();
    format!("{}\n", paragraphs.join("\n\n"))
}

fn what(error: &clap::Error, texts: Texts) -> Option<String> {
    let text = |kind| match error.get(kind)? {
        ContextValue::String(text) => Some(text.as_str()),
        _ => None,
    };
    let argument = text(ContextKind::InvalidArg);
    Some(match error.kind() {
        ErrorKind::UnknownArgument => texts.usage_unknown(argument?),
        ErrorKind::InvalidSubcommand => texts.usage_unknown_command(text(ContextKind::InvalidSubcommand)?),
        ErrorKind::InvalidValue if text(ContextKind::InvalidValue)?.is_empty() => {
            texts.usage_no_value(argument?)
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let (value, argument) = (text(ContextKind::InvalidValue)?, argument?);
            let what = texts.usage_bad_value(value, argument);
            let message = texts.named(what, expected(argument, texts));
            // A tip below names it already.
            let has_tip = error.get(ContextKind::SuggestedValue).is_some();
            match choices(argument).filter(|_| !has_tip) {
                Some(choices) => with_meant(message, value, choices.split(", "), texts),
                None => message,
            }
        }
        ErrorKind::ArgumentConflict if text(ContextKind::PriorArg) == argument => {
            texts.usage_repeated(argument?)
        }
        ErrorKind::ArgumentConflict => {
            let other = words(error, ContextKind::PriorArg);
            let conflicting = argument.or_else(|| text(ContextKind::InvalidSubcommand))?;
            texts.usage_conflict(conflicting, other.as_deref().unwrap_or(texts.usage_other_arguments()))
        }
        ErrorKind::InvalidUtf8 => texts.usage_not_utf8().to_owned(),
        ErrorKind::MissingRequiredArgument => texts.usage_missing(words(error, ContextKind::InvalidArg)?),
        _ => return None,
    })
}

/// What a flag's value must be; a number from 0 on where nothing else is said.
fn expected(flag: &str, texts: Texts) -> String {
    #[cfg(feature = "demo")]
    if let Some(expected) = super::emulate::expected(flag, texts) {
        return expected;
    }
    match flag.split(' ').next().unwrap_or_default() {
        "--day" | "--since" => texts.usage_day().to_owned(),
        "--rate" => texts.usage_rate().to_owned(),
        "--until" => texts.usage_until().to_owned(),
        "--page" | "--pages" | "--page-size" | "--top" | "--concurrency" => texts.usage_count_from(1),
        "--max-picture" => texts.usage_count_between(1, 8),
        "--max-cost" => texts.usage_yuan().to_owned(),
        _ => choices(flag).map_or_else(|| texts.usage_count_from(0), |values| texts.usage_one_of(values)),
    }
}

/// The values of a flag that takes one of a few, or several of them.
fn choices(flag: &str) -> Option<String> {
    match flag.split(' ').next().unwrap_or_default() {
        "--by" => Some(super::quota::COUNTED_BY.to_owned()),
        "<SHELL>" | "[SHELL]" => Some("bash, elvish, fish, powershell, zsh".to_owned()),
        _ => listed_values(flag),
    }
}

/// The values in the usage of a flag that takes one of a few: `--color <auto|always|never>`.
fn listed_values(flag: &str) -> Option<String> {
    let (_, values) = flag.split_once('<')?;
    let values = values.strip_suffix('>').filter(|values| values.contains('|'))?;
    Some(values.replace('|', ", "))
}

/// One or several words of an error, in quotes.
fn words(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(word) => Some(format!("'{word}'")),
        ContextValue::Strings(words) => {
            Some(words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(", "))
        }
        _ => None,
    }
}

/// Replaces the parser's own English words, which it has no setting for.
pub(super) fn in_language(help: &str, texts: Texts) -> String {
    let english = Texts::new(Language::En);
    // The longer of two that begin alike comes first.
    let words: [fn(Texts) -> &'static str; 13] = [
        Texts::word_usage,
        Texts::word_commands,
        Texts::word_arguments,
        Texts::word_options,
        Texts::word_any_options,
        Texts::word_one_command,
        Texts::word_any_command,
        Texts::word_default,
        Texts::word_help_of,
        Texts::word_help_more,
        Texts::word_help_less,
        Texts::word_help,
        Texts::word_version,
    ];
    words.iter().fold(help.to_owned(), |help, word| help.replace(word(english), word(texts)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_that_is_none_when_it_is_parsed_again_is_said_all_the_same() {
        let texts = Texts::new(Language::Zh);
        let error = matches(Args::command(), ["obx".into(), "--no-such-flag".into()]).unwrap_err();
        let error = in_this_language(error, ["obx".into()], texts);
        assert!(mistake(&error, texts).contains("--no-such-flag"), "{error}");
    }
}
