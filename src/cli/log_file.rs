//! The log: only when `OBX_LOG` asks for it, only to a file, and only what obx itself says. Libraries log
//! URLs, and an URL holds the key.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Mutex;

use anyhow::{Context, anyhow};
use rustix::fs::OFlags;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use obx_core::config::{Environment, Paths};
use obx_core::store::kind_of;

/// Starts it, at the level of `OBX_LOG`: error, warn, info, debug or trace.
pub(super) fn start(environment: &Environment) -> anyhow::Result<()> {
    let Some(level) = environment.log_level() else { return Ok(()) };
    let level: LevelFilter =
        level.parse().map_err(|_| anyhow!("OBX_LOG is error, warn, info, debug or trace, not {level:?}"))?;
    let folder =
        Paths::of(environment).state_dir.context("OBX_LOG is set, but there is no HOME to write a log in")?;
    fs::create_dir_all(&folder).with_context(|| format!("can't make {}", folder.display()))?;
    let path = folder.join("obx.log");
    let file = open(&path).with_context(|| format!("can't write {}", path.display()))?;
    let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Mutex::new(file));
    // "onebound" and "obx" are the beginnings of all of the workspace's crates.
    let own = Targets::new().with_target("obx", level).with_target("onebound", level);
    tracing_subscriber::registry().with(layer).with(own).init();
    Ok(())
}

/// A FIFO would be waited for until somebody reads it, so nothing is waited for; of a file that makes no difference.
fn open(path: &Path) -> anyhow::Result<File> {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let mut options = OpenOptions::new();
    options.create(true).append(true).mode(0o600).custom_flags(i32::try_from(flags.bits())?);
    let opened = options.open(path);
    // What was opened, for another may lie there by now; what could not be has a kind as well.
    let about = opened.as_ref().map_or_else(|_| fs::metadata(path), File::metadata);
    match about.ok().and_then(|about| kind_of(about.file_type())) {
        Some(kind) => Err(anyhow!("this is {kind}, and the log is a file")),
        None => Ok(opened?),
    }
}
