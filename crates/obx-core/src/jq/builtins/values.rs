//! Functions of all kinds of values.

use super::super::to_jaq::ToJaq;
use super::super::value::{JqResult, Number, Rc, Value, failed, shown};
use super::needs_text;
use onebound_document::Document;

pub(super) fn length(value: Value) -> JqResult {
    match &value {
        Value::Null => Ok(Value::from(0_usize)),
        Value::Number(_) => abs(value),
        Value::String(_) => Ok(Value::from(value.text().unwrap_or_default().chars().count())),
        Value::Array(elements) => Ok(Value::from(elements.len())),
        Value::Object(members) => Ok(Value::from(members.len())),
        Value::Bool(_) => Err(failed(format_args!("{} has no length", shown(&value)))),
    }
}

/// `abs`: a number that is not negative keeps the digits that were sent.
pub(super) fn abs(value: Value) -> JqResult {
    match &value {
        Value::Number(number) if number.float() < 0.0 => -value,
        Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => Ok(value),
        Value::Null | Value::Bool(_) => -value,
    }
}

pub(super) fn keys(value: Value, sorted: bool) -> JqResult {
    match value {
        Value::Array(elements) => Ok((0..elements.len()).map(Value::from).collect()),
        Value::Object(members) => {
            let mut keys: Vec<_> = members.keys().cloned().collect();
            if sorted {
                keys.sort_unstable();
            }
            Ok(keys.into_iter().map(|key| Value::String(Box::new(key))).collect())
        }
        other => Err(failed(format_args!("{} has no keys", shown(&other)))),
    }
}

pub(super) fn has(value: &Value, key: &Value) -> JqResult {
    match (value, key) {
        (Value::Object(members), Value::String(key)) => Ok(Value::from(members.contains_key(&**key))),
        (Value::Array(elements), Value::Number(index)) => {
            let at = index.floor().and_then(|index| usize::try_from(index).ok());
            Ok(Value::from(at.is_some_and(|at| at < elements.len())))
        }
        _ => {
            let (value, key) = (value.type_name(), key.type_name());
            Err(failed(format_args!("Cannot check whether {value} has a {key} key")))
        }
    }
}

/// `contains`: substrings, elements in any order, members by their keys, other values by equality.
pub(super) fn contains(value: &Value, part: &Value) -> JqResult<bool> {
    match (value, part) {
        (Value::Object(members), Value::Object(parts)) => {
            let within = |(key, part)| members.get(key).map_or(Ok(false), |member| contains(member, part));
            all(parts.iter().map(within))
        }
        (Value::Array(elements), Value::Array(parts)) => {
            let same_kind = |one: &Value, two: &Value| one.type_name() == two.type_name();
            let within = |part: &Value| {
                let alike = elements.iter().filter(|element| same_kind(element, part));
                alike.map(|element| contains(element, part)).find(|found| !matches!(found, Ok(false)))
            };
            all(parts.iter().map(|part| within(part).unwrap_or(Ok(false))))
        }
        (Value::String(_), Value::String(_)) => {
            Ok(value.text().unwrap_or_default().contains(part.text().unwrap_or_default()))
        }
        _ if value.type_name() == part.type_name() => Ok(value == part),
        _ => Err(failed(format_args!(
            "{} and {} cannot have their containment checked",
            shown(value),
            shown(part)
        ))),
    }
}

fn all(mut found: impl Iterator<Item = JqResult<bool>>) -> JqResult<bool> {
    found.find(|found| !matches!(found, Ok(true))).unwrap_or(Ok(true))
}

/// `indices`: in characters of a string or elements of a list; null for null.
pub(super) fn indices(value: &Value, part: &Value) -> JqResult {
    match (value, part) {
        (Value::Null, _) => Ok(Value::Null),
        (Value::String(_), Value::String(_)) => {
            let (text, part) = (value.text().unwrap_or_default(), part.text().unwrap_or_default());
            Ok(if part.is_empty() { Value::Null } else { places(text, part) })
        }
        (Value::Array(_), Value::Array(_)) => jaq_core::ValT::index(value.clone(), part),
        (Value::Array(elements), _) => {
            let same = elements.iter().enumerate().filter(|(_, element)| *element == part);
            Ok(same.map(|(at, _)| Value::from(at)).collect())
        }
        _ => jaq_core::ValT::index(value.clone(), part),
    }
}

/// With overlapping ones.
fn places(text: &str, part: &str) -> Value {
    let starts = text.char_indices().enumerate();
    let here = starts.filter(|(_, (at, _))| text.get(*at..).is_some_and(|rest| rest.starts_with(part)));
    here.map(|(at, _)| Value::from(at)).collect()
}

/// `bsearch`: the index in a sorted list, or `-1 - index` of where it would be inserted.
pub(super) fn binary_search(value: &Value, target: &Value) -> JqResult {
    let Value::Array(elements) = value else {
        return Err(failed(format_args!("{} cannot be searched from", shown(value))));
    };
    match elements.binary_search(target) {
        Ok(at) => Ok(Value::from(at)),
        Err(at) => Value::from(-1_isize) - Value::from(at),
    }
}

/// `flatten`: replaces lists by their elements, down to this depth.
pub(super) fn flatten(value: Value, depth: &Value) -> JqResult {
    let Value::Number(depth) = depth else { return Err(failed("flatten depth must not be negative")) };
    if depth.float() < 0.0 {
        return Err(failed("flatten depth must not be negative"));
    }
    let mut flat = Vec::new();
    for element in jaq_core::ValT::values(value) {
        put_flat(&mut flat, element?, depth.float());
    }
    Ok(flat.into_iter().collect())
}

fn put_flat(flat: &mut Vec<Value>, value: Value, depth: f64) {
    match value {
        Value::Array(elements) if depth > 0.0 => {
            for element in Rc::unwrap_or_clone(elements) {
                put_flat(flat, element, depth - 1.0);
            }
        }
        other => flat.push(other),
    }
}

/// `tonumber`: the whole text must be a number, whose digits are kept.
pub(super) fn to_number(value: Value) -> JqResult {
    if matches!(value, Value::Number(_)) {
        return Ok(value);
    }
    let cannot = "cannot be parsed as a number";
    let number = Number::from_text(needs_text(&value, cannot)?);
    number.map(Value::Number).ok_or_else(|| failed(format_args!("{} {cannot}", shown(&value))))
}

/// `fromjson`: one JSON value, with nothing after it.
pub(super) fn from_json(value: &Value) -> JqResult {
    let text = needs_text(value, "only strings can be parsed")?.trim();
    if text == "nan" {
        return Ok(Value::from(f64::NAN));
    }
    let cannot = |why: &dyn std::fmt::Display| failed(format_args!("{why} (while parsing {value})"));
    serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|why| cannot(&why))?;
    let document = Document::parse(text.to_owned().into()).map_err(|why| cannot(&why))?;
    Ok(ToJaq::new(&document).value(document.root()))
}
