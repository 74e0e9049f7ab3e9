//! The item of an answer: its fields, its SKUs with their axes, its props.
//!
//! [`ItemIndex`] is made once, off the loop; [`Item`] is a view of it that reads every field from the
//! document when it is asked for. Field names and shapes follow the vendor's page and captured bodies.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use super::description::DescriptionText;
use super::field::Field;
use super::field_table;
use super::overview::{Overview, first_axes};
use super::prop::Prop;
use super::quote::PriceTier;
use super::sku::{Property, Sku};
use onebound_document::{Document, NodeId, NodeKind};

/// The axes of this many SKUs are read at once.
const FIRST: usize = 1_000;

/// The nodes of an item's parts in its document.
#[derive(Clone, Debug)]
pub struct ItemIndex {
    pub(super) node: NodeId,
    pub(super) skus: Vec<NodeId>,
    props: Vec<NodeId>,
    /// The axes of the first SKUs: nearly always those of all.
    first_axes: Vec<String>,
    /// Computed on first use.
    overview: OnceLock<Overview>,
    /// The addresses of the pictures of property values, by their ids. Computed on first use.
    pub(super) value_pictures: OnceLock<HashMap<String, String>>,
    /// Parsed on first use.
    description: OnceLock<DescriptionText>,
}

/// A view of an item.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    pub(super) document: &'a Document,
    pub(super) index: &'a ItemIndex,
}

impl ItemIndex {
    /// Indexes the object `node`. Never fails, whatever it contains.
    pub fn new(document: &Document, node: NodeId) -> Self {
        let list =
            |name| field_table::list(document, node, field_table::ITEM, name).map(|list| list.container);
        let elements = |container| document.children(container);
        let is_sku = |node: &NodeId| document.kind(*node) == NodeKind::Object;
        let skus = list("skus").into_iter().flat_map(elements).filter(is_sku).collect();
        let props = list("props").into_iter().flat_map(elements).collect();
        let mut index = Self {
            node,
            skus,
            props,
            first_axes: Vec::new(),
            overview: OnceLock::new(),
            value_pictures: OnceLock::new(),
            description: OnceLock::new(),
        };
        let first = index.skus.get(..index.skus.len().min(FIRST)).unwrap_or_default();
        index.first_axes = first_axes(Item { document, index: &index }, first);
        index
    }

    /// A view of the item; `document` must be the one that was indexed.
    pub fn view<'a>(&'a self, document: &'a Document) -> Item<'a> {
        Item { document, index: self }
    }
}

impl<'a> Item<'a> {
    /// Its raw JSON.
    pub fn raw(self) -> &'a str {
        self.document.raw(self.index.node)
    }

    /// Its node in the document.
    pub(super) fn node(self) -> NodeId {
        self.index.node
    }

    /// The container whose objects are its SKUs.
    pub(super) fn sku_list(self) -> Option<NodeId> {
        self.list("skus")
    }

    /// The path of the SKU list: `item.skus.sku`, or `item.skus` for a bare list.
    pub(super) fn sku_list_name(self) -> String {
        let found = field_table::list(self.document, self.index.node, field_table::ITEM, "skus");
        match found.and_then(|list| list.inside) {
            Some(inside) => format!("item.skus.{inside}"),
            None => "item.skus".to_owned(),
        }
    }

    /// The container of the elements of a list such as `item_imgs`, in whichever shape it came.
    pub(super) fn list(self, name: &str) -> Option<NodeId> {
        field_table::list(self.document, self.index.node, field_table::ITEM, name).map(|list| list.container)
    }

    /// Any field, by the API's name. Where texts are expected and came in a container (`location`), they are read as
    /// one.
    pub fn field(self, name: &str) -> Field<'a> {
        field_table::field(self.document, self.index.node, field_table::ITEM, name)
    }

    /// The node of a field in the answer's document.
    pub fn node_of(self, name: &str) -> Option<NodeId> {
        self.document.get(self.index.node, name)
    }

    /// The raw JSON of a field; `None` if it is absent.
    pub fn raw_field(self, name: &str) -> Option<&'a str> {
        self.node_of(name).map(|node| self.document.raw(node))
    }

    /// The members of a map such as `props_list`, by their keys.
    pub fn entries_of(self, name: &str) -> impl Iterator<Item = (Cow<'a, str>, Field<'a>)> {
        let map = self.field(name).container().into_iter();
        let document = self.document;
        let entries = map.flat_map(|map| document.children(map));
        entries.filter_map(|entry| Some((document.key(entry)?, Field::from_node(document, entry))))
    }

    /// Its description as text.
    pub fn description(self) -> &'a DescriptionText {
        self.index.description.get_or_init(|| DescriptionText::from_item(self))
    }

    /// A field of the object `name`, such as `seller_info`.
    pub fn inner(self, name: &str, inner: &str) -> Field<'a> {
        match self.field(name) {
            Field::Object(node) => Field::member(self.document, node, inner),
            _ => Field::Absent,
        }
    }

    /// An item is there when it has an id, and SKUs or a price: a not-found answer may hold a stub. A title or a price
    /// of an odd type is one all the same; a price of 0 alone is none.
    pub fn is_complete(self) -> bool {
        let says = |name: &str| match self.field(name) {
            Field::List(node) | Field::Object(node) => !self.document.is_empty_container(node),
            field => field.has_content(),
        };
        self.field("num_iid").text().is_some()
            && (!self.index.skus.is_empty() || says("price") && (says("title") || !self.is_priced_at_zero()))
    }

    fn is_priced_at_zero(self) -> bool {
        self.field("price").price().is_some_and(|price| price.high().is_zero())
    }

    /// How many SKUs it has.
    pub fn sku_count(self) -> usize {
        self.index.skus.len()
    }

    /// A SKU, in the body's order.
    pub fn sku(self, at: usize) -> Option<Sku<'a>> {
        self.index.skus.get(at).map(|&node| Sku { document: self.document, node })
    }

    /// All SKUs, in the body's order.
    pub fn skus(self) -> impl Iterator<Item = Sku<'a>> {
        self.index.skus.iter().map(move |&node| Sku { document: self.document, node })
    }

    /// The overview; the first call takes a pass over all SKUs.
    pub fn overview(self) -> &'a Overview {
        self.index.overview.get_or_init(|| Overview::new(self))
    }

    /// The overview, if it was computed before.
    pub fn known_overview(self) -> Option<&'a Overview> {
        self.index.overview.get()
    }

    /// The axes of the first 1,000 SKUs, or of all once the overview is computed.
    pub fn known_axes(self) -> &'a [String] {
        self.known_overview().map_or(&self.index.first_axes, |overview| &overview.axes)
    }

    /// Calls `each` with the SKU's properties. Where the SKU does not name them itself, `props_list` does.
    pub fn each_property(self, sku: Sku<'a>, mut each: impl FnMut(Property<'_>)) {
        sku.each_property(|own| {
            if !own.axis.is_empty() {
                return each(own);
            }
            let listed = self.inner("props_list", own.ids);
            let pid = own.ids.split(':').next().unwrap_or_default();
            let named = listed.text().and_then(|text| text.split_once(':'));
            let (axis, value) = named.unwrap_or((pid, own.value));
            each(Property { ids: own.ids, axis, value });
        });
    }

    /// How many props it has.
    pub fn prop_count(self) -> usize {
        self.index.props.len()
    }

    /// A prop, in the body's order.
    pub fn prop(self, at: usize) -> Option<Prop<'a>> {
        self.index.props.get(at).map(|&node| Prop { document: self.document, node })
    }

    /// `priceRange`: what a piece costs from which quantity on. Malformed tiers are left out and reported as a fact.
    pub fn price_tiers(self) -> Vec<PriceTier> {
        let tiers = self.field("priceRange").container().into_iter();
        let read = tiers.flat_map(|list| self.document.children(list));
        let tier = |[quantity, price]: [String; 2]| PriceTier { quantity, price };
        read.filter_map(|node| field_table::tier(self.document, node).map(tier)).collect()
    }

    /// How many entries a list such as `item_imgs` holds.
    pub fn count_of(self, name: &str) -> usize {
        self.list(name).map_or(0, |list| self.document.children(list).count())
    }

    /// The addresses of images in a list such as `item_imgs`, as they were written: of an entry its `url`, or itself.
    pub(super) fn addresses_in(self, name: &str) -> impl Iterator<Item = String> {
        let entries = self.list(name).into_iter().flat_map(|list| self.document.children(list));
        let address = |entry| match Field::from_node(self.document, entry) {
            Field::Object(entry) => Field::member(self.document, entry, "url").to_text(),
            entry => entry.to_text(),
        };
        entries.map(address).filter(|address| !address.is_empty())
    }
}
