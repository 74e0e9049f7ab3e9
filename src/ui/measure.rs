//! Amounts with their units, short enough for a column.

use std::fmt;
use std::str::FromStr;
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
    // Something used is never shown as nothing used.
    let filled = usize::try_from(share).unwrap_or_default().max(usize::from(used > 0));
    let bar = "█".repeat(filled / 8) + EIGHTHS.get(filled % 8).copied().unwrap_or_default();
    super::text::pad_right(&bar, cells)
}

/// An amount of money as it was written, exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    units: i128,
    decimals: u32,
}

/// Not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDecimal;

impl Decimal {
    /// So many times as much; `None` beyond what can be counted.
    pub fn times(self, count: u64) -> Option<Self> {
        let units = self.units.checked_mul(i128::from(count))?;
        Some(Self { units, ..self })
    }
}

impl FromStr for Decimal {
    type Err = NoDecimal;

    fn from_str(text: &str) -> Result<Self, NoDecimal> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(part) || whole.len() + part.len() > 30 {
            return Err(NoDecimal);
        }
        let units = format!("{whole}{part}").parse().map_err(|_| NoDecimal)?;
        Ok(Self { units, decimals: u32::try_from(part.len()).map_err(|_| NoDecimal)? })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = 10_i128.pow(self.decimals);
        let (whole, part, width) = (self.units / scale, self.units % scale, self.decimals as usize);
        if width == 0 { write!(f, "{whole}") } else { write!(f, "{whole}.{part:0width$}") }
    }
}
