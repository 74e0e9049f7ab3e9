//! An exchange of an answer that lies in a file: nothing is asked, and what was asked then is read from it.

use jiff::Timestamp;

use super::call::{Call, CallSettings};
use super::credentials::Credentials;
use super::exchange::{Answer, Exchange, Outcome, Reach, Reply, Timing, judge, understand};
use super::host::Host;
use super::item_id::ItemId;
use super::lenient::Field;
use super::result_type::ResultType;

/// What is known of an answer beside itself.
#[derive(Clone, Debug)]
pub struct Saved {
    /// What was asked; where it is not known, an item: the one that the answer names in `call_args`, its own, or else
    /// this one.
    pub call: Result<Call, Option<ItemId>>,
    /// Who was asked.
    pub host: Host,
    /// Whether with a signature.
    pub signed: bool,
    /// When; where nothing else is known of the call, the answer's `server_time` counts more.
    pub started_at: Timestamp,
    /// How long it took.
    pub timing: Timing,
}

impl Exchange {
    /// The exchange of an answer that lies in a file; without credentials nothing in it is masked.
    pub fn saved(saved: Saved, answer: Answer, credentials: Option<&Credentials>) -> Self {
        let Saved { call, host, signed, started_at, timing } = saved;
        let Answer { status, headers, body } = answer;
        let masked =
            |value: String| credentials.map_or(value.clone(), |credentials| credentials.mask(&value));
        let headers = headers.into_iter().map(|(name, value)| (name, masked(value))).collect();
        let asked = call.as_ref().map_or_else(|_| ResultType::of(&body), Call::result_type);
        let (body, understood) = understand(asked, body, credentials);
        let reply = understood.as_ref().ok();
        let told_at = reply.filter(|_| call.is_err()).and_then(|reply| reply.envelope.answered_at());
        let started_at = told_at.unwrap_or(started_at);
        let call = call.unwrap_or_else(|named| {
            let told = reply.and_then(|reply| asked_id(reply).or_else(|| own_id(reply)));
            CallSettings { result_type: asked, ..CallSettings::default() }.item_if_known(told.or(named))
        });
        let (outcome, reply) = match understood {
            Ok(reply) => (judge(&call, &reply), Some(reply)),
            Err(malformed) => (Outcome::NotUnderstood(malformed), None),
        };
        let (reach, status) = (Reach::Answered, Some(status).filter(|status| *status > 0));
        Self { call, host, signed, started_at, reach, timing, status, headers, body, outcome, reply }
    }
}

fn asked_id(reply: &Reply) -> Option<ItemId> {
    let document = &reply.document;
    let args = document.get(document.root(), "call_args")?;
    ItemId::find(Field::of(document, args, "num_iid").text()?).ok()
}

fn own_id(reply: &Reply) -> Option<ItemId> {
    ItemId::find(reply.item()?.field("num_iid").text()?).ok()
}
