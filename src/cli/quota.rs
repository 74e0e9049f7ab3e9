//! `obx quota`: what is used and left of each key's quota, from the store. Only `--probe` makes a call.

mod counts;
mod key_quota;
mod probe;
mod textfile;

use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::Value;

use super::args::GlobalArgs;
use super::day::DayChoice;
use super::failure::CliFailure;
use super::output::{Output, OutputArgs, list_fields};
use super::report::ErrorReport;
use super::run::{Needs, Run, run};
use super::spending::SpendingArgs;
use super::{ExitCode, terminal_width, texts};
use counts::{CountBy, count_schema};
pub(super) use key_quota::block_json;
use key_quota::{KeyQuota, quota_schema};
use obx_core::config::{CredentialsUse, Environment};
use obx_core::i18n::{Describe, Texts};
use obx_core::record::ValueKind;
use onebound::Account;

/// What `--by` takes.
pub(super) const COUNTED_BY: &str = CountBy::NAMES;

/// A field of a record: its name, its type, what it is, and its value.
type FieldRow<T> = (&'static str, ValueKind, fn(Texts) -> &'static str, fn(&T) -> Option<Value>);

#[derive(clap::Args, Debug)]
pub(super) struct QuotaArgs {
    /// Without an ID, the item that was requested last.
    #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "")]
    probe: Option<String>,
    #[arg(long, requires = "probe")]
    yes: bool,
    /// For the probe alone: one call at most, however a script goes on.
    #[arg(long = "override", requires = "probe")]
    override_guards: bool,
    #[arg(long, value_name = "DAY", conflicts_with_all = ["textfile", "fail_below"])]
    day: Option<DayChoice>,
    #[arg(long, value_name = "api,key,code,asked_by", value_delimiter = ',')]
    #[arg(conflicts_with_all = ["textfile", "fail_below"])]
    by: Vec<CountBy>,
    #[arg(long, value_name = "FINGERPRINT")]
    fingerprint: Option<String>,
    #[arg(long, value_name = "FILE")]
    textfile: Option<PathBuf>,
    #[arg(long, value_name = "N")]
    fail_below: Option<u64>,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    spending: SpendingArgs,
}

impl QuotaArgs {
    /// Whether calls of a day are counted, not what is left of the quota.
    fn counts_calls(&self) -> bool {
        self.day.is_some() || !self.by.is_empty()
    }

    /// Whether this key is among those that were asked for.
    fn wants(&self, account: &Account) -> bool {
        self.fingerprint.as_deref().is_none_or(|fingerprint| account.key.as_str().starts_with(fingerprint))
    }
}

pub(super) fn run_quota(
    args: &QuotaArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    if args.output.lists_fields() {
        let texts = texts(environment);
        if args.counts_calls() {
            list_fields(&count_schema(), texts)?;
        } else {
            list_fields(&quota_schema(), texts)?;
        }
        return Ok(ExitCode::Ok);
    }
    let probes = args.probe.is_some();
    let credentials = if probes { CredentialsUse::Required } else { CredentialsUse::Unused };
    let spending = probes.then_some(&args.spending);
    let needs = Needs { global, environment, output: &args.output, credentials, spending };
    run(needs, async |run, out| quota(args, run, out).await)
}

/// Its records in docs/json.md.
#[cfg(test)]
pub(super) fn tables() -> Vec<super::documented::Table> {
    use super::documented::Table;
    vec![Table::new(&quota_schema(), &["quota"]), Table::new(&count_schema(), &["quota"])]
}

async fn quota(args: &QuotaArgs, run: &Run, out: &mut Output) -> Result<ExitCode, CliFailure> {
    // A mistyped field costs nothing.
    if args.counts_calls() {
        let _ = out.records(&count_schema())?;
    } else {
        let _ = out.records(&quota_schema())?;
    }
    if let Some(path) = &args.textfile {
        textfile::check(path)?;
    }
    let probed = match &args.probe {
        Some(_) if args.spending.dry_run => return probe::plan(args, run, out).await,
        Some(_) => probe::probe(args, run).await?,
        None => ExitCode::Ok,
    };
    let now = Timestamp::now();
    if args.counts_calls() {
        counts::print(args, now, run, out).await?;
        return Ok(probed);
    }
    let keys = key_quota::keys(args, now, run).await?;
    if args.output.has_records() {
        let schema = quota_schema();
        let mut records = out.records(&schema)?;
        keys.iter().try_for_each(|key| out.record(&mut records, key))?;
    } else if args.textfile.is_none() {
        text(&keys, run, out)?;
    }
    if let Some(path) = &args.textfile {
        textfile::write(path, &keys, now, run).await?;
    }
    let enough = args.fail_below.map_or(ExitCode::Ok, |least| check(&keys, least, run));
    Ok(if probed == ExitCode::Ok { enough } else { probed })
}

fn text(keys: &[KeyQuota], run: &Run, out: &mut Output) -> Result<(), CliFailure> {
    if keys.is_empty() {
        return out.line(run.texts.quota_no_calls());
    }
    for (at, key) in keys.iter().enumerate() {
        if at > 0 {
            out.line("")?;
        }
        out.table(&key.lines(&run.times.zone, terminal_width(), run.texts))?;
    }
    Ok(())
}

/// Says for which keys calls are blocked, fewer are left, or that nobody knows how many. A key that was not used today is left out if
/// another was: it may be out of use.
fn check(keys: &[KeyQuota], least: u64, run: &Run) -> ExitCode {
    let unknown = || run.texts.quota_unknown_left(least);
    let mut failures = Vec::new();
    if keys.is_empty() {
        failures.push((None, unknown(), ""));
    }
    let is_any_used = keys.iter().any(KeyQuota::is_used_today);
    for key in keys.iter().filter(|key| key.is_used_today() || !is_any_used) {
        let subject = Some(key.account.key.as_str().to_owned());
        if let Some(block) = &key.block {
            failures.push((subject, block.describe(run.texts), run.texts.doctor_send_all_the_same()));
            continue;
        }
        match key.left() {
            None => failures.push((subject, unknown(), "")),
            Some(left) if left < least => failures.push((subject, run.texts.quota_too_few(left, least), "")),
            Some(_) => {}
        }
    }
    let code = if failures.is_empty() { ExitCode::Ok } else { ExitCode::Quota };
    for (subject, message, hint) in failures {
        let report = ErrorReport::new(code, message).advising(hint);
        run.report(&match subject {
            Some(subject) => report.about(&subject),
            None => report,
        });
    }
    code
}
