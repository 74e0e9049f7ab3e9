//! The known fields and what each of them holds: one table, after the vendor's page, captured bodies and what users of
//! the API met.
//!
//! Both sides take it: whoever reads a field ([`list`], [`words`]) and the rule that says what is of an unexpected
//! shape ([`each_oddity`]). So a shape that is read although it was not expected is always a fact as well.

use std::borrow::Cow;

use super::field::Field;
use onebound_document::{Document, NodeId, NodeKind};

/// The expected type of a field, which may always be absent. PHP writes "nothing" as an empty container or text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldShape {
    /// It is not known.
    Any,
    /// A text, a number or null.
    Scalar,
    /// A text, a number or null. The texts in a container are joined: `{"state": "浙江", "city": "金华"}`.
    Words,
    /// A boolean, also one that is written as a text or number.
    Flag,
    /// An object.
    Map,
    /// A list. One that lies in an object, under this or another name, is read too, and so is a map of elements.
    List(&'static str),
    /// An object with a list under this name. A bare list is read too.
    Wrapped(&'static str),
    /// A list of pairs: minimum quantity and price. Objects with two such members are read too.
    Tiers,
}

/// Fields by name.
pub(super) type FieldTable = [(&'static str, FieldShape)];

use FieldShape::{Any, Flag, List, Map, Scalar, Tiers, Words, Wrapped};

/// Around the item.
pub(super) const ENVELOPE: &FieldTable = &[
    ("api_info", Scalar),
    ("api_type", Scalar),
    ("cache", Flag),
    ("call_args", Map),
    ("client_ip", Scalar),
    ("error", Scalar),
    ("error_code", Scalar),
    ("execution_time", Scalar),
    ("item", Map),
    ("items", Any),
    ("language", Any),
    ("last_id", Flag),
    ("reason", Scalar),
    ("request_id", Scalar),
    ("secache", Any),
    ("secache_date", Scalar),
    ("secache_time", Any),
    ("server_memory", Any),
    ("server_time", Scalar),
    ("success", Flag),
    ("translate_engine", Any),
    ("translate_language", Any),
    ("translate_status", Flag),
    ("translate_time", Any),
];

/// In the item. `sales_data` and the prices for drop-shipping (`agent…`) come where they were asked for.
pub(super) const ITEM: &FieldTable = &[
    ("_ddf", Any),
    ("agent_price", Any),
    ("batch_price", Scalar),
    ("brand", Any),
    ("brandId", Any),
    ("cid", Scalar),
    ("created_time", Any),
    ("crumbs", Any),
    ("data_from", Any),
    ("delist_time", Any),
    ("desc", Scalar),
    ("desc_img", List("img")),
    ("desc_short", Any),
    ("detail_url", Scalar),
    ("ems_fee", Scalar),
    ("error", Any),
    ("express_fee", Scalar),
    ("fans_count", Any),
    ("fav_count", Any),
    ("format_check", Any),
    ("freight", Scalar),
    ("has_discount", Any),
    ("is_promotion", Flag),
    ("is_support_mix", Flag),
    ("is_virtual", Any),
    ("item_imgs", List("item_img")),
    ("item_size", Any),
    ("item_weight", Scalar),
    ("j_weight", Scalar),
    ("location", Words),
    ("m_weight", Scalar),
    ("min_num", Scalar),
    ("mix_amount", Scalar),
    ("mix_begin", Scalar),
    ("mix_number", Scalar),
    ("modified_time", Any),
    ("nick", Scalar),
    ("num", Scalar),
    ("num_iid", Scalar),
    ("orginal_price", Scalar),
    ("pic_url", Scalar),
    ("post_fee", Scalar),
    ("price", Scalar),
    ("priceRange", Tiers),
    ("priceRangeOriginal", Any),
    ("promo_type", Any),
    ("prop_imgs", Wrapped("prop_img")),
    ("property_alias", Any),
    ("props", List("prop")),
    ("props_img", Map),
    ("props_imgs", Wrapped("prop_img")),
    ("props_list", Map),
    ("props_name", Any),
    ("relate_items", Any),
    ("rootCatId", Any),
    ("sales", Scalar),
    ("sales_data", Any),
    ("sales_info", Map),
    ("sample_id", Any),
    ("scale", Any),
    ("sellUnit", Any),
    ("seller_id", Scalar),
    ("seller_info", Map),
    ("shipping_to", Any),
    ("shop_id", Any),
    ("shop_item", Any),
    ("skus", Wrapped("sku")),
    ("suggestive_price", Scalar),
    ("title", Scalar),
    ("tmall", Flag),
    ("total_price", Any),
    ("total_sold", Scalar),
    ("unit", Scalar),
    ("url_log", Any),
    ("video", Map),
    ("warning", Any),
    ("weight", Scalar),
];

/// In a SKU.
pub(super) const SKU: &FieldTable = &[
    ("agent_price", Scalar),
    ("batch_price", Scalar),
    ("onepiece_price", Scalar),
    ("orginal_price", Scalar),
    ("price", Scalar),
    ("properties", Scalar),
    ("properties_name", Scalar),
    ("quantity", Scalar),
    ("sales", Scalar),
    ("sku_id", Scalar),
    ("sku_img", Scalar),
    ("spec_id", Scalar),
    ("total_price", Any),
];

/// In a prop.
pub(super) const PROP: &FieldTable = &[("label", Scalar), ("name", Scalar), ("value", Words)];

/// Whether a table names the field.
pub(super) fn names(table: &FieldTable, name: &str) -> bool {
    table.iter().any(|(known, _)| *known == name)
}

/// The expected type of a field; [`FieldShape::Any`] if the table does not have it.
pub(super) fn shape(table: &FieldTable, name: &str) -> FieldShape {
    table.iter().find(|(known, _)| *known == name).map_or(Any, |(_, shape)| *shape)
}

/// A list that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FoundList<'a> {
    /// The container whose children are the elements: mostly an array, else a map of them.
    pub(super) container: NodeId,
    /// Under which key it lies in the field's object; `None` where it is the field's own value.
    pub(super) inside: Option<Cow<'a, str>>,
}

/// The list that a field of the table holds, in whichever shape.
pub(super) fn list<'a>(
    document: &'a Document,
    object: NodeId,
    table: &FieldTable,
    name: &str,
) -> Option<FoundList<'a>> {
    let node = document.get(object, name)?;
    let bare = FoundList { container: node, inside: None };
    let wrapper = match shape(table, name) {
        List(wrapper) | Wrapped(wrapper) => wrapper,
        _ => "",
    };
    match document.kind(node) {
        NodeKind::Array => Some(bare),
        NodeKind::Object => in_object(document, node, wrapper),
        _ => None,
    }
}

/// The list in an object: under its usual name, or as the only member with objects in it; else the object is a map of
/// the elements.
fn in_object<'a>(document: &'a Document, object: NodeId, wrapper: &str) -> Option<FoundList<'a>> {
    let inside = |node: NodeId| FoundList { container: node, inside: document.key(node) };
    if let Some(node) = document.get(object, wrapper) {
        // PHP writes an empty list as an empty text.
        return matches!(document.kind(node), NodeKind::Array | NodeKind::Object).then(|| inside(node));
    }
    let mut members = document.children(object);
    let only = members.next().filter(|_| members.next().is_none());
    let holds_objects = |node: &NodeId| {
        let first = document.children(*node).next();
        document.kind(*node) == NodeKind::Array
            && first.is_some_and(|first| document.kind(first) == NodeKind::Object)
    };
    let list = only.filter(holds_objects).map(inside);
    Some(list.unwrap_or(FoundList { container: object, inside: None }))
}

/// How deep the texts of a container may lie, and how many of them are read.
const WORDS_DEPTH: usize = 3;
const MAX_WORDS: usize = 50;

/// A field of the table; where it is to hold words and they lie in a container, those.
pub(super) fn field<'a>(document: &'a Document, object: NodeId, table: &FieldTable, name: &str) -> Field<'a> {
    let field = Field::member(document, object, name);
    match field.container() {
        Some(node) if shape(table, name) == Words => words(document, node),
        _ => field,
    }
}

/// The texts in a container as one; the container itself where there are none.
pub(super) fn words(document: &Document, container: NodeId) -> Field<'_> {
    let mut words = Vec::new();
    gather(document, container, WORDS_DEPTH, &mut words);
    if words.is_empty() {
        return Field::from_node(document, container);
    }
    let parted = if document.kind(container) == NodeKind::Array { ", " } else { " " };
    Field::Text(Cow::Owned(words.join(parted)))
}

fn gather(document: &Document, node: NodeId, depth: usize, words: &mut Vec<String>) {
    for child in document.children(node) {
        if words.len() >= MAX_WORDS {
            return;
        }
        let field = Field::from_node(document, child);
        match (&field, depth) {
            (Field::List(_) | Field::Object(_), 1..) => gather(document, child, depth - 1, words),
            _ => words.extend(field.text().map(str::to_owned)),
        }
    }
}

/// Whether nothing at all is in it: null, a blank text, or a container of such.
pub(super) fn is_blank(document: &Document, node: NodeId) -> bool {
    match Field::from_node(document, node) {
        Field::List(node) | Field::Object(node) => {
            document.children(node).all(|child| is_blank(document, child))
        }
        field => !field.has_content(),
    }
}

/// Calls `each` with every field of the object that is not of the shape that the table has for it: what of it is odd,
/// and its path from the object.
pub(super) fn each_oddity(
    document: &Document,
    object: NodeId,
    table: &FieldTable,
    mut each: impl FnMut(NodeId, String),
) {
    let takes_scalars = table.iter().all(|(_, shape)| matches!(shape, Any | Scalar | Words));
    for member in document.children(object) {
        // Where all fields may be a text, a number or a null, nearly every member is done here.
        if takes_scalars && is_scalar(document.kind(member)) {
            continue;
        }
        let Some(key) = document.key(member) else { continue };
        let shape = shape(table, &key);
        if !shape.fits(document, member) {
            each(member, key.into_owned());
        } else if let Wrapped(inner) = shape {
            let inside = document.get(member, inner).filter(|inside| !List("").fits(document, *inside));
            if let Some(inside) = inside {
                each(inside, format!("{key}.{inner}"));
            }
        } else if shape == Tiers {
            let tiers = document.children(member).filter(|tier| !is_pair(document, *tier));
            tiers.for_each(|tier| each(tier, format!("{key}[]")));
        }
    }
}

impl FieldShape {
    /// Whether a value is what was expected, seen from outside.
    fn fits(self, document: &Document, node: NodeId) -> bool {
        let kind = document.kind(node);
        let is_empty = || match kind {
            NodeKind::Array => document.is_empty_container(node),
            NodeKind::String => document.text(node).trim().is_empty(),
            _ => kind == NodeKind::Null,
        };
        match self {
            Any => true,
            Scalar | Words => is_scalar(kind),
            Flag => is_scalar(kind) || kind == NodeKind::Bool,
            Map => kind == NodeKind::Object || is_empty(),
            List(_) | Tiers => kind == NodeKind::Array || is_empty(),
            Wrapped(inner) => is_empty() || kind == NodeKind::Object && holds(document, node, inner),
        }
    }
}

fn is_scalar(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::String | NodeKind::Number | NodeKind::Null)
}

/// Whether an object has this member, or none at all.
fn holds(document: &Document, object: NodeId, inner: &str) -> bool {
    document.get(object, inner).is_some() || document.is_empty_container(object)
}

fn is_pair(document: &Document, tier: NodeId) -> bool {
    let mut parts = document.children(tier);
    let mut scalar = || parts.next().is_some_and(|part| is_scalar(document.kind(part)));
    document.kind(tier) == NodeKind::Array && scalar() && scalar()
}

/// How the members of a tier are called where it is an object.
const TIER_QUANTITY: [&str; 11] = [
    "startQuantity",
    "start",
    "beginAmount",
    "beginNum",
    "begin",
    "minQuantity",
    "minNum",
    "min_num",
    "min",
    "quantity",
    "num",
];

/// Minimum quantity and price of one tier, as they were written; `None` where it holds no such two.
pub(super) fn tier(document: &Document, node: NodeId) -> Option<[String; 2]> {
    let text = |node: NodeId| Field::from_node(document, node).to_text();
    if document.kind(node) == NodeKind::Object {
        let quantity = TIER_QUANTITY.iter().find_map(|name| document.get(node, name))?;
        return Some([text(quantity), text(document.get(node, "price")?)]);
    }
    if let (Some(quantity), false) = (document.key(node), document.kind(node) == NodeKind::Array) {
        // A map of quantities to prices in place of the list.
        let counted = quantity.parse::<u64>().is_ok();
        return counted.then(|| [quantity.into_owned(), text(node)]);
    }
    let mut pair = document.children(node).map(text);
    Some([pair.next()?, pair.next()?])
}
