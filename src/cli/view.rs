//! `obx view FILE`: a saved answer or HAR file in the explorer. No credentials are needed, nothing can be sent, and
//! nothing is left behind.

mod content;

use std::io::{self, IsTerminal};
use std::path::Path;

use super::args::ViewArgs;
use super::failure::CliFailure;
use super::{ExitCode, explore, warn};
use crate::tui::effects::File;
use crate::tui::terminal;
use obx_core::config::{self, Environment, ViewConfig};

/// How stdin is written in place of a file.
const STDIN: &str = "-";

pub(super) fn run(
    args: &ViewArgs,
    ui_lang: Option<&str>,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    let ViewConfig { config, max_bytes, credentials } =
        config::for_files(ui_lang, args.max_size.as_deref(), args.screen.flags(), environment)?;
    warn(&config);
    if !io::stdout().is_terminal() {
        return Err(CliFailure::NoScreen);
    }
    let file = file(&args.file, max_bytes)?;
    if !io::stdin().is_terminal() {
        terminal::use_terminal_as_stdin().map_err(CliFailure::NoKeyboard)?;
    }
    explore::show(&config, environment, Some(File { credentials, ..file }), None)
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
