//! The format an answer is asked for in (`result_type`), and how each becomes a document.
//!
//! ```text
//!  json, jsonu ───────────────────────────────────────────────────────▶ Document, over the bytes as they came
//!  xml, serialize, var_export ─▶ a decoder of its own ─▶ JSON as text ─▶ Document, over that text
//! ```
//!
//! Order, digits and keys stay as sent. A refusal often comes as JSON whatever was asked for, so that what begins
//! like JSON is read as JSON; a page for people is none of the five.

mod json_writer;
mod php_value;
mod prelude;
mod serialize;
mod var_export;
mod xml;

use std::fmt;
use std::str::FromStr;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use self::json_writer::{MaskedSource, WrittenJson};
use super::body::{Body, Encoding};
use super::credentials::{Credentials, Span};
use onebound_document::{Occurrences, SyntaxError};

/// The vendor's five formats (`result_type`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResultType {
    /// JSON with Chinese as `\u` escapes: the vendor's default.
    Json,
    /// JSON with Chinese as UTF-8: half the bytes.
    #[default]
    JsonU,
    /// XML, in which every value is a text.
    Xml,
    /// PHP's `serialize()`.
    Serialize,
    /// PHP's `var_export()`: source code.
    #[serde(rename = "var_export")]
    VarExport,
}

/// A text that names no [`ResultType`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no result type: json, jsonu, xml, serialize or var_export")]
pub struct UnknownResultType(String);

impl ResultType {
    /// All result types, in the vendor's order.
    pub const ALL: [Self; 5] = [Self::Json, Self::JsonU, Self::Xml, Self::Serialize, Self::VarExport];

    /// Guesses the format of a body whose call is not known; JSON if nothing fits.
    pub(super) fn guess(body: &Bytes) -> Self {
        let text = without_mark(body).trim_ascii_start();
        let begins = |start: &[u8]| text.starts_with(start);
        let behind = |result_type: &Self| prelude::places_behind(body, *result_type).next().is_some();
        match text {
            _ if begins(b"{") || begins(b"[") => Self::JsonU,
            _ if begins(b"a:") || begins(b"O:") => Self::Serialize,
            _ if var_export::begins(text) => Self::VarExport,
            _ if prelude::json_behind(body).is_some() => Self::JsonU,
            _ => {
                let looks = if begins(b"<") { Self::Xml } else { Self::JsonU };
                [Self::Serialize, Self::VarExport, Self::Xml].into_iter().find(behind).unwrap_or(looks)
            }
        }
    }

    /// The value of the request parameter.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::JsonU => "jsonu",
            Self::Xml => "xml",
            Self::Serialize => "serialize",
            Self::VarExport => "var_export",
        }
    }
}

impl fmt::Display for ResultType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ResultType {
    type Err = UnknownResultType;

    fn from_str(text: &str) -> Result<Self, UnknownResultType> {
        let found = Self::ALL.into_iter().find(|result_type| result_type.as_str() == text);
        found.ok_or_else(|| UnknownResultType(text.to_owned()))
    }
}

/// A body as JSON.
pub(super) enum DecodedBody {
    /// The body itself is JSON, or should be.
    Json {
        /// Offset of the JSON; not 0 if other text precedes it.
        start: usize,
    },
    /// The body was converted to JSON.
    Converted(ConvertedJson),
}

/// The JSON that a decoder produced.
pub(super) struct ConvertedJson {
    /// Contains no secret.
    pub(super) json: Bytes,
    /// Offset of the decoded part; not 0 if other text precedes it.
    pub(super) start: usize,
    pub(super) faults: FormatFaults,
}

/// Syntax errors that a decoder tolerated, and references it could not resolve, by offset in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FormatFaults {
    /// An `&` that begins no entity of XML.
    pub(crate) ampersands: Occurrences,
    /// Attributes that their element had before.
    pub(crate) attributes: Occurrences,
    /// Control characters, which XML forbids.
    pub(crate) controls: Occurrences,
    /// PHP's references, each replaced by the value that it refers to.
    pub(crate) references: Occurrences,
    /// References to a value that they are in, or that would make the body much larger: texts.
    pub(crate) unfollowed: Occurrences,
    /// Offset of further text after the value.
    pub(crate) trailing: Option<usize>,
}

impl FormatFaults {
    /// Shifts all offsets by `skipped` bytes.
    fn after(mut self, skipped: usize) -> Self {
        let Self { ampersands, attributes, controls, references, unfollowed, trailing } = &mut self;
        for found in [ampersands, attributes, controls, references, unfollowed] {
            found.first = found.first.map(|first| first + skipped);
        }
        *trailing = trailing.map(|at| at + skipped);
        self
    }
}

/// The body is not in the requested format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DecodeError {
    /// The format that was tried.
    pub(super) result_type: ResultType,
    /// The position and kind of the error.
    pub(super) error: SyntaxError,
}

/// Decodes a received body. A secret that appears only after decoding, such as one written with XML entities, is then
/// masked in the body as well.
pub(super) fn decode_masking(
    asked: ResultType,
    body: Body,
    text: &Bytes,
    credentials: &Credentials,
) -> (Body, Result<DecodedBody, DecodeError>) {
    let decoded = decode(asked, &body, text);
    let Ok(DecodedBody::Converted(ConvertedJson { json, .. })) = &decoded else { return (body, decoded) };
    let found = credentials.find_in(json);
    if found.is_empty() {
        return (body, decoded);
    }
    // The same conversion once more, with the origin of each byte; if it failed, all of the body would be masked.
    let spans = convert(asked, &body, text, true)
        .map_or_else(|_| vec![Span { start: 0, end: text.len() }], |(_, written)| written.origins_of(&found));
    let body = body.hiding(text, spans);
    let decoded = decode(asked, &body, text);
    (body, decoded)
}

/// Decodes a body whose secrets are masked already.
pub(super) fn decode(asked: ResultType, body: &Body, text: &Bytes) -> Result<DecodedBody, DecodeError> {
    let is_json = matches!(asked, ResultType::Json | ResultType::JsonU);
    if matches!(first_byte(text), Some(b'{' | b'[')) {
        return Ok(DecodedBody::Json { start: 0 });
    }
    let json_behind = || prelude::json_behind(text).map(|start| DecodedBody::Json { start });
    if is_json {
        return Ok(json_behind().unwrap_or(DecodedBody::Json { start: 0 }));
    }
    convert(asked, body, text, false)
        .map(|(start, WrittenJson { json, faults, .. })| {
            DecodedBody::Converted(ConvertedJson { json: json.into(), start, faults })
        })
        .or_else(|error| json_behind().ok_or(DecodeError { result_type: asked, error }))
}

/// Returns true for an HTML page.
pub(super) fn is_page(asked: ResultType, text: &[u8]) -> bool {
    let text = without_mark(text).trim_ascii_start();
    let is_markup = text.starts_with(b"<") && !text.starts_with(b"<?php");
    is_markup && (asked != ResultType::Xml || begins_like_a_page(text))
}

fn begins_like_a_page(text: &[u8]) -> bool {
    let begins =
        |start: &[u8]| text.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start));
    let pages: [&[u8]; 8] =
        [b"<!doctype html", b"<!doctypehtml", b"<html", b"<head", b"<body", b"<title", b"<center", b"<h1"];
    pages.into_iter().any(begins)
}

/// Converts the value; returns its offset, not 0 after messages of PHP.
fn convert(
    asked: ResultType,
    body: &Body,
    text: &Bytes,
    tracks_origins: bool,
) -> Result<(usize, WrittenJson), SyntaxError> {
    let mark = text.len() - without_mark(text).len();
    let from = |start: usize| convert_from(start, asked, body, text, tracks_origins);
    let at_once = from(mark).map(|written| (0, written));
    // A message can look like XML itself: `<br />`, and much behind it.
    if at_once.as_ref().is_ok_and(|(_, written)| written.faults.trailing.is_none()) {
        return at_once;
    }
    let behind = prelude::places_behind(text, asked).find_map(|start| Some((start, from(start).ok()?)));
    behind.map_or(at_once, Ok)
}

fn convert_from(
    start: usize,
    asked: ResultType,
    body: &Body,
    text: &Bytes,
    tracks_origins: bool,
) -> Result<WrittenJson, SyntaxError> {
    let part = |bytes| <[u8]>::get(bytes, start..).unwrap_or_default();
    let source = MaskedSource { text: part(text), shown: part(body.shown()) };
    let written = match asked {
        ResultType::Serialize => serialize::decode(source, body.encoding() == Encoding::Gbk, tracks_origins),
        ResultType::VarExport => var_export::decode(source, tracks_origins),
        ResultType::Xml | ResultType::Json | ResultType::JsonU => xml::decode(source, tracks_origins),
    };
    written.map(|written| written.after(start)).map_err(|error| SyntaxError { at: error.at + start, ..error })
}

fn first_byte(text: &[u8]) -> Option<u8> {
    without_mark(text).trim_ascii_start().first().copied()
}

/// Without the byte order mark, which some PHP files begin with and then every answer.
fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text)
}
