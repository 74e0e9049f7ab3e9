//! An amount as it was written: `799.00` keeps its two decimals, and sums and differences are exact.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// More digits than any price or count has, and few enough that a difference still fits.
const MAX_DIGITS: usize = 30;

/// An exact amount. `1.5` and `1.50` are equal amounts in two spellings: compare [`Decimal::minus`] with zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    units: i128,
    decimals: u32,
}

/// A text that is no plain amount, or has more than 30 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an amount is digits, perhaps with a sign and a point, at most 30")]
pub struct DecimalError;

impl Decimal {
    /// The amount times `count`; `None` on overflow.
    pub fn times(self, count: u64) -> Option<Self> {
        let units = self.units.checked_mul(i128::from(count))?;
        Some(Self { units, ..self })
    }

    /// The sum, with as many decimals as the longer of the two; `None` on overflow.
    pub fn plus(self, other: Self) -> Option<Self> {
        let decimals = self.decimals.max(other.decimals);
        let units = self.units_at(decimals)?.checked_add(other.units_at(decimals)?)?;
        Some(Self { units, decimals })
    }

    /// Half of it, with one decimal more where that is needed; `None` on overflow.
    pub fn half(self) -> Option<Self> {
        if self.units % 2 == 0 {
            return Some(Self { units: self.units / 2, ..self });
        }
        Some(Self { units: self.units.checked_mul(5)?, decimals: self.decimals.checked_add(1)? })
    }

    /// The difference, with as many decimals as the longer of the two; `None` on overflow.
    pub fn minus(self, other: Self) -> Option<Self> {
        let decimals = self.decimals.max(other.decimals);
        let units = self.units_at(decimals)?.checked_sub(other.units_at(decimals)?)?;
        Some(Self { units, decimals })
    }

    /// Compares two amounts; `1.5` and `1.50` are equal.
    pub fn compare(self, other: Self) -> Ordering {
        match self.minus(other) {
            Some(difference) => difference.units.cmp(&0),
            None => self.to_f64().total_cmp(&other.to_f64()),
        }
    }

    /// Ten to this power times as much: `1.5` by 2 is `150`; `None` beyond what can be counted.
    pub(super) fn shifted(self, by: i32) -> Option<Self> {
        let decimals = i64::from(self.decimals) - i64::from(by);
        if let Ok(decimals) = u32::try_from(decimals) {
            return (decimals as usize <= MAX_DIGITS).then_some(Self { decimals, ..self });
        }
        let scale = 10_i128.checked_pow(u32::try_from(-decimals).ok()?)?;
        Some(Self { units: self.units.checked_mul(scale)?, decimals: 0 })
    }

    /// How many digits it has after the point.
    pub fn decimals(self) -> u32 {
        self.decimals
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.units == 0
    }

    /// Whether it is below nothing.
    pub fn is_negative(self) -> bool {
        self.units < 0
    }

    /// How many per cent of `whole` this is, to one decimal; `None` of nothing.
    pub fn percent_of(self, whole: Self) -> Option<Self> {
        let decimals = self.decimals.max(whole.decimals);
        let (part, whole) = (self.units_at(decimals)?, whole.units_at(decimals)?.checked_abs()?);
        let doubled = part.checked_mul(2_000)?.checked_div(whole)?;
        // From the half on away from zero, as people round.
        Some(Self { units: doubled / 2 + doubled % 2, decimals: 1 })
    }

    /// With so many decimals, from the half on away from zero, as people round; `None` on overflow.
    pub fn rounded(self, decimals: u32) -> Option<Self> {
        if self.decimals <= decimals {
            return Some(Self { units: self.units_at(decimals)?, decimals });
        }
        let scale = 10_i128.checked_pow(self.decimals - decimals)?;
        let (whole, rest) = (self.units / scale, self.units % scale);
        let away = if rest.checked_abs()?.checked_mul(2)? >= scale { rest.signum() } else { 0 };
        Some(Self { units: whole + away, decimals })
    }

    /// For drawing; the nearest that a float can hold.
    pub fn to_f64(self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    fn units_at(self, decimals: u32) -> Option<i128> {
        // As in nearly every column of prices, and far faster than to multiply by one.
        if decimals == self.decimals {
            return Some(self.units);
        }
        self.units.checked_mul(10_i128.checked_pow(decimals.checked_sub(self.decimals)?)?)
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(part) {
            return Err(DecimalError);
        }
        if whole.len() + part.len() > MAX_DIGITS {
            return Err(DecimalError);
        }
        let digit = |units: i128, byte: u8| units * 10 + i128::from(byte - b'0');
        let units = whole.bytes().chain(part.bytes()).fold(0, digit);
        Ok(Self { units: sign * units, decimals: u32::try_from(part.len()).map_err(|_| DecimalError)? })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = 10_u128.pow(self.decimals);
        let sign = if self.is_negative() { "-" } else { "" };
        let (whole, part) = (self.units.unsigned_abs() / scale, self.units.unsigned_abs() % scale);
        let width = self.decimals as usize;
        if width == 0 { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{part:0width$}") }
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;
    use proptest::prelude::*;

    fn amount(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_difference_is_exact_and_keeps_the_decimals() {
        let minus = |a: &str, b: &str| amount(a).minus(amount(b)).unwrap().to_string();
        assert_eq!(minus("749.00", "799.00"), "-50.00");
        assert_eq!(minus("0.3", "0.1"), "0.2");
        assert_eq!(minus("100", "99.995"), "0.005");
        assert_eq!(minus("-1", "5"), "-6");
        assert_eq!(minus("123456789012345678901234567890", "1"), "123456789012345678901234567889");
    }

    #[test]
    fn percents_are_rounded_to_one_decimal_away_from_zero() {
        let percent = |a: &str, b: &str| amount(a).percent_of(amount(b)).map(|percent| percent.to_string());
        assert_eq!(percent("-50.00", "799.00").as_deref(), Some("-6.3"));
        assert_eq!(percent("0.05", "100").as_deref(), Some("0.1"));
        assert_eq!(percent("-0.05", "100").as_deref(), Some("-0.1"));
        assert_eq!(percent("1", "-4").as_deref(), Some("25.0"));
        assert_eq!(percent("1", "0"), None);
    }

    #[test]
    fn rounding_goes_from_the_half_on_away_from_zero() {
        let rounded = |text: &str| amount(text).rounded(2).map(|amount| amount.to_string());
        assert_eq!(rounded("1.005").as_deref(), Some("1.01"));
        assert_eq!(rounded("-1.005").as_deref(), Some("-1.01"));
        assert_eq!(rounded("1.0049").as_deref(), Some("1.00"));
        assert_eq!(rounded("7").as_deref(), Some("7.00"));
        assert_eq!(rounded("0.999").as_deref(), Some("1.00"));
    }

    #[test]
    fn what_is_no_amount_is_none() {
        for text in ["", "-", ".5", "1e3", "+1", "1,000", "--1", "¥5", "1.2.3", "１"] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_amount_is_written_as_it_was_read(text in "-?(0|[1-9][0-9]{0,18})(\\.[0-9]{1,9})?") {
            let read: Decimal = text.parse().unwrap();
            let unsigned = text.trim_start_matches('-');
            let written = read.to_string();
            prop_assert_eq!(written.as_str(), if read.is_zero() { unsigned } else { text.as_str() });
            prop_assert!(read.minus(read).unwrap().is_zero());
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,40}") {
            let _read = text.parse::<Decimal>().map(|read| (read.to_f64(), read.percent_of(read)));
        }
    }
}
