//! Rules about the envelope.

use std::time::Duration;

use jiff::SignedDuration;
use jiff::civil::Date;

use super::Finding;
use super::amounts::{few, signed_span, span};
use crate::envelope::{BEIJING, in_beijing};
use crate::error_code::{Cause, ErrorCode};
use crate::exchange::{Exchange, Outcome};
use crate::field::Field;
use crate::field_table::is_blank;
use onebound_document::NodeId;

/// `server_time` is taken before the answer travels.
const CLOCK: SignedDuration = SignedDuration::from_secs(60);
/// Calls take 1 to 8 seconds.
const USUAL: Duration = Duration::from_secs(8);
/// Enough to have a key renewed by people.
const DAYS_TO_RENEW: i32 = 30;

pub(super) fn code_and_text_disagree(exchange: &Exchange) -> Option<Finding> {
    let envelope = exchange.envelope()?;
    let code = envelope.error_code.as_ref()?.as_str();
    let agree = match envelope.cause() {
        Cause::AsCoded => true,
        Cause::QuotaUsedUp => code == "4013",
        Cause::NotEnabled => matches!(code, "4006" | "4012"),
        Cause::KeyExpired => false,
    };
    let values = || [code.to_owned(), envelope.words().to_owned()];
    (!agree).then(|| Finding::at_path("$.error_code", values()))
}

pub(super) fn unknown_code(exchange: &Exchange) -> Option<Finding> {
    let code = exchange.envelope()?.error_code.as_ref()?;
    code.meaning().is_none().then(|| Finding::at_path("$.error_code", [code.to_string()]))
}

pub(super) fn args_never_sent(exchange: &Exchange) -> Option<Finding> {
    let sent = exchange.call.parameters();
    let mut unsent = echoed_args(exchange)?;
    unsent.retain(|(name, _)| sent.iter().all(|(known, _)| known != name));
    let path = format!("$.call_args.{}", unsent.first()?.0);
    let written = |(name, value): (String, String)| format!("{name}={value}");
    Some(Finding::at_path(path, [few(unsent.into_iter().map(written).collect())]))
}

pub(super) fn args_differ(exchange: &Exchange) -> Option<Finding> {
    let echoed = echoed_args(exchange)?;
    let secret = |name| exchange.call.secret_parameters().any(|secret| secret == name);
    let mut open = exchange.call.parameters().into_iter().filter(|(name, _)| !secret(*name));
    let (name, sent, echoed) = open.find_map(|(name, sent)| {
        let (_, value) = echoed.iter().find(|(echoed, value)| echoed == name && !value.is_empty())?;
        (*value != sent).then(|| (name, sent.into_owned(), value.clone()))
    })?;
    Some(Finding::at_path(format!("$.call_args.{name}"), [name.to_owned(), sent, echoed]))
}

/// `call_args`, where it is an object (PHP writes an empty one as a list) and it is known what was sent.
fn echoed_args(exchange: &Exchange) -> Option<Vec<(String, String)>> {
    if exchange.is_body_only() {
        return None;
    }
    let (document, root) = exchange.reply.as_ref()?.answer();
    let Field::Object(args) = Field::member(document, root, "call_args") else { return None };
    let pair = |node| Some((document.key(node)?.into_owned(), document.text(node).into_owned()));
    Some(document.children(args).filter_map(pair).collect())
}

pub(super) fn cache_despite_no(exchange: &Exchange) -> Option<Finding> {
    let refused = exchange.call.parameters().iter().any(|(name, value)| *name == "cache" && value == "no");
    (refused && exchange.envelope()?.from_vendor_cache).then(|| Finding::at_path("$.cache", []))
}

pub(super) fn vendor_cache(exchange: &Exchange) -> Option<Finding> {
    let envelope = exchange.envelope().filter(|envelope| envelope.from_vendor_cache)?;
    let taken = envelope.cached_at.as_deref().and_then(in_beijing);
    let now = envelope.answered_at().unwrap_or_else(|| exchange.ended_at());
    let age = taken.map_or_else(|| "?".to_owned(), |taken| span(now.duration_since(taken)));
    let date = envelope.cached_at.clone().unwrap_or_else(|| "?".to_owned());
    Some(Finding::at_path("$.secache_date", [age, date]))
}

pub(super) fn translation_failed(exchange: &Exchange) -> Option<Finding> {
    let status = exchange.envelope()?.translate_status.clone()?;
    let lower = status.to_lowercase();
    (lower.contains("err") || lower.contains("fail"))
        .then(|| Finding::at_path("$.translate_status", [status]))
}

pub(super) fn translated(exchange: &Exchange) -> Option<Finding> {
    exchange.envelope()?;
    let parameters = exchange.call.parameters();
    let (_, lang) = parameters.into_iter().find(|(name, value)| *name == "lang" && value != "cn")?;
    Some(Finding::at_path("$.language", [lang.into_owned()]))
}

pub(super) fn empty_success(exchange: &Exchange) -> Option<Finding> {
    let code = exchange.envelope()?.error_code.as_ref()?;
    let empty = exchange.outcome == Outcome::NoResult && ErrorCode::is_success(code);
    empty.then(|| Finding::at_path("$.error_code", []))
}

pub(super) fn found_inside(exchange: &Exchange) -> Option<Finding> {
    let path = exchange.reply.as_ref()?.found_at()?;
    Some(Finding::at_path("$", [path.to_owned()]))
}

pub(super) fn answers_beside(exchange: &Exchange) -> Option<Finding> {
    let reply = exchange.reply.as_ref()?;
    let (others, path) = (reply.other_answers(), reply.found_at()?);
    (others > 0).then(|| Finding::at_path("$", [others.to_string(), path.to_owned()]))
}

pub(super) fn inner_error(exchange: &Exchange) -> Option<Finding> {
    let reply = exchange.reply.as_ref()?;
    let (node, message) = exchange.analysis()?.inner_error.clone()?;
    let is_success = reply.envelope.error_code.as_ref().is_none_or(ErrorCode::is_success);
    is_success.then(|| Finding::at_node(reply, node, [message]))
}

/// Where the code says success, or nothing: after any other an empty item is what is to be expected.
pub(super) fn nothing_in_it(exchange: &Exchange) -> Option<Finding> {
    let reply = exchange.reply.as_ref()?;
    let is_success = reply.envelope.error_code.as_ref().is_none_or(ErrorCode::is_success);
    let (document, root) = reply.answer();
    let items = document.get(root, "items");
    let inner = items.and_then(|items| document.get(items, "item"));
    let of_the_answer = [document.get(root, "item"), inner.or(items)];
    let holders: Vec<NodeId> = of_the_answer.into_iter().flatten().collect();
    let empty = holders.iter().all(|holder| is_blank(document, *holder));
    let first = *holders.first().filter(|_| is_success && empty)?;
    let is_empty = |node| matches!(document.raw(node), "{}" | "[]" | "\"\"" | "null");
    let shown = if is_empty(first) { document.raw(first).to_owned() } else { "{…}".to_owned() };
    Some(Finding::at_node(reply, first, [reply.path_of(first), shown]))
}

/// A tenth of the day's calls, or less.
pub(super) fn quota_near_end(exchange: &Exchange) -> Option<Finding> {
    let quota = exchange.envelope()?.quota.as_ref()?;
    let (left, max) = (quota.left()?, quota.max?);
    let near = left.saturating_mul(10) <= max;
    near.then(|| Finding::at_path("$.api_info", [left.to_string(), max.to_string()]))
}

pub(super) fn key_expired(exchange: &Exchange) -> Option<Finding> {
    let (expires, days) = key_days(exchange)?;
    (days < 0).then(|| Finding::at_path("$.api_info", [expires.to_string()]))
}

pub(super) fn key_expires_soon(exchange: &Exchange) -> Option<Finding> {
    let (expires, days) = key_days(exchange)?;
    let soon = (0..=DAYS_TO_RENEW).contains(&days);
    soon.then(|| Finding::at_path("$.api_info", [days.to_string(), expires.to_string()]))
}

/// The key's last day, and how many days are left until it in Beijing.
fn key_days(exchange: &Exchange) -> Option<(Date, i32)> {
    let expires = exchange.envelope()?.quota.as_ref()?.expires?;
    let today = BEIJING.to_datetime(exchange.ended_at()).date();
    Some((expires, today.until(expires).ok()?.get_days()))
}

pub(super) fn server_clock(exchange: &Exchange) -> Option<Finding> {
    // A body without its call has no other time than `server_time`.
    let envelope = exchange.envelope().filter(|_| !exchange.is_body_only())?;
    let ahead = envelope.answered_at()?.duration_since(exchange.ended_at());
    let values = || [signed_span(ahead), envelope.server_time.clone().unwrap_or_default()];
    (ahead.abs() > CLOCK).then(|| Finding::at_path("$.server_time", values()))
}

pub(super) fn slow_vendor(exchange: &Exchange) -> Option<Finding> {
    let took = execution_time(exchange).filter(|took| *took > USUAL)?;
    Some(Finding::at_path("$.execution_time", [format!("{:.1} s", took.as_secs_f64())]))
}

/// The vendor's own time.
pub(super) fn execution_time(exchange: &Exchange) -> Option<Duration> {
    let seconds: f64 = exchange.envelope()?.execution_time.as_deref()?.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}
