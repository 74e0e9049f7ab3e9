//! `obx config check` and `obx config edit`.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use super::template;
use crate::cli::args::GlobalArgs;
use crate::cli::explore::keymap;
use crate::cli::failure::CliFailure;
use crate::cli::{ExitCode, say};
use crate::tui::editor_command;
use obx_core::config::{self, ConfigFile, CredentialsUse, Environment};
use obx_core::i18n::Texts;

/// Says all mistakes of the config file, or that it has none unless it is to be quiet. No `key_command` runs.
pub(super) fn check(
    is_quiet: bool,
    global: &GlobalArgs,
    environment: &Environment,
    texts: Texts,
) -> Result<ExitCode, CliFailure> {
    let config = config::load(&global.flags(CredentialsUse::Unused), environment)?;
    let _ = keymap(&config)?; // only its mistakes matter
    let path = config.keys.path.as_deref();
    let fine = match path {
        Some(path) => texts.named(path.display(), texts.config_no_mistakes()),
        None => texts.config_no_file().to_owned(),
    };
    if !is_quiet {
        say(format_args!("obx: {fine}"));
    }
    Ok(ExitCode::Ok)
}

/// Opens the config file in the user's editor, and checks it then. A file with mistakes stays as it was edited.
pub(super) fn edit(
    global: &GlobalArgs,
    environment: &Environment,
    texts: Texts,
) -> Result<ExitCode, CliFailure> {
    let flag = global.flags(CredentialsUse::Unused).config;
    let file = ConfigFile::choose(flag.as_deref(), environment).ok_or(CliFailure::NoConfigPlace)?;
    if !file.path.exists() {
        create(&file.path, &template(texts))
            .map_err(|error| CliFailure::Unwritten(file.path.clone(), error))?;
        say(format_args!("obx: {}", texts.config_created(file.path.display())));
    }
    let (editor, mut command) = editor_command(&file.path);
    let status = command.status().map_err(CliFailure::machine(Texts::cli_no_editor))?;
    if !status.success() {
        return Err(CliFailure::EditorFailed(editor, status.to_string()));
    }
    check(global.quiet, global, environment, texts)
}

/// Only its owner can read it, since it may be given a secret.
fn create(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}
