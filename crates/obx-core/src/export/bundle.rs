//! The facts that the vendor's support asks for when something is wrong: in English, for both sides read it.

use std::fmt::Write as _;

use super::json::harmless;
use super::redact::{self, MASK};
use onebound::{Exchange, RequestStage};

/// So many characters of the body.
const HEAD: usize = 2_000;

pub(super) fn text(exchange: &Exchange, client_ip: bool) -> String {
    let mut out = String::from("obx support bundle\n\n");
    let known = if exchange.is_body_only() { Vec::new() } else { call_fields(exchange) };
    for (name, value) in answer_fields(exchange).into_iter().chain(known) {
        if !value.is_empty() {
            let _ = writeln!(out, "{name:<16}{}", harmless(&value)); // writing to a String can't fail
        }
    }
    if let Ok(command) = super::curl(exchange) {
        let _ = writeln!(out, "\ncall\n  {command}"); // writing to a String can't fail
    }
    out.push_str("\nresponse headers\n");
    for (name, value) in &exchange.headers {
        let _ = writeln!(out, "  {}: {}", harmless(name), harmless(&redact::header(name, value))); // writing to a String can't fail
    }
    let body = String::from_utf8_lossy(exchange.body.shown());
    let head: String = body.chars().take(HEAD).collect();
    let _ = writeln!(out, "\nbody ({} bytes, its first {HEAD} characters)", exchange.body.len()); // writing to a String can't fail
    head.lines().for_each(|line| {
        let _ = writeln!(out, "  {}", harmless(line)); // writing to a String can't fail
    });
    if client_ip { out } else { without_client_ip(&body, &out) }
}

fn answer_fields(exchange: &Exchange) -> Vec<(&'static str, String)> {
    let envelope = exchange.envelope();
    let of_envelope =
        |of: fn(&onebound::Envelope) -> Option<&str>| envelope.and_then(of).unwrap_or_default().to_owned();
    let of_file = if exchange.is_body_only() { "a body alone, from a file" } else { "" };
    vec![
        ("obx", env!("CARGO_PKG_VERSION").to_owned()),
        ("source", of_file.to_owned()),
        ("request_id", of_envelope(|envelope| envelope.request_id.as_deref())),
        ("error_code", of_envelope(|envelope| Some(envelope.error_code.as_ref()?.as_str()))),
        ("error", of_envelope(|envelope| Some(envelope.error.as_str()))),
        ("reason", of_envelope(|envelope| Some(envelope.reason.as_str()))),
        ("outcome", format!("{:?}", exchange.outcome)),
        ("api_info", of_envelope(|envelope| Some(envelope.quota.as_ref()?.raw.as_str()))),
        ("num_iid", exchange.call.num_iid().map(ToString::to_string).unwrap_or_default()),
        ("server_time", of_envelope(|envelope| envelope.server_time.as_deref())),
        ("execution_time", of_envelope(|envelope| envelope.execution_time.as_deref())),
    ]
}

fn call_fields(exchange: &Exchange) -> Vec<(&'static str, String)> {
    let seconds = |duration: std::time::Duration| format!("{:.3} s", duration.as_secs_f64());
    let stage = match exchange.stage {
        RequestStage::NothingSent => "nothing was sent",
        RequestStage::Sent => "sent, no answer",
        RequestStage::Answered => "answered",
    };
    vec![
        ("api", exchange.call.api()),
        ("host", exchange.host.name()),
        ("started (UTC)", exchange.started_at.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string()),
        ("reach", stage.to_owned()),
        ("http status", exchange.status.map(|status| status.to_string()).unwrap_or_default()),
        ("resolved", exchange.timing.resolved.map(seconds).unwrap_or_default()),
        ("connected", exchange.timing.connected.map(seconds).unwrap_or_default()),
        ("first byte", exchange.timing.first_byte.map(seconds).unwrap_or_default()),
        ("total", seconds(exchange.timing.total)),
    ]
}

/// A text with every value of `client_ip` masked, also where the head of the body ends within it, and the address
/// itself wherever it is repeated.
fn without_client_ip(body: &str, text: &str) -> String {
    const KEY: &str = "\"client_ip\"";
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(KEY) {
        out.push_str(before);
        out.push_str(KEY);
        let value = after.find('"').map_or(after.len(), |at| at + 1);
        let (colon, value) = after.split_at_checked(value).unwrap_or((after, ""));
        out.push_str(colon);
        if !colon.is_empty() {
            out.push_str(MASK);
        }
        rest = value.find('"').and_then(|end| value.get(end..)).unwrap_or_default();
    }
    out.push_str(rest);
    match client_ip(body) {
        Some(address) => out.replace(address, MASK),
        None => out,
    }
}

fn client_ip(body: &str) -> Option<&str> {
    let after = body.split_once("\"client_ip\"")?.1;
    let mut parts = after.split('"');
    parts.next()?;
    // The loopback address of DEMO says nothing, and is in the host as well.
    parts.next().filter(|address| address.len() >= 7 && *address != "127.0.0.1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_callers_address_is_masked_wherever_it_is() {
        let body = r#"{"a":"203.0.113.7 refused","client_ip" : "203.0.113.7","b":1}"#;
        assert_eq!(without_client_ip(body, body), r#"{"a":"*** refused","client_ip" : "***","b":1}"#);
        let head: String = body.chars().take(50).collect();
        assert!(!without_client_ip(body, &head).contains("203"));
        assert_eq!(without_client_ip("no json", "no json"), "no json");
    }
}
