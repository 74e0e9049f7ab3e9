//! The bytes of an answer: kept as they came, shown without what must not be seen.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use encoding_rs::GBK;

use super::credentials::{Credentials, Span, masked, merge};
use super::secret_names::SecretNames;
use super::side_by_side::side_by_side;
use super::wire::Wire;

/// Bodies from this size on are worth a second thread.
const LARGE: usize = 1 << 20;

/// What the bytes turned out to be, whatever the label said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As labelled.
    Utf8,
    /// GBK under a utf-8 label, as some refusals come.
    Gbk,
    /// Neither: unreadable bytes are shown as U+FFFD.
    Unknown,
}

/// A body after unpacking. `raw` is for the store; all else reads `shown`.
#[derive(Clone)]
pub struct Body {
    raw: Bytes,
    secrets: Vec<Span>,
    /// The same in the text, where that is another than the raw bytes.
    secrets_in_text: Vec<Span>,
    encoding: Encoding,
    shown: Bytes,
    /// What was wrong around it.
    wire: Option<Arc<Wire>>,
}

impl Body {
    /// Takes a body in: finds its encoding, and the caller's secrets in it.
    pub fn receive(raw: Bytes, credentials: &Credentials) -> (Self, Bytes) {
        let large = raw.len() >= LARGE;
        let (secrets, (encoding, text)) = side_by_side(large, || credentials.find_in(&raw), || decode(&raw));
        let in_text = if encoding == Encoding::Utf8 { Vec::new() } else { credentials.find_in(&text) };
        Self::masked(raw, (encoding, text), secrets, in_text)
    }

    /// Takes a body in of which nobody knows whose it is: what is a secret by its name is found.
    pub(super) fn unowned(raw: Bytes) -> (Self, Bytes) {
        let names = SecretNames::default();
        let decoded = decode(&raw);
        let in_text = if decoded.0 == Encoding::Utf8 { Vec::new() } else { names.find_in_body(&decoded.1) };
        let secrets = names.find_in_body(&raw);
        Self::masked(raw, decoded, secrets, in_text)
    }

    /// Takes a kept body in, of which it is known where secrets stand.
    pub(super) fn restore(raw: Bytes, secrets: Vec<Span>, secrets_in_text: Vec<Span>) -> (Self, Bytes) {
        let decoded = decode(&raw);
        Self::masked(raw, decoded, secrets, secrets_in_text)
    }

    fn masked(
        raw: Bytes,
        (encoding, text): (Encoding, Bytes),
        secrets: Vec<Span>,
        secrets_in_text: Vec<Span>,
    ) -> (Self, Bytes) {
        let spans = if encoding == Encoding::Utf8 { &secrets } else { &secrets_in_text };
        let shown = if spans.is_empty() { text.clone() } else { Bytes::from(masked(&text, spans)) };
        (Self { raw, secrets, secrets_in_text, encoding, shown, wire: None }, text)
    }

    /// The same with further secrets, of which it became known that they stand in its `text`.
    #[must_use]
    pub(super) fn hiding(mut self, text: &Bytes, further: Vec<Span>) -> Self {
        let in_raw = self.encoding == Encoding::Utf8;
        let spans = if in_raw { &mut self.secrets } else { &mut self.secrets_in_text };
        spans.extend(further);
        merge(spans);
        self.shown = Bytes::from(masked(text, spans));
        self
    }

    /// A body that never came.
    pub fn none() -> Self {
        let (secrets, secrets_in_text) = (Vec::new(), Vec::new());
        let encoding = Encoding::Utf8;
        Self { raw: Bytes::new(), secrets, secrets_in_text, encoding, shown: Bytes::new(), wire: None }
    }

    /// The same with what was wrong on its way.
    #[must_use]
    pub(super) fn come_by(self, wire: Wire) -> Self {
        let wire = Some(wire).filter(|wire| *wire != Wire::default()).map(Arc::new);
        Self { wire, ..self }
    }

    /// What was wrong on its way; `None` where nothing was.
    pub fn wire(&self) -> Option<&Wire> {
        self.wire.as_deref()
    }

    /// The bytes as they came, secrets and all: to be kept, never to be shown.
    pub fn raw(&self) -> &Bytes {
        &self.raw
    }

    /// Where secrets stand in [`Body::raw`].
    pub fn secrets(&self) -> &[Span] {
        &self.secrets
    }

    /// Where secrets stand in the text, where its bytes are others than the raw ones; else empty.
    pub fn secrets_in_text(&self) -> &[Span] {
        &self.secrets_in_text
    }

    /// UTF-8 with every secret overwritten by `*`.
    pub fn shown(&self) -> &Bytes {
        &self.shown
    }

    /// What the bytes turned out to be.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Its size as it came, in bytes after unpacking.
    pub fn len(&self) -> usize {
        self.raw.len()
    }

    /// Whether nothing came.
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes, {:?}, {} secrets)", self.raw.len(), self.encoding, self.secrets.len())
    }
}

/// GBK only where no character of three or more bytes was read before the first offence: Chinese in UTF-8
/// with one broken byte would decode as GBK too, into nonsense. Two bytes prove nothing: 系 in GBK is a
/// letter in UTF-8.
fn decode(raw: &Bytes) -> (Encoding, Bytes) {
    let Err(error) = simdutf8::compat::from_utf8(raw) else {
        return (Encoding::Utf8, raw.clone());
    };
    let read = raw.get(..error.valid_up_to()).unwrap_or_default();
    if error.error_len().is_none() {
        // A character cut in half at the very end: the body is cut, nothing speaks against its label.
        return (Encoding::Utf8, raw.slice(..error.valid_up_to()));
    }
    if read.iter().all(|byte| *byte < 0xe0) {
        let (text, broken) = GBK.decode_without_bom_handling(raw);
        if !broken {
            return (Encoding::Gbk, Bytes::from(text.into_owned()));
        }
    }
    (Encoding::Unknown, Bytes::from(String::from_utf8_lossy(raw).into_owned()))
}
