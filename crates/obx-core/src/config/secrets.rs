//! Finds the credentials: the environment's pair, else the profile's. They are taken as a pair from
//! one source, since half of one and half of another would be refused by the vendor, perhaps at a price.

use std::process::{Command, Stdio};
use std::sync::Arc;

use super::Access;
use super::environment::Environment;
use super::error::{CommandFailure, ConfigError, SettingOrigin};
use super::schema::Secrets;
use crate::store::StorePassword;
use onebound::{Credentials, CredentialsError};

/// The environment's credentials, if it has any.
pub(super) fn from_environment(environment: &Environment) -> Result<Option<Credentials>, ConfigError> {
    match (environment.text("OBX_KEY"), environment.text("OBX_SECRET")) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(ConfigError::HalfPair { set: "OBX_KEY", missing: "OBX_SECRET" }),
        (None, Some(_)) => Err(ConfigError::HalfPair { set: "OBX_SECRET", missing: "OBX_KEY" }),
        (Some(key), Some(secret)) => checked(Credentials::new(key, secret), SettingOrigin::Pair).map(Some),
    }
}

/// A profile's credentials; runs its command, which may ask the user.
pub(super) fn from_profile(name: &str, secrets: &Secrets) -> Result<Access, ConfigError> {
    match secrets {
        Secrets::None => Ok(Access::Demo),
        Secrets::Pair(credentials) => Ok(Access::Account(credentials.clone())),
        Secrets::Command(text) => {
            let failed = |failure| ConfigError::Command { profile: name.to_owned(), failure };
            let output = run(command(text)).map_err(failed)?;
            let (key, secret) = first_two(&output).map_err(failed)?;
            checked(Credentials::new(key, secret), SettingOrigin::KeyCommand(name.to_owned()))
                .map(Access::Account)
        }
    }
}

/// The first line of the output of `password_command`, which may ask the user.
pub(super) fn password_from_command(text: &str) -> Result<StorePassword, ConfigError> {
    let output = run(command(text)).map_err(ConfigError::PasswordCommand)?;
    let failed = |failure| Err(ConfigError::PasswordCommand(failure));
    let Ok(text) = std::str::from_utf8(&output) else { return failed(CommandFailure::NotUtf8) };
    match text.lines().next().filter(|line| !line.is_empty()) {
        Some(password) => Ok(StorePassword::new(password, "password_command")),
        None => failed(CommandFailure::Empty),
    }
}

fn checked(
    pair: Result<Credentials, CredentialsError>,
    origin: SettingOrigin,
) -> Result<Credentials, ConfigError> {
    pair.map_err(|reason| ConfigError::Value { origin, reason: reason.into() })
}

fn command(text: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(text).env_remove("OBX_KEY").env_remove("OBX_SECRET").env_remove("PGPASSWORD");
    // It may have to ask for a passphrase.
    command.stdin(Stdio::inherit()).stderr(Stdio::inherit());
    command
}

fn run(mut command: Command) -> Result<Vec<u8>, CommandFailure> {
    let output = command.output().map_err(|error| CommandFailure::Start(Arc::new(error)))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(CommandFailure::Status(output.status.to_string()))
    }
}

fn first_two(output: &[u8]) -> Result<(&str, &str), CommandFailure> {
    let text = std::str::from_utf8(output).map_err(|_| CommandFailure::NotUtf8)?;
    let mut lines = text.lines();
    match (lines.next(), lines.next()) {
        (Some(key), Some(secret)) => Ok((key, secret)),
        (first, _) => Err(CommandFailure::Lines(usize::from(first.is_some()))),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn asked(command: &str) -> Result<Access, ConfigError> {
        from_profile("main", &Secrets::Command(command.to_owned()))
    }

    #[test]
    fn a_command_gives_the_key_and_the_secret_in_its_first_two_lines() {
        let access = asked("printf 'PLANTED-K\\nPLANTED-S\\nurl: x\\n'").unwrap();
        let Access::Account(credentials) = access else { panic!("an account") };
        assert_eq!(credentials.mask("PLANTED-K PLANTED-S"), "********* *********");
    }

    #[test]
    fn a_command_that_fails_is_shown_by_its_status_and_never_by_its_output() {
        let cases = [
            ("echo PLANTED; echo PLANTED; exit 3", "failed with exit status: 3"),
            ("echo PLANTED", "printed 1 of two lines: the first is the key, the second the secret"),
            ("true # PLANTED", "printed 0 of two lines: the first is the key, the second the secret"),
            ("printf 'PLANTED\\377\\nPLANTED\\n'", "printed something that is not UTF-8"),
        ];
        for (command, reason) in cases {
            let error = asked(command).unwrap_err();
            assert_eq!(error.to_string(), format!("key_command of profile \"main\": {reason}"));
            assert!(!format!("{error:?}").contains("PLANTED"), "{error:?}");
        }
        let error = asked("printf '\\nPLANTED\\n'").unwrap_err();
        assert_eq!(error.to_string(), "key_command of profile \"main\": the key is empty");
    }

    #[test]
    fn a_password_is_the_first_line_of_its_command() {
        let password = password_from_command("printf 'PLANTED\\nrest\\n'").unwrap();
        assert_eq!(password.expose(), "PLANTED");
        for (command, reason) in [("true", "printed no password"), ("echo PLANTED; exit 3", "failed with")] {
            let error = password_from_command(command).unwrap_err();
            assert!(error.to_string().starts_with(&format!("password_command: {reason}")), "{error}");
            assert!(!format!("{error:?}").contains("PLANTED"), "{error:?}");
        }
    }

    #[test]
    fn a_command_does_not_inherit_the_credentials_of_the_environment() {
        let command = command("true");
        let removed: Vec<_> = command.get_envs().filter(|(_, value)| value.is_none()).collect();
        assert_eq!(removed, ["OBX_KEY", "OBX_SECRET", "PGPASSWORD"].map(|name| (name.as_ref(), None)));
    }
}
