//! Assignments as in jq: the paths are those of the original value, and are assigned one after the other.

use jaq_core::box_iter::box_once;
use jaq_core::native::bome;
use jaq_core::{Ctx, ValX, ValXs};

use super::super::value::{self, JqResult, Value};
use super::Data;

/// A value at the empty path.
fn at_root<Steps: Default>(value: Value) -> (Value, Steps) {
    (value, Steps::default())
}

/// `paths |= update`: takes the first output of each update; paths without any output are deleted at the end.
pub(super) fn modify(mut cv: (Ctx<'_, Data>, Value)) -> ValXs<'_, Value> {
    let (update, inside) = cv.0.pop_fun();
    let (paths, outside) = cv.0.pop_fun();
    let mut gone = Vec::new();
    let mut whole = cv.1.clone();
    let modified: ValX<'_, Value> = (|| {
        for at in paths.paths::<Data>((outside, at_root(cv.1))) {
            let (_, steps) = at?;
            let mut path: Vec<Value> = steps.iter().cloned().collect();
            path.reverse();
            let old = value::get_path(&whole, &path)?;
            match update.run::<Data>((inside.clone(), old)).next() {
                Some(new) => whole = value::set_path(std::mem::take(&mut whole), &path, new?)?,
                None => gone.push(path.into_iter().collect()),
            }
        }
        Ok(value::delete_paths(std::mem::take(&mut whole), &gone)?)
    })();
    box_once(modified)
}

/// `paths = value`
pub(super) fn assign(mut cv: (Ctx<'_, Data>, Value)) -> ValXs<'_, Value> {
    let new = cv.0.pop_var();
    let (paths, outside) = cv.0.pop_fun();
    let mut whole = cv.1.clone();
    let assigned: ValX<'_, Value> = (|| {
        for at in paths.paths::<Data>((outside, at_root(cv.1))) {
            let (_, steps) = at?;
            let mut path: Vec<Value> = steps.iter().cloned().collect();
            path.reverse();
            whole = value::set_path(std::mem::take(&mut whole), &path, new.clone())?;
        }
        Ok(whole)
    })();
    box_once(assigned)
}

/// The last output, or null where there is none: the next state of a `reduce`.
pub(super) fn last(mut cv: (Ctx<'_, Data>, Value)) -> ValXs<'_, Value> {
    let (filter, context) = cv.0.pop_fun();
    let mut outputs = filter.run::<Data>((context, cv.1));
    box_once(outputs.try_fold(Value::Null, |_, output| output))
}

/// The value with `new` at this path.
pub(super) fn set_path(mut cv: (Ctx<'_, Data>, Value)) -> ValXs<'_, Value> {
    let new = cv.0.pop_var();
    let path = cv.0.pop_var();
    bome(value::path_of(&path).and_then(|path| value::set_path(cv.1, path, new)))
}

/// The value without these paths.
pub(super) fn delete(value: Value, paths: &Value) -> JqResult {
    match paths {
        Value::Array(paths) => value::delete_paths(value, paths),
        _ => Err(value::failed("Paths must be specified as an array")),
    }
}
