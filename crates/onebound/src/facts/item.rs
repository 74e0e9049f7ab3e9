//! Rules about the item's own fields.

use super::Finding;
use super::amounts::few;
use crate::exchange::Exchange;
use crate::field::Field;
use crate::item::Item;
use crate::overview::Oddity;
use crate::result_type::ResultType;

pub(super) fn wrong_item(exchange: &Exchange) -> Option<Finding> {
    Some(Finding::at_path("$.item.num_iid", [exchange.other_item()?, exchange.call.num_iid()?.to_string()]))
}

pub(super) fn title_missing(exchange: &Exchange) -> Option<Finding> {
    let found = placeholder(&exchange.item()?.field("title"))?;
    let path = if found == "absent" { "$.item" } else { "$.item.title" };
    Some(Finding::at_path(path, [found.to_owned()]))
}

pub(super) fn price_is_text(exchange: &Exchange) -> Option<Finding> {
    // In XML there are no numbers.
    let Field::Text(price) = exchange.item()?.field("price") else { return None };
    let said = exchange.call.result_type() != ResultType::Xml;
    said.then(|| Finding::at_path("$.item.price", [price.into_owned()]))
}

pub(super) fn price_below_skus(exchange: &Exchange) -> Option<Finding> {
    let item = exchange.item()?;
    let (price, span) = (item.field("price"), item.known_overview()?.sku_prices.span?);
    let below = price.price()?.low().compare(span.low()).is_lt();
    below.then(|| Finding::at_path("$.item.price", [price.to_text(), span.low().to_string()]))
}

pub(super) fn unexpected_type(exchange: &Exchange) -> Option<Finding> {
    let reply = exchange.reply.as_ref()?;
    // Around an item of another API nothing is known of its own fields.
    let of_item = exchange.item().and_then(Item::known_overview).map(|overview| overview.oddities.iter());
    let oddities: Vec<&Oddity> =
        exchange.analysis()?.oddities.iter().chain(of_item.into_iter().flatten()).collect();
    let first = oddities.first()?;
    let text = |oddity: &Oddity| match oddity.places {
        1 => format!("{} {}", oddity.path, oddity.found),
        places => format!("{} {} ×{places}", oddity.path, oddity.found),
    };
    Some(Finding::at_node(reply, first.first, [few(oddities.iter().map(|oddity| text(oddity)).collect())]))
}

pub(super) fn unknown_field(exchange: &Exchange) -> Option<Finding> {
    // Of other APIs' answers the fields are not known.
    exchange.call.num_iid()?;
    let analysis = exchange.analysis()?;
    let (_, first) = *analysis.unknown.first()?;
    let names: Vec<String> = analysis.unknown.iter().map(|(name, _)| name.clone()).collect();
    let values = [names.len().to_string(), few(names)];
    Some(Finding::at_node(exchange.reply.as_ref()?, first, values))
}

pub(super) fn duplicate_keys(exchange: &Exchange) -> Option<Finding> {
    let (analysis, reply) = (exchange.analysis()?, exchange.reply.as_ref()?);
    let first = analysis.first_duplicate?;
    Some(Finding::at_node(reply, first, [reply.path_of(first), analysis.duplicates.to_string()]))
}

pub(super) fn mixed_schemes(exchange: &Exchange) -> Option<Finding> {
    let counts = exchange.analysis()?.schemes;
    let used = ["https://", "http://", "//"].into_iter().zip(counts).filter(|(_, count)| *count > 0);
    let used: Vec<String> = used.map(|(scheme, count)| format!("{scheme} {count}")).collect();
    (used.len() > 1).then(|| Finding::at_path("$.item", [used.join(", ")]))
}

pub(super) fn broken_addresses(exchange: &Exchange) -> Option<Finding> {
    let analysis = exchange.analysis()?;
    let (first, address) = analysis.first_broken.clone()?;
    Some(Finding::at_node(exchange.reply.as_ref()?, first, [analysis.broken.to_string(), address]))
}

pub(super) fn empty_description(exchange: &Exchange) -> Option<Finding> {
    let found = placeholder(&exchange.item()?.field("desc"))?;
    let path = if found == "absent" { "$.item" } else { "$.item.desc" };
    Some(Finding::at_path(path, [found.to_owned()]))
}

/// What a field holds in place of a text.
fn placeholder(field: &Field<'_>) -> Option<&'static str> {
    Some(match field {
        Field::Text(text) if text.trim().is_empty() => "\"\"",
        Field::List(_) => "[]",
        Field::Null => "null",
        Field::Absent => "absent",
        _ => return None,
    })
}

pub(super) fn tracking_pixel(exchange: &Exchange) -> Option<Finding> {
    exchange.analysis()?.has_pixel.then(|| Finding::at_path("$.item.desc", []))
}
