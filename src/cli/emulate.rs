//! `obx emulate`: the emulator by itself, until it is told to end.

use std::io::{self, Write};

use anyhow::Context;

use super::{ExitCode, Failed};
use crate::tui::{Signal, Signals};
use onebound_emulator::{Delay, Emulator, Fault, Settings, UnknownFault};

/// The emulator's arguments.
#[derive(clap::Args, Debug)]
pub(super) struct Emulate {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Seconds a call takes: 0, 1.5 or 0.6-2
    #[arg(long, default_value_t = Delay::default())]
    delay: Delay,
    /// Billed calls a day
    #[arg(long, default_value_t = 10_000)]
    quota: u64,
    /// The only key that is let in; any without it
    #[arg(long, requires = "secret")]
    key: Option<String>,
    /// The secret that goes with the key, in clear or in a signature
    #[arg(long, requires = "key")]
    secret: Option<String>,
    /// Calls that may be under way at once; more get 4008
    #[arg(long, value_name = "N")]
    concurrency: Option<usize>,
    /// A fault for every call
    #[arg(long, value_name = "NAME", value_parser = fault, long_help = faults())]
    fault: Option<Fault>,
}

fn fault(name: &str) -> Result<Fault, String> {
    name.parse().map_err(|error: UnknownFault| error.to_string())
}

fn faults() -> String {
    let line = |fault: &Fault| format!("  {:<15} {}", fault.name(), fault.description());
    let lines: Vec<String> = Fault::ALL.iter().map(line).collect();
    format!("A fault for every call:\n{}", lines.join("\n"))
}

pub(super) fn run(args: Emulate) -> Result<ExitCode, Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.context("can't start threads").map_err(Failed::internal)?;
    runtime.block_on(serve(args))
}

async fn serve(args: Emulate) -> Result<ExitCode, Failed> {
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
    let mut signals =
        Signals::listen(Box::pin(async {})).context("can't listen for signals").map_err(Failed::internal)?;
    let emulator = Emulator::start_with(settings).await.map_err(Failed::usage)?;
    announce(&emulator, takes_any).context("can't write to stdout").map_err(Failed::internal)?;
    let signal = signals.next().await;
    emulator.stop().await;
    Ok(if signal == Signal::Interrupt { ExitCode::Ok } else { ExitCode::Signal(signal.number()) })
}

/// The first line is the URL and nothing else, for scripts; the others tell people what to do with it.
fn announce(emulator: &Emulator, takes_any: bool) -> io::Result<()> {
    let url = emulator.url();
    let (key, secret) = if takes_any { ("any", "any") } else { ("KEY", "SECRET") };
    let mut out = io::stdout().lock();
    writeln!(out, "{url}")?;
    writeln!(out)?;
    writeln!(out, "  OBX_HOST={url} OBX_KEY={key} OBX_SECRET={secret} obx 610947572360")?;
    writeln!(out, "  curl '{url}/1688/item_get/?key={key}&secret={secret}&num_iid=610947572360'")?;
    writeln!(out)?;
    writeln!(out, "An ID that ends in an error code answers with it: 610947572000. ^C ends.")?;
    out.flush()
}
