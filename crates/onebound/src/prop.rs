//! One prop of an item: a name and a value, as the seller wrote them.

use super::field::Field;
use super::field_table;
use onebound_document::{Document, NodeId, NodeKind};

/// A view of one element of `props`.
#[derive(Clone, Copy, Debug)]
pub struct Prop<'a> {
    pub(super) document: &'a Document,
    pub(super) node: NodeId,
}

impl<'a> Prop<'a> {
    /// `name`, or `label` where a body has that instead.
    pub fn name(&self) -> Field<'a> {
        match Field::member(self.document, self.node, "name") {
            Field::Absent => match self.document.key(self.node) {
                // A map of names to values in place of the list.
                Some(key) if self.document.kind(self.node) != NodeKind::Object => Field::Text(key),
                _ => Field::member(self.document, self.node, "label"),
            },
            name => name,
        }
    }

    /// `value`; an element that is no object is its own value. Several values in a list are read as one text.
    pub fn value(&self) -> Field<'a> {
        match self.document.kind(self.node) {
            NodeKind::Object => field_table::field(self.document, self.node, field_table::PROP, "value"),
            NodeKind::Array => field_table::words(self.document, self.node),
            _ => Field::from_node(self.document, self.node),
        }
    }

    /// Its node in the document.
    pub fn node(&self) -> NodeId {
        self.node
    }
}
