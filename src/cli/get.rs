//! `obx get ID…`: items, from the store if a fresh answer is there, else by a call.

use std::collections::HashSet;
use std::io::{self, BufRead};

use super::args::GlobalArgs;
use super::command_line::GET;
use super::failure::CliFailure;
use super::item_text::{self, ItemPart};
use super::output::{Output, OutputArgs, Records, list_fields};
use super::report::ErrorReport;
use super::run::{Needs, Run, run};
use super::spending::SpendingArgs;
use super::{ExitCode, say, terminal_width, texts};
use obx_core::config::{CredentialsUse, Environment};
use obx_core::fetch::Fetched;
use obx_core::flat::{FlatList, FlatRecord, FlatRow, item_schema, record_schema};
use obx_core::i18n::Texts;
use onebound::{Exchange, ItemId};

/// In place of an ID: a text on each line of stdin.
const STDIN: &str = "-";

#[derive(clap::Args, Debug)]
pub(super) struct GetArgs {
    #[arg(value_name = "ID", required_unless_present = "fields")]
    ids: Vec<String>,
    #[arg(long, conflicts_with = "raw")]
    skus: bool,
    #[arg(long, conflicts_with_all = ["raw", "skus"])]
    flat: bool,
    #[arg(long, conflicts_with_all = ["json", "csv", "jq", "fields"])]
    raw: bool,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    spending: SpendingArgs,
}

/// What is written of each item.
pub(super) enum ItemForm<'s> {
    Raw,
    Text {
        part: ItemPart,
        colors: bool,
    },
    /// The whole record.
    Records,
    /// The item without its lists, as CSV; or its SKUs.
    Rows(Option<FlatList>, Records<'s, FlatRow>),
}

pub(super) fn run_get(
    args: &GetArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    if !std::env::args_os().any(|argument| argument == GET) && !global.quiet {
        say(format_args!("obx: {}", texts(environment).cli_means_get(args.ids.join(" "))));
    }
    let (output, spending, credentials) = (&args.output, Some(&args.spending), CredentialsUse::Required);
    let needs = Needs { global, environment, output, credentials, spending };
    if args.output.lists_fields() {
        let texts = texts(environment);
        if args.skus {
            list_fields(&FlatList::Skus.schema(), texts)?;
        } else {
            list_fields(&record_schema(), texts)?;
        }
        return Ok(ExitCode::Ok);
    }
    run(needs, async |run, out| get(args, environment, global, run, out).await)
}

async fn get(
    args: &GetArgs,
    environment: &Environment,
    global: &GlobalArgs,
    run: &Run,
    out: &mut Output,
) -> Result<ExitCode, CliFailure> {
    let colors = global.color().colors_stdout(environment);
    let (skus, items) = (FlatList::Skus.schema(), item_schema());
    let mut form = match (args.raw, args.output.has_records() || args.flat) {
        (true, _) => ItemForm::Raw,
        (false, false) => {
            let part = if args.skus { ItemPart::Skus } else { ItemPart::All };
            ItemForm::Text { part, colors }
        }
        (false, true) if args.skus => ItemForm::Rows(Some(FlatList::Skus), out.records(&skus)?),
        (false, true) if args.output.is_csv() => ItemForm::Rows(None, out.records(&items)?),
        (false, true) => {
            // A mistyped field costs nothing.
            let _ = out.records(&record_schema())?;
            ItemForm::Records
        }
    };
    let mut codes = Vec::new();
    let mut seen = HashSet::new();
    for text in given(&args.ids) {
        let text = text.map_err(CliFailure::machine(Texts::cli_no_stdin))?;
        let id = match ItemId::find_on(run.config.call.platform(), &text) {
            Ok(found) => found.id,
            Err(error) => {
                run.report(&ErrorReport::of_input(text, &error, run.texts));
                codes.push(ExitCode::Usage);
                continue;
            }
        };
        if !seen.insert(id.clone()) {
            run.note(&run.texts.cli_repeated_id(&id));
            continue;
        }
        codes.push(get_item(&args.spending, &id, run, out, &mut form).await?);
    }
    Ok(ExitCode::for_all(codes))
}

/// Gets one item, and writes it.
pub(super) async fn get_item(
    spending: &SpendingArgs,
    id: &ItemId,
    run: &Run,
    out: &mut Output,
    form: &mut ItemForm<'_>,
) -> Result<ExitCode, CliFailure> {
    let call = spending.call(run.config.call.item_get(id.clone()));
    if spending.dry_run {
        return run.plan(&call, spending.policy(), out).await;
    }
    let fetched = match run.fetch(call, spending.policy()).await {
        Ok(fetched) => fetched,
        Err(reason) => {
            let report = ErrorReport::from_not_sent(&reason, id.to_string(), run.texts);
            run.report(&report);
            return Ok(report.code);
        }
    };
    let exchange = &fetched.exchange;
    write(&fetched, run, out, form)?;
    out.flush()?;
    let Some(report) = ErrorReport::from_exchange(exchange, run.texts) else { return Ok(ExitCode::Ok) };
    run.report(&report);
    Ok(report.code)
}

/// Writes what there is: of a wrong item nothing but its bytes, since nobody asked for it.
fn write(fetched: &Fetched, run: &Run, out: &mut Output, form: &mut ItemForm<'_>) -> Result<(), CliFailure> {
    let exchange: &Exchange = &fetched.exchange;
    if let ItemForm::Raw = form {
        return out.bytes(exchange.body.shown());
    }
    if exchange.other_item().is_some() {
        return Ok(());
    }
    let Some(record) = FlatRecord::new(exchange) else { return Ok(()) };
    match form {
        ItemForm::Raw => Ok(()),
        ItemForm::Text { part, colors } => {
            let Some(item) = exchange.item() else { return Ok(()) };
            let text = item_text::lines(fetched, item, *part, terminal_width(), *colors, run.texts);
            text.iter().try_for_each(|line| out.line(line))
        }
        ItemForm::Records => out.flat_record(&record),
        ItemForm::Rows(Some(list), records) => {
            record.rows(*list).try_for_each(|row| out.record(records, &row))
        }
        ItemForm::Rows(None, records) => out.record(records, &record.item_row()),
    }
}

/// The texts in which IDs are looked for: the arguments, and the lines of stdin for `-`.
pub(super) fn given(arguments: &[String]) -> impl Iterator<Item = io::Result<String>> {
    arguments.iter().flat_map(|argument| -> Box<dyn Iterator<Item = io::Result<String>>> {
        if argument == STDIN {
            let lines = io::stdin().lock().lines();
            Box::new(lines.filter(|line| line.as_ref().map_or(true, |line| !line.trim().is_empty())))
        } else {
            Box::new(std::iter::once(Ok(argument.clone())))
        }
    })
}
