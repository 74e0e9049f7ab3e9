//! What the process ends with. Frozen: scripts depend on it.

use std::process::{ExitCode as Code, Termination};

/// All exit codes of obx.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitCode {
    /// All went well.
    Ok,
    /// Something is wrong with obx or the machine.
    Internal,
    /// The command line, the environment or the config file is wrong.
    Usage,
    /// Ended by a signal of this number.
    Signal(u8),
}

impl Termination for ExitCode {
    fn report(self) -> Code {
        Code::from(match self {
            Self::Ok => 0,
            Self::Internal => 1,
            Self::Usage => 2,
            Self::Signal(number) => 128 + number,
        })
    }
}
