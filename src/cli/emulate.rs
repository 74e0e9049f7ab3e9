//! `obx emulate`: the emulator by itself, until a signal ends it.

use std::io::{self, Write};

use super::failure::CliFailure;
use super::output::unwritten;
use super::{ExitCode, runtime};
use crate::tui::{Signal, Signals};
use obx_core::i18n::Texts;
use onebound_emulator::{Delay, Emulator, Fault, Settings};

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
    #[arg(long, value_name = "NAME")]
    fault: Option<Fault>,
}

/// The faults by name, a line each, for the long help.
pub(super) fn fault_list(texts: Texts) -> String {
    let line = |fault: &Fault| format!("  {:<15} {}", fault.name(), describe(*fault, texts));
    let lines: Vec<String> = Fault::ALL.iter().map(line).collect();
    lines.join("\n")
}

/// What a value of a flag must be; `None` if the value was rejected for another reason.
pub(super) fn expected(flag: &str, texts: Texts) -> Option<String> {
    let name = flag.split(' ').next()?;
    Some(match name {
        "--delay" => texts.usage_delay().to_owned(),
        "--fault" => texts.usage_fault(Fault::ALL.map(Fault::name).join(", ")),
        "--port" => texts.usage_port().to_owned(),
        _ => return None,
    })
}

fn describe(fault: Fault, texts: Texts) -> &'static str {
    match fault {
        Fault::CutBody => texts.fault_cut_body(),
        Fault::Gbk => texts.fault_gbk(),
        Fault::HtmlPage => texts.fault_html_page(),
        Fault::Html403 => texts.fault_html_403(),
        Fault::Html405 => texts.fault_html_405(),
        Fault::BadGateway => texts.fault_bad_gateway(),
        Fault::EmptyBody => texts.fault_empty_body(),
        Fault::Refused => texts.fault_refused(),
        Fault::Redirect => texts.fault_redirect(),
        Fault::SlowDrip => texts.fault_slow_drip(),
        Fault::GzipBomb => texts.fault_gzip_bomb(),
        Fault::Hang => texts.fault_hang(),
        Fault::WrongItem => texts.fault_wrong_item(),
        Fault::StubItem => texts.fault_stub_item(),
        Fault::Drift => texts.fault_drift(),
        Fault::DuplicateKeys => texts.fault_duplicate_keys(),
        Fault::HostileText => texts.fault_hostile_text(),
        Fault::LongTitle => texts.fault_long_title(),
        Fault::UnknownCode => texts.fault_unknown_code(),
        Fault::KeyEcho => texts.fault_key_echo(),
        Fault::SkuDrift => texts.fault_sku_drift(),
        Fault::GzipOverPlain => texts.fault_gzip_over_plain(),
        Fault::BrokenGzip => texts.fault_broken_gzip(),
        Fault::ManyHeaders => texts.fault_many_headers(),
        Fault::EscapeInHead => texts.fault_escape_in_head(),
        Fault::OddPictures => texts.fault_odd_pictures(),
    }
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
    match announce(&emulator, takes_any, texts) {
        // Whoever read the address has closed the pipe; the emulator goes on.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(unwritten(error)),
        _ => {}
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use obx_core::i18n::Language;

    #[test]
    fn faults_are_described_in_english_by_the_emulators_words() {
        for fault in Fault::ALL {
            assert_eq!(describe(fault, Texts::new(Language::En)), fault.description());
        }
    }
}
