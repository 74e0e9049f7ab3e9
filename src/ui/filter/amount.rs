//! Numbers as people write them, with units: `￥1,299.00`, `1.2万`, `500件+`, `2s`, `10kB`. Exact: no float is involved.

use super::fold::fold;
use super::{ColumnKind, TimePart};
use onebound::Price;

/// Counters of goods that may follow a number, and words for the yuan that [`Price`] does not read.
const UNITS: [&str; 34] = [
    "件", "个", "只", "双", "套", "条", "包", "盒", "箱", "台", "部", "张", "把", "本", "支", "枝", "瓶",
    "卷", "米", "片", "对", "根", "块", "袋", "桶", "罐", "辆", "打", "份", "组", "元", "pcs", "pc", "yuan",
];
/// What a number is times as much of.
const MULTIPLES: [(&str, u64); 6] =
    [("万", 10_000), ("w", 10_000), ("千", 1_000), ("k", 1_000), ("亿", 100_000_000), ("百", 100)];
/// In microseconds. A unit comes before those that it ends with.
const DURATIONS: [(&str, u64); 15] = [
    ("毫秒", 1_000),
    ("ms", 1_000),
    ("微秒", 1),
    ("µs", 1),
    ("us", 1),
    ("分钟", 60_000_000),
    ("分", 60_000_000),
    ("min", 60_000_000),
    ("小时", 3_600_000_000),
    ("h", 3_600_000_000),
    ("m", 60_000_000),
    ("seconds", 1_000_000),
    ("sec", 1_000_000),
    ("秒", 1_000_000),
    ("s", 1_000_000),
];
/// In bytes, with the same rule.
const SIZES: [(&str, u64); 10] = [
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("k", 1_000),
    ("m", 1_000_000),
    ("g", 1_000_000_000),
    ("b", 1),
];
const SECOND: u64 = 1_000_000;

/// The number that a text consists of, with a counter of goods behind it at most. In the words of sellers `5W` are five
/// watts and `4K` is no 4,000.
pub fn plain_amount(text: &str) -> Option<Price> {
    Price::parse(text).or_else(|| {
        let text = fold(text);
        let text = text.trim();
        Price::parse(UNITS.iter().find_map(|unit| text.strip_suffix(unit))?.trim_end())
    })
}

/// The price or count in a text, or a range of them.
pub fn amount(text: &str) -> Option<Price> {
    // Nearly all are plain numbers.
    if let Some(price) = Price::parse(text) {
        return Some(price);
    }
    let text = fold(text);
    let text = text.trim().trim_end_matches('+').trim_end();
    let text = UNITS.iter().find_map(|unit| text.strip_suffix(unit)).unwrap_or(text);
    let text = text.trim_end().trim_end_matches('+').trim_end();
    let multiple = MULTIPLES.iter().find_map(|(unit, times)| Some((text.strip_suffix(unit)?, *times)));
    let (number, times) = multiple.unwrap_or((text, 1));
    Price::parse(number)?.times(times)
}

/// A value that the cells of a column of this kind are compared with, in the unit of these.
pub(super) fn value(text: &str, kind: ColumnKind) -> Option<Price> {
    match kind {
        ColumnKind::Duration => with_unit(text, &DURATIONS, SECOND),
        ColumnKind::Bytes => with_unit(text, &SIZES, 1),
        ColumnKind::Text | ColumnKind::Amount | ColumnKind::Time => amount(text),
    }
}

fn with_unit(text: &str, units: &[(&str, u64)], usual: u64) -> Option<Price> {
    let text = fold(text);
    let text = text.trim();
    let measured = units.iter().find_map(|(unit, times)| Some((text.strip_suffix(unit)?, *times)));
    let (number, times) = measured.unwrap_or((text, usual));
    Price::parse(number.trim_end())?.times(times)
}

/// `2026-11-23 15:24`, `2026-11`, `11-23`, `15:24`: each up to the length that it is given in.
pub(super) fn time(text: &str) -> Option<TimePart> {
    const DATE: &str = "####-##-## ##:##:##";
    let text = fold(text).trim().replace('/', "-").replace('t', " ");
    let is_short = text.split_once(':').is_some_and(|(hour, _)| hour.len() == 1);
    let text = if is_short { format!("0{text}") } else { text };
    let fits = |pattern: &str| {
        pattern.len() >= text.len()
            && pattern.bytes().zip(text.bytes()).all(|(wanted, byte)| match wanted {
                b'#' => byte.is_ascii_digit(),
                wanted => byte == wanted,
            })
    };
    let is_whole = text.as_bytes().last().is_some_and(u8::is_ascii_digit) && text.is_ascii();
    // From the year, from the month, from the hour.
    let starts = [(0, 4), (5, 5), (11, 5)];
    let start = starts
        .into_iter()
        .find(|(start, least)| text.len() >= *least && DATE.get(*start..).is_some_and(fits));
    start.filter(|_| is_whole).map(|(start, _)| TimePart { start, digits: text })
}
