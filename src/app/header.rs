//! The line at the top: what is asked, where the picture comes from, and what is left of the quota.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::model::quota_forecast::Forecast;
use crate::model::{Model, Shown, StoreReading};
use crate::pane::quota_view::short;
use crate::ui::measure::{gauge, seconds};
use crate::ui::text::{clean, fit, width};
use crate::ui::theme::Theme;
use obx_core::fetch::Source;
use obx_core::store::beijing_day;
use onebound::{Call, ITEM_GET, RequestStage, ResultType};

/// Cells of the gauge.
const GAUGE: usize = 8;

/// From this width on the forecast stands beside the gauge.
const ROOMY: u16 = 100;

/// Between its three parts, in cells.
const GAP: usize = 2;

pub(super) fn view(model: &Model, area: Rect, buffer: &mut Buffer) {
    let quota = quota(model, area.width);
    let source = model.shown.as_ref().map(|shown| source(model, shown)).unwrap_or_default();
    let room = usize::from(area.width).saturating_sub(quota.width());
    // What is least needed gives way first: the profile's name, then the call's parameters.
    let need = room.saturating_sub(GAP * 2 + width(&source));
    let parts = [Detail::All, Detail::Parameters, Detail::Api].map(|detail| left(model, detail));
    let [.., least] = &parts;
    let least = if model.is_unstored() {
        // On a narrow screen this weighs more than what was called.
        let need = room.saturating_sub(GAP * 2 + width(model.texts.not_stored_yet()));
        if least.width() <= need { least } else { &left(model, Detail::Nothing) }
    } else {
        least
    };
    let left = parts.iter().find(|left| left.width() <= need).unwrap_or(least).clone();
    let middle = room.saturating_sub(left.width() + GAP * 2);
    let source = fit(&source, middle).into_owned();
    let start =
        area.x + u16::try_from(left.width() + GAP + (middle - width(&source)) / 2).unwrap_or(area.width);
    crate::ui::line(buffer, area.x, area.y, area.width, &left);
    let style = if model.is_unstored() { Theme.warn() } else { Theme.dim() };
    crate::ui::line(buffer, start, area.y, area.width, &Line::styled(source, style));
    let start = area.right().saturating_sub(u16::try_from(quota.width()).unwrap_or(area.width));
    crate::ui::line(buffer, start, area.y, area.width, &quota);
}

/// How much is said of the call.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    Nothing,
    Api,
    Parameters,
    All,
}

fn left(model: &Model, detail: Detail) -> Line<'static> {
    let (session, theme) = (&model.session, Theme);
    let mut spans = vec![Span::styled(" obx ", theme.strong())];
    if session.demo {
        spans.push(Span::styled(" DEMO ", theme.badge()));
    }
    if session.offline {
        spans.push(Span::styled(format!(" {} ", model.texts.offline()), theme.badge()));
    }
    if let Some(file) = &session.file {
        spans.push(Span::raw(clean(&format!(" {}", model.texts.source_file(file))).into_owned()));
        return Line::from(spans);
    }
    if detail == Detail::Nothing {
        return Line::from(spans);
    }
    // Of what is on the screen, which may be another call than the session's own.
    let shown = model.shown.as_ref().map(|shown| &shown.exchange.call);
    let api = shown.map_or_else(|| format!("{}/{ITEM_GET}", session.call.platform()), Call::api);
    let mut told = format!(" {}", api.replace('/', " "));
    let lang = match shown {
        Some(call) => call.billed_language(),
        None => session.call.lang.as_deref(),
    };
    if detail >= Detail::Parameters {
        let cache = session.call.cache.map(|cache| format!("  cache={}", cache.as_str())).unwrap_or_default();
        told = format!("{told}  {}{cache}{}", lang.unwrap_or("cn"), result_type(model));
    }
    if detail == Detail::All && !session.demo {
        told = format!("{told}  {}", model.texts.profile(&session.profile));
    }
    spans.push(Span::raw(clean(&told).into_owned()));
    Line::from(spans)
}

/// Nothing for what is asked for anyway.
fn result_type(model: &Model) -> String {
    let asked = model.session.call.result_type;
    if asked == ResultType::default() { String::new() } else { format!("  {asked}") }
}

/// Where it comes from; first of all that it is in no store yet, which a narrow screen must not cut off.
fn source(model: &Model, shown: &Shown) -> String {
    let told = origin(model, shown);
    if model.is_unstored() { model.texts.listed(model.texts.not_stored_yet(), told) } else { told }
}

/// Each with its clock time: an age would have to be drawn anew every minute.
fn origin(model: &Model, shown: &Shown) -> String {
    let (texts, exchange) = (model.texts, &shown.exchange);
    let clock = model.session.minute(exchange.ended_at(), model.now.at);
    let envelope = exchange.envelope();
    if model.session.file.is_some() {
        return clock;
    }
    if model.is_other_gateway(&exchange.scope()) {
        return texts.source_other_gateway(clean(&exchange.host.name()), clock);
    }
    if shown.source == Source::Store {
        return texts.source_store(clock);
    }
    if exchange.reach < RequestStage::Answered {
        return texts.source_none(clock);
    }
    if shown.source == Source::Joined {
        return texts.source_other_session(clock);
    }
    match envelope.filter(|envelope| envelope.from_vendor_cache) {
        Some(envelope) => {
            let date = clean(envelope.cached_at.as_deref().unwrap_or("?"));
            texts.source_vendor_cache(model.session.vendor_time(&date, model.now.at, texts))
        }
        None if model.session.demo => texts.source_emulator(seconds(exchange.timing.total), clock),
        None => texts.source_live(seconds(exchange.timing.total), clock),
    }
}

fn quota(model: &Model, width: u16) -> Line<'static> {
    let (texts, theme) = (model.texts, Theme);
    // What a file tells of one was true when it was written.
    if model.session.file.is_some() {
        return Line::default();
    }
    let Some((quota, told_at)) = model.quota() else {
        return match model.store_reading {
            StoreReading::Done => Line::styled(format!("{} ", texts.quota_none()), theme.dim()),
            StoreReading::Awaited | StoreReading::Failed(_) => {
                Line::styled(format!("{} ", texts.store_unread()), theme.warn())
            }
        };
    };
    if beijing_day(told_at) < beijing_day(model.now.at) {
        let max = quota.max.map_or_else(|| "?".to_owned(), |max| max.to_string());
        return Line::styled(format!("{} ", texts.quota_today("?", max)), theme.dim());
    }
    let (Some(today), Some(max)) = (quota.today, quota.max) else {
        return Line::raw(format!("{} ", clean(&quota.raw)));
    };
    let style = match today.saturating_mul(100).checked_div(max).unwrap_or(100) {
        0..80 => theme.good(),
        80..95 => theme.warn(),
        _ => theme.bad(),
    };
    Line::from(vec![
        Span::raw(format!("{} ", texts.quota_today(today, max))),
        Span::styled(format!("▕{}▏", gauge(today, max, GAUGE)), style),
        forecast(model, width),
        Span::raw(" "),
    ])
}

/// How the day will end, where there is room to say it.
fn forecast(model: &Model, width: u16) -> Span<'static> {
    let Some(day) = model.day.as_ref().filter(|_| width >= ROOMY) else { return Span::default() };
    let told = short(day.forecast, &model.session.zone, model.texts);
    let style = match day.forecast {
        Forecast::OutAt(_) | Forecast::Out => Theme.warn(),
        Forecast::Silent | Forecast::LastsTheDay { .. } => Theme.dim(),
    };
    if told.is_empty() { Span::default() } else { Span::styled(format!("  {told}"), style) }
}
