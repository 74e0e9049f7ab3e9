//! Lists of items: the result of a search, of a shop, or an `item` that is a list.

use super::field::Field;
use super::field_table::{self, is_blank};
use onebound_document::{Document, NodeId, NodeKind};

/// The items of an answer; a list has fewer fields of each than `item_get`.
#[derive(Clone, Debug)]
pub struct ItemList<'a> {
    document: &'a Document,
    rows: Vec<NodeId>,
}

/// One item of an [`ItemList`].
#[derive(Clone, Copy, Debug)]
pub struct ListedItem<'a> {
    document: &'a Document,
    node: NodeId,
}

impl<'a> ItemList<'a> {
    /// The list in `item`, or in `items`; `None` where there is none with anything in it.
    pub(super) fn find(document: &'a Document, root: NodeId) -> Option<Self> {
        let said = |node: &NodeId| !is_blank(document, *node);
        let list =
            document.get(root, "item").filter(|node| document.kind(*node) == NodeKind::Array && said(node));
        let items = || document.get(root, "items").filter(said);
        let list = list.or_else(|| {
            let items = items()?;
            match document.get(items, "item") {
                Some(inner) => Some(inner).filter(said),
                None => Some(items).filter(|items| document.kind(*items) == NodeKind::Array),
            }
        })?;
        let is_object = |node: &NodeId| document.kind(*node) == NodeKind::Object;
        // A single item in place of a list with one element.
        let rows: Vec<NodeId> = match document.kind(list) {
            NodeKind::Array => document.children(list).filter(is_object).collect(),
            _ => [list].into_iter().filter(is_object).collect(),
        };
        (!rows.is_empty()).then_some(Self { document, rows })
    }

    /// The number of items.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Always false: without an item there is no list.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The item at this index.
    pub fn get(&self, at: usize) -> Option<ListedItem<'a>> {
        self.rows.get(at).map(|&node| ListedItem { document: self.document, node })
    }

    /// All items, in the order of the body.
    pub fn iter(&self) -> impl Iterator<Item = ListedItem<'a>> {
        let document = self.document;
        self.rows.iter().map(move |&node| ListedItem { document, node })
    }
}

impl<'a> ListedItem<'a> {
    /// Any field, by the API's name.
    pub fn field(&self, name: &str) -> Field<'a> {
        field_table::field(self.document, self.node, field_table::ITEM, name)
    }

    /// Its node in the answer's document.
    pub fn node(&self) -> NodeId {
        self.node
    }

    /// The answer's document.
    pub(super) fn document(&self) -> &'a Document {
        self.document
    }
}
