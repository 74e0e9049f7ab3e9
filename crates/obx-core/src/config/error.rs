//! Why there is no configuration. What users wrote is shown escaped; what may be secret is not shown at all.

use std::fmt;
use std::path::{Path, PathBuf};

use onebound::CredentialsError;

/// Why there is no configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A variable whose value is no text.
    #[error("{variable} is not UTF-8")]
    NotUtf8 {
        /// Its name.
        variable: &'static str,
    },
    /// A flag or variable whose value can't be used.
    #[error("{origin}: {reason}")]
    Value {
        /// The flag or variable.
        origin: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A file that can't be read at all.
    #[error("{}: {reason}", shown(path))]
    Unreadable {
        /// Its path.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// A file with mistakes in it: all of them, in order; only the first where it is no TOML.
    #[error("{}", listed(path, problems))]
    File {
        /// Its path.
        path: PathBuf,
        /// The mistakes.
        problems: Vec<Problem>,
    },
    /// A profile that does not exist.
    #[error("{origin}: there is no profile {name:?}; {}", choice(known))]
    NoProfile {
        /// Where it is named.
        origin: &'static str,
        /// How it was named.
        name: String,
        /// Those that exist.
        known: Vec<String>,
    },
    /// Several profiles, and no word on which.
    #[error("name a profile by --profile, OBX_PROFILE, or `profile` in the file; {}", choice(known))]
    Undecided {
        /// Those that exist.
        known: Vec<String>,
    },
    /// Key and secret come from the same source or not at all.
    #[error("{set} is set and {missing} is not: key and secret come as a pair, from the same source")]
    HalfPair {
        /// The variable that is set.
        set: &'static str,
        /// The variable that is missing.
        missing: &'static str,
    },
    /// A pair that can't be right.
    #[error("{origin}: {reason}")]
    Credentials {
        /// Where the pair comes from.
        origin: String,
        /// What is wrong with it.
        reason: CredentialsError,
    },
    /// A `key_command` that gave no pair.
    #[error("key_command of profile {profile:?} {failure}")]
    Command {
        /// The profile that it belongs to.
        profile: String,
        /// What went wrong.
        failure: CommandFailure,
    },
    /// A host is named, so an account is meant, and there is none: DEMO would be a surprise.
    #[error("{origin} needs credentials: set OBX_KEY and OBX_SECRET")]
    HostWithoutCredentials {
        /// Where the host is named.
        origin: String,
    },
}

/// Why a `key_command` gave no pair. Neither the command nor its output is in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandFailure {
    /// `sh` could not be started.
    #[error("could not be started: {0}")]
    Start(String),
    /// It did not succeed.
    #[error("failed with {0}")]
    Status(String),
    /// Fewer lines than two.
    #[error("gave {0} of two lines: the first is the key, the second the secret")]
    Lines(usize),
    /// Its output is no text.
    #[error("gave output that is not UTF-8")]
    NotUtf8,
}

/// One mistake in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1, where the line alone would not do.
    pub column: Option<usize>,
    /// What is wrong there.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column {
            Some(column) => write!(f, "line {}, column {column}: {}", self.line, self.text),
            None => write!(f, "line {}: {}", self.line, self.text),
        }
    }
}

/// A path in quotes, with whatever would act on a terminal escaped.
pub(super) fn shown(path: &Path) -> String {
    format!("{:?}", path.to_string_lossy())
}

fn listed(path: &Path, problems: &[Problem]) -> String {
    let line = |problem: &Problem| format!("{}: {problem}", shown(path));
    problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn choice(known: &[String]) -> String {
    if known.is_empty() {
        return "no file defines any".to_owned();
    }
    let names: Vec<_> = known.iter().map(|name| format!("{name:?}")).collect();
    format!("there are {}", names.join(", "))
}
