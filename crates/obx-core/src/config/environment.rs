//! The variables that settings come from, captured once: the configuration reads this and never the process, so that a
//! test can give an environment of its own.
//!
//! A variable that is set but empty counts as not set.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::Path;

use super::display::{ColourDepth, Multiplexer, colour_depth, is_multiplexed, multiplexer};
use super::error::ConfigError;
use crate::i18n::Language;

/// Every variable that is read; others are not captured.
const READ: [&str; 43] = [
    "OBX_KEY",
    "OBX_SECRET",
    "OBX_AUTH",
    "OBX_HOST",
    "OBX_PROFILE",
    "OBX_CONFIG",
    "OBX_UI_LANG",
    "OBX_PLATFORM",
    "OBX_LANG",
    "OBX_LOG",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
    "XDG_CACHE_HOME",
    "HOME",
    "USER",
    "LOGNAME",
    "HOSTNAME",
    "PGHOST",
    "PGPORT",
    "PGUSER",
    "PGDATABASE",
    "PGPASSWORD",
    "PGPASSFILE",
    "LC_ALL",
    "LC_CTYPE",
    "LC_MESSAGES",
    "LANG",
    "TERM",
    "TERM_PROGRAM",
    "TERM_PROGRAM_VERSION",
    "VTE_VERSION",
    "WT_SESSION",
    "ACCESSIBLE",
    "COLORTERM",
    "NO_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "KITTY_WINDOW_ID",
    "TMUX",
    "STY",
    "ZELLIJ",
    "TZ",
];

/// Variables by name. Its `Debug` names them and shows no value: two of them are secrets.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<&'static str, OsString>,
}

impl Environment {
    /// The process's variables. Where HOME is missing, the user database names the home directory.
    pub fn capture() -> Self {
        let mut environment: Self = std::env::vars_os().collect();
        if let Ok(home) = etcetera::home_dir() {
            environment.variables.entry("HOME").or_insert_with(|| home.into());
        }
        environment
    }

    /// `OBX_LOG`: how much is logged.
    pub fn log_level(&self) -> Option<&str> {
        self.text("OBX_LOG")
    }

    /// The locale of characters, as POSIX ranks its variables.
    pub fn locale(&self) -> Option<&str> {
        ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| self.text(name))
    }

    /// Whether the locale promises UTF-8; with none set it does not.
    pub fn is_utf8(&self) -> bool {
        self.locale()
            .map(str::to_ascii_lowercase)
            .is_some_and(|name| name.contains("utf-8") || name.contains("utf8"))
    }

    /// The same without the variables that only obx reads.
    pub(super) fn without_own(&self) -> Self {
        let others = self.variables.iter().filter(|(name, _)| !name.starts_with("OBX_"));
        Self { variables: others.map(|(name, value)| (*name, value.clone())).collect() }
    }

    /// The interface's language by the locale, as POSIX ranks its variables.
    pub(super) fn locale_language(&self) -> Language {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| self.text(name));
        if locale.is_some_and(|locale| locale.to_ascii_lowercase().starts_with("zh")) {
            Language::Zh
        } else {
            Language::En
        }
    }

    /// Whether the terminal can't place text on the screen, by its own word.
    pub fn is_dumb_terminal(&self) -> bool {
        self.text("TERM") == Some("dumb")
    }

    /// The terminal's kind, as `TERM` has it.
    pub fn terminal(&self) -> Option<&str> {
        self.text("TERM")
    }

    /// The terminal's program, if it says so in `TERM_PROGRAM`.
    pub fn terminal_program(&self) -> Option<&str> {
        self.text("TERM_PROGRAM")
    }

    /// What is between obx and the terminal, if anything.
    pub fn multiplexer(&self) -> Option<Multiplexer> {
        multiplexer(self)
    }

    /// How many colours the terminal says it has.
    pub fn colours(&self) -> ColourDepth {
        colour_depth(self)
    }

    /// Whether `NO_COLOR` is set.
    pub fn forbids_color(&self) -> bool {
        self.text("NO_COLOR").is_some()
    }

    /// Whether commands write colours wherever stdout goes, as `CLICOLOR_FORCE` asks.
    pub fn forces_color(&self) -> bool {
        self.text("CLICOLOR_FORCE").is_some_and(|force| force != "0")
    }

    /// Whether commands write no colours to a terminal either, as `CLICOLOR=0` asks.
    pub fn declines_color(&self) -> bool {
        self.text("CLICOLOR") == Some("0")
    }

    /// Whether the terminal is of a kind that replies to queries or ignores them, and no multiplexer is in between, which
    /// could reply late or for another terminal.
    pub fn may_ask_terminal(&self) -> bool {
        const KINDS: [&str; 7] = ["xterm", "alacritty", "foot", "contour", "wezterm", "rio", "ghostty"];
        let kind = self.text("TERM").unwrap_or_default();
        let garbles = self.text("TERM_PROGRAM") == Some("Apple_Terminal");
        KINDS.iter().any(|known| kind.starts_with(known)) && !is_multiplexed(self) && !garbles
    }

    /// The terminal's program and its version, by its own word. A multiplexer is in between where there is one, so that
    /// nothing is known then.
    pub fn outer_terminal(&self) -> Option<(&str, &str)> {
        let program = self.text("TERM_PROGRAM").filter(|_| !is_multiplexed(self))?;
        Some((program, self.text("TERM_PROGRAM_VERSION").unwrap_or_default()))
    }

    /// Whether the terminal certainly has true colours.
    pub fn has_true_colour(&self) -> bool {
        colour_depth(self) == ColourDepth::True
    }

    /// Whether a time zone other than the machine's is asked for.
    pub fn names_zone(&self) -> bool {
        self.raw("TZ").is_some()
    }

    /// The name of the user who started obx. Where no variable has it, as under cron or in a container, the system is asked.
    pub(super) fn user_name(&self) -> String {
        let named = self.text("USER").or_else(|| self.text("LOGNAME")).map(str::to_owned);
        named.or_else(system_user_name).unwrap_or_else(|| user_without_name(rustix::process::geteuid()))
    }

    /// The name of this machine, by the variable or the system.
    pub(super) fn machine_name(&self) -> String {
        let of_system = || rustix::system::uname().nodename().to_string_lossy().into_owned();
        self.text("HOSTNAME").map_or_else(of_system, str::to_owned)
    }

    /// The home directory.
    pub(super) fn home(&self) -> Option<&Path> {
        self.raw("HOME").map(Path::new).filter(|home| home.is_absolute())
    }

    /// A variable's bytes.
    pub(super) fn raw(&self, name: &str) -> Option<&OsStr> {
        self.variables.get(name).map(OsString::as_os_str)
    }

    /// A variable as text. One that is not UTF-8 counts as not set; [`Environment::check`] refuses obx's own.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.raw(name).and_then(OsStr::to_str)
    }

    /// Refuses obx's own variables where they are no text. A broken locale is none of obx's business.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let broken = |(name, value): (&&'static str, &OsString)| {
            (name.starts_with("OBX_") && value.to_str().is_none()).then_some(*name)
        };
        match self.variables.iter().find_map(broken) {
            Some(variable) => Err(ConfigError::NotUtf8(variable)),
            None => Ok(()),
        }
    }
}

impl<K: Into<OsString>, V: Into<OsString>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let known = |(name, value): (K, V)| {
            let (name, value) = (name.into(), value.into());
            let name = READ.iter().find(|read| name == **read)?;
            (!value.is_empty()).then_some((*name, value))
        };
        Self { variables: pairs.into_iter().filter_map(known).collect() }
    }
}

/// The name in the user database.
#[cfg(feature = "postgres")]
fn system_user_name() -> Option<String> {
    whoami::username().ok()
}

/// Names are for a store that people share, which this obx has no engine for.
#[cfg(not(feature = "postgres"))]
fn system_user_name() -> Option<String> {
    None
}

/// Stands for a user who has a number alone, as in many containers. One name for all of them would make several people one.
fn user_without_name(number: rustix::process::Uid) -> String {
    format!("uid{}", number.as_raw())
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_names_what_is_set_and_shows_no_value() {
        let environment: Environment =
            [("OBX_KEY", "PLANTED"), ("OBX_HOST", "https://PLANTED@x"), ("OBX_LANG", ""), ("PATH", "/bin")]
                .into_iter()
                .collect();
        assert_eq!(format!("{environment:?}"), r#"{"OBX_HOST", "OBX_KEY"}"#);
    }

    #[test]
    fn a_user_is_named_by_variables_or_the_system_and_never_by_a_name_that_others_have_too() {
        let name = |variables: &[(&'static str, &str)]| {
            variables.iter().copied().collect::<Environment>().user_name()
        };
        assert_eq!(name(&[("USER", "ann"), ("LOGNAME", "bo")]), "ann");
        assert_eq!(name(&[("USER", ""), ("LOGNAME", "bo")]), "bo");
        assert_eq!(user_without_name(rustix::process::Uid::from_raw(1000)), "uid1000");
    }

    #[test]
    fn a_machine_is_named_by_its_variable_or_the_system() {
        let name = |variables: &[(&'static str, &str)]| {
            variables.iter().copied().collect::<Environment>().machine_name()
        };
        let of_system = rustix::system::uname();
        assert_eq!(name(&[("HOSTNAME", "shop")]), "shop");
        assert_eq!(name(&[]).as_str(), of_system.nodename().to_str().unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_of_ours_that_is_not_utf8_is_an_error_and_a_locale_is_not() {
        use std::os::unix::ffi::OsStringExt;
        let broken = || OsString::from_vec(vec![b'P', 0xFF]);
        let locale: Environment = [("LANG", broken())].into_iter().collect();
        locale.check().unwrap();
        let ours: Environment = [("OBX_SECRET", broken())].into_iter().collect();
        let error = ours.check().unwrap_err();
        assert_eq!(error.to_string(), "OBX_SECRET: not UTF-8");
    }
}
