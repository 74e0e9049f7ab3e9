//! `obx view FILE`: a saved answer or HAR file in the explorer. No credentials are needed, nothing can be sent, and
//! nothing is left behind.

use std::fs;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

use anyhow::{Context, anyhow};
use bytes::Bytes;
use jiff::Timestamp;

use super::args::View;
use super::{ExitCode, Failed, explore};
use crate::config::{self, Environment};
use crate::tui::effects::File;
use crate::tui::terminal;

/// How stdin is written in place of a file.
const STDIN: &str = "-";

pub(super) fn run(args: &View, environment: &Environment) -> Result<ExitCode, Failed> {
    let config = config::for_files(args.ui_lang.as_deref(), environment).map_err(Failed::usage)?;
    if !io::stdout().is_terminal() {
        return Err(Failed::usage(anyhow!("the explorer needs a terminal on stdout")));
    }
    let (content, name, at) = read(&args.file).map_err(Failed::usage)?;
    if args.file.as_os_str() == STDIN {
        terminal::type_from_terminal()
            .context("there is no terminal to take keys from")
            .map_err(Failed::usage)?;
    }
    let credentials = config::own_credentials(environment);
    explore::show(&config, environment, Some(File { content, name, at, credentials }), None)
}

fn read(path: &Path) -> anyhow::Result<(Bytes, String, Timestamp)> {
    if path.as_os_str() == STDIN {
        if io::stdin().is_terminal() {
            return Err(anyhow!("there is nothing on stdin: pipe an answer into obx view -"));
        }
        let mut content = Vec::new();
        io::stdin().lock().read_to_end(&mut content).context("can't read stdin")?;
        return Ok((content.into(), "stdin".to_owned(), Timestamp::now()));
    }
    let shown = path.display();
    let content = fs::read(path).with_context(|| format!("can't read {shown}"))?;
    let written = fs::metadata(path).and_then(|about| about.modified()).ok();
    let at = written.and_then(|written| Timestamp::try_from(written).ok()).unwrap_or_else(Timestamp::now);
    let name = path.file_name().map_or_else(|| shown.to_string(), |name| name.to_string_lossy().into_owned());
    Ok((content.into(), name, at))
}
