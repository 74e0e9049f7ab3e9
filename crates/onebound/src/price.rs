//! A price as the vendor and its sellers write it: `799.00`, `1,299.00`, `￥8.00`, `13.00-15.00`.
//!
//! The one reading of prices in the program: summary, range of the SKUs, sorting, quantity price and differences take
//! it. What it can't read (`面议`, `8起`) is no price, and whoever adds up or compares counts it as left out.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use super::decimal::Decimal;

/// An amount in yuan, or from which to which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    low: Decimal,
    high: Decimal,
}

/// Currency signs before or after an amount in yuan.
const CURRENCY: [&str; 6] = ["¥", "￥", "元", "RMB", "CNY", "rmb"];
/// Separators between the two ends of a range.
const RANGE: [char; 7] = ['-', '–', '—', '~', '～', '－', '至'];
/// More digits than that no exponent may give.
const MAX_EXPONENT: i32 = 20;

impl Price {
    /// Reads a text.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(amount) = amount(text) {
            return Some(Self::from(amount));
        }
        let mut separators = text.match_indices(RANGE).filter(|(at, _)| *at > 0);
        separators.find_map(|(at, sign)| Self::range(text.get(..at)?, text.get(at + sign.len()..)?))
    }

    /// Reads a number of JSON, which may have an exponent.
    pub fn from_number(digits: &str) -> Option<Self> {
        let Some((mantissa, exponent)) = digits.split_once(['e', 'E']) else { return Self::parse(digits) };
        let exponent: i32 = exponent.parse().ok()?;
        let mantissa: Decimal = mantissa.parse().ok()?;
        let shifted = (-MAX_EXPONENT..=MAX_EXPONENT).contains(&exponent).then(|| mantissa.shifted(exponent));
        shifted.flatten().map(Self::from)
    }

    /// The price, or the lower end of the range.
    pub fn low(self) -> Decimal {
        self.low
    }

    /// The price, or the upper end of the range.
    pub fn high(self) -> Decimal {
        self.high
    }

    /// The amount; `None` of a range.
    pub fn exact(self) -> Option<Decimal> {
        self.low.compare(self.high).is_eq().then_some(self.low)
    }

    /// The price times `count`; `None` on overflow.
    pub fn times(self, count: u64) -> Option<Self> {
        Some(Self { low: self.low.times(count)?, high: self.high.times(count)? })
    }

    /// From the lower of the two to the higher.
    #[must_use]
    pub fn spanning(self, other: Self) -> Self {
        let low = if other.low.compare(self.low).is_lt() { other.low } else { self.low };
        let high = if other.high.compare(self.high).is_gt() { other.high } else { self.high };
        Self { low, high }
    }

    fn range(low: &str, high: &str) -> Option<Self> {
        let (low, high) = (amount(low.trim())?, amount(high.trim())?);
        match low.compare(high) {
            Ordering::Less => Some(Self { low, high }),
            Ordering::Equal => Some(Self::from(low)),
            Ordering::Greater => None,
        }
    }
}

impl From<Decimal> for Price {
    fn from(amount: Decimal) -> Self {
        Self { low: amount, high: amount }
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.exact() {
            Some(amount) => amount.fmt(f),
            None => write!(f, "{}–{}", self.low, self.high),
        }
    }
}

/// One amount: digits, perhaps with a sign of its currency, separators between thousands, in full width.
fn amount(text: &str) -> Option<Decimal> {
    if let Ok(plain) = text.parse() {
        return Some(plain);
    }
    let text = half_width(text);
    let digits = without_currency(&text);
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let digits = without_currency(digits.strip_prefix('+').unwrap_or(digits));
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
    let whole = if whole.is_empty() && part.is_some_and(|part| !part.is_empty()) {
        Cow::Borrowed("0")
    } else {
        without_separators(whole)?
    };
    let point = if part.is_some() { "." } else { "" };
    format!("{sign}{whole}{point}{}", part.unwrap_or_default()).parse().ok()
}

fn without_currency(text: &str) -> &str {
    let text = text.trim();
    let text = CURRENCY.iter().find_map(|sign| text.strip_prefix(sign)).unwrap_or(text).trim_start();
    CURRENCY.iter().find_map(|sign| text.strip_suffix(sign)).unwrap_or(text).trim_end()
}

/// `1,299` as `1299`; `None` where the groups are none of thousands, as in `1,29`.
fn without_separators(whole: &str) -> Option<Cow<'_, str>> {
    let Some((first, rest)) = whole.split_once(',') else { return Some(Cow::Borrowed(whole)) };
    let first_fits = (1..=3).contains(&first.len());
    let fits = first_fits && rest.split(',').all(|group| group.len() == 3);
    fits.then(|| Cow::Owned(whole.replace(',', "")))
}

/// Digits, comma and point as an input method for Chinese may write them.
fn half_width(text: &str) -> Cow<'_, str> {
    let is_wide = |c: char| matches!(c, '０'..='９' | '，' | '．');
    if !text.contains(is_wide) {
        return Cow::Borrowed(text);
    }
    let narrow = |c: char| if is_wide(c) { char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c) } else { c };
    Cow::Owned(text.chars().map(narrow).collect())
}

#[cfg(test)]
mod tests {
    use super::Price;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("799.00", "799.00")]
    #[case(" 8 ", "8")]
    #[case("1,299.00", "1299.00")]
    #[case("12,345,678.9", "12345678.9")]
    #[case("￥8.00", "8.00")]
    #[case("¥ 8", "8")]
    #[case("8元", "8")]
    #[case("¥1,299", "1299")]
    #[case("-5", "-5")]
    #[case(".5", "0.5")]
    #[case("１，２９９．５", "1299.5")]
    #[case("13.00-15.00", "13.00–15.00")]
    #[case("¥13.00~¥15.00", "13.00–15.00")]
    #[case("13-15元", "13–15")]
    #[case("1,299.00 — 2,000", "1299.00–2000")]
    #[case("15.00-15", "15.00")]
    fn a_price_is_read_as_the_number_that_it_is(#[case] text: &str, #[case] read: &str) {
        assert_eq!(Price::parse(text).map(|price| price.to_string()).as_deref(), Some(read));
    }

    #[rstest]
    #[case("")]
    #[case("面议")]
    #[case("8起")]
    #[case("15.00-13.00")]
    #[case("1,29")]
    #[case("1,2999")]
    #[case(",299")]
    #[case("$8")]
    #[case("12e4")]
    #[case("NaN")]
    #[case("-")]
    #[case(".")]
    #[case("2024-01-02")]
    fn what_is_no_price_is_none(#[case] text: &str) {
        assert_eq!(Price::parse(text), None, "{text}");
    }

    #[test]
    fn a_number_of_json_may_have_an_exponent() {
        let read = |digits: &str| Price::from_number(digits).map(|price| price.to_string());
        assert_eq!(read("1.25e1").as_deref(), Some("12.5"));
        assert_eq!(read("8E2").as_deref(), Some("800"));
        assert_eq!(read("8e-1").as_deref(), Some("0.8"));
        assert_eq!(read("1e999"), None);
        assert_eq!(read("NaN"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_a_price_or_none(text in "[-0-9.,¥￥元~至 e０，]{0,12}|.{0,20}") {
            if let Some(price) = Price::parse(&text) {
                prop_assert!(price.low().compare(price.high()).is_le());
                prop_assert_eq!(Price::parse(&price.to_string()), Some(price));
            }
        }
    }
}
