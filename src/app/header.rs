//! The line at the top: the call, the source of the answer, and the remaining quota.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::model::quota_forecast::Forecast;
use crate::model::{Model, Shown, StoreReading};
use crate::pane::answer_sources;
use crate::pane::quota_view::short;
use crate::ui::measure::gauge;
use crate::ui::text::{clean, width};
use crate::ui::theme::Theme;
use obx_core::store::beijing_day;
use onebound::{Call, ITEM_GET, ResultType};

/// Width of the quota's gauge, in cells.
const GAUGE: usize = 8;

/// The forecast is shown from this width on, in cells.
const ROOMY: u16 = 100;

/// Cells between the three parts.
const GAP: usize = 2;

pub(super) fn view(model: &Model, area: Rect, buffer: &mut Buffer) {
    let quota = quota(model, area.width);
    let available = usize::from(area.width).saturating_sub(quota.width());
    let (left, source) = left_and_source(model, available);
    let middle = available.saturating_sub(left.width() + GAP * 2);
    let start =
        area.x + u16::try_from(left.width() + GAP + (middle - width(&source)) / 2).unwrap_or(area.width);
    crate::ui::line(buffer, area.x, area.y, area.width, &left);
    let style = if model.is_unstored() { Theme.warn() } else { Theme.dim() };
    crate::ui::line(buffer, start, area.y, area.width, &Line::styled(source, style));
    let start = area.right().saturating_sub(u16::try_from(quota.width()).unwrap_or(area.width));
    crate::ui::line(buffer, start, area.y, area.width, &quota);
}

/// Drops details that don't fit, the least important first: the profile's name, the call's parameters, the duration,
/// the API. The source is never cut, because its end is the time zone, without which the time would be wrong.
fn left_and_source(model: &Model, available: usize) -> (Line<'static>, String) {
    let sources = model.shown.as_ref().map(|shown| sources(model, shown)).unwrap_or_default();
    let parts = [Detail::All, Detail::Parameters, Detail::Api].map(|detail| left(model, detail));
    let nothing = left(model, Detail::Nothing);
    let fits = |left: &Line<'_>, source: &str| left.width() + GAP * 2 + width(source) <= available;
    let with_call = sources.iter().flat_map(|source| parts.iter().map(move |left| (left, source)));
    let without_call = sources.iter().map(|source| (&nothing, source));
    let found = with_call.chain(without_call).find(|(left, source)| fits(left, source));
    let alone = || (parts.iter().find(|left| fits(left, "")).unwrap_or(&nothing).clone(), String::new());
    found.map_or_else(alone, |(left, source)| (left.clone(), source.clone()))
}

/// How much of the call is shown.
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
    if let Some(mark) = model.batch_mark() {
        spans.push(Span::styled(format!(" {mark} "), theme.key()));
    }
    if let Some(file) = &session.file {
        spans.push(Span::raw(clean(&format!(" {}", model.texts.source_file(file))).into_owned()));
        return Line::from(spans);
    }
    if detail == Detail::Nothing {
        return Line::from(spans);
    }
    // The call of the answer on the screen may differ from the session's own.
    let shown = model.shown.as_ref().map(|shown| &shown.exchange.call);
    let api = shown.map_or_else(|| format!("{}/{ITEM_GET}", session.call.platform()), Call::api);
    let mut words = format!(" {}", api.replace('/', " "));
    let lang = match shown {
        Some(call) => call.billed_language(),
        None => session.call.lang.as_deref(),
    };
    if detail >= Detail::Parameters {
        let cache = session.call.cache.map(|cache| format!("  cache={}", cache.as_str())).unwrap_or_default();
        words = format!("{words}  {}{cache}{}", lang.unwrap_or("cn"), result_type(model));
    }
    if detail == Detail::All && !session.demo {
        words = format!("{words}  {}", model.texts.profile(&session.profile));
    }
    spans.push(Span::raw(clean(&words).into_owned()));
    Line::from(spans)
}

/// Empty for the default result type.
fn result_type(model: &Model) -> String {
    let asked = model.session.call.result_type;
    if asked == ResultType::default() { String::new() } else { format!("  {asked}") }
}

/// Descriptions of the answer's source, from long to short. If the answer is not stored yet, each says so.
fn sources(model: &Model, shown: &Shown) -> Vec<String> {
    let words = answer_sources(&shown.exchange, shown.source, model);
    if !model.is_unstored() {
        return words;
    }
    let unstored = model.texts.not_stored_yet();
    words.into_iter().map(|words| model.texts.listed(unstored, words)).chain([unstored.to_owned()]).collect()
}

fn quota(model: &Model, width: u16) -> Line<'static> {
    let (texts, theme) = (model.texts, Theme);
    // The quota in a file is only as current as the file.
    if model.session.file.is_some() {
        return Line::default();
    }
    let Some((quota, reported_at)) = model.quota() else {
        return match model.store_reading {
            StoreReading::Done => Line::styled(format!("{} ", texts.quota_none()), theme.dim()),
            StoreReading::Awaited | StoreReading::Failed(_) => {
                Line::styled(format!("{} ", texts.store_unread()), theme.warn())
            }
        };
    };
    if beijing_day(reported_at) < beijing_day(model.now.at) {
        let max = quota.max.map_or_else(|| "?".to_owned(), |max| max.to_string());
        return Line::styled(format!("{} ", texts.quota_today("?", max)), theme.dim());
    }
    // Answers can come in another order than they were counted, so one of them alone may count too few.
    let day = model.day.as_ref().filter(|day| day.reported.is_some());
    let today = day.map(|day| day.used).or(quota.today);
    let (Some(today), Some(max)) = (today, day.and_then(|day| day.max).or(quota.max)) else {
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

/// The day's forecast, if the screen is wide enough.
fn forecast(model: &Model, width: u16) -> Span<'static> {
    let Some(day) = model.day.as_ref().filter(|_| width >= ROOMY) else { return Span::default() };
    let words = short(day.forecast, &model.session.zone, model.texts);
    let style = match day.forecast {
        Forecast::OutAt(_) | Forecast::Out => Theme.warn(),
        Forecast::Silent | Forecast::LastsTheDay { .. } => Theme.dim(),
    };
    if words.is_empty() { Span::default() } else { Span::styled(format!("  {words}"), style) }
}
