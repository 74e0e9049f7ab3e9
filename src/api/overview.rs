//! What only a walk over all of an item's SKUs tells: their axes, the span of their prices, and what is of a type never
//! seen there. Of a large answer it is taken after the first picture.

use std::collections::BTreeMap;

use super::item::Item;
use super::lenient::Field;
use super::side_by_side::side_by_side;
use super::sku::Sku;
use crate::document::{Document, Kind, NodeId};

/// What is found out by reading all SKUs and all fields.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The names of the SKUs' axes (`机身内存`, `颜色`), in the order in which they first stand.
    pub axes: Vec<String>,
    /// The span of the SKUs' prices, which need not hold the item's own.
    pub sku_prices: Option<PriceSpan>,
    /// Fields of types never seen there; they are kept, and readable as raw text.
    pub oddities: Vec<Oddity>,
}

/// The cheapest and the dearest, as they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceSpan {
    /// Yuan.
    pub min: String,
    /// Yuan.
    pub max: String,
}

/// A field of a type that was never seen there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oddity {
    /// `item.price`, `item.skus.sku[].quantity`
    pub path: String,
    /// JSON's name of the type.
    pub found: &'static str,
    /// In how many places.
    pub places: usize,
}

/// The types that are known for a field; any field may be absent.
const SCALAR: &[Kind] = &[Kind::String, Kind::Number, Kind::Null];
const FLAG: &[Kind] = &[Kind::String, Kind::Bool, Kind::Null, Kind::Number];
const MAP: &[Kind] = &[Kind::Object, Kind::Array, Kind::String, Kind::Null];
const LIST: &[Kind] = &[Kind::Array, Kind::String, Kind::Null];

const ITEM_FIELDS: [(&str, &[Kind]); 27] = [
    ("num_iid", SCALAR),
    ("title", SCALAR),
    ("price", SCALAR),
    ("orginal_price", SCALAR),
    ("nick", SCALAR),
    ("num", SCALAR),
    ("min_num", SCALAR),
    ("unit", SCALAR),
    ("sales", SCALAR),
    ("total_sold", SCALAR),
    ("seller_id", SCALAR),
    ("cid", SCALAR),
    ("location", SCALAR),
    ("detail_url", SCALAR),
    ("pic_url", SCALAR),
    ("desc", SCALAR),
    ("tmall", FLAG),
    ("is_promotion", FLAG),
    ("video", MAP),
    ("skus", MAP),
    ("props", MAP),
    ("props_list", MAP),
    ("props_img", MAP),
    ("prop_imgs", MAP),
    ("seller_info", MAP),
    ("item_imgs", LIST),
    ("priceRange", LIST),
];

const SKU_FIELDS: [(&str, &[Kind]); 8] = [
    ("price", SCALAR),
    ("orginal_price", SCALAR),
    ("quantity", SCALAR),
    ("sales", SCALAR),
    ("sku_id", SCALAR),
    ("spec_id", SCALAR),
    ("properties", SCALAR),
    ("properties_name", SCALAR),
];

impl Overview {
    pub(super) fn of(item: Item<'_>) -> Self {
        let Item { document, index } = item;
        let survey = Survey::of_all(item);
        let written = |(_, node): (f64, NodeId)| Field::of(document, node, "price").to_text();
        let sku_prices = (survey.cheapest.zip(survey.dearest))
            .map(|(least, most)| PriceSpan { min: written(least), max: written(most) });
        let mut found = survey.oddities;
        count_oddities(document, index.node, "item.", &ITEM_FIELDS, &mut found);
        count_strays(document, item.sku_list(), index.skus.len(), &mut found);
        let oddities =
            found.into_iter().map(|((path, found), places)| Oddity { path, found, places }).collect();
        Self { axes: survey.axes, sku_prices, oddities }
    }
}

/// How often which type stood where it was never seen.
type Oddities = BTreeMap<(String, &'static str), usize>;

/// So many SKUs are worth a second thread.
const MANY: usize = 4_096;

/// What one pass over a stretch of the SKUs tells.
#[derive(Default)]
struct Survey {
    axes: Vec<String>,
    cheapest: Option<(f64, NodeId)>,
    dearest: Option<(f64, NodeId)>,
    oddities: Oddities,
}

/// The axes of these of its SKUs.
pub(super) fn first_axes(item: Item<'_>, skus: &[NodeId]) -> Vec<String> {
    Survey::of(item, skus).axes
}

impl Survey {
    fn of_all(item: Item<'_>) -> Self {
        let skus = &item.index.skus;
        let (front, back) = skus.split_at(skus.len() / 2);
        let many = skus.len() >= MANY;
        let (front, back) = side_by_side(many, || Self::of(item, front), || Self::of(item, back));
        front.followed_by(back)
    }

    fn of(item: Item<'_>, skus: &[NodeId]) -> Self {
        let document = item.document;
        let mut survey = Self::default();
        for &node in skus {
            let sku = Sku { document, node };
            item.each_property(sku, |property| survey.meet_axis(property.axis));
            if let Some(price) = sku.price().number() {
                survey.meet_price((price, node), (price, node));
            }
            count_oddities(document, node, "item.skus.sku[].", &SKU_FIELDS, &mut survey.oddities);
        }
        survey
    }

    /// With what a later stretch tells.
    fn followed_by(mut self, later: Self) -> Self {
        later.axes.iter().for_each(|axis| self.meet_axis(axis));
        if let (Some(cheapest), Some(dearest)) = (later.cheapest, later.dearest) {
            self.meet_price(cheapest, dearest);
        }
        for (place, count) in later.oddities {
            *self.oddities.entry(place).or_default() += count;
        }
        self
    }

    fn meet_axis(&mut self, axis: &str) {
        if !self.axes.iter().any(|known| known == axis) {
            self.axes.push(axis.to_owned());
        }
    }

    /// Of equal prices the first stays.
    fn meet_price(&mut self, low: (f64, NodeId), high: (f64, NodeId)) {
        self.cheapest = self.cheapest.filter(|least| least.0 <= low.0).or(Some(low));
        self.dearest = self.dearest.filter(|most| most.0 >= high.0).or(Some(high));
    }
}

/// What stands among the SKUs and is none.
fn count_strays(document: &Document, list: Option<NodeId>, skus: usize, found: &mut Oddities) {
    let elements = || list.into_iter().flat_map(|list| document.children(list));
    if elements().count() == skus {
        return;
    }
    for stray in elements().filter(|&node| document.kind(node) != Kind::Object) {
        let type_name = Field::at(document, stray).type_name();
        *found.entry(("item.skus.sku[]".to_owned(), type_name)).or_default() += 1;
    }
}

fn count_oddities(
    document: &Document,
    object: NodeId,
    prefix: &str,
    known: &[(&str, &[Kind])],
    found: &mut Oddities,
) {
    let only_scalars = known.iter().all(|(_, kinds)| *kinds == SCALAR);
    for member in document.children(object) {
        let kind = document.kind(member);
        // Where all fields may be a string, a number or a null, nearly every member is done here.
        if only_scalars && SCALAR.contains(&kind) {
            continue;
        }
        let Some(key) = document.key(member) else { continue };
        let odd = known.iter().any(|(name, kinds)| *name == key && !kinds.contains(&kind));
        if odd {
            let type_name = Field::at(document, member).type_name();
            *found.entry((format!("{prefix}{key}"), type_name)).or_default() += 1;
        }
    }
}
