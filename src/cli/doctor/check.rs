//! A check: what was looked at, how it is, and what to do.

use obx_core::i18n::Texts;
use obx_core::record::{Schema, SchemaField, ValueKind};
use serde_json::Value;

/// One check.
#[derive(Clone, Debug)]
pub(super) struct Check {
    pub(super) kind: CheckKind,
    /// The host or the file, where it is one of several or the text does not say it.
    pub(super) subject: Option<String>,
    pub(super) status: CheckStatus,
    pub(super) found: String,
    pub(super) what_to_do: Option<String>,
}

/// How it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CheckStatus {
    Ok,
    /// Something does less than it could.
    Warning,
    /// Something does not work.
    Fault,
    /// It can't be checked here.
    Unknown,
}

/// Checks that are shown together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CheckGroup {
    Terminal,
    Config,
    Network,
    Store,
    Files,
}

/// What is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CheckKind {
    Terminal,
    Size,
    Colors,
    Copying,
    Locale,
    ConfigFile,
    ConfigMode,
    Settings,
    Credentials,
    Dns,
    Connect,
    Tls,
    Calls,
    Clock,
    Store,
    Integrity,
    StoreMode,
    DiskSpace,
    Unsent,
    Log,
    View,
    Pictures,
}

impl Check {
    pub(super) fn ok(kind: CheckKind, found: impl Into<String>) -> Self {
        Self { kind, subject: None, status: CheckStatus::Ok, found: found.into(), what_to_do: None }
    }

    pub(super) fn unknown(kind: CheckKind, found: impl Into<String>) -> Self {
        Self { status: CheckStatus::Unknown, ..Self::ok(kind, found) }
    }

    pub(super) fn warning(kind: CheckKind, found: impl Into<String>, what_to_do: impl Into<String>) -> Self {
        Self { status: CheckStatus::Warning, what_to_do: Some(what_to_do.into()), ..Self::ok(kind, found) }
    }

    pub(super) fn fault(kind: CheckKind, found: impl Into<String>, what_to_do: impl Into<String>) -> Self {
        Self { status: CheckStatus::Fault, ..Self::warning(kind, found, what_to_do) }
    }

    /// The same check, of this host or file.
    #[must_use]
    pub(super) fn about(self, subject: &impl ToString) -> Self {
        Self { subject: Some(subject.to_string()), ..self }
    }
}

impl CheckStatus {
    /// Its name in records.
    fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Fault => "fault",
            Self::Unknown => "unknown",
        }
    }

    pub(super) fn word(self, texts: Texts) -> &'static str {
        match self {
            Self::Ok => texts.check_ok(),
            Self::Warning => texts.check_warning(),
            Self::Fault => texts.check_fault(),
            Self::Unknown => texts.check_unknown(),
        }
    }

    /// The terminal's code for its colour, which says no more than the word.
    pub(super) fn color(self) -> &'static str {
        match self {
            Self::Ok => "32",
            Self::Warning => "33",
            Self::Fault => "1;31",
            Self::Unknown => "2",
        }
    }
}

impl CheckGroup {
    /// In the order in which they are shown.
    pub(super) const ALL: [Self; 5] = [Self::Terminal, Self::Config, Self::Network, Self::Store, Self::Files];

    /// Its name in records.
    fn as_str(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Config => "config",
            Self::Network => "network",
            Self::Store => "store",
            Self::Files => "files",
        }
    }

    pub(super) fn title(self, texts: Texts) -> &'static str {
        match self {
            Self::Terminal => texts.check_group_terminal(),
            Self::Config => texts.check_group_config(),
            Self::Network => texts.check_group_network(),
            Self::Store => texts.check_group_store(),
            Self::Files => texts.check_group_files(),
        }
    }
}

impl CheckKind {
    /// Its group, its name in records, and its title.
    fn row(self) -> (CheckGroup, &'static str, fn(Texts) -> &'static str) {
        use CheckGroup::{Config, Files, Network, Store, Terminal};
        match self {
            Self::Terminal => (Terminal, "terminal", Texts::check_terminal),
            Self::Size => (Terminal, "size", Texts::check_size),
            Self::Colors => (Terminal, "colors", Texts::check_colors),
            Self::Copying => (Terminal, "copying", Texts::check_copying),
            Self::Locale => (Terminal, "locale", Texts::check_locale),
            Self::ConfigFile => (Config, "config_file", Texts::check_config_file),
            Self::ConfigMode => (Config, "config_mode", Texts::check_config_mode),
            Self::Settings => (Config, "settings", Texts::check_settings),
            Self::Credentials => (Config, "credentials", Texts::check_credentials),
            Self::Dns => (Network, "dns", Texts::check_dns),
            Self::Connect => (Network, "connect", Texts::check_connect),
            Self::Tls => (Network, "tls", Texts::check_tls),
            Self::Calls => (Network, "calls", Texts::check_calls),
            Self::Clock => (Network, "clock", Texts::check_clock),
            Self::Store => (Store, "store_file", Texts::check_store),
            Self::Integrity => (Store, "integrity", Texts::check_integrity),
            Self::StoreMode => (Store, "store_mode", Texts::check_store_mode),
            Self::DiskSpace => (Store, "disk_space", Texts::check_disk_space),
            Self::Unsent => (Store, "unsent_answers", Texts::check_unsent),
            Self::Log => (Files, "log_file", Texts::check_log),
            Self::View => (Files, "view_file", Texts::check_view),
            Self::Pictures => (Files, "picture_folder", Texts::check_pictures),
        }
    }

    pub(super) fn group(self) -> CheckGroup {
        self.row().0
    }

    pub(super) fn title(self, texts: Texts) -> &'static str {
        (self.row().2)(texts)
    }
}

/// The record of a check.
pub(super) fn schema() -> Schema<Check> {
    use ValueKind::Text;
    let optional = |text: &Option<String>| Some(text.clone().map_or(Value::Null, Value::from));
    Schema::new(
        "check",
        1,
        vec![
            SchemaField::new("check", Text, Texts::check_field_check, |check: &Check| {
                Some(check.kind.row().1.into())
            }),
            SchemaField::new("group", Text, Texts::check_field_group, |check: &Check| {
                Some(check.kind.group().as_str().into())
            }),
            SchemaField::new("subject", Text, Texts::check_field_subject, move |check: &Check| {
                optional(&check.subject)
            }),
            SchemaField::new("status", Text, Texts::check_field_status, |check: &Check| {
                Some(check.status.as_str().into())
            }),
            SchemaField::new("found", Text, Texts::check_field_found, |check: &Check| {
                Some(check.found.as_str().into())
            }),
            SchemaField::new("what_to_do", Text, Texts::check_field_what_to_do, move |check: &Check| {
                optional(&check.what_to_do)
            }),
        ],
    )
}
