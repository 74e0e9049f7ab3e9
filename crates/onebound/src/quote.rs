//! What a quantity of an item costs: by its tiers, or by the prices of its SKUs, and whether it can be bought.
//!
//! A seller on 1688 quotes either by quantity (`priceRange`, every SKU at the same price) or by SKU. Where the answer
//! has both and they disagree, an order costs what its SKU costs, so a tier that no SKU is sold at is no price.

use std::cmp::Ordering;

use super::decimal::Decimal;
use super::field::Field;
use super::item::Item;
use super::price::Price;

/// A minimum quantity and the price from there on (`priceRange`), as they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceTier {
    /// Pieces.
    pub quantity: String,
    /// Yuan.
    pub price: String,
}

/// The price of one piece when a quantity is bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuantityPrice {
    /// The price as sent, and as parsed; `None` if it is not numeric.
    Each(String, Option<Price>),
    /// The prices of the SKUs, from the lowest on, which differ or are none of the tiers'.
    PerSku(Vec<SkuPriceGroup>),
    /// The quantity is below the first tier.
    BelowFirstTier,
    /// Not all tiers could be parsed.
    UnreadTiers,
    /// The item has neither tiers nor a price.
    Unknown,
}

/// The SKUs of an item that have the same price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SkuPriceGroup {
    /// The price of one piece.
    pub price: Price,
    /// How many SKUs have it.
    pub skus: usize,
    /// The first of them, counted from 0.
    pub first: usize,
}

/// A quantity of an item: its price, and what keeps it from being bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The price of one piece.
    pub price: QuantityPrice,
    /// Whether the item has tiers that do not count, because its SKUs have other prices.
    pub ignores_tiers: bool,
    /// SKUs without a price in figures, of an item whose SKUs count.
    pub unpriced_skus: usize,
    /// `min_num`, if the quantity is below it.
    pub below_minimum: Option<u64>,
    /// `num`, if the quantity is above it.
    pub above_stock: Option<u64>,
    /// SKUs of which fewer than this quantity are in stock.
    pub short_skus: usize,
}

impl PriceTier {
    /// From how many pieces on it holds; `None` where that is no number.
    pub fn minimum(&self) -> Option<u64> {
        Field::Text(self.quantity.as_str().into()).pieces()
    }

    /// Its price; `None` where that is not in figures.
    pub fn read_price(&self) -> Option<Price> {
        Price::parse(&self.price)
    }
}

impl Item<'_> {
    /// What `quantity` pieces cost, and whether they can be bought. Takes a pass over all SKUs.
    pub fn quote(self, quantity: u64) -> Quote {
        let (groups, unpriced_skus) = sku_price_groups(self);
        let tiers = self.price_tiers();
        let all_tiers_read = tiers.len() == self.count_of("priceRange");
        let price = price_at(quantity, &tiers, all_tiers_read, groups, &self.field("price"));
        let minimum = self.field("min_num").pieces();
        let stock = self.field("num").pieces();
        let is_short = |stock: Field<'_>| stock.pieces().is_some_and(|stock| stock < quantity);
        Quote {
            ignores_tiers: !tiers.is_empty() && matches!(price, QuantityPrice::PerSku(_)),
            price,
            unpriced_skus,
            below_minimum: minimum.filter(|minimum| quantity < *minimum),
            above_stock: stock.filter(|stock| quantity > *stock),
            short_skus: self.skus().filter(|sku| is_short(sku.quantity())).count(),
        }
    }
}

/// The price of one piece of `quantity`. Tiers count if every SKU has the same price and a tier has it too, or if no
/// SKU has a price.
fn price_at(
    quantity: u64,
    tiers: &[PriceTier],
    all_tiers_read: bool,
    groups: Vec<SkuPriceGroup>,
    item_price: &Field<'_>,
) -> QuantityPrice {
    let is_of_tier = |tier: &PriceTier, price| tier.read_price().is_some_and(|own| order(own, price).is_eq());
    let is_tier_price = |price: Price| tiers.iter().any(|tier| is_of_tier(tier, price));
    let skus_agree = match groups.as_slice() {
        [] => true,
        [only] => !all_tiers_read || tiers.is_empty() || is_tier_price(only.price),
        _ => false,
    };
    if !skus_agree {
        return QuantityPrice::PerSku(groups);
    }
    if !all_tiers_read || tiers.iter().any(|tier| tier.minimum().is_none()) {
        return QuantityPrice::UnreadTiers;
    }
    if tiers.is_empty() {
        if let [only] = groups.as_slice() {
            return QuantityPrice::Each(only.price.to_string(), Some(only.price));
        }
        let written = item_price.text().map(str::to_owned);
        return written
            .map_or(QuantityPrice::Unknown, |written| QuantityPrice::Each(written, item_price.price()));
    }
    let reached = tiers.iter().filter(|tier| tier.minimum().is_some_and(|minimum| minimum <= quantity));
    let tier = reached.max_by_key(|tier| tier.minimum());
    tier.map_or(QuantityPrice::BelowFirstTier, |tier| {
        QuantityPrice::Each(tier.price.clone(), tier.read_price())
    })
}

/// The SKUs by their prices, from the lowest on, and how many have no price in figures.
fn sku_price_groups(item: Item<'_>) -> (Vec<SkuPriceGroup>, usize) {
    let mut priced: Vec<(Price, usize)> =
        item.skus().enumerate().filter_map(|(at, sku)| Some((sku.price().price()?, at))).collect();
    let unpriced = item.sku_count() - priced.len();
    priced.sort_by(|(a, at_a), (b, at_b)| order(*a, *b).then(at_a.cmp(at_b)));
    let mut groups: Vec<SkuPriceGroup> = Vec::new();
    for (price, first) in priced {
        match groups.last_mut().filter(|group| order(group.price, price).is_eq()) {
            Some(group) => group.skus += 1,
            None => groups.push(SkuPriceGroup { price, skus: 1, first }),
        }
    }
    (groups, unpriced)
}

fn order(a: Price, b: Price) -> Ordering {
    let compare = |a: Decimal, b: Decimal| a.compare(b);
    compare(a.low(), b.low()).then_with(|| compare(a.high(), b.high()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tiers(listed: &[(&str, &str)]) -> Vec<PriceTier> {
        let tier = |(quantity, price): &(&str, &str)| PriceTier {
            quantity: (*quantity).to_owned(),
            price: (*price).to_owned(),
        };
        listed.iter().map(tier).collect()
    }

    fn groups(prices: &[&str]) -> Vec<SkuPriceGroup> {
        let group = |(first, price): (usize, &&str)| SkuPriceGroup {
            price: Price::parse(price).unwrap(),
            skus: 1,
            first,
        };
        prices.iter().enumerate().map(group).collect()
    }

    fn each(price: &str) -> QuantityPrice {
        QuantityPrice::Each(price.to_owned(), Price::parse(price))
    }

    const TIERS: [(&str, &str); 3] = [("2", "15.80"), ("50", "14.50"), ("100", "13.90")];

    fn price(quantity: u64, listed: &[(&str, &str)], skus: &[&str]) -> QuantityPrice {
        price_at(quantity, &tiers(listed), true, groups(skus), &Field::Text("9.90".into()))
    }

    #[test]
    fn tiers_count_where_every_sku_has_the_price_of_one() {
        assert_eq!(price(100, &TIERS, &["15.8"]), each("13.90"));
        assert_eq!(price(60, &TIERS, &[]), each("14.50"));
        assert_eq!(price(1, &TIERS, &["15.80"]), QuantityPrice::BelowFirstTier);
    }

    #[test]
    fn a_tier_that_no_sku_is_sold_at_is_no_price() {
        let skus = ["15.80", "18.00", "25.00"];
        assert_eq!(price(100, &TIERS, &skus), QuantityPrice::PerSku(groups(&skus)));
        assert_eq!(price(100, &TIERS, &["20.00"]), QuantityPrice::PerSku(groups(&["20.00"])));
    }

    #[test]
    fn without_tiers_the_skus_count_and_then_the_item() {
        assert_eq!(price(5, &[], &["12.00"]), each("12.00"));
        assert_eq!(price(5, &[], &["12.00", "13"]), QuantityPrice::PerSku(groups(&["12.00", "13"])));
        assert_eq!(price(5, &[], &[]), each("9.90"));
        assert_eq!(price_at(5, &[], true, Vec::new(), &Field::Absent), QuantityPrice::Unknown);
    }

    #[test]
    fn tiers_that_can_not_be_read_give_no_price() {
        assert_eq!(price(5, &[("2起", "75")], &[]), QuantityPrice::UnreadTiers);
        assert_eq!(price_at(5, &[], false, groups(&["12.00"]), &Field::Null), QuantityPrice::UnreadTiers);
    }

    proptest! {
        #[test]
        fn a_quantity_never_costs_what_no_sku_and_no_tier_costs(
            quantity in 0_u64..2_000,
            prices in prop::collection::vec(1_u32..40, 0..5),
            rungs in prop::collection::vec((1_u32..300, 1_u32..40), 0..4),
        ) {
            let listed: Vec<PriceTier> = rungs
                .iter()
                .map(|(from, price)| PriceTier { quantity: from.to_string(), price: price.to_string() })
                .collect();
            let mut sorted = prices.clone();
            sorted.sort_unstable();
            sorted.dedup();
            let texts: Vec<String> = sorted.iter().map(u32::to_string).collect();
            let skus = groups(&texts.iter().map(String::as_str).collect::<Vec<_>>());
            match price_at(quantity, &listed, true, skus, &Field::Absent) {
                QuantityPrice::Each(price, _) => {
                    let is_tier = listed.iter().any(|tier| tier.price == price);
                    prop_assert!(is_tier || texts == [price]);
                    prop_assert!(sorted.len() < 2);
                }
                QuantityPrice::PerSku(groups) => prop_assert_eq!(groups.len(), sorted.len()),
                QuantityPrice::BelowFirstTier => prop_assert!(rungs.iter().all(|(from, _)| u64::from(*from) > quantity)),
                QuantityPrice::UnreadTiers => prop_assert!(false, "all tiers are numbers"),
                QuantityPrice::Unknown => prop_assert!(prices.is_empty() && rungs.is_empty()),
            }
        }
    }
}
