//! `obx store`: the store as a whole. Nothing is sent, and no credentials are looked up.

mod check;
mod copy;

use std::path::Path;
use std::sync::Arc;

use super::ExitCode;
use super::args::GlobalArgs;
use super::failure::CliFailure;
use obx_core::config::{self, CredentialsUse, Environment, Place};
use obx_core::i18n::{Describe, Texts};
use obx_core::store::{self, StoreError, StoreRows};

#[derive(clap::Args, Debug)]
pub(super) struct StoreCommandArgs {
    #[command(subcommand)]
    command: StoreCommand,
}

#[derive(clap::Subcommand, Debug)]
enum StoreCommand {
    Copy(copy::CopyArgs),
    Check(check::StoreCheckArgs),
}

/// Why a store can't be copied or checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StoreMistake {
    /// There is no store of this name.
    None(String),
    /// Both are the same store.
    Same(String),
    /// It is in memory alone.
    Memory,
}

impl Describe for StoreMistake {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::None(place) => texts.store_none(place),
            Self::Same(place) => texts.store_copy_same(place),
            Self::Memory => texts.store_check_memory().to_owned(),
        }
    }
}

pub(super) fn run_store(
    args: &StoreCommandArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    match &args.command {
        StoreCommand::Copy(args) => copy::run_copy(args, global, environment),
        StoreCommand::Check(args) => check::run_check(args, global, environment),
    }
}

/// Its records in docs/json.md.
#[cfg(test)]
pub(super) fn tables() -> Vec<super::documented::Table> {
    use super::documented::Table;
    vec![
        Table::new(&copy::copy_schema(), &["store copy"]),
        Table::new(&check::finding_schema(), &["store check"]),
    ]
}

/// The help of the arguments.
pub(super) fn help(id: &str, texts: Texts) -> Option<&'static str> {
    Some(match id {
        "copy_from" => texts.help_copy_from(),
        "copy_to" => texts.help_copy_to(),
        "checked_store" => texts.help_checked_store(),
        _ => return None,
    })
}

/// What a subcommand of `obx store` does.
pub(super) fn about(name: &str, texts: Texts) -> &'static str {
    if name == "copy" { texts.about_store_copy() } else { texts.about_store_check() }
}

/// The place of a path or address, as `--store` takes it. Its limits do not hold: a copy deletes nothing.
fn place(path: Option<&Path>, global: &GlobalArgs, environment: &Environment) -> Result<Place, CliFailure> {
    let mut flags = global.flags(CredentialsUse::Unused);
    if let Some(path) = path {
        (flags.store.path, flags.store.no_store) = (Some(path.to_owned()), false);
    }
    Ok(match config::load(&flags, environment)?.place {
        Place::File { path, .. } => Place::file(path),
        place => place,
    })
}

/// A store that is there.
async fn existing(place: &Place) -> Result<Arc<dyn StoreRows>, CliFailure> {
    if *place == Place::Memory {
        return Err(CliFailure::StoreCommand(StoreMistake::Memory));
    }
    let asked = place.clone();
    let exists = tokio::task::spawn_blocking(move || store::exists(&asked)).await;
    if exists.map_err(|error| StoreError::broken(&error))?? {
        Ok(store::open_rows(place))
    } else {
        Err(CliFailure::StoreCommand(StoreMistake::None(place.to_string())))
    }
}
