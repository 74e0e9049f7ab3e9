//! Gets, sets and deletes at a path. Setting creates a path that does not exist.

use bytes::Bytes;

use super::{JqResult, Number, Object, Rc, Value, failed, shown};

/// An assignment may grow a list to so many elements.
const MAX_INDEX: usize = 0x1fff_ffff;

impl Value {
    /// The value at a key, index or slice; null where there is none.
    pub(super) fn get(&self, key: &Self) -> JqResult {
        match (self, key) {
            (Self::Object(members), Self::String(key)) => {
                Ok(members.get(&**key).cloned().unwrap_or_default())
            }
            (Self::Array(elements), Self::Number(index)) => {
                let at = index.floor().and_then(|index| position(index, elements.len()));
                Ok(at.and_then(|at| elements.get(at)).cloned().unwrap_or_default())
            }
            (Self::Array(elements), Self::Array(part)) => Ok(places_of(elements, part)),
            (Self::Null, Self::Null | Self::String(_) | Self::Number(_)) => Ok(Self::Null),
            (Self::Null | Self::String(_) | Self::Array(_), Self::Object(bounds)) => {
                self.slice(bound(bounds, b"start"), bound(bounds, b"end"))
            }
            _ => Err(self.cannot_index(key)),
        }
    }

    /// A slice of a string or list.
    pub(super) fn slice(&self, from: Option<&Self>, upto: Option<&Self>) -> JqResult {
        match self {
            Self::Null => Ok(Self::Null),
            Self::Array(elements) => {
                let (from, upto) = bounds(from, upto, elements.len())?;
                Ok(elements.get(from..upto).unwrap_or_default().iter().cloned().collect())
            }
            Self::String(bytes) => {
                let text = self.text().unwrap_or_default();
                let (from, upto) = bounds(from, upto, text.chars().count())?;
                let mut starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
                let start = starts.clone().nth(from).unwrap_or(text.len());
                let end = starts.nth(upto).unwrap_or(text.len());
                Ok(Self::String(Box::new(bytes.slice(start..end))))
            }
            _ => Err(self.cannot_index(&Self::Object(Rc::default()))),
        }
    }

    /// The value with another one at this step.
    pub(super) fn put(self, key: &Self, value: Self) -> JqResult {
        match (self, key) {
            (Self::Object(mut members), Self::String(key)) => {
                Rc::make_mut(&mut members).insert((**key).clone(), value);
                Ok(Self::Object(members))
            }
            (Self::Null, Self::String(_)) => Self::Object(Rc::default()).put(key, value),
            (Self::Array(mut elements), Self::Number(index)) => {
                put_element(Rc::make_mut(&mut elements), index, value)?;
                Ok(Self::Array(elements))
            }
            (Self::Null, Self::Number(_) | Self::Object(_)) => Self::Array(Rc::default()).put(key, value),
            (Self::Array(mut elements), Self::Object(part)) => {
                let (from, upto) = bounds(bound(part, b"start"), bound(part, b"end"), elements.len())?;
                let Self::Array(new) = value else {
                    return Err(failed("A slice of an array can only be assigned another array"));
                };
                // The new value is dropped.
                let _ = Rc::make_mut(&mut elements).splice(from..upto, new.iter().cloned());
                Ok(Self::Array(elements))
            }
            (whole, Self::Object(_)) => {
                Err(failed(format_args!("Cannot update field at object index of {}", whole.type_name())))
            }
            (whole, key) => Err(whole.cannot_index(key)),
        }
    }

    /// The value without these steps, all of which refer to the original value.
    fn without(self, keys: &[&Self]) -> JqResult {
        match self {
            Self::Null => Ok(Self::Null),
            Self::Array(mut elements) => {
                let mut gone = vec![false; elements.len()];
                for key in keys {
                    match key {
                        Self::Number(index) => {
                            let at = index.floor().and_then(|index| position(index, elements.len()));
                            if let Some(gone) = at.and_then(|at| gone.get_mut(at)) {
                                *gone = true;
                            }
                        }
                        Self::Object(part) => {
                            let (start, end) = (bound(part, b"start"), bound(part, b"end"));
                            let (from, upto) = bounds(start, end, elements.len())?;
                            gone.get_mut(from..upto).unwrap_or_default().fill(true);
                        }
                        key => return Err(cannot_delete(key, "array")),
                    }
                }
                let mut gone = gone.into_iter();
                Rc::make_mut(&mut elements).retain(|_| gone.next() != Some(true));
                Ok(Self::Array(elements))
            }
            Self::Object(mut members) => {
                for key in keys {
                    let Self::String(key) = key else { return Err(cannot_delete(key, "object")) };
                    Rc::make_mut(&mut members).shift_remove(&**key);
                }
                Ok(Self::Object(members))
            }
            whole => Err(failed(format_args!("Cannot delete fields from {}", whole.type_name()))),
        }
    }

    fn cannot_index(&self, key: &Self) -> super::Error {
        let name = self.type_name();
        match key.text() {
            Some(key) => failed(format_args!("Cannot index {name} with string \"{key}\"")),
            None => failed(format_args!("Cannot index {name} with {}", key.type_name())),
        }
    }
}

fn cannot_delete(key: &Value, of: &str) -> super::Error {
    failed(format_args!("Cannot delete field at {} index of {of}", key.type_name()))
}

fn bound<'a>(bounds: &'a Object, name: &'static [u8]) -> Option<&'a Value> {
    bounds.get(&Bytes::from_static(name))
}

/// Counts from the end where the index is negative.
fn position(index: isize, length: usize) -> Option<usize> {
    match usize::try_from(index) {
        Ok(index) => Some(index),
        Err(_) => length.checked_sub(index.unsigned_abs()),
    }
}

/// The bounds of a slice in a list of this length.
fn bounds(from: Option<&Value>, upto: Option<&Value>, length: usize) -> JqResult<(usize, usize)> {
    let at = |bound: Option<&Value>, round: fn(f64) -> f64, default: usize| match bound {
        None | Some(Value::Null) => Ok(default),
        Some(Value::Number(number)) => {
            let index = Number::from(round(number.float())).clipped();
            Ok(position(index, length).unwrap_or(0).min(length))
        }
        Some(_) => Err(failed("Start and end indices of an array slice must be numbers")),
    };
    let (from, upto) = (at(from, f64::floor, 0)?, at(upto, f64::ceil, length)?);
    Ok((from, upto.max(from)))
}

fn put_element(elements: &mut Vec<Value>, index: &Number, value: Value) -> JqResult<()> {
    let at = position(index.floor().unwrap_or(0), elements.len());
    let at = at.ok_or_else(|| failed("Out of bounds negative array index"))?;
    if at > MAX_INDEX {
        return Err(failed("Array index too large"));
    }
    if at >= elements.len() {
        elements.resize(at + 1, Value::Null);
    }
    if let Some(slot) = elements.get_mut(at) {
        *slot = value;
    }
    Ok(())
}

/// Every index at which one list is in another.
fn places_of(elements: &[Value], part: &[Value]) -> Value {
    if part.is_empty() {
        return std::iter::empty().collect();
    }
    let windows = elements.windows(part.len()).enumerate();
    windows.filter(|(_, window)| *window == part).map(|(at, _)| Value::from(at)).collect()
}

/// The steps of a path.
pub(in crate::jq) fn path_of(path: &Value) -> JqResult<&[Value]> {
    match path {
        Value::Array(steps) => Ok(steps),
        _ => Err(failed("Path must be specified as an array")),
    }
}

/// The value at a path; null where a value along it is null.
pub(in crate::jq) fn get_path(value: &Value, path: &[Value]) -> JqResult {
    match path.split_first() {
        None => Ok(value.clone()),
        Some(_) if matches!(value, Value::Null) => Ok(Value::Null),
        Some((step, rest)) => get_path(&value.get(step)?, rest),
    }
}

/// The value with `new` at a path. Only values along the path are copied, and only where they are shared.
pub(in crate::jq) fn set_path(value: Value, path: &[Value], new: Value) -> JqResult {
    let Some((step, rest)) = path.split_first() else { return Ok(new) };
    if rest.is_empty() {
        return value.put(step, new);
    }
    let (value, inner) = taken(value, step)?;
    value.put(step, set_path(inner, rest, new)?)
}

/// Takes the value at a step out, leaving null: it is then not shared, and can be changed without a copy.
fn taken(mut value: Value, step: &Value) -> JqResult<(Value, Value)> {
    let slot = match (&mut value, step) {
        (Value::Object(members), Value::String(key)) => Rc::make_mut(members).get_mut(&**key),
        (Value::Array(elements), Value::Number(index)) => {
            let at = index.floor().and_then(|index| position(index, elements.len()));
            at.and_then(|at| Rc::make_mut(elements).get_mut(at))
        }
        _ => None,
    };
    let inner = match slot {
        Some(slot) => std::mem::take(slot),
        None => value.get(step)?,
    };
    Ok((value, inner))
}

/// The value without these paths, all of which refer to the original value.
pub(in crate::jq) fn delete_paths(value: Value, paths: &[Value]) -> JqResult {
    let mut sorted = paths.iter().map(path_of).collect::<JqResult<Vec<_>>>()?;
    sorted.sort_unstable();
    delete_sorted(value, &sorted)
}

fn delete_sorted(value: Value, paths: &[&[Value]]) -> JqResult {
    if paths.iter().any(|path| path.is_empty()) {
        return Ok(Value::Null);
    }
    if paths.is_empty() || matches!(value, Value::Null) {
        return Ok(value);
    }
    let (mut value, mut whole) = (value, Vec::new());
    for group in paths.chunk_by(|one, two| one.first() == two.first()) {
        let Some(step) = group.first().and_then(|path| path.first()) else { continue };
        if group.iter().any(|path| path.len() == 1) {
            whole.push(step);
            continue;
        }
        let inner: Vec<&[Value]> = group.iter().filter_map(|path| path.get(1..)).collect();
        if !matches!(value.get(step)?, Value::Null) {
            let (rest, at) = taken(value, step)?;
            value = rest.put(step, delete_sorted(at, &inner)?)?;
        }
    }
    if whole.is_empty() { Ok(value) } else { value.without(&whole) }
}

/// The error for a value that is neither list nor object.
pub(super) fn cannot_iterate(value: &Value) -> super::Error {
    failed(format_args!("Cannot iterate over {}", shown(value)))
}
