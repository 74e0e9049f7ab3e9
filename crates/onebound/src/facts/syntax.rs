//! Rules about bodies that a strict parser refuses and that were read all the same. Positions are bytes of the body as
//! it was received.

use super::Finding;
use crate::body::Encoding;
use crate::exchange::Exchange;
use crate::reply::Reply;
use onebound_document::{Occurrences, Violation};

/// Length of a sample, in characters.
const SAMPLE: usize = 20;
/// Length of a sample of the text before an answer, in characters.
const BEFORE: usize = 80;

pub(super) fn broken_utf8(exchange: &Exchange) -> Option<Finding> {
    let Encoding::BrokenUtf8 { at, places } = exchange.body.encoding() else { return None };
    Some(Finding::at_path("", [at.to_string(), places.to_string()]))
}

pub(super) fn number(exchange: &Exchange) -> Option<Finding> {
    of_json(exchange, Violation::Number)
}

pub(super) fn not_finite(exchange: &Exchange) -> Option<Finding> {
    of_json(exchange, Violation::NotFinite)
}

pub(super) fn escape(exchange: &Exchange) -> Option<Finding> {
    of_json(exchange, Violation::Escape)
}

pub(super) fn control(exchange: &Exchange) -> Option<Finding> {
    let reply = exchange.reply.as_ref()?;
    let in_json = || exchange.analysis().map(|analysis| analysis.violations.get(Violation::Control));
    let found = reply.faults.map(|faults| faults.controls).or_else(in_json)?;
    let byte = exchange.body.shown().get(found.first?)?;
    finding(exchange, found, format!("U+{byte:04X}"))
}

pub(super) fn byte_order_mark(exchange: &Exchange) -> Option<Finding> {
    let found = exchange.analysis()?.violations.get(Violation::Mark);
    found.first.map(|_| Finding::at_path("", []))
}

pub(super) fn ampersand(exchange: &Exchange) -> Option<Finding> {
    let found = exchange.reply.as_ref()?.faults?.ampersands;
    finding(exchange, found, sample(exchange, found.first?, |c| c.is_whitespace() || c == '<'))
}

pub(super) fn attribute(exchange: &Exchange) -> Option<Finding> {
    let found = exchange.reply.as_ref()?.faults?.attributes;
    finding(exchange, found, sample(exchange, found.first?, |c| c.is_whitespace() || c == '='))
}

pub(super) fn reference(exchange: &Exchange) -> Option<Finding> {
    let found = exchange.reply.as_ref()?.faults?.references;
    finding(exchange, found, sample(exchange, found.first?, |c| c == ';'))
}

pub(super) fn unfollowed(exchange: &Exchange) -> Option<Finding> {
    let found = exchange.reply.as_ref()?.faults?.unfollowed;
    finding(exchange, found, sample(exchange, found.first?, |c| c == ';'))
}

pub(super) fn text_before(exchange: &Exchange) -> Option<Finding> {
    let start = exchange.reply.as_ref()?.start;
    let before = exchange.body.shown().get(..start).filter(|before| !before.is_empty())?;
    let text = without_tags(&String::from_utf8_lossy(before));
    let at = exchange.body.position_in_raw(start);
    Some(Finding::at_path("", [at.to_string(), text.chars().take(BEFORE).collect()]))
}

pub(super) fn text_after(exchange: &Exchange) -> Option<Finding> {
    let Reply { document, faults, .. } = exchange.reply.as_ref()?;
    let at = faults.map_or_else(|| document.trailing(), |faults| faults.trailing)?;
    Some(Finding::at_path("", [exchange.body.position_in_raw(at).to_string()]))
}

fn of_json(exchange: &Exchange, violation: Violation) -> Option<Finding> {
    let found = exchange.analysis()?.violations.get(violation);
    let first = found.first?;
    let sample = match violation {
        // The backslash and the character after it.
        Violation::Escape => text_at(exchange, first).chars().take(2).collect(),
        _ => sample(exchange, first, |c| c.is_whitespace() || matches!(c, ',' | ']' | '}')),
    };
    finding(exchange, found, sample)
}

/// The first occurrence, its position, and the count.
fn finding(exchange: &Exchange, found: Occurrences, sample: String) -> Option<Finding> {
    let at = exchange.body.position_in_raw(found.first?);
    Some(Finding::at_path("", [sample, at.to_string(), found.count.to_string()]))
}

fn sample(exchange: &Exchange, at: usize, ends: impl Fn(char) -> bool) -> String {
    text_at(exchange, at).chars().take_while(|c| !ends(*c)).take(SAMPLE).collect()
}

fn text_at(exchange: &Exchange, at: usize) -> String {
    let shown = exchange.body.shown();
    let near = shown.get(at..shown.len().min(at + 4 * SAMPLE)).unwrap_or_default();
    String::from_utf8_lossy(near).into_owned()
}

/// PHP writes its messages for a page.
fn without_tags(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        out.push_str(before);
        out.push(' ');
        rest = tag.split_once('>').map_or("", |(_, behind)| behind);
    }
    out.push_str(rest);
    out.split_whitespace().collect::<Vec<_>>().join(" ").replace(" :", ":")
}
