//! Fields of an item that only some calls request: `sales_data=1` and `agent=1`.
//!
//! The vendor's page names both parameters and shows no answer to either. The shapes here are guesses: a
//! client may rely on their being an object, and on nothing in them. `onepiece_price` of a SKU is as in bodies that
//! users of the API published.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use super::field_types::yuan;
use crate::clock::in_beijing;
use crate::request::ItemRequest;
use crate::seeded_rng::SeededRng;

/// "近30天成交数据" says the vendor's page of `sales_data`.
const DAYS: i64 = 30;

/// Adds what `ask` asks for; the day is that of `made`.
pub(super) fn add(item: &mut Value, ask: &ItemRequest, made: Timestamp) {
    if ask.sales_data {
        item["sales_data"] = sales_data(&ask.num_iid, in_beijing(made).date());
    }
    if ask.agent {
        let fen = fen_of(&item["price"]);
        item["agent_price"] = agent_price(&ask.num_iid, fen);
        let skus = item.get_mut("skus").and_then(|skus| skus.get_mut("sku")).and_then(Value::as_array_mut);
        for sku in skus.into_iter().flatten() {
            sku["onepiece_price"] = yuan(agent_fen(&ask.num_iid, fen_of(&sku["price"]))).into();
        }
    }
}

fn sales_data(num_iid: &str, today: Date) -> Value {
    let days: Vec<(Date, u64)> = (1..=DAYS).rev().map(|back| sold_on(num_iid, today, back)).collect();
    let pieces: u64 = days.iter().map(|(_, sold)| sold).sum();
    let orders = pieces.div_ceil(3);
    json!({
        "sale_count_30d": pieces,
        "order_count_30d": orders,
        "buyer_count_30d": orders.saturating_sub(orders / 7),
        "repeat_rate": format!("{}%", SeededRng::new(num_iid, "repeat rate").between(4, 61)),
        "days": days.iter().map(|(day, sold)| json!({"date": day.to_string(), "sales": sold})).collect::<Vec<_>>(),
    })
}

/// By calendar day, so that yesterday's figure is still the same tomorrow.
fn sold_on(num_iid: &str, today: Date, days_back: i64) -> (Date, u64) {
    let day = today.saturating_sub(days_back.days());
    (day, SeededRng::new(num_iid, &day.to_string()).below(120))
}

fn agent_price(num_iid: &str, fen: u64) -> Value {
    let percent = agent_percent(num_iid);
    let mut rng = SeededRng::new(num_iid, "agent terms");
    json!({
        "price": yuan(agent_fen(num_iid, fen)),
        "discount": format!("0.{percent:02}"),
        "support_dropship": rng.one_in(2),
        "freight": yuan(rng.between(0, 12) * 100),
    })
}

/// The price for drop-shipping, in percent of the usual one.
fn agent_percent(num_iid: &str) -> u64 {
    SeededRng::new(num_iid, "agent").between(88, 99)
}

fn agent_fen(num_iid: &str, fen: u64) -> u64 {
    (fen * agent_percent(num_iid) / 100).max(1)
}

/// A price in yuan as fen.
pub(super) fn fen_of(price: &Value) -> u64 {
    let text = price.as_str().map_or_else(|| price.to_string(), str::to_owned);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let hundredths: String = fraction.chars().chain("00".chars()).take(2).collect();
    let number = |digits: &str| digits.parse::<u64>().unwrap_or(0);
    number(whole) * 100 + number(&hundredths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_as_strings_and_as_numbers() {
        assert_eq!(fen_of(&json!("799.00")), 79_900);
        assert_eq!(fen_of(&json!(12.5)), 1_250);
        assert_eq!(fen_of(&json!(7)), 700);
    }

    #[test]
    fn the_sales_of_a_day_stay_the_same_when_it_moves_into_the_past() {
        let today = jiff::civil::date(2026, 3, 1);
        assert_eq!(sold_on("1", today, 1), sold_on("1", today.tomorrow().unwrap(), 2));
    }
}
