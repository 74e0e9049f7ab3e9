//! `--probe`: one call, whose answer says what is used and left. It costs what a call costs, and says so before.

use super::QuotaArgs;
use crate::cli::ExitCode;
use crate::cli::failure::CliFailure;
use crate::cli::output::Output;
use crate::cli::prompt::Answer;
use crate::cli::report::ErrorReport;
use crate::cli::run::Run;
use obx_core::fetch::{FetchPolicy, NotSent, PlannedFetch};
use obx_core::i18n::Describe;
use onebound::{Call, Catalog, ItemId};

/// A stored answer says nothing of today.
fn policy(args: &QuotaArgs) -> FetchPolicy {
    if args.override_guards { FetchPolicy::Refresh.overridden() } else { FetchPolicy::Refresh }
}

/// Says what would be sent.
pub(super) async fn plan(args: &QuotaArgs, run: &Run, out: &mut Output) -> Result<ExitCode, CliFailure> {
    run.plan(&call(args, run).await?, policy(args), out).await
}

/// Asks and sends the call; the store has its answer after that. Returns how it ended.
pub(super) async fn probe(args: &QuotaArgs, run: &Run) -> Result<ExitCode, CliFailure> {
    let call = call(args, run).await?;
    let subject = call.subject().to_string();
    if !args.yes {
        let refusal = refusal(&call, run).await;
        if let Some(reason) = refusal.as_ref().filter(|_| !args.override_guards) {
            // No answer to the question would send it.
            return Ok(report(&ErrorReport::from_not_sent(reason, run.texts).about(&subject), run));
        }
        let question = match run.config.price_per_call {
            Some(price) => run.texts.quota_probe_at(call.subject(), price),
            None => run.texts.quota_probe(call.subject()),
        };
        let question = match refusal {
            Some(reason) => format!("{}\n{question}", reason.describe(run.texts)),
            None => question,
        };
        match run.ask(question).await {
            Answer::Yes => {}
            Answer::No => return Ok(ExitCode::Refused),
            Answer::NoTerminal => return Err(CliFailure::NeedsYes),
        }
    }
    let failure = match run.fetch(call, policy(args)).await {
        Ok(fetched) => ErrorReport::from_fetched(&fetched, run.texts),
        Err(reason) => Some(ErrorReport::from_not_sent(&reason, run.texts).about(&subject)),
    };
    Ok(failure.map_or(ExitCode::Ok, |failure| report(&failure, run)))
}

fn report(failure: &ErrorReport, run: &Run) -> ExitCode {
    run.report(failure);
    failure.code
}

/// Returns what would refuse the call without `--override`.
async fn refusal(call: &Call, run: &Run) -> Option<NotSent> {
    match run.session.plan(call, FetchPolicy::Refresh, 0).await {
        PlannedFetch::NotSent(reason) => Some(reason),
        PlannedFetch::Stored(_) | PlannedFetch::Sent { .. } => None,
    }
}

/// The call for the item that was named, else for the one that was requested last.
async fn call(args: &QuotaArgs, run: &Run) -> Result<Call, CliFailure> {
    if let Some(text) = args.probe.as_deref().filter(|text| !text.is_empty()) {
        let found = ItemId::find_on(run.config.call.platform(), text).map_err(CliFailure::ItemId)?;
        return Ok(run.config.call.item_get(found.id));
    }
    let account = run.session.account().await.ok_or(CliFailure::NoProbeItem)?;
    let catalog = Catalog { scope: account.scope, platform: run.config.call.platform().into() };
    let known = run.session.store().items(catalog).await.map_err(CliFailure::Store)?;
    let last = known.rows.into_iter().next().ok_or(CliFailure::NoProbeItem)?;
    Ok(run.config.call.item_get(last.num_iid))
}
