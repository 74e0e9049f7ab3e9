//! One request and what came of it: the noun that the store, the log and every pane are about.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::body::{Body, Encoding};
use super::call::{Call, Question};
use super::call_kind::CallKind;
use super::credentials::{Auth, Credentials};
use super::description::Pictures;
use super::envelope::Envelope;
use super::error::{Failure, Malformed};
use super::error_code::{Cause, ErrorCode};
use super::facts::Survey;
use super::fields;
use super::host::Host;
use super::item::Item;
use super::item_list::ItemList;
use super::reply::Reply;
use super::result_type::{self, Decoded, Misread, Reading, ResultType};
use super::scope::Scope;
use super::signature;
use crate::document::{Document, NodeId, SyntaxError, SyntaxFault};

/// How far a call got. What was never sent can't have been billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Reach {
    /// No byte of the request left this machine.
    NothingSent,
    /// The connection stood: the request may have arrived.
    Sent,
    /// The status line came back.
    Answered,
}

/// Whether the call costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Billing {
    /// By the vendor's table.
    Billed,
    /// By the vendor's table, or because nothing was sent.
    Free,
    /// Answers of the vendor's cache, codes outside the table, and what is no envelope.
    Unknown,
}

/// What came of the call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// The item that was asked for.
    Item,
    /// Another API than `item_get` did what was asked, by its code: what that is stands in the document.
    Success,
    /// An item of another ID than the one asked for.
    WrongItem {
        /// The ID that came.
        got: String,
    },
    /// No such item: 2000, or 0000 without an item.
    NoResult,
    /// Any other code.
    Refused(Cause),
    /// What came is no envelope.
    NotUnderstood(Malformed),
    /// Nothing whole came.
    Failed(Failure),
    /// The user ended it.
    Cancelled,
    /// obx itself ended before anything was known: a crash, or a power cut.
    Interrupted,
}

impl Outcome {
    /// Whether a whole answer came, with its body.
    pub fn is_whole(&self) -> bool {
        let not_recorded = matches!(self, Self::NotUnderstood(Malformed::NotRecorded { .. }));
        !not_recorded && !matches!(self, Self::Cancelled | Self::Failed(_) | Self::Interrupted)
    }
}

/// Durations from the moment the call was started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// Until the host's name was looked up; `None` where it is an address, or was not kept.
    #[serde(default)]
    pub resolved: Option<Duration>,
    /// Until the connection, with TLS, stood.
    pub connected: Option<Duration>,
    /// Until the response's head was there.
    pub first_byte: Option<Duration>,
    /// Until the end, whatever it was.
    pub total: Duration,
}

/// One attempt at one host, also a failed or cancelled one.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// What was asked.
    pub call: Call,
    /// Who was asked.
    pub host: Host,
    /// Whether it went with a signature in place of the secret.
    pub signed: bool,
    /// When it was started.
    pub started_at: Timestamp,
    /// How far it got.
    pub reach: Reach,
    /// How long each part took.
    pub timing: Timing,
    /// The request's headers, as far as they are known, secrets masked; none where nothing was sent.
    pub request_headers: Vec<(String, String)>,
    /// The HTTP status; errors of the vendor come with 200 as well.
    pub status: Option<u16>,
    /// The response's headers in order, secrets masked.
    pub headers: Vec<(String, String)>,
    /// What came.
    pub body: Body,
    /// What came of it.
    pub outcome: Outcome,
    /// The body, understood.
    pub reply: Option<Reply>,
}

/// A whole answer, as it came or as it was kept.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// In order.
    pub headers: Vec<(String, String)>,
    /// As it came, after unpacking.
    pub body: Bytes,
}

impl Exchange {
    /// What the walk over the body found, once it was taken.
    pub(super) fn survey(&self) -> Option<&Survey> {
        self.reply.as_ref()?.survey()
    }

    /// Whether [`Exchange::look_over`] has nothing to do.
    pub fn is_looked_over(&self) -> bool {
        self.reply.is_none() || self.survey().is_some()
    }

    /// Takes the walk over the body that some facts need: too long between two keys, where the body is large.
    pub fn look_over(&self) {
        self.reply.as_ref().map(Reply::look_over);
    }

    /// The exchange of a whole answer: reads it, and finds the caller's secrets in it. Works the same on an
    /// answer that was kept, without any call.
    pub fn of(
        call: Call,
        host: Host,
        started_at: Timestamp,
        timing: Timing,
        answer: Answer,
        credentials: &Credentials,
    ) -> Self {
        let Answer { status, headers, body } = answer;
        let masked = |(name, value): (String, String)| {
            let value = credentials.mask_header(&name, &value);
            (name, value)
        };
        let headers: Vec<_> = headers.into_iter().map(masked).collect();
        let (body, outcome, reply) = read(&call, status, &headers, body, credentials);
        let (reach, status) = (Reach::Answered, Some(status));
        let signed = credentials.auth() == Auth::Sign;
        Self {
            call,
            host,
            signed,
            started_at,
            reach,
            timing,
            request_headers: Vec::new(),
            status,
            headers,
            body,
            outcome,
            reply,
        }
    }

    /// The item that came, be it the one asked for or another, and whatever the code says; never a stub.
    pub fn item(&self) -> Option<Item<'_>> {
        // Of another API's answer it is not known what its `item` is.
        self.call.num_iid()?;
        self.reply.as_ref()?.item().filter(|item| item.is_complete())
    }

    /// The ID of the item that came, where another one was asked for.
    pub fn other_item(&self) -> Option<String> {
        let (asked, got) = (self.call.num_iid()?, self.item()?.field("num_iid").to_text());
        (got.trim() != asked.as_str()).then_some(got)
    }

    /// How many pictures the item has; `None` of a large answer that was not yet looked over.
    pub fn pictures(&self) -> Option<Pictures> {
        self.item()?;
        self.survey().map(Survey::pictures)
    }

    /// The items that came, where there are several of them and not one.
    pub fn item_list(&self) -> Option<ItemList<'_>> {
        self.reply.as_ref().filter(|_| self.item().is_none())?.item_list()
    }

    /// The gateway that was asked.
    pub fn scope(&self) -> Scope {
        self.host.scope()
    }

    /// The question that it may answer: that of its own gateway.
    pub fn question(&self) -> Question {
        self.call.question(&self.scope())
    }

    /// The envelope, where the body is one.
    pub fn envelope(&self) -> Option<&Envelope> {
        self.reply.as_ref().map(|reply| &reply.envelope)
    }

    /// Whether it is a body that lay in a file by itself: nobody knows what was asked, with what headers it came, how
    /// long it took and what it cost.
    pub fn is_bare(&self) -> bool {
        !self.host.is_known()
    }

    /// Whether it answers its question, for whoever asks it again: an item, another success, or that there is none. What
    /// became of a trade answers nothing.
    pub fn answers(&self) -> bool {
        let answered = matches!(self.outcome, Outcome::Item | Outcome::NoResult | Outcome::Success);
        answered && self.call.kind() == CallKind::Read
    }

    /// Whether the call costs, by the vendor's table.
    pub fn billing(&self) -> Billing {
        if self.is_bare() {
            return Billing::Unknown;
        }
        if self.reach == Reach::NothingSent {
            return Billing::Free;
        }
        let envelope = self.envelope();
        match envelope.and_then(|envelope| envelope.error_code.as_ref()?.meaning()) {
            Some(meaning) if !meaning.billed => Billing::Free,
            Some(_) if envelope.is_some_and(|envelope| !envelope.from_vendor_cache) => Billing::Billed,
            _ => Billing::Unknown,
        }
    }

    /// The moment that a signed call was signed with, in Beijing: `2020-11-22 12:00:00`.
    pub fn dateline(&self) -> String {
        signature::dateline(self.started_at)
    }

    /// When it ended.
    pub fn ended_at(&self) -> Timestamp {
        let total = jiff::SignedDuration::try_from(self.timing.total).unwrap_or_default();
        self.started_at.checked_add(total).unwrap_or(self.started_at)
    }
}

/// Reads a whole body.
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

/// Takes a whole body in and understands it; without credentials only what is a secret by its name is masked.
pub(super) fn understand(
    asked: ResultType,
    raw: Bytes,
    credentials: Option<&Credentials>,
) -> (Body, Result<Reply, Malformed>) {
    let (body, text, reading) = if let Some(credentials) = credentials {
        let (body, text) = Body::receive(raw, credentials);
        let (body, reading) = result_type::receive(asked, body, &text, credentials);
        (body, text, reading)
    } else {
        let (body, text) = Body::unowned(raw);
        let reading = result_type::read(asked, &body, &text);
        (body, text, reading)
    };
    let is_as_it_came = matches!(reading, Ok(Reading::AsItCame { .. }));
    let understood = reply(asked, &body, text.clone(), reading);
    if let (Ok(found), Some(credentials), true) = (&understood, credentials, is_as_it_came)
        && let Some(span) = found.hidden_deeper(credentials)
    {
        let body = body.hiding(&text, vec![span]);
        let reading = result_type::read(asked, &body, &text);
        let understood = reply(asked, &body, text, reading);
        return (body, understood);
    }
    (body, understood)
}

/// Understands a body that was kept, of which it is known where secrets stand.
pub(super) fn reply_again(call: &Call, body: &Body, text: Bytes) -> Option<Reply> {
    let reading = result_type::read(call.result_type(), body, &text);
    reply(call.result_type(), body, text, reading).ok()
}

/// Understands a body; `text` is the same before secrets were masked, for a mask could break an escape.
fn reply(
    asked: ResultType,
    body: &Body,
    text: Bytes,
    reading: Result<Reading, Misread>,
) -> Result<Reply, Malformed> {
    let start = match &reading {
        Ok(Reading::AsItCame { start } | Reading::Decoded(Decoded { start, .. })) => *start,
        Err(_) => 0,
    };
    if start == 0 && result_type::is_page(asked, &text) {
        let page = String::from_utf8_lossy(body.shown());
        return Err(Malformed::Html(title_of(&page)));
    }
    let json = ResultType::Json;
    let reading = reading.map_err(|Misread { result_type, error }| malformed(result_type, error, body))?;
    let (document, noted) = match reading {
        Reading::AsItCame { start } => {
            let document = Document::index_from(text, start).map_err(|error| malformed(json, error, body))?;
            (document.read_from(body.shown().clone()), None)
        }
        // Only what is too large or too deep can be wrong there: offsets are not those of the body.
        Reading::Decoded(Decoded { json: decoded, noted, .. }) => {
            let document = Document::index(decoded)
                .map_err(|error| malformed(asked, SyntaxError { at: body.len(), ..error }, body))?;
            (document, Some(noted))
        }
    };
    Reply::new(document, body.len(), start, noted).ok_or(Malformed::NoEnvelope)
}

/// What an answer under such a status is, whatever its body.
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
    let Some(num_iid) = call.num_iid() else { return judge_by_code(reply) };
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

/// Of an API of which it is not known what an answer has to hold.
fn judge_by_code(reply: &Reply) -> Outcome {
    let code = reply.envelope.error_code.as_ref();
    let (document, root) = reply.answer();
    let parts: Vec<NodeId> = ["item", "items"].iter().filter_map(|name| document.get(root, name)).collect();
    // Without a code it is by what is in it.
    let carries = || reply.item().is_some() || parts.iter().any(|part| !fields::is_blank(document, *part));
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
