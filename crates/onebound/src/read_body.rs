//! Parses a body and derives the outcome of its call.

use bytes::Bytes;

use super::body::{Body, Encoding};
use super::call::Call;
use super::credentials::Credentials;
use super::error::Malformed;
use super::error_code::{Cause, ErrorCode};
use super::exchange::Outcome;
use super::field_table;
use super::reply::Reply;
use super::result_type::{self, ConvertedJson, DecodeError, DecodedBody, ResultType};
use super::search::{ITEM_SEARCH, ITEM_SEARCH_SHOP};
use super::search_page;
use onebound_document::{Document, NodeId, SyntaxError, SyntaxFault};

/// Parses a complete body.
pub(super) fn read(
    call: &Call,
    status: u16,
    headers: &[(String, String)],
    raw: Bytes,
    credentials: &Credentials,
) -> (Body, Outcome, Option<Reply>) {
    let not_understood = |body, malformed| (body, Outcome::NotUnderstood(malformed), None);
    let (body, understood) = understand(call.result_type(), raw, Some(credentials));
    if let Some(redirect) = redirect(status, headers) {
        return not_understood(body, redirect);
    }
    match understood {
        Ok(reply) => (body, judge(call, &reply), Some(reply)),
        Err(malformed) => not_understood(body, malformed),
    }
}

/// Masks and parses a complete body; without credentials only values with the name of a secret are masked.
pub(super) fn understand(
    asked: ResultType,
    raw: Bytes,
    credentials: Option<&Credentials>,
) -> (Body, Result<Reply, Malformed>) {
    let (body, text, decoded) = if let Some(credentials) = credentials {
        let (body, text) = Body::receive(raw, credentials);
        let (body, decoded) = result_type::decode_masking(asked, body, &text, credentials);
        (body, text, decoded)
    } else {
        let (body, text) = Body::unowned(raw);
        let decoded = result_type::decode(asked, &body, &text);
        (body, text, decoded)
    };
    let is_json = matches!(decoded, Ok(DecodedBody::Json { .. }));
    let understood = reply(asked, &body, text.clone(), decoded);
    if let (Ok(found), Some(credentials), true) = (&understood, credentials, is_json)
        && let Some(span) = found.hidden_deeper(credentials)
    {
        let body = body.hiding(&text, vec![span]);
        let decoded = result_type::decode(asked, &body, &text);
        let understood = reply(asked, &body, text, decoded);
        return (body, understood);
    }
    (body, understood)
}

/// Parses a stored body, whose secrets are known.
pub(super) fn reply_again(call: &Call, body: &Body, text: Bytes) -> Option<Reply> {
    let decoded = result_type::decode(call.result_type(), body, &text);
    reply(call.result_type(), body, text, decoded).ok()
}

/// Parses a body; `text` is the unmasked text, since a mask could break an escape.
fn reply(
    asked: ResultType,
    body: &Body,
    text: Bytes,
    decoded: Result<DecodedBody, DecodeError>,
) -> Result<Reply, Malformed> {
    let start = match &decoded {
        Ok(DecodedBody::Json { start } | DecodedBody::Converted(ConvertedJson { start, .. })) => *start,
        Err(_) => 0,
    };
    if start == 0 && result_type::is_page(asked, &text) {
        let page = String::from_utf8_lossy(body.shown());
        return Err(Malformed::Html(title_of(&page)));
    }
    let json = ResultType::Json;
    let decoded =
        decoded.map_err(|DecodeError { result_type, error }| malformed(result_type, error, body))?;
    let (document, faults) = match decoded {
        DecodedBody::Json { start } => {
            let document = Document::parse_at(text, start).map_err(|error| malformed(json, error, body))?;
            (document.with_text(body.shown().clone()), None)
        }
        // Only what is too large or too deep can be wrong there: offsets are not those of the body.
        DecodedBody::Converted(ConvertedJson { json: decoded, faults, .. }) => {
            let document = Document::parse(decoded)
                .map_err(|error| malformed(asked, SyntaxError { at: body.len(), ..error }, body))?;
            (document, Some(faults))
        }
    };
    Reply::new(document, start, faults).ok_or(Malformed::NoEnvelope)
}

/// The redirect that a 3xx status means, whatever the body.
pub(super) fn redirect(status: u16, headers: &[(String, String)]) -> Option<Malformed> {
    // 304 sends nobody anywhere: the caller has the body already.
    ((300..400).contains(&status) && status != 304).then(|| Malformed::Redirect(redirect_target(headers)))
}

/// `Location` without its query, which may hold the key.
fn redirect_target(headers: &[(String, String)]) -> String {
    let location = headers.iter().find(|(name, _)| name == "location").map(|(_, value)| value.as_str());
    location.unwrap_or_default().split(['?', '#']).next().unwrap_or_default().to_owned()
}

/// By text first, then by code.
pub(super) fn judge(call: &Call, reply: &Reply) -> Outcome {
    let Some(num_iid) = call.num_iid() else {
        let outcome = judge_by_code(reply);
        let is_empty = outcome == Outcome::Success && is_search(call) && search_page::found_nothing(reply);
        return if is_empty { Outcome::NoResult } else { outcome };
    };
    let code = reply.envelope.error_code.as_ref();
    let item = reply.item().filter(|item| item.is_complete());
    let success = code.is_none_or(ErrorCode::is_success);
    match (item, reply.envelope.cause()) {
        (Some(item), _) if success => {
            let got = item.field("num_iid").to_text();
            if got.trim() == num_iid.as_str() { Outcome::Item } else { Outcome::WrongItem { got } }
        }
        (_, Cause::AsCoded) if code.is_some_and(|code| code.as_str() == "2000") => Outcome::NoResult,
        (None, Cause::AsCoded) if success && reply.item_list().is_some() => Outcome::Success,
        (None, Cause::AsCoded) if success => Outcome::NoResult,
        (_, cause) => Outcome::Refused(cause),
    }
}

/// Whether the answer is a list of items, so that one without any is "no result" and no success.
fn is_search(call: &Call) -> bool {
    matches!(call.api_name(), ITEM_SEARCH | ITEM_SEARCH_SHOP)
}

/// The outcome for an API whose answers are not known.
fn judge_by_code(reply: &Reply) -> Outcome {
    let code = reply.envelope.error_code.as_ref();
    let (document, root) = reply.answer();
    let parts: Vec<NodeId> = ["item", "items"].iter().filter_map(|name| document.get(root, name)).collect();
    // Without a code it is by what is in it.
    let carries =
        || reply.item().is_some() || parts.iter().any(|part| !field_table::is_blank(document, *part));
    match reply.envelope.cause() {
        _ if code.map_or_else(carries, ErrorCode::is_success) => Outcome::Success,
        Cause::AsCoded if code.is_none() && !parts.is_empty() => Outcome::NoResult,
        Cause::AsCoded if code.is_some_and(|code| code.as_str() == "2000") => Outcome::NoResult,
        cause => Outcome::Refused(cause),
    }
}

fn malformed(read_as: ResultType, error: SyntaxError, body: &Body) -> Malformed {
    match error.fault {
        SyntaxFault::Empty => Malformed::Empty,
        SyntaxFault::Cut => Malformed::Cut(body.len()),
        SyntaxFault::TooDeep | SyntaxFault::TooLarge => Malformed::TooDeep(error.at),
        _ if matches!(body.encoding(), Encoding::BrokenUtf8 { .. }) => Malformed::Encoding,
        _ if matches!(read_as, ResultType::Json | ResultType::JsonU) => Malformed::NotJson(error.at),
        SyntaxFault::Unexpected => Malformed::NotOfType(read_as, error.at),
    }
}

/// The first 80 characters of a page's title; empty where it has none.
fn title_of(page: &str) -> String {
    let lower = page.to_ascii_lowercase();
    let titled = lower.find("<title").and_then(|tag| {
        let start = tag + lower.get(tag..)?.find('>')? + 1;
        let end = start + lower.get(start..)?.find("</title")?;
        page.get(start..end)
    });
    let text: Vec<&str> = titled.unwrap_or_default().split_whitespace().collect();
    text.join(" ").chars().take(80).collect()
}
