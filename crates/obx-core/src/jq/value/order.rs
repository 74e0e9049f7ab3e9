//! jq's order of values: null, false, true, numbers, strings, arrays, objects.

use std::cmp::Ordering;

use super::{Object, Value};

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(one), Self::Bool(two)) => one == two,
            (Self::Number(one), Self::Number(two)) => one == two,
            (Self::String(one), Self::String(two)) => one == two,
            (Self::Array(one), Self::Array(two)) => one == two,
            (Self::Object(one), Self::Object(two)) => one == two,
            _ => false,
        }
    }
}

impl Eq for Value {}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Bool(one), Self::Bool(two)) => one.cmp(two),
            (Self::Number(one), Self::Number(two)) => one.cmp(two),
            (Self::String(one), Self::String(two)) => one.cmp(two),
            (Self::Array(one), Self::Array(two)) => one.cmp(two),
            (Self::Object(one), Self::Object(two)) => by_members(one, two),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl Value {
    fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Bool(_) => 1,
            Self::Number(_) => 2,
            Self::String(_) => 3,
            Self::Array(_) => 4,
            Self::Object(_) => 5,
        }
    }
}

/// Compares the sorted keys first, then the values in their order.
fn by_members(one: &Object, two: &Object) -> Ordering {
    let sorted = |object: &'_ Object| {
        let mut keys: Vec<_> = object.keys().cloned().collect();
        keys.sort_unstable();
        keys
    };
    let (keys, others) = (sorted(one), sorted(two));
    let values = || keys.iter().map(|key| one.get(key).cmp(&two.get(key))).find(|order| order.is_ne());
    keys.cmp(&others).then_with(|| values().unwrap_or(Ordering::Equal))
}
