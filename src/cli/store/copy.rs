//! `obx store copy FROM TO`

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{StoreMistake, existing, place};
use crate::cli::args::GlobalArgs;
use crate::cli::failure::CliFailure;
use crate::cli::output::{Output, OutputArgs, list_fields};
use crate::cli::run::{Needs, Run, run};
use crate::cli::text_table::{self, Align};
use crate::cli::{ExitCode, terminal_width, texts};
use obx_core::config::{CredentialsUse, Environment, Place};
use obx_core::i18n::Texts;
use obx_core::record::{Schema, SchemaField, ValueKind};
use obx_core::store::{self, CopyCounts, CopyReport};

#[derive(clap::Args, Debug)]
pub(super) struct CopyArgs {
    #[arg(value_name = "FROM", required_unless_present = "fields")]
    copy_from: Option<PathBuf>,
    #[arg(value_name = "TO", required_unless_present = "fields")]
    copy_to: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

/// A copy that has ended.
pub(super) struct EndedCopy {
    from: String,
    to: String,
    report: CopyReport,
}

pub(super) fn copy_schema() -> Schema<EndedCopy> {
    type Count = fn(&EndedCopy) -> usize;
    let count = |name, about, value: Count| {
        SchemaField::new(name, ValueKind::Integer, about, move |copy: &EndedCopy| Some(value(copy).into()))
    };
    let text = |name, about, value: fn(&EndedCopy) -> &str| {
        SchemaField::new(name, ValueKind::Text, about, move |copy: &EndedCopy| Some(value(copy).into()))
    };
    Schema::new(
        "store_copy",
        1,
        vec![
            text("from", Texts::record_copy_from, |copy| &copy.from),
            text("to", Texts::record_copy_to, |copy| &copy.to),
            SchemaField::new(
                "complete",
                ValueKind::Boolean,
                Texts::record_copy_complete,
                |copy: &EndedCopy| Some(copy.report.is_complete().into()),
            ),
            count("calls_from", Texts::record_copy_calls_from, |copy| copy.report.from.calls),
            count("calls_to", Texts::record_copy_calls_to, |copy| copy.report.to.calls),
            count("in_doubt_from", Texts::record_copy_in_doubt_from, |copy| copy.report.from.in_doubt),
            count("in_doubt_to", Texts::record_copy_in_doubt_to, |copy| copy.report.to.in_doubt),
            count("reuses_from", Texts::record_copy_reuses_from, |copy| copy.report.from.reuses),
            count("reuses_to", Texts::record_copy_reuses_to, |copy| copy.report.to.reuses),
            count("bodies_from", Texts::record_copy_bodies_from, |copy| copy.report.from.bodies),
            count("bodies_to", Texts::record_copy_bodies_to, |copy| copy.report.to.bodies),
            count("added", Texts::record_copy_added, |copy| copy.report.added),
            count("outcomes", Texts::record_copy_outcomes, |copy| copy.report.outcomes),
            count("annotations", Texts::record_copy_annotations, |copy| copy.report.annotations),
            count("programs", Texts::record_copy_programs, |copy| copy.report.programs),
            count("blocks", Texts::record_copy_blocks, |copy| copy.report.blocks),
            count("under_way", Texts::record_copy_under_way, |copy| copy.report.under_way),
            count("damaged", Texts::record_copy_damaged, |copy| copy.report.damaged.len()),
            count("other_notes", Texts::record_copy_other_notes, |copy| copy.report.other_notes),
            count("programs_left", Texts::record_copy_programs_left, |copy| copy.report.programs_left),
        ],
    )
}

pub(super) fn run_copy(
    args: &CopyArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    let (Some(from), Some(to)) = (&args.copy_from, &args.copy_to) else {
        list_fields(&copy_schema(), texts(environment))?;
        return Ok(ExitCode::Ok);
    };
    if args.output.lists_fields() {
        list_fields(&copy_schema(), texts(environment))?;
        return Ok(ExitCode::Ok);
    }
    let places = (place(Some(from), global, environment)?, place(Some(to), global, environment)?);
    if is_same(&places.0, &places.1) {
        return Err(CliFailure::StoreCommand(StoreMistake::Same(places.0.to_string())));
    }
    let (output, credentials) = (&args.output, CredentialsUse::Unused);
    let needs = Needs { global, environment, output, credentials, spending: None };
    run(needs, async |run, out| copy(&places, args.output.has_records(), run, out).await)
}

/// Returns true if two places are one store.
fn is_same(one: &Place, other: &Place) -> bool {
    match (one.path(), other.path()) {
        (Some(one), Some(other)) => {
            one == other
                || one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
        }
        (None, None) => one.to_string() == other.to_string(),
        _ => false,
    }
}

async fn copy(
    (from, to): &(Place, Place),
    has_records: bool,
    run: &Run,
    out: &mut Output,
) -> Result<ExitCode, CliFailure> {
    let schema = copy_schema();
    let mut records = out.records(&schema)?;
    let (source, target, done) = (existing(from).await?, store::open_rows(to), AtomicUsize::new(0));
    let progress = |rows| done.store(rows, Ordering::Relaxed);
    let copying = store::copy(&*source, &*target, &progress);
    let text = |_| run.texts.store_copying(done.load(Ordering::Relaxed));
    let copied = run.status.waiting().until(copying, text).await;
    source.close().await;
    target.close().await;
    let copy = EndedCopy { from: from.to_string(), to: to.to_string(), report: copied? };
    if has_records {
        out.record(&mut records, &copy)?;
    } else {
        lines(&copy, run.texts).iter().try_for_each(|line| out.line(line))?;
    }
    out.flush()?;
    let CopyReport { outcomes, damaged, under_way, other_notes, programs_left, .. } = &copy.report;
    let notes = [
        (*outcomes, run.texts.store_copy_outcomes(outcomes)),
        (*under_way, run.texts.store_copy_under_way(under_way)),
        (damaged.len(), run.texts.store_copy_damaged(damaged.len())),
        (*other_notes, run.texts.store_copy_other_notes(other_notes)),
        (*programs_left, run.texts.store_copy_programs_left(programs_left)),
        (usize::from(!copy.report.has_all_rows()), run.texts.store_copy_unequal().to_owned()),
    ];
    notes.iter().filter(|(count, _)| *count > 0).for_each(|(_, note)| run.note(note));
    Ok(if copy.report.is_complete() { ExitCode::Ok } else { ExitCode::SomeFailed })
}

/// Both stores side by side, and what was added.
fn lines(copy: &EndedCopy, texts: Texts) -> Vec<String> {
    let CopyReport { from, to, .. } = &copy.report;
    let row = |title: &str, count: fn(&CopyCounts) -> usize| {
        vec![title.to_owned(), count(from).to_string(), count(to).to_string()]
    };
    let rows = [
        row(texts.store_calls(), |counts| counts.calls),
        row(texts.store_in_doubt(), |counts| counts.in_doubt),
        row(texts.store_reuses(), |counts| counts.reuses),
        row(texts.store_bodies(), |counts| counts.bodies),
    ];
    let columns = [("", Align::Left), (texts.store_from(), Align::Right), (texts.store_to(), Align::Right)];
    let places = [(texts.store_from(), &copy.from), (texts.store_to(), &copy.to)];
    let mut lines: Vec<String> =
        places.iter().map(|(title, place)| texts.named(*title, crate::ui::text::clean(place))).collect();
    lines.push(String::new());
    lines.extend(text_table::lines(&columns, &rows, terminal_width()));
    lines.push(String::new());
    let CopyReport { added, annotations, programs, blocks, .. } = &copy.report;
    lines.push(texts.store_copy_added(added, annotations, programs, blocks));
    lines
}
