//! `obx facts ID|FILE`: what is odd about a stored answer or a saved body, as `O` in the explorer.

use std::io::{self, IsTerminal};
use std::path::Path;

use super::args::GlobalArgs;
use super::failure::CliFailure;
use super::output::{Output, OutputArgs, Records, list_fields};
use super::run::{Needs, Run, run};
use super::stored::StoredAnswers;
use super::styled_line::bold;
use super::text_table::labelled;
use super::view::content;
use super::{ExitCode, say, terminal_width, texts, warn};
use crate::pane::verdict;
use crate::ui::text::{clean, width, wrap};
use obx_core::config::{self, CredentialsUse, Environment};
use obx_core::i18n::Texts;
use obx_core::import;
use obx_core::record::{Schema, SchemaField, ValueKind};
use onebound::{Exchange, Fact, ItemId, Severity};

/// How stdin is written in place of a file.
const STDIN: &str = "-";
/// Where there is no terminal.
const UNLIMITED: usize = 4_000;

#[derive(clap::Args, Debug)]
pub(super) struct FactsArgs {
    #[arg(value_name = "ID|FILE", required_unless_present = "fields")]
    facts_of: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
}

/// A fact with the answer that it is about.
#[derive(Debug)]
pub(super) struct FactRecord {
    /// From 1 on, in the file's order.
    answer: usize,
    subject: String,
    fact: Fact,
    texts: Texts,
}

pub(super) fn facts_schema() -> Schema<FactRecord> {
    use ValueKind::{Integer, Json, Text};
    type Record = FactRecord;
    Schema::new(
        "fact",
        1,
        vec![
            SchemaField::new("answer", Integer, Texts::record_answer, |one: &Record| Some(one.answer.into())),
            SchemaField::new("subject", Text, Texts::record_subject, |one: &Record| {
                Some(one.subject.as_str().into())
            }),
            SchemaField::new("rule", Text, Texts::record_rule, |one: &Record| {
                Some(one.fact.rule.id().into())
            }),
            SchemaField::new("severity", Text, Texts::record_severity, |one: &Record| {
                Some(severity(one.fact.rule.severity()).into())
            }),
            SchemaField::new("path", Text, Texts::record_path, |one: &Record| {
                let path = one.fact.finding.path.as_str();
                (!path.is_empty()).then(|| path.into())
            }),
            SchemaField::new("summary", Text, Texts::record_summary, |one: &Record| {
                Some(one.texts.fact(&one.fact, str::to_owned).into())
            }),
            SchemaField::new("means", Text, Texts::record_means, |one: &Record| {
                Some(one.texts.fact_means(one.fact.rule).into())
            }),
            SchemaField::new("values", Json, Texts::record_values, |one: &Record| {
                Some(one.fact.finding.values.clone().into())
            }),
        ],
    )
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Wrong => "wrong",
        Severity::Costs => "costs",
        Severity::Odd => "odd",
    }
}

pub(super) fn run_facts(
    args: &FactsArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    if args.output.lists_fields() {
        list_fields(&facts_schema(), texts(environment))?;
        return Ok(ExitCode::Ok);
    }
    let subject = args.facts_of.as_deref().unwrap_or_default();
    if is_file(subject) {
        return of_file(subject, args, global, environment);
    }
    let (output, credentials) = (&args.output, CredentialsUse::Unused);
    let needs = Needs { global, environment, output, credentials, spending: None };
    run(needs, async |run, out| of_item(subject, args, run, out).await)
}

/// Digits are an ID; anything else is a file if there is one, or if there is no ID in it.
fn is_file(subject: &str) -> bool {
    let is_id = !subject.is_empty() && subject.bytes().all(|byte| byte.is_ascii_digit());
    subject == STDIN || (!is_id && (Path::new(subject).exists() || ItemId::find(subject).is_err()))
}

async fn of_item(
    subject: &str,
    args: &FactsArgs,
    run: &Run,
    out: &mut Output,
) -> Result<ExitCode, CliFailure> {
    let schema = facts_schema();
    let mut records = args.output.has_records().then(|| out.records(&schema)).transpose()?;
    let answers = StoredAnswers::find(run, Some(subject)).await?;
    let exchange = answers.open(run, answers.newest()).await?;
    print(1, &exchange, run.texts, records.as_mut(), out)?;
    out.flush()?;
    Ok(ExitCode::Ok)
}

fn of_file(
    subject: &str,
    args: &FactsArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    let files = config::for_files(global.ui_lang(), None, global.screen(), environment)?;
    let texts = Texts::new(files.config.language);
    if !global.quiet {
        warn(&files.config);
    }
    let mut out = Output::new(&args.output)?.colored(global.color().colors_stdout(environment));
    let schema = facts_schema();
    let mut records = args.output.has_records().then(|| out.records(&schema)).transpose()?;
    if subject == STDIN && io::stdin().is_terminal() {
        return Err(CliFailure::NothingOnStdin);
    }
    let file = if subject == STDIN {
        content::from_stdin(files.max_bytes)
    } else {
        content::from_path(Path::new(subject), files.max_bytes)
    };
    let file = file.map_err(CliFailure::View)?;
    let content = (file.content)().map_err(CliFailure::View)?;
    let imported = import::parse(content, &file.name, file.at, files.credentials.as_ref());
    if imported.notes.left_out() > 0 && !global.quiet && !args.output.json {
        say(format_args!("obx: {}", texts.facts_left_out(imported.notes.left_out())));
    }
    let has_several = imported.exchanges.len() > 1;
    for (place, exchange) in imported.exchanges.iter().enumerate() {
        if has_several && records.is_none() {
            let outcome = verdict(&exchange.summary(), texts);
            let subject = exchange.call.subject();
            out.line(&clean(&format!("{}  {subject}  {outcome}", place + 1)))?;
        }
        print(place + 1, exchange, texts, records.as_mut(), &mut out)?;
    }
    out.flush()?;
    Ok(ExitCode::Ok)
}

/// Prints the facts of one answer.
fn print(
    answer: usize,
    exchange: &Exchange,
    texts: Texts,
    records: Option<&mut Records<'_, FactRecord>>,
    out: &mut Output,
) -> Result<(), CliFailure> {
    exchange.analyze();
    let facts = exchange.facts();
    let Some(records) = records else {
        let room = terminal_width().unwrap_or(UNLIMITED);
        let lines = lines(exchange, &facts, room, out.colors, texts);
        return lines.iter().try_for_each(|line| out.line(line));
    };
    let subject = exchange.call.subject().to_string();
    facts.into_iter().try_for_each(|fact| {
        out.record(records, &FactRecord { answer, subject: subject.clone(), fact, texts })
    })
}

/// ```text
/// odd    the price is a string
///        what that means
///        price_is_text  $.item.price
/// ```
fn lines(exchange: &Exchange, facts: &[Fact], room: usize, colors: bool, texts: Texts) -> Vec<String> {
    let words = [Severity::Wrong, Severity::Costs, Severity::Odd].map(|severity| texts.severity(severity));
    let column = words.iter().map(|word| width(word)).max().unwrap_or_default() + 2;
    let mut lines = Vec::new();
    let mut put = |label: &str, text: &str| {
        let label = if label.is_empty() { String::new() } else { bold(label, colors) };
        lines.extend(labelled(&label, column, text, Some(room)));
    };
    for fact in facts {
        put(texts.severity(fact.rule.severity()), &texts.fact(fact, |value| clean(value).into_owned()));
        put("", texts.fact_means(fact.rule));
        let path = clean(&fact.finding.path);
        put("", format!("{}  {path}", fact.rule.id()).trim_end());
    }
    let unchecked = exchange.unchecked();
    if facts.is_empty() && unchecked.is_empty() {
        lines.push(texts.facts_none().to_owned());
    }
    if !unchecked.is_empty() {
        lines.extend(wrap(&texts.not_checked(&unchecked), room).into_iter().map(str::to_owned));
    }
    lines
}
