//! Ranks the sources against each other, value by value: flags, environment, file, defaults.

use std::path::{Path, PathBuf};

use super::display::DisplaySettings;
use super::environment::Environment;
use super::error::{ConfigError, SettingOrigin, ValueError, Warning};
use super::paths::ConfigFile;
use super::schema::{FileSettings, Profile, Secrets};
use super::screen::ScreenSettings;
use super::{Access, Config, CredentialsUse, Flags, Guards, Paths, Place, file, parse, secrets, store_place};
use crate::i18n::Language;
use onebound::{Auth, CallSettings, Credentials, Host};

/// A value and the flag, variable or setting that it comes from.
pub(super) struct Given<'a> {
    origin: SettingOrigin,
    text: &'a str,
}

/// The profile in use.
pub(super) struct Chosen {
    pub(super) name: String,
    pub(super) profile: Profile,
    /// Where it is named; `None` where it was taken without a name.
    origin: Option<SettingOrigin>,
}

impl Chosen {
    fn new(name: &str, profile: &Profile, origin: Option<SettingOrigin>) -> Self {
        Self { name: name.to_owned(), profile: profile.clone(), origin }
    }
}

/// Reads the file and merges it with flags and environment. It may run a profile's `key_command`, which may
/// ask the user: call it before the terminal is taken over.
///
/// # Errors
/// The first source that can't be used; of the file, all of its mistakes.
pub fn load(flags: &Flags, environment: &Environment) -> Result<Config, ConfigError> {
    environment.check()?;
    with_file(file::read(ConfigFile::choose(flags.config.as_deref(), environment))?, flags, environment)
}

/// Merges these settings of a file with flags and environment.
pub(super) fn with_file(
    file: FileSettings,
    flags: &Flags,
    environment: &Environment,
) -> Result<Config, ConfigError> {
    let chosen = choose(&file, flags, environment)?;
    let mut call = call(flags, environment, chosen.as_ref().map(|chosen| &chosen.profile.call))?;
    call.secret_names = file.secret_names.clone();
    let language = language(flags, environment, &file)?;
    let hosts = hosts(flags, environment, chosen.as_ref())?;
    let auth = auth(flags, environment, chosen.as_ref().and_then(|chosen| chosen.profile.auth))?;
    // Last, because it may ask the user for a passphrase, which would be in vain if something else is wrong.
    let (access, warnings) = match flags.credentials {
        CredentialsUse::Demo => (Access::Demo, Vec::new()),
        CredentialsUse::Unused => (Access::None, Vec::new()),
        CredentialsUse::OrDemo | CredentialsUse::Required => {
            let own = secrets::from_environment(environment)?;
            let warnings = warnings(own.as_ref(), chosen.as_ref());
            (access(own, chosen.as_ref())?, warnings)
        }
    };
    let access = match access {
        Access::Demo if flags.credentials == CredentialsUse::Required => {
            return Err(ConfigError::NoCredentials);
        }
        Access::Account(credentials) => {
            Access::Account(credentials.with_auth(auth).with_secret_names(file.secret_names.clone()))
        }
        access => access,
    };
    let place = store_place::place(&access, flags, environment, &file)?;
    let screen = ScreenSettings::new(flags.screen, environment, file.screen);
    Ok(Config {
        display: DisplaySettings::new(file.display, screen, environment),
        picture_folder: picture_folder(&place, environment),
        demo_view: demo_view(&access, flags, environment),
        server_view: server_view(&place, environment),
        profile: profile_name(&access, chosen),
        hosts: hosts_for(&access, flags.credentials, hosts)?,
        access,
        call,
        limits: file.limits,
        freshness: file.freshness,
        place,
        guards: Guards {
            cap: flags.store.cap.or(file.guards.cap),
            reserve: flags.store.reserve.or(file.guards.reserve),
        },
        offline: flags.store.offline,
        price_per_call: file.price_per_call,
        sku_columns: file.sku_columns,
        mouse: file.mouse,
        price: file.price,
        keys: file.keys,
        restore: !flags.no_restore && file.restore.unwrap_or(true),
        language,
        screen,
        warnings,
    })
}

/// The language for an error that leaves no configuration: by the flag, `OBX_UI_LANG`, the file where it can be read, or
/// the locale. A flag or variable that is no language is passed over.
pub fn error_language(ui_lang: Option<&str>, config: Option<&Path>, environment: &Environment) -> Language {
    ui_lang
        .and_then(Language::parse)
        .or_else(|| environment.text("OBX_UI_LANG").and_then(Language::parse))
        .or_else(|| file::ui_lang(ConfigFile::choose(config, environment)))
        .unwrap_or_else(|| environment.locale_language())
}

/// DEMO's file beside the usual store.
fn demo_view(access: &Access, flags: &Flags, environment: &Environment) -> Option<PathBuf> {
    let is_wanted = matches!(access, Access::Demo) && !flags.store.no_store;
    Paths::new(environment).data_dir.filter(|_| is_wanted).map(|folder| folder.join("demo-view.json"))
}

/// The file of a store on a server, which is of this machine alone.
fn server_view(place: &Place, environment: &Environment) -> Option<PathBuf> {
    let name = format!("{}-view.json", place.server_name()?);
    Paths::new(environment).data_dir.map(|folder| folder.join(name))
}

/// Pictures are kept where answers are, and nowhere in DEMO or with `--no-store`.
fn picture_folder(place: &Place, environment: &Environment) -> Option<PathBuf> {
    Paths::new(environment).pictures().filter(|_| place.is_lasting())
}

pub(super) fn choose(
    file: &FileSettings,
    flags: &Flags,
    environment: &Environment,
) -> Result<Option<Chosen>, ConfigError> {
    let in_file = || file.profile.as_deref().map(|text| Given { origin: SettingOrigin::Profile, text });
    let named = given("--profile", flags.profile.as_ref(), "OBX_PROFILE", environment).or_else(in_file);
    let Some(named) = named else {
        let profile = unnamed(file)?;
        return Ok(profile.map(|(name, profile)| Chosen::new(name, profile, None)));
    };
    match file.profiles.get(named.text) {
        Some(profile) => Ok(Some(Chosen::new(named.text, profile, Some(named.origin)))),
        None => Err(ConfigError::NoProfile {
            origin: named.origin,
            name: named.text.to_owned(),
            known: file.profiles.keys().cloned().collect(),
        }),
    }
}

/// The profile that is used without being named: `default`, else the only one.
fn unnamed(file: &FileSettings) -> Result<Option<(&String, &Profile)>, ConfigError> {
    let mut all = file.profiles.iter();
    match (file.profiles.get_key_value("default"), all.next(), all.next()) {
        (Some(default), ..) => Ok(Some(default)),
        (None, only, None) => Ok(only),
        (None, ..) => Err(ConfigError::Undecided { known: file.profiles.keys().cloned().collect() }),
    }
}

fn call(
    flags: &Flags,
    environment: &Environment,
    file: Option<&CallSettings>,
) -> Result<CallSettings, ConfigError> {
    let mut call = file.cloned().unwrap_or_default();
    if let Some(given) = given("--platform", flags.platform.as_ref(), "OBX_PLATFORM", environment) {
        call.platform = Some(given.parse(parse::platform)?);
    }
    if let Some(given) = given("--lang", flags.lang.as_ref(), "OBX_LANG", environment) {
        call.lang = Some(given.parse(parse::lang)?);
    }
    if let Some(text) = &flags.cache {
        call.cache = Some(Given::new("--cache", text).parse(parse::vendor_cache)?);
    }
    if let Some(version) = &flags.api_version {
        call.version = Some(version.clone()).filter(|version| !version.is_empty());
    }
    if let Some(text) = &flags.result_type {
        call.result_type = Given::new("--result-type", text).parse(parse::result_type)?;
    }
    call.sales_data |= flags.sales_data;
    call.agent |= flags.agent;
    for text in &flags.params {
        let (name, value) = parameter(text)?;
        call.extra.retain(|(known, _)| *known != name);
        call.extra.push((name, value));
    }
    Ok(call)
}

/// How the secret goes with each call.
pub(super) fn auth(
    flags: &Flags,
    environment: &Environment,
    file: Option<Auth>,
) -> Result<Auth, ConfigError> {
    match given("--auth", flags.auth.as_ref(), "OBX_AUTH", environment) {
        Some(given) => given.parse(parse::auth),
        None => Ok(file.unwrap_or_default()),
    }
}

fn parameter(text: &str) -> Result<(String, String), ConfigError> {
    Given::new("--param", text).parse(|text| match CallSettings::parameter(text) {
        Err(_) if !text.contains('=') => Err(ValueError::NoPair),
        parsed => Ok(parsed?),
    })
}

pub(super) fn language(
    flags: &Flags,
    environment: &Environment,
    file: &FileSettings,
) -> Result<Language, ConfigError> {
    match given("--ui-lang", flags.ui_lang.as_ref(), "OBX_UI_LANG", environment) {
        Some(given) => given.parse(parse::ui_lang),
        None => Ok(file.ui_lang.unwrap_or_else(|| environment.locale_language())),
    }
}

/// The hosts of the highest source that names any, each once, and that source.
fn hosts(
    flags: &Flags,
    environment: &Environment,
    chosen: Option<&Chosen>,
) -> Result<Option<(SettingOrigin, Vec<Host>)>, ConfigError> {
    let variable = environment.text("OBX_HOST").unwrap_or_default();
    let parts = variable.split(|c: char| c == ',' || c.is_whitespace()).filter(|part| !part.is_empty());
    let (origin, hosts) = if flags.hosts.is_empty() {
        ("OBX_HOST", parts.map(|part| read_host("OBX_HOST", part)).collect::<Result<Vec<_>, _>>()?)
    } else {
        let read = flags.hosts.iter().map(|text| read_host("--host", text));
        ("--host", read.collect::<Result<Vec<_>, _>>()?)
    };
    if !hosts.is_empty() {
        return Ok(Some((SettingOrigin::Name(origin), without_repeats(hosts))));
    }
    Ok(chosen.filter(|chosen| !chosen.profile.hosts.is_empty()).map(|chosen| {
        (SettingOrigin::Hosts(chosen.name.clone()), without_repeats(chosen.profile.hosts.clone()))
    }))
}

fn read_host(origin: &'static str, text: &str) -> Result<Host, ConfigError> {
    Given::new(origin, text).parse(|text| Ok(Host::parse(text)?))
}

/// The same host twice would look like a second one to fall back on.
fn without_repeats(hosts: Vec<Host>) -> Vec<Host> {
    let mut kept: Vec<Host> = Vec::with_capacity(hosts.len());
    for host in hosts {
        if !kept.contains(&host) {
            kept.push(host);
        }
    }
    kept
}

/// The hosts of an account, or those whose stored answers are read.
fn hosts_for(
    access: &Access,
    credentials: CredentialsUse,
    named: Option<(SettingOrigin, Vec<Host>)>,
) -> Result<Vec<Host>, ConfigError> {
    match (access, named) {
        (Access::Account(_) | Access::None, Some((_, hosts))) => Ok(hosts),
        (Access::Account(_) | Access::None, None) => Ok(vec![Host::default()]),
        (Access::Demo, Some((origin, _))) if credentials != CredentialsUse::Demo => {
            Err(ConfigError::HostWithoutCredentials(origin))
        }
        (Access::Demo, _) => Ok(Vec::new()),
    }
}

fn access(own: Option<Credentials>, chosen: Option<&Chosen>) -> Result<Access, ConfigError> {
    match (own, chosen) {
        (Some(credentials), _) => Ok(Access::Account(credentials)),
        (None, Some(chosen)) => secrets::from_profile(&chosen.name, &chosen.profile.secrets),
        (None, None) => Ok(Access::Demo),
    }
}

/// Only where a profile was named: its account was meant, but another one is used, or none.
fn warnings(own: Option<&Credentials>, chosen: Option<&Chosen>) -> Vec<Warning> {
    let Some(Chosen { name, profile, origin: Some(origin) }) = chosen else { return Vec::new() };
    let (origin, profile_name) = (origin.clone(), name.clone());
    let warning = match (own, &profile.secrets) {
        (Some(_), Secrets::Pair(_) | Secrets::Command(_)) => {
            Some(Warning::PairUnused { origin, profile: profile_name })
        }
        (None, Secrets::None) => Some(Warning::ProfileIsDemo { origin, profile: profile_name }),
        _ => None,
    };
    warning.into_iter().collect()
}

fn profile_name(access: &Access, chosen: Option<Chosen>) -> String {
    let unnamed = match access {
        Access::Demo => "demo",
        Access::None | Access::Account(_) => "default",
    };
    chosen.map_or_else(|| unnamed.to_owned(), |chosen| chosen.name)
}

/// The flag's value, else the variable's.
fn given<'a>(
    flag: &'static str,
    given: Option<&'a String>,
    variable: &'static str,
    environment: &'a Environment,
) -> Option<Given<'a>> {
    let by_variable = || environment.text(variable).map(|text| Given::new(variable, text));
    given.map(|text| Given::new(flag, text)).or_else(by_variable)
}

impl<'a> Given<'a> {
    pub(super) fn new(name: &'static str, text: &'a str) -> Self {
        Self { origin: SettingOrigin::Name(name), text }
    }

    pub(super) fn parse<T>(
        self,
        parse: impl FnOnce(&str) -> Result<T, ValueError>,
    ) -> Result<T, ConfigError> {
        parse(self.text).map_err(|reason| ConfigError::Value { origin: self.origin, reason })
    }
}
