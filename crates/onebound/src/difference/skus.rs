//! The SKUs of two answers, joined and compared.

use std::borrow::Cow;

use super::diff::Comparison;
use super::join::Join;
use super::value::{Change, ChangedValue};
use crate::{Field, Item, Sku};
use onebound_document::{Document, NodeId, NodeKind};

/// A SKU that was added, removed or changed.
#[derive(Clone, Debug, PartialEq)]
pub struct SkuChange {
    /// `sku_id`, else `spec_id`; "" where it has neither.
    pub id: String,
    /// Its properties' values: `64GB / 瓷白色`; "" where it has none.
    pub name: String,
    /// How it changed.
    pub kind: SkuChangeKind,
}

/// How a SKU changed.
#[derive(Clone, Debug, PartialEq)]
pub enum SkuChangeKind {
    /// Only in the later answer.
    Added(SkuFacts),
    /// Only in the earlier answer.
    Removed(SkuFacts),
    /// In both answers: the changed fields, price, stock and sales first.
    Changed(Vec<Change>),
}

/// Price, stock and sales of a SKU.
#[derive(Clone, Debug, PartialEq)]
pub struct SkuFacts {
    /// `price`: yuan.
    pub price: ChangedValue,
    /// `quantity`
    pub stock: ChangedValue,
    /// `sales`
    pub sales: ChangedValue,
}

/// The changes, and whether the order of the common SKUs changed.
pub(super) fn compare(
    before: Item<'_>,
    after: Item<'_>,
    walk: &mut Comparison<'_>,
) -> (Vec<SkuChange>, bool) {
    let (old, new): (Vec<_>, Vec<_>) = (before.skus().collect(), after.skus().collect());
    let join = join((before, &old), (after, &new), walk);
    let mut found = Vec::new();
    for (a, b) in join.pairs().filter_map(|(a, b)| Some((*old.get(a)?, *new.get(b)?))) {
        if let Some(changes) = changes(a, b, walk) {
            found.push(sku_change(after, b, SkuChangeKind::Changed(changes)));
        }
    }
    let added = join.added().filter_map(|row| new.get(row));
    found.extend(added.map(|sku| sku_change(after, *sku, SkuChangeKind::Added(facts(walk.after, *sku)))));
    let removed = join.removed().filter_map(|row| old.get(row));
    found.extend(
        removed.map(|sku| sku_change(before, *sku, SkuChangeKind::Removed(facts(walk.before, *sku)))),
    );
    strays(before, after, walk);
    (found, join.is_reordered())
}

/// By `sku_id`, else by `spec_id`, else by the properties' names and values. A lesser key joins only where one
/// of the two lacks the better: two that both have one differ.
fn join(
    (before, old): (Item<'_>, &[Sku<'_>]),
    (after, new): (Item<'_>, &[Sku<'_>]),
    walk: &Comparison<'_>,
) -> Join {
    let mut join = Join::new(old.len(), new.len());
    // Most SKUs keep their position.
    for (row, (a, b)) in old.iter().zip(new).enumerate() {
        if walk.same((Some(a.node()), Some(b.node()))) || is_same_id(&a.sku_id(), &b.sku_id()) {
            join.link(row, row);
        }
    }
    join.by(|row| key(old, row, "sku_id"), |row| key(new, row, "sku_id"));
    if join.is_done() {
        return join;
    }
    let unknown = |skus: &[Sku<'_>], row: usize| skus.get(row).is_some_and(|sku| !is_known(*sku));
    let nameless = |skus: &[Sku<'_>], row| unknown(skus, row) && key(skus, row, "spec_id").is_none();
    for (a, b) in [(true, true), (true, false), (false, true)] {
        let only = |skus, row, wanted| (unknown(skus, row) == wanted).then(|| key(skus, row, "spec_id"))?;
        join.by(|row| only(old, row, a), |row| only(new, row, b));
    }
    for (a, b) in [(true, true), (true, false), (false, true)] {
        let only =
            |item, skus, row, wanted| (nameless(skus, row) == wanted).then(|| properties(item, skus, row))?;
        join.by(|row| only(before, old, row, a), |row| only(after, new, row, b));
    }
    // What has no key at all goes by its place among its like.
    let rest = |item, skus, row| (nameless(skus, row) && properties(item, skus, row).is_none()).then_some(());
    join.by(|row| rest(before, old, row), |row| rest(after, new, row));
    join
}

fn is_same_id(before: &Field<'_>, after: &Field<'_>) -> bool {
    before.text().is_some_and(|id| after.text() == Some(id))
}

fn is_known(sku: Sku<'_>) -> bool {
    sku.sku_id().text().is_some()
}

fn key<'a>(skus: &[Sku<'a>], row: usize, name: &str) -> Option<Cow<'a, str>> {
    match skus.get(row)?.field(name) {
        Field::Number(digits) => Some(Cow::Borrowed(digits)),
        Field::Text(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    }
}

fn properties<'a>(item: Item<'a>, skus: &[Sku<'a>], row: usize) -> Option<String> {
    let mut named = String::new();
    item.each_property(*skus.get(row)?, |property| {
        named.extend([property.axis, "\u{1f}", property.value, "\u{1e}"]);
    });
    (!named.is_empty()).then_some(named)
}

/// The changes between two versions of a SKU; `None` if there are none.
fn changes(before: Sku<'_>, after: Sku<'_>, walk: &mut Comparison<'_>) -> Option<Vec<Change>> {
    if walk.same((Some(before.node()), Some(after.node()))) {
        return None;
    }
    let mut changes = walk.aside(|walk| walk.members(before.node(), after.node(), &[]));
    changes.sort_by_key(|change| match change.name.as_ref() {
        "price" => 0,
        "quantity" => 1,
        "sales" => 2,
        _ => 3,
    });
    (!changes.is_empty()).then_some(changes)
}

fn sku_change<'a>(item: Item<'a>, sku: Sku<'a>, kind: SkuChangeKind) -> SkuChange {
    let id = sku.sku_id().text().map_or_else(|| sku.field("spec_id").to_text(), str::to_owned);
    let mut name = String::new();
    item.each_property(sku, |property| {
        if !name.is_empty() {
            name.push_str(" / ");
        }
        name.push_str(property.value);
    });
    SkuChange { id, name, kind }
}

fn facts(document: &Document, sku: Sku<'_>) -> SkuFacts {
    let value = |name| ChangedValue::from_node(document, document.get(sku.node(), name));
    SkuFacts { price: value("price"), stock: value("quantity"), sales: value("sales") }
}

/// Elements of the list that are no SKUs, by their place among themselves.
fn strays(before: Item<'_>, after: Item<'_>, walk: &mut Comparison<'_>) {
    let of = |document: &Document, item: Item<'_>| -> Vec<NodeId> {
        let elements = item.sku_list().into_iter().flat_map(|list| document.children(list));
        elements.filter(|node| document.kind(*node) != NodeKind::Object).collect()
    };
    let (old, new) = (of(walk.before, before), of(walk.after, after));
    for place in 0..old.len().max(new.len()) {
        walk.named("skus.sku[]", (old.get(place).copied(), new.get(place).copied()));
    }
}
