//! Keys that occur twice in one object.
//!
//! Most objects have the same keys in the same order as the one before them, so the keys are read once as a
//! [`KeyLayout`], and then only compared.

use std::collections::HashSet;

use onebound_document::{Document, NodeId, NodeKind};

/// The keys of an object, in order.
#[derive(Debug, Default)]
pub(super) struct KeyLayout {
    pub(super) names: Vec<String>,
    /// Positions of keys that occurred earlier in the same object.
    doubled: Vec<usize>,
}

/// Keys that came twice: how many, and the first of them.
#[derive(Debug, Default)]
pub(super) struct Duplicates {
    pub(super) count: usize,
    pub(super) first: Option<NodeId>,
}

impl KeyLayout {
    pub(super) fn new(document: &Document, members: &[NodeId]) -> Self {
        let names: Vec<String> =
            members.iter().map(|&member| document.key(member).unwrap_or_default().into_owned()).collect();
        let mut seen = HashSet::new();
        let doubled = (0..names.len()).filter(|&at| !names.get(at).is_some_and(|name| seen.insert(name)));
        let doubled = doubled.collect();
        Self { names, doubled }
    }

    pub(super) fn fits(&self, document: &Document, members: &[NodeId]) -> bool {
        let mut pairs = members.iter().zip(&self.names);
        self.names.len() == members.len() && pairs.all(|(&member, name)| document.has_key(member, name))
    }
}

impl Duplicates {
    pub(super) fn meet(&mut self, shape: &KeyLayout, members: &[NodeId]) {
        self.count += shape.doubled.len();
        let here = shape.doubled.first().and_then(|&at| members.get(at)).copied();
        self.first = self.first.into_iter().chain(here).min();
    }

    /// In these containers and all in them, but for the SKUs, which were looked at before.
    pub(super) fn find_in(&mut self, document: &Document, mut to_visit: Vec<NodeId>, skus: Option<NodeId>) {
        let (mut shape, mut members) = (KeyLayout::default(), Vec::new());
        while let Some(container) = to_visit.pop() {
            let is_object = document.kind(container) == NodeKind::Object;
            members.clear();
            for member in document.children(container) {
                let kind = document.kind(member);
                let is_sku = skus == Some(container) && kind == NodeKind::Object;
                if matches!(kind, NodeKind::Object | NodeKind::Array) && !is_sku {
                    to_visit.push(member);
                }
                if is_object {
                    members.push(member);
                }
            }
            if is_object && !shape.fits(document, &members) {
                shape = KeyLayout::new(document, &members);
            }
            if is_object {
                self.meet(&shape, &members);
            }
        }
    }
}
