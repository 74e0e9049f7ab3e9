//! Rules about the SKUs, by what the survey counted.

use super::Finding;
use crate::api::exchange::Exchange;
use crate::api::lenient::Field;
use crate::document::Places;

pub(super) fn ids_doubled(exchange: &Exchange) -> Option<Finding> {
    let skus = &exchange.survey()?.skus;
    let (at, id) = skus.first_doubled.clone()?;
    Some(Finding::of(place(exchange, at)? + ".sku_id", [id, skus.doubled.to_string()]))
}

pub(super) fn ids_missing(exchange: &Exchange) -> Option<Finding> {
    let skus = &exchange.survey()?.skus;
    let at = skus.first_without_id?;
    let values = [skus.without_id.to_string(), skus.count.to_string()];
    Some(Finding::of(place(exchange, at)?, values))
}

/// Where the SKU of this number stands: what is none can stand before it.
fn place(exchange: &Exchange, at: usize) -> Option<String> {
    let (sku, reply) = (exchange.item()?.sku(at)?, exchange.reply.as_ref()?);
    Some(Places::default().path(&reply.document, sku.node()))
}

/// Of the SKUs where there are some: `num` of the item need not be their sum.
pub(super) fn stock_zero(exchange: &Exchange) -> Option<Finding> {
    let item = exchange.item()?;
    let skus = &exchange.survey()?.skus;
    if skus.count > 0 {
        return (skus.out_of_stock == skus.count).then(|| Finding::of("$.item.skus.sku", []));
    }
    (item.field("num").count()? == 0).then(|| Finding::of("$.item.num", []))
}

pub(super) fn sales_disagree(exchange: &Exchange) -> Option<Finding> {
    let item = exchange.item()?;
    let own = [item.field("total_sold"), item.field("sales")];
    let sum = exchange.survey()?.skus.sales;
    let counts = own.iter().map(Field::count).chain([sum]);
    let mut known = counts.flatten();
    let first = known.next()?;
    let differ = known.any(|count| count != first);
    let absent = || "—".to_owned();
    let [total, sales] = own.map(|field| if field.says_something() { field.to_text() } else { absent() });
    let sum = sum.map_or_else(absent, |sum| sum.to_string());
    differ.then(|| Finding::of("$.item.total_sold", [total, sales, sum]))
}

pub(super) fn outside_tiers(exchange: &Exchange) -> Option<Finding> {
    let item = exchange.item()?;
    let span = item.overview_so_far()?.sku_prices.as_ref()?;
    let tiers = item.price_tiers();
    let priced = tiers.iter().filter_map(|tier| Some((number(&tier.price)?, &tier.price)));
    let (mut low, mut high) = (priced.clone().next()?, priced.clone().next()?);
    for tier in priced {
        low = if tier.0 < low.0 { tier } else { low };
        high = if tier.0 > high.0 { tier } else { high };
    }
    let outside = number(&span.min)? < low.0 || number(&span.max)? > high.0;
    let values = [&span.min, &span.max, low.1, high.1].map(Clone::clone);
    outside.then(|| Finding::of("$.item.priceRange", values))
}

fn number(text: &str) -> Option<f64> {
    Field::Text(text.into()).number()
}
