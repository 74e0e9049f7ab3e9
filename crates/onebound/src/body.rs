//! The body of a response: raw bytes to be stored, and a masked text to be shown.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use encoding_rs::GBK;

use super::credentials::{Credentials, Span, masked, merge};
use super::parallel::join2;
use super::secret_names::SecretNames;
use super::wire::Wire;

/// Bodies from this size on are worth a second thread.
const LARGE: usize = 1 << 20;

/// The encoding of a body, as detected; the `Content-Type` may say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, as labelled.
    Utf8,
    /// GBK under a utf-8 label, as some refusals come.
    Gbk,
    /// UTF-8 with bytes in it that are none: they are shown as U+FFFD.
    BrokenUtf8 {
        /// Offset of the first such byte.
        at: usize,
        /// Number of such places.
        places: usize,
    },
}

/// A body after unpacking. Only a store should read `raw`; everything else reads `shown`.
#[derive(Clone)]
pub struct Body {
    raw: Bytes,
    secrets: Vec<Span>,
    /// The spans in the decoded text, if that differs from the raw bytes.
    secrets_in_text: Vec<Span>,
    encoding: Encoding,
    shown: Bytes,
    /// Faults of the transfer.
    wire: Option<Arc<Wire>>,
}

impl Body {
    /// Detects the encoding and finds the caller's secrets. Returns the body and its unmasked text.
    pub fn receive(raw: Bytes, credentials: &Credentials) -> (Self, Bytes) {
        let large = raw.len() >= LARGE;
        let (secrets, (encoding, text)) = join2(large, || credentials.find_in(&raw), || decode(&raw));
        let in_text = if encoding == Encoding::Utf8 { Vec::new() } else { credentials.find_in(&text) };
        Self::masked(raw, (encoding, text), secrets, in_text)
    }

    /// Creates a body whose caller is not known: only values with the name of a secret are masked.
    pub(super) fn unowned(raw: Bytes) -> (Self, Bytes) {
        let names = SecretNames::default();
        let decoded = decode(&raw);
        let in_text = if decoded.0 == Encoding::Utf8 { Vec::new() } else { names.find_in_body(&decoded.1) };
        let secrets = names.find_in_body(&raw);
        Self::masked(raw, decoded, secrets, in_text)
    }

    /// Creates a stored body, with the spans of its secrets.
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

    /// Masks further spans of `text`.
    #[must_use]
    pub(super) fn hiding(mut self, text: &Bytes, further: Vec<Span>) -> Self {
        let in_raw = self.encoding == Encoding::Utf8;
        let spans = if in_raw { &mut self.secrets } else { &mut self.secrets_in_text };
        spans.extend(further);
        merge(spans);
        self.shown = Bytes::from(masked(text, spans));
        self
    }

    /// An empty body, for a call without a response.
    pub fn none() -> Self {
        let (secrets, secrets_in_text) = (Vec::new(), Vec::new());
        let encoding = Encoding::Utf8;
        Self { raw: Bytes::new(), secrets, secrets_in_text, encoding, shown: Bytes::new(), wire: None }
    }

    /// Adds the faults of the transfer.
    #[must_use]
    pub(super) fn come_by(self, wire: Wire) -> Self {
        let wire = Some(wire).filter(|wire| *wire != Wire::default()).map(Arc::new);
        Self { wire, ..self }
    }

    /// The faults of the transfer; `None` if there were none.
    pub fn wire(&self) -> Option<&Wire> {
        self.wire.as_deref()
    }

    /// The bytes as received, secrets included: for a store, never for a screen.
    pub fn raw(&self) -> &Bytes {
        &self.raw
    }

    /// Spans of the secrets in [`Body::raw`].
    pub fn secrets(&self) -> &[Span] {
        &self.secrets
    }

    /// Spans of the secrets in the decoded text; empty for UTF-8, where [`Body::secrets`] holds them.
    pub fn secrets_in_text(&self) -> &[Span] {
        &self.secrets_in_text
    }

    /// The text in UTF-8, every byte of a secret overwritten with `*`.
    pub fn shown(&self) -> &Bytes {
        &self.shown
    }

    /// The detected encoding.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Maps an offset in the text to one in [`Body::raw`].
    pub(super) fn position_in_raw(&self, in_text: usize) -> usize {
        match self.encoding {
            Encoding::Utf8 => in_text,
            Encoding::Gbk => {
                let read = String::from_utf8_lossy(self.shown.get(..in_text).unwrap_or(&self.shown));
                read.chars().fold(0, |at, _| at + gbk_length(self.raw.get(at..).unwrap_or_default()))
            }
            Encoding::BrokenUtf8 { .. } => {
                let (mut text, mut raw) = (0, 0);
                for chunk in self.raw.utf8_chunks() {
                    let length = chunk.valid().len();
                    if in_text < text + length {
                        return raw + in_text - text;
                    }
                    text += length + char::REPLACEMENT_CHARACTER.len_utf8();
                    raw += length + chunk.invalid().len();
                }
                raw
            }
        }
    }

    /// The size of the raw body in bytes, after unpacking.
    pub fn len(&self) -> usize {
        self.raw.len()
    }

    /// Returns true for an empty body.
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes, {:?}, {} secrets)", self.raw.len(), self.encoding, self.secrets.len())
    }
}

/// GBK only where it is more likely than UTF-8 with broken bytes in it.
fn decode(raw: &Bytes) -> (Encoding, Bytes) {
    let Err(error) = simdutf8::compat::from_utf8(raw) else {
        return (Encoding::Utf8, raw.clone());
    };
    if error.error_len().is_none() {
        // A character cut in half at the very end: the body is cut, nothing speaks against its label.
        return (Encoding::Utf8, raw.slice(..error.valid_up_to()));
    }
    let (mut chars, mut places) = (0, 0);
    for chunk in raw.utf8_chunks() {
        chars += chunk.valid().chars().filter(|c| c.len_utf8() > 2).count();
        places += usize::from(!chunk.invalid().is_empty());
    }
    // Chinese in UTF-8 decodes as GBK too, into nonsense. In GBK such characters occur by chance: 系 in GBK is a
    // letter of two bytes in UTF-8, and three bytes are rarer by far than those that are none.
    if chars < places && is_gbk(raw) {
        let (text, broken) = GBK.decode_without_bom_handling(raw);
        if !broken {
            return (Encoding::Gbk, Bytes::from(text.into_owned()));
        }
    }
    let broken = Encoding::BrokenUtf8 { at: error.valid_up_to(), places };
    (broken, Bytes::from(String::from_utf8_lossy(raw).into_owned()))
}

/// Whether most of what is no ASCII is a character of GB2312, and not all of it is built as UTF-8 is: characters that
/// are written too long, halves of pairs and cut ones are pairs of bytes in GBK as well.
fn is_gbk(raw: &[u8]) -> bool {
    let (mut pairs, mut common, mut built_as_utf8) = (0_usize, 0_usize, true);
    let mut rest = raw;
    while let Some(start) = rest.iter().position(|byte| !byte.is_ascii()) {
        rest = rest.get(start..).unwrap_or_default();
        let (lead, trail) =
            (rest.first().copied().unwrap_or_default(), rest.get(1).copied().unwrap_or_default());
        pairs += 1;
        common += usize::from(matches!(lead, 0xa1..=0xa9 | 0xb0..=0xf7) && trail >= 0xa1);
        built_as_utf8 &= (0xc0..0xf8).contains(&lead) && is_continuation(trail);
        // What a third and fourth byte of UTF-8 would be is a character of its own in GBK.
        let length = if built_as_utf8 { utf8_length(rest) } else { 2 };
        rest = rest.get(length..).unwrap_or_default();
    }
    !built_as_utf8 && common * 2 > pairs
}

/// Length of the first character in GBK or GB18030.
fn gbk_length(bytes: &[u8]) -> usize {
    match bytes {
        [0..=0x80, ..] | [_] | [] => 1,
        [_, b'0'..=b'9', ..] => 4,
        _ => 2,
    }
}

fn is_continuation(byte: u8) -> bool {
    (0x80..0xc0).contains(&byte)
}

/// Length of the first character in UTF-8, also if it is incomplete.
fn utf8_length(bytes: &[u8]) -> usize {
    let built = match bytes.first() {
        Some(0xf0..) => 4,
        Some(0xe0..) => 3,
        _ => 2,
    };
    let continued = bytes.iter().skip(1).take(built - 1).take_while(|byte| is_continuation(**byte)).count();
    1 + continued
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoding(raw: &[u8]) -> Encoding {
        decode(&Bytes::copy_from_slice(raw)).0
    }

    #[test]
    fn gbk_is_what_is_written_in_gbk() {
        for text in ["授权失败,请联系客服", "系统繁忙", "商品已下架。", "Key[abc]已超量"]
        {
            let (gbk, _, _) = GBK.encode(text);
            let body = [b"{\"error\":\"".as_slice(), &gbk, b"\"}"].concat();
            assert_eq!(encoding(&body), Encoding::Gbk, "{text}");
        }
    }

    #[test]
    fn broken_utf8_is_not_gbk() {
        let cases: [(&[u8], usize, usize); 8] = [
            // A slash written too long, also twice, and beside Chinese in UTF-8.
            (b"{\"a\":\"\xc0\xaf\"}", 6, 1),
            (b"\xc0\xaf \xc1\x81\xc1\x82", 0, 3),
            ("价格\u{20ac}".as_bytes(), 0, 0),
            (b"\xe4\xbb\xb7\xc0\xaf", 3, 1),
            // Half of a surrogate pair, as Java writes it; a character cut short; a letter of Latin-1; a stray byte.
            (b"a\xed\xa0\xbd\xed\xb8\x80", 1, 2),
            (b"\"\xe6\x9c\" b", 1, 1),
            (b"caf\xe9 noir", 3, 1),
            (b"a\xffb", 1, 1),
        ];
        for (raw, at, places) in cases {
            let wanted = if places == 0 { Encoding::Utf8 } else { Encoding::BrokenUtf8 { at, places } };
            let found = match encoding(raw) {
                // How many bytes make a place is the decoder's affair.
                Encoding::BrokenUtf8 { at, .. } => Encoding::BrokenUtf8 { at, places },
                other => other,
            };
            assert_eq!(found, wanted, "{}", String::from_utf8_lossy(raw));
        }
    }

    #[test]
    fn a_secret_is_hidden_also_where_the_body_is_cut_within_its_last_character() {
        let raw = "{\"error_code\":\"4005\",\"token\":\"abc价".as_bytes();
        let raw = Bytes::copy_from_slice(&raw[..raw.len() - 1]);
        let credentials = Credentials::new("a-key", "a-secret").unwrap();
        for (body, _) in [Body::receive(raw.clone(), &credentials), Body::unowned(raw)] {
            assert_eq!(body.shown(), "{\"error_code\":\"4005\",\"token\":\"***");
        }
    }

    #[test]
    fn a_place_in_the_text_is_one_in_the_bytes() {
        let (gbk, _, _) = GBK.encode("系统a\u{20ac}x");
        let none = |raw: &[u8]| Body::restore(Bytes::copy_from_slice(raw), Vec::new(), Vec::new()).0;
        let text = "系统a\u{20ac}x".len() - 1;
        assert_eq!(none(&gbk).position_in_raw(text), gbk.len() - 1);
        assert_eq!(none(b"ab\xffcd").position_in_raw(6), 4);
        assert_eq!(none(b"abcd").position_in_raw(3), 3);
    }
}
