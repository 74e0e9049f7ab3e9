//! Tiers of `priceRange` by their minimum quantity, so that one that was added or removed does not read as a change of
//! all that follow it.

use std::collections::{BTreeMap, BTreeSet};

use super::value::{Change, ChangedValue};
use crate::item::Item;

/// What changed of the tiers; `None` where they can't all be read, or differ in nothing but how they are written.
pub(super) fn compare(old: Item<'_>, new: Item<'_>) -> Option<Vec<Change>> {
    let (before, after) = (prices_by_minimum(old)?, prices_by_minimum(new)?);
    let minima: BTreeSet<&u64> = before.keys().chain(after.keys()).collect();
    let value = |price: Option<&String>| price.cloned().map_or(ChangedValue::Absent, ChangedValue::Text);
    let differing = minima.into_iter().filter(|minimum| before.get(minimum) != after.get(minimum));
    let changes: Vec<Change> = differing
        .map(|minimum| {
            let name = format!("priceRange[≥{minimum}]");
            Change::new(name.into(), value(before.get(minimum)), value(after.get(minimum)))
        })
        .collect();
    (!changes.is_empty()).then_some(changes)
}

/// The price from each minimum quantity on; `None` if a tier can't be read or a quantity comes twice.
fn prices_by_minimum(item: Item<'_>) -> Option<BTreeMap<u64, String>> {
    let tiers = item.price_tiers();
    let count = item.count_of("priceRange");
    let by_minimum: BTreeMap<u64, String> =
        tiers.into_iter().filter_map(|tier| Some((tier.minimum()?, tier.price))).collect();
    (by_minimum.len() == count).then_some(by_minimum)
}
