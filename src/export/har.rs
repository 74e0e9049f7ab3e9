//! Exchanges as HAR 1.2, as browsers and proxies write and read it.
//!
//! What is not known is written as the format says: -1 for times and sizes, 0 for the status of a call that got no
//! answer. Key and secret stand as `$OBX_KEY` and `$OBX_SECRET`, cookies as `***`.

use std::sync::Arc;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::redact::{self, KEY, MASK, SECRET};
use crate::api::{Exchange, Reach};

/// The whole file, laid out for people.
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
    let timings = Timings::of(exchange);
    json!({
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
        "comment": if exchange.reach == Reach::NothingSent { "nothing was sent" } else { "" },
    })
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
    let text = String::from_utf8_lossy(exchange.body.shown());
    json!({
        "status": exchange.status.unwrap_or(0),
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": listed_headers(&exchange.headers),
        "content": {
            "size": exchange.body.len(),
            "mimeType": header("content-type").unwrap_or("x-unknown"),
            "text": text,
        },
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

/// In milliseconds; together they make the total.
struct Timings {
    dns: Option<f64>,
    connect: Option<f64>,
    wait: f64,
    receive: f64,
}

impl Timings {
    fn of(exchange: &Exchange) -> Self {
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
