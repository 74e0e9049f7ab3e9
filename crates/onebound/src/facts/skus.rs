//! Rules about the SKUs, by what the analysis counted.

use super::Finding;
use crate::exchange::Exchange;
use crate::field::Field;
use crate::price::Price;
use crate::quote::PriceTier;
use onebound_document::NodeId;

pub(super) fn ids_doubled(exchange: &Exchange) -> Option<Finding> {
    let skus = &exchange.analysis()?.skus;
    let (at, id) = skus.first_doubled.clone()?;
    let (sku, reply) = (exchange.item()?.sku(at)?, exchange.reply.as_ref()?);
    let found = Finding::at_node(reply, sku.node(), [id, skus.doubled.to_string()]);
    Some(Finding { path: found.path + ".sku_id", ..found })
}

pub(super) fn ids_missing(exchange: &Exchange) -> Option<Finding> {
    let skus = &exchange.analysis()?.skus;
    let at = skus.first_without_id?;
    let values = [skus.without_id.to_string(), skus.count.to_string()];
    Some(Finding::at_node(exchange.reply.as_ref()?, exchange.item()?.sku(at)?.node(), values))
}

pub(super) fn prices_left_out(exchange: &Exchange) -> Option<Finding> {
    let item = exchange.item()?;
    let prices = item.known_overview()?.sku_prices;
    let (reply, written) = (exchange.reply.as_ref()?, price_of(exchange, prices.first_left_out?)?);
    let values = [prices.left_out.to_string(), item.sku_count().to_string(), written.1];
    Some(Finding::at_node(reply, written.0, values))
}

pub(super) fn prices_spelled(exchange: &Exchange) -> Option<Finding> {
    let item = exchange.item()?;
    let prices = item.known_overview()?.sku_prices;
    let (reply, written) = (exchange.reply.as_ref()?, price_of(exchange, prices.first_spelled?)?);
    let read = Price::parse(&written.1)?.to_string();
    Some(Finding::at_node(reply, written.0, [prices.spelled.to_string(), written.1, read]))
}

/// The node of this SKU's price and its text; the SKU itself if it has no price.
fn price_of(exchange: &Exchange, sku: NodeId) -> Option<(NodeId, String)> {
    let (document, _) = exchange.reply.as_ref()?.answer();
    let Some(price) = document.get(sku, "price") else { return Some((sku, "absent".to_owned())) };
    let field = Field::from_node(document, price);
    let written = match &field {
        Field::Text(text) if text.is_empty() => "\"\"",
        Field::Text(text) => text,
        Field::Number(digits) => digits,
        other => other.type_name(),
    };
    Some((price, written.to_owned()))
}

/// Checks the SKUs if there are any: `num` of the item need not be their sum.
pub(super) fn stock_zero(exchange: &Exchange) -> Option<Finding> {
    let item = exchange.item()?;
    let skus = &exchange.analysis()?.skus;
    if skus.count > 0 {
        let reply = exchange.reply.as_ref()?;
        let list = item.sku_list()?;
        return (skus.out_of_stock == skus.count).then(|| Finding::at_node(reply, list, []));
    }
    (item.field("num").pieces()? == 0).then(|| Finding::at_path("$.item.num", []))
}

pub(super) fn sales_disagree(exchange: &Exchange) -> Option<Finding> {
    let item = exchange.item()?;
    let own = [item.field("total_sold"), item.field("sales")];
    let skus = &exchange.analysis()?.skus;
    let sum = skus.sales;
    let counts = own.iter().map(Field::pieces).chain([sum]);
    let mut known = counts.flatten();
    let first = known.next()?;
    let differ = known.any(|count| count != first);
    let absent = || "—".to_owned();
    let [total, sales] = own.map(|field| if field.has_content() { field.to_text() } else { absent() });
    // A part never goes for the whole.
    let part = if skus.with_sales < skus.count {
        format!(" ({}/{} SKUs)", skus.with_sales, skus.count)
    } else {
        String::new()
    };
    let sum = sum.map_or_else(absent, |sum| format!("{sum}{part}"));
    differ.then(|| Finding::at_path("$.item.total_sold", [total, sales, sum]))
}

pub(super) fn outside_tiers(exchange: &Exchange) -> Option<Finding> {
    let item = exchange.item()?;
    let span = item.known_overview()?.sku_prices.span?;
    let tiers = item.price_tiers();
    // Of tiers that can't all be read, nobody knows which prices they hold.
    let prices: Option<Vec<Price>> = tiers.iter().map(PriceTier::read_price).collect();
    let tiers = prices?.into_iter().reduce(Price::spanning)?;
    let outside = span.low().compare(tiers.low()).is_lt() || span.high().compare(tiers.high()).is_gt();
    let values = [span.low(), span.high(), tiers.low(), tiers.high()].map(|price| price.to_string());
    outside.then(|| Finding::at_path("$.item.priceRange", values))
}
