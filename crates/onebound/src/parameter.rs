//! A further parameter of a call. One that holds a secret can be sent, and compared with another; it can't be shown or
//! kept.
//!
//! What is kept of a secret is a [`Digest`]. It has to be the same in every session, also in one that can't open the
//! store, so that it has no key: a key would lie beside the digests, in the same file. Nobody can compute a secret from
//! it, but whoever has the file can try guesses, as with any such key: a short or common password does not resist that.
//! So the digest leaves the store on no way; a log and an error have its first four digits.

use std::borrow::Cow;
use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::secret_names::{MASK, SecretNames};

/// Name and value.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Parameter {
    name: String,
    value: ParameterValue,
}

#[derive(Clone)]
enum ParameterValue {
    Open(String),
    Secret {
        /// What makes it the same as another one. `None` where that is not known: its place was all that a file or an
        /// older obx kept of it.
        digest: Option<Digest>,
        /// `None` of a call that was kept: its secret was not.
        clear: Option<SecretString>,
    },
}

/// SHA-256 over the parameter's name and value, in hexadecimal digits. All of it decides: an answer that was paid for
/// with one secret must never be taken for that of another one.
#[derive(Clone, PartialEq, Eq)]
struct Digest(String);

/// The serialized form: an open parameter as a pair, a secret without its value.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum StoredParameter<'a> {
    Pair(Cow<'a, str>, Cow<'a, str>),
    Secret { name: Cow<'a, str>, fingerprint: Cow<'a, str> },
}

impl Parameter {
    /// Creates a parameter; its name decides whether it is a secret.
    pub(super) fn new(name: &str, value: &str, names: &SecretNames) -> Self {
        let value = if names.covers(name) && !value.is_empty() {
            // Masks are what a file or a store has in place of a secret.
            let clear = (!value.bytes().all(|byte| byte == b'*')).then(|| SecretString::from(value));
            ParameterValue::Secret { digest: clear.is_some().then(|| Digest::new(name, value)), clear }
        } else {
            ParameterValue::Open(value.to_owned())
        };
        Self { name: name.to_owned(), value }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The value, or a mask for a secret.
    pub(super) fn shown(&self) -> &str {
        match &self.value {
            ParameterValue::Open(value) => value,
            ParameterValue::Secret { .. } => MASK,
        }
    }

    /// Identifies the value without revealing a secret.
    pub(super) fn identity(&self) -> Cow<'_, str> {
        match &self.value {
            ParameterValue::Open(value) => value.into(),
            ParameterValue::Secret { digest: Some(digest), .. } => format!("{MASK}{}", digest.0).into(),
            ParameterValue::Secret { digest: None, .. } => MASK.into(),
        }
    }

    /// For the sender alone; `None` where the value is not known any more.
    pub(super) fn clear(&self) -> Option<&str> {
        match &self.value {
            ParameterValue::Open(value) => Some(value),
            ParameterValue::Secret { clear, .. } => clear.as_ref().map(SecretString::expose_secret),
        }
    }

    /// The secret, where it is one and is known.
    pub(super) fn secret(&self) -> Option<&SecretString> {
        match &self.value {
            ParameterValue::Open(_) => None,
            ParameterValue::Secret { clear, .. } => clear.as_ref(),
        }
    }

    pub(super) fn is_secret(&self) -> bool {
        matches!(self.value, ParameterValue::Secret { .. })
    }
}

impl Digest {
    fn new(name: &str, value: &str) -> Self {
        // Begins as no other program's digests do, so that no list of those fits.
        let text = format!("obx parameter\0{name}\0{value}");
        let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
        Self(digest.as_ref().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}")))
    }

    /// `None` of what an older obx kept: four digits, of which one secret in 65,536 has the same.
    fn from_stored(text: &str) -> Option<Self> {
        (text.len() == DIGITS && is_hexadecimal(text)).then(|| Self(text.to_owned()))
    }
}

/// Length of a [`Digest`].
const DIGITS: usize = 64;

/// How many of these digits are shown, so that a reader can tell two secrets apart.
const SHOWN_DIGITS: usize = 4;

/// The mask before a digest in a question, percent-encoded.
const ESCAPED_MASK: &str = "%2A%2A%2A";

fn is_hexadecimal(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A question's text as it may leave the store: with the beginnings of the digests in it.
pub(super) fn with_short_digests(question: &str) -> Cow<'_, str> {
    with_digits(question, SHOWN_DIGITS)
}

/// A question's text without the digests in it: their digits are nothing that somebody asked.
pub(super) fn without_digests(question: &str) -> Cow<'_, str> {
    with_digits(question, 0)
}

fn with_digits(question: &str, kept: usize) -> Cow<'_, str> {
    let mut parts = question.split(ESCAPED_MASK);
    let Some(mut text) = parts.next().map(str::to_owned) else { return question.into() };
    for part in parts {
        let (digits, rest) = part.split_at_checked(DIGITS).unwrap_or(("", part));
        let (digits, rest) = if is_hexadecimal(digits) { (digits, rest) } else { ("", part) };
        text.push_str(ESCAPED_MASK);
        text.push_str(digits.get(..kept).unwrap_or_default());
        text.push_str(rest);
    }
    text.into()
}

impl PartialEq for ParameterValue {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Open(one), Self::Open(other)) => one == other,
            (Self::Secret { digest: one, .. }, Self::Secret { digest: other, .. }) => one == other,
            _ => false,
        }
    }
}

impl Eq for ParameterValue {}

impl fmt::Debug for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = match &self.value {
            ParameterValue::Secret { digest: Some(Digest(digits)), .. } => {
                format!("{MASK}{}", digits.get(..SHOWN_DIGITS).unwrap_or_default())
            }
            _ => self.shown().to_owned(),
        };
        write!(f, "{}={shown:?}", self.name)
    }
}

impl Serialize for Parameter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let name = Cow::from(&self.name);
        let written = match &self.value {
            ParameterValue::Open(value) => StoredParameter::Pair(name, value.into()),
            ParameterValue::Secret { digest, .. } => {
                let fingerprint = digest.as_ref().map_or("", |digest| digest.0.as_str()).into();
                StoredParameter::Secret { name, fingerprint }
            }
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Parameter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match StoredParameter::deserialize(deserializer)? {
            // An older obx kept secrets like all others: from here on they are none of anybody's.
            StoredParameter::Pair(name, value) => {
                Self::new(&name, &value, &SecretNames::default()).forgotten()
            }
            StoredParameter::Secret { name, fingerprint } => Self {
                name: name.into_owned(),
                value: ParameterValue::Secret { digest: Digest::from_stored(&fingerprint), clear: None },
            },
        })
    }
}

impl Parameter {
    /// Drops the secret itself.
    fn forgotten(mut self) -> Self {
        if let ParameterValue::Secret { clear, .. } = &mut self.value {
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
        let names = SecretNames::with_extra(["pin".to_owned()]);
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

    #[test]
    fn two_secrets_that_are_shown_alike_are_different_ones() {
        let parameter = |at: u32| Parameter::new("session", &format!("s{at}"), &SecretNames::default());
        let mut seen = std::collections::HashMap::new();
        // Of four digits there are 65,536: two that are alike come long before.
        let alike = (0_u32..).find_map(|at| Some((seen.insert(format!("{:?}", parameter(at)), at)?, at)));
        let (one, other) = alike.map(|(one, other)| (parameter(one), parameter(other))).unwrap();
        assert_eq!(format!("{one:?}"), format!("{other:?}"));
        assert_ne!(one, other);
        assert_ne!(one.identity(), other.identity());
    }

    #[test]
    fn a_secret_of_which_an_older_obx_kept_four_digits_is_none_that_is_known() {
        let now = Parameter::new("session", "PLANTED", &SecretNames::default());
        let digits = now.identity().trim_start_matches(MASK).get(..4).unwrap().to_owned();
        let read: Parameter =
            serde_json::from_str(&format!(r#"{{"name":"session","fingerprint":"{digits}"}}"#)).unwrap();
        assert_ne!(read, now);
        assert_eq!((read.identity().as_ref(), read.clear()), (MASK, None), "no stored question has this");
        let again: Parameter = serde_json::from_str(&serde_json::to_string(&read).unwrap()).unwrap();
        assert_eq!(again, read);
    }

    #[test]
    fn of_a_digest_in_a_question_no_more_than_four_digits_are_shown() {
        let digest = "0123456789abcdef".repeat(4);
        let question = format!("1688/x?a=%2A%2A%2A&session=%2A%2A%2A{digest}&token=%2A%2A%2A{digest}");
        let shown = "1688/x?a=%2A%2A%2A&session=%2A%2A%2A0123&token=%2A%2A%2A0123";
        assert_eq!(with_short_digests(&question), shown);
        assert_eq!(without_digests(&question), shown.replace("0123", ""));
    }
}
