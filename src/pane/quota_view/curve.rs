//! The day's calls by hour, as bars in eighths of a row. Marks below show the current hour, and the hour in which the
//! quota runs out.

use jiff::Timestamp;
use ratatui::text::{Line, Span};

use crate::model::quota_forecast::{Day, Forecast, Hour};
use crate::ui::text::{pad_right, width};
use crate::ui::theme::{ALERT, Theme};
use obx_core::i18n::Texts;
use onebound::BEIJING;

const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// The bar of an hour without calls of ours, whose number is estimated from the vendor's count.
const SPREAD: &str = "░";
/// Hours from one label to the next.
const LABELS: usize = 3;

/// Returns `height` rows of bars in `room` cells, with a title above and the hours below.
pub(super) fn lines(day: &Day, texts: Texts, room: usize, height: usize) -> Vec<Line<'static>> {
    let cell = (room.saturating_sub(2) / day.hours.len()).clamp(2, 4);
    let most = day.hours.iter().map(|hour| hour.calls).max().unwrap_or_default();
    let now = hour_of(day.now);
    let mut lines = vec![title(day, texts, cell * day.hours.len(), most)];
    lines.extend((0..height).rev().map(|row| bars(day, row, height, most, cell)));
    lines.push(axis(day, now, cell));
    lines.push(hours(cell));
    if day.hours.iter().any(is_spread) {
        lines.push(Line::styled(format!(" {}", texts.curve_spread()), Theme.dim()));
    }
    if day.undated > 0 {
        lines.push(Line::styled(format!(" {}", texts.curve_undated(day.undated)), Theme.dim()));
    }
    lines
}

fn title(day: &Day, texts: Texts, room: usize, most: u64) -> Line<'static> {
    let left = texts.curve_title();
    let busiest = day.hours.iter().position(|hour| hour.calls == most).unwrap_or_default();
    let right = texts.curve_most(most, format!("{busiest:02}:00"));
    let gap = room.saturating_sub(width(left) + width(&right)).max(1);
    let right = Span::styled(format!("{:gap$}{right}", ""), Theme.dim());
    Line::from(vec![Span::styled(format!(" {left}"), Theme.strong()), right])
}

/// One row of the bars; row 0 is the lowest.
fn bars(day: &Day, row: usize, height: usize, most: u64, cell: usize) -> Line<'static> {
    let mut spans = vec![Span::raw(" ")];
    for hour in &day.hours {
        let filled = level(hour.calls, most, height).saturating_sub(row * 8).min(8);
        let spread = is_spread(hour) && filled > 0;
        let ink = if spread { SPREAD } else { EIGHTHS.get(filled).copied().unwrap_or(" ") };
        let style = if spread { Theme.dim() } else { Theme.text() };
        spans.push(Span::styled(format!("{} ", ink.repeat(cell - 1)), style));
    }
    Line::from(spans)
}

/// Returns the height of a bar in eighths of a row, at least 1 if there were calls.
fn level(calls: u64, most: u64, height: usize) -> usize {
    let whole = u64::try_from(height * 8).unwrap_or_default();
    let level = calls.saturating_mul(whole).checked_div(most).unwrap_or_default();
    usize::try_from(level).unwrap_or_default().max(usize::from(calls > 0))
}

/// Draws the past as a line and the future as dots; `▲` is now, `!` is where the quota runs out.
fn axis(day: &Day, now: usize, cell: usize) -> Line<'static> {
    let out = match day.forecast {
        Forecast::OutAt(at) => Some(hour_of(at)),
        _ => None,
    };
    let spans = (0..day.hours.len()).map(|hour| match hour {
        _ if hour == now => Span::styled(pad_right("▲", cell), Theme.strong()),
        _ if Some(hour) == out => Span::styled(pad_right(ALERT, cell), Theme.bad()),
        _ if hour < now => Span::styled("─".repeat(cell), Theme.dim()),
        _ => Span::styled(pad_right("·", cell), Theme.dim()),
    });
    Line::from(std::iter::once(Span::raw(" ")).chain(spans).collect::<Vec<_>>())
}

fn hours(cell: usize) -> Line<'static> {
    let labels: String =
        (0..24).step_by(LABELS).map(|hour| pad_right(&hour.to_string(), cell * LABELS)).collect();
    Line::styled(format!(" {}", labels.trim_end()), Theme.dim())
}

fn is_spread(hour: &Hour) -> bool {
    hour.calls > 0 && !hour.seen
}

fn hour_of(at: Timestamp) -> usize {
    usize::try_from(BEIJING.to_datetime(at).hour()).unwrap_or_default()
}
