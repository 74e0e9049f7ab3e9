//! Key and secret. They can be sent and searched for, never printed.

mod find;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::call::Call;
use super::nested_escapes;
use super::secret_names::SecretNames;
use super::signature;
use find::{EscapeStyle, SHORT, SHORT_OF_CALL, counts, find};

/// The caller's key and secret. `Debug` does not show them.
#[derive(Clone)]
pub struct Credentials {
    key: SecretString,
    secret: SecretString,
    auth: Auth,
    /// Of the call that they are for: its signature, by which whoever sees it could repeat the call, and the secrets
    /// among its parameters.
    of_call: Vec<SecretString>,
    /// Key and secret of other pairs that are masked as well.
    others: Vec<SecretString>,
    names: SecretNames,
}

/// How a call is authenticated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Auth {
    /// The secret is sent in clear.
    #[default]
    Secret,
    /// A signature over the call and its time is sent; the secret is not.
    Sign,
}

/// Why a pair can't be used. The values themselves are never in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsError {
    /// The key or the secret is missing.
    #[error("the {0} is empty")]
    Empty(&'static str),
    /// White space or control characters: a copying mistake.
    #[error("the {0} has white space or a control character in it")]
    Malformed(&'static str),
}

/// A range of bytes that holds a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

/// Identifies a key without revealing it: the first eight hexadecimal digits of its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(Arc<str>);

impl Fingerprint {
    /// One as it was written down.
    pub fn from_stored(text: &str) -> Self {
        Self(text.into())
    }

    /// Eight hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Credentials {
    /// Creates credentials; surrounding white space is dropped.
    ///
    /// # Errors
    /// Names the part that is empty or malformed.
    pub fn new(key: &str, secret: &str) -> Result<Self, CredentialsError> {
        let checked = |name, text: &str| match text.trim() {
            "" => Err(CredentialsError::Empty(name)),
            text if text.chars().any(|c| c.is_whitespace() || c.is_control()) => {
                Err(CredentialsError::Malformed(name))
            }
            text => Ok(SecretString::from(text)),
        };
        let (key, secret) = (checked("key", key)?, checked("secret", secret)?);
        let (of_call, others, names) = (Vec::new(), Vec::new(), SecretNames::default());
        Ok(Self { key, secret, auth: Auth::default(), of_call, others, names })
    }

    /// How calls are authenticated.
    pub fn auth(&self) -> Auth {
        self.auth
    }

    /// Sets how calls are authenticated.
    #[must_use]
    pub fn with_auth(self, auth: Auth) -> Self {
        Self { auth, ..self }
    }

    /// Sets which names mean a secret.
    #[must_use]
    pub fn with_secret_names(self, names: SecretNames) -> Self {
        Self { names, ..self }
    }

    /// Masks another pair as well, and what its names mean.
    #[must_use]
    pub fn also_masking(mut self, other: &Self) -> Self {
        self.others.extend([&other.key, &other.secret].into_iter().chain(&other.others).cloned());
        Self { names: other.names.clone(), ..self }
    }

    /// The names that mean a secret.
    pub(super) fn names(&self) -> &SecretNames {
        &self.names
    }

    /// Spans of the key, the secret and the secrets of the call in `bytes`: plain, percent-encoded, with the escapes of
    /// JSON or PHP, with the entities of XML or HTML, or with several of these nested; in order and without overlap.
    pub fn find_in(&self, bytes: &[u8]) -> Vec<Span> {
        let is_markup = bytes.trim_ascii_start().starts_with(b"<");
        // Outside of markup, entities are searched with the other spellings, unless the secret itself has such marks:
        // decoding them together could give another text.
        let may_be = |style: EscapeStyle, secret: &str| {
            is_markup || style != EscapeStyle::Entities || secret.contains(['\\', '&', '%'])
        };
        let own = [&self.key, &self.secret].into_iter().chain(&self.others).map(|secret| (secret, SHORT));
        let of_call = self.of_call.iter().map(|secret| (secret, SHORT_OF_CALL));
        let find = |(secret, short): (&SecretString, usize)| -> Vec<_> {
            let secret = secret.expose_secret();
            let styles = EscapeStyle::ALL.into_iter().filter(|style| may_be(*style, secret));
            styles.map(|style| find(bytes, secret, style, short)).collect()
        };
        let all: Vec<(&SecretString, usize)> = own.chain(of_call).collect();
        let mut spans: Vec<Span> = all.iter().copied().flat_map(find).flatten().collect();
        let secrets: Vec<&str> = all.iter().map(|(secret, _)| secret.expose_secret()).collect();
        let long_enough = |at: usize, span| all.get(at).is_some_and(|(_, short)| counts(bytes, span, *short));
        let inside =
            nested_escapes::find(bytes, &secrets).into_iter().filter(|(at, span)| long_enough(*at, *span));
        spans.extend(inside.map(|(_, span)| span));
        spans.extend(self.names.find_in_body(bytes));
        merge(&mut spans);
        spans
    }

    /// Replaces every secret in a text by `*`: those of the caller, and those that a URL in it names.
    pub fn mask(&self, text: &str) -> String {
        let mut spans = self.find_in(text.as_bytes());
        spans.extend(self.names.find_in_addresses(text.as_bytes()));
        merge(&mut spans);
        String::from_utf8_lossy(&masked(text.as_bytes(), &spans)).into_owned()
    }

    /// A header's value with secrets masked.
    pub(super) fn mask_header(&self, name: &str, value: &str) -> String {
        self.names.mask_header(name, self.mask(value))
    }

    /// The fingerprint of the key.
    pub fn fingerprint(&self) -> Fingerprint {
        let digest = ring::digest::digest(&ring::digest::SHA256, self.key.expose_secret().as_bytes());
        let hex = digest.as_ref().iter().take(4).map(|byte| format!("{byte:02x}"));
        Fingerprint(hex.collect::<String>().into())
    }

    /// For the sender alone: what goes with a call of these parameters at this moment, and the pair that knows
    /// of its signature and of the secrets among its parameters.
    pub(super) fn authenticate(
        &self,
        call: &Call,
        parameters: &[(&str, Cow<'_, str>)],
        at: Timestamp,
    ) -> (Vec<(&'static str, String)>, Self) {
        let (key, secret) = (self.key.expose_secret(), self.secret.expose_secret());
        let mut for_call = Self { of_call: call.secrets().cloned().collect(), ..self.clone() };
        if self.auth == Auth::Secret {
            return (vec![("key", key.to_owned()), ("secret", secret.to_owned())], for_call);
        }
        let dateline = signature::dateline(at);
        let mut signed: Vec<_> = parameters.iter().map(|(name, value)| (*name, value.as_ref())).collect();
        signed.extend([("key", key), ("api_name", call.api_name()), ("dateline", dateline.as_str())]);
        let sign = signature::sign(&signed, secret);
        for_call.of_call.push(SecretString::from(sign.as_str()));
        (vec![("key", key.to_owned()), ("dateline", dateline), ("sign", sign)], for_call)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(..)")
    }
}

/// Puts spans in order, and makes one of those that overlap.
pub(super) fn merge(spans: &mut Vec<Span>) {
    spans.sort_by_key(|span| (span.start, span.end));
    spans.dedup_by(|next, kept| {
        let overlaps = next.start < kept.end;
        kept.end = if overlaps { kept.end.max(next.end) } else { kept.end };
        overlaps
    });
}

/// The bytes with every span overwritten by `*`: all offsets keep their places. A span may end behind the last byte: of
/// a body that was cut within a character, the text ends before that one.
pub(super) fn masked(bytes: &[u8], spans: &[Span]) -> Vec<u8> {
    let mut masked = bytes.to_vec();
    for span in spans {
        let end = span.end.min(masked.len());
        if let Some(secret) = masked.get_mut(span.start..end) {
            secret.fill(b'*');
        }
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_with_marks_of_its_own_is_found_in_entities_also_beside_itself() {
        let credentials = Credentials::new("a-key", r#""%41&amp;\"#).unwrap();
        let spelled = r"&quot;%41&amp;amp;\";
        for count in 1..4 {
            let text = format!("[{}]", spelled.repeat(count));
            let stars = "*".repeat(count * spelled.len());
            assert_eq!(credentials.mask(&text), format!("[{stars}]"));
        }
    }
}
