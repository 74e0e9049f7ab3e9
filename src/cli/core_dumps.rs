//! Disables core dumps of this process, because they would contain the secret.

/// From now on the system writes no core dump of this process. Programs that it starts are not affected.
pub(super) fn forbid() {
    if let Err(error) = set() {
        tracing::warn!(%error, "core dumps can't be switched off");
    }
}

/// The system resets this for every program that is started.
#[cfg(target_os = "linux")]
fn set() -> rustix::io::Result<()> {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};

    set_dumpable_behavior(DumpableBehavior::NotDumpable)
}

/// Lowers only the soft limit, which every program may raise again.
#[cfg(not(target_os = "linux"))]
fn set() -> rustix::io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    setrlimit(Resource::Core, Rlimit { current: Some(0), ..getrlimit(Resource::Core) })
}
