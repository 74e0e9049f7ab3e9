//! `obx get ID…`: items, from the store if a fresh answer is there, else by a call.

use super::args::GlobalArgs;
use super::command_line::implies_get;
use super::failure::CliFailure;
use super::given_ids::GivenIds;
use super::item_output::{ItemForm, ItemFormArgs, ItemSchemas};
use super::item_text;
use super::output::{Output, OutputArgs};
use super::report::ErrorReport;
use super::run::{Needs, Run, run};
use super::spending::SpendingArgs;
use super::{ExitCode, say, texts};
use obx_core::config::{CredentialsUse, Environment};
use onebound::ItemId;

#[derive(clap::Args, Debug)]
pub(super) struct GetArgs {
    #[arg(value_name = "ID", required_unless_present = "fields")]
    ids: Vec<String>,
    #[command(flatten)]
    form: ItemFormArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    spending: SpendingArgs,
}

pub(super) fn run_get(
    args: &GetArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    if !global.quiet && implies_get() {
        say(format_args!("obx: {}", texts(environment).cli_means_get(args.ids.join(" "))));
    }
    let (output, spending, credentials) = (&args.output, Some(&args.spending), CredentialsUse::Required);
    let needs = Needs { global, environment, output, credentials, spending };
    if args.output.lists_fields() {
        args.form.list_fields(texts(environment))?;
        return Ok(ExitCode::Ok);
    }
    run(needs, async |run, out| get(args, run, out).await)
}

async fn get(args: &GetArgs, run: &Run, out: &mut Output) -> Result<ExitCode, CliFailure> {
    let schemas = ItemSchemas::new();
    let mut form = ItemForm::new(args.form, &args.output, &schemas, out)?;
    let mut ids = GivenIds::new(run, &args.ids);
    while let Some(id) = ids.next_id()? {
        let code = get_item(&args.spending, &id, run, out, &mut form).await?;
        ids.done(code);
    }
    Ok(ids.code())
}

/// Gets one item, and writes it.
pub(super) async fn get_item(
    spending: &SpendingArgs,
    id: &ItemId,
    run: &Run,
    out: &mut Output,
    form: &mut ItemForm<'_>,
) -> Result<ExitCode, CliFailure> {
    let call = spending.call(run.config.call.item_get(id.clone()));
    if spending.dry_run {
        return run.plan(&call, spending.policy(), out).await;
    }
    let fetched = match run.fetch(call, spending.policy()).await {
        Ok(fetched) => fetched,
        Err(reason) => {
            let report = ErrorReport::from_not_sent(&reason, run.texts).about(id);
            run.report(&report);
            return Ok(report.code);
        }
    };
    let exchange = &fetched.exchange;
    form.write(exchange, &item_text::source(&fetched, run.texts), run.texts, out)?;
    out.flush()?;
    let Some(report) = ErrorReport::from_fetched(&fetched, run.texts) else { return Ok(ExitCode::Ok) };
    run.report(&report);
    Ok(report.code)
}
