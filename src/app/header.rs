//! The line at the top: what is asked, where the picture comes from, and what is left of the quota.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::fetch::Source;
use crate::model::{Model, Shown};
use crate::ui::measure::{gauge, seconds};
use crate::ui::text::{clean, fit, width};
use crate::ui::theme::Theme;

/// Cells of the gauge.
const GAUGE: usize = 8;

pub(super) fn view(model: &Model, area: Rect, buffer: &mut Buffer) {
    let left = left(model);
    let right = quota(model);
    let source = model.shown.as_ref().map(|shown| source(model, shown)).unwrap_or_default();
    let room = usize::from(area.width).saturating_sub(left.width() + right.width() + 2);
    let source = fit(&source, room).into_owned();
    let blanks = room.saturating_sub(width(&source));
    let mut spans = left.spans;
    spans.push(Span::raw(" ".repeat(blanks.min(blanks / 2 + 1))));
    spans.push(Span::styled(source, Theme.dim()));
    crate::ui::line(buffer, area.x, area.y, area.width, &Line::from(spans));
    let start = area.right().saturating_sub(u16::try_from(right.width()).unwrap_or(area.width));
    crate::ui::line(buffer, start, area.y, area.width, &right);
}

fn left(model: &Model) -> Line<'static> {
    let (session, theme) = (&model.session, Theme);
    let mut spans = vec![Span::styled(" obx ", theme.strong())];
    if session.demo {
        spans.push(Span::styled(" DEMO ", theme.badge()));
    }
    let cache = session.call.cache.map(|cache| format!("  cache={}", cache.as_str())).unwrap_or_default();
    let lang = session.call.lang.as_deref().unwrap_or("cn");
    let profile =
        if session.demo { String::new() } else { format!("  {}", model.texts.profile(&session.profile)) };
    let told = format!(" {} item_get  {lang}{cache}{profile}", session.call.platform());
    spans.push(Span::raw(clean(&told).into_owned()));
    Line::from(spans)
}

/// Each with its clock time: an age would have to be drawn anew every minute.
fn source(model: &Model, shown: &Shown) -> String {
    let (texts, exchange) = (model.texts, &shown.exchange);
    let clock = model.session.minute(exchange.ended_at());
    let envelope = exchange.envelope();
    if shown.source == Source::Store {
        return texts.source_store(moment(model, exchange.ended_at()));
    }
    match envelope.filter(|envelope| envelope.from_vendor_cache) {
        Some(envelope) => texts.source_vendor_cache(clean(envelope.cached_at.as_deref().unwrap_or("?"))),
        None if model.session.demo => texts.source_emulator(seconds(exchange.timing.total), clock),
        None => texts.source_live(seconds(exchange.timing.total), clock),
    }
}

fn moment(model: &Model, at: Timestamp) -> String {
    model.session.minute(at)
}

fn quota(model: &Model) -> Line<'static> {
    let (texts, theme) = (model.texts, Theme);
    let Some(quota) = model.log.quota() else {
        return Line::styled(format!("{} ", texts.quota_none()), theme.dim());
    };
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
        Span::raw(" "),
    ])
}
