//! `obx find WORDS`: full-text search in the stored answers of the platform at the gateway.

use std::collections::HashSet;

use super::args::GlobalArgs;
use super::failure::CliFailure;
use super::local_times::LocalTimes;
use super::output::{Output, OutputArgs, list_fields};
use super::run::{Needs, Run, run};
use super::stored::{NotStored, catalog};
use super::text_table::{self, Align};
use super::{ExitCode, terminal_width, texts};
use crate::pane::verdict;
use obx_core::config::{CredentialsUse, Environment};
use obx_core::i18n::Texts;
use obx_core::record::{Schema, SchemaField, ValueKind};
use obx_core::store::Found;

#[derive(clap::Args, Debug)]
pub(super) struct FindArgs {
    #[arg(value_name = "WORD", required_unless_present = "fields")]
    find_words: Vec<String>,
    #[arg(long)]
    bodies: bool,
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    #[command(flatten)]
    output: OutputArgs,
}

/// A stored answer that was found, with its outcome in words.
#[derive(Debug)]
pub(super) struct FoundRecord {
    found: Found,
    outcome: String,
}

pub(super) fn find_schema() -> Schema<FoundRecord> {
    use ValueKind::{Integer, Text, Time};
    type Record = FoundRecord;
    Schema::new(
        "found",
        1,
        vec![
            SchemaField::new("id", Integer, Texts::record_id, |one: &Record| {
                Some(one.found.line.id.map(|id| id.0).into())
            }),
            SchemaField::new("subject", Text, Texts::record_subject, |one: &Record| {
                Some(one.found.line.subject.as_str().into())
            }),
            SchemaField::new("title", Text, Texts::record_found_title, |one: &Record| {
                (!one.found.title.is_empty()).then(|| one.found.title.as_str().into())
            }),
            SchemaField::new("answered_at", Time, Texts::record_answered_at, |one: &Record| {
                Some(one.found.line.ended_at().to_string().into())
            }),
            SchemaField::new("outcome", Text, Texts::record_outcome, |one: &Record| {
                Some(one.outcome.as_str().into())
            }),
            SchemaField::new("error_code", Text, Texts::record_error_code, |one: &Record| {
                Some(one.found.line.summary.code.as_ref().map(ToString::to_string).into())
            }),
            SchemaField::new("platform", Text, Texts::flat_platform, |one: &Record| {
                Some(one.found.line.platform.as_ref().into())
            }),
        ],
    )
}

pub(super) fn run_find(
    args: &FindArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    if args.output.lists_fields() {
        list_fields(&find_schema(), texts(environment))?;
        return Ok(ExitCode::Ok);
    }
    let (output, credentials) = (&args.output, CredentialsUse::Unused);
    let needs = Needs { global, environment, output, credentials, spending: None };
    run(needs, async |run, out| find(args, run, out).await)
}

async fn find(args: &FindArgs, run: &Run, out: &mut Output) -> Result<ExitCode, CliFailure> {
    let schema = find_schema();
    let mut records = out.records(&schema)?;
    let words = args.find_words.join(" ");
    let mut found = in_texts(&words, args.limit, run).await?;
    if args.bodies {
        in_bodies(&words, args.limit, run, &mut found).await?;
    }
    if found.is_empty() {
        return Err(CliFailure::NotStored(NotStored::Words { words, in_bodies: args.bodies }));
    }
    let outcome = |found: &Found| verdict(&found.line.summary, run.texts);
    let rows: Vec<FoundRecord> =
        found.into_iter().map(|found| FoundRecord { outcome: outcome(&found), found }).collect();
    if args.output.has_records() {
        rows.iter().try_for_each(|row| out.record(&mut records, row))?;
    } else {
        out.table(&table(&rows, &run.times, run.texts))?;
    }
    out.flush()?;
    Ok(ExitCode::Ok)
}

/// What the index finds in the catalog, the newest first.
async fn in_texts(words: &str, limit: usize, run: &Run) -> Result<Vec<Found>, CliFailure> {
    let (catalog, mut most) = (catalog(run), limit);
    loop {
        let mut found = run.session.store().find(catalog.scope.clone(), words.to_owned(), most).await?;
        let is_all = found.len() < most;
        found.retain(|found| found.line.is_in(&catalog));
        // Those of other platforms may have taken the places.
        if is_all || found.len() >= limit {
            found.truncate(limit);
            return Ok(found);
        }
        most = most.saturating_mul(4);
    }
}

/// Adds what only the bodies contain, the newest first, until there are `limit`.
async fn in_bodies(words: &str, limit: usize, run: &Run, found: &mut Vec<Found>) -> Result<(), CliFailure> {
    let (catalog, mut before, mut unread) = (catalog(run), None, 0);
    let mut known: HashSet<_> = found.iter().map(|found| found.line.id).collect();
    loop {
        let piece =
            run.session.store().find_in_bodies(catalog.scope.clone(), words.to_owned(), before).await?;
        unread += piece.unread;
        let new = piece.found.into_iter().filter(|found| found.line.is_in(&catalog));
        found.extend(new.filter(|found| known.insert(found.line.id)));
        before = piece.rest.map(|rest| rest.before);
        if before.is_none() || found.len() >= limit {
            break;
        }
    }
    if unread > 0 {
        run.note(&run.texts.find_unread(unread));
    }
    found.sort_by_key(|found| std::cmp::Reverse(found.line.id));
    found.truncate(limit);
    Ok(())
}

fn table(rows: &[FoundRecord], times: &LocalTimes, texts: Texts) -> Vec<String> {
    let heading = times.heading(texts);
    let columns = [
        (texts.column_subject(), Align::Whole),
        (texts.label_title(), Align::Left),
        (heading.as_str(), Align::Whole),
        (texts.column_outcome(), Align::Left),
    ];
    let cells = |row: &FoundRecord| {
        let line = &row.found.line;
        let at = times.cell(line.ended_at());
        vec![line.subject.to_string(), row.found.title.clone(), at, row.outcome.clone()]
    };
    text_table::lines(&columns, &rows.iter().map(cells).collect::<Vec<_>>(), terminal_width())
}
