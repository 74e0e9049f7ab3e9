//! Rules about the item's own fields.

use super::Finding;
use super::amounts::few;
use crate::api::exchange::{Exchange, Outcome};
use crate::api::lenient::Field;
use crate::api::overview::Oddity;
use crate::api::result_type::ResultType;

pub(super) fn wrong_item(exchange: &Exchange) -> Option<Finding> {
    let Outcome::WrongItem { got } = &exchange.outcome else { return None };
    Some(Finding::of("$.item.num_iid", [got.clone(), exchange.call.num_iid()?.to_string()]))
}

pub(super) fn title_missing(exchange: &Exchange) -> Option<Finding> {
    let told = said_instead(&exchange.item()?.field("title"))?;
    let path = if told == "absent" { "$.item" } else { "$.item.title" };
    Some(Finding::of(path, [told.to_owned()]))
}

pub(super) fn price_is_text(exchange: &Exchange) -> Option<Finding> {
    // In XML there are no numbers.
    let Field::Text(price) = exchange.item()?.field("price") else { return None };
    let said = exchange.call.result_type() != ResultType::Xml;
    said.then(|| Finding::of("$.item.price", [price.into_owned()]))
}

pub(super) fn price_below_skus(exchange: &Exchange) -> Option<Finding> {
    let item = exchange.item()?;
    let (price, span) = (item.field("price"), item.overview_so_far()?.sku_prices.as_ref()?);
    let cheapest = &span.min;
    let below = price.number()? < cheapest.trim().parse().ok()?;
    below.then(|| Finding::of("$.item.price", [price.to_text(), cheapest.clone()]))
}

pub(super) fn unexpected_type(exchange: &Exchange) -> Option<Finding> {
    let oddities = &exchange.item()?.overview_so_far()?.oddities;
    let first = oddities.first()?;
    let told = |oddity: &Oddity| match oddity.places {
        1 => format!("{} {}", oddity.path, oddity.found),
        places => format!("{} {} ×{places}", oddity.path, oddity.found),
    };
    Some(Finding::of(format!("$.{}", first.path), [few(oddities.iter().map(told).collect())]))
}

pub(super) fn unknown_field(exchange: &Exchange) -> Option<Finding> {
    // Of other APIs' answers the fields are not known.
    exchange.call.num_iid()?;
    let survey = exchange.survey()?;
    let first = survey.unknown.first()?;
    Some(Finding::of(first.clone(), [survey.unknown.len().to_string(), few(survey.unknown.clone())]))
}

pub(super) fn duplicate_keys(exchange: &Exchange) -> Option<Finding> {
    let survey = exchange.survey()?;
    let path = survey.first_duplicate.clone()?;
    Some(Finding::of(path.clone(), [path, survey.duplicates.to_string()]))
}

pub(super) fn mixed_schemes(exchange: &Exchange) -> Option<Finding> {
    let counts = exchange.survey()?.schemes;
    let told = ["https://", "http://", "//"].into_iter().zip(counts).filter(|(_, count)| *count > 0);
    let told: Vec<String> = told.map(|(scheme, count)| format!("{scheme} {count}")).collect();
    (told.len() > 1).then(|| Finding::of("$.item", [told.join(", ")]))
}

pub(super) fn empty_description(exchange: &Exchange) -> Option<Finding> {
    let told = said_instead(&exchange.item()?.field("desc"))?;
    let path = if told == "absent" { "$.item" } else { "$.item.desc" };
    Some(Finding::of(path, [told.to_owned()]))
}

/// What stands in a text's place.
fn said_instead(field: &Field<'_>) -> Option<&'static str> {
    Some(match field {
        Field::Text(text) if text.trim().is_empty() => "\"\"",
        Field::List(_) => "[]",
        Field::Null => "null",
        Field::Absent => "absent",
        _ => return None,
    })
}

pub(super) fn tracking_pixel(exchange: &Exchange) -> Option<Finding> {
    exchange.survey()?.has_pixel.then(|| Finding::of("$.item.desc", []))
}
