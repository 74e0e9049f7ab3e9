//! Shops with more than one item: the IDs that a search finds.
//!
//! The ID of such an item is `68`, the six digits of its shop, and four that begin with 1, so that it is no test ID.
//! Every item of a shop has the shop's seller and is of its trade.

use crate::seeded_rng::SeededRng;

/// How many shops there are.
pub(super) const SHOPS: u64 = 1_000_000;

/// The shop with this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shop(u64);

impl Shop {
    pub(super) fn new(number: u64) -> Self {
        Self(number % SHOPS)
    }

    /// The shop that an item is of; `None` for an item whose seller has no other.
    pub(super) fn of_item(num_iid: &str) -> Option<Self> {
        let rest = num_iid.strip_prefix("68").filter(|rest| rest.len() == 10)?;
        let (number, item) = rest.split_at_checked(6)?;
        item.starts_with('1').then(|| number.parse().ok().map(Self))?
    }

    /// The shop that its sid names, or the number of its seller.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        let id = name.strip_prefix("b2b-").unwrap_or(name).get(..13)?;
        let number = id.strip_prefix("2206")?.strip_suffix("680")?;
        let shop = Self(number.parse().ok()?);
        (name == shop.seller_id() || name == shop.sid()).then_some(shop)
    }

    /// What decides on all that its items share.
    pub(super) fn key(self) -> String {
        format!("shop {}", self.0)
    }

    /// The number of its seller, as other sellers have.
    pub(super) fn seller_id(self) -> String {
        format!("2206{:06}680", self.0)
    }

    /// `b2b-2206123456680a1b2c`
    pub(super) fn sid(self) -> String {
        format!("b2b-{}{}", self.seller_id(), SeededRng::new(&self.key(), "sid").hex(5))
    }

    /// The IDs of its items: 3 to 60.
    pub(super) fn items(self) -> impl Iterator<Item = String> {
        let count = SeededRng::new(&self.key(), "items").between(3, 60);
        (0..count).map(move |item| format!("68{:06}1{item:03}", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{codes, faults::Fault};

    #[test]
    fn a_shop_is_found_by_its_names_and_by_its_items() {
        for number in [0, 7, 654_321, 999_999] {
            let shop = Shop::new(number);
            assert_eq!(Shop::from_name(&shop.sid()), Some(shop));
            assert_eq!(Shop::from_name(&shop.seller_id()), Some(shop));
            for id in shop.items() {
                assert_eq!((id.len(), Shop::of_item(&id)), (12, Some(shop)));
                assert_eq!((codes::of_item_id(&id), Fault::of_item_id(&id)), (None, None), "{id}");
                assert_eq!(super::super::asked_sku_count(&id), None, "{id}");
            }
        }
    }

    #[test]
    fn other_names_are_of_no_shop() {
        for name in ["", "b2b-", "店", "b2b-2206000007680zzzzz", "2212345678901", "b2b-2200733087881719de"] {
            assert_eq!(Shop::from_name(name), None, "{name}");
        }
        for id in ["610947572360", "680000072360", "68000007100", "6800000710001"] {
            assert_eq!(Shop::of_item(id), None, "{id}");
        }
    }
}
