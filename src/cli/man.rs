//! `obx man`: the manual page, made from the same table of flags as `--help`.

use std::io::{self, Write};

use clap::Command;
use clap_mangen::Man;

use super::ExitCode;
use super::command_line::{command, in_language};
use super::failure::CliFailure;
use super::output::{Output, OutputArgs, unwritten};
use obx_core::i18n::{Language, Texts};

pub(super) fn run(texts: Texts) -> Result<ExitCode, CliFailure> {
    let page = page(texts).map_err(unwritten)?;
    let mut out = Output::new(&OutputArgs::default())?;
    out.bytes(page.as_bytes())?;
    out.flush()?;
    Ok(ExitCode::Ok)
}

/// The page in roff: the sections of the command line as the generator writes them, then those that it can't know.
fn page(texts: Texts) -> io::Result<String> {
    let command = command(texts).disable_help_subcommand(true);
    let man = Man::new(command.clone()).manual(texts.man_manual());
    let mut roff = Vec::new();
    man.render_title(&mut roff)?;
    man.render_name_section(&mut roff)?;
    man.render_synopsis_section(&mut roff)?;
    man.render_description_section(&mut roff)?;
    man.render_options_section(&mut roff)?;
    heading(&mut roff, texts.man_commands())?;
    for subcommand in command.get_subcommands().filter(|subcommand| !subcommand.is_hide_set()) {
        render_subcommand(subcommand, &mut roff)?;
    }
    render_environment(texts, &mut roff)?;
    render_files(texts, &mut roff)?;
    render_exit_status(texts, &mut roff)?;
    Ok(with_headings(&in_language(&String::from_utf8_lossy(&roff), texts), texts))
}

fn render_subcommand(subcommand: &Command, roff: &mut Vec<u8>) -> io::Result<()> {
    let about = subcommand.get_about().map(ToString::to_string).unwrap_or_default();
    writeln!(roff, ".SS \"obx {}\"\n{}", subcommand.get_name(), escaped(&about))?;
    for child in subcommand.get_subcommands() {
        let about = child.get_about().map(ToString::to_string).unwrap_or_default();
        entry(roff, &format!("obx {} {}", subcommand.get_name(), child.get_name()), &about)?;
    }
    // The options of the top are described there.
    let own = subcommand.clone().mut_args(|arg| if arg.is_global_set() { arg.hide(true) } else { arg });
    let mut options = Vec::new();
    Man::new(own.disable_help_flag(true)).render_options_section(&mut options)?;
    let options = String::from_utf8_lossy(&options);
    let below_its_heading = options.lines().filter(|line| !line.starts_with(".SH"));
    below_its_heading.into_iter().try_for_each(|line| writeln!(roff, "{line}"))
}

fn render_environment(texts: Texts, roff: &mut Vec<u8>) -> io::Result<()> {
    heading(roff, texts.man_environment())?;
    entry(roff, "OBX_KEY, OBX_SECRET", texts.man_credentials())?;
    let by_flag = [
        ("OBX_PROFILE", "--profile"),
        ("OBX_CONFIG", "--config"),
        ("OBX_AUTH", "--auth"),
        ("OBX_HOST", "--host"),
        ("OBX_PLATFORM", "--platform"),
        ("OBX_LANG", "--lang"),
        ("OBX_UI_LANG", "--ui-lang"),
    ];
    for (variable, flag) in by_flag {
        entry(roff, variable, &texts.man_same_as(flag))?;
    }
    entry(roff, "OBX_LOG", texts.man_log())?;
    entry(roff, "NO_COLOR", texts.man_no_color())?;
    entry(roff, "CLICOLOR_FORCE", texts.man_force_color())
}

fn render_files(texts: Texts, roff: &mut Vec<u8>) -> io::Result<()> {
    heading(roff, texts.man_files())?;
    entry(roff, "$XDG_CONFIG_HOME/obx/config.toml", texts.man_config_file())?;
    entry(roff, "$XDG_DATA_HOME/obx/store.sqlite", texts.man_store_file())?;
    entry(roff, "$XDG_STATE_HOME/obx/obx.log", texts.man_log_file())
}

fn render_exit_status(texts: Texts, roff: &mut Vec<u8>) -> io::Result<()> {
    heading(roff, texts.man_exit_status())?;
    for code in ExitCode::ALL {
        entry(roff, &code.number().to_string(), describe(code, texts))?;
    }
    entry(roff, "128+N", texts.man_exit_signal())
}

fn describe(code: ExitCode, texts: Texts) -> &'static str {
    match code {
        ExitCode::Ok => texts.man_exit_ok(),
        ExitCode::Internal => texts.man_exit_internal(),
        ExitCode::Usage => texts.man_exit_usage(),
        ExitCode::NoResult => texts.man_exit_no_result(),
        ExitCode::Account => texts.man_exit_account(),
        ExitCode::Quota => texts.man_exit_quota(),
        ExitCode::Network => texts.man_exit_network(),
        ExitCode::Vendor => texts.man_exit_vendor(),
        ExitCode::Refused => texts.man_exit_refused(),
        ExitCode::NotUnderstood => texts.man_exit_not_understood(),
        ExitCode::SomeFailed => texts.man_exit_some_failed(),
        ExitCode::Signal(_) => texts.man_exit_signal(),
    }
}

fn heading(roff: &mut Vec<u8>, title: &str) -> io::Result<()> {
    writeln!(roff, ".SH {title}")
}

fn entry(roff: &mut Vec<u8>, term: &str, text: &str) -> io::Result<()> {
    writeln!(roff, ".TP\n\\fB{}\\fR\n{}", escaped(term), escaped(text))
}

/// Text in which roff finds no command.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    let is_command = text.starts_with(['.', '\'']);
    if is_command { format!("\\&{text}") } else { text }
}

/// The generator's own headings are English.
fn with_headings(roff: &str, texts: Texts) -> String {
    let english = Texts::new(Language::En);
    let headings: [fn(Texts) -> &'static str; 4] =
        [Texts::man_name, Texts::man_synopsis, Texts::man_description, Texts::man_options];
    headings.iter().fold(roff.to_owned(), |roff, heading| {
        roff.replace(&format!(".SH {}\n", heading(english)), &format!(".SH {}\n", heading(texts)))
    })
}
