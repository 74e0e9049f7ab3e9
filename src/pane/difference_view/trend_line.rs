//! A trend in one line: its sparkline, the first and the last value, and the extremes.

use ratatui::text::{Line, Span};

use super::history::{HistoryPoint, Measure, Trend, trends};
use crate::ui::sparkline;
use crate::ui::text::{pad_right, width};
use crate::ui::theme::Theme;
use obx_core::i18n::Texts;
use onebound::Decimal;

/// Width of a trend's sparkline in cells, at most.
const MAX_SPARKLINE: usize = 24;
/// If there is space for fewer cells, the text beside the sparkline is shortened.
const MIN_SPARKLINE: usize = 12;

/// Returns the trends of price and stock, a line each, in at most `room` cells; none of a value that fewer than two of
/// the points have.
pub fn trend_lines(points: Vec<HistoryPoint>, room: usize, texts: Texts) -> Vec<Line<'static>> {
    trends(points).iter().map(|trend| Line::from(spans(trend, room, texts))).collect()
}

/// `Price  ▁▁▃▃▅▅█  799.00 → 749.00  low 699.00  high 820.00`
pub(super) fn spans(trend: &Trend, room: usize, texts: Texts) -> Vec<Span<'static>> {
    let label = match trend.measure {
        Measure::Price => texts.label_price(),
        Measure::Stock => texts.label_stock(),
    };
    let labels = width(texts.label_price()).max(width(texts.label_stock()));
    let beside = |summary: &str| room.saturating_sub(2 + labels + 2 + 2 + width(summary));
    let without = match trend.left_out {
        0 => String::new(),
        count => format!("  {}", texts.course_without(count)),
    };
    let mut summary = extremes_in_words(trend, texts) + &without;
    if beside(&summary) < trend.values.len().min(MIN_SPARKLINE) {
        let range = texts.course_range(trend.lowest, trend.highest);
        // The gap in the sparkline already shows that values are missing.
        summary = format!("{} → {}  {range}", trend.first, trend.last);
    }
    let drawn = sparkline(&trend.values, beside(&summary).min(MAX_SPARKLINE));
    vec![
        Span::styled(format!("  {}  ", pad_right(label, labels)), Theme.dim()),
        Span::raw(format!("{drawn}  ")),
        Span::raw(summary),
    ]
}

/// Returns the first and the last value, and the lowest and the highest.
fn extremes_in_words(trend: &Trend, texts: Texts) -> String {
    if trend.highest.minus(trend.lowest).is_some_and(Decimal::is_zero) {
        return texts.course_flat(trend.last);
    }
    let (low, high) = (texts.course_low(trend.lowest), texts.course_high(trend.highest));
    format!("{} → {}  {low}  {high}", trend.first, trend.last)
}
