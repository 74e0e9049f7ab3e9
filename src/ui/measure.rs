//! Amounts with their units, short enough for a column.

use std::time::Duration;

/// `302 B`, `14 kB`, `2.1 MB`: decimal units, as transfers are measured.
pub fn bytes(count: usize) -> String {
    let tenths = |unit: usize| (count * 10 + unit / 2) / unit;
    match count {
        0..1_000 => format!("{count} B"),
        1_000..10_000 => format!("{}.{} kB", tenths(1_000) / 10, tenths(1_000) % 10),
        10_000..999_500 => format!("{} kB", (count + 500) / 1_000),
        999_500..10_000_000 => format!("{}.{} MB", tenths(1_000_000) / 10, tenths(1_000_000) % 10),
        _ => format!("{} MB", count.saturating_add(500_000) / 1_000_000),
    }
}

/// `0.08`, `6.65`, `12.3`: seconds.
pub fn seconds(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 9.995 { format!("{seconds:.2}") } else { format!("{seconds:.1}") }
}

/// A bar of so many cells, filled by eighths of a cell.
pub fn gauge(used: u64, max: u64, cells: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let whole = cells as u64 * 8;
    let share = u128::from(used.min(max)) * u128::from(whole) / u128::from(max.max(1));
    // A small amount must not look like zero.
    let filled = usize::try_from(share).unwrap_or_default().max(usize::from(used > 0));
    let bar = "█".repeat(filled / 8) + EIGHTHS.get(filled % 8).copied().unwrap_or_default();
    super::text::pad_right(&bar, cells)
}

/// `0:07`, `1:02:05`: a duration as a clock shows it, in whole seconds, rounded up.
pub fn clock(time: Duration) -> String {
    let seconds = time.as_millis().div_ceil(1_000);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_shown_as_a_clock_does() {
        for (seconds, expected) in [(0.0, "0:00"), (0.2, "0:01"), (67.0, "1:07"), (3_725.0, "1:02:05")] {
            assert_eq!(clock(Duration::from_secs_f64(seconds)), expected);
        }
    }
}
