//! `obx diff ID [A [B]]`: what differs between two stored answers of an item.

use std::sync::Arc;

use super::args::GlobalArgs;
use super::failure::CliFailure;
use super::local_times::LocalTimes;
use super::output::{Output, OutputArgs, list_fields};
use super::run::{Needs, Run, run};
use super::stored::{NotStored, StoredAnswers};
use super::styled_line::printed;
use super::{ExitCode, terminal_width, texts};
use crate::pane::difference_view::{
    DifferenceRecord, DifferenceView, HistoryPoint, When, difference_records,
};
use crate::pane::verdict;
use obx_core::config::{CredentialsUse, Environment};
use obx_core::i18n::Texts;
use obx_core::record::{Schema, SchemaField, ValueKind};
use onebound::{Difference, Exchange};

/// Nothing is cut where there is no terminal.
const UNLIMITED: usize = 4_000;

#[derive(clap::Args, Debug)]
pub(super) struct DiffArgs {
    #[arg(value_name = "ID", required_unless_present = "fields")]
    stored_id: Option<String>,
    #[arg(value_name = "A B", num_args = 0..=2)]
    answers: Vec<String>,
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn diff_schema() -> Schema<DifferenceRecord> {
    use ValueKind::{Decimal, Json, Text};
    type Record = DifferenceRecord;
    let decimal = |amount: Option<onebound::Decimal>| amount.map(|amount| amount.to_string().into());
    let text = |text: &str| (!text.is_empty()).then(|| text.into());
    Schema::new(
        "difference",
        1,
        vec![
            SchemaField::new("section", Text, Texts::record_section, |one: &Record| Some(one.section.into())),
            SchemaField::new("status", Text, Texts::record_change_status, |one: &Record| {
                Some(one.status.into())
            }),
            SchemaField::new("name", Text, Texts::record_change_name, |one: &Record| {
                Some(one.name.as_str().into())
            }),
            SchemaField::new("label", Text, Texts::record_change_label, |one: &Record| {
                Some(one.label.as_str().into())
            }),
            SchemaField::new("sku_id", Text, Texts::record_change_sku_id, move |one: &Record| {
                text(&one.sku_id)
            }),
            SchemaField::new("sku", Text, Texts::record_change_sku, move |one: &Record| text(&one.sku)),
            SchemaField::new("before", Json, Texts::record_before, |one: &Record| one.before.clone()),
            SchemaField::new("after", Json, Texts::record_after, |one: &Record| one.after.clone()),
            SchemaField::new("amount", Decimal, Texts::record_amount, move |one: &Record| {
                decimal(one.amount)
            }),
            SchemaField::new("percent", Decimal, Texts::record_percent, move |one: &Record| {
                decimal(one.percent)
            })
            .measured("%", ""),
            SchemaField::new("note", Text, Texts::record_note, move |one: &Record| text(&one.note)),
        ],
    )
}

pub(super) fn run_diff(
    args: &DiffArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    if args.output.lists_fields() {
        list_fields(&diff_schema(), texts(environment))?;
        return Ok(ExitCode::Ok);
    }
    let (output, credentials) = (&args.output, CredentialsUse::Unused);
    let needs = Needs { global, environment, output, credentials, spending: None };
    run(needs, async |run, out| diff(args, run, out).await)
}

/// Two stored answers with their places in the history.
struct Compared {
    before: (usize, Arc<Exchange>),
    after: (usize, Arc<Exchange>),
    difference: Difference,
}

impl Compared {
    async fn new(
        answers: &StoredAnswers,
        before: usize,
        after: usize,
        run: &Run,
    ) -> Result<Self, CliFailure> {
        let (old, new) = (answers.open(run, before).await?, answers.open(run, after).await?);
        let difference = Difference::between(&old, &new);
        Ok(Self { before: (before, old), after: (after, new), difference })
    }

    /// The newest answer and the last one before it that differs; if none does, its neighbour.
    async fn newest(answers: &StoredAnswers, run: &Run) -> Result<Self, CliFailure> {
        let after = answers.newest();
        let mut neighbour = None;
        for before in (0..after).rev() {
            let compared = Self::new(answers, before, after, run).await?;
            if !compared.difference.is_empty() {
                return Ok(compared);
            }
            neighbour = neighbour.or(Some(compared));
        }
        neighbour.ok_or_else(|| CliFailure::NotStored(NotStored::Second(answers.id.clone())))
    }
}

async fn diff(args: &DiffArgs, run: &Run, out: &mut Output) -> Result<ExitCode, CliFailure> {
    let schema = diff_schema();
    let mut records = out.records(&schema)?;
    let times = &run.times;
    let answers = StoredAnswers::find(run, args.stored_id.as_deref()).await?;
    let places: Vec<usize> =
        args.answers.iter().map(|point| answers.place_of(point, times)).collect::<Result<_, _>>()?;
    let compared = match places.as_slice() {
        [] => Compared::newest(&answers, run).await?,
        [before] if *before == answers.newest() => {
            let id = answers.id.clone();
            return Err(CliFailure::NotStored(match before {
                0 => NotStored::Second(id),
                _ => NotStored::Newer { id, number: before + 1 },
            }));
        }
        [before] => Compared::new(&answers, *before, answers.newest(), run).await?,
        [before, after, ..] => Compared::new(&answers, *before, *after, run).await?,
    };
    if args.output.has_records() {
        let mut all = difference_records(&compared.difference, run.texts);
        if compared.difference.outcome_changed {
            all.insert(0, outcome(&compared, run.texts));
        }
        all.iter().try_for_each(|one| out.record(&mut records, one))?;
        if all.is_empty() {
            run.note(run.texts.difference_none());
        }
    } else {
        let room = terminal_width().unwrap_or(UNLIMITED);
        let lines = view(compared, &answers, times, run.texts).into_lines(room);
        lines.iter().try_for_each(|line| out.line(&printed(line, out.colors)))?;
    }
    out.flush()?;
    Ok(ExitCode::Ok)
}

fn outcome(compared: &Compared, texts: Texts) -> DifferenceRecord {
    let words = |exchange: &Exchange| Some(verdict(&exchange.summary(), texts).into());
    DifferenceRecord {
        section: "outcome",
        status: "changed",
        name: "outcome".to_owned(),
        label: texts.column_outcome().to_owned(),
        before: words(&compared.before.1),
        after: words(&compared.after.1),
        ..DifferenceRecord::default()
    }
}

fn view(compared: Compared, answers: &StoredAnswers, times: &LocalTimes, texts: Texts) -> DifferenceView {
    let when = |(place, exchange): &(usize, Arc<Exchange>)| When {
        item: answers.id.to_string(),
        clock: format!("{} {}  {}", texts.column_number(), place + 1, times.text(exchange.ended_at())),
        verdict: verdict(&exchange.summary(), texts),
    };
    let points = answers.versions.iter().map(|version| {
        HistoryPoint::from_written(version.at, version.price.as_deref(), version.stock.as_deref())
    });
    let (before, after) = (when(&compared.before), when(&compared.after));
    DifferenceView::new(Arc::new(compared.difference), before, after, points.collect(), texts)
}
