//! Ranks the sources against each other, value by value: flags, environment, file, defaults.

use super::environment::Environment;
use super::error::ConfigError;
use super::paths::ConfigFile;
use super::schema::{File, Profile, Secrets};
use super::units::size;
use super::{Access, Config, Flags, Guards, Paths, Place, file, parse, secrets};
use crate::i18n::Language;
use onebound::{Auth, CallSettings, Credentials, Host};

/// A text that a flag or a variable gives, and which one does.
struct Stated<'a> {
    origin: &'static str,
    text: &'a str,
}

/// The profile in use.
struct Chosen {
    name: String,
    profile: Profile,
    /// What named it; `None` where it was the obvious one.
    origin: Option<&'static str>,
}

impl Chosen {
    fn new(name: &str, profile: &Profile, origin: Option<&'static str>) -> Self {
        Self { name: name.to_owned(), profile: profile.clone(), origin }
    }
}

/// Reads the file and merges it with flags and environment. It may run a profile's `key_command`, which may
/// ask the user: call it before the terminal is taken over.
///
/// # Errors
/// The first source that can't be used, and all that is wrong with it where it is the file.
pub fn load(flags: &Flags, environment: &Environment) -> Result<Config, ConfigError> {
    environment.check()?;
    let file = file::read(ConfigFile::choose(flags.config.as_deref(), environment))?;
    let chosen = choose(&file, flags, environment)?;
    let mut call = call(flags, environment, chosen.as_ref().map(|chosen| &chosen.profile.call))?;
    call.secret_names = file.secret_names.clone();
    let language = language(flags, environment, &file)?;
    let hosts = hosts(flags, environment, chosen.as_ref())?;
    let auth = auth(flags, environment, chosen.as_ref().and_then(|chosen| chosen.profile.auth))?;
    // Last, as it may ask the user for a passphrase: for nothing, if something else is wrong.
    let own = secrets::of_environment(environment)?;
    let warnings = warnings(own.as_ref(), chosen.as_ref());
    let access = match access(own, chosen.as_ref())? {
        Access::Account(credentials) => {
            Access::Account(credentials.with_auth(auth).with_secret_names(file.secret_names.clone()))
        }
        access => access,
    };
    let place = place(&access, flags, environment, &file)?;
    Ok(Config {
        profile: profile_name(&access, chosen),
        hosts: hosts_for(&access, hosts)?,
        access,
        call,
        limits: file.limits,
        freshness: file.freshness,
        place,
        guards: Guards {
            cap: flags.keeping.cap.or(file.guards.cap),
            reserve: flags.keeping.reserve.or(file.guards.reserve),
        },
        offline: flags.keeping.offline,
        price_per_call: file.price_per_call,
        language,
        warnings,
    })
}

/// What a look at a file is set to: no account and no host, so that nothing can be sent, and a store in memory. The
/// config file is not read: what is wrong with it is no reason not to look.
///
/// # Errors
/// When the language is none of the interface's.
pub fn for_files(ui_lang: Option<&str>, environment: &Environment) -> Result<Config, ConfigError> {
    let flags = Flags { ui_lang: ui_lang.map(str::to_owned), ..Flags::default() };
    let file = File::default();
    Ok(Config {
        profile: profile_name(&Access::File, None),
        access: Access::File,
        hosts: Vec::new(),
        call: CallSettings::default(),
        limits: file.limits,
        freshness: file.freshness,
        place: Place::Memory,
        guards: Guards::default(),
        offline: true,
        price_per_call: None,
        language: language(&flags, environment, &file)?,
        warnings: Vec::new(),
    })
}

/// The most that is read of a file that is looked at, in bytes.
const LARGEST_FILE: usize = 256_000_000;

/// The most that is read of a file that is looked at, in bytes: as the flag says, or the config file. What is wrong with
/// that is no reason not to look: then it is the default.
///
/// # Errors
/// When the flag is no size, or one of nothing, or of more than can be looked at.
pub fn largest_file(max_size: Option<&str>, environment: &Environment) -> Result<usize, ConfigError> {
    if let Some(text) = max_size {
        return Stated { origin: "--max-size", text }.read(size);
    }
    let file = file::read(ConfigFile::choose(None, environment)).unwrap_or_default();
    Ok(file.view_size.unwrap_or(LARGEST_FILE))
}

/// The environment's credentials, to be masked in what lies in a file; none where they are no whole pair.
pub fn own_credentials(environment: &Environment) -> Option<Credentials> {
    secrets::of_environment(environment).ok().flatten()
}

/// The file named by `--store`, by the config file, or the one in the usual place.
fn place(
    access: &Access,
    flags: &Flags,
    environment: &Environment,
    file: &File,
) -> Result<Place, ConfigError> {
    if matches!(access, Access::Demo) || flags.keeping.no_store {
        return Ok(Place::Memory);
    }
    let usual = || Paths::of(environment).data_dir.map(|folder| folder.join("store.sqlite"));
    let path = flags.keeping.store.clone().or_else(|| file.store.clone()).or_else(usual);
    let Some(path) = path else {
        return Err(ConfigError::Value {
            origin: "the store".to_owned(),
            reason: "there is no HOME to keep answers in: give --store FILE or --no-store".to_owned(),
        });
    };
    match Place::unfit(&path) {
        Some(reason) => Err(ConfigError::Unreadable { path, reason }),
        None => Ok(Place::File { path, retention: file.retention }),
    }
}

fn choose(file: &File, flags: &Flags, environment: &Environment) -> Result<Option<Chosen>, ConfigError> {
    let in_file = || file.profile.as_deref().map(|text| Stated { origin: "`profile` in the file", text });
    let named = stated("--profile", flags.profile.as_ref(), "OBX_PROFILE", environment).or_else(in_file);
    let Some(named) = named else {
        let profile = obvious(file)?;
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

/// The profile that needs no name: the default one, else the only one.
fn obvious(file: &File) -> Result<Option<(&String, &Profile)>, ConfigError> {
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
    if let Some(stated) = stated("--platform", flags.platform.as_ref(), "OBX_PLATFORM", environment) {
        call.platform = Some(stated.read(parse::platform)?);
    }
    if let Some(stated) = stated("--lang", flags.lang.as_ref(), "OBX_LANG", environment) {
        call.lang = Some(stated.read(parse::lang)?);
    }
    if let Some(text) = &flags.cache {
        call.cache = Some(Stated { origin: "--cache", text }.read(parse::vendor_cache)?);
    }
    if let Some(version) = &flags.api_version {
        call.version = Some(version.clone()).filter(|version| !version.is_empty());
    }
    if let Some(text) = &flags.result_type {
        call.result_type = Stated { origin: "--result-type", text }.read(str::parse)?;
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
fn auth(flags: &Flags, environment: &Environment, file: Option<Auth>) -> Result<Auth, ConfigError> {
    match stated("--auth", flags.auth.as_ref(), "OBX_AUTH", environment) {
        Some(stated) => stated.read(parse::auth),
        None => Ok(file.unwrap_or_default()),
    }
}

fn parameter(text: &str) -> Result<(String, String), ConfigError> {
    CallSettings::parameter(text).map_err(|error| ConfigError::Value {
        origin: "--param".to_owned(),
        // A text without a name may be anything, also a key that was pasted in the wrong place.
        reason: if text.contains('=') { error.to_string() } else { "it is written NAME=VALUE".to_owned() },
    })
}

fn language(flags: &Flags, environment: &Environment, file: &File) -> Result<Language, ConfigError> {
    match stated("--ui-lang", flags.ui_lang.as_ref(), "OBX_UI_LANG", environment) {
        Some(stated) => stated.read(str::parse),
        None => Ok(file.ui_lang.unwrap_or_else(|| {
            Language::of_locale(|variable| environment.text(variable).map(str::to_owned))
        })),
    }
}

/// The hosts that are named anywhere, each once, and where they are; `None` where none is.
fn hosts(
    flags: &Flags,
    environment: &Environment,
    chosen: Option<&Chosen>,
) -> Result<Option<(String, Vec<Host>)>, ConfigError> {
    let variable = environment.text("OBX_HOST").unwrap_or_default();
    let parts = variable.split(|c: char| c == ',' || c.is_whitespace()).filter(|part| !part.is_empty());
    let (origin, hosts) = if flags.hosts.is_empty() {
        ("OBX_HOST", parts.map(|part| read_host("OBX_HOST", part)).collect::<Result<Vec<_>, _>>()?)
    } else {
        let read = flags.hosts.iter().map(|text| read_host("--host", text));
        ("--host", read.collect::<Result<Vec<_>, _>>()?)
    };
    if !hosts.is_empty() {
        return Ok(Some((origin.to_owned(), once(hosts))));
    }
    Ok(chosen
        .filter(|chosen| !chosen.profile.hosts.is_empty())
        .map(|chosen| (format!("`hosts` of profile {:?}", chosen.name), once(chosen.profile.hosts.clone()))))
}

fn read_host(origin: &'static str, text: &str) -> Result<Host, ConfigError> {
    Stated { origin, text }.read(Host::parse)
}

/// The same host twice would look like a second one to fall back on.
fn once(hosts: Vec<Host>) -> Vec<Host> {
    let mut kept: Vec<Host> = Vec::with_capacity(hosts.len());
    for host in hosts {
        if !kept.contains(&host) {
            kept.push(host);
        }
    }
    kept
}

fn hosts_for(access: &Access, named: Option<(String, Vec<Host>)>) -> Result<Vec<Host>, ConfigError> {
    match (access, named) {
        (Access::Account(_), Some((_, hosts))) => Ok(hosts),
        (Access::Account(_), None) => Ok(vec![Host::default()]),
        (Access::Demo | Access::File, None) => Ok(Vec::new()),
        (Access::Demo | Access::File, Some((origin, _))) => {
            Err(ConfigError::HostWithoutCredentials { origin })
        }
    }
}

fn access(own: Option<Credentials>, chosen: Option<&Chosen>) -> Result<Access, ConfigError> {
    match (own, chosen) {
        (Some(credentials), _) => Ok(Access::Account(credentials)),
        (None, Some(chosen)) => secrets::of_profile(&chosen.name, &chosen.profile.secrets),
        (None, None) => Ok(Access::Demo),
    }
}

/// Only where a profile was named: who named it has an account in mind, and gets another one or none.
fn warnings(own: Option<&Credentials>, chosen: Option<&Chosen>) -> Vec<String> {
    let Some(Chosen { name, profile, origin: Some(origin) }) = chosen else { return Vec::new() };
    let warning = match (own, &profile.secrets) {
        (Some(_), Secrets::Pair(_) | Secrets::Command(_)) => Some(format!(
            "{origin} names profile {name:?}, but its credentials are not used: OBX_KEY and OBX_SECRET are set"
        )),
        (None, Secrets::None) => {
            Some(format!("{origin} names profile {name:?}, which has no credentials: this is DEMO"))
        }
        _ => None,
    };
    warning.into_iter().collect()
}

fn profile_name(access: &Access, chosen: Option<Chosen>) -> String {
    let unnamed = match access {
        Access::Demo => "demo",
        Access::File => "file",
        Access::Account(_) => "default",
    };
    chosen.map_or_else(|| unnamed.to_owned(), |chosen| chosen.name)
}

/// What the flag says, else what the variable says.
fn stated<'a>(
    flag: &'static str,
    given: Option<&'a String>,
    variable: &'static str,
    environment: &'a Environment,
) -> Option<Stated<'a>> {
    let by_variable = || environment.text(variable).map(|text| Stated { origin: variable, text });
    given.map(|text| Stated { origin: flag, text }).or_else(by_variable)
}

impl Stated<'_> {
    /// Reads the text; an error says where it stood.
    fn read<T, E: ToString>(&self, read: impl FnOnce(&str) -> Result<T, E>) -> Result<T, ConfigError> {
        read(self.text)
            .map_err(|error| ConfigError::Value { origin: self.origin.to_owned(), reason: error.to_string() })
    }
}
