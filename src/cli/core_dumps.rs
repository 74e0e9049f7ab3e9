//! No core dump of this process: the secret would lie in it.

/// From now on the system writes none, whatever ends the process. Programs that it starts are not touched by this.
pub(super) fn forbid() {
    if let Err(error) = set() {
        tracing::warn!(%error, "core dumps can't be switched off");
    }
}

/// Undone by the system for every program that is started.
#[cfg(target_os = "linux")]
fn set() -> rustix::io::Result<()> {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};

    set_dumpable_behavior(DumpableBehavior::NotDumpable)
}

/// Only the limit in force, which every program may raise again for itself.
#[cfg(not(target_os = "linux"))]
fn set() -> rustix::io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    setrlimit(Resource::Core, Rlimit { current: Some(0), ..getrlimit(Resource::Core) })
}
