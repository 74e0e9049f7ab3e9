//! Why there is no configuration.

mod describe;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use onebound::{CallError, CredentialsError, HostError};

use crate::file_kind::FileKind;
use crate::i18n::{Describe, Language, Texts};

/// Why there is no configuration.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ConfigError {
    /// A variable whose value is no text.
    NotUtf8(&'static str),
    /// A flag, variable or profile whose value can't be used.
    Value {
        /// The flag, variable or profile.
        origin: SettingOrigin,
        /// What is wrong with it.
        reason: ValueError,
    },
    /// The config file can't be read at all.
    Unreadable {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        reason: Arc<io::Error>,
    },
    /// No config file is that large.
    TooLarge(PathBuf),
    /// The store's path leads to something that is no file.
    StoreNotAFile {
        /// Its path.
        path: PathBuf,
        /// What it leads to.
        kind: FileKind,
    },
    /// A file of passwords that others can read.
    PasswordFileReadable(PathBuf),
    /// `password_command` gave no password.
    PasswordCommand(CommandFailure),
    /// There is neither a home directory nor another place for the store.
    NoStorePath,
    /// A file with mistakes in it: all of them, in order; only the first where it is no TOML.
    File {
        /// Its path.
        path: PathBuf,
        /// The mistakes.
        problems: Vec<Problem>,
    },
    /// A profile that does not exist.
    NoProfile {
        /// Where it is named.
        origin: SettingOrigin,
        /// How it was named.
        name: String,
        /// Those that exist.
        known: Vec<String>,
    },
    /// Several profiles, and no word on which.
    Undecided {
        /// Those that exist.
        known: Vec<String>,
    },
    /// Key and secret come from the same source or not at all.
    HalfPair {
        /// The variable that is set.
        set: &'static str,
        /// The variable that is missing.
        missing: &'static str,
    },
    /// A `key_command` that gave no pair.
    Command {
        /// The profile that it belongs to.
        profile: String,
        /// What went wrong.
        failure: CommandFailure,
    },
    /// A command that calls, without credentials.
    NoCredentials,
    /// A host is named, so an account is meant, and there is none: DEMO would be a surprise.
    HostWithoutCredentials(SettingOrigin),
}

/// Where a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingOrigin {
    /// A flag or a variable, by its name.
    Name(&'static str),
    /// `OBX_KEY` and `OBX_SECRET`.
    Pair,
    /// `profile` in the file.
    Profile,
    /// `hosts` of this profile.
    Hosts(String),
    /// `key_command` of this profile.
    KeyCommand(String),
}

/// Why a value can't be used, wherever it comes from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// A part of a call that can't be sent.
    Call(#[from] CallError),
    /// No host that calls may go to.
    Host(#[from] HostError),
    /// A pair that can't be right.
    Credentials(#[from] CredentialsError),
    /// None of a few words.
    NotOneOf {
        /// What was given.
        value: String,
        /// The words.
        choices: &'static str,
    },
    /// No duration.
    NoDuration(String),
    /// No size.
    NoSize(String),
    /// A duration or size of zero.
    Zero,
    /// A number below zero.
    Negative,
    /// A number that is too large to be one.
    TooMany,
    /// A longer duration than the one allowed.
    TooLong(String, Duration),
    /// A size that can't be read.
    TooLarge(String),
    /// A relative path: it would depend on where obx is started.
    NoPath(String),
    /// No address of a database, by the parser's words, which quote nothing.
    NoServer(String),
    /// A parameter of a database's address that there is none of.
    NoServerParameter(String),
    /// A parameter of a database's address without a value.
    EmptyServerParameter(String),
    /// Nearly the address of a database, or that of something else.
    NoStorePlace,
    /// No name of somebody who asks.
    NoPerson,
    /// No port of a server.
    NoPort(String),
    /// A database's address, in a program that has no engine for it.
    WithoutPostgres,
    /// A database's address with a password in it.
    PasswordInAddress,
    /// A path below a home directory that does not exist.
    NoHome(String),
    /// No amount of yuan.
    NoPrice(String),
    /// Nothing that a parameter could be called.
    NoName(String),
    /// A column that is none, but nearly another one.
    NoColumn {
        /// What was written.
        name: String,
        /// The column that it is nearly.
        meant: &'static str,
    },
    /// No number for `[price.vars]`.
    NoNumber(String),
    /// Nothing that a formula could call a number, or an export a column.
    NoVariable(String),
    /// A calculated column with the name of another column of a SKU.
    TakenColumn(String),
    /// A number for formulas with a name by which they see something else.
    TakenVariable(String),
    /// A formula without a program.
    NoFormula,
    /// A parameter without `=`. Its text is left out: it may be a key that was pasted in the wrong place.
    NoPair,
}

/// Why a command gave no pair or no password. Neither the command nor its output is in it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CommandFailure {
    /// `sh` could not be started.
    Start(Arc<io::Error>),
    /// It did not succeed.
    Status(String),
    /// Fewer lines than two.
    Lines(usize),
    /// Its first line is empty, or missing.
    Empty,
    /// Its output is no text.
    NotUtf8,
}

/// One mistake in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1, where the line alone would not do.
    pub column: Option<usize>,
    pub(super) mistake: Mistake,
}

/// What is wrong at a place of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mistake {
    NotUtf8,
    /// In the parser's words, which quote nothing.
    Syntax(String),
    UnknownKey {
        key: String,
        /// The key that was probably meant.
        meant: Option<&'static str>,
    },
    /// A key of another table.
    OtherTable {
        key: String,
        table: &'static str,
    },
    WrongType {
        key: String,
        expected: Expected,
        /// As TOML calls it.
        found: &'static str,
    },
    Value {
        key: String,
        reason: ValueError,
    },
    KeyAlone,
    SecretAlone,
    CommandAndPair,
    /// Key or secret, in a file that others can read.
    PairReadable,
    /// A parameter that is a secret by its name, in a file that others can read.
    NameReadable(String),
    /// `key_command` or `password_command`, in a file that anybody can change.
    CommandWritable(&'static str),
    /// `keep` or `max_size` beside the address of a database.
    RetentionOnServer,
    /// The list of hosts is empty.
    NoHosts,
}

/// The type that a value of the file must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    Text,
    Switch,
    Number,
    List,
    Table,
    /// A key or a list of keys.
    Keys,
}

/// What the user should know and may well have meant.
#[derive(Clone, Debug)]
pub enum Warning {
    /// The profile that was named has credentials, but those of the environment are used.
    PairUnused {
        /// Where the profile is named.
        origin: SettingOrigin,
        /// Its name.
        profile: String,
    },
    /// The profile that was named has no credentials: this is DEMO.
    ProfileIsDemo {
        /// Where the profile is named.
        origin: SettingOrigin,
        /// Its name.
        profile: String,
    },
    /// A file is viewed without the settings of the config file, which can't be read.
    FileIgnored(ConfigError),
}

/// English, for logs and tests.
macro_rules! display_in_english {
    ($($type:ty),+) => {
        $(impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.describe(Texts::new(Language::En)))
            }
        })+
    };
}

display_in_english!(ConfigError, ValueError, CommandFailure);
