//! Exchanges as HAR 1.2, as browsers and proxies write and read it.
//!
//! Unknown values are written as the format says: -1 for times and sizes, 0 for the status of a call without an answer. Key
//! and secret are written as `$OBX_KEY` and `$OBX_SECRET`, cookies as `***`.

use std::sync::Arc;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::redact::{self, KEY, MASK, SECRET};
use onebound::{Exchange, Malformed, Outcome, RequestStage};

/// The comment on a call that never left this machine.
pub(crate) const NOTHING_SENT: &str = "nothing was sent";

/// The name of [`Own`] in an entry; the format leaves names with `_` to the programs.
pub(crate) const OWN: &str = "_obx";

/// The outcome of a call without a whole answer, for which HAR has no field.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Own {
    /// How far it got.
    #[serde(rename = "reach")]
    pub(crate) stage: RequestStage,
    pub(crate) outcome: Outcome,
}

/// The whole file, pretty-printed.
pub(super) fn log(exchanges: &[Arc<Exchange>]) -> String {
    let entries: Vec<Value> = exchanges.iter().map(|exchange| entry(exchange)).collect();
    let version = env!("CARGO_PKG_VERSION");
    let log = json!({"log": {
        "version": "1.2",
        "creator": {"name": "obx", "version": version},
        "entries": entries,
    }});
    format!("{log:#}\n")
}

fn entry(exchange: &Exchange) -> Value {
    let timings = Timings::new(exchange);
    let mut entry = json!({
        "startedDateTime": exchange.started_at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
        "time": timings.total(),
        "request": request(exchange),
        "response": response(exchange),
        "cache": {},
        "timings": {
            "blocked": -1,
            "dns": timings.dns.unwrap_or(-1.0),
            "connect": timings.connect.unwrap_or(-1.0),
            "ssl": -1,
            "send": 0,
            "wait": timings.wait,
            "receive": timings.receive,
        },
        "comment": comment(exchange),
    });
    if let (false, Value::Object(members)) = (exchange.outcome.is_whole(), &mut entry) {
        let own = Own { stage: exchange.stage, outcome: exchange.outcome.clone() };
        members.insert(OWN.to_owned(), json!(own));
    }
    entry
}

/// For people, and for programs that know no more than the format: why there is no whole answer.
fn comment(exchange: &Exchange) -> String {
    let why = match &exchange.outcome {
        Outcome::Failed(failure) => failure.to_string(),
        Outcome::Cancelled => "cancelled".to_owned(),
        Outcome::Interrupted => "obx ended before the answer came".to_owned(),
        Outcome::NotUnderstood(Malformed::NotRecorded { reason, .. }) => return reason.clone(),
        _ => String::new(),
    };
    match exchange.stage {
        RequestStage::NothingSent if why.is_empty() => NOTHING_SENT.to_owned(),
        RequestStage::NothingSent => format!("{NOTHING_SENT}: {why}"),
        RequestStage::Sent | RequestStage::Answered if why.is_empty() => why,
        RequestStage::Sent | RequestStage::Answered => {
            format!("{why}; whether the call was billed is unknown")
        }
    }
}

fn request(exchange: &Exchange) -> Value {
    let parameters = exchange.call.parameters();
    let shown = parameters.iter().map(|(name, value)| (*name, redact::parameter(name, value)));
    let dateline = exchange.dateline();
    let proof: &[_] = if exchange.signed {
        &[KEY, ("dateline", dateline.as_str()), ("sign", MASK)]
    } else {
        &[KEY, SECRET]
    };
    let pairs: Vec<(&str, &str)> = proof.iter().copied().chain(shown).collect();
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let query: Vec<String> = pairs
        .iter()
        .map(|(name, value)| {
            let value = if value.starts_with("$OBX_") { (*value).to_owned() } else { encoded(value) };
            format!("{}={value}", name.replace(' ', "%20"))
        })
        .collect();
    let listed: Vec<Value> =
        pairs.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    json!({
        "method": "GET",
        "url": format!("{}/{}/?{}", exchange.host, exchange.call.api(), query.join("&")),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": listed_headers(&exchange.request_headers),
        "queryString": listed,
        "headersSize": -1,
        "bodySize": 0,
    })
}

fn response(exchange: &Exchange) -> Value {
    let header = |wanted: &str| {
        let found = exchange.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.as_str())
    };
    let mut content = json!({
        "size": match &exchange.outcome {
            Outcome::NotUnderstood(Malformed::NotRecorded { size, .. }) => json!(size.map_or(-1, u64::cast_signed)),
            _ => json!(exchange.body.len()),
        },
        "mimeType": header("content-type").unwrap_or("x-unknown"),
    });
    // A text of nothing would say that an empty body came.
    let came = exchange.outcome == Outcome::NotUnderstood(Malformed::Empty) || !exchange.body.is_empty();
    if let (true, Value::Object(members)) = (came, &mut content) {
        members.insert("text".to_owned(), json!(String::from_utf8_lossy(exchange.body.shown())));
    }
    json!({
        "status": exchange.status.unwrap_or(0),
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": listed_headers(&exchange.headers),
        "content": content,
        "redirectURL": header("location").map(|target| target.split('?').next().unwrap_or_default()).unwrap_or_default(),
        "headersSize": -1,
        "bodySize": -1,
    })
}

fn listed_headers(headers: &[(String, String)]) -> Vec<Value> {
    let listed =
        |(name, value): &(String, String)| json!({"name": name, "value": redact::header(name, value)});
    headers.iter().map(listed).collect()
}

/// In milliseconds; their sum is the total.
struct Timings {
    dns: Option<f64>,
    connect: Option<f64>,
    wait: f64,
    receive: f64,
}

impl Timings {
    fn new(exchange: &Exchange) -> Self {
        let timing = exchange.timing;
        let resolved = timing.resolved.unwrap_or_default();
        let connected = timing.connected.unwrap_or(resolved);
        let first_byte = timing.first_byte.unwrap_or(timing.total).max(connected);
        Self {
            dns: timing.resolved.map(milliseconds),
            connect: timing.connected.map(|connected| milliseconds(connected.saturating_sub(resolved))),
            wait: milliseconds(first_byte.saturating_sub(connected)),
            receive: milliseconds(timing.total.saturating_sub(first_byte)),
        }
    }

    fn total(&self) -> f64 {
        round(self.dns.unwrap_or_default() + self.connect.unwrap_or_default() + self.wait + self.receive)
    }
}

fn milliseconds(duration: Duration) -> f64 {
    round(duration.as_secs_f64() * 1_000.0)
}

/// To microseconds: more digits are the computer's, not the clock's.
fn round(milliseconds: f64) -> f64 {
    (milliseconds * 1_000.0).round() / 1_000.0
}
