//! `obx view FILE`: a saved answer or HAR file in the explorer. No credentials are needed, nothing can be sent, and
//! nothing is left behind.

mod content;

use std::io::{self, IsTerminal};
use std::path::Path;

use anyhow::{Context, anyhow};

use super::args::View;
use super::{ExitCode, Failed, explore};
use crate::tui::effects::File;
use crate::tui::terminal;
use obx_core::config::{self, Environment};

/// How stdin is written in place of a file.
const STDIN: &str = "-";

pub(super) fn run(args: &View, environment: &Environment) -> Result<ExitCode, Failed> {
    let config = config::for_files(args.ui_lang.as_deref(), environment).map_err(Failed::usage)?;
    let largest = config::largest_file(args.max_size.as_deref(), environment).map_err(Failed::usage)?;
    if !io::stdout().is_terminal() {
        return Err(Failed::usage(anyhow!("the explorer needs a terminal on stdout")));
    }
    let file = file(&args.file, largest).map_err(Failed::usage)?;
    if !io::stdin().is_terminal() {
        let keys = terminal::use_terminal_as_stdin().context("there is no terminal to take keys from");
        keys.map_err(Failed::usage)?;
    }
    let credentials = config::own_credentials(environment);
    explore::show(&config, environment, Some(File { credentials, ..file }), None)
}

fn file(path: &Path, largest: usize) -> anyhow::Result<File> {
    if path.as_os_str() != STDIN {
        return content::of_path(path, largest);
    }
    if io::stdin().is_terminal() {
        return Err(anyhow!("there is nothing on stdin: pipe an answer into obx view -"));
    }
    content::of_stdin(largest)
}
