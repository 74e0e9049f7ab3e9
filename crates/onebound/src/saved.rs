//! Creates exchanges from saved answers, without a call.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;

use super::body::{Body, Encoding};
use super::call::{Call, CallSettings};
use super::credentials::Credentials;
use super::error::{Failure, Malformed};
use super::exchange::{Answer, Exchange, Outcome, RequestStage, Timing};
use super::field::Field;
use super::host::Host;
use super::item_id::ItemId;
use super::read_body::{judge, redirect, understand};
use super::reply::Reply;
use super::result_type::ResultType;
use super::secret_names::{MASK, SecretNames};

/// What is known about the call of a saved answer.
#[derive(Clone, Debug)]
pub struct SavedCall {
    /// The call; or, if it is not known, the ID to assume for an answer that names none.
    pub call: Result<Call, Option<ItemId>>,
    /// Who was asked.
    pub host: Host,
    /// Whether with a signature.
    pub signed: bool,
    /// When; where nothing else is known of the call, the answer's `server_time` counts more.
    pub started_at: Timestamp,
    /// How long it took.
    pub timing: Timing,
    /// The request's headers, as far as they are known.
    pub request_headers: Vec<(String, String)>,
    /// The result, if the file has no complete response; else it is derived from the response.
    pub ended: Option<RecordedEnd>,
}

/// The recorded result of a call without a complete response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedEnd {
    /// How far the request got.
    pub stage: RequestStage,
    /// The result.
    pub outcome: Outcome,
}

impl Exchange {
    /// Creates the exchange of a body whose call is not known; `id` is the requested ID, if known.
    pub fn from_body(
        body: Bytes,
        id: Option<ItemId>,
        at: Timestamp,
        credentials: Option<&Credentials>,
    ) -> Self {
        let saved = SavedCall {
            request_headers: Vec::new(),
            call: Err(id),
            host: Host::unknown(),
            signed: false,
            started_at: at,
            timing: Timing { total: Duration::ZERO, ..Timing::default() },
            ended: None,
        };
        Self::from_saved(saved, Answer { status: 0, headers: Vec::new(), body }, credentials)
    }

    /// Creates the exchange of a saved answer. Without credentials only values with the name of a secret are masked.
    pub fn from_saved(saved: SavedCall, answer: Answer, credentials: Option<&Credentials>) -> Self {
        let SavedCall { call, host, signed, started_at, timing, request_headers, ended } = saved;
        let Answer { status, headers, body } = answer;
        let names = credentials.map(Credentials::names).cloned().unwrap_or_default();
        let masked = |value: String| {
            // A header can repeat the address of the call, whose secrets need not be the caller's.
            let value = without_url_secrets_in(value, &names);
            credentials.map_or(value.clone(), |credentials| credentials.mask(&value))
        };
        let header = |(name, value): (String, String)| {
            let value = names.mask_header(&name, masked(value));
            (name, value)
        };
        let all_masked = |all: Vec<(String, String)>| all.into_iter().map(header).collect();
        let (request_headers, headers): (Vec<_>, Vec<_>) = (all_masked(request_headers), all_masked(headers));
        let asked = call.as_ref().map_or_else(|_| ResultType::guess(&body), Call::result_type);
        let (body, understood) = understand(asked, body, credentials);
        // What is no answer may be anything, such as a piece of a HAR file with the calls' own secrets in it.
        let body = if understood.is_err() { without_url_secrets(body, &names) } else { body };
        let understood = match ended {
            Some(RecordedEnd { stage, outcome }) => Err((stage, with_texts(outcome, &masked))),
            None => understood.map_err(|malformed| {
                let malformed = redirect(status, &headers).unwrap_or(malformed);
                (RequestStage::Answered, Outcome::NotUnderstood(malformed))
            }),
        };
        let reply = understood.as_ref().ok();
        let answered_at = reply.filter(|_| call.is_err()).and_then(|reply| reply.envelope.answered_at());
        let started_at = answered_at.unwrap_or(started_at);
        let call = call.unwrap_or_else(|named| {
            let found = reply.and_then(|reply| asked_id(reply).or_else(|| own_id(reply)));
            CallSettings { result_type: asked, ..CallSettings::default() }.item_if_known(found.or(named))
        });
        let (stage, outcome, reply) = match understood {
            Ok(reply) => (RequestStage::Answered, judge(&call, &reply), Some(reply)),
            Err((stage, outcome)) => (stage, outcome, None),
        };
        let status = Some(status).filter(|status| *status > 0);
        let exchange = Self {
            call,
            host,
            signed,
            started_at,
            stage,
            timing,
            request_headers,
            status,
            headers,
            body,
            outcome,
            reply,
        };
        exchange.analyze_unless_large();
        exchange
    }
}

/// The same outcome, with `mask` applied to the texts of others in it.
fn with_texts(outcome: Outcome, mask: &impl Fn(String) -> String) -> Outcome {
    match outcome {
        Outcome::Failed(Failure::Setup(text)) => Outcome::Failed(Failure::Setup(mask(text))),
        Outcome::Failed(Failure::Connect(text)) => Outcome::Failed(Failure::Connect(mask(text))),
        Outcome::Failed(Failure::Http(text)) => Outcome::Failed(Failure::Http(mask(text))),
        Outcome::Failed(Failure::NotRecorded(text)) => Outcome::Failed(Failure::NotRecorded(mask(text))),
        Outcome::NotUnderstood(Malformed::NotRecorded { size, reason }) => {
            Outcome::NotUnderstood(Malformed::NotRecorded { size, reason: mask(reason) })
        }
        other => other,
    }
}

fn without_url_secrets(body: Body, names: &SecretNames) -> Body {
    let text = if body.encoding() == Encoding::Utf8 { body.raw().clone() } else { body.shown().clone() };
    let spans = names.find_in_addresses(&text);
    if spans.is_empty() { body } else { body.hiding(&text, spans) }
}

fn without_url_secrets_in(value: String, names: &SecretNames) -> String {
    let mut shown = value;
    for span in names.find_in_addresses(shown.as_bytes()).into_iter().rev() {
        shown.replace_range(span.start..span.end, MASK);
    }
    shown
}

fn asked_id(reply: &Reply) -> Option<ItemId> {
    let (document, root) = reply.answer();
    let args = document.get(root, "call_args")?;
    ItemId::find(Field::member(document, args, "num_iid").text()?).ok()
}

fn own_id(reply: &Reply) -> Option<ItemId> {
    ItemId::find(reply.item()?.field("num_iid").text()?).ok()
}
