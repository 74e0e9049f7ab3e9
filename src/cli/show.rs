//! `obx show ID`: a stored answer in the forms of `obx get`.

use super::args::GlobalArgs;
use super::failure::CliFailure;
use super::item_output::{ItemForm, ItemFormArgs, ItemSchemas};
use super::output::{Output, OutputArgs};
use super::report::ErrorReport;
use super::run::{Needs, Run, run};
use super::stored::StoredAnswers;
use super::{ExitCode, texts};
use obx_core::config::{CredentialsUse, Environment};

#[derive(clap::Args, Debug)]
pub(super) struct ShowArgs {
    #[arg(value_name = "ID", required_unless_present = "fields")]
    stored_id: Option<String>,
    #[arg(long, value_name = "N|TIME")]
    at: Option<String>,
    #[command(flatten)]
    form: ItemFormArgs,
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run_show(
    args: &ShowArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    if args.output.lists_fields() {
        args.form.list_fields(texts(environment))?;
        return Ok(ExitCode::Ok);
    }
    let (output, credentials) = (&args.output, CredentialsUse::Unused);
    let needs = Needs { global, environment, output, credentials, spending: None };
    run(needs, async |run, out| show(args, run, out).await)
}

async fn show(args: &ShowArgs, run: &Run, out: &mut Output) -> Result<ExitCode, CliFailure> {
    let schemas = ItemSchemas::new();
    let mut form = ItemForm::new(args.form, &args.output, &schemas, out)?;
    let (times, texts) = (&run.times, run.texts);
    let answers = StoredAnswers::find(run, args.stored_id.as_deref()).await?;
    let place = match &args.at {
        Some(point) => answers.place_of(point, times)?,
        None => answers.newest(),
    };
    let exchange = answers.open(run, place).await?;
    let (at, count) = (exchange.ended_at(), answers.versions.len());
    let source = texts.shown_answer(place + 1, count, times.text(at), times.age(at, texts));
    form.write(&exchange, &source, texts, out)?;
    out.flush()?;
    let Some(report) = ErrorReport::from_stored(&exchange, texts) else { return Ok(ExitCode::Ok) };
    run.report(&report);
    Ok(report.code)
}
