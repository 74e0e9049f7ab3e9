//! Key and secret. They can be sent and searched for, never printed.

use std::fmt;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};

/// The caller's key and secret, in clear. Neither `Display` nor a telling `Debug`.
#[derive(Clone)]
pub struct Credentials {
    key: SecretString,
    secret: SecretString,
}

/// Why a pair can't be used. The values themselves are never in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsError {
    /// One of the two is missing.
    #[error("the {0} is empty")]
    Empty(&'static str),
    /// White space or control characters: a copying mistake.
    #[error("the {0} has white space or a control character in it")]
    Malformed(&'static str),
}

/// A stretch of bytes in which a secret stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

impl Credentials {
    /// A pair as the vendor handed it out; blanks around either are dropped.
    ///
    /// # Errors
    /// Which of the two can't be right.
    pub fn new(key: &str, secret: &str) -> Result<Self, CredentialsError> {
        let checked = |name, text: &str| match text.trim() {
            "" => Err(CredentialsError::Empty(name)),
            text if text.chars().any(|c| c.is_whitespace() || c.is_control()) => {
                Err(CredentialsError::Malformed(name))
            }
            text => Ok(SecretString::from(text)),
        };
        Ok(Self { key: checked("key", key)?, secret: checked("secret", secret)? })
    }

    /// Where either stands in `bytes`: as it is, percent-encoded, or with JSON's escapes; in order and
    /// without overlap.
    pub fn find_in(&self, bytes: &[u8]) -> Vec<Span> {
        let spellings = [&self.key, &self.secret].map(|secret| spellings(secret.expose_secret()));
        let mut spans: Vec<Span> =
            spellings.iter().flatten().flat_map(|spelling| find(bytes, spelling)).collect();
        spans.sort_by_key(|span| (span.start, span.end));
        spans.dedup_by(|next, kept| {
            let overlaps = next.start < kept.end;
            kept.end = if overlaps { kept.end.max(next.end) } else { kept.end };
            overlaps
        });
        spans
    }

    /// A text with either secret replaced by `*`.
    pub fn mask(&self, text: &str) -> String {
        String::from_utf8_lossy(&masked(text.as_bytes(), &self.find_in(text.as_bytes()))).into_owned()
    }

    /// For the sender alone.
    pub(super) fn expose(&self) -> (&str, &str) {
        (self.key.expose_secret(), self.secret.expose_secret())
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(..)")
    }
}

/// The bytes with every span overwritten by `*`: all offsets keep their places.
pub(super) fn masked(bytes: &[u8], spans: &[Span]) -> Vec<u8> {
    let mut masked = bytes.to_vec();
    for span in spans {
        if let Some(secret) = masked.get_mut(span.start..span.end) {
            secret.fill(b'*');
        }
    }
    masked
}

/// The ways in which a body, a header or a page may write a secret.
fn spellings(secret: &str) -> Vec<Vec<u8>> {
    let json = serde_json::to_string(secret).unwrap_or_default();
    let json = json.trim_matches('"').to_owned();
    let percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let lower = percent.to_ascii_lowercase();
    let mut all = vec![secret.to_owned(), json.replace('/', "\\/"), json, percent, lower];
    all.sort();
    all.dedup();
    all.into_iter().map(String::into_bytes).collect()
}

/// Every place of `needle`. One of one or two letters would be found in every word, so it counts only
/// where it stands alone.
fn find<'a>(bytes: &'a [u8], needle: &'a [u8]) -> impl Iterator<Item = Span> + 'a {
    let alone = |span: &Span| {
        let before = span.start.checked_sub(1).and_then(|at| bytes.get(at));
        let beside = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        !beside(before) && !beside(bytes.get(span.end))
    };
    memchr::memmem::find_iter(bytes, needle)
        .map(|start| Span { start, end: start + needle.len() })
        .filter(move |span| needle.len() > 2 || alone(span))
}
