//! The axes of an item's SKUs, with the values on each, and the place of every SKU on them.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::message::IsCancelled;
use crate::ui::field::cell;
use crate::ui::theme::Theme;
use onebound::{Field, Item};

/// Further axes are not used. No real item has more than three.
const MAX_AXES: usize = 6;
/// Stands for no value on an axis, until all SKUs are read.
const NO_VALUE: u32 = u32::MAX;
/// The heading of SKUs without a value on an axis.
const WITHOUT: &str = "—";

/// An axis with its values, in the order in which they first occur, as they are shown.
#[derive(Clone, Debug)]
pub(super) struct MatrixAxis {
    pub(super) name: String,
    pub(super) values: Vec<String>,
}

/// The axes, and for each SKU the numbers of its values on them.
#[derive(Clone, Debug, Default)]
pub(super) struct SkuPlaces {
    pub(super) axes: Vec<MatrixAxis>,
    places: Vec<[u32; MAX_AXES]>,
}

impl SkuPlaces {
    /// Reads all SKUs; `None` if cancelled.
    pub(super) fn new(item: Item<'_>, is_cancelled: IsCancelled<'_>) -> Option<Self> {
        let mut read = Self::default();
        let mut known: Vec<(String, HashMap<String, u32>)> = Vec::new();
        for sku in item.skus() {
            if is_cancelled() {
                return None;
            }
            let mut place = [NO_VALUE; MAX_AXES];
            item.each_property(sku, |property| {
                let axis = known.iter().position(|(name, _)| name == property.axis).unwrap_or_else(|| {
                    known.push((property.axis.to_owned(), HashMap::new()));
                    known.len() - 1
                });
                let (Some(place), Some((_, values))) = (place.get_mut(axis), known.get_mut(axis)) else {
                    known.truncate(MAX_AXES);
                    return;
                };
                let next = u32::try_from(values.len()).unwrap_or(NO_VALUE);
                *place = *values.entry(property.value.to_owned()).or_insert(next);
            });
            read.places.push(place);
        }
        read.axes = known.into_iter().map(|(name, values)| named_axis(&name, values)).collect();
        read.place_rest();
        Some(read)
    }

    /// The number of a SKU's value on an axis.
    pub(super) fn place(&self, sku: usize, axis: usize) -> u32 {
        self.places.get(sku).and_then(|place| place.get(axis)).copied().unwrap_or_default()
    }

    pub(super) fn sku_count(&self) -> usize {
        self.places.len()
    }

    /// SKUs without a value on an axis get a value of their own, after all others.
    fn place_rest(&mut self) {
        for (number, axis) in self.axes.iter_mut().enumerate() {
            let last = u32::try_from(axis.values.len()).unwrap_or(NO_VALUE);
            let mut is_used = false;
            for place in self.places.iter_mut().filter_map(|place| place.get_mut(number)) {
                if *place == NO_VALUE {
                    (*place, is_used) = (last, true);
                }
            }
            if is_used {
                axis.values.push(WITHOUT.to_owned());
            }
        }
    }
}

fn named_axis(name: &str, values: HashMap<String, u32>) -> MatrixAxis {
    let mut ordered: Vec<(u32, String)> = values.into_iter().map(|(value, number)| (number, value)).collect();
    ordered.sort_unstable();
    let values = ordered.iter().map(|(_, value)| shown(value)).collect();
    MatrixAxis { name: shown(name), values }
}

/// A text for cells; one that would be invisible by its code points.
fn shown(text: &str) -> String {
    cell(&Field::Text(Cow::Borrowed(text)), Theme.text()).text
}
