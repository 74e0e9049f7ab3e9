//! Configuration: flags, environment, file and defaults, merged; the first source that sets a value wins.
//!
//! ```
//! use obx_core::config::{self, Access, Environment, Flags};
//!
//! let variables = [("OBX_KEY", "k"), ("OBX_SECRET", "s"), ("HOME", "/home/u")];
//! let environment: Environment = variables.into_iter().collect();
//! let config = config::load(&Flags::default(), &environment)?;
//! assert!(matches!(config.access, Access::Account(_)));
//! # Ok::<(), config::ConfigError>(())
//! ```
//! No error, warning or `Debug` of this module holds a key, a secret, or a line of the file.

mod diagnostics;
mod display;
mod effective;
mod environment;
mod error;
mod file;
mod file_mode;
mod inspection;
mod keys;
mod merge;
mod parse;
mod password_file;
mod paths;
mod schema;
mod screen;
mod secrets;
mod store_place;
mod table_reader;
mod units;
mod view_config;

use std::path::PathBuf;

pub use display::{ColourDepth, DisplaySettings, Multiplexer, PictureMethod};
pub use effective::{EffectiveSetting, ValueOrigin, effective};
pub use environment::Environment;
pub use error::{CommandFailure, ConfigError, Problem, SettingOrigin, ValueError, Warning};
pub use inspection::{CredentialsOrigin, InspectedFile, Inspection};
pub use keys::{KeySetting, KeySettings, NameAt};
pub use merge::{error_language, load};
pub use paths::{ConfigFile, Paths};
pub use screen::{AmbiguousWidth, ScreenFlags, ScreenSettings, ThemeName};
pub use view_config::{ViewConfig, for_files};

use crate::i18n::Language;
pub use crate::policy::{Freshness, Guards};
pub use crate::price::PriceSettings;
pub use crate::store::{Place, PostgresPlace, Retention, StorePassword, TlsMode};
use onebound::{CallSettings, Credentials, Decimal, Host, Limits};

/// What is done with credentials, and without them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CredentialsUse {
    /// The explorer's: without credentials it starts in DEMO.
    #[default]
    OrDemo,
    /// A command that calls: without credentials it is refused, so that no script takes an invented price for a real
    /// one.
    Required,
    /// `--demo`: the emulator answers, whatever credentials there are.
    Demo,
    /// A command that only reads the store: credentials are not even looked up.
    Unused,
}

/// The flags of the command line. `None`, empty or false: not given.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// What the command does with credentials.
    pub credentials: CredentialsUse,
    /// `--config`: the file to read, which then has to exist.
    pub config: Option<PathBuf>,
    /// `--profile`: a profile of the file.
    pub profile: Option<String>,
    /// `--host`, each an origin, in the order in which they are tried.
    pub hosts: Vec<String>,
    /// `--auth`: `secret` or `sign`.
    pub auth: Option<String>,
    /// `--platform`: the vendor's `api_type`.
    pub platform: Option<String>,
    /// `--lang`: the API's language, never the interface's.
    pub lang: Option<String>,
    /// `--cache`: `yes` or `no`.
    pub cache: Option<String>,
    /// `--api-version`: the vendor's `version`; empty means none, whatever the file says.
    pub api_version: Option<String>,
    /// `--result-type`: one of the vendor's five.
    pub result_type: Option<String>,
    /// `--sales-data`
    pub sales_data: bool,
    /// `--agent`
    pub agent: bool,
    /// `--param`, each `NAME=VALUE`.
    pub params: Vec<String>,
    /// `--ui-lang`: the interface's language.
    pub ui_lang: Option<String>,
    /// `--no-restore`
    pub no_restore: bool,
    /// `--no-color` and `--ascii`.
    pub screen: ScreenFlags,
    /// `--store`, `--no-store`, `--offline`, `--cap` and `--reserve`.
    pub store: StoreFlags,
}

impl Flags {
    /// The same for a look at the configuration: no credentials are looked up, and no command is run.
    fn to_look_at(&self) -> Self {
        let store = StoreFlags { without_password: true, ..self.store.clone() };
        Self { store, ..self.without_credentials() }
    }

    /// The same for a check, which makes no call.
    fn without_credentials(&self) -> Self {
        Self { credentials: CredentialsUse::Unused, ..self.clone() }
    }
}

/// What the command line says of the store and of guards.
#[derive(Clone, Debug, Default)]
pub struct StoreFlags {
    /// `--store`: the store's file, or the address of a database.
    pub path: Option<PathBuf>,
    /// `--no-store`: store exchanges in memory.
    pub no_store: bool,
    /// `--offline`: send nothing.
    pub offline: bool,
    /// `password_command` is not run, since it could ask the user: for a look at the configuration.
    pub without_password: bool,
    /// `--cap`: calls a day.
    pub cap: Option<u64>,
    /// `--reserve`: calls of the quota that are left.
    pub reserve: Option<u64>,
}

/// The settings of a session.
#[derive(Clone, Debug)]
pub struct Config {
    /// The profile in use. Where the file has none: `demo` without credentials, else `default`.
    pub profile: String,
    /// The account, or DEMO.
    pub access: Access,
    /// Where calls go, in the order in which they are tried; empty in DEMO, and only there.
    pub hosts: Vec<Host>,
    /// The parameters of every call.
    pub call: CallSettings,
    /// Timeouts and size of a call.
    pub limits: Limits,
    /// How long a stored answer is used in place of a call.
    pub freshness: Freshness,
    /// Where exchanges are stored. In DEMO always in memory: invented prices never mix with real ones.
    pub place: Place,
    /// The file in which DEMO leaves its looks to the next session; `None` where nothing is stored.
    pub demo_view: Option<PathBuf>,
    /// Where a session on a store of a server leaves the state of its screen; `None` for another store.
    pub server_view: Option<PathBuf>,
    /// What refuses a call before it is sent.
    pub guards: Guards,
    /// Send nothing.
    pub offline: bool,
    /// The price of a billed call in yuan.
    pub price_per_call: Option<Decimal>,
    /// The columns of the SKU table, in their order; all if there are none.
    pub sku_columns: Vec<String>,
    /// Whether the explorer uses the mouse from its start.
    pub mouse: bool,
    /// The columns that are calculated for each SKU.
    pub price: PriceSettings,
    /// Begin with the item, the layout, the filters and the folds of the last session, and leave those of this one.
    pub restore: bool,
    /// Keys that differ from the default ones.
    pub keys: KeySettings,
    /// The interface's language.
    pub language: Language,
    /// How the explorer is drawn.
    pub screen: ScreenSettings,
    /// What the explorer draws with.
    pub display: DisplaySettings,
    /// The folder in which pictures are stored; `None` where nothing is kept.
    pub picture_folder: Option<PathBuf>,
    /// For stderr, one line each.
    pub warnings: Vec<Warning>,
}

/// Who pays for calls.
#[derive(Clone, Debug)]
pub enum Access {
    /// Nobody: without credentials the emulator answers.
    Demo,
    /// Nobody: nothing is sent. A file is viewed, or the store is read.
    None,
    /// An account.
    Account(Credentials),
}

#[cfg(test)]
mod tests;
