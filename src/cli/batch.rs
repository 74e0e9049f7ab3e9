//! `obx batch FILE`: the items of a list, through the batches of `obx_core`. The store is the journal: the same command
//! goes on where it was stopped.

mod failure;
mod list;
mod list_history;
mod out_file;
mod plan;
mod progress;
mod renderer;
mod sheet_file;
mod summary;
mod until;
mod writer;

use std::cell::Cell;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::Instant;

use futures_util::stream::Peekable;
use futures_util::{FutureExt, Stream, StreamExt};
use jiff::Timestamp;
use serde_json::json;

use super::args::GlobalArgs;
use super::failure::CliFailure;
use super::local_times::local_zone;
use super::output::{Output, OutputArgs, Records, list_fields};
use super::prompt::Answer;
use super::run::{self, Needs, Run};
use super::spending::SpendingArgs;
use super::{ExitCode, terminal_width, texts};
use list::{List, ListAnalysis, ListArgs};
use list_history::ListHistory;
use obx_core::batch::{
    self, BatchControl, BatchEvent, BatchRecord, BatchRun, BatchSettings, Carry, DEFAULT_CONCURRENCY,
    RateCeilings, StopReason, batch_row_schema, batch_schema,
};
use obx_core::config::{Access, CredentialsUse, Environment, Paths};
use obx_core::i18n::Texts;
use obx_core::spreadsheet::MAX_ROWS;
use out_file::{EndedFile, OutFile, check_out};
use plan::ListPlan;
use progress::Progress;
use renderer::{RecordRenderer, RenderedEvent};
use sheet_file::SheetFile;
use summary::Ended;
use until::Until;
use writer::{LineForm, LineWriter};

pub(super) use failure::BatchFailure;

/// The least calls a second: one in about three hours. Below that the interval is a mistake.
const LEAST_RATE: f64 = 0.0001;

#[derive(clap::Args, Debug)]
pub(super) struct BatchArgs {
    #[command(flatten)]
    list: ListArgs,
    #[arg(long)]
    plan: bool,
    #[arg(long, short)]
    yes: bool,
    #[arg(long)]
    retry_unknown: bool,
    #[arg(long = "concurrency", value_name = "N", default_value_t = DEFAULT_CONCURRENCY)]
    batch_concurrency: NonZeroUsize,
    #[arg(long, value_name = "CALLS", value_parser = rate)]
    rate: Option<f64>,
    #[command(flatten)]
    carrying: CarryArgs,
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    spending: SpendingArgs,
}

/// Whether the batch goes on the next day.
#[derive(clap::Args, Debug)]
struct CarryArgs {
    #[arg(long)]
    carry: bool,
    #[arg(long, value_name = "TIME", requires = "carry", value_parser = until::parse)]
    until: Option<Until>,
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate >= LEAST_RATE && rate.is_finite() => Ok(rate),
        _ => Err("not a rate".to_owned()),
    }
}

impl BatchArgs {
    /// Returns true if the results become a spreadsheet.
    fn writes_sheet(&self) -> bool {
        self.out.as_deref().is_some_and(|path| failure::has_extension(path, &["xlsx"]))
    }

    fn is_plan(&self) -> bool {
        self.plan || self.spending.dry_run
    }

    fn settings(&self, run: &Run, environment: &Environment) -> BatchSettings {
        let resolved = |until: &Until| until.next(Timestamp::now(), &local_zone(environment));
        let ceilings = RateCeilings { concurrency: self.batch_concurrency, per_second: self.rate };
        let carry =
            self.carrying.carry.then(|| Carry { until: self.carrying.until.as_ref().and_then(resolved) });
        BatchSettings {
            retry_unknown: self.retry_unknown,
            carry,
            ..BatchSettings::new(run.config.call.clone(), ceilings)
        }
    }
}

pub(super) fn run_batch(
    args: &BatchArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    if args.output.lists_fields() {
        let texts = texts(environment);
        if args.is_plan() {
            list_fields(&plan::schema(), texts)?;
        } else if args.output.is_csv() || args.writes_sheet() {
            list_fields(&batch_row_schema(), texts)?;
        } else {
            list_fields(&batch_schema(), texts)?;
        }
        return Ok(ExitCode::Ok);
    }
    if args.spending.fresh {
        return Err(BatchFailure::Fresh.into());
    }
    if let Some(path) =
        args.out.as_ref().filter(|_| args.writes_sheet() && !args.is_plan() && args.output.has_form())
    {
        return Err(BatchFailure::SpreadsheetHasRows(path.clone()).into());
    }
    let output = args.output.for_file(args.out.as_deref());
    // A plan pays nothing, so that it has no money line.
    let mut spending = args.spending;
    spending.dry_run = args.is_plan();
    let needs = Needs {
        global,
        environment,
        output: &output,
        credentials: CredentialsUse::Required,
        spending: Some(&spending),
    };
    run::run_batch(needs, async |run, out| {
        let settings = args.settings(run, environment);
        let batch = Batch { args, output: &output, environment, run, settings };
        batch.run(out).await
    })
}

/// Its records in docs/json.md.
#[cfg(test)]
pub(super) fn tables() -> Vec<super::documented::Table> {
    use super::documented::Table;
    vec![Table::new(&plan::schema(), &["batch"])]
}

/// A command that is running.
struct Batch<'a> {
    args: &'a BatchArgs,
    output: &'a OutputArgs,
    environment: &'a Environment,
    run: &'a Run,
    settings: BatchSettings,
}

impl Batch<'_> {
    async fn run(self, out: &mut Output) -> Result<ExitCode, CliFailure> {
        let (args, run) = (self.args, self.run);
        let list = List::open(&args.list, run.config.call.platform())?;
        if let Some(path) = &args.out {
            check_out(path, args.list.path())?;
        }
        let mut analysis = ListAnalysis::new(run, &args.list);
        let history = self.history(&list);
        if args.is_plan() {
            let plan = self.plan(&list, &mut analysis, history.as_ref()).await?;
            plan.print(out, args.output.has_records(), run.texts)?;
            return Ok(if args.spending.dry_run { plan.code() } else { ExitCode::Ok });
        }
        let has_rows = self.output.is_csv() || args.writes_sheet();
        let schema = if has_rows { batch_row_schema() } else { batch_schema() };
        // A mistyped field costs nothing.
        let records = out.records(&schema)?;
        let picked = records.picked.clone();
        let plan = self.plan(&list, &mut analysis, history.as_ref()).await?;
        run.remark(|texts| plan.summary(texts), || plan.to_json());
        if !run.config.place.is_lasting() && !matches!(run.config.access, Access::Demo) {
            run.note(run.texts.batch_not_stored());
        }
        if let Some(code) = self.confirm(&plan).await? {
            return Ok(code);
        }
        if let Some(history) = &history {
            history.save(std::mem::take(&mut analysis.contents));
        }
        let out_file = args.out.as_deref().map(OutFile::create).transpose()?;
        let form = self.form(records, out_file.as_ref())?;
        let mut file_output = match &out_file {
            Some(file) if !args.writes_sheet() => {
                Some(Output::to_file(self.output, file.path(), file.file()?)?)
            }
            _ => None,
        };
        let out = file_output.as_mut().unwrap_or(out);
        let progress =
            Progress::new((plan.count(), plan.to_buy()), run.shows_notes(), &run.status, self.environment);
        let schema = if has_rows { batch_row_schema() } else { batch_schema() };
        let renderer = RecordRenderer::new(form.text(), analysis.names(), schema, picked);
        let mut writer = LineWriter::new(run, renderer, form, progress);
        let lines = list.lines(analysis.error())?;
        // What the plan did not have is not bought, as lines that were added or have become too old since.
        let session = run.confirm(self.confirmed(&plan)).clone();
        let batch = batch::start_planned(plan.batch(), session, lines, self.settings.clone());
        let ended = self.drive(batch, &mut writer, out).await;
        let written = writer.finish();
        let ended = ended.and_then(|ended| Ok(written.map(|()| ended)?));
        let ended = analysis.take_error().map_or(ended, |error| Err(BatchFailure::list(&list, error).into()));
        if let Some(file) = out_file {
            self.end_file(file, ended.as_ref().ok())?;
        }
        let ended = ended?;
        let reason = plan.end_reason(ended.reason, &run.session).await;
        let ended = Ended { invalid: analysis.invalid, reason, ..ended };
        run.remark(|texts| ended.lines(texts), || ended.to_json());
        Ok(ended.report(run))
    }

    /// Gives the file of the results its name; says where the results are if it has another one.
    fn end_file(&self, file: OutFile, ended: Option<&Ended>) -> Result<(), CliFailure> {
        let path = file.path().to_owned();
        let (part, unnamed) = match file.end(ended.is_some_and(Ended::is_complete)) {
            EndedFile::Named | EndedFile::Empty => return Ok(()),
            EndedFile::Part(part) => (part, None),
            EndedFile::Unnamed(part, error) => (part, Some(error)),
        };
        let part = part.to_string_lossy().into_owned();
        let text = |texts: Texts| match &unnamed {
            Some(_) => texts.batch_out_unnamed(&part),
            None => texts.batch_out_part(&part),
        };
        self.run.remark(|texts| vec![text(texts)], || json!({ "out_part": part }));
        unnamed.map_or(Ok(()), |error| Err(CliFailure::Unwritten(path, error)))
    }

    fn form<'s>(
        &self,
        records: Records<'s, BatchRecord>,
        out_file: Option<&OutFile>,
    ) -> Result<LineForm<'s>, CliFailure> {
        let is_for_people = self.args.out.is_none() && terminal_width().is_some();
        Ok(if let Some(file) = out_file.filter(|_| self.args.writes_sheet()) {
            LineForm::Sheet { file: SheetFile::new(file)? }
        } else if self.output.is_csv() {
            LineForm::Csv { has_header: false }
        } else if is_for_people && !self.output.has_records() {
            LineForm::Text
        } else if self.output.has_program() {
            LineForm::Program(records)
        } else {
            LineForm::Json
        })
    }

    /// When the list was last started. DEMO leaves nothing behind.
    fn history(&self, list: &List) -> Option<ListHistory> {
        let is_demo = matches!(self.run.config.access, Access::Demo);
        if is_demo { None } else { list.history(&Paths::new(self.environment)) }
    }

    /// Plans the batch; warns of a list that has changed since its batch was last started.
    async fn plan(
        &self,
        list: &List,
        analysis: &mut ListAnalysis<'_>,
        history: Option<&ListHistory>,
    ) -> Result<ListPlan, CliFailure> {
        let price = self.run.config.price_per_call;
        let mut input = list.read()?;
        analysis.begin(&input);
        let read = Cell::new(0_u64);
        let lines = std::iter::from_fn(|| analysis.next(&mut input)).inspect(|_| read.set(read.get() + 1));
        let plan = batch::plan(&self.run.session, lines, &self.settings, price);
        let reading = |_| self.run.texts.batch_reading(read.get());
        let plan = self.run.status.waiting().until(plan, reading).await;
        if let Some(error) = analysis.take_error() {
            return Err(BatchFailure::list(list, error).into());
        }
        let plan = plan.map_err(CliFailure::Store)?;
        let change = history.and_then(|history| history.change(&analysis.contents));
        if let Some(change) = change {
            self.run.note(&change.message(self.run.texts));
        }
        let plan = ListPlan::new(plan, analysis, self.settings.retry_unknown, self.run);
        Ok(plan.changed(change))
    }

    /// Number of calls that the user agreed to: without `--yes` those that the question names, also if guards allow more
    /// while the batch runs, as behind midnight.
    fn confirmed(&self, plan: &ListPlan) -> u64 {
        if self.args.yes { plan.to_buy() } else { plan.to_send() }
    }

    /// Asks whether to buy; returns the code with which the command ends where nothing is bought.
    async fn confirm(&self, plan: &ListPlan) -> Result<Option<ExitCode>, CliFailure> {
        if self.args.writes_sheet() && plan.count() >= MAX_ROWS {
            return Err(BatchFailure::TooManyRows(plan.count()).into());
        }
        if self.args.yes || plan.to_send() == 0 {
            return Ok(None);
        }
        let texts = self.run.texts;
        match self.run.ask(plan.question(texts)).await {
            Answer::Yes => Ok(None),
            Answer::No => {
                self.run.note(texts.batch_declined());
                Ok(Some(ExitCode::Refused))
            }
            Answer::NoTerminal => Err(BatchFailure::Unconfirmed(plan.to_send()).into()),
        }
    }

    /// Writes the lines as they are done. If nobody reads them any more, or they can't be written, nothing more is
    /// bought; what is under way is waited for, since it is paid.
    async fn drive(
        &self,
        batch: BatchRun,
        writer: &mut LineWriter<'_>,
        out: &mut Output,
    ) -> Result<Ended, CliFailure> {
        let BatchRun { events, control } = batch;
        let mut events = writer.renderer.events(events).peekable();
        let (mut failure, mut is_interrupted) = (None, false);
        let (reason, left) = loop {
            let due = writer.progress.due();
            tokio::select! {
                event = events.next() => match event {
                    Some(RenderedEvent::Other(BatchEvent::Stopped { reason, left, .. })) => break (reason, left),
                    Some(event) => {
                        let written = writer.on_event(event, out, failure.is_some());
                        let flushed = if is_waiting(&mut events) { out.flush() } else { Ok(()) };
                        stop_at(written.and(flushed), &control, &mut failure);
                        if writer.unrendered > 0 {
                            control.stop();
                        }
                    }
                    None => break (StopReason::Broken, 0),
                },
                () = self.run.interrupted(), if !is_interrupted => {
                    is_interrupted = true;
                    control.stop();
                }
                () = reached(due) => writer.progress.tick(self.run.texts),
            }
        };
        writer.progress.end();
        stop_at(out.flush(), &control, &mut failure);
        failure.map_or_else(|| Ok(writer.ended(reason, left)), Err)
    }
}

/// Completes at this time; never without one.
async fn reached(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time.into()).await,
        None => std::future::pending().await,
    }
}

/// Returns true if the next event isn't there yet.
fn is_waiting<S: Stream + Unpin>(events: &mut Peekable<S>) -> bool {
    Pin::new(events).peek().now_or_never().is_none()
}

/// Stops the batch at the first failure.
fn stop_at(written: Result<(), CliFailure>, control: &BatchControl, failure: &mut Option<CliFailure>) {
    if let Err(error) = written
        && failure.is_none()
    {
        *failure = Some(error);
        control.stop();
    }
}
