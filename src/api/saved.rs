//! An exchange of an answer that lies in a file: nothing is asked, and what was asked then is read from it.

use jiff::Timestamp;

use super::call::{Call, CallSettings};
use super::credentials::Credentials;
use super::exchange::{Answer, Exchange, Outcome, Reach, Reply, Timing, judge, understand};
use super::host::Host;
use super::item_id::ItemId;
use super::result_type::ResultType;

/// What is known of an answer beside itself.
#[derive(Clone, Debug)]
pub struct Saved {
    /// What was asked; where it is not known, an item: the answer's own, or else this one.
    pub call: Result<Call, Option<ItemId>>,
    /// Who was asked.
    pub host: Host,
    /// When.
    pub started_at: Timestamp,
    /// How long it took.
    pub timing: Timing,
}

impl Exchange {
    /// The exchange of an answer that lies in a file; without credentials nothing in it is masked.
    pub fn saved(saved: Saved, answer: Answer, credentials: Option<&Credentials>) -> Self {
        let Saved { call, host, started_at, timing } = saved;
        let Answer { status, headers, body } = answer;
        let masked =
            |value: String| credentials.map_or(value.clone(), |credentials| credentials.mask(&value));
        let headers = headers.into_iter().map(|(name, value)| (name, masked(value))).collect();
        let asked = call.as_ref().map_or_else(|_| ResultType::of(&body), Call::result_type);
        let (body, understood) = understand(asked, body, credentials);
        let call = call.unwrap_or_else(|named| {
            let own = understood.as_ref().ok().and_then(own_id);
            CallSettings { result_type: asked, ..CallSettings::default() }.item_if_known(own.or(named))
        });
        let (outcome, reply) = match understood {
            Ok(reply) => (judge(&call, &reply), Some(reply)),
            Err(malformed) => (Outcome::NotUnderstood(malformed), None),
        };
        let (reach, status) = (Reach::Answered, Some(status).filter(|status| *status > 0));
        Self { call, host, started_at, reach, timing, status, headers, body, outcome, reply }
    }
}

fn own_id(reply: &Reply) -> Option<ItemId> {
    ItemId::find(reply.item()?.field("num_iid").text()?).ok()
}
