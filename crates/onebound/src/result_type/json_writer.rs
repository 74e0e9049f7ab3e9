//! Writes what a decoder reads as JSON, so that everything behind it knows one form only.
//!
//! Structure is read from a body as it came, content from the same with its secrets masked: a mask can neither
//! break a length nor an escape, and no secret gets into what is written.

use super::super::credentials::Span;
use super::super::entity::decode_xml_entity;
use super::FormatFaults;
use onebound_document::is_number;

/// A body, and as much of it as may be shown: of the same length.
#[derive(Clone, Copy)]
pub(super) struct MaskedSource<'a> {
    pub(super) text: &'a [u8],
    pub(super) shown: &'a [u8],
}

/// How a stretch of the source writes characters that it can't write as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EscapeSyntax {
    /// Not at all.
    Plain,
    /// PHP's single quotes: `\\` and `\'`; any other backslash is plain.
    SingleQuoted,
    /// PHP's double quotes, of which `var_export` uses but one escape: `\0`.
    DoubleQuoted,
    /// XML's entities.
    Entities,
}

/// A stretch of the source that is a text or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SourcePiece {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) syntax: EscapeSyntax,
}

impl SourcePiece {
    /// Offsets must be below [`MAX_BYTES`].
    pub(super) fn new(start: usize, end: usize, syntax: EscapeSyntax) -> Self {
        let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: offset(start), end: offset(end), syntax }
    }
}

/// Offsets are 32 bits wide: larger bodies are refused.
pub(super) const MAX_BYTES: usize = 1 << 30;

/// The source of some written bytes; of spans of equal length byte by byte.
struct ByteOrigin {
    written: Span,
    source: Span,
}

/// The JSON so far.
pub(super) struct JsonWriter<'a> {
    source: MaskedSource<'a>,
    json: Vec<u8>,
    origins: Option<Vec<ByteOrigin>>,
    faults: FormatFaults,
}

/// The JSON of a decoder, with its origins.
pub(super) struct WrittenJson {
    pub(super) json: Vec<u8>,
    origins: Vec<ByteOrigin>,
    pub(super) faults: FormatFaults,
}

impl WrittenJson {
    /// Shifts all offsets by `skipped` bytes.
    pub(super) fn after(mut self, skipped: usize) -> Self {
        for origin in &mut self.origins {
            origin.source.start += skipped;
            origin.source.end += skipped;
        }
        self.faults = self.faults.after(skipped);
        self
    }

    /// The source spans of some spans of the JSON. Empty unless the writer tracked origins.
    pub(super) fn origins_of(&self, spans: &[Span]) -> Vec<Span> {
        spans.iter().flat_map(|span| self.origins_of_one(*span)).collect()
    }

    fn origins_of_one(&self, span: Span) -> impl Iterator<Item = Span> {
        let first = self.origins.partition_point(|origin| origin.written.end <= span.start);
        let origins = self.origins.get(first..).unwrap_or_default();
        origins.iter().take_while(move |origin| origin.written.start < span.end).map(move |origin| {
            let ByteOrigin { written, source } = origin;
            if written.end - written.start != source.end - source.start {
                return *source;
            }
            let (before, behind) =
                (span.start.saturating_sub(written.start), written.end.saturating_sub(span.end));
            Span { start: source.start + before, end: source.end - behind }
        })
    }
}

impl<'a> JsonWriter<'a> {
    /// An empty writer. `tracks_origins` is needed for [`WrittenJson::origins_of`].
    pub(super) fn new(source: MaskedSource<'a>, tracks_origins: bool, faults: FormatFaults) -> Self {
        Self {
            source,
            json: Vec::with_capacity(source.text.len()),
            origins: tracks_origins.then(Vec::new),
            faults,
        }
    }

    pub(super) fn finish(self) -> WrittenJson {
        WrittenJson { json: self.json, origins: self.origins.unwrap_or_default(), faults: self.faults }
    }

    /// Begins a list or an object.
    pub(super) fn open(&mut self, is_list: bool) {
        self.separate();
        self.json.push(if is_list { b'[' } else { b'{' });
    }

    /// Ends a list or an object.
    pub(super) fn close(&mut self, is_list: bool) {
        self.json.push(if is_list { b']' } else { b'}' });
    }

    /// A member's key, after what `mark` says (`@` before the name of an attribute).
    pub(super) fn key(&mut self, mark: &str, pieces: &[SourcePiece]) {
        self.separate();
        self.json.push(b'"');
        self.json.extend_from_slice(mark.as_bytes());
        self.pieces(pieces);
        self.json.extend_from_slice(b"\":");
    }

    /// A text.
    pub(super) fn text(&mut self, pieces: &[SourcePiece]) {
        self.separate();
        self.json.push(b'"');
        self.pieces(pieces);
        self.json.push(b'"');
    }

    /// A number in its own digits; a text where JSON has no such number, or where a secret covers it.
    pub(super) fn number(&mut self, digits: SourcePiece) {
        let (start, end) = (digits.start as usize, digits.end as usize);
        let text = self.source.text.get(start..end).unwrap_or_default();
        if !is_number(text) || self.is_hidden(start, end) {
            return self.text(&[digits]);
        }
        self.separate();
        self.pieces(&[digits]);
    }

    /// A value that is JSON already.
    pub(super) fn word(&mut self, word: &str) {
        self.separate();
        self.json.extend_from_slice(word.as_bytes());
    }

    /// Appends the text after the value.
    pub(super) fn trailing(&mut self, start: usize) {
        let rest = self.source.shown.get(start..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if blank < rest.len() {
            self.faults.trailing = Some(start + blank);
            self.json.push(b'\n');
            self.copy(start, self.source.text.len());
        }
    }

    fn separate(&mut self) {
        if !matches!(self.json.last(), None | Some(b'[' | b'{' | b':')) {
            self.json.push(b',');
        }
    }

    fn pieces(&mut self, pieces: &[SourcePiece]) {
        for piece in pieces {
            let (mut at, end) = (piece.start as usize, piece.end as usize);
            while at < end {
                let rest = self.source.text.get(at..end).unwrap_or_default();
                let plain = piece.syntax.next_mark(rest);
                self.copy(at, at + plain);
                at += plain;
                let rest = rest.get(plain..).unwrap_or_default();
                if !rest.is_empty() {
                    let resolved = piece.syntax.resolve(rest);
                    if piece.syntax == EscapeSyntax::Entities && resolved == ('&', 1) {
                        self.faults.ampersands.add(at);
                    }
                    at += self.escape(at, resolved);
                }
            }
        }
    }

    /// A character that the source spells in so many bytes.
    fn escape(&mut self, at: usize, (character, length): (char, usize)) -> usize {
        let written = self.json.len();
        let shown = if self.is_hidden(at, at + length) { '*' } else { character };
        push_json(&mut self.json, shown.encode_utf8(&mut [0; 4]).as_bytes());
        self.track_origin(written, Span { start: at, end: at + length });
        length
    }

    /// Copies the masked text of a span.
    fn copy(&mut self, start: usize, end: usize) {
        let mut at = start;
        let bytes = self.source.shown.get(start..end).unwrap_or_default();
        for run in bytes.split_inclusive(|byte| needs_escape(*byte)) {
            let plain = run.len() - usize::from(run.last().is_some_and(|byte| needs_escape(*byte)));
            let (before, escaped) = run.split_at(plain);
            for part in [before, escaped].into_iter().filter(|part| !part.is_empty()) {
                let written = self.json.len();
                push_json(&mut self.json, part);
                self.track_origin(written, Span { start: at, end: at + part.len() });
                at += part.len();
            }
        }
    }

    fn is_hidden(&self, start: usize, end: usize) -> bool {
        self.source.text.get(start..end) != self.source.shown.get(start..end)
    }

    fn track_origin(&mut self, start: usize, source: Span) {
        let written = Span { start, end: self.json.len() };
        if let Some(origins) = &mut self.origins {
            origins.push(ByteOrigin { written, source });
        }
    }
}

impl EscapeSyntax {
    /// The number of plain bytes at the start.
    fn next_mark(self, bytes: &[u8]) -> usize {
        let found = match self {
            Self::Plain => None,
            Self::SingleQuoted | Self::DoubleQuoted => memchr::memchr(b'\\', bytes),
            Self::Entities => memchr::memchr(b'&', bytes),
        };
        found.unwrap_or(bytes.len())
    }

    /// The character that begins with a mark, and its length; the mark itself where it begins none.
    fn resolve(self, bytes: &[u8]) -> (char, usize) {
        match (self, bytes) {
            (Self::SingleQuoted, [_, quoted @ (b'\\' | b'\''), ..]) => (char::from(*quoted), 2),
            (Self::DoubleQuoted, [_, b'0', ..]) => ('\0', 2),
            (Self::Entities, _) => decode_xml_entity(bytes).unwrap_or(('&', 1)),
            _ => ('\\', 1),
        }
    }
}

fn needs_escape(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | 0..0x20)
}

/// A part of a string: either nothing in it needs an escape, or it is one byte.
fn push_json(json: &mut Vec<u8>, part: &[u8]) {
    match part {
        [byte @ (b'"' | b'\\')] => json.extend_from_slice(&[b'\\', *byte]),
        [b'\n'] => json.extend_from_slice(b"\\n"),
        [b'\r'] => json.extend_from_slice(b"\\r"),
        [b'\t'] => json.extend_from_slice(b"\\t"),
        [byte @ 0..0x20] => json.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
        plain => json.extend_from_slice(plain),
    }
}
