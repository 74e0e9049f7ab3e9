//! Parses saved answers: a body as any program saved it, several of them in one file, or a HAR file of a browser, a proxy or
//! obx itself.
//!
//! Pure: bytes in, exchanges out. A body that is no answer of the API, or no JSON, becomes an exchange as well, whose outcome
//! says what is wrong with it.

mod har;
mod several;

use std::io::Read;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use jiff::Timestamp;

use onebound::{Credentials, Exchange, ItemId, Malformed, Outcome};
use onebound_document::Document;

/// The content of a file.
#[derive(Debug)]
pub struct Imported {
    /// In the file's order; never empty for a body.
    pub exchanges: Vec<Exchange>,
    /// The entries of a HAR file that were left out, or could not be read in full.
    pub notes: ImportNotes,
}

/// The number of entries of a HAR file by what is wrong with them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportNotes {
    /// They call another API.
    pub other_apis: usize,
    /// Their URL can't be parsed, or has no item ID.
    pub without_address: usize,
    /// Their time is missing or can't be parsed: they are dated as the file.
    pub undated: usize,
    /// Their base64 can't be decoded: the body is the text as it is in the file.
    pub undecoded: usize,
}

impl ImportNotes {
    /// The entries that are no exchanges.
    pub fn left_out(self) -> usize {
        self.other_apis + self.without_address
    }
}

/// A HAR file has its key `log` within so many bytes; a body has none there.
const HEAD: usize = 4_096;

/// The first bytes of a gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// A gzip file is unpacked up to so many bytes: a small one can unpack to any size.
const MAX_UNPACKED: u64 = 256_000_000;

/// Parses a file's content; `named` is its name, which may hold an item ID, and `at` the time of its last change. The
/// caller's credentials are masked in it.
pub fn parse(content: Bytes, named: &str, at: Timestamp, credentials: Option<&Credentials>) -> Imported {
    let content = unpacked(content);
    if may_be_har(&content)
        && let Ok(document) = Document::parse(content.clone())
        && let Some(found) = har::parse(&document, at, credentials)
    {
        return found;
    }
    if several::first_byte(&content, 0) == Some(b'[')
        && let Some(found) = several(&content, at, credentials)
    {
        return found;
    }
    let exchange = Exchange::from_body(content.clone(), id_in(named), at, credentials);
    if more_may_follow(&exchange, &content)
        && let Some(found) = several(&content, at, credentials)
    {
        return found;
    }
    Imported { exchanges: vec![exchange], notes: ImportNotes::default() }
}

/// All values of the file as exchanges, if at least one of them is an answer. The ID in the file's name is not taken for
/// theirs.
fn several(content: &Bytes, at: Timestamp, credentials: Option<&Credentials>) -> Option<Imported> {
    let pieces = several::pieces(content);
    let exchanges: Vec<Exchange> =
        pieces.into_iter().map(|piece| Exchange::from_body(piece, None, at, credentials)).collect();
    let is_answer = |exchange: &Exchange| exchange.reply.is_some();
    exchanges.iter().any(is_answer).then_some(Imported { exchanges, notes: ImportNotes::default() })
}

/// Whether another object seems to follow the first value, be that valid or not.
fn more_may_follow(exchange: &Exchange, content: &[u8]) -> bool {
    if several::first_byte(content, 0) != Some(b'{') {
        return false;
    }
    match (&exchange.reply, &exchange.outcome) {
        (Some(reply), _) => {
            reply.document.trailing().is_some_and(|at| several::first_byte(content, at) == Some(b'{'))
        }
        (None, Outcome::NotUnderstood(Malformed::NoEnvelope | Malformed::NotJson(_))) => true,
        (None, _) => false,
    }
}

/// Some programs save a body as it was transferred: as gzip. Content that can't be unpacked stays as it is.
fn unpacked(content: Bytes) -> Bytes {
    if !content.starts_with(&GZIP) {
        return content;
    }
    let mut unpacked = Vec::new();
    match MultiGzDecoder::new(&*content).take(MAX_UNPACKED + 1).read_to_end(&mut unpacked) {
        Ok(size) if size as u64 <= MAX_UNPACKED => unpacked.into(),
        Ok(_) | Err(_) => content,
    }
}

fn may_be_har(content: &Bytes) -> bool {
    let head = content.get(..content.len().min(HEAD)).unwrap_or_default();
    memchr::memmem::find(head, b"\"log\"").is_some()
}

/// `610947572360` in `obx-610947572360-20261124.json`: the first number as long as an item's ID.
fn id_in(name: &str) -> Option<ItemId> {
    let mut numbers = name.split(|c: char| !c.is_ascii_digit());
    ItemId::find(numbers.find(|digits| (10..=20).contains(&digits.len()))?).ok()
}
