//! What docs/commands.md has of each command: examples, usage, flags, records and exit codes.

use std::fmt::Write as _;

use clap::{Arg, Command, CommandFactory};

use super::{Table, check_parts, page, tables};
use crate::cli::ExitCode;
use crate::cli::args::Args;
use crate::cli::command_line;
use crate::cli::examples::{Example, list};
use crate::cli::flag_help::Heading;
use crate::ui::text::width;
use obx_core::i18n::{Language, Texts};

/// Examples that can't run on any machine: what they name is there only for the user.
const NOT_RUN: [&str; 4] = [
    "obx show 610947572360 --at 2026-11-23 --raw",
    "obx quota --textfile /var/lib/node_exporter/obx.prom",
    "obx store copy store.sqlite postgres://ann@db.example/team",
    "obx store copy postgres://ann@db.example/team backup.sqlite",
];

/// The flags that all commands with records have.
const OF_RECORDS: [&str; 4] = ["json", "fields", "jq", "csv"];

/// The widest example that the column of comments makes room for.
const LONGEST: usize = 60;

const TABLE: &str = "| | |\n|---|---|\n";

fn english() -> Texts {
    Texts::new(Language::En)
}

/// The command line with its help, as it is parsed.
fn root() -> Command {
    let mut root = command_line::command(english());
    root.build();
    root
}

/// The exit codes of a command, but for those of signals. Each test that runs a command holds it to them.
fn exit_codes(command: &str) -> Vec<ExitCode> {
    use ExitCode::{Internal, NoResult, NotUnderstood, Ok, SomeFailed, Usage};
    match command {
        "get" | "search" | "batch" | "images" => ExitCode::ALL.to_vec(),
        "quota" => ExitCode::ALL.into_iter().filter(|code| *code != SomeFailed).collect(),
        // That of the stored answer.
        "show" => {
            let never = [ExitCode::Refused, SomeFailed];
            ExitCode::ALL.into_iter().filter(|code| !never.contains(code)).collect()
        }
        "store" => vec![Ok, Internal, Usage, SomeFailed],
        "export" => vec![Ok, Internal, Usage, NoResult, NotUnderstood, SomeFailed],
        "find" | "history" | "diff" | "log" | "facts" => vec![Ok, Internal, Usage, NoResult],
        _ => vec![Ok, Internal, Usage],
    }
}

/// What docs/commands.md has of a command between its markers.
fn part(command: &mut Command, tables: &[Table]) -> String {
    let name = command.get_name().to_owned();
    let mut text = examples(&name);
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    let _ = write!(text, "Usage: `{usage}`\n\n"); // writing to a String can't fail, here and below
    let mut own: Vec<&Arg> = command.get_arguments().filter(|arg| is_own(arg)).collect();
    own.sort_by_key(|arg| !arg.is_positional());
    let children: Vec<&Command> =
        command.get_subcommands().filter(|child| child.get_name() != "help").collect();
    if !own.is_empty() || !children.is_empty() {
        text.push_str(TABLE);
        for child in children {
            let about = child.get_about().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(text, "| `obx {name} {}` | {} |", child.get_name(), cell(&about));
        }
        text.extend(own.into_iter().map(row));
        text.push('\n');
    }
    let mut facts = Vec::new();
    let has = |id: &str| command.get_arguments().any(|arg| arg.get_id() == id);
    if has("max_calls") {
        facts.push("Flags for [calls](#flags-for-calls).".to_owned());
    }
    let printed = tables.iter().filter(|table| {
        table.commands.iter().any(|command| command.split(' ').next() == Some(name.as_str()))
    });
    let links: Vec<String> =
        printed.map(|table| format!("[{}]({})", table.name, anchor(table.name))).collect();
    if !links.is_empty() {
        facts.push(format!("Flags for [records](#flags-for-records): {}.", links.join(", ")));
    }
    let codes: Vec<String> = exit_codes(&name).iter().map(|code| code.number().to_string()).collect();
    facts.push(format!("Exit codes: {}.", codes.join(", ")));
    text.push_str(&facts.join(" "));
    text.push('\n');
    text
}

/// The examples as blocks of shell commands, those that can't run in one of their own.
fn examples(name: &str) -> String {
    let block = |info: &str, is_run: bool| {
        let shown: Vec<_> = list(name).iter().filter(|(line, _)| NOT_RUN.contains(line) != is_run).collect();
        let widths = shown.iter().map(|(line, _)| width(line)).filter(|width| *width <= LONGEST);
        let column = widths.max().unwrap_or_default();
        let line = |(line, about): &&Example| {
            let blanks = " ".repeat(column.saturating_sub(width(line)));
            format!("{line}{blanks}   # {}", about(english()))
        };
        let lines: Vec<String> = shown.iter().map(line).collect();
        if lines.is_empty() { String::new() } else { format!("```{info}\n{}\n```\n\n", lines.join("\n")) }
    };
    block("sh", true) + &block("sh no-run", false)
}

/// Returns true for an argument that is not described for several commands together.
fn is_own(arg: &Arg) -> bool {
    let id = arg.get_id().as_str();
    let is_shared = OF_RECORDS.contains(&id) || Heading::of(id) == Some(Heading::Spending);
    !arg.is_global_set() && !is_shared && !["help", "version"].contains(&id) && !arg.is_hide_set()
}

/// `` | `-f`, `--follow` | what it does | ``
fn row(arg: &Arg) -> String {
    let short = arg.get_short().map(|short| format!("`-{short}`, ")).unwrap_or_default();
    let about = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let is_flag = !arg.get_action().takes_values();
    let default: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    let default =
        if is_flag || default.is_empty() { String::new() } else { format!(" (`{}`)", default.join(" ")) };
    format!("| {short}`{}` | {}{default} |\n", cell(&arg.to_string()), cell(&about))
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// The address of the heading above a table in docs/json.md, as GitHub makes it.
fn anchor(table: &str) -> String {
    let text = page("json.md");
    let (before, _) = text.split_once(&format!("<!-- fields: {table} -->")).unwrap();
    let heading = before.lines().rev().find(|line| line.starts_with('#')).unwrap();
    let words = heading.trim_start_matches(['#', ' ']).to_lowercase();
    let kept = words.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    format!("json.md#{}", kept.map(|c| if c == ' ' { '-' } else { c }).collect::<String>())
}

/// The flags that many commands have, of one of them.
fn shared_flags(root: &Command, is_shared: impl Fn(&str) -> bool) -> String {
    let get = root.find_subcommand("get").unwrap();
    let flags = get.get_arguments().filter(|arg| is_shared(arg.get_id().as_str()));
    TABLE.to_owned() + &flags.map(row).collect::<String>()
}

#[test]
fn commands_md_has_all_commands_with_their_flags_and_exit_codes() {
    let (mut root, tables) = (root(), tables());
    let mut parts = vec![
        ("flags: records".to_owned(), shared_flags(&root, |id| OF_RECORDS.contains(&id))),
        ("flags: calls".to_owned(), shared_flags(&root, |id| Heading::of(id) == Some(Heading::Spending))),
    ];
    let shown =
        root.get_subcommands_mut().filter(|command| !command.is_hide_set() && command.get_name() != "help");
    parts.extend(shown.map(|command| (format!("command: {}", command.get_name()), part(command, &tables))));
    check_parts("commands.md", &parts);
}

#[test]
fn all_commands_with_records_have_a_table() {
    fn with_fields(command: &Command, path: &str, found: &mut Vec<String>) {
        if command.get_arguments().any(|arg| arg.get_id() == "fields") {
            found.push(path.to_owned());
        }
        for child in command.get_subcommands() {
            with_fields(child, format!("{path} {}", child.get_name()).trim_start(), found);
        }
    }
    let (mut found, tables) = (Vec::new(), tables());
    with_fields(&Args::command(), "", &mut found);
    assert!(found.iter().any(|name| name == "config show"), "{found:?}");
    found.retain(|name| !tables.iter().any(|table| table.commands.contains(&name.as_str())));
    assert!(found.is_empty(), "no table in docs/json.md: {found:?}");
}

#[test]
fn examples_that_are_not_run_are_examples() {
    let all: Vec<&str> = root()
        .get_subcommands()
        .flat_map(|command| list(command.get_name()))
        .map(|(line, _)| *line)
        .collect();
    for line in NOT_RUN {
        assert!(all.contains(&line), "{line}");
    }
}
