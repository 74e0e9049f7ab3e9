//! `obx history ID`: price and stock of an item over all its stored answers.

use jiff::Timestamp;
use serde_json::Value;

use super::args::GlobalArgs;
use super::failure::CliFailure;
use super::local_times::LocalTimes;
use super::output::{Output, OutputArgs, list_fields};
use super::run::{Needs, Run, run};
use super::stored::StoredAnswers;
use super::styled_line::printed;
use super::text_table::{self, Align};
use super::{ExitCode, terminal_width, texts};
use crate::pane::difference_view::{HistoryPoint, trend_lines};
use obx_core::config::{CredentialsUse, Environment};
use obx_core::i18n::Texts;
use obx_core::record::{Schema, SchemaField, ValueKind};
use onebound::{Decimal, ItemId};

#[derive(clap::Args, Debug)]
pub(super) struct HistoryArgs {
    #[arg(value_name = "ID", required_unless_present = "fields")]
    stored_id: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
}

/// One stored answer, with the changes since those before it.
#[derive(Debug)]
pub(super) struct HistoryRow {
    id: ItemId,
    number: usize,
    at: Timestamp,
    price: HistoryValue,
    stock: HistoryValue,
}

/// A value of one answer.
#[derive(Debug)]
struct HistoryValue {
    /// `None` if the answer has no item.
    sent: Option<String>,
    amount: Option<Decimal>,
    /// Since the last answer with an amount.
    change: Option<Decimal>,
}

pub(super) fn history_schema() -> Schema<HistoryRow> {
    use ValueKind::{Decimal, Integer, Text, Time};
    let decimal = |amount: Option<onebound::Decimal>| Some(amount.map(|amount| amount.to_string()).into());
    let count = |amount: Option<onebound::Decimal>| {
        Some(amount.and_then(|amount| amount.to_string().parse::<i64>().ok()).into())
    };
    let sent = |sent: &Option<String>| sent.clone().map(Value::from);
    Schema::new(
        "history",
        1,
        vec![
            SchemaField::new("num_iid", Text, Texts::record_num_iid, |row: &HistoryRow| {
                Some(row.id.as_str().into())
            }),
            SchemaField::new("number", Integer, Texts::record_number, |row: &HistoryRow| {
                Some(row.number.into())
            }),
            SchemaField::new("answered_at", Time, Texts::record_answered_at, |row: &HistoryRow| {
                Some(row.at.to_string().into())
            }),
            SchemaField::new("price", Decimal, Texts::record_price, move |row: &HistoryRow| {
                decimal(row.price.amount)
            })
            .measured("CNY", ""),
            SchemaField::new("price_change", Decimal, Texts::record_price_change, move |row: &HistoryRow| {
                decimal(row.price.change)
            })
            .measured("CNY", ""),
            SchemaField::new("stock", Integer, Texts::record_stock, move |row: &HistoryRow| {
                count(row.stock.amount)
            })
            .measured("pieces", ""),
            SchemaField::new("stock_change", Integer, Texts::record_stock_change, move |row: &HistoryRow| {
                count(row.stock.change)
            })
            .measured("pieces", ""),
            SchemaField::new("price_sent", Text, Texts::record_price_sent, move |row: &HistoryRow| {
                sent(&row.price.sent)
            })
            .measured("", "price"),
            SchemaField::new("stock_sent", Text, Texts::record_stock_sent, move |row: &HistoryRow| {
                sent(&row.stock.sent)
            })
            .measured("", "num"),
        ],
    )
}

pub(super) fn run_history(
    args: &HistoryArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    if args.output.lists_fields() {
        list_fields(&history_schema(), texts(environment))?;
        return Ok(ExitCode::Ok);
    }
    let (output, credentials) = (&args.output, CredentialsUse::Unused);
    let needs = Needs { global, environment, output, credentials, spending: None };
    run(needs, async |run, out| history(args, run, out).await)
}

async fn history(args: &HistoryArgs, run: &Run, out: &mut Output) -> Result<ExitCode, CliFailure> {
    let schema = history_schema();
    let mut records = out.records(&schema)?;
    let answers = StoredAnswers::find(run, args.stored_id.as_deref()).await?;
    let points: Vec<HistoryPoint> = answers
        .versions
        .iter()
        .map(|version| {
            HistoryPoint::from_written(version.at, version.price.as_deref(), version.stock.as_deref())
        })
        .collect();
    let rows = rows(&answers, &points);
    if args.output.has_records() {
        rows.iter().try_for_each(|row| out.record(&mut records, row))?;
    } else {
        out.line(&run.texts.history_of(&answers.id, rows.len()))?;
        let trends = trend_lines(points, terminal_width().unwrap_or(usize::MAX), run.texts);
        trends.iter().try_for_each(|line| out.line(&printed(line, out.colors)))?;
        out.line("")?;
        out.table(&table(&rows, &run.times, run.texts))?;
    }
    out.flush()?;
    Ok(ExitCode::Ok)
}

fn rows(answers: &StoredAnswers, points: &[HistoryPoint]) -> Vec<HistoryRow> {
    let (mut last_price, mut last_stock) = (None, None);
    let value = |sent: &Option<String>, amount: Option<Decimal>, last: &mut Option<Decimal>| {
        let change = amount.zip(*last).and_then(|(amount, last)| amount.minus(last));
        *last = amount.or(*last);
        HistoryValue { sent: sent.clone(), amount, change }
    };
    let each = answers.versions.iter().zip(points).enumerate();
    each.map(|(place, (version, point))| HistoryRow {
        id: answers.id.clone(),
        number: place + 1,
        at: version.at,
        price: value(&version.price, point.price, &mut last_price),
        stock: value(&version.stock, point.stock, &mut last_stock),
    })
    .collect()
}

fn table(rows: &[HistoryRow], times: &LocalTimes, texts: Texts) -> Vec<String> {
    let heading = times.heading(texts);
    let columns = [
        (texts.column_number(), Align::Right),
        (heading.as_str(), Align::Whole),
        (texts.column_price(), Align::Right),
        (texts.column_change(), Align::Right),
        (texts.column_stock(), Align::Right),
        (texts.column_change(), Align::Right),
    ];
    let sent = |value: &HistoryValue| match value.sent.as_deref() {
        None => "—".to_owned(),
        Some("") => "\"\"".to_owned(),
        Some(sent) => sent.to_owned(),
    };
    let change = |value: &HistoryValue| match value.change {
        Some(change) if change.is_zero() => String::new(),
        Some(change) if change.is_negative() => change.to_string(),
        Some(change) => format!("+{change}"),
        None => String::new(),
    };
    let cells = |row: &HistoryRow| {
        let at = times.cell(row.at);
        let [price, stock] = [&row.price, &row.stock].map(|value| (sent(value), change(value)));
        vec![row.number.to_string(), at, price.0, price.1, stock.0, stock.1]
    };
    text_table::lines(&columns, &rows.iter().map(cells).collect::<Vec<_>>(), terminal_width())
}
