//! Key and secret. They can be sent and searched for, never printed.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::call::Call;
use super::entity::{LONGEST_ENTITY, decode_xml_entity};
use super::nested_escapes;
use super::secret_names::SecretNames;
use super::signature;

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
    pub fn written(text: &str) -> Self {
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
        // Elsewhere entities are found with all that is spelled, unless the secret has marks of its own: what is then
        // decoded together with them may be another text.
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

/// The ways in which a body, a header or a page may write a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
enum EscapeStyle {
    /// Letter by letter.
    Plain,
    /// As in an URL: any byte may be written as `%XX`.
    Percent,
    /// As in JSON: `\"`, `\\`, `\/`, and any character may be written as `\uXXXX`; and PHP's `\'`.
    Json,
    /// As in XML and HTML: `&amp;`, and any character may be written as `&#65;` or `&#x41;`.
    Entities,
}

impl EscapeStyle {
    const ALL: [Self; 4] = [Self::Plain, Self::Percent, Self::Json, Self::Entities];

    /// What may introduce a character that is not written as it is.
    fn mark(self) -> Option<u8> {
        match self {
            Self::Plain => None,
            Self::Percent => Some(b'%'),
            Self::Json => Some(b'\\'),
            Self::Entities => Some(b'&'),
        }
    }

    /// At most, in bytes, for a byte of a secret.
    fn longest(self) -> usize {
        match self {
            Self::Plain => 1,
            Self::Percent => "%41".len(),
            Self::Json => "\\u0041".len(),
            Self::Entities => LONGEST_ENTITY,
        }
    }

    /// The length of the secret at the start of `bytes`; `None` if it does not begin there.
    fn length_of(self, secret: &str, bytes: &[u8]) -> Option<usize> {
        let mut rest = bytes;
        for next in secret.chars() {
            let length = self.length_of_character(next, rest)?;
            rest = rest.get(length..)?;
        }
        Some(bytes.len() - rest.len())
    }

    fn length_of_character(self, next: char, bytes: &[u8]) -> Option<usize> {
        let mut buffer = [0; 4];
        let plain = next.encode_utf8(&mut buffer).as_bytes();
        // A mark is never written plainly in its own style.
        let stands_for_itself = self.mark().is_none_or(|mark| plain != [mark]);
        // Byte by byte first: nearly every place is wrong from its first byte on.
        if stands_for_itself
            && bytes.first() == plain.first()
            && (plain.len() == 1 || bytes.starts_with(plain))
        {
            return Some(plain.len());
        }
        match self {
            Self::Plain => None,
            Self::Percent => escaped(bytes, "%", plain.iter().map(|&byte| u16::from(byte)), 2),
            Self::Json
                if matches!(next, '"' | '\\' | '/' | '\'') && bytes.starts_with(&[b'\\', plain[0]]) =>
            {
                Some(2)
            }
            Self::Json => escaped(bytes, "\\u", next.encode_utf16(&mut [0; 2]).iter().copied(), 4),
            Self::Entities => {
                decode_xml_entity(bytes).and_then(|(found, length)| (found == next).then_some(length))
            }
        }
    }
}

/// The length of `units` at the start of `bytes`, each after `mark` and in so many hexadecimal digits.
fn escaped(bytes: &[u8], mark: &str, units: impl Iterator<Item = u16>, digits: usize) -> Option<usize> {
    if bytes.first() != mark.as_bytes().first() {
        return None;
    }
    let mut rest = bytes;
    for unit in units {
        let (written, after) = rest.strip_prefix(mark.as_bytes())?.split_at_checked(digits)?;
        // Digit by digit: of the many escapes in a body nearly all differ in the first or second one.
        let places = (0..digits).rev().map(|place| u32::from(unit >> (4 * place)) & 0xf);
        let matches = |(&byte, digit): (&u8, u32)| char::from(byte).to_digit(16) == Some(digit);
        if !written.iter().zip(places).all(matches) {
            return None;
        }
        rest = after;
    }
    Some(bytes.len() - rest.len())
}

/// A key or secret of at most this length counts only as a whole word, else it would be found in every word.
const SHORT: usize = 2;
/// The same of a call's own secrets: a password of six digits would be found in prices and IDs.
const SHORT_OF_CALL: usize = 7;

/// All spans of `secret` in one style; of one of at most `short` bytes, only whole words.
fn find(bytes: &[u8], secret: &str, style: EscapeStyle, short: usize) -> Vec<Span> {
    let mut spans = match style.mark() {
        None => find_plain(bytes, secret),
        Some(mark) => find_marked(bytes, secret, style, mark),
    };
    spans.retain(|span| counts(bytes, *span, short));
    spans
}

/// Whether a span is longer than `short`, or a whole word.
fn counts(bytes: &[u8], span: Span, short: usize) -> bool {
    let before = span.start.checked_sub(1).and_then(|at| bytes.get(at));
    let is_alphanumeric = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    span.end - span.start > short || !is_alphanumeric(before) && !is_alphanumeric(bytes.get(span.end))
}

/// All spans of the plain text, overlapping ones too.
fn find_plain(bytes: &[u8], secret: &str) -> Vec<Span> {
    let finder = memchr::memmem::Finder::new(secret);
    let mut from = 0;
    std::iter::from_fn(|| {
        let start = from + finder.find(bytes.get(from..)?)?;
        from = start + 1;
        Some(Span { start, end: start + secret.len() })
    })
    .collect()
}

/// Every place where at least one letter is not written as itself: the others are found letter by letter. So a
/// mark is in it, and only the bytes around marks are searched.
fn find_marked(bytes: &[u8], secret: &str, style: EscapeStyle, mark: u8) -> Vec<Span> {
    let first = secret.bytes().next().unwrap_or_default();
    let second = secret.as_bytes().get(1).copied();
    // After a plain first letter comes the second one or a mark: that leaves few candidates.
    let may_go_on = |start: usize| {
        let next = bytes.get(start + 1);
        bytes.get(start) == Some(&mark) || next.is_none() || next == second.as_ref() || next == Some(&mark)
    };
    let spelled_at = |start: usize| {
        let length = style.length_of(secret, bytes.get(start..)?)?;
        Some(Span { start, end: start + length })
    };
    around(bytes, mark, secret.len() * style.longest())
        .flat_map(|Span { start, end }| {
            let window = bytes.get(start..end).unwrap_or_default();
            memchr::memchr2_iter(first, mark, window).map(move |at| start + at)
        })
        .filter(|&start| second.is_none() || may_go_on(start))
        .filter_map(spelled_at)
        .collect()
}

/// Where something that holds a `mark` may begin, given that it is at most `reach` bytes long; in order and
/// without overlap.
fn around(bytes: &[u8], mark: u8, reach: usize) -> impl Iterator<Item = Span> {
    let mut marks = memchr::memchr_iter(mark, bytes).peekable();
    let mut done = 0;
    std::iter::from_fn(move || {
        let mut last = marks.next()?;
        let start = last.saturating_sub(reach).max(done);
        while let Some(near) = marks.next_if(|next| next - last <= reach) {
            last = near;
        }
        done = last + 1;
        Some(Span { start, end: done })
    })
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
