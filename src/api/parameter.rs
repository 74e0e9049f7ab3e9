//! A further parameter of a call. One that holds a secret can be sent, and told from another; it can't be shown or kept.

use std::borrow::Cow;
use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::secret_names::{MASK, SecretNames};

/// Name and value.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Parameter {
    name: String,
    value: Value,
}

#[derive(Clone)]
enum Value {
    Open(String),
    Secret {
        /// Tells few secrets from each other, and is too short to confirm a guess by.
        fingerprint: String,
        /// `None` of a call that was kept: its secret was not.
        clear: Option<SecretString>,
    },
}

/// As it is written down: an open one as a pair, a secret without its value.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written<'a> {
    Pair(Cow<'a, str>, Cow<'a, str>),
    Secret { name: Cow<'a, str>, fingerprint: Cow<'a, str> },
}

impl Parameter {
    /// A parameter as it was given; its name tells whether it is a secret.
    pub(super) fn new(name: &str, value: &str, names: &SecretNames) -> Self {
        let value = if names.covers(name) && !value.is_empty() {
            // Masks are what a file or a store has in place of a secret.
            let clear = (!value.bytes().all(|byte| byte == b'*')).then(|| SecretString::from(value));
            Value::Secret { fingerprint: fingerprint(name, value), clear }
        } else {
            Value::Open(value.to_owned())
        };
        Self { name: name.to_owned(), value }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The value, or what stands for it on a screen.
    pub(super) fn shown(&self) -> &str {
        match &self.value {
            Value::Open(value) => value,
            Value::Secret { .. } => MASK,
        }
    }

    /// What makes it the same as another one, without showing it.
    pub(super) fn identity(&self) -> Cow<'_, str> {
        match &self.value {
            Value::Open(value) => value.into(),
            Value::Secret { fingerprint, .. } => format!("{MASK}{fingerprint}").into(),
        }
    }

    /// For the sender alone; `None` where the value is not known any more.
    pub(super) fn clear(&self) -> Option<&str> {
        match &self.value {
            Value::Open(value) => Some(value),
            Value::Secret { clear, .. } => clear.as_ref().map(SecretString::expose_secret),
        }
    }

    /// The secret, where it is one and is known.
    pub(super) fn secret(&self) -> Option<&SecretString> {
        match &self.value {
            Value::Open(_) => None,
            Value::Secret { clear, .. } => clear.as_ref(),
        }
    }

    pub(super) fn is_secret(&self) -> bool {
        matches!(self.value, Value::Secret { .. })
    }
}

/// Four hexadecimal digits: whoever guesses a password can't tell by them that the guess is right.
fn fingerprint(name: &str, value: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, format!("{name}={value}").as_bytes());
    let hex = |text: String, byte: &u8| text + &format!("{byte:02x}");
    digest.as_ref().iter().take(2).fold(String::new(), hex)
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Open(one), Self::Open(other))
            | (Self::Secret { fingerprint: one, .. }, Self::Secret { fingerprint: other, .. }) => {
                one == other
            }
            _ => false,
        }
    }
}

impl Eq for Value {}

impl fmt::Debug for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={:?}", self.name, self.identity())
    }
}

impl Serialize for Parameter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let name = Cow::from(&self.name);
        let written = match &self.value {
            Value::Open(value) => Written::Pair(name, value.into()),
            Value::Secret { fingerprint, .. } => Written::Secret { name, fingerprint: fingerprint.into() },
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Parameter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Written::deserialize(deserializer)? {
            // An older obx kept secrets like all others: from here on they are none of anybody's.
            Written::Pair(name, value) => Self::new(&name, &value, &SecretNames::default()).forgotten(),
            Written::Secret { name, fingerprint } => Self {
                name: name.into_owned(),
                value: Value::Secret { fingerprint: fingerprint.into_owned(), clear: None },
            },
        })
    }
}

impl Parameter {
    /// The same without the secret itself.
    fn forgotten(mut self) -> Self {
        if let Value::Secret { clear, .. } = &mut self.value {
            *clear = None;
        }
        self
    }
}

/// Whether the gateway reads `given` as the parameter `known`: PHP turns a `.` in a name into `_`.
pub(super) fn is_named(given: &str, known: &str) -> bool {
    let as_read = |name: &str| name.replace('.', "_");
    as_read(given).eq_ignore_ascii_case(&as_read(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_written_down_without_its_value_and_stays_the_same_parameter() {
        let names = SecretNames::with(["pin".to_owned()]);
        for (name, open) in [("session", false), ("PIN", false), ("q", true)] {
            let parameter = Parameter::new(name, "PLANTED", &names);
            let written = serde_json::to_string(&parameter).unwrap();
            assert_eq!(written.contains("PLANTED"), open, "{written}");
            assert_eq!(format!("{parameter:?}").contains("PLANTED"), open);
            let read: Parameter = serde_json::from_str(&written).unwrap();
            assert_eq!(read, parameter);
            assert_eq!(read.clear().is_some(), open, "{name}");
            assert_ne!(read, Parameter::new(name, "another", &names));
        }
    }

    #[test]
    fn a_secret_that_an_older_obx_kept_in_clear_is_forgotten_when_it_is_read() {
        let read: Parameter = serde_json::from_str(r#"["access_token","PLANTED"]"#).unwrap();
        assert_eq!((read.shown(), read.clear()), (MASK, None));
        assert_eq!(read, Parameter::new("access_token", "PLANTED", &SecretNames::default()));
    }
}
