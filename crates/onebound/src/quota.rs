//! `api_info`: what the vendor says of the key's quota.
//!
//! Shapes seen in captured bodies: `today:12 max:10000`,
//! `today:7 max:30000 all[7=7+0+0];expires:2022-10-11`, `today: max:20000 all[=++];expires:2024-01-16`
//! (numbers left out). The first addend of `all[]` equals today; the other two are not documented, so
//! they are kept as they stand.

use jiff::civil::Date;

/// The quota as one answer told it. Every part can be missing; `raw` always stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    /// Calls used on this Beijing day.
    pub today: Option<u64>,
    /// Calls allowed a day.
    pub max: Option<u64>,
    /// The inside of `all[…]`, as it was sent: `11639=128+57+11454`.
    pub all: Option<String>,
    /// The day the key ends.
    pub expires: Option<Date>,
    /// The whole field as it was sent.
    pub raw: String,
}

impl Quota {
    /// Reads an `api_info`. Never fails: what is not understood stays in `raw`.
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

    /// Calls left today, where both numbers are known.
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
