//! The columns of an item.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::Value;

use super::FLAT_VERSION;
use super::cell::{FlatCell, RawField, ends};
use super::column::{FlatColumn, FlatSource};
use super::picture::web_address;
use crate::i18n::Texts as T;
use crate::record::ValueKind::{Boolean, Decimal, Integer, Text, Time};
use onebound::{BEIJING, DescriptionLine, Exchange, Field, Item, ItemId, Price, PriceTier};
use onebound_document::Document;

/// An item, and the exchange that brought it.
#[derive(Clone, Copy, Debug)]
pub(super) struct ItemSource<'a> {
    pub(super) exchange: &'a Exchange,
    pub(super) item: Item<'a>,
}

impl<'a> ItemSource<'a> {
    fn raw(&self, name: &'static str) -> RawField<'a> {
        RawField::of_item(self.item, name)
    }

    /// A field of an object in the item.
    fn inner(&self, name: &str, inner: &str) -> FlatCell {
        RawField::from(self.item.inner(name, inner)).to_text()
    }

    pub(super) fn num_iid(&self) -> String {
        self.item.field("num_iid").to_text().trim().to_owned()
    }
}

/// A column whose values are those of one field.
macro_rules! field {
    ($name:literal, $kind:ident, $read:ident, $source:literal, $about:path) => {
        FlatColumn::<Self>::new($name, $kind, $source, $about, |source| source.raw($source).$read())
    };
}

impl FlatSource for ItemSource<'_> {
    fn columns() -> Vec<FlatColumn<Self>> {
        let groups =
            [Self::answer_columns(), Self::offer_columns(), Self::seller_columns(), Self::order_columns()];
        groups.into_iter().flatten().collect()
    }
}

impl ItemSource<'_> {
    /// The answer that the item came with.
    fn answer_columns() -> Vec<FlatColumn<Self>> {
        vec![
            FlatColumn::<Self>::new("flat_version", Integer, "", T::flat_version, |_| {
                Value::from(FLAT_VERSION).into()
            }),
            FlatColumn::<Self>::new("num_iid", Text, "num_iid", T::flat_num_iid, |source| {
                Value::from(source.num_iid()).into()
            }),
            FlatColumn::<Self>::new("requested_id", Text, "", T::flat_requested_id, requested_id),
            FlatColumn::<Self>::new("platform", Text, "api_type", T::flat_platform, |source| {
                platform(source.exchange)
            }),
            FlatColumn::<Self>::new("lang", Text, "", T::flat_lang, |source| lang(source.exchange)),
            FlatColumn::<Self>::new("gateway", Text, "", T::flat_gateway, |source| gateway(source.exchange)),
            FlatColumn::<Self>::new("fetched_at", Time, "", T::flat_fetched_at, |source| {
                time(source.exchange.started_at)
            }),
            FlatColumn::<Self>::new("vendor_cached", Boolean, "cache", T::flat_vendor_cached, |source| {
                vendor_cached(source.exchange)
            }),
            FlatColumn::<Self>::new(
                "vendor_cached_at",
                Time,
                "secache_date",
                T::flat_vendor_cached_at,
                |source| vendor_cached_at(source.exchange),
            ),
        ]
    }

    /// What is sold, at which price.
    fn offer_columns() -> Vec<FlatColumn<Self>> {
        vec![
            field!("title", Text, to_text, "title", T::flat_title),
            FlatColumn::<Self>::new("url", Text, "detail_url", T::flat_url, |source| {
                address(source, "detail_url")
            }),
            FlatColumn::<Self>::new("picture", Text, "pic_url", T::flat_picture, |source| {
                address(source, "pic_url")
            }),
            field!("price", Decimal, to_decimal, "price", T::flat_price).in_unit(YUAN),
            FlatColumn::<Self>::new("price_min", Decimal, "", T::flat_price_min, price_min).in_unit(YUAN),
            FlatColumn::<Self>::new("price_max", Decimal, "", T::flat_price_max, price_max).in_unit(YUAN),
            field!("original_price", Decimal, to_decimal, "orginal_price", T::flat_original_price)
                .in_unit(YUAN),
            field!("min_order", Integer, to_integer, "min_num", T::flat_min_order).in_unit(PIECES),
            field!("stock", Integer, to_integer, "num", T::flat_stock).in_unit(PIECES),
            field!("unit", Text, to_text, "unit", T::flat_unit),
            field!("sales", Integer, to_integer, "sales", T::flat_sales).in_unit(PIECES),
            field!("total_sold", Integer, to_integer, "total_sold", T::flat_total_sold).in_unit(PIECES),
        ]
    }

    /// Who sells it, and as what.
    fn seller_columns() -> Vec<FlatColumn<Self>> {
        vec![
            field!("seller_id", Text, to_text, "seller_id", T::flat_seller_id),
            field!("seller", Text, to_text, "nick", T::flat_seller),
            FlatColumn::<Self>::new("shop", Text, "seller_info.shop_name", T::flat_shop, |source| {
                source.inner("seller_info", "shop_name")
            }),
            FlatColumn::<Self>::new("shop_url", Text, "seller_info.zhuy", T::flat_shop_url, |source| {
                source.inner("seller_info", "zhuy")
            }),
            field!("location", Text, to_text, "location", T::flat_location),
            field!("category_id", Text, to_text, "cid", T::flat_category_id),
            field!("root_category_id", Text, to_text, "rootCatId", T::flat_root_category_id),
            field!("brand", Text, to_text, "brand", T::flat_brand),
            field!("weight", Text, to_text, "item_weight", T::flat_weight),
        ]
    }

    /// Freight, mixed orders, and what is counted or described.
    fn order_columns() -> Vec<FlatColumn<Self>> {
        vec![
            field!("post_fee", Decimal, to_decimal, "post_fee", T::flat_post_fee).in_unit(YUAN),
            field!("express_fee", Decimal, to_decimal, "express_fee", T::flat_express_fee).in_unit(YUAN),
            field!("ems_fee", Decimal, to_decimal, "ems_fee", T::flat_ems_fee).in_unit(YUAN),
            field!("freight", Text, to_text, "freight", T::flat_freight),
            field!("mixed_order", Boolean, to_boolean, "is_support_mix", T::flat_mixed_order),
            field!("mix_amount", Decimal, to_decimal, "mix_amount", T::flat_mix_amount).in_unit(YUAN),
            field!("mix_number", Integer, to_integer, "mix_number", T::flat_mix_number).in_unit(PIECES),
            FlatColumn::<Self>::new("video", Text, "video.url", T::flat_video, video),
            FlatColumn::<Self>::new("sku_count", Integer, "skus", T::flat_sku_count, |source| {
                Value::from(source.item.sku_count()).into()
            }),
            FlatColumn::<Self>::new("description", Text, "desc", T::flat_description, description),
        ]
    }
}

/// The unit of prices.
pub(super) const YUAN: &str = "CNY";
/// The unit of quantities.
pub(super) const PIECES: &str = "pieces";

fn requested_id(source: &ItemSource<'_>) -> FlatCell {
    FlatCell::nullable(source.exchange.call.num_iid().map(ItemId::as_str))
}

/// Of a body from a file, what the body says.
pub(super) fn platform(exchange: &Exchange) -> FlatCell {
    if exchange.is_body_only() {
        let document: Option<&Document> = exchange.reply.as_ref().map(|reply| &*reply.document);
        let said = document.map(|document| Field::member(document, document.root(), "api_type").to_text());
        return FlatCell::nullable(said.filter(|said| !said.is_empty()));
    }
    let api = exchange.call.api();
    FlatCell::nullable(api.split_once('/').map(|(platform, _)| platform))
}

/// `cn` where a call names none; of a body from a file it is not known.
pub(super) fn lang(exchange: &Exchange) -> FlatCell {
    let parameters = exchange.call.parameters();
    let named = parameters.into_iter().find(|(name, _)| *name == "lang").map(|(_, lang)| lang);
    let assumed = (!exchange.is_body_only()).then_some(Cow::Borrowed("cn"));
    FlatCell::nullable(named.or(assumed).map(Cow::into_owned))
}

pub(super) fn gateway(exchange: &Exchange) -> FlatCell {
    FlatCell::nullable((!exchange.is_body_only()).then(|| exchange.scope().to_string()))
}

/// With milliseconds always, so that times sort as texts.
pub(super) fn time(at: Timestamp) -> FlatCell {
    Value::from(format!("{at:.3}")).into()
}

pub(super) fn vendor_cached(exchange: &Exchange) -> FlatCell {
    FlatCell::nullable(exchange.envelope().map(|envelope| envelope.from_vendor_cache))
}

pub(super) fn vendor_cached_at(exchange: &Exchange) -> FlatCell {
    let written = exchange.envelope().and_then(|envelope| envelope.cached_at.as_deref());
    let Some(written) = written else { return FlatCell::ABSENT };
    let moment = written.trim().parse::<DateTime>().ok().and_then(|at| BEIJING.to_timestamp(at).ok());
    moment.map_or_else(|| Value::Null.into(), time)
}

fn address(source: &ItemSource<'_>, name: &'static str) -> FlatCell {
    let cell = source.raw(name).to_text();
    match cell.value {
        Some(Value::String(written)) => Value::from(web_address(&written)).into(),
        _ => cell,
    }
}

fn price_min(source: &ItemSource<'_>) -> FlatCell {
    let [low, _] = ends(price_span(source.item));
    low
}

fn price_max(source: &ItemSource<'_>) -> FlatCell {
    let [_, high] = ends(price_span(source.item));
    high
}

/// Of the SKUs; where none has a price in figures, of the tiers; else of the item.
fn price_span(item: Item<'_>) -> Option<Price> {
    let of_skus = item.skus().filter_map(|sku| sku.price().price()).reduce(Price::spanning);
    let of_tiers = || item.price_tiers().iter().filter_map(PriceTier::read_price).reduce(Price::spanning);
    of_skus.or_else(of_tiers).or_else(|| item.field("price").price())
}

/// `{"url": …}`, or the address itself.
fn video(source: &ItemSource<'_>) -> FlatCell {
    match source.item.field("video") {
        Field::Object(_) => source.inner("video", "url"),
        _ => source.raw("video").to_text(),
    }
}

/// The description's text without its images.
fn description(source: &ItemSource<'_>) -> FlatCell {
    let written = source.raw("desc").to_text();
    let Some(Value::String(_)) = written.value else { return written };
    let lines = source.item.description().lines.iter().filter_map(|line| match line {
        DescriptionLine::Text(text) => Some(text.as_str()),
        DescriptionLine::Image { .. } | DescriptionLine::Pixel(_) => None,
    });
    Value::from(lines.collect::<Vec<_>>().join("\n").trim().to_owned()).into()
}
