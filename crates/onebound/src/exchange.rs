//! One request and its result, whatever that is: an item, an error code, or no answer at all.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::body::Body;
use super::call::{Call, Question};
use super::call_kind::CallKind;
use super::credentials::{Auth, Credentials};
use super::description::ImageCounts;
use super::envelope::Envelope;
use super::error::{Failure, Malformed};
use super::error_code::Cause;
use super::facts::Analysis;
use super::host::Host;
use super::item::Item;
use super::item_list::ItemList;
use super::read_body;
use super::reply::Reply;
use super::scope::{Catalog, Scope, ScopedItem};
use super::signature;

/// Bodies from this size on, in bytes, take longer to analyse than a key may.
const LARGE: usize = 1 << 20;

/// How far a request got. One that was never sent can't have been billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RequestStage {
    /// No byte of the request left this machine.
    NothingSent,
    /// The connection was established: the request may have arrived.
    Sent,
    /// The status line came back.
    Answered,
}

/// Whether a call is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Billing {
    /// By the vendor's table.
    Billed,
    /// By the vendor's table, or because nothing was sent.
    Free,
    /// Answers of the vendor's cache, codes outside the table, and what is no envelope.
    Unknown,
}

/// The result of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// The item that was asked for.
    Item,
    /// An API other than `item_get` reported success; its result is in the document.
    Success,
    /// An item of another ID than the one asked for.
    WrongItem {
        /// The ID that came.
        got: String,
    },
    /// No such item: 2000, or 0000 without an item.
    NoResult,
    /// Any other error code.
    Refused(Cause),
    /// The response is no envelope.
    NotUnderstood(Malformed),
    /// No complete response arrived.
    Failed(Failure),
    /// The caller cancelled it.
    Cancelled,
    /// The program ended before the result was known: a crash or a power cut.
    Interrupted,
}

impl Outcome {
    /// Returns true if a complete response arrived, with its body.
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
    /// Until the connection, TLS included, was established.
    pub connected: Option<Duration>,
    /// Until the response head was complete.
    pub first_byte: Option<Duration>,
    /// Until the call ended, however it ended.
    pub total: Duration,
}

/// One request to one host, with its result; also a failed or cancelled one.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The call.
    pub call: Call,
    /// The host that it was sent to.
    pub host: Host,
    /// True if it was sent with a signature in place of the secret.
    pub signed: bool,
    /// The time of the call.
    pub started_at: Timestamp,
    /// How far the request got.
    pub stage: RequestStage,
    /// The duration of each step.
    pub timing: Timing,
    /// The request headers, secrets masked; empty if nothing was sent or they are not known.
    pub request_headers: Vec<(String, String)>,
    /// The HTTP status; the vendor's error codes come with 200 as well.
    pub status: Option<u16>,
    /// The response headers in order, secrets masked.
    pub headers: Vec<(String, String)>,
    /// The response body.
    pub body: Body,
    /// The result.
    pub outcome: Outcome,
    /// The parsed body; `None` if it is no envelope.
    pub reply: Option<Reply>,
}

/// A complete response, as it was received or stored.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers, in order.
    pub headers: Vec<(String, String)>,
    /// The body after unpacking.
    pub body: Bytes,
}

impl Exchange {
    /// The analysis, if it was made.
    pub(super) fn analysis(&self) -> Option<&Analysis> {
        self.reply.as_ref()?.analysis()
    }

    /// Returns true if [`Exchange::analyze`] has nothing left to do.
    pub fn is_analyzed(&self) -> bool {
        self.reply.is_none() || self.analysis().is_some()
    }

    /// Analyses the body, which some facts need. Linear in the size of the body.
    pub fn analyze(&self) {
        self.reply.as_ref().map(Reply::analyze);
    }

    /// Analyses a body that is small enough for that to take less than the time of a key, so that all facts are there
    /// when it is first shown.
    pub fn analyze_unless_large(&self) {
        if self.body.len() < LARGE {
            self.analyze();
        }
    }

    /// Parses a complete response and masks the caller's secrets in it. Sends nothing.
    pub fn from_answer(
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
        let (body, outcome, reply) = read_body::read(&call, status, &headers, body, credentials);
        let (stage, status) = (RequestStage::Answered, Some(status));
        let signed = credentials.auth() == Auth::Sign;
        let exchange = Self {
            call,
            host,
            signed,
            started_at,
            stage,
            timing,
            request_headers: Vec::new(),
            status,
            headers,
            body,
            outcome,
            reply,
        };
        exchange.analyze_unless_large();
        exchange
    }

    /// The item of the answer, whatever its ID and the error code; `None` for a stub.
    pub fn item(&self) -> Option<Item<'_>> {
        // Of another API's answer it is not known what its `item` is.
        self.call.num_iid()?;
        self.reply.as_ref()?.item().filter(|item| item.is_complete())
    }

    /// The ID of the item in the answer, if it is not the requested one.
    pub fn other_item(&self) -> Option<String> {
        let (asked, got) = (self.call.num_iid()?, self.item()?.field("num_iid").to_text());
        (got.trim() != asked.as_str()).then_some(got)
    }

    /// The item's image counts; `None` for a large answer that was not analysed yet.
    pub fn pictures(&self) -> Option<ImageCounts> {
        self.item()?;
        self.analysis().map(Analysis::pictures)
    }

    /// The items of an answer that holds a list of them.
    pub fn item_list(&self) -> Option<ItemList<'_>> {
        self.reply.as_ref().filter(|_| self.item().is_none())?.item_list()
    }

    /// The gateway of the host.
    pub fn scope(&self) -> Scope {
        self.host.scope()
    }

    /// The requested item in its catalog; `None` for other APIs.
    pub fn scoped_item(&self) -> Option<ScopedItem> {
        let catalog = Catalog { scope: self.scope(), platform: self.call.platform().into() };
        Some(ScopedItem { catalog, num_iid: self.call.num_iid()?.clone() })
    }

    /// The call's question at this gateway.
    pub fn question(&self) -> Question {
        self.call.question(&self.scope())
    }

    /// The envelope, if the body is one.
    pub fn envelope(&self) -> Option<&Envelope> {
        self.reply.as_ref().map(|reply| &reply.envelope)
    }

    /// Returns true if this is a body from a file: the call, headers, times and billing are not known.
    pub fn is_body_only(&self) -> bool {
        !self.host.is_known()
    }

    /// Returns true if this result can be reused for the same question: an item, another success, or "no result", and
    /// the call only reads.
    pub fn answers(&self) -> bool {
        let answered = matches!(self.outcome, Outcome::Item | Outcome::NoResult | Outcome::Success);
        answered && self.call.kind() == CallKind::Read
    }

    /// Whether the call is billed, by the vendor's table of error codes.
    pub fn billing(&self) -> Billing {
        if self.is_body_only() {
            return Billing::Unknown;
        }
        if self.stage == RequestStage::NothingSent {
            return Billing::Free;
        }
        let envelope = self.envelope();
        match envelope.and_then(|envelope| envelope.error_code.as_ref()?.meaning()) {
            Some(meaning) if !meaning.billed => Billing::Free,
            Some(_) if envelope.is_some_and(|envelope| !envelope.from_vendor_cache) => Billing::Billed,
            _ => Billing::Unknown,
        }
    }

    /// The `dateline` of a signed call, in Beijing time: `2020-11-22 12:00:00`.
    pub fn dateline(&self) -> String {
        signature::dateline(self.started_at)
    }

    /// When the call ended.
    pub fn ended_at(&self) -> Timestamp {
        let total = jiff::SignedDuration::try_from(self.timing.total).unwrap_or_default();
        self.started_at.checked_add(total).unwrap_or(self.started_at)
    }
}
