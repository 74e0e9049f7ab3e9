//! What takes a pass over all SKUs of an item: their axes, the range of their prices, and fields of unexpected types.

use std::collections::BTreeMap;

use super::field::Field;
use super::field_table::{self, FieldTable};
use super::item::Item;
use super::parallel::join2;
use super::price::Price;
use super::sku::Sku;
use onebound_document::{Document, NodeId, NodeKind};

/// The results of reading all SKUs and all fields of an item.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The names of the SKUs' axes (`机身内存`, `颜色`), in the order in which they first occur.
    pub axes: Vec<String>,
    /// The prices of the SKUs; the item's own price may lie outside.
    pub sku_prices: SkuPrices,
    /// Fields of unexpected types; their raw values stay readable.
    pub oddities: Vec<Oddity>,
}

/// The prices of all SKUs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SkuPrices {
    /// From the cheapest to the dearest; `None` where no SKU has a price in figures.
    pub span: Option<Price>,
    /// SKUs whose price is not in figures (`面议`, null, absent): the span is without them.
    pub left_out: usize,
    /// The first of those.
    pub(super) first_left_out: Option<NodeId>,
    /// SKUs whose price is no plain number: with a currency sign, separators, or a range.
    pub(super) spelled: usize,
    /// The first of those.
    pub(super) first_spelled: Option<NodeId>,
}

/// A field of an unexpected type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oddity {
    /// `item.price`, `item.skus.sku[].quantity`
    pub path: String,
    /// JSON's name of the type.
    pub found: &'static str,
    /// The number of places.
    pub places: usize,
    /// The first place.
    pub(super) first: NodeId,
}

impl Overview {
    pub(super) fn new(item: Item<'_>) -> Self {
        let Item { document, index } = item;
        let summary = SkuSummary::of_item(item);
        let mut found = summary.oddities;
        count_oddities(document, index.node, "item.", field_table::ITEM, &mut found);
        count_strays(item, &mut found);
        for at in 0..item.prop_count() {
            let Some(prop) = item.prop(at) else { break };
            match document.kind(prop.node()) {
                NodeKind::Object => {
                    count_oddities(document, prop.node(), "item.props[].", field_table::PROP, &mut found);
                }
                // In a map of names to values, or in place of name and value.
                NodeKind::Array => meet(&mut found, document, prop.node(), "item.props[]".to_owned()),
                _ => {}
            }
        }
        Self { axes: summary.axes, sku_prices: summary.prices, oddities: oddities(found) }
    }
}

/// Count and first node by path and type.
type Oddities = BTreeMap<(String, &'static str), (usize, NodeId)>;

/// From this many SKUs on, a second thread pays off.
const MANY: usize = 4_096;

/// The results of one pass over a range of the SKUs.
#[derive(Default)]
struct SkuSummary {
    axes: Vec<String>,
    prices: SkuPrices,
    oddities: Oddities,
}

/// The axes of these of its SKUs.
pub(super) fn first_axes(item: Item<'_>, skus: &[NodeId]) -> Vec<String> {
    SkuSummary::new(item, skus).axes
}

/// The fields of an object that are of another shape than the table has for them.
pub(super) fn oddities_of(document: &Document, object: NodeId, table: &FieldTable) -> Vec<Oddity> {
    let mut found = Oddities::new();
    count_oddities(document, object, "", table, &mut found);
    oddities(found)
}

fn oddities(found: Oddities) -> Vec<Oddity> {
    let oddity = |((path, found), (places, first))| Oddity { path, found, places, first };
    found.into_iter().map(oddity).collect()
}

impl SkuPrices {
    /// Adds the price of a SKU.
    fn meet(&mut self, sku: Sku<'_>) {
        let written = sku.price();
        let Some(price) = written.price() else {
            self.left_out += 1;
            self.first_left_out.get_or_insert(sku.node());
            return;
        };
        if matches!(&written, Field::Text(text) if !is_plain(text)) {
            self.spelled += 1;
            self.first_spelled.get_or_insert(sku.node());
        }
        self.span = Some(self.span.map_or(price, |span| span.spanning(price)));
    }

    fn followed_by(self, later: Self) -> Self {
        let span = match (self.span, later.span) {
            (Some(span), Some(later)) => Some(span.spanning(later)),
            (span, later) => span.or(later),
        };
        Self {
            span,
            left_out: self.left_out + later.left_out,
            first_left_out: self.first_left_out.or(later.first_left_out),
            spelled: self.spelled + later.spelled,
            first_spelled: self.first_spelled.or(later.first_spelled),
        }
    }
}

/// Whether every reader of numbers takes it for one.
pub(super) fn is_plain(price: &str) -> bool {
    let digits = price.trim();
    digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') || digits.parse::<f64>().is_ok()
}

impl SkuSummary {
    fn of_item(item: Item<'_>) -> Self {
        let skus = &item.index.skus;
        let (front, back) = skus.split_at(skus.len() / 2);
        let many = skus.len() >= MANY;
        let (front, back) = join2(many, || Self::new(item, front), || Self::new(item, back));
        front.followed_by(back)
    }

    fn new(item: Item<'_>, skus: &[NodeId]) -> Self {
        let document = item.document;
        let prefix = format!("{}[].", item.sku_list_name());
        let mut summary = Self::default();
        for &node in skus {
            let sku = Sku { document, node };
            item.each_property(sku, |property| summary.meet_axis(property.axis));
            summary.prices.meet(sku);
            count_oddities(document, node, &prefix, field_table::SKU, &mut summary.oddities);
        }
        summary
    }

    /// Adds the results of a later range.
    fn followed_by(mut self, later: Self) -> Self {
        later.axes.iter().for_each(|axis| self.meet_axis(axis));
        self.prices = self.prices.followed_by(later.prices);
        for (place, (count, first)) in later.oddities {
            self.oddities.entry(place).or_insert((0, first)).0 += count;
        }
        self
    }

    fn meet_axis(&mut self, axis: &str) {
        if !self.axes.iter().any(|known| known == axis) {
            self.axes.push(axis.to_owned());
        }
    }
}

/// Counts elements of the list that are no SKUs.
fn count_strays(item: Item<'_>, found: &mut Oddities) {
    let document = item.document;
    let elements = || item.sku_list().into_iter().flat_map(|list| document.children(list));
    if elements().count() == item.sku_count() {
        return;
    }
    for stray in elements().filter(|&node| document.kind(node) != NodeKind::Object) {
        meet(found, document, stray, format!("{}[]", item.sku_list_name()));
    }
}

fn count_oddities(
    document: &Document,
    object: NodeId,
    prefix: &str,
    table: &FieldTable,
    found: &mut Oddities,
) {
    let mut note = |node, path| meet(found, document, node, format!("{prefix}{path}"));
    field_table::each_oddity(document, object, table, &mut note);
}

fn meet(found: &mut Oddities, document: &Document, node: NodeId, path: String) {
    let type_name = Field::from_node(document, node).type_name();
    found.entry((path, type_name)).or_insert((0, node)).0 += 1;
}
