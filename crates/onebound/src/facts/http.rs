//! Rules about status, headers, bytes and times.

use std::time::Duration;

use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};

use super::Finding;
use super::amounts::{signed_span, size};
use crate::body::Encoding;
use crate::error::Malformed;
use crate::exchange::{Exchange, Outcome};
use crate::wire::WireFault;

/// `Date` is written to the second, and the answer is some seconds on its way.
const CLOCK: SignedDuration = SignedDuration::from_secs(30);
/// Time for connection, upload and download beside the vendor's own time.
const WAY: Duration = Duration::from_secs(2);
/// Items were seen from 10 to 15 kB; one with some hundred SKUs has 100 kB.
const LARGE: usize = 1_000_000;
const SMALL: usize = 2_000;

pub(super) fn redirect(exchange: &Exchange) -> Option<Finding> {
    let Outcome::NotUnderstood(Malformed::Redirect(target)) = &exchange.outcome else { return None };
    Some(Finding::at_path("", [exchange.status?.to_string(), target.clone()]))
}

pub(super) fn gbk(exchange: &Exchange) -> Option<Finding> {
    (exchange.body.encoding() == Encoding::Gbk).then(|| Finding::at_path("", []))
}

/// A finding with the values that `read` returns for the first matching fault.
fn of_wire<const N: usize>(
    exchange: &Exchange,
    read: impl Fn(&WireFault) -> Option<[String; N]>,
) -> Option<Finding> {
    exchange.body.wire()?.faults.iter().find_map(read).map(|values| Finding::at_path("", values))
}

pub(super) fn gzip_broken(exchange: &Exchange) -> Option<Finding> {
    of_wire(exchange, |fault| match fault {
        WireFault::Gzip { at, of, unpacked } => Some([at.to_string(), of.to_string(), size(*unpacked)]),
        _ => None,
    })
}

pub(super) fn gzip_members(exchange: &Exchange) -> Option<Finding> {
    of_wire(exchange, |fault| match fault {
        WireFault::Members { members, at, of, unpacked } => {
            Some([members.to_string(), at.to_string(), of.to_string(), size(*unpacked)])
        }
        _ => None,
    })
}

pub(super) fn gzip_stopped(exchange: &Exchange) -> Option<Finding> {
    of_wire(exchange, |fault| match fault {
        WireFault::Stopped { at, of, unpacked } => Some([at.to_string(), of.to_string(), size(*unpacked)]),
        _ => None,
    })
}

pub(super) fn gzip_over_plain(exchange: &Exchange) -> Option<Finding> {
    of_wire(exchange, |fault| (*fault == WireFault::NotPacked).then_some([]))
}

pub(super) fn unknown_coding(exchange: &Exchange) -> Option<Finding> {
    of_wire(exchange, |fault| match fault {
        WireFault::Coding(name) => Some([name.clone()]),
        _ => None,
    })
}

pub(super) fn chunk_broken(exchange: &Exchange) -> Option<Finding> {
    of_wire(exchange, |fault| match fault {
        WireFault::Chunk { at } => Some([at.to_string()]),
        _ => None,
    })
}

pub(super) fn odd_head(exchange: &Exchange) -> Option<Finding> {
    of_wire(exchange, |fault| match fault {
        WireFault::Head { line, text } => Some([line.to_string(), text.clone()]),
        _ => None,
    })
}

pub(super) fn no_head(exchange: &Exchange) -> Option<Finding> {
    of_wire(exchange, |fault| (*fault == WireFault::NoHead).then_some([]))
}

pub(super) fn status(exchange: &Exchange) -> Option<Finding> {
    let status = exchange.status.filter(|status| *status != 200)?;
    exchange.envelope()?;
    Some(Finding::at_path("", [status.to_string()]))
}

pub(super) fn clock(exchange: &Exchange) -> Option<Finding> {
    let (_, date) = exchange.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("date"))?;
    let theirs: Timestamp = DateTimeParser::new().parse_timestamp(date.as_str()).ok()?;
    let ahead = theirs.duration_since(exchange.ended_at());
    (ahead.abs() > CLOCK).then(|| Finding::at_path("", [signed_span(ahead), date.clone()]))
}

pub(super) fn slow_way(exchange: &Exchange) -> Option<Finding> {
    let vendor = super::envelope::execution_time(exchange)?;
    let way = exchange.timing.total.checked_sub(vendor).filter(|way| *way > WAY)?;
    let seconds = |span: Duration| format!("{:.1} s", span.as_secs_f64());
    Some(Finding::at_path("$.execution_time", [way, exchange.timing.total].map(seconds)))
}

pub(super) fn body_large(exchange: &Exchange) -> Option<Finding> {
    let length = exchange.body.len();
    (length > LARGE).then(|| Finding::at_path("", [size(length)]))
}

pub(super) fn body_small(exchange: &Exchange) -> Option<Finding> {
    let length = exchange.body.len();
    exchange.item()?;
    (length < SMALL).then(|| Finding::at_path("", [size(length)]))
}
