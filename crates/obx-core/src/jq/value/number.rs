//! Numbers: integers exactly, others as floating point, and those of a document with the digits that were sent.

use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter};

use super::Rc;

/// Beyond this, floating point can't hold every integer.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A number.
#[derive(Clone, Debug)]
pub(in crate::jq) enum Number {
    Int(isize),
    Float(f64),
    /// The digits that were sent; a calculation drops them.
    Literal(Rc<String>),
}

impl Number {
    /// A JSON number with its digits; `None` for any other text.
    pub(in crate::jq) fn from_text(text: &str) -> Option<Self> {
        if is_short_whole(text) {
            return text.parse().ok().map(Self::Int);
        }
        match text {
            "nan" | "NaN" => return Some(Self::Float(f64::NAN)),
            "Infinity" => return Some(Self::Float(f64::INFINITY)),
            "-Infinity" => return Some(Self::Float(f64::NEG_INFINITY)),
            _ => {}
        }
        let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
        let at = digits.find(['e', 'E']).unwrap_or(digits.len());
        let (mantissa, exponent) = digits.split_at(at);
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let raised = exponent.get(1..).map(|raised| raised.strip_prefix(['+', '-']).unwrap_or(raised));
        let is_number = is_digits(whole)
            && is_digits(fraction)
            && mantissa.bytes().any(|byte| byte.is_ascii_digit())
            && raised.is_none_or(|raised| is_digits(raised) && !raised.is_empty());
        is_number.then(|| {
            let whole = whole.trim_start_matches('0');
            let whole = if whole.is_empty() { "0" } else { whole };
            let point = if fraction.is_empty() { "" } else { "." };
            let digits = format!("{sign}{whole}{point}{fraction}{exponent}");
            match digits.parse() {
                Ok(whole) if digits != "-0" => Self::Int(whole),
                _ => Self::Literal(Rc::new(digits)),
            }
        })
    }

    /// For calculations, as in jq.
    #[expect(clippy::cast_precision_loss, reason = "jq's numbers are of this precision")]
    pub(in crate::jq) fn float(&self) -> f64 {
        match self {
            Self::Int(whole) => *whole as f64,
            Self::Float(number) => *number,
            Self::Literal(digits) => digits.parse().unwrap_or(f64::NAN),
        }
    }

    /// An integer; `None` where it is none, or does not fit.
    pub(in crate::jq) fn whole(&self) -> Option<isize> {
        match self {
            Self::Int(whole) => Some(*whole),
            _ => Some(self.float()).filter(|number| number.fract() == 0.0).and_then(exact),
        }
    }

    /// Truncated and clamped to an integer, as jq does for indices and remainders.
    #[expect(clippy::cast_possible_truncation, reason = "the cast clips, as jq does")]
    pub(in crate::jq) fn clipped(&self) -> isize {
        match self {
            Self::Int(whole) => *whole,
            _ => self.float() as isize,
        }
    }

    /// Rounded down; `None` for nan.
    pub(in crate::jq) fn floor(&self) -> Option<isize> {
        match self {
            Self::Int(whole) => Some(*whole),
            _ => Some(self.float())
                .filter(|number| !number.is_nan())
                .map(|number| Self::Float(number.floor()).clipped()),
        }
    }
}

/// Fast path: most numbers are short integers.
fn is_short_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    text == "0" || (digits.len() < 18 && is_digits(digits) && digits.starts_with(|first| first > '0'))
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
fn exact(number: f64) -> Option<isize> {
    (number.abs() <= EXACT).then_some(number as isize)
}

impl From<f64> for Number {
    fn from(number: f64) -> Self {
        let is_whole = number.fract() == 0.0 && !(number == 0.0 && number.is_sign_negative());
        Some(number).filter(|_| is_whole).and_then(exact).map_or(Self::Float(number), Self::Int)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        !self.float().is_nan() && self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    /// nan sorts below every number, nan included. Digits decide where two are equal as floating point.
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Self::Int(one), Self::Int(two)) = (self, other) {
            return one.cmp(two);
        }
        let (one, two) = (self.float(), other.float());
        let order = one.partial_cmp(&two);
        if order == Some(Ordering::Equal) && one.abs() >= EXACT {
            return by_digits(self, other);
        }
        order.unwrap_or(if one.is_nan() { Ordering::Less } else { Ordering::Greater })
    }
}

/// Compares two large integers of the same sign by their digits; equal where one has no plain digits.
fn by_digits(one: &Number, two: &Number) -> Ordering {
    let (one, two) = (one.to_string(), two.to_string());
    let (negative, one_digits, two_digits) = match (one.strip_prefix('-'), two.strip_prefix('-')) {
        (Some(one), Some(two)) => (true, one, two),
        _ => (false, one.as_str(), two.as_str()),
    };
    let is_plain = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
    if !is_plain(one_digits) || !is_plain(two_digits) {
        return Ordering::Equal;
    }
    let order = one_digits.len().cmp(&two_digits.len()).then_with(|| one_digits.cmp(two_digits));
    if negative { order.reverse() } else { order }
}

impl Display for Number {
    /// As jq writes it: nan as null and infinite as the largest number, since JSON has neither.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(whole) => write!(f, "{whole}"),
            Self::Literal(digits) => f.write_str(digits),
            Self::Float(number) if number.is_nan() => f.write_str("null"),
            Self::Float(number) => float(f, number.clamp(f64::MIN, f64::MAX)),
        }
    }
}

/// The shortest digits that parse to the same number; with an exponent in place of many zeros.
fn float(f: &mut Formatter<'_>, number: f64) -> fmt::Result {
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits = i32::try_from(mantissa.bytes().filter(u8::is_ascii_digit).count()).unwrap_or(0);
    if (-5 < exponent && exponent < digits + 15) || number == 0.0 {
        return write!(f, "{number}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    write!(f, "{mantissa}e{sign}{:02}", exponent.abs())
}
