//! The items that the emulator has: one for every ID, always the same but for stock and price.
//!
//! [`item`] creates the value of `item` in the envelope. 610947572360 is the item of the vendor's page, as
//! captured. All others are made from `assets/words.txt` by [`plan`] and written by [`fields`]. [`items`] is what a
//! search finds of them.

mod extras;
mod field_types;
mod fields;
mod plan;
mod search;
mod shop;
mod sku;
mod words;

use std::sync::LazyLock;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::request::ItemRequest;
pub(super) use plan::{ASKED_COUNTS, asked_sku_count};
use plan::{Plan, Turn};
pub(super) use search::{is_known_shop, items};

/// The answer example of the vendor's page, whole.
const PAGE_EXAMPLE: &str = include_str!("../assets/610947572360.json");

/// The ID of that example.
pub(super) const PAGE_ITEM: &str = "610947572360";

#[expect(clippy::expect_used, reason = "the asset is part of the program, and a test reads it")]
static PAGE_EXAMPLE_ITEM: LazyLock<Value> = LazyLock::new(|| {
    let example: Value = serde_json::from_str(PAGE_EXAMPLE).expect("the vendor's example is JSON");
    example["item"].clone()
});

/// When an answer is made, and how long stock and price stay the same.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub(super) made: Timestamp,
    pub(super) drift: Duration,
}

impl Moment {
    fn turn(self) -> Turn {
        let seconds = self.drift.as_secs().max(1);
        Turn { number: self.made.as_second().unsigned_abs() / seconds, seconds }
    }
}

/// The item as it is at that moment.
pub(super) fn item(ask: &ItemRequest, moment: Moment) -> Value {
    let mut item = if ask.num_iid == PAGE_ITEM {
        PAGE_EXAMPLE_ITEM.clone()
    } else {
        fields::write(&Plan::new(&ask.num_iid, moment.turn()))
    };
    extras::add(&mut item, ask, moment.made);
    item
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn ask(num_iid: &str) -> ItemRequest {
        let num_iid = num_iid.to_owned();
        ItemRequest { num_iid, sales_data: false, agent: false }
    }

    fn at(hours: i64) -> Moment {
        let made = Timestamp::from_second(1_772_000_000 + hours * 3600).unwrap();
        Moment { made, drift: Duration::from_secs(3600) }
    }

    fn skus(item: &Value) -> &[Value] {
        item["skus"]["sku"].as_array().map_or(&[], Vec::as_slice)
    }

    /// A number that may be written as a string.
    fn count(value: &Value) -> u64 {
        value.as_u64().or_else(|| value.as_str()?.parse().ok()).unwrap()
    }

    fn many_ids() -> impl Iterator<Item = String> {
        (0..200).map(|number| (600_000_000_001_u64 + number * 7_777_777).to_string())
    }

    #[test]
    fn the_item_of_the_vendors_page_is_as_captured() {
        let item = item(&ask("610947572360"), at(0));
        assert_eq!(item, *PAGE_EXAMPLE_ITEM);
        assert_eq!(item["props"].as_array().unwrap().len(), 23);
        assert_eq!(skus(&item).len(), 2);
    }

    #[test]
    fn an_id_has_the_same_item_at_each_call_of_an_hour_and_another_id_has_another() {
        for id in many_ids() {
            assert_eq!(item(&ask(&id), at(0)), item(&ask(&id), at(0)));
        }
        let titles: HashSet<_> =
            many_ids().map(|id| item(&ask(&id), at(0))["title"].as_str().unwrap().to_owned()).collect();
        assert!(titles.len() > 190, "{} titles for 200 IDs", titles.len());
    }

    #[test]
    fn only_stock_and_price_drift_with_time() {
        const DRIFTING: [&str; 6] = ["price", "orginal_price", "num", "skus", "priceRange", "desc"];
        let mut drifted = 0;
        for id in many_ids() {
            let (before, after) = (item(&ask(&id), at(0)), item(&ask(&id), at(30)));
            drifted += u32::from(before["num"] != after["num"] || before["price"] != after["price"]);
            for (name, value) in before.as_object().unwrap() {
                assert!(DRIFTING.contains(&name.as_str()) || after[name] == *value, "{id} {name}");
            }
        }
        assert!(drifted > 150, "only {drifted} of 200 items drifted");
    }

    #[test]
    fn with_a_short_drift_items_change_within_minutes() {
        let after = |seconds: i64| Moment {
            made: Timestamp::from_second(1_772_000_000 + seconds).unwrap(),
            drift: Duration::from_secs(20),
        };
        let changes = |id: &str, seconds: i64| {
            item(&ask(id), after(0))["skus"] != item(&ask(id), after(seconds))["skus"]
        };
        let ids: Vec<String> = many_ids().filter(|id| skus(&item(&ask(id), after(0))).len() > 5).collect();
        assert!(ids.iter().all(|id| changes(id, 180)), "three minutes later, each has another stock");
        assert!(!ids.iter().any(|id| changes(id, 0)));
    }

    #[test]
    fn what_skus_are_called_is_in_the_list_of_their_properties() {
        for id in many_ids() {
            let item = item(&ask(&id), at(5));
            for sku in skus(&item) {
                assert_named_by_list(&item, sku);
            }
        }
    }

    fn assert_named_by_list(item: &Value, sku: &Value) {
        let codes: Vec<_> = sku["properties"].as_str().unwrap().split(';').map(str::trim).collect();
        let names: Vec<_> = sku["properties_name"].as_str().unwrap().split(';').map(str::trim).collect();
        assert_eq!(codes.len(), names.len());
        for (code, name) in codes.iter().zip(names) {
            let listed = item["props_list"][code].as_str().unwrap();
            assert_eq!(format!("{code}:{listed}"), name);
            assert!(item["props_name"].as_str().unwrap().split(';').any(|part| part.trim() == name));
            let (axis, value) = listed.split_once(':').unwrap();
            let prop = item["props"].as_array().unwrap().iter().find(|prop| prop["name"] == axis).unwrap();
            assert!(prop["value"].as_str().unwrap().split(',').any(|part| part == value));
        }
    }

    #[test]
    fn the_stock_of_an_item_is_the_sum_of_its_skus() {
        for id in many_ids() {
            let item = item(&ask(&id), at(9));
            if !skus(&item).is_empty() {
                let sum: u64 = skus(&item).iter().map(|sku| count(&sku["quantity"])).sum();
                assert_eq!(count(&item["num"]), sum, "{id}");
            }
        }
    }

    #[test]
    fn no_two_skus_of_an_item_are_alike() {
        for id in many_ids() {
            let item = item(&ask(&id), at(1));
            let names: HashSet<_> = skus(&item).iter().map(|sku| sku["properties"].to_string()).collect();
            let ids: HashSet<_> = skus(&item).iter().map(|sku| sku["sku_id"].to_string()).collect();
            assert_eq!((names.len(), ids.len()), (skus(&item).len(), skus(&item).len()));
        }
    }

    #[test]
    fn documented_endings_give_their_number_of_skus() {
        for (ending, expected) in
            [("99999", 0), ("90001", 1), ("90002", 2), ("90030", 30), ("90300", 300), ("10000", 10_000)]
        {
            let id = format!("6109475{ending}");
            assert_eq!(skus(&item(&ask(&id), at(0))).len(), expected, "{id}");
        }
    }

    #[test]
    fn items_have_3_to_40_props_and_prices_above_zero() {
        for id in many_ids() {
            let item = item(&ask(&id), at(2));
            let props = item["props"].as_array().unwrap().len();
            assert!((3..=40).contains(&props), "{id} has {props} props");
            let price = item["price"].as_f64().or_else(|| item["price"].as_str()?.parse().ok()).unwrap();
            assert!(price > 0.0);
        }
    }

    #[test]
    fn sales_and_reseller_data_come_only_when_asked_for() {
        let plain = item(&ask("601"), at(0));
        assert_eq!(plain["sales_data"], "");
        assert!(plain.get("agent_price").is_none());
        let full = item(&ItemRequest { sales_data: true, agent: true, ..ask("601") }, at(0));
        assert_eq!(full["sales_data"]["days"].as_array().unwrap().len(), 30);
        assert!(full["agent_price"].is_object());
    }

    #[test]
    fn the_shortest_and_the_longest_id_have_items() {
        for id in ["1", "007", "99999999999999999999"] {
            assert_eq!(item(&ask(id), at(0))["num_iid"].to_string().trim_matches('"'), id);
        }
    }
}
