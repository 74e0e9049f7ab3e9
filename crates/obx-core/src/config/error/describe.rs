//! The words of configuration errors. What users wrote is shown escaped; what may be secret is not shown at all.

use std::path::Path;

use super::{CommandFailure, ConfigError, Expected, Mistake, Problem, SettingOrigin, ValueError, Warning};
use crate::config::parse::MAX_PERSON;
use crate::file_kind::FileKind;
use crate::i18n::{Describe, Texts, with_meant};

impl Describe for ConfigError {
    fn describe(&self, texts: Texts) -> String {
        let of_path = |path: &Path, what: String| texts.named(shown(path), what);
        match self {
            Self::NotUtf8(variable) => texts.named(variable, texts.config_not_utf8()),
            Self::Value { origin, reason } => texts.named(origin.describe(texts), reason.describe(texts)),
            Self::Unreadable { path, reason } => of_path(path, reason.describe(texts)),
            Self::TooLarge(path) => of_path(path, texts.config_too_large().to_owned()),
            Self::StoreNotAFile { path, kind } => of_path(path, no_store(*kind, texts)),
            Self::PasswordFileReadable(path) => texts.config_password_file_readable(shown(path)),
            Self::PasswordCommand(failure) => texts.named("password_command", failure.describe(texts)),
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
            Self::NoCredentials => texts.config_no_credentials().to_owned(),
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
            Self::NotOneOf { value, choices } => {
                let message = texts.value_not_one_of(format_args!("{value:?}"), choices);
                with_meant(message, value, choices.split(", "), texts)
            }
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
            Self::NoServer(reason) => texts.value_no_server(reason),
            Self::NoServerParameter(name) => texts.value_no_server_parameter(format_args!("{name:?}")),
            Self::EmptyServerParameter(name) => texts.value_empty_server_parameter(name),
            Self::NoStorePlace => texts.value_no_store_place().to_owned(),
            Self::NoPerson => texts.value_no_person(MAX_PERSON),
            Self::NoPort(value) => texts.value_no_port(format_args!("{value:?}")),
            Self::WithoutPostgres => texts.value_without_postgres().to_owned(),
            Self::PasswordInAddress => texts.value_password_in_address().to_owned(),
            Self::NoHome(value) => texts.value_no_home(format_args!("{value:?}")),
            Self::NoPrice(value) => texts.value_no_price(format_args!("{value:?}")),
            Self::NoName(value) => texts.value_no_name(format_args!("{value:?}")),
            Self::NoColumn { name, meant } => texts.value_no_column(format_args!("{name:?}"), meant),
            Self::NoNumber(value) => texts.value_no_number(format_args!("{value:?}")),
            Self::NoVariable(value) => texts.value_no_variable(format_args!("{value:?}")),
            Self::TakenColumn(value) => texts.value_taken_column(format_args!("{value:?}")),
            Self::TakenVariable(value) => texts.value_taken_variable(format_args!("{value:?}")),
            Self::NoFormula => texts.value_no_formula().to_owned(),
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
            Self::Empty => texts.command_empty().to_owned(),
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
            Self::OtherTable { key, table } => texts.file_other_table(key.escape_debug(), table),
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
            Self::CommandWritable(key) => texts.file_command_writable(key, shown(path)),
            Self::RetentionOnServer => texts.file_retention_on_server().to_owned(),
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
            Self::Keys => texts.file_keys(),
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
