//! One request and what came of it: the noun that the store, the log and every pane are about.

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
use super::scope::Scope;
use super::signature;

/// How far a call got. What was never sent can't have been billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RequestStage {
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
    pub stage: RequestStage,
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
    pub(super) fn analysis(&self) -> Option<&Analysis> {
        self.reply.as_ref()?.analysis()
    }

    /// Whether [`Exchange::analyze`] has nothing to do.
    pub fn is_analyzed(&self) -> bool {
        self.reply.is_none() || self.analysis().is_some()
    }

    /// Takes the walk over the body that some facts need: too long between two keys, where the body is large.
    pub fn analyze(&self) {
        self.reply.as_ref().map(Reply::analyze);
    }

    /// The exchange of a whole answer: reads it, and finds the caller's secrets in it. Works the same on an
    /// answer that was kept, without any call.
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
        Self {
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
    pub fn pictures(&self) -> Option<ImageCounts> {
        self.item()?;
        self.analysis().map(Analysis::pictures)
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
    pub fn is_body_only(&self) -> bool {
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
