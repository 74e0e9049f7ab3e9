//! Why there is no configuration. What users wrote is shown escaped; what may be secret is not shown at all.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
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
    /// A path below a home directory that does not exist.
    NoHome(String),
    /// No amount of yuan.
    NoPrice(String),
    /// Nothing that a parameter could be called.
    NoName(String),
    /// A parameter without `=`. Its text is left out: it may be a key that was pasted in the wrong place.
    NoPair,
}

/// Why a `key_command` gave no pair. Neither the command nor its output is in it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CommandFailure {
    /// `sh` could not be started.
    Start(Arc<io::Error>),
    /// It did not succeed.
    Status(String),
    /// Fewer lines than two.
    Lines(usize),
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
    /// `key_command`, in a file that anybody can change.
    CommandWritable,
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

impl Describe for ConfigError {
    fn describe(&self, texts: Texts) -> String {
        let of_path = |path: &Path, what: String| texts.named(shown(path), what);
        match self {
            Self::NotUtf8(variable) => texts.named(variable, texts.config_not_utf8()),
            Self::Value { origin, reason } => texts.named(origin.describe(texts), reason.describe(texts)),
            Self::Unreadable { path, reason } => of_path(path, reason.describe(texts)),
            Self::TooLarge(path) => of_path(path, texts.config_too_large().to_owned()),
            Self::StoreNotAFile { path, kind } => of_path(path, no_store(*kind, texts)),
            Self::NoStorePath => texts.config_no_home().to_owned(),
            Self::File { path, problems } => {
                let line = |problem: &Problem| of_path(path, problem.describe(path, texts));
                problems.iter().map(line).collect::<Vec<_>>().join("\n")
            }
            Self::NoProfile { origin, name, known } => {
                let missing = texts.config_no_profile(format_args!("{name:?}"));
                texts.named(origin.describe(texts), [missing, choice(known, texts)].join(texts.and_then()))
            }
            Self::Undecided { known } => {
                [texts.config_which_profile(), &choice(known, texts)].join(texts.and_then())
            }
            Self::HalfPair { set, missing } => texts.config_half_pair(set, missing),
            Self::Command { profile, failure } => {
                let origin = texts.origin_key_command(format_args!("{profile:?}"));
                texts.named(origin, failure.describe(texts))
            }
            Self::HostWithoutCredentials(origin) => texts.config_host_alone(origin.describe(texts)),
        }
    }
}

impl Describe for SettingOrigin {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::Name(name) => (*name).to_owned(),
            Self::Pair => texts.origin_pair().to_owned(),
            Self::Profile => texts.origin_profile().to_owned(),
            Self::Hosts(profile) => texts.origin_hosts(format_args!("{profile:?}")),
            Self::KeyCommand(profile) => texts.origin_key_command(format_args!("{profile:?}")),
        }
    }
}

impl Describe for ValueError {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::Call(error) => error.describe(texts),
            Self::Host(error) => error.describe(texts),
            Self::Credentials(error) => error.describe(texts),
            Self::NotOneOf { value, choices } => texts.value_not_one_of(format_args!("{value:?}"), choices),
            Self::NoDuration(value) => texts.value_no_duration(format_args!("{value:?}")),
            Self::NoSize(value) => texts.value_no_size(format_args!("{value:?}")),
            Self::Zero => texts.value_zero().to_owned(),
            Self::Negative => texts.value_negative().to_owned(),
            Self::TooMany => texts.value_too_many(u64::MAX),
            Self::TooLong(value, most) => {
                texts.value_too_long(format_args!("{value:?}"), most.as_secs() / (24 * 60 * 60))
            }
            Self::TooLarge(value) => texts.value_too_large(format_args!("{value:?}")),
            Self::NoPath(value) => texts.value_no_path(format_args!("{value:?}")),
            Self::NoHome(value) => texts.value_no_home(format_args!("{value:?}")),
            Self::NoPrice(value) => texts.value_no_price(format_args!("{value:?}")),
            Self::NoName(value) => texts.value_no_name(format_args!("{value:?}")),
            Self::NoPair => texts.value_no_pair().to_owned(),
        }
    }
}

impl Describe for CommandFailure {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::Start(error) => texts.command_not_started(error.describe(texts)),
            Self::Status(status) => texts.command_failed(status),
            Self::Lines(count) => texts.command_lines(count),
            Self::NotUtf8 => texts.command_not_utf8().to_owned(),
        }
    }
}

impl Problem {
    fn describe(&self, path: &Path, texts: Texts) -> String {
        let what = self.mistake.describe(path, texts);
        match self.column {
            Some(column) => texts.at_column(self.line, column, what),
            None => texts.at_line(self.line, what),
        }
    }
}

impl Mistake {
    fn describe(&self, path: &Path, texts: Texts) -> String {
        match self {
            Self::NotUtf8 => texts.config_not_utf8().to_owned(),
            Self::Syntax(words) => texts.file_not_toml(words),
            Self::UnknownKey { key, meant: None } => texts.file_unknown_key(key.escape_debug()),
            Self::UnknownKey { key, meant: Some(meant) } => {
                texts.file_did_you_mean(key.escape_debug(), meant)
            }
            Self::WrongType { key, expected, found } => {
                texts.file_wrong_type(key.escape_debug(), expected.describe(texts), toml_type(found, texts))
            }
            Self::Value { key, reason } => {
                texts.named(format_args!("`{}`", key.escape_debug()), reason.describe(texts))
            }
            Self::KeyAlone => texts.file_key_alone().to_owned(),
            Self::SecretAlone => texts.file_secret_alone().to_owned(),
            Self::CommandAndPair => texts.file_command_and_pair().to_owned(),
            Self::PairReadable => texts.file_pair_readable(shown(path)),
            Self::NameReadable(name) => texts.file_name_readable(name.escape_debug(), shown(path)),
            Self::CommandWritable => texts.file_command_writable(shown(path)),
            Self::NoHosts => texts.file_no_hosts().to_owned(),
        }
    }
}

impl Describe for Expected {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::Text => texts.file_text(),
            Self::Switch => texts.file_switch(),
            Self::Number => texts.file_number(),
            Self::List => texts.file_list(),
            Self::Table => texts.file_table(),
        }
        .to_owned()
    }
}

/// The name of a type, as TOML's own specification calls it.
fn toml_type(name: &'static str, texts: Texts) -> &'static str {
    match name {
        "string" => texts.type_string(),
        "integer" => texts.type_integer(),
        "float" => texts.type_float(),
        "boolean" => texts.type_boolean(),
        "datetime" => texts.type_datetime(),
        "array" => texts.type_array(),
        "table" => texts.type_table(),
        other => other,
    }
}

impl Describe for Warning {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::PairUnused { origin, profile } => {
                texts.config_pair_unused(origin.describe(texts), format_args!("{profile:?}"))
            }
            Self::ProfileIsDemo { origin, profile } => {
                texts.config_profile_is_demo(origin.describe(texts), format_args!("{profile:?}"))
            }
            Self::FileIgnored(error) => texts.config_ignored(error.describe(texts)),
        }
    }
}

fn no_store(kind: FileKind, texts: Texts) -> String {
    let reason = texts.store_is_a_file(kind.describe(texts));
    // A device is given by who wants to keep nothing: `--store /dev/null`.
    if kind == FileKind::Device {
        [&reason, texts.store_device_hint()].join(texts.and_then())
    } else {
        reason
    }
}

/// A path in quotes, with whatever would act on a terminal escaped.
fn shown(path: &Path) -> String {
    format!("{:?}", path.to_string_lossy())
}

fn choice(known: &[String], texts: Texts) -> String {
    if known.is_empty() {
        return texts.config_no_profiles().to_owned();
    }
    let names: Vec<_> = known.iter().map(|name| format!("{name:?}")).collect();
    texts.config_profiles(names.join(", "))
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
