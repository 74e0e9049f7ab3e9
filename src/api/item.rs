//! The item of an answer: its fields, its SKUs with their axes, its props.
//!
//! [`ItemIndex`] is made once, off the loop; [`Item`] is a view of it that reads every field from the
//! document when it is asked for. Field names and shapes follow the vendor's page and captured bodies.

use std::sync::OnceLock;

use super::lenient::Field;
use super::overview::{Overview, first_axes};
use super::prop::Prop;
use super::sku::{Property, Sku};
use crate::document::{Document, Kind, NodeId};

/// Of so many SKUs the axes are known from the start.
const FIRST: usize = 1_000;

/// Where an item's parts stand in its document.
#[derive(Clone, Debug)]
pub struct ItemIndex {
    pub(super) node: NodeId,
    pub(super) skus: Vec<NodeId>,
    props: Vec<NodeId>,
    /// The axes of the first SKUs: nearly always those of all.
    first_axes: Vec<String>,
    /// What only a walk over all SKUs tells: of a large body taken when somebody wants to know.
    overview: OnceLock<Overview>,
}

/// A minimum quantity and the price from there on (`priceRange`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceTier {
    /// Pieces.
    pub quantity: String,
    /// Yuan.
    pub price: String,
}

/// A view of an item.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    pub(super) document: &'a Document,
    pub(super) index: &'a ItemIndex,
}

impl PriceTier {
    /// The tier that holds for so many pieces: the last whose minimum is reached.
    pub fn at(tiers: &[Self], quantity: u64) -> Option<&Self> {
        let minimum = |tier: &Self| tier.quantity.trim().parse::<u64>().ok();
        let reached = tiers.iter().filter(|tier| minimum(tier).is_some_and(|minimum| minimum <= quantity));
        reached.max_by_key(|tier| minimum(tier))
    }
}

impl ItemIndex {
    /// Indexes the object `node`. Nothing in it can make this fail.
    pub fn of(document: &Document, node: NodeId) -> Self {
        let skus = elements(document, skus_container(document, node));
        let props = match Field::of(document, node, "props").container() {
            Some(list) => document.children(list).collect(),
            None => Vec::new(),
        };
        let mut index = Self { node, skus, props, first_axes: Vec::new(), overview: OnceLock::new() };
        let first = index.skus.get(..index.skus.len().min(FIRST)).unwrap_or_default();
        index.first_axes = first_axes(Item { document, index: &index }, first);
        index
    }

    /// The view on it; `document` must be the one it was made of.
    pub fn view<'a>(&'a self, document: &'a Document) -> Item<'a> {
        Item { document, index: self }
    }
}

impl<'a> Item<'a> {
    /// Its node in the document.
    pub(super) fn node(self) -> NodeId {
        self.index.node
    }

    /// The container whose objects are its SKUs.
    pub(super) fn sku_list(self) -> Option<NodeId> {
        skus_container(self.document, self.index.node)
    }

    /// Any field, by the API's name.
    pub fn field(self, name: &str) -> Field<'a> {
        Field::of(self.document, self.index.node, name)
    }

    /// A field of the object `name`, such as `seller_info`.
    pub fn inner(self, name: &str, inner: &str) -> Field<'a> {
        match self.field(name) {
            Field::Object(node) => Field::of(self.document, node, inner),
            _ => Field::Absent,
        }
    }

    /// An item is there when it has an id, and SKUs or a price: a not-found answer may hold a stub. A title or a price
    /// of an odd type is one all the same; a price of 0 alone is none.
    pub fn is_complete(self) -> bool {
        let says = |name: &str| match self.field(name) {
            Field::List(node) | Field::Object(node) => !self.document.is_empty_container(node),
            field => field.says_something(),
        };
        self.field("num_iid").text().is_some()
            && (!self.index.skus.is_empty() || says("price") && (says("title") || !self.is_priced_at_zero()))
    }

    fn is_priced_at_zero(self) -> bool {
        self.field("price").number() == Some(0.0)
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

    /// The overview; takes the walk for it where nobody did yet.
    pub fn overview(self) -> &'a Overview {
        self.index.overview.get_or_init(|| Overview::of(self))
    }

    /// The overview, once somebody took the walk for it.
    pub fn overview_so_far(self) -> Option<&'a Overview> {
        self.index.overview.get()
    }

    /// The axes, as far as they are known: further ones follow these.
    pub fn axes_so_far(self) -> &'a [String] {
        self.overview_so_far().map_or(&self.index.first_axes, |overview| &overview.axes)
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

    /// `priceRange`: what a piece costs from which quantity on.
    pub fn price_tiers(self) -> Vec<PriceTier> {
        let Some(list) = self.field("priceRange").container() else { return Vec::new() };
        let tier = |node| {
            let mut pair = self.document.children(node).map(|part| Field::at(self.document, part).to_text());
            Some(PriceTier { quantity: pair.next()?, price: pair.next()? })
        };
        self.document.children(list).filter_map(tier).collect()
    }

    /// How many entries a list such as `item_imgs` holds.
    pub fn count_of(self, name: &str) -> usize {
        self.field(name).container().map_or(0, |list| self.document.children(list).count())
    }

    /// The fields whose names begin so and that say something, with those inside of objects under
    /// `outer.inner`: how `sales_data` and the drop-shipping prices come.
    pub fn fields_named(self, prefix: &str) -> Vec<(String, Field<'a>)> {
        let mut found = Vec::new();
        for member in self.document.children(self.index.node) {
            let Some(key) = self.document.key(member).filter(|key| key.starts_with(prefix)) else { continue };
            match Field::at(self.document, member) {
                Field::Object(node) => found.extend(self.document.children(node).filter_map(|inner| {
                    let name = self.document.key(inner)?;
                    Some((format!("{key}.{name}"), Field::at(self.document, inner)))
                })),
                field if field.says_something() => found.push((key.into_owned(), field)),
                _ => {}
            }
        }
        found
    }
}

/// `skus` is `{"sku": […]}`; a bare list, `[]` and `""` have been seen or are to be expected.
fn skus_container(document: &Document, item: NodeId) -> Option<NodeId> {
    match Field::of(document, item, "skus") {
        Field::Object(skus) => Field::of(document, skus, "sku").container(),
        other => other.container(),
    }
}

fn elements(document: &Document, container: Option<NodeId>) -> Vec<NodeId> {
    let Some(container) = container else { return Vec::new() };
    document.children(container).filter(|&node| document.kind(node) == Kind::Object).collect()
}
