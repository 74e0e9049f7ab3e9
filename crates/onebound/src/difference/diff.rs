//! Two values side by side, down to the leaves: members by key in any order, elements by their place.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;

use super::description::without_pixel;
use super::value::{Change, ChangedValue};
use crate::Field;
use crate::field_table::{self, FoundList};
use onebound_document::{Document, NodeId, NodeKind};

/// Objects with more members than this are looked up by hash.
const MANY: usize = 24;

/// The nodes on either side; `None` where it is absent.
pub(super) type Pair = (Option<NodeId>, Option<NodeId>);

/// A comparison: the current path and the changes so far.
pub(super) struct Comparison<'a> {
    /// The earlier answer.
    pub(super) before: &'a Document,
    /// The later one.
    pub(super) after: &'a Document,
    path: String,
    found: Vec<Change>,
}

/// The members of an object by key; of duplicates the last counts.
enum Members<'a> {
    Few(&'a Document, NodeId),
    Many(HashMap<Cow<'a, str>, NodeId>),
}

impl<'a> Comparison<'a> {
    pub(super) fn new(before: &'a Document, after: &'a Document) -> Self {
        Self { before, after, path: String::new(), found: Vec::new() }
    }

    /// Takes the changes found so far.
    pub(super) fn take(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.found)
    }

    /// Adds changes that were found in another way.
    pub(super) fn add(&mut self, changes: Vec<Change>) {
        self.found.extend(changes);
    }

    /// The changes that `compare` finds, apart from those found so far.
    pub(super) fn aside(&mut self, compare: impl FnOnce(&mut Self)) -> Vec<Change> {
        let so_far = self.found.len();
        compare(self);
        self.found.drain(so_far..).collect()
    }

    /// Compares under a path.
    pub(super) fn within(&mut self, path: &str, compare: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push_str(path);
        compare(self);
        self.path.truncate(length);
    }

    /// Compares the member `name` of two objects.
    pub(super) fn member(&mut self, name: &str, before: NodeId, after: NodeId) {
        self.named(name, (self.before.get(before, name), self.after.get(after, name)));
    }

    /// The member `name` of two objects, where they differ as written.
    pub(super) fn differing(
        &self,
        name: &str,
        before: NodeId,
        after: NodeId,
    ) -> Option<(Side<'a>, Side<'a>)> {
        let pair = (self.before.get(before, name), self.after.get(after, name));
        let sides =
            (Side { document: self.before, node: pair.0 }, Side { document: self.after, node: pair.1 });
        (!self.same(pair)).then_some(sides)
    }

    /// Compares the members of two objects but for those left out.
    pub(super) fn members(&mut self, before: NodeId, after: NodeId, left_out: &[&str]) {
        if self.same_keys(before, after) {
            let (old, new) = (self.before, self.after);
            for (a, b) in old.children(before).zip(new.children(after)) {
                if !self.same((Some(a), Some(b))) {
                    let key = old.key(a).unwrap_or_default();
                    if !left_out.contains(&key.as_ref()) {
                        self.named(&key, (Some(a), Some(b)));
                    }
                }
            }
            return;
        }
        let (own, others) = (Members::new(self.before, before), Members::new(self.after, after));
        for (key, member) in own.counting(self.before, before, left_out) {
            self.named(&key, (Some(member), others.get(&key)));
        }
        for (key, member) in others.counting(self.after, after, left_out) {
            if own.get(&key).is_none() {
                self.named(&key, (None, Some(member)));
            }
        }
    }

    /// Compares two values under a name.
    pub(super) fn named(&mut self, name: &str, pair: Pair) {
        if self.same(pair) {
            return;
        }
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        self.value(pair);
        self.path.truncate(length);
    }

    /// Compares the members around the elements of two lists, the fields of this name in two items, and returns the
    /// lists.
    pub(super) fn around(&mut self, name: &'static str, before: NodeId, after: NodeId) -> Pair {
        let pair = (self.before.get(before, name), self.after.get(after, name));
        let found = |document, item| field_table::list(document, item, field_table::ITEM, name);
        let lists = (found(self.before, before), found(self.after, after));
        let inside = |list: &Option<FoundList<'_>>| Some(list.as_ref()?.inside.as_ref()?.to_string());
        let inner = inside(&lists.0).or_else(|| inside(&lists.1));
        if let ((Some(a), Some(b)), Some(inner)) = (pair, inner)
            && self.before.kind(a) == NodeKind::Object
            && self.after.kind(b) == NodeKind::Object
        {
            let length = self.path.len();
            self.path.push_str(name);
            self.members(a, b, &[&inner]);
            let pair = (self.before.get(a, &inner), self.after.get(b, &inner));
            self.shape(&inner, pair);
            self.path.truncate(length);
        } else {
            self.shape(name, pair);
        }
        (lists.0.map(|list| list.container), lists.1.map(|list| list.container))
    }

    /// Compares two values but for the elements of two containers of the same kind.
    fn shape(&mut self, name: &str, pair: Pair) {
        if let (Some(a), Some(b)) = pair
            && self.before.kind(a) == self.after.kind(b)
            && matches!(self.before.kind(a), NodeKind::Array | NodeKind::Object)
        {
            return;
        }
        self.named(name, pair);
    }

    fn value(&mut self, pair: Pair) {
        if let (Some(a), Some(b)) = pair {
            match (self.before.kind(a), self.after.kind(b)) {
                (NodeKind::Object, NodeKind::Object) => return self.members(a, b, &[]),
                (NodeKind::Array, NodeKind::Array) => return self.elements(a, b),
                (NodeKind::String, NodeKind::String) if self.read_the_same(a, b) => return,
                _ => {}
            }
        }
        let (before, after) =
            (ChangedValue::from_node(self.before, pair.0), ChangedValue::from_node(self.after, pair.1));
        self.found.push(Change::new(name_of(&self.path), before, after));
    }

    fn elements(&mut self, before: NodeId, after: NodeId) {
        let (mut old, mut new) = (self.before.children(before), self.after.children(after));
        let pairs = std::iter::from_fn(|| {
            let pair = (old.next(), new.next());
            (pair != (None, None)).then_some(pair)
        });
        for (place, pair) in pairs.enumerate() {
            if !self.same(pair) {
                let length = self.path.len();
                // Writing to a String does not fail.
                let _ = write!(self.path, "[{place}]");
                self.value(pair);
                self.path.truncate(length);
            }
        }
    }

    /// Whether both are written alike, or both are not there.
    pub(super) fn same(&self, pair: Pair) -> bool {
        match pair {
            (Some(a), Some(b)) => self.before.raw_bytes(a) == self.after.raw_bytes(b),
            (None, None) => true,
            _ => false,
        }
    }

    fn read_the_same(&self, before: NodeId, after: NodeId) -> bool {
        let (before, after) = (self.before.text(before), self.after.text(after));
        before == after || without_pixel(&before) == without_pixel(&after)
    }

    fn same_keys(&self, before: NodeId, after: NodeId) -> bool {
        let (mut old, mut new) = (self.before.children(before), self.after.children(after));
        loop {
            match (old.next(), new.next()) {
                (None, None) => return true,
                (Some(a), Some(b)) if self.before.has_same_key(a, self.after, b) => {}
                _ => return false,
            }
        }
    }
}

/// A value of one of the two answers.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub(super) document: &'a Document,
    pub(super) node: Option<NodeId>,
}

impl<'a> Side<'a> {
    /// The name of the JSON type, and the text.
    pub(super) fn typed_text(self) -> (&'static str, Cow<'a, str>) {
        match self.node {
            Some(node) => (Field::from_node(self.document, node).type_name(), self.document.text(node)),
            None => (Field::Absent.type_name(), Cow::Borrowed("")),
        }
    }
}

impl<'a> Members<'a> {
    fn new(document: &'a Document, object: NodeId) -> Self {
        if document.children(object).nth(MANY).is_none() {
            return Self::Few(document, object);
        }
        let keyed = |member| Some((document.key(member)?, member));
        Self::Many(document.children(object).filter_map(keyed).collect())
    }

    fn get(&self, key: &str) -> Option<NodeId> {
        match self {
            Self::Few(document, object) => document.get(*object, key),
            Self::Many(members) => members.get(key).copied(),
        }
    }

    /// The members that count, in the body's order.
    fn counting<'m>(
        &'m self,
        document: &'a Document,
        object: NodeId,
        left_out: &'m [&str],
    ) -> impl Iterator<Item = (Cow<'a, str>, NodeId)> + 'm
    where
        'a: 'm,
    {
        let keyed = document.children(object).filter_map(move |member| Some((document.key(member)?, member)));
        keyed.filter(|(key, member)| !left_out.contains(&key.as_ref()) && self.get(key) == Some(*member))
    }
}

/// The names that 10,000 SKUs share are not written out 10,000 times.
fn name_of(path: &str) -> Cow<'static, str> {
    match path {
        "price" => Cow::Borrowed("price"),
        "quantity" => Cow::Borrowed("quantity"),
        "sales" => Cow::Borrowed("sales"),
        other => Cow::Owned(other.to_owned()),
    }
}
