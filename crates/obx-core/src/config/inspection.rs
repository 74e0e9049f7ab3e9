//! What the configuration is, for a check of it: also where it has mistakes, and without a look at the key. No
//! `key_command` is run, since it may ask the user; `password_command` is, since the store can't be checked without it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::merge::{choose, with_file};
use super::paths::ConfigFile;
use super::schema::{FileSettings, Secrets};
use super::{Config, ConfigError, Environment, Flags, file, secrets};

/// What was found.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// The config file; `None` if there is no home directory that it could be in.
    pub file: Option<InspectedFile>,
    /// As a command has it that only reads the store. If there are mistakes: with the defaults in place of the file or of
    /// obx's variables; `None` if even those lead to nothing.
    pub config: Option<Config>,
    /// The mistakes.
    pub mistakes: Option<ConfigError>,
    /// Where key and secret come from; `None` if the file that may have them can't be read.
    pub credentials: Option<Result<CredentialsOrigin, ConfigError>>,
}

/// The config file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectedFile {
    /// Where it is looked for.
    pub path: PathBuf,
    /// Its permissions; `None` if there is no such file.
    pub mode: Option<u32>,
}

/// Where key and secret come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialsOrigin {
    /// There are none.
    None,
    /// `OBX_KEY` and `OBX_SECRET`.
    Environment,
    /// The config file.
    File {
        /// The profile that has them.
        profile: String,
    },
    /// A command.
    Command {
        /// The profile that names it.
        profile: String,
    },
}

impl Inspection {
    /// Looks at file, flags and environment.
    pub fn new(flags: &Flags, environment: &Environment) -> Self {
        let flags = flags.without_credentials();
        let place = ConfigFile::choose(flags.config.as_deref(), environment);
        let file = place.as_ref().map(|place| InspectedFile {
            path: place.path.clone(),
            mode: fs::metadata(&place.path).ok().map(|file| file.permissions().mode() & 0o777),
        });
        let read = environment.check().and_then(|()| file::read(place));
        let (settings, unread) = match read {
            Ok(settings) => (settings, None),
            Err(error) => (FileSettings::default(), Some(error)),
        };
        let credentials = match credentials_origin(&settings, &flags, environment) {
            Ok(CredentialsOrigin::Environment) => Some(Ok(CredentialsOrigin::Environment)),
            _ if unread.is_some() => None,
            origin => Some(origin),
        };
        let (config, unmerged) = match with_file(settings, &flags, environment) {
            Ok(config) => (Some(config), None),
            Err(error) => (default_config(&flags, environment), Some(error)),
        };
        Self { file, config, mistakes: unread.or(unmerged), credentials }
    }
}

fn credentials_origin(
    file: &FileSettings,
    flags: &Flags,
    environment: &Environment,
) -> Result<CredentialsOrigin, ConfigError> {
    if secrets::from_environment(environment)?.is_some() {
        return Ok(CredentialsOrigin::Environment);
    }
    let Some(chosen) = choose(file, flags, environment)? else { return Ok(CredentialsOrigin::None) };
    let profile = chosen.name;
    Ok(match chosen.profile.secrets {
        Secrets::None => CredentialsOrigin::None,
        Secrets::Pair(_) => CredentialsOrigin::File { profile },
        Secrets::Command(_) => CredentialsOrigin::Command { profile },
    })
}

/// The defaults, with the flags that say where things are.
fn default_config(flags: &Flags, environment: &Environment) -> Option<Config> {
    let flags = Flags { store: flags.store.clone(), screen: flags.screen, ..Flags::default() };
    let flags = flags.without_credentials();
    with_file(FileSettings::default(), &flags, &environment.without_own()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inspected(file: Option<&str>, mode: u32, variables: &[(&str, &str)]) -> Inspection {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("config.toml");
        if let Some(text) = file {
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        }
        let places = [("HOME", home.path().to_str().unwrap()), ("OBX_CONFIG", path.to_str().unwrap())];
        // A file that is named has to exist.
        let places = places.into_iter().filter(|(name, _)| file.is_some() || *name == "HOME");
        Inspection::new(&Flags::default(), &variables.iter().copied().chain(places).collect())
    }

    fn origin(inspection: &Inspection) -> Option<CredentialsOrigin> {
        inspection.credentials.clone()?.ok()
    }

    #[test]
    fn the_origin_of_credentials_is_found_without_running_a_command() {
        assert_eq!(origin(&inspected(None, 0, &[])), Some(CredentialsOrigin::None));
        let variables = [("OBX_KEY", "PLANTED-K"), ("OBX_SECRET", "PLANTED-S")];
        assert_eq!(origin(&inspected(None, 0, &variables)), Some(CredentialsOrigin::Environment));
        let half = inspected(None, 0, &variables[..1]);
        assert!(matches!(half.credentials, Some(Err(ConfigError::HalfPair { .. }))), "{half:?}");
        let pair = "[profiles.shop]\nkey = \"PLANTED-K\"\nsecret = \"PLANTED-S\"\n";
        let in_file = inspected(Some(pair), 0o600, &[]);
        assert_eq!(origin(&in_file), Some(CredentialsOrigin::File { profile: "shop".to_owned() }));
        assert!(!format!("{in_file:?}").contains("PLANTED"), "{in_file:?}");
        let marker = tempfile::tempdir().unwrap();
        let marker = marker.path().join("was-run");
        let command = format!("[profiles.shop]\nkey_command = \"touch {}\"\n", marker.display());
        let by_command = inspected(Some(&command), 0o600, &[]);
        assert_eq!(origin(&by_command), Some(CredentialsOrigin::Command { profile: "shop".to_owned() }));
        assert!(!marker.exists());
    }

    #[test]
    fn with_mistakes_there_is_the_default_configuration_beside_them() {
        let broken = inspected(Some("mouse = 7\n"), 0o600, &[]);
        assert!(matches!(broken.mistakes, Some(ConfigError::File { .. })), "{broken:?}");
        assert!(broken.config.is_some() && broken.credentials.is_none());
        assert_eq!(broken.file.and_then(|file| file.mode), Some(0o600));
        let variable = inspected(None, 0, &[("OBX_HOST", "ftp://x")]);
        assert!(variable.mistakes.is_some() && variable.config.is_some(), "{variable:?}");
    }
}
