//! The process that has a call under way, identified even if its process number is given to another process later.
//!
//! If it can't be identified, it counts as running: a process of another machine, of another container, or on a
//! system without `/proc`. Others then wait until its lease expires.

use std::fs;
use std::sync::LazyLock;

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};
#[cfg(target_os = "linux")]
use rustix::{
    event::{PollFd, PollFlags, poll},
    fd::OwnedFd,
    process::{PidfdFlags, pidfd_open},
};
use serde::{Deserialize, Serialize};

/// The process that sent a call.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Owner {
    /// The process number on its machine.
    pub pid: u32,
    /// The machine's host name; empty if it has none.
    pub machine: String,
    /// The boot ID of the machine and the PID namespace, within which `pid` identifies one process; `None` if not
    /// known.
    pid_space: Option<String>,
    /// When the process started, in clock ticks since boot; `None` if not known.
    started: Option<u64>,
}

impl Owner {
    /// Returns this process.
    pub fn this_process() -> &'static Self {
        static THIS: LazyLock<Owner> = LazyLock::new(|| {
            let pid = std::process::id();
            let machine = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
            let machine = machine.trim().to_owned();
            Owner {
                pid,
                machine,
                pid_space: pid_space(),
                started: Stat::from_pid(pid).map(|stat| stat.started),
            }
        });
        &THIS
    }

    /// Returns true if it is a process of this machine and PID namespace, so that its number is valid here.
    pub fn is_on_this_machine(&self) -> bool {
        self.pid_space.is_some() && self.pid_space == Self::this_process().pid_space
    }

    /// Blocks until the process has ended and returns true; returns `false` at once if that can't be observed.
    pub fn wait_for_end(&self) -> bool {
        #[cfg(target_os = "linux")]
        if let Some(pid) = self.pid_here()
            && let Ok(process) = pidfd_open(pid, PidfdFlags::empty())
        {
            // Its number may have been given to another process before this one opened it.
            return self.has_ended() || blocks_until_readable(&process);
        }
        self.has_ended()
    }

    fn pid_here(&self) -> Option<Pid> {
        let pid = i32::try_from(self.pid).ok().and_then(Pid::from_raw);
        pid.filter(|_| self.is_on_this_machine())
    }

    /// Returns true if the process has certainly ended.
    pub fn has_ended(&self) -> bool {
        let Some(pid) = self.pid_here() else { return false };
        if test_kill_process(pid) == Err(Errno::SRCH) {
            return true;
        }
        let Some(stat) = Stat::from_pid(self.pid) else { return false };
        stat.has_ended || self.started.is_some_and(|started| started != stat.started)
    }
}

/// Blocks until `fd` is readable; returns `false` on an error.
#[cfg(target_os = "linux")]
fn blocks_until_readable(fd: &OwnedFd) -> bool {
    loop {
        match poll(&mut [PollFd::new(fd, PollFlags::IN)], None) {
            Err(Errno::INTR) => {}
            polled => return polled.is_ok(),
        }
    }
}

/// Identifies the boot and the PID namespace: process numbers are reused after a restart, and each container has its
/// own.
fn pid_space() -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let container = fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{} {}", boot.trim(), container.display()))
}

/// The fields of `/proc/<pid>/stat` that are used here.
struct Stat {
    /// The process has ended, even if its parent has not waited for it yet.
    has_ended: bool,
    started: u64,
}

impl Stat {
    fn from_pid(pid: u32) -> Option<Self> {
        Self::parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }

    /// Parses the fields after the program's name, which may contain spaces and brackets. The first of them is field
    /// 3.
    fn parse(text: &str) -> Option<Self> {
        let (_, fields) = text.rsplit_once(')')?;
        let mut fields = fields.split_whitespace();
        let has_ended = matches!(fields.next()?, "Z" | "X" | "x");
        Some(Self { has_ended, started: fields.nth(18)?.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    fn owner_of(pid: u32) -> Owner {
        let started = Stat::from_pid(pid).map(|stat| stat.started);
        Owner { pid, started, ..Owner::this_process().clone() }
    }

    #[test]
    fn a_process_has_ended_once_it_has_and_not_before() {
        assert!(!Owner::this_process().has_ended());
        let mut child = Command::new("sleep").arg("60").stdin(Stdio::null()).spawn().unwrap();
        let owner = owner_of(child.id());
        assert!(!owner.has_ended());
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(owner.has_ended());
    }

    #[test]
    fn another_process_under_the_same_number_is_not_taken_for_it() {
        let this = Owner::this_process();
        let before = Owner { started: this.started.map(|started| started.wrapping_sub(1)), ..this.clone() };
        assert!(before.has_ended());
    }

    #[test]
    fn a_process_of_another_machine_or_of_none_that_is_known_is_not_judged() {
        let gone = Owner { pid: i32::MAX.unsigned_abs(), ..Owner::this_process().clone() };
        assert!(gone.has_ended());
        for pid_space in [None, Some("another start".to_owned())] {
            assert!(!Owner { pid_space, ..gone.clone() }.has_ended());
        }
    }

    #[test]
    fn a_name_with_brackets_hides_nothing() {
        let stat = Stat::parse("7 (a) Z (b) S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4242 9 9").unwrap();
        assert_eq!((stat.has_ended, stat.started), (false, 4242));
        assert!(Stat::parse("7 (sh) Z 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4242").unwrap().has_ended);
        assert!(Stat::parse("7 (sh").is_none());
    }
}
