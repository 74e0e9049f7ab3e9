//! An exchange of an answer that lies in a file: nothing is asked, and what was asked then is read from it.

use jiff::Timestamp;

use super::body::Body;
use super::call::CallSettings;
use super::credentials::Credentials;
use super::exchange::{Answer, Exchange, Outcome, Reach, Reply, Timing, judge, reply};
use super::host::Host;
use super::item_id::ItemId;

/// What is known of an answer beside itself.
#[derive(Clone, Debug)]
pub struct Saved {
    /// What was asked for beside the ID.
    pub settings: CallSettings,
    /// The ID that was asked for; where it is not known, the answer's own counts.
    pub num_iid: Option<ItemId>,
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
        let Saved { settings, num_iid, host, started_at, timing } = saved;
        let Answer { status, headers, body } = answer;
        let masked =
            |value: String| credentials.map_or(value.clone(), |credentials| credentials.mask(&value));
        let headers = headers.into_iter().map(|(name, value)| (name, masked(value))).collect();
        let (body, text) = match credentials {
            Some(credentials) => Body::receive(body, credentials),
            None => Body::restore(body, Vec::new(), Vec::new()),
        };
        let understood = reply(&body, text);
        let num_iid = num_iid.or_else(|| own_id(understood.as_ref().ok()?)).unwrap_or_else(ItemId::unknown);
        let call = settings.item_get(num_iid);
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
