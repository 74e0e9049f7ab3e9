//! `obx view FILE`: a saved answer or HAR file in the explorer. No credentials are needed, nothing can be sent, and
//! nothing is left behind.

pub(super) mod content;

use std::io::{self, IsTerminal};
use std::path::Path;

use super::args::{GlobalArgs, ViewArgs};
use super::failure::CliFailure;
use super::{ExitCode, explore, say, warn};
use crate::keymap::Keymap;
use crate::tui::effects::File;
use crate::tui::terminal;
use obx_core::config::{self, Environment, ViewConfig};
use obx_core::i18n::{Describe, Texts};

/// How stdin is written in place of a file.
const STDIN: &str = "-";

pub(super) fn run(
    args: &ViewArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    let ViewConfig { config, max_bytes, credentials } =
        config::for_files(global.ui_lang(), args.max_size.as_deref(), global.screen(), environment)?;
    warn(&config);
    if !io::stdout().is_terminal() {
        return Err(CliFailure::NoScreen);
    }
    let file = file(&args.file, max_bytes)?;
    if !io::stdin().is_terminal() {
        terminal::use_terminal_as_stdin().map_err(CliFailure::NoKeyboard)?;
    }
    // A mistake in the config file keeps nobody from reading another file.
    let keymap = explore::keymap(&config).unwrap_or_else(|mistakes| {
        say(format_args!("obx: {}", mistakes.describe(Texts::new(config.language))));
        Keymap::default()
    });
    explore::show(&config, keymap, environment, Some(File { credentials, ..file }), None)
}

fn file(path: &Path, max_bytes: usize) -> Result<File, CliFailure> {
    if path.as_os_str() != STDIN {
        return content::from_path(path, max_bytes).map_err(CliFailure::View);
    }
    if io::stdin().is_terminal() {
        return Err(CliFailure::NothingOnStdin);
    }
    content::from_stdin(max_bytes).map_err(CliFailure::View)
}
