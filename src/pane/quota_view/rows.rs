//! The view's lines: one block for each key, with the curve only for the session's key or a single one.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{KeyFacts, QuotaFacts, about, beijing, curve, span, with_local};
use crate::model::key_days::PersonCalls;
use crate::model::quota_forecast::{Day, Forecast, Split};
use crate::ui::measure::gauge;
use crate::ui::text::{clean, fit, pad_right, width, wrap};
use crate::ui::theme::{ALERT, Theme};
use obx_core::i18n::Texts;
use obx_core::store::{Block, BlockReason};
use onebound::BEIJING;

/// Width of the gauge in cells.
const GAUGE: std::ops::RangeInclusive<usize> = 8..=40;
/// A key that expires in fewer days is marked.
const SOON: i32 = 14;
/// Width of a person's name.
const NAME: usize = 24;

/// A labelled line; `alert` marks what needs attention.
struct QuotaLine {
    label: &'static str,
    text: String,
    alert: bool,
}

impl QuotaLine {
    fn new(label: &'static str, text: String) -> Self {
        Self { label, text, alert: false }
    }

    fn alert(label: &'static str, text: String) -> Self {
        Self { label, text, alert: true }
    }
}

pub(super) fn rows(facts: &QuotaFacts, texts: Texts, room: usize, curve: usize) -> Vec<Line<'static>> {
    let several = facts.keys.len() > 1;
    let mut lines = Vec::new();
    for key in &facts.keys {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        if several {
            lines.push(heading(key, texts));
        }
        lines.extend(block(key, facts, texts, room, curve));
    }
    lines
}

fn heading(key: &KeyFacts, texts: Texts) -> Line<'static> {
    let own = if key.own { format!("  {}", texts.quota_this_session()) } else { String::new() };
    let name = Span::styled(format!(" {}", texts.quota_key(clean(&key.fingerprint))), Theme.strong());
    Line::from(vec![name, Span::styled(own, Theme.dim())])
}

fn block(key: &KeyFacts, facts: &QuotaFacts, texts: Texts, room: usize, height: usize) -> Vec<Line<'static>> {
    let (day, zone) = (&key.day, &facts.zone);
    let mut lines =
        key.block.as_ref().map(|block| blocked_lines(block, zone, texts, room)).unwrap_or_default();
    let known = day.reported.is_some() || day.split.total() > 0 || day.max.is_some();
    if !facts.is_counted {
        // The newest calls are known, and with them the vendor's newest count.
        if day.reported.is_some() {
            lines.extend([used(day, texts, room), Line::default()]);
        }
        let counted = QuotaLine::new(texts.quota_counted(), texts.day_not_counted().to_owned());
        lines.extend(fact_lines(vec![counted], texts, room));
    } else if known {
        lines.extend([used(day, texts, room), Line::default()]);
        lines.extend(fact_lines(vec![forecast(day, zone, texts), pace(day, texts)], texts, room));
    } else {
        lines.extend(wrapped(texts.quota_unknown(), room, Theme.text()));
    }
    if facts.is_counted && day.hours.iter().any(|hour| hour.calls > 0) && (key.own || facts.keys.len() == 1) {
        lines.push(Line::default());
        lines.extend(curve::lines(day, texts, room, height));
    }
    let rest = fact_lines(rest(key, known && facts.is_counted, facts.demo, texts), texts, room);
    if !rest.is_empty() && (key.own || !known) {
        lines.push(Line::default());
    }
    lines.extend(rest);
    lines
}

fn blocked_lines(block: &Block, zone: &TimeZone, texts: Texts, room: usize) -> Vec<Line<'static>> {
    let text = blocked_text(block, zone, texts).unwrap_or_else(|| texts.blocked_by_damage().to_owned());
    let mut lines = wrapped(&format!("{ALERT} {text}"), room, Theme.bad());
    lines.push(Line::default());
    lines
}

/// `None` of a block that can't be read.
fn blocked_text(block: &Block, zone: &TimeZone, texts: Texts) -> Option<String> {
    let at = block.since?;
    let reason = match block.reason {
        BlockReason::Quota => texts.why_quota(),
        BlockReason::Balance => texts.why_balance(),
        BlockReason::Stopped => texts.why_stopped(),
        BlockReason::Expired => texts.why_expired(),
        BlockReason::Damaged => return None,
    };
    let moment = if zone.to_offset(at) == BEIJING {
        beijing(at)
    } else {
        with_local(texts.quota_at(beijing(at)), at, zone, texts)
    };
    let since = texts.blocked_since(reason, moment);
    let until = block.until.map_or_else(
        || texts.blocked_for_good().to_owned(),
        |until| with_local(texts.blocked_resumes(beijing(until)), until, zone, texts),
    );
    let blank = if since.is_ascii() { " " } else { "" };
    Some(format!("{since}{blank}{until}"))
}

/// Draws the gauge between its numbers.
fn used(day: &Day, texts: Texts, room: usize) -> Line<'static> {
    let Some(max) = day.max else {
        return Line::styled(format!(" {}", texts.quota_no_max(day.used)), Theme.strong());
    };
    let percent = day.used.saturating_mul(100).checked_div(max).unwrap_or(100);
    let before = format!(" {}  ", texts.quota_of(day.used, max));
    let after = format!("  {}  ", texts.quota_percent(percent));
    let left = texts.quota_left(max.saturating_sub(day.used));
    let taken = width(&before) + width(&after) + width(&left) + 3;
    let cells = room.saturating_sub(taken).clamp(*GAUGE.start(), *GAUGE.end());
    let style = match percent {
        0..80 => Theme.good(),
        80..95 => Theme.warn(),
        _ => Theme.bad(),
    };
    Line::from(vec![
        Span::styled(before, Theme.strong()),
        Span::styled(format!("▕{}▏", gauge(day.used, max, cells)), style),
        Span::raw(after),
        Span::styled(left, Theme.dim()),
    ])
}

fn forecast(day: &Day, zone: &TimeZone, texts: Texts) -> QuotaLine {
    let label = texts.quota_forecast();
    match day.forecast {
        Forecast::Silent => QuotaLine::new(label, texts.forecast_silent().to_owned()),
        Forecast::LastsTheDay { left_at_midnight: None } => {
            QuotaLine::new(label, texts.forecast_lasts().to_owned())
        }
        Forecast::LastsTheDay { left_at_midnight: Some(left) } => {
            QuotaLine::new(label, texts.forecast_lasts_left(left))
        }
        Forecast::OutAt(at) => {
            let out = texts.forecast_out_beijing(beijing(about(at)));
            QuotaLine::alert(label, with_local(out, about(at), zone, texts))
        }
        Forecast::Out => {
            let midnight = day.midnight();
            let rest = span(midnight.duration_since(day.now), texts);
            let turns = with_local(texts.forecast_turns(beijing(midnight), rest), midnight, zone, texts);
            let comma = if turns.is_ascii() { "; " } else { "；" };
            QuotaLine::alert(label, format!("{}{comma}{turns}", texts.forecast_out()))
        }
    }
}

fn pace(day: &Day, texts: Texts) -> QuotaLine {
    let summary = day.pace.map(|pace| {
        let five = jiff::SignedDurationRound::new().smallest(jiff::Unit::Minute).increment(5);
        let over = span(pace.over.round(five).unwrap_or(pace.over), texts);
        match pace.per_hour() {
            0 => texts.pace_slow(over),
            calls => texts.pace_of(calls, over),
        }
    });
    QuotaLine::new(texts.quota_pace(), summary.unwrap_or_else(|| texts.pace_none().to_owned()))
}

/// Returns the facts below the curve.
fn rest(key: &KeyFacts, known: bool, demo: bool, texts: Texts) -> Vec<QuotaLine> {
    let mut facts = Vec::new();
    if known {
        facts
            .extend(split(key.day.split, demo, texts).map(|calls| QuotaLine::new(texts.quota_ours(), calls)));
        facts.extend(people(&key.people, demo, texts));
        facts.extend(counted(&key.day, texts));
    }
    facts.extend(key.expires.map(|date| expiry(date, key.day.date, texts)));
    facts.extend(key.cap.map(|cap| QuotaLine::new(texts.quota_cap(), texts.cap_of(cap))));
    facts.extend(key.reserve.map(|calls| QuotaLine::new(texts.quota_reserve(), texts.reserve_of(calls))));
    let all = key.all.as_deref().map(clean).filter(|all| !all.is_empty());
    facts.extend(all.map(|all| QuotaLine::new(texts.quota_all(), texts.all_addends(all))));
    facts
        .extend(key.host.as_deref().map(|host| QuotaLine::new(texts.quota_host(), clean(host).into_owned())));
    facts
}

/// Returns a line for each person, the names in a column.
fn people(people: &[PersonCalls], demo: bool, texts: Texts) -> Vec<QuotaLine> {
    let name = |person: &PersonCalls| {
        let name = person.name.as_deref().map_or(texts.quota_unnamed().into(), clean);
        fit(&name, NAME).into_owned()
    };
    let column = people.iter().map(|person| width(&name(person))).max().unwrap_or_default() + 2;
    let line = |(at, person): (usize, &PersonCalls)| {
        let calls = split(person.split, demo, texts).unwrap_or_default();
        let label = if at == 0 { texts.quota_people() } else { "" };
        QuotaLine::new(label, format!("{}{calls}", pad_right(&name(person), column)))
    };
    people.iter().enumerate().map(line).collect()
}

/// Returns how many calls there were of each cost; `None` if there were none.
fn split(split: Split, demo: bool, texts: Texts) -> Option<String> {
    let billed = if demo { texts.split_demo(split.billed) } else { texts.split_billed(split.billed) };
    let parts = [
        (split.billed, billed),
        (split.unknown, texts.split_unknown(split.unknown)),
        (split.free, texts.split_free(split.free)),
        (split.store, texts.split_store(split.store)),
    ];
    let summary: Vec<String> =
        parts.into_iter().filter(|(calls, _)| *calls > 0).map(|(_, text)| text).collect();
    (!summary.is_empty()).then(|| summary.join("   "))
}

/// Returns the vendor's count beside ours, and what explains the difference.
fn counted(day: &Day, texts: Texts) -> Vec<QuotaLine> {
    let ours = day.split.billed + day.split.unknown;
    let Some(reported) = day.reported else {
        return vec![QuotaLine::new(texts.quota_counted(), texts.counted_ours(ours))];
    };
    let mut facts = vec![QuotaLine::new(texts.quota_counted(), texts.counted_both(reported, ours))];
    if day.others > 0 {
        facts.push(QuotaLine::alert("", texts.counted_others(day.others)));
    }
    if day.before > 0 {
        facts.push(QuotaLine::new("", texts.counted_before(day.before)));
    }
    facts
}

fn expiry(ends: Date, today: Date, texts: Texts) -> QuotaLine {
    let (label, text) = (texts.quota_expires(), expiry_text(ends, today, texts));
    QuotaLine { label, text, alert: days_until(ends, today) < SOON }
}

/// Returns the last day of a key and how far it is: `2026-12-18, in 21 days`.
pub fn expiry_text(ends: Date, today: Date, texts: Texts) -> String {
    match days_until(ends, today) {
        ..0 => texts.expired_on(ends),
        0 => texts.expires_today(ends),
        1 => texts.expires_tomorrow(ends),
        days => texts.expires_in(ends, days),
    }
}

fn days_until(ends: Date, today: Date) -> i32 {
    today.until(ends).map_or(i32::MAX, |span| span.get_days())
}

/// Aligns labels in a column, and marks what needs attention before its text.
fn fact_lines(facts: Vec<QuotaLine>, texts: Texts, room: usize) -> Vec<Line<'static>> {
    let labels = labels(texts);
    let room = room.saturating_sub(labels + 4);
    let mut lines = Vec::new();
    for QuotaLine { label, text, alert } in facts {
        let (mark, style) = if alert { (ALERT, Theme.bad()) } else { (" ", Theme.text()) };
        for (at, part) in wrap(&text, room).into_iter().enumerate() {
            let (label, mark) = if at == 0 { (label, mark) } else { ("", " ") };
            let label = Span::styled(format!(" {}", pad_right(label, labels)), Theme.dim());
            lines.push(Line::from(vec![label, Span::styled(format!("{mark} {part}"), style)]));
        }
    }
    lines
}

/// Returns the width of the widest label, so that all blocks are aligned.
fn labels(texts: Texts) -> usize {
    let all = [texts.quota_forecast(), texts.quota_pace(), texts.quota_ours(), texts.quota_counted()];
    let more = [texts.quota_expires(), texts.quota_cap(), texts.quota_reserve(), texts.quota_all()];
    all.into_iter().chain(more).chain([texts.quota_people()]).map(width).max().unwrap_or_default() + 1
}

fn wrapped(text: &str, room: usize, style: Style) -> Vec<Line<'static>> {
    let lines = wrap(text, room.saturating_sub(2));
    lines.into_iter().map(|line| Line::styled(format!(" {line}"), style)).collect()
}
