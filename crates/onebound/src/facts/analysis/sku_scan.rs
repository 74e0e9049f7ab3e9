//! One pass over the SKUs of an item, on two threads where there are many.

use std::borrow::Cow;

use onebound_document::{Document, NodeId, NodeKind};

use super::duplicates::{Duplicates, KeyLayout};
use super::record_path;
use crate::field::Field;
use crate::field_table;
use crate::item::Item;
use crate::parallel::join2;

/// From this many SKUs on, a second thread pays off.
const MANY: usize = 4_096;
/// Counts of the SKUs.
#[derive(Clone, Debug, Default)]
pub(in crate::facts) struct SkuCounts {
    pub(in crate::facts) count: usize,
    pub(in crate::facts) out_of_stock: usize,
    /// The sum over all SKUs with a count; `None` if there is none.
    pub(in crate::facts) sales: Option<u64>,
    /// How many SKUs have a count.
    pub(in crate::facts) with_sales: usize,
    pub(in crate::facts) without_id: usize,
    pub(in crate::facts) first_without_id: Option<usize>,
    /// IDs that more than one SKU has.
    pub(in crate::facts) doubled: usize,
    /// The first SKU whose ID another one before it has, and the ID.
    pub(in crate::facts) first_doubled: Option<(usize, String)>,
}

/// A field of a SKU, as far as the analysis needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SkuField {
    Quantity,
    Sales,
    Id,
    Other,
}

/// The results of one pass over a range of the SKUs.
#[derive(Debug, Default)]
pub(super) struct SkuScan<'a> {
    counts: SkuCounts,
    /// IDs of digits, with the SKU's place; sorting them is quick.
    numbers: Vec<(u64, usize)>,
    texts: Vec<(Cow<'a, str>, usize)>,
    pub(super) unknown: Vec<(String, NodeId)>,
    pub(super) duplicates: Duplicates,
    /// Containers inside of SKUs.
    pub(super) nested: Vec<NodeId>,
}

impl<'a> SkuScan<'a> {
    pub(super) fn of_item(document: &'a Document, item: Item<'_>) -> Self {
        let skus: Vec<NodeId> = item.skus().map(|sku| sku.node()).collect();
        let half = skus.len() / 2;
        let (front, back) = skus.split_at(half);
        let many = skus.len() >= MANY;
        let halves = join2(many, || Self::new(document, front, 0), || Self::new(document, back, half));
        halves.0.followed_by(halves.1)
    }

    /// `from` is the place of the first of these SKUs.
    fn new(document: &'a Document, skus: &[NodeId], from: usize) -> Self {
        let mut scan = Self::default();
        let (mut shape, mut roles, mut members) = (KeyLayout::default(), Vec::new(), Vec::new());
        for (at, &sku) in (from..).zip(skus) {
            members.clear();
            members.extend(document.children(sku));
            if !shape.fits(document, &members) {
                shape = KeyLayout::new(document, &members);
                roles = fields_of(&shape);
                scan.note_unknown(&shape, &members);
            }
            scan.duplicates.meet(&shape, &members);
            scan.read(document, at, roles.iter().copied().zip(members.iter().copied()));
        }
        scan
    }

    /// Of duplicate keys the last counts.
    fn read(&mut self, document: &'a Document, at: usize, members: impl Iterator<Item = (SkuField, NodeId)>) {
        let (mut quantity, mut sales, mut id) = (None, None, Field::Absent);
        for (role, node) in members {
            match role {
                SkuField::Quantity => quantity = Field::from_node(document, node).pieces(),
                SkuField::Sales => sales = Field::from_node(document, node).pieces(),
                SkuField::Id => id = Field::from_node(document, node),
                SkuField::Other if matches!(document.kind(node), NodeKind::Array | NodeKind::Object) => {
                    self.nested.push(node);
                }
                SkuField::Other => {}
            }
        }
        let counts = &mut self.counts;
        counts.count += 1;
        counts.out_of_stock += usize::from(quantity == Some(0));
        counts.sales = add(counts.sales, sales);
        counts.with_sales += usize::from(sales.is_some());
        match (id.text(), id.count()) {
            (Some(text), Some(number)) if !text.starts_with(['0', '+', ' ']) => {
                self.numbers.push((number, at));
            }
            (Some(text), _) => self.texts.push((Cow::Owned(text.to_owned()), at)),
            (None, _) => {
                counts.without_id += 1;
                counts.first_without_id.get_or_insert(at);
            }
        }
    }

    fn note_unknown(&mut self, shape: &KeyLayout, members: &[NodeId]) {
        let named = shape.names.iter().zip(members);
        for (name, node) in named.filter(|(name, _)| !field_table::names(field_table::SKU, name)) {
            record_path(&mut self.unknown, format!("$.item.skus.sku[].{name}"), *node);
        }
    }

    /// Adds the results of a later range.
    fn followed_by(mut self, later: Self) -> Self {
        let (counts, more) = (&mut self.counts, later.counts);
        counts.count += more.count;
        counts.out_of_stock += more.out_of_stock;
        counts.sales = add(counts.sales, more.sales);
        counts.with_sales += more.with_sales;
        counts.without_id += more.without_id;
        counts.first_without_id = counts.first_without_id.or(more.first_without_id);
        self.numbers.extend(later.numbers);
        self.texts.extend(later.texts);
        later.unknown.into_iter().for_each(|(path, node)| record_path(&mut self.unknown, path, node));
        self.duplicates.count += later.duplicates.count;
        self.duplicates.first = self.duplicates.first.or(later.duplicates.first);
        self.nested.extend(later.nested);
        self
    }

    /// With the IDs that came twice.
    pub(super) fn counted(self) -> SkuCounts {
        let Self { mut counts, mut numbers, mut texts, .. } = self;
        let (mut doubled, mut first) = (0, None);
        doubled_in(&mut numbers, ToString::to_string, &mut doubled, &mut first);
        doubled_in(&mut texts, |text| text.clone().into_owned(), &mut doubled, &mut first);
        (counts.doubled, counts.first_doubled) = (doubled, first);
        counts
    }
}

fn doubled_in<T: Ord>(
    ids: &mut [(T, usize)],
    written: impl Fn(&T) -> String,
    doubled: &mut usize,
    first: &mut Option<(usize, String)>,
) {
    ids.sort_unstable();
    for same in ids.chunk_by(|one, other| one.0 == other.0) {
        let [_, (id, at), ..] = same else { continue };
        *doubled += 1;
        if first.as_ref().is_none_or(|(earliest, _)| at < earliest) {
            *first = Some((*at, written(id)));
        }
    }
}

fn add(sum: Option<u64>, more: Option<u64>) -> Option<u64> {
    match (sum, more) {
        (Some(sum), Some(more)) => Some(sum.saturating_add(more)),
        (sum, more) => sum.or(more),
    }
}

fn fields_of(layout: &KeyLayout) -> Vec<SkuField> {
    let role = |name: &String| match name.as_str() {
        "quantity" => SkuField::Quantity,
        "sales" => SkuField::Sales,
        "sku_id" => SkuField::Id,
        _ => SkuField::Other,
    };
    layout.names.iter().map(role).collect()
}
