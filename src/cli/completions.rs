//! `obx completions SHELL`: a script that completes commands and flags, made from the same table as `--help`.

use clap::Command;
use clap_complete::Shell;

use super::ExitCode;
use super::command_line::command;
use super::failure::CliFailure;
use super::output::{Output, OutputArgs};
use obx_core::i18n::Texts;

#[derive(clap::Args, Debug)]
pub(super) struct CompletionsArgs {
    /// Without it, the one that `SHELL` names.
    #[arg(value_name = "SHELL", ignore_case = true)]
    shell: Option<Shell>,
}

pub(super) fn run(args: &CompletionsArgs, texts: Texts) -> Result<ExitCode, CliFailure> {
    let shell = args.shell.or_else(Shell::from_env).ok_or(CliFailure::NoShell)?;
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut shown(&command(texts)), "obx", &mut script);
    let mut out = Output::new(&OutputArgs::default())?;
    out.bytes(&script)?;
    out.flush()?;
    Ok(ExitCode::Ok)
}

/// The command line without hidden commands, which scripts for shells would complete.
fn shown(command: &Command) -> Command {
    let commands = command.get_subcommands().filter(|command| !command.is_hide_set());
    Command::new("obx")
        .version(env!("CARGO_PKG_VERSION"))
        .args(command.get_arguments().cloned())
        .subcommands(commands.cloned())
}
