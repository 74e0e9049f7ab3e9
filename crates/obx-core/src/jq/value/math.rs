//! Arithmetic.

use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use bytes::{BufMut, Bytes, BytesMut};

use super::{JqResult, Number, Object, Rc, Value, failed, shown};

/// A repeated string may have so many bytes.
const MAX_REPEATED: usize = 0x7fff_ffff;

fn cannot(one: &Value, two: &Value, be: &str) -> super::Error {
    failed(format_args!("{} and {} cannot be {be}", shown(one), shown(two)))
}

impl Value {
    fn calculated(
        one: &Number,
        two: &Number,
        whole: impl Fn(isize, isize) -> Option<isize>,
        float: impl Fn(f64, f64) -> f64,
    ) -> Self {
        let whole = match (one, two) {
            (Number::Int(one), Number::Int(two)) => whole(*one, *two),
            _ => None,
        };
        Self::Number(whole.map_or_else(|| Number::from(float(one.float(), two.float())), Number::Int))
    }
}

impl Add for Value {
    type Output = JqResult;

    fn add(self, other: Self) -> JqResult {
        Ok(match (self, other) {
            (Self::Null, value) | (value, Self::Null) => value,
            (Self::Number(one), Self::Number(two)) => {
                Self::calculated(&one, &two, isize::checked_add, |one, two| one + two)
            }
            (Self::String(one), Self::String(two)) => {
                let mut text = BytesMut::from(*one);
                text.put(*two);
                Self::String(Box::new(text.freeze()))
            }
            (Self::Array(mut one), Self::Array(two)) => {
                Rc::make_mut(&mut one).extend(two.iter().cloned());
                Self::Array(one)
            }
            (Self::Object(mut one), Self::Object(two)) => {
                let members = two.iter().map(|(key, value)| (key.clone(), value.clone()));
                Rc::make_mut(&mut one).extend(members);
                Self::Object(one)
            }
            (one, two) => return Err(cannot(&one, &two, "added")),
        })
    }
}

impl Sub for Value {
    type Output = JqResult;

    fn sub(self, other: Self) -> JqResult {
        Ok(match (self, other) {
            (Self::Number(one), Self::Number(two)) => {
                Self::calculated(&one, &two, isize::checked_sub, |one, two| one - two)
            }
            (Self::Array(mut one), Self::Array(two)) => {
                let mut taken: Vec<&Self> = two.iter().collect();
                taken.sort_unstable();
                Rc::make_mut(&mut one).retain(|value| taken.binary_search(&value).is_err());
                Self::Array(one)
            }
            (one, two) => return Err(cannot(&one, &two, "subtracted")),
        })
    }
}

impl Mul for Value {
    type Output = JqResult;

    fn mul(self, other: Self) -> JqResult {
        match (self, other) {
            (Self::Number(one), Self::Number(two)) => {
                Ok(Self::calculated(&one, &two, isize::checked_mul, |one, two| one * two))
            }
            (Self::String(text), Self::Number(times)) | (Self::Number(times), Self::String(text)) => {
                repeated(&text, &times)
            }
            (Self::Object(mut one), Self::Object(two)) => {
                merge(Rc::make_mut(&mut one), &two);
                Ok(Self::Object(one))
            }
            (one, two) => Err(cannot(&one, &two, "multiplied")),
        }
    }
}

/// A string repeated; null for a count below zero.
fn repeated(text: &Bytes, times: &Number) -> JqResult {
    if times.float().is_nan() || times.float() < 0.0 {
        return Ok(Value::Null);
    }
    let times = usize::try_from(times.clipped()).unwrap_or(0);
    if text.len().checked_mul(times).is_none_or(|length| length > MAX_REPEATED) {
        return Err(failed("Repeat string result too long"));
    }
    Ok(Value::String(Box::new(text.repeat(times).into())))
}

fn merge(one: &mut Object, two: &Object) {
    for (key, value) in two {
        match (one.get_mut(key), value) {
            (Some(Value::Object(inner)), Value::Object(other)) => merge(Rc::make_mut(inner), other),
            (Some(slot), _) => *slot = value.clone(),
            (None, _) => {
                one.insert(key.clone(), value.clone());
            }
        }
    }
}

impl Div for Value {
    type Output = JqResult;

    fn div(self, other: Self) -> JqResult {
        Ok(match (&self, &other) {
            (Self::Number(_), Self::Number(two)) if two.float() == 0.0 => {
                return Err(cannot(&self, &other, "divided because the divisor is zero"));
            }
            (Self::Number(one), Self::Number(two)) => {
                let whole = |one: isize, two: isize| (one.checked_rem(two) == Some(0)).then_some(one / two);
                Self::calculated(one, two, whole, |one, two| one / two)
            }
            (Self::String(one), Self::String(two)) => split(one, two),
            _ => return Err(cannot(&self, &other, "divided")),
        })
    }
}

/// Splits a string: an empty one into nothing, and by an empty separator into characters.
fn split(text: &Bytes, separator: &Bytes) -> Value {
    let part = |part: &str| Value::String(Box::new(text.slice_ref(part.as_bytes())));
    let (all, separator) = (std::str::from_utf8(text), std::str::from_utf8(separator));
    let (all, separator) = (all.unwrap_or_default(), separator.unwrap_or_default());
    match (all, separator) {
        ("", _) => Value::default_array(),
        (_, "") => all.split("").filter(|part| !part.is_empty()).map(part).collect(),
        _ => all.split(separator).map(part).collect(),
    }
}

impl Rem for Value {
    type Output = JqResult;

    fn rem(self, other: Self) -> JqResult {
        let (Self::Number(one), Self::Number(two)) = (&self, &other) else {
            return Err(cannot(&self, &other, "divided"));
        };
        if one.float().is_nan() || two.float().is_nan() {
            return Ok(Self::Number(Number::Float(f64::NAN)));
        }
        match two.clipped() {
            0 => Err(cannot(&self, &other, "divided (remainder) because the divisor is zero")),
            // Only the smallest integer by -1 overflows: the remainder is 0.
            divisor => Ok(Self::Number(Number::Int(one.clipped().checked_rem(divisor).unwrap_or(0)))),
        }
    }
}

impl Neg for Value {
    type Output = JqResult;

    fn neg(self) -> JqResult {
        let Self::Number(number) = &self else {
            return Err(failed(format_args!("{} cannot be negated", shown(&self))));
        };
        Ok(Self::Number(match number {
            Number::Int(whole) => whole.checked_neg().map_or(Number::Float(-number.float()), Number::Int),
            Number::Float(float) => Number::Float(-float),
            Number::Literal(digits) => Number::Literal(Rc::new(match digits.strip_prefix('-') {
                Some(digits) => digits.to_owned(),
                None => format!("-{digits}"),
            })),
        }))
    }
}

impl Value {
    fn default_array() -> Self {
        Self::Array(Rc::new(Vec::new()))
    }
}
