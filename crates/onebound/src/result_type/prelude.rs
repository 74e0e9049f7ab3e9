//! Finds the answer after other text: messages of the vendor's PHP, or the head of a response that was saved together
//! with its body.

use bytes::Bytes;

use super::super::envelope::Envelope;
use super::super::location::Location;
use super::{ResultType, begins_like_a_page, without_mark};
use onebound_document::{Document, SyntaxFault};

/// An answer begins within so many bytes, or is none.
const HEAD: usize = 64 * 1024;
/// Number of positions that are tried.
const TRIES: usize = 32;

/// The names of PHP's messages.
const MESSAGES: [&[u8]; 6] =
    [b"Warning", b"Notice", b"Deprecated", b"Fatal error", b"Parse error", b"Strict Standards"];

/// Where an answer in JSON begins behind something that is none; never in a page for people, nor within a body that
/// begins like XML and has no message in it.
pub(super) fn json_behind(text: &Bytes) -> Option<usize> {
    let trimmed = without_mark(text).trim_ascii_start();
    if begins_like_a_page(trimmed)
        || trimmed.starts_with(b"<?")
        || matches!(trimmed.first(), Some(b'{' | b'['))
    {
        return None;
    }
    let head = head(text);
    let begins = |at: &usize| {
        let inside = head.get(at + 1..).unwrap_or_default().trim_ascii_start();
        inside.first().is_none_or(|byte| *byte == b'"')
    };
    let is_answer = |at: &usize| {
        let has_message = has_message(head.get(..*at).unwrap_or_default());
        match Document::parse_first(text.slice(*at..)) {
            Ok(document) => (has_message || trimmed.first() != Some(&b'<')) && holds_answer(&document),
            Err(error) => has_message && error.fault == SyntaxFault::Cut,
        }
    };
    memchr::memchr_iter(b'{', head).filter(begins).take(TRIES).find(is_answer)
}

/// The places behind PHP's messages where an answer of this type may begin: each at the start of a line.
pub(super) fn places_behind(text: &[u8], result_type: ResultType) -> impl Iterator<Item = usize> {
    let marks: &[&[u8]] = match result_type {
        ResultType::Json | ResultType::JsonU => &[],
        ResultType::Xml => &[b"<?xml"],
        ResultType::Serialize => &[b"a:", b"O:"],
        ResultType::VarExport => &[b"array", b"(object)", b"<?php"],
    };
    let head = head(text);
    let marked =
        move |at: &usize| marks.iter().any(|mark| text.get(*at..).is_some_and(|rest| rest.starts_with(mark)));
    let lines = memchr::memchr_iter(b'\n', head).map(|at| at + 1);
    lines.filter(marked).take(TRIES).filter(move |at| has_message(head.get(..*at).unwrap_or_default()))
}

fn holds_answer(document: &Document) -> bool {
    let location = Location::find(document);
    Envelope::from_document(location.document(document), location.root()).is_some()
}

fn head(text: &[u8]) -> &[u8] {
    text.get(..text.len().min(HEAD)).unwrap_or_default()
}

fn has_message(text: &[u8]) -> bool {
    MESSAGES.iter().any(|name| memchr::memmem::find(text, name).is_some())
}
