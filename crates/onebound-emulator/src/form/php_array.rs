//! Keys and numbers as PHP arrays hold them.

use std::borrow::Cow;

use serde_json::{Number, Value};

/// A key as PHP holds it: a text of digits becomes an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PhpKey<'a> {
    Index(i64),
    Text(&'a str),
}

impl<'a> PhpKey<'a> {
    fn from_text(text: &'a str) -> Self {
        // Only in the one spelling that the integer has itself: 01 and -0 stay texts.
        match text.parse::<i64>() {
            Ok(index) if index.to_string() == text => Self::Index(index),
            _ => Self::Text(text),
        }
    }
}

/// The entries of an array, in order; `None` for what is no array.
pub(super) fn entries(value: &Value) -> Option<Vec<(PhpKey<'_>, &Value)>> {
    match value {
        Value::Array(list) => Some((0..).map(PhpKey::Index).zip(list).collect()),
        Value::Object(map) => Some(map.iter().map(|(key, value)| (PhpKey::from_text(key), value)).collect()),
        _ => None,
    }
}

/// A number as PHP holds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum PhpNumber {
    Integer(i64),
    /// Also integers that are too large.
    Float(f64),
}

impl PhpNumber {
    pub(super) fn new(number: &Number) -> Self {
        match number.as_i64() {
            Some(integer) => Self::Integer(integer),
            None => Self::Float(number.as_f64().unwrap_or(f64::NAN)),
        }
    }

    /// As `echo` writes it with `serialize_precision=-1`: the fewest digits that mean this very number.
    pub(super) fn text(self) -> String {
        match self {
            Self::Integer(integer) => integer.to_string(),
            Self::Float(float) => float_text(float),
        }
    }
}

fn float_text(float: f64) -> String {
    let shortest = format!("{float:e}");
    let (digits, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..=16).contains(&exponent) {
        return format!("{float}");
    }
    let digits = if digits.contains('.') { Cow::from(digits) } else { Cow::from(format!("{digits}.0")) };
    format!("{digits}E{exponent:+}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_float_has_the_digits_that_php_gives_it() {
        let floats = [0.1, -0.0, 1.0, 6.65, 1e25, -1.5e-7, 0.0001, 0.00001, 1e15, 1e16, 1e17, 0.1 + 0.2];
        let php = "0.1 -0 1 6.65 1.0E+25 -1.5E-7 0.0001 1.0E-5 1000000000000000 10000000000000000 1.0E+17 \
             0.30000000000000004";
        assert_eq!(floats.map(float_text).join(" "), php);
    }

    #[test]
    fn only_the_integers_own_spelling_makes_an_index() {
        assert_eq!(["7", "-5", "0"].map(PhpKey::from_text), [7, -5, 0].map(PhpKey::Index));
        for text in ["01", "-0", "+1", "1.0", "", "9223372036854775808"] {
            assert_eq!(PhpKey::from_text(text), PhpKey::Text(text));
        }
    }
}
