//! The SKUs of an item: every combination of what its axes offer.

use crate::seeded_rng::SeededRng;

/// An axis of the SKUs, such as 颜色, and its values.
pub(super) struct Axis {
    pub(super) name: &'static str,
    pub(super) values: Vec<String>,
}

impl Axis {
    /// `size` values from a list of words; when the list is too short its words come again as a second 款.
    pub(super) fn new(name: &'static str, words: &[&str], size: usize, rng: &mut SeededRng) -> Self {
        let order = rng.shuffled(words.len());
        let values = (0..size)
            .map(|position| {
                let word = words[order[position % order.len()]];
                match position / order.len() {
                    0 => word.to_owned(),
                    round => format!("{word}{}款", round + 1),
                }
            })
            .collect();
        Self { name, values }
    }
}

/// One SKU.
pub(super) struct PlannedSku {
    /// The position of its value on each axis.
    pub(super) values: Vec<usize>,
    pub(super) fen: u64,
    pub(super) quantity: u64,
    pub(super) sales: u64,
    /// `sku_id`: digits.
    pub(super) id: String,
    /// `spec_id`: 32 hexadecimal digits.
    pub(super) spec: String,
}

/// How prices and stock of an item's SKUs come about.
pub(super) struct Pricing {
    /// The lowest price, in fen.
    pub(super) base: u64,
    /// The axis whose values cost more one after the other; `None` for one price.
    pub(super) rising_axis: Option<usize>,
    /// By how many percent each value is dearer than the one before.
    pub(super) step: u64,
}

/// The sizes of up to three axes that multiply to `count`.
pub(super) fn axis_sizes(count: usize, rng: &mut SeededRng) -> Vec<usize> {
    match count {
        0 => vec![],
        2 if rng.one_in(2) => vec![1, 2],
        6 => vec![2, 3],
        12 => vec![3, 4],
        30 => vec![5, 6],
        48 => vec![4, 4, 3],
        300 => vec![5, 6, 10],
        10_000 => vec![20, 25, 20],
        other => vec![other],
    }
}

/// Every combination of the axes' values, with stock as it is in `turn`.
pub(super) fn combine(num_iid: &str, axes: &[Axis], pricing: &Pricing, turn: u64) -> Vec<PlannedSku> {
    if axes.is_empty() {
        return Vec::new();
    }
    let count = axes.iter().map(|axis| axis.values.len()).product();
    (0..count).map(|position| one(num_iid, position, axes, pricing, turn)).collect()
}

fn one(num_iid: &str, position: usize, axes: &[Axis], pricing: &Pricing, turn: u64) -> PlannedSku {
    let mut rng = SeededRng::new(num_iid, "sku").mixed_with(position as u64);
    let values = values_at(position, axes);
    let steps = pricing.rising_axis.and_then(|axis| values.get(axis)).map_or(0, |value| *value as u64);
    PlannedSku {
        fen: pricing.base * (100 + pricing.step * steps) / 100,
        values,
        quantity: stock(&mut rng, turn),
        sales: rng.below(900),
        // The position keeps IDs apart, the rest makes them look as they do on 1688.
        id: format!("{}{position:05}", rng.between(43_020_000, 56_999_999)),
        spec: rng.hex(32),
    }
}

/// The last axis turns fastest, like the wheels of a counter.
fn values_at(position: usize, axes: &[Axis]) -> Vec<usize> {
    let mut rest = position;
    let mut values: Vec<usize> = axes
        .iter()
        .rev()
        .map(|axis| {
            let value = rest % axis.values.len();
            rest /= axis.values.len();
            value
        })
        .collect();
    values.reverse();
    values
}

/// Stock that sells off turn by turn and is filled up after a week of hourly ones.
pub(super) fn stock(rng: &mut SeededRng, turn: u64) -> u64 {
    const WEEK: u64 = 7 * 24;
    let full = if rng.one_in(12) { 0 } else { rng.between(20, 9_000) };
    let per_turn = rng.below(5);
    let age = (turn + rng.below(WEEK)) % WEEK;
    full.saturating_sub(age * per_turn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_multiply_to_the_number_of_skus() {
        for count in [1, 2, 6, 12, 30, 48, 300, 10_000] {
            let sizes = axis_sizes(count, &mut SeededRng::new("1", "sizes"));
            assert_eq!(sizes.iter().product::<usize>(), count);
            assert!(sizes.len() <= 3);
        }
        assert!(axis_sizes(0, &mut SeededRng::new("1", "sizes")).is_empty());
    }

    #[test]
    fn an_axis_longer_than_its_words_has_no_value_twice() {
        let axis = Axis::new("颜色", &["红", "绿"], 5, &mut SeededRng::new("1", "axis"));
        let mut values = axis.values.clone();
        values.sort();
        values.dedup();
        assert_eq!(values.len(), 5);
    }

    #[test]
    fn stock_falls_within_a_week_and_never_below_zero() {
        let stocks: Vec<_> = (0..400).map(|hour| stock(&mut SeededRng::new("7", "stock"), hour)).collect();
        assert!(stocks.windows(2).filter(|pair| pair[1] > pair[0]).count() <= 3);
    }
}
