//! `api_info`: the quota of a key.
//!
//! Shapes seen in captured bodies: `today:12 max:10000`,
//! `today:7 max:30000 all[7=7+0+0];expires:2022-10-11`, `today: max:20000 all[=++];expires:2024-01-16`
//! (numbers left out). The first addend of `all[]` equals today; the other two are not documented, so
//! they are kept as sent.

use jiff::civil::Date;

/// The quota that one answer reports. Every part can be missing; `raw` is always set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    /// Calls used today, counted from midnight in Beijing.
    pub today: Option<u64>,
    /// Calls allowed per day.
    pub max: Option<u64>,
    /// The content of `all[…]` as sent: `11639=128+57+11454`.
    pub all: Option<String>,
    /// The last day of the key.
    pub expires: Option<Date>,
    /// The whole field as sent.
    pub raw: String,
}

impl Quota {
    /// Parses an `api_info`. Never fails: an unknown part is only in `raw`.
    pub fn parse(raw: &str) -> Self {
        Self {
            today: leading_number(after(raw, "today:")),
            max: leading_number(after(raw, "max:")),
            all: after(raw, "all[")
                .and_then(|rest| rest.split_once(']'))
                .map(|(inside, _)| inside.to_owned()),
            expires: after(raw, "expires:").and_then(leading_date),
            raw: raw.to_owned(),
        }
    }

    /// Calls left today; `None` if either number is missing.
    pub fn left(&self) -> Option<u64> {
        Some(self.max?.saturating_sub(self.today?))
    }
}

fn after<'a>(raw: &'a str, name: &str) -> Option<&'a str> {
    raw.split_once(name).map(|(_, rest)| rest)
}

fn leading_number(rest: Option<&str>) -> Option<u64> {
    let rest = rest?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    rest.get(..digits)?.parse().ok()
}

fn leading_date(rest: &str) -> Option<Date> {
    rest.get(..10)?.parse().ok()
}
