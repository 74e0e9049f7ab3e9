//! One SKU of an item: a choice on each of the item's axes, with its price and stock.

use std::borrow::Cow;

use super::field::Field;
use super::field_table;
use onebound_document::{Document, NodeId};

/// A view of one element of `skus.sku`.
#[derive(Clone, Copy, Debug)]
pub struct Sku<'a> {
    pub(super) document: &'a Document,
    pub(super) node: NodeId,
}

/// One property of a SKU: `0:1` on the axis `颜色` with the value `瓷白色`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property<'a> {
    /// `pid:vid`, as in `properties`.
    pub ids: &'a str,
    /// The axis; empty where the body does not name it.
    pub axis: &'a str,
    /// The value on that axis.
    pub value: &'a str,
}

impl<'a> Sku<'a> {
    /// The names of all fields that the API is known to send in a SKU.
    pub fn known_fields() -> impl Iterator<Item = &'static str> {
        field_table::SKU.iter().map(|(name, _)| *name)
    }

    /// Any field, by the API's name.
    pub fn field(&self, name: &str) -> Field<'a> {
        Field::member(self.document, self.node, name)
    }

    /// The raw JSON of the SKU.
    pub fn raw(&self) -> &'a str {
        self.document.raw(self.node)
    }

    /// The raw JSON of a field; `None` if it is absent.
    pub fn raw_field(&self, name: &str) -> Option<&'a str> {
        self.document.get(self.node, name).map(|node| self.document.raw(node))
    }

    /// The names of its fields, in the body's order; one that comes twice is named twice.
    pub fn names(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        let document = self.document;
        document.children(self.node).filter_map(move |member| document.key(member))
    }

    /// Its node in the document.
    pub fn node(&self) -> NodeId {
        self.node
    }

    /// The price in yuan, as sent.
    pub fn price(&self) -> Field<'a> {
        self.field("price")
    }

    /// Pieces in stock.
    pub fn quantity(&self) -> Field<'a> {
        self.field("quantity")
    }

    /// Pieces sold, by the vendor's count.
    pub fn sales(&self) -> Field<'a> {
        self.field("sales")
    }

    /// `sku_id`: a string, a number, null or absent.
    pub fn sku_id(&self) -> Field<'a> {
        self.field("sku_id")
    }

    /// Calls `each` with every property, in the body's order, of `properties_name` or else of `properties`.
    pub fn each_property(&self, mut each: impl FnMut(Property<'_>)) {
        let named = self.field("properties_name");
        if let Some(text) = named.text() {
            return pairs(text).for_each(|pair| each(property(pair)));
        }
        if let Some(text) = self.field("properties").text() {
            for ids in text.split(';').map(str::trim).filter(|ids| !ids.is_empty()) {
                each(Property { ids, axis: "", value: ids });
            }
        }
    }
}

/// Splits `0:0:机身内存:64GB;1:1:颜色:瓷白色` at the semicolons that begin a new pair of ids with its name: a
/// value may hold one of its own (`9:30;18:00`). Where no pair has a name (`0:0;1:1`), every one parts.
fn pairs(text: &str) -> impl Iterator<Item = &str> {
    let parts_of = |pair: &str| pair.trim().splitn(3, ':').count();
    let named = text.split(';').any(|pair| parts_of(pair) > 2);
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches([';', ' ']);
        if rest.is_empty() {
            return None;
        }
        let parts = rest.bytes().enumerate().filter(|(_, byte)| *byte == b';');
        let end = parts.map(|(at, _)| at).find(|&at| {
            let after = rest.get(at + 1..).unwrap_or_default().trim_start();
            after.is_empty() || begins_with_ids(after, named)
        });
        let (pair, after) = end.and_then(|at| rest.split_at_checked(at)).unwrap_or((rest, ""));
        rest = after;
        Some(pair.trim_end())
    })
}

/// Reads `0:0:机身内存:64GB`, `0:0:64GB` and `0:0`; what has none of these forms is all value.
fn property(pair: &str) -> Property<'_> {
    let plain = Property { ids: "", axis: "", value: pair };
    let Some((pid, rest)) = cut(pair, b':') else { return plain };
    let (vid, named) = cut(rest, b':').map_or((rest, None), |(vid, named)| (vid, Some(named)));
    if !(is_id(pid) && is_id(vid)) {
        return plain;
    }
    let ids = pair.get(..pid.len() + 1 + vid.len()).unwrap_or_default();
    match named.map(|named| cut(named, b':').ok_or(named)) {
        Some(Ok((axis, value))) => Property { ids, axis, value },
        Some(Err(value)) => Property { ids, axis: "", value },
        None => Property { ids, axis: "", value: ids },
    }
}

/// Whether the text begins with a pair of IDs, followed by a name if `named`.
fn begins_with_ids(text: &str, named: bool) -> bool {
    let pair = cut(text, b';').map_or(text, |(pair, _)| pair).trim();
    let Some((pid, rest)) = cut(pair, b':') else { return false };
    let (vid, is_named) = cut(rest, b':').map_or((rest, false), |(vid, _)| (vid, true));
    is_id(pid) && is_id(vid) && (!named || is_named)
}

/// Splits at the first of these bytes, as `split_once` does, whose search takes longer than texts this short.
fn cut(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|one| one == byte)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

fn is_id(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
