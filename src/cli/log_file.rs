//! The log: only where `OBX_LOG` is set, only to a file, and only of obx's own crates. Libraries log URLs, and a URL holds
//! the key.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::Mutex;

use rustix::fs::OFlags;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::failure::CliFailure;
use obx_core::config::{Environment, Paths};
use obx_core::file_kind::FileKind;

/// Starts it, at the level of `OBX_LOG`: error, warn, info, debug or trace.
pub(super) fn start(environment: &Environment) -> Result<(), CliFailure> {
    let Some(level) = environment.log_level() else { return Ok(()) };
    let level: LevelFilter = level.parse().map_err(|_| CliFailure::LogLevel(level.to_owned()))?;
    let paths = Paths::new(environment);
    let (Some(folder), Some(path)) = (&paths.state_dir, paths.log()) else {
        return Err(CliFailure::NoLogFolder);
    };
    fs::create_dir_all(folder).map_err(|error| CliFailure::Log(folder.clone(), error))?;
    let file = open(path)?;
    let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Mutex::new(file));
    // "onebound" and "obx" are the beginnings of all of the workspace's crates.
    let own = Targets::new().with_target("obx", level).with_target("onebound", level);
    tracing_subscriber::registry().with(layer).with(own).init();
    Ok(())
}

/// Opens it without waiting, which makes a difference for a FIFO that nobody reads.
fn open(path: PathBuf) -> Result<File, CliFailure> {
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
    let opened = OpenOptions::new().create(true).append(true).mode(0o600).custom_flags(flags).open(&path);
    // Of the open file, for another may be at its path by now; what could not be opened has a kind as well.
    let metadata = opened.as_ref().map_or_else(|_| fs::metadata(&path), File::metadata);
    match metadata.ok().and_then(|metadata| FileKind::new(metadata.file_type())) {
        Some(kind) => Err(CliFailure::LogNotAFile(path, kind)),
        None => opened.map_err(|error| CliFailure::Log(path, error)),
    }
}
