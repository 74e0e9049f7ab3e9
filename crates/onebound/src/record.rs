//! The serializable form of an exchange, without the bytes of its body.
//!
//! The body is parsed again when it is opened, so that a better parser serves old answers too; what
//! became of the call is stored, since an incomplete body does not show it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use jiff::Timestamp;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::body::Body;
use super::call::Call;
use super::credentials::Span;
use super::exchange::{Exchange, Outcome, RequestStage, Timing};
use super::host::Host;
use super::read_body;
use super::secret_names::SecretNames;
use super::wire::{Wire, WireFault};

/// All of an exchange but its body. Contains no secret: headers and texts are masked, and of the body only
/// the spans of its secrets are stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    call: Call,
    host: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    signed: bool,
    started_at: Timestamp,
    #[serde(rename = "reach")]
    stage: RequestStage,
    timing: Timing,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    request_headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    headers: Vec<(String, String)>,
    outcome: Outcome,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    secrets: Vec<Span>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    secrets_in_text: Vec<Span>,
    /// Faults of the transfer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    wire_faults: Vec<WireFault>,
    /// The body as it came, where it could not be unpacked whole; in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    packed: Option<Base64Bytes>,
}

/// Bytes that are written as base64.
#[derive(Clone, Debug, PartialEq)]
struct Base64Bytes(Bytes);

impl Serialize for Base64Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = STANDARD.decode(String::deserialize(deserializer)?);
        bytes.map(|bytes| Self(bytes.into())).map_err(D::Error::custom)
    }
}

impl Record {
    /// Everything to be stored beside the raw body.
    pub fn from_exchange(exchange: &Exchange) -> Self {
        let wire = exchange.body.wire();
        Self {
            call: exchange.call.clone(),
            host: exchange.host.to_string(),
            signed: exchange.signed,
            started_at: exchange.started_at,
            stage: exchange.stage,
            timing: exchange.timing,
            request_headers: exchange.request_headers.clone(),
            status: exchange.status,
            headers: exchange.headers.clone(),
            outcome: exchange.outcome.clone(),
            secrets: exchange.body.secrets().to_vec(),
            secrets_in_text: exchange.body.secrets_in_text().to_vec(),
            wire_faults: wire.map(|wire| wire.faults.clone()).unwrap_or_default(),
            packed: wire.and_then(|wire| wire.packed.clone()).map(Base64Bytes),
        }
    }

    /// The record of a call that was about to be sent when the program ended: its result is not known.
    pub fn interrupted(call: Call, host: String, started_at: Timestamp) -> Self {
        Self {
            call,
            host,
            signed: false,
            started_at,
            stage: RequestStage::Sent,
            timing: Timing::default(),
            request_headers: Vec::new(),
            status: None,
            headers: Vec::new(),
            outcome: Outcome::Interrupted,
            secrets: Vec::new(),
            secrets_in_text: Vec::new(),
            wire_faults: Vec::new(),
            packed: None,
        }
    }

    /// The masked text of the raw body.
    pub fn into_shown(self, raw: Bytes) -> Bytes {
        Body::restore(raw, self.secrets, self.secrets_in_text).0.shown().clone()
    }

    /// Restores the exchange, given the raw body. Needs no credentials: the spans of the secrets are stored.
    pub fn into_exchange(self, raw: Bytes) -> Exchange {
        let packed = self.packed.map(|packed| packed.0);
        let (body, text) = Body::restore(raw, self.secrets, self.secrets_in_text);
        let body = body.come_by(Wire { faults: self.wire_faults, packed });
        let reply =
            if self.outcome.is_whole() { read_body::reply_again(&self.call, &body, text) } else { None };
        Exchange {
            call: self.call,
            host: Host::from_stored(&self.host),
            signed: self.signed,
            started_at: self.started_at,
            stage: self.stage,
            timing: self.timing,
            request_headers: self.request_headers,
            status: self.status,
            // An older obx kept some of them in clear.
            headers: self.headers.into_iter().map(masked).collect(),
            body,
            outcome: self.outcome,
            reply,
        }
    }
}

fn masked((name, value): (String, String)) -> (String, String) {
    let value = SecretNames::default().mask_header(&name, value);
    (name, value)
}
