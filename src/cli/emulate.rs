//! `obx emulate`: the emulator by itself, until a signal ends it.

use std::io::{self, Write};

use super::failure::CliFailure;
use super::{ExitCode, runtime};
use crate::tui::{Signal, Signals};
use obx_core::i18n::Texts;
use onebound_emulator::{Delay, Emulator, Fault, Settings, UnknownFault};

#[derive(clap::Args, Debug)]
pub(super) struct EmulateArgs {
    #[arg(long, default_value_t = 0)]
    port: u16,
    #[arg(long, default_value_t = Delay::default())]
    delay: Delay,
    #[arg(long, default_value_t = 10_000)]
    quota: u64,
    #[arg(long, requires = "secret")]
    key: Option<String>,
    #[arg(long, requires = "key")]
    secret: Option<String>,
    #[arg(long, value_name = "N")]
    concurrency: Option<usize>,
    #[arg(long, value_name = "NAME", value_parser = fault, long_help = faults())]
    fault: Option<Fault>,
}

fn fault(name: &str) -> Result<Fault, String> {
    name.parse().map_err(|error: UnknownFault| error.to_string())
}

fn faults() -> String {
    let line = |fault: &Fault| format!("  {:<15} {}", fault.name(), fault.description());
    let lines: Vec<String> = Fault::ALL.iter().map(line).collect();
    lines.join("\n")
}

pub(super) fn run(args: EmulateArgs, texts: Texts) -> Result<ExitCode, CliFailure> {
    runtime()?.block_on(serve(args, texts))
}

async fn serve(args: EmulateArgs, texts: Texts) -> Result<ExitCode, CliFailure> {
    let settings = Settings {
        port: args.port,
        delay: args.delay,
        quota: args.quota,
        credentials: args.key.zip(args.secret),
        concurrency: args.concurrency,
        fault: args.fault,
        ..Settings::default()
    };
    let takes_any = settings.credentials.is_none();
    let signals = Signals::listen(Box::pin(async {}));
    let mut signals = signals.map_err(CliFailure::machine(Texts::cli_no_signals))?;
    let emulator = Emulator::start_with(settings).await.map_err(CliFailure::Emulator)?;
    announce(&emulator, takes_any, texts).map_err(CliFailure::machine(Texts::cli_no_stdout))?;
    let signal = signals.next().await;
    emulator.stop().await;
    Ok(if signal == Signal::Interrupt { ExitCode::Ok } else { ExitCode::Signal(signal.number()) })
}

/// The first line is the URL alone, for scripts; the others show people how to use it.
fn announce(emulator: &Emulator, takes_any: bool, texts: Texts) -> io::Result<()> {
    let url = emulator.url();
    let (key, secret) = if takes_any { ("any", "any") } else { ("KEY", "SECRET") };
    let mut out = io::stdout().lock();
    writeln!(out, "{url}")?;
    writeln!(out)?;
    writeln!(out, "  OBX_HOST={url} OBX_KEY={key} OBX_SECRET={secret} obx 610947572360")?;
    writeln!(out, "  curl '{url}/1688/item_get/?key={key}&secret={secret}&num_iid=610947572360'")?;
    writeln!(out)?;
    writeln!(out, "{}", texts.emulate_hint())?;
    out.flush()
}
