//! Turns a document into a jq value.

use std::collections::HashMap;
use std::panic::resume_unwind;
use std::thread::{Builder, scope};

use bytes::Bytes;

use super::value::{Number, Object, Rc, Value};
use onebound_document::{Document, NodeId, NodeKind};

/// A list with so many values in it, at any depth, is converted by two threads.
const LARGE: u32 = 200_000;

/// The objects of a list mostly have the same keys in the same order: one is made as a copy of another, without hashing
/// its keys.
struct Shape<'a> {
    /// In the order sent, without duplicates.
    keys: Vec<&'a str>,
    /// An object with these keys, all null.
    empty: Object,
}

/// Converts a document value by value. Strings are slices of the document's text.
pub(super) struct ToJaq<'a> {
    document: &'a Document,
    keys: HashMap<&'a str, Bytes>,
    /// The last object for each first key.
    shapes: HashMap<&'a str, Shape<'a>>,
}

impl<'a> ToJaq<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        Self { document, keys: HashMap::new(), shapes: HashMap::new() }
    }

    pub(super) fn value(&mut self, id: NodeId) -> Value {
        let document = self.document;
        match document.kind(id) {
            NodeKind::Null => Value::Null,
            NodeKind::Bool => Value::Bool(document.raw_bytes(id).first() == Some(&b't')),
            NodeKind::Number => number(document.raw(id)),
            NodeKind::String => Value::String(Box::new(document.text_bytes(id))),
            NodeKind::Array => Value::Array(Rc::new(self.elements(id))),
            NodeKind::Object => Value::Object(Rc::new(self.object(id))),
        }
    }

    fn elements(&mut self, id: NodeId) -> Vec<Value> {
        let document = self.document;
        let Some(middle) = document.middle_child(id, LARGE) else {
            return document.children(id).map(|element| self.value(element)).collect();
        };
        let second = move |intake: &mut Self| -> Vec<Value> {
            document.children_from(id, middle).map(|element| intake.value(element)).collect()
        };
        scope(|scope| {
            let thread = Builder::new().spawn_scoped(scope, move || second(&mut Self::new(document)));
            let first = document.children(id).take_while(|element| *element < middle);
            let mut elements: Vec<Value> = first.map(|element| self.value(element)).collect();
            elements.extend(match thread {
                Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
                Err(_) => second(self),
            });
            elements
        })
    }

    fn object(&mut self, id: NodeId) -> Object {
        let document = self.document;
        let Some(first) = document.children(id).next() else { return Object::default() };
        let first = document.raw_key(first).unwrap_or_default();
        let shape = self.shapes.get(first).filter(|shape| shape.fits(document, id));
        let Some(mut object) = shape.map(|shape| shape.empty.clone()) else {
            return self.new_shape(first, id);
        };
        for (slot, child) in object.values_mut().zip(document.children(id)) {
            *slot = self.value(child);
        }
        object
    }

    fn new_shape(&mut self, first: &'a str, id: NodeId) -> Object {
        let document = self.document;
        let mut object = Object::default();
        let mut keys = Vec::new();
        for child in document.children(id) {
            let raw = document.raw_key(child).unwrap_or_default();
            let key = || Bytes::from(document.key(child).unwrap_or_default().into_owned());
            let key = self.keys.entry(raw).or_insert_with(key).clone();
            keys.push(raw);
            object.insert(key, self.value(child));
        }
        if keys.len() == object.len() {
            let empty = object.keys().map(|key| (key.clone(), Value::Null)).collect();
            self.shapes.insert(first, Shape { keys, empty });
        }
        object
    }
}

impl Shape<'_> {
    fn fits(&self, document: &Document, id: NodeId) -> bool {
        let mut members = document.children(id);
        let all = self
            .keys
            .iter()
            .all(|key| members.next().is_some_and(|member| document.has_raw_key(member, key)));
        all && members.next().is_none()
    }
}

/// A number with its digits. A value that was sent unquoted and is no number, such as `1+2`, becomes a string.
fn number(digits: &str) -> Value {
    let number = Number::from_text(digits.strip_prefix('+').unwrap_or(digits));
    number.map_or_else(|| Value::from(digits.to_owned()), Value::Number)
}
