//! `obx doctor`: checks what obx depends on. It makes no call and changes nothing: a host is connected to and gets no
//! request, and the store is only read. Findings end with exit code 0: that they were found is a success.

mod check;
mod config;
mod files;
mod network;
mod store;
mod terminal;
mod unsent;

use super::args::GlobalArgs;
use super::failure::CliFailure;
use super::output::{Output, OutputArgs, list_fields};
use super::text_table::labelled;
use super::{ExitCode, runtime, terminal_width, texts};
use crate::ui::text::{clean, pad_right, width};
use check::{Check, CheckGroup, CheckStatus, schema};
use obx_core::config::{CredentialsUse, Environment, Inspection};
use obx_core::i18n::Texts;

#[derive(clap::Args, Debug)]
pub(super) struct DoctorArgs {
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run(
    args: &DoctorArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    let texts = texts(environment);
    let schema = schema();
    if args.output.lists_fields() {
        list_fields(&schema, texts)?;
        return Ok(ExitCode::Ok);
    }
    let mut out = Output::new(&args.output)?;
    let mut records = out.records(&schema)?;
    let checks = checks(global, environment, texts)?;
    if args.output.has_records() {
        checks.iter().try_for_each(|check| out.record(&mut records, check))?;
    } else {
        let colors = global.color().colors_stdout(environment);
        lines(&checks, terminal_width(), colors, texts).iter().try_for_each(|line| out.line(line))?;
    }
    out.flush()?;
    Ok(ExitCode::Ok)
}

/// Its records in docs/json.md.
#[cfg(test)]
pub(super) fn tables() -> Vec<super::documented::Table> {
    use super::documented::Table;
    vec![Table::new(&schema(), &["doctor"])]
}

/// All checks, group by group.
fn checks(global: &GlobalArgs, environment: &Environment, texts: Texts) -> Result<Vec<Check>, CliFailure> {
    let flags = global.flags(CredentialsUse::Unused);
    let inspection = Inspection::new(&flags, environment);
    let runtime = runtime()?;
    let checks = runtime.block_on(async {
        let mut checks = terminal::checks(environment, texts).await;
        checks.extend(config::checks(&inspection, texts));
        checks.extend(network::checks(inspection.config.as_ref(), flags.store.offline, texts).await);
        checks.extend(store::checks(inspection.config.as_ref(), texts).await);
        checks.extend(unsent::checks(inspection.config.as_ref(), environment, texts));
        checks.extend(files::checks(inspection.config.as_ref(), environment, texts));
        checks
    });
    // A name may still be looked up.
    runtime.shutdown_background();
    Ok(checks)
}

/// The checks for people: a group under its title, a line for each check, and below it what to do.
fn lines(checks: &[Check], room: Option<usize>, colors: bool, texts: Texts) -> Vec<String> {
    let widest = |word: fn(&Check, Texts) -> &'static str| {
        checks.iter().map(|check| width(word(check, texts))).max().unwrap_or_default()
    };
    let statuses = widest(|check, texts| check.status.word(texts));
    let names = widest(|check, texts| check.kind.title(texts));
    let margin = 2 + statuses + 2 + names + 2;
    let styled = |code: &str, text: String| {
        if colors { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text }
    };
    let mut lines = Vec::new();
    for group in CheckGroup::ALL {
        lines.push(styled("1", group.title(texts).to_owned()));
        for check in checks.iter().filter(|check| check.kind.group() == group) {
            let status = styled(check.status.color(), pad_right(check.status.word(texts), statuses));
            let name = pad_right(check.kind.title(texts), names);
            let found = match &check.subject {
                Some(subject) => texts.named(clean(subject), clean(&check.found)),
                None => clean(&check.found).into_owned(),
            };
            lines.extend(labelled(&format!("  {status}  {name}  "), margin, &found, room));
            if let Some(what_to_do) = &check.what_to_do {
                let arrow = format!("{}→ ", " ".repeat(margin));
                lines.extend(labelled(&arrow, margin + 2, &clean(what_to_do), room));
            }
        }
    }
    let count = |status| checks.iter().filter(|check| check.status == status).count();
    lines.push(texts.check_sum(count(CheckStatus::Fault), count(CheckStatus::Warning)));
    lines
}
