//! `obx store check`: ends with 10 if something stored is damaged, as a check of files would.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use super::{existing, place};
use crate::cli::args::GlobalArgs;
use crate::cli::failure::CliFailure;
use crate::cli::output::{Output, OutputArgs, list_fields};
use crate::cli::run::{Needs, Run, run};
use crate::cli::{ExitCode, texts};
use crate::ui::text::clean;
use obx_core::config::{CredentialsUse, Environment, Place};
use obx_core::i18n::Texts;
use obx_core::record::{Schema, SchemaField, ValueKind};
use obx_core::store::{self, CheckFinding, FindingKind, StoreError};

#[derive(clap::Args, Debug)]
pub(super) struct StoreCheckArgs {
    #[arg(value_name = "STORE")]
    checked_store: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

/// A finding as it is printed.
pub(super) struct FindingRecord {
    /// The row; `None` if it is about the whole store.
    id: Option<i64>,
    kind: &'static str,
    is_damage: bool,
    found: String,
    what_to_do: &'static str,
}

/// What the engine's own check of a file finds.
const DAMAGED_STORE: &str = "damaged_store";

pub(super) fn finding_schema() -> Schema<FindingRecord> {
    use ValueKind::{Boolean, Integer, Text};
    Schema::new(
        "store_finding",
        1,
        vec![
            SchemaField::new("id", Integer, Texts::record_finding_id, |finding: &FindingRecord| {
                Some(finding.id.map_or(Value::Null, Value::from))
            }),
            SchemaField::new("kind", Text, Texts::record_finding_kind, |finding: &FindingRecord| {
                Some(finding.kind.into())
            }),
            SchemaField::new("damage", Boolean, Texts::record_finding_damage, |finding: &FindingRecord| {
                Some(finding.is_damage.into())
            }),
            SchemaField::new("found", Text, Texts::record_finding_found, |finding: &FindingRecord| {
                Some(finding.found.clone().into())
            }),
            SchemaField::new(
                "what_to_do",
                Text,
                Texts::record_finding_what_to_do,
                |finding: &FindingRecord| Some(finding.what_to_do.into()),
            ),
        ],
    )
}

impl FindingRecord {
    fn from_row(finding: &CheckFinding, texts: Texts) -> Self {
        let (found, what_to_do) = match finding.kind {
            FindingKind::DamagedRow => (texts.found_damaged_row(), texts.mend_row()),
            FindingKind::DamagedBody => (texts.found_damaged_body(), texts.mend_body()),
            FindingKind::NoBody => (texts.found_no_body(), texts.mend_body()),
            FindingKind::LostAnswer => (texts.found_lost_answer(), texts.mend_nothing()),
            FindingKind::NoRow => (texts.found_no_row(), texts.mend_row()),
            FindingKind::InDoubt => (texts.found_in_doubt(), texts.mend_in_doubt()),
            FindingKind::EndedLease => (texts.found_ended_lease(), texts.mend_in_doubt()),
        };
        let found = if finding.detail.is_empty() {
            found.to_owned()
        } else {
            texts.named(found, clean(&finding.detail))
        };
        let (kind, is_damage) = (finding.kind.as_str(), finding.kind.is_damage());
        Self { id: Some(finding.id.0), kind, is_damage, found, what_to_do }
    }

    fn of_file(damage: &str, texts: Texts) -> Self {
        let (found, what_to_do) = (clean(damage).into_owned(), texts.mend_file());
        Self { id: None, kind: DAMAGED_STORE, is_damage: true, found, what_to_do }
    }

    fn line(&self, texts: Texts) -> String {
        let subject = self.id.map(|id| texts.finding_row(id));
        let found = match subject {
            Some(subject) => texts.named(subject, &self.found),
            None => self.found.clone(),
        };
        format!("{found}\n  → {}", self.what_to_do)
    }
}

pub(super) fn run_check(
    args: &StoreCheckArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    if args.output.lists_fields() {
        list_fields(&finding_schema(), texts(environment))?;
        return Ok(ExitCode::Ok);
    }
    let place = place(args.checked_store.as_deref(), global, environment)?;
    let (output, credentials) = (&args.output, CredentialsUse::Unused);
    let needs = Needs { global, environment, output, credentials, spending: None };
    run(needs, async |run, out| check(place, args.output.has_records(), run, out).await)
}

async fn check(place: Place, has_records: bool, run: &Run, out: &mut Output) -> Result<ExitCode, CliFailure> {
    let schema = finding_schema();
    let mut records = out.records(&schema)?;
    let (rows, name) = (existing(&place).await?, place.to_string());
    let (mut damaged, mut in_doubt) = (0_usize, 0_usize);
    let mut print = |finding: FindingRecord| {
        if finding.is_damage {
            damaged += 1;
        } else {
            in_doubt += 1;
        }
        run.status.hide();
        if has_records { out.record(&mut records, &finding) } else { out.line(&finding.line(run.texts)) }
    };
    let done = AtomicUsize::new(0);
    let text = |_| run.texts.store_checking(done.load(Ordering::Relaxed));
    let waiting = run.status.waiting();
    // All that can be told of a server's tables is in its rows.
    if !place.is_shared() {
        let inspecting = tokio::task::spawn_blocking(move || store::inspect(&place));
        let inspected = waiting.until(inspecting, text).await.map_err(|error| StoreError::broken(&error))?;
        for damage in inspected?.map(|health| health.damage).unwrap_or_default() {
            print(FindingRecord::of_file(&damage, run.texts))?;
        }
    }
    let progress = |rows| done.store(rows, Ordering::Relaxed);
    let report = |finding: CheckFinding| print(FindingRecord::from_row(&finding, run.texts));
    let checked = waiting.until(store::check::<CliFailure>(&*rows, &progress, report), text).await;
    drop(waiting);
    rows.close().await;
    let checked = checked?;
    if !has_records {
        out.line(&run.texts.store_checked(clean(&name), checked, damaged, in_doubt))?;
    }
    out.flush()?;
    Ok(if damaged == 0 { ExitCode::Ok } else { ExitCode::SomeFailed })
}
