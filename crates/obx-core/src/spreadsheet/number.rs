//! Numbers and dates of cells as text.

use jiff::ToSpan;
use jiff::civil::{Date, date};

/// Number of digits that spreadsheets keep.
const DIGITS: usize = 15;

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// The day after the last one that spreadsheets know, 9999-12-31.
const LAST_DAY: f64 = 2_958_466.0;

/// A number as a spreadsheet shows it: `610947572360`, `0.1`, and `1.23456789012346E+15` where digits are lost.
pub(super) fn number_text(written: &str) -> String {
    let written = written.trim();
    let digits = written.strip_prefix('-').unwrap_or(written);
    let is_whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_whole && digits.len() <= DIGITS && (digits == "0" || !digits.starts_with('0')) {
        return written.to_owned();
    }
    match written.parse::<f64>() {
        Ok(value) if value.is_finite() => rounded(value),
        _ => written.to_owned(),
    }
}

/// Rounds to as many digits as spreadsheets keep: `1.1000000000000001` is stored where 1.1 was typed.
fn rounded(value: f64) -> String {
    let written = format!("{value:.*e}", DIGITS - 1);
    let (mantissa, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return "0".to_owned();
    }
    let (first, others) = digits.split_at(1);
    let places = usize::try_from(exponent).unwrap_or(0);
    if !(-9..15).contains(&exponent) {
        let point = if others.is_empty() { "" } else { "." };
        return format!("{sign}{first}{point}{others}E{exponent:+03}");
    }
    if exponent < 0 {
        let zeros = "0".repeat(exponent.unsigned_abs() as usize - 1);
        return format!("{sign}0.{zeros}{digits}");
    }
    match digits.split_at_checked(places + 1) {
        Some((whole, "")) => format!("{sign}{whole}"),
        Some((whole, fraction)) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{digits}{}", "0".repeat(places + 1 - digits.len())),
    }
}

/// A number of days as `2026-11-30`, `2026-11-30 08:30:00` or `08:30:00`; `None` outside of the calendar.
pub(super) fn date_text(written: &str, is_1904: bool) -> Option<String> {
    let serial = written.trim().parse::<f64>().ok().filter(|serial| (0.0..LAST_DAY).contains(serial))?;
    let (days, seconds) = days_and_seconds(serial);
    let time = clock(seconds);
    if days == 0 && !is_1904 {
        return Some(time);
    }
    let day = first_day(days, is_1904).checked_add(days.days()).ok()?;
    Some(if seconds == 0 { day.to_string() } else { format!("{day} {time}") })
}

/// A number of days as hours: `26:30:00`.
pub(super) fn duration_text(written: &str) -> Option<String> {
    let serial = written.trim().parse::<f64>().ok().filter(|serial| (0.0..LAST_DAY).contains(serial))?;
    let (days, seconds) = days_and_seconds(serial);
    Some(clock(days * 86_400 + seconds))
}

/// Day 0. The calendar of 1900 has a 29 February that never was, so that days after it are one too many.
fn first_day(days: i64, is_1904: bool) -> Date {
    match (is_1904, days < 60) {
        (true, _) => date(1904, 1, 1),
        (false, true) => date(1899, 12, 31),
        (false, false) => date(1899, 12, 30),
    }
}

fn days_and_seconds(serial: f64) -> (i64, i64) {
    let seconds = whole((serial * DAY).round());
    (seconds / 86_400, seconds % 86_400)
}

/// A float without a fraction, of at most the seconds up to [`LAST_DAY`], as an integer.
fn whole(value: f64) -> i64 {
    format!("{value:.0}").parse().unwrap_or(0)
}

fn clock(seconds: i64) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}
