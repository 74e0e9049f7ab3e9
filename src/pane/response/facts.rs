//! Request and headers as text, and the timing as bars.

use std::borrow::Cow;
use std::time::Duration;

use ratatui::text::{Line, Span};

use crate::pane::verdict;
use crate::ui::measure;
use crate::ui::text::{clean, pad_left, pad_right, visible, width, wrap};
use crate::ui::theme::Theme;
use obx_core::i18n::Texts;
use onebound::{Exchange, MASK, RequestStage};

/// The request, its parameters, and the response's headers.
pub(super) fn headers(exchange: &Exchange, texts: Texts, room: usize) -> Vec<Line<'static>> {
    let mut lines = vec![heading(texts.request())];
    if exchange.is_body_only() {
        lines.extend(note(texts.call_not_in_file(), room));
        return lines;
    }
    lines.push(Line::from(format!(
        " GET {}/{}/",
        clean(&exchange.host.to_string()),
        clean(&exchange.call.api())
    )));
    let proof = if exchange.signed { "sign" } else { "secret" };
    // An exchange contains neither.
    let hidden = [("key", MASK.into()), (proof, MASK.into())];
    let parameters: Vec<_> = hidden.into_iter().chain(exchange.call.parameters()).collect();
    lines.extend(fields(&parameters, room));
    if !exchange.request_headers.is_empty() {
        lines.push(Line::default());
        lines.extend(header_fields(&exchange.request_headers, room));
    }
    lines.push(Line::default());
    let status =
        exchange.status.map_or_else(|| texts.no_status().to_owned(), |status| format!("HTTP {status}"));
    lines.push(heading(&format!("{}  {status}", texts.response())));
    if exchange.headers.is_empty() {
        lines.push(Line::styled(format!(" {}", texts.no_headers()), Theme.dim()));
    }
    lines.extend(header_fields(&exchange.headers, room));
    lines
}

fn header_fields(headers: &[(String, String)], room: usize) -> Vec<Line<'static>> {
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.into())).collect();
    fields(&headers, room)
}

fn note(text: &'static str, room: usize) -> impl Iterator<Item = Line<'static>> {
    let parts = wrap(text, room.saturating_sub(2)).into_iter();
    parts.map(|part| Line::styled(format!(" {part}"), Theme.dim()))
}

fn heading(text: &str) -> Line<'static> {
    Line::styled(format!(" {text}"), Theme.strong())
}

/// Names and values, with the values aligned.
fn fields(all: &[(&str, Cow<'_, str>)], room: usize) -> Vec<Line<'static>> {
    let longest = all.iter().map(|(name, _)| width(name)).max().unwrap_or_default();
    let names = longest.min(room / 3);
    let mut lines = Vec::new();
    for (name, value) in all {
        let value = visible(value);
        let parts = wrap(&value, room.saturating_sub(names + 4));
        let parts = if parts.is_empty() { vec![""] } else { parts };
        for (at, part) in parts.into_iter().enumerate() {
            let name = if at == 0 { visible(name) } else { "".into() };
            let name = Span::styled(format!(" {}  ", pad_right(&name, names)), Theme.dim());
            lines.push(Line::from(vec![name, Span::raw(part.to_owned())]));
        }
    }
    lines
}

/// A part of the call's time.
struct Phase {
    name: &'static str,
    from: Duration,
    to: Option<Duration>,
}

/// The outcome, and the parts of the time as bars on one scale.
pub(super) fn timing(exchange: &Exchange, texts: Texts, room: usize) -> Vec<Line<'static>> {
    let timing = exchange.timing;
    let resolved = timing.resolved.unwrap_or_default();
    let connected = timing.connected.unwrap_or(resolved);
    let answered = timing.first_byte.unwrap_or(connected);
    let whole = timing.first_byte.map(|_| timing.total);
    let vendor = vendor_time(exchange);
    let vendors_own = Phase { name: "execution_time", from: Duration::ZERO, to: vendor };
    if exchange.is_body_only() {
        let longest = vendor.unwrap_or_default();
        let mut lines = vec![heading(&verdict(&exchange.summary(), texts)), Line::default()];
        lines.push(bar_line(&vendors_own, width(vendors_own.name), longest, room, texts));
        lines.extend(note(texts.call_not_in_file(), room));
        return lines;
    }
    let mut stretches = vec![
        Phase { name: "DNS", from: Duration::ZERO, to: timing.resolved },
        Phase { name: texts.time_connect(), from: resolved, to: timing.connected },
        Phase { name: texts.time_first_byte(), from: connected, to: timing.first_byte },
        Phase { name: texts.time_body(), from: answered, to: whole },
        Phase { name: texts.time_total(), from: Duration::ZERO, to: Some(timing.total) },
    ];
    stretches.push(vendors_own);
    let names = stretches.iter().map(|stretch| width(stretch.name)).max().unwrap_or_default();
    let longest = timing.total.max(vendor.unwrap_or_default());
    let mut lines = vec![heading(&verdict(&exchange.summary(), texts)), Line::default()];
    let bars = stretches.iter().map(|stretch| bar_line(stretch, names, longest, room, texts));
    lines.extend(bars);
    lines.extend(note(texts.time_note(), room));
    lines.push(Line::default());
    lines.extend(facts(exchange, texts, room));
    lines
}

fn facts(exchange: &Exchange, texts: Texts, room: usize) -> Vec<Line<'static>> {
    let stage = match exchange.stage {
        RequestStage::NothingSent => texts.stage_nothing_sent(),
        RequestStage::Sent => texts.stage_sent(),
        RequestStage::Answered => texts.stage_answered(),
    };
    let size = measure::bytes(exchange.body.len());
    let status = exchange.status.map_or_else(|| "—".to_owned(), |status| status.to_string());
    let all = [
        (texts.fact_stage(), stage.into()),
        (texts.fact_status(), status.into()),
        (texts.fact_size(), size.into()),
        (texts.fact_host(), exchange.host.to_string().into()),
    ];
    fields(&all, room)
}

/// The vendor's own measurement. It is no part of ours, since it is from another clock.
fn vendor_time(exchange: &Exchange) -> Option<Duration> {
    let seconds = exchange.envelope()?.execution_time.as_deref()?;
    Duration::try_from_secs_f64(seconds.trim().parse().ok()?).ok()
}

fn bar_line(stretch: &Phase, names: usize, longest: Duration, room: usize, texts: Texts) -> Line<'static> {
    let name = Span::styled(format!(" {}  ", pad_right(stretch.name, names)), Theme.dim());
    let Some(to) = stretch.to else {
        return Line::from(vec![name, Span::styled(format!("{}  ", pad_left("—", 8)), Theme.dim())]);
    };
    let took = to.saturating_sub(stretch.from);
    let seconds = texts.seconds(pad_left(&measure::seconds(took), 6));
    let amount = Span::styled(format!("{seconds}  "), Theme.strong());
    let cells = room.saturating_sub(names + 14).clamp(1, 60);
    let bar = bar(stretch.from.min(to), to, longest, cells);
    Line::from(vec![name, amount, Span::raw(bar)])
}

/// A bar in a line of so many cells. It is never empty, since the part did take time.
fn bar(from: Duration, to: Duration, longest: Duration, cells: usize) -> String {
    let scale = |at: Duration| {
        let share = at.as_micros() * cells as u128 / longest.as_micros().max(1);
        usize::try_from(share).unwrap_or(cells).min(cells)
    };
    let start = scale(from).min(cells - 1);
    let length = scale(to).saturating_sub(start);
    let filled = if length == 0 { "▏".to_owned() } else { "█".repeat(length) };
    format!("{}{filled}", " ".repeat(start))
}
