//! `obx log`: the rows of the request log, and those that other sessions add.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::oneshot;

use super::args::GlobalArgs;
use super::failure::CliFailure;
use super::local_times::LocalTimes;
use super::output::{Output, OutputArgs, Records, list_fields};
use super::run::{Needs, Run, run};
use super::stored::{NotStored, gateway};
use super::text_table::{self, Align};
use super::{ExitCode, terminal_width, texts};
use crate::model::request_log::{LogRow, Mark};
use crate::model::session_info::SessionInfo;
use crate::pane::LogFilter;
use crate::tui::effects::{StoreChanges, watch_store};
use crate::ui::measure;
use obx_core::config::{CredentialsUse, Environment};
use obx_core::i18n::Texts;
use obx_core::record::{Schema, SchemaField, ValueKind};
use obx_core::store::{ExchangeId, LogEntry};
use onebound::{Billing, Outcome};

/// Rows before the newest that the store looks at again, since a call can end after later ones.
const LOOKED_AT_AGAIN: usize = 200;

#[derive(clap::Args, Debug)]
pub(super) struct LogArgs {
    #[arg(value_name = "FILTER")]
    log_filter: Vec<String>,
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    #[arg(long, short = 'f')]
    follow: bool,
    #[command(flatten)]
    output: OutputArgs,
}

/// A row with its outcome in words.
#[derive(Debug)]
pub(super) struct PrintedRow {
    row: LogRow,
    outcome: String,
}

impl PrintedRow {
    fn line(&self) -> &LogEntry {
        &self.row.line
    }

    /// Whether the call has ended, and obx knows how.
    fn has_known_end(&self) -> bool {
        self.line().lease.is_none() && self.line().summary.outcome != Outcome::Interrupted
    }

    fn billed(&self) -> Option<bool> {
        match self.line().billing {
            Billing::Billed => Some(true),
            Billing::Free => Some(false),
            Billing::Unknown => None,
        }
    }

    fn source(&self) -> &'static str {
        match self.line() {
            LogEntry { lease: Some(_), .. } => "under_way",
            LogEntry { reuses: Some(_), .. } => "store",
            _ => "live",
        }
    }
}

pub(super) fn log_schema() -> Schema<PrintedRow> {
    use ValueKind::{Boolean, Decimal, Integer, Text, Time};
    type Row = PrintedRow;
    let ended = |row: &Row, value: Value| Some(if row.has_known_end() { value } else { Value::Null });
    Schema::new(
        "log",
        1,
        vec![
            SchemaField::new("id", Integer, Texts::record_id, |row: &Row| {
                Some(row.line().id.map(|id| id.0).into())
            }),
            SchemaField::new("started_at", Time, Texts::record_started_at, |row: &Row| {
                Some(row.line().started_at.to_string().into())
            }),
            SchemaField::new("subject", Text, Texts::record_subject, |row: &Row| {
                Some(row.line().subject.as_str().into())
            }),
            SchemaField::new("outcome", Text, Texts::record_outcome, |row: &Row| {
                Some(row.outcome.as_str().into())
            }),
            SchemaField::new("error_code", Text, Texts::record_error_code, |row: &Row| {
                Some(row.line().summary.code.as_ref().map(ToString::to_string).into())
            }),
            SchemaField::new("status", Integer, Texts::record_status, |row: &Row| {
                Some(row.line().summary.status.into())
            }),
            SchemaField::new("billed", Boolean, Texts::record_row_billed, |row: &Row| {
                Some(row.billed().into())
            }),
            SchemaField::new("used", Integer, Texts::record_row_used, |row: &Row| {
                Some(row.line().used.into())
            })
            .measured("calls", "api_info"),
            SchemaField::new("max", Integer, Texts::record_row_max, |row: &Row| {
                Some(row.line().allowed.into())
            })
            .measured("calls", "api_info"),
            SchemaField::new("execution_time", Decimal, Texts::record_execution_time, |row: &Row| {
                Some(row.line().execution_time.as_deref().into())
            })
            .measured("s", "execution_time"),
            SchemaField::new("seconds", Decimal, Texts::record_seconds, move |row: &Row| {
                ended(row, format!("{:.3}", row.line().total.as_secs_f64()).into())
            })
            .measured("s", ""),
            SchemaField::new("bytes", Integer, Texts::record_bytes, move |row: &Row| {
                ended(row, row.line().size.into())
            })
            .measured("bytes", ""),
            SchemaField::new("host", Text, Texts::record_host, |row: &Row| {
                Some(row.line().host.as_ref().into())
            }),
            SchemaField::new("source", Text, Texts::record_source, |row: &Row| Some(row.source().into())),
            SchemaField::new("asked_by", Text, Texts::record_row_asked_by, |row: &Row| {
                Some(row.line().asked_by.as_deref().into())
            }),
            SchemaField::new("platform", Text, Texts::flat_platform, |row: &Row| {
                Some(row.line().platform.as_ref().into())
            }),
        ],
    )
}

pub(super) fn run_log(
    args: &LogArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    if args.output.lists_fields() {
        list_fields(&log_schema(), texts(environment))?;
        return Ok(ExitCode::Ok);
    }
    let (output, credentials) = (&args.output, CredentialsUse::Unused);
    let needs = Needs { global, environment, output, credentials, spending: None };
    run(needs, async |run, out| log(args, global.platform(), run, out).await)
}

/// Prints the calls of all platforms, since all of them were paid, or of the one that the command line names.
async fn log(
    args: &LogArgs,
    platform: Option<&str>,
    run: &Run,
    out: &mut Output,
) -> Result<ExitCode, CliFailure> {
    let schema = log_schema();
    let records = out.records(&schema)?;
    let times = &run.times;
    let written = args.log_filter.join(" ");
    let session = SessionInfo::new(&run.config, None, times.zone.clone());
    let filter = LogFilter::parse(&written, session, gateway(run), times.now, run.texts)
        .map_err(|error| CliFailure::LogFilter(written, error))?;
    // Before the rows are read, so that none is missed in between.
    let changes = args.follow.then(|| watch_store(&run.session));
    let mut printer = LogPrinter {
        records: args.output.has_records().then_some(records),
        filter: Arc::new(filter.on_platform(platform)),
        times: times.clone(),
        printed: Vec::new(),
        own: run.config.place.asked_by().map(str::to_owned),
        names_people: false,
        texts: run.texts,
    };
    let ended = newest(args.limit, run, &mut printer, out).await?;
    match changes {
        None => Ok(ExitCode::Ok),
        Some(None) => Err(CliFailure::NotStored(NotStored::Anything)),
        // The watcher stops when it is dropped.
        Some(Some((_watcher, changes))) => follow(ended, changes, run, &mut printer, out).await,
    }
}

/// Prints the newest rows, the oldest first; returns the last of those that have ended.
async fn newest(
    limit: usize,
    run: &Run,
    printer: &mut LogPrinter<'_>,
    out: &mut Output,
) -> Result<BTreeSet<ExchangeId>, CliFailure> {
    let (sender, receiver) = oneshot::channel();
    let filter = Arc::clone(&printer.filter);
    let work = move |lines: &mut dyn Iterator<Item = LogEntry>| {
        let (mut rows, mut ended, mut seen) = (Vec::new(), BTreeSet::new(), 0);
        for line in lines {
            if line.lease.is_none() && seen < LOOKED_AT_AGAIN {
                ended.extend(line.id);
            }
            seen += 1;
            let row = LogRow::from_store(line);
            if rows.len() < limit && filter.lets_through(&row) {
                rows.push(row);
            }
            if rows.len() >= limit && seen >= LOOKED_AT_AGAIN {
                break;
            }
        }
        rows.reverse();
        let _ = sender.send((rows, ended)); // it waits for them, unless the command was ended
    };
    run.note_damaged(run.session.store().scan(Box::new(work)).await?);
    let (rows, ended) = receiver.await.unwrap_or_default();
    printer.print(rows, true, out)?;
    Ok(ended)
}

/// Prints the rows that other sessions add, each as soon as its call has ended.
async fn follow(
    mut ended: BTreeSet<ExchangeId>,
    mut changes: StoreChanges,
    run: &Run,
    printer: &mut LogPrinter<'_>,
    out: &mut Output,
) -> Result<ExitCode, CliFailure> {
    while changes.next().await {
        let newest = ended.last().copied().unwrap_or(ExchangeId(0));
        let lines = run.rows(run.session.store().lines_after(newest).await?);
        let is_new = |line: &LogEntry| line.lease.is_none() && line.id.is_some_and(|id| ended.insert(id));
        let rows = lines.into_iter().filter(is_new).map(LogRow::from_store).collect::<Vec<_>>();
        let rows = rows.into_iter().filter(|row| printer.filter.lets_through(row)).collect();
        printer.print(rows, false, out)?;
        while ended.len() > LOOKED_AT_AGAIN * 2 {
            let _ = ended.pop_first(); // it is older than what the store looks at again
        }
    }
    Ok(ExitCode::Ok)
}

/// Writes rows as they come, in one table.
struct LogPrinter<'s> {
    /// `None` for text.
    records: Option<Records<'s, PrintedRow>>,
    filter: Arc<LogFilter>,
    times: LocalTimes,
    /// The cells of the last rows, by which the columns of the next ones are aligned.
    printed: Vec<Vec<String>>,
    /// Who this is, in a store that several people share.
    own: Option<String>,
    /// Whether the table says who asked: once a row is of somebody else.
    names_people: bool,
    texts: Texts,
}

impl LogPrinter<'_> {
    fn print(&mut self, rows: Vec<LogRow>, has_heading: bool, out: &mut Output) -> Result<(), CliFailure> {
        let rows: Vec<PrintedRow> =
            rows.into_iter().map(|row| PrintedRow { outcome: self.filter.outcome(&row), row }).collect();
        if let Some(records) = &mut self.records {
            rows.iter().try_for_each(|row| out.record(records, row))?;
            return out.flush();
        }
        let before = self.printed.len();
        let is_others = |row: &PrintedRow| {
            row.line().asked_by.is_some() && row.line().asked_by.as_deref() != self.own.as_deref()
        };
        self.names_people |= rows.iter().any(is_others);
        self.printed.extend(rows.iter().map(|row| cells(row, &self.times, self.texts)));
        let lines = self.table();
        if has_heading {
            out.table(&lines)?;
        } else {
            lines.iter().skip(before + 1).try_for_each(|line| out.line(line))?;
        }
        let old = self.printed.len().saturating_sub(LOOKED_AT_AGAIN);
        drop(self.printed.drain(..old));
        out.flush()
    }

    fn table(&self) -> Vec<String> {
        let (texts, heading) = (self.texts, self.times.heading(self.texts));
        let mut columns = vec![
            (heading.as_str(), Align::Whole),
            (texts.column_subject(), Align::Whole),
            (texts.column_outcome(), Align::Left),
            (texts.column_cost(), Align::Whole),
            (texts.column_quota(), Align::Right),
            (texts.column_total_seconds(), Align::Right),
            (texts.column_size(), Align::Right),
        ];
        if self.names_people {
            columns.push((texts.column_asked_by(), Align::Left));
        }
        text_table::lines(&columns, &self.printed, terminal_width())
    }
}

fn cells(row: &PrintedRow, times: &LocalTimes, texts: Texts) -> Vec<String> {
    let line = row.line();
    let number = |count: Option<u64>| count.map_or_else(|| "?".to_owned(), |count| count.to_string());
    let quota = match (line.used, line.allowed) {
        (None, None) => String::new(),
        (used, max) => format!("{}/{}", number(used), number(max)),
    };
    let ended = |text: String| if row.has_known_end() { text } else { String::new() };
    let cost = match row.row.mark() {
        Mark::Billed => texts.mark_billed_in_full(),
        Mark::Unknown => texts.mark_unknown_in_full(),
        Mark::Free => texts.mark_free(),
        Mark::Store => texts.mark_store(),
    };
    vec![
        times.cell(line.started_at),
        line.subject.to_string(),
        row.outcome.clone(),
        cost.to_owned(),
        quota,
        ended(measure::seconds(line.total)),
        ended(measure::bytes(line.size)),
        line.asked_by.as_deref().unwrap_or_default().to_owned(),
    ]
}
