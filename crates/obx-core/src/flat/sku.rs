//! The columns of a SKU.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;

use serde_json::{Value, json};

use super::cell::{FlatCell, OddityReason, RawField};
use super::column::{FlatColumn, FlatSource, ListSource};
use super::item::{ItemSource, PIECES, YUAN};
use super::picture::web_address;
use crate::i18n::Texts as T;
use crate::record::ValueKind::{Decimal, Integer, Json, Text};
use onebound::{Field, Sku};

/// The prices that sellers write for variants that they don't sell, by what users of the API met.
const PLACEHOLDER_PRICES: [&str; 3] = ["333", "9999", "99999"];

/// How many hexadecimal digits a `specId` has.
const SPEC_ID_DIGITS: usize = 32;

/// A SKU of an item, with what is known of the item.
pub(super) struct SkuSource<'a> {
    pub(super) of: ItemSource<'a>,
    pub(super) num_iid: &'a str,
    /// From 1 on.
    pub(super) position: usize,
    pub(super) sku: Sku<'a>,
    pub(super) names: &'a PropertyNames,
}

/// Names and values of properties by their ids, as `props_list` has them. Read once, since an item can have thousands of
/// both, and only where the SKUs themselves don't name them.
#[derive(Debug, Default)]
pub(super) struct PropertyNames(OnceCell<HashMap<String, (String, String)>>);

/// A choice of a SKU: `1:1`, `颜色`, `瓷白色`.
struct SkuProperty<'p> {
    ids: &'p str,
    name: &'p str,
    value: &'p str,
}

impl ListSource for SkuSource<'_> {
    fn position(&self) -> usize {
        self.position
    }
}

impl FlatSource for SkuSource<'_> {
    fn columns() -> Vec<FlatColumn<Self>> {
        vec![
            FlatColumn::<Self>::new("num_iid", Text, "num_iid", T::flat_num_iid, |sku| {
                Value::from(sku.num_iid).into()
            }),
            FlatColumn::<Self>::new("position", Integer, "", T::flat_position, |sku| {
                Value::from(sku.position).into()
            }),
            FlatColumn::<Self>::new("sku_id", Text, "sku_id", T::flat_sku_id, sku_id),
            FlatColumn::<Self>::new("spec_id", Text, "spec_id", T::flat_spec_id, spec_id),
            FlatColumn::<Self>::new("properties", Json, "properties_name", T::flat_properties, properties),
            FlatColumn::<Self>::new("variant", Text, "properties_name", T::flat_variant, variant),
            FlatColumn::<Self>::new("price", Decimal, "price", T::flat_sku_price, price).in_unit(YUAN),
            FlatColumn::<Self>::new(
                "original_price",
                Decimal,
                "orginal_price",
                T::flat_original_price,
                |sku| sku.raw("orginal_price").to_decimal(),
            )
            .in_unit(YUAN),
            FlatColumn::<Self>::new("agent_price", Decimal, "agent_price", T::flat_agent_price, agent_price)
                .in_unit(YUAN),
            FlatColumn::<Self>::new("stock", Integer, "quantity", T::flat_stock, stock).in_unit(PIECES),
            FlatColumn::<Self>::new("sales", Integer, "sales", T::flat_sales, |sku| {
                sku.raw("sales").to_integer()
            })
            .in_unit(PIECES),
            FlatColumn::<Self>::new("picture", Text, "sku_img", T::flat_sku_picture, picture),
        ]
    }
}

impl<'a> SkuSource<'a> {
    fn raw(&self, name: &'static str) -> RawField<'a> {
        RawField::of_sku(self.sku, name)
    }

    /// A field that is to hold something else than a `specId`.
    fn unless_spec_id(&self, name: &'static str, read: fn(&RawField<'a>) -> FlatCell) -> FlatCell {
        let raw = self.raw(name);
        if spec_id_in(&raw.field).is_some() { raw.null(OddityReason::Misplaced) } else { read(&raw) }
    }

    fn each_property(&self, mut each: impl FnMut(SkuProperty<'_>)) {
        self.sku.each_property(|own| {
            let listed = if own.axis.is_empty() { self.names.get(self.of, own.ids) } else { None };
            let (name, value) = listed.unwrap_or((own.axis, own.value));
            each(SkuProperty { ids: own.ids, name, value });
        });
    }
}

impl PropertyNames {
    fn get(&self, source: ItemSource<'_>, ids: &str) -> Option<(&str, &str)> {
        let pair = |(ids, field): (Cow<'_, str>, Field<'_>)| {
            let (name, value) = field.text()?.split_once(':')?;
            Some((ids.into_owned(), (name.to_owned(), value.to_owned())))
        };
        let read = || source.item.entries_of("props_list").filter_map(pair).collect();
        self.0.get_or_init(read).get(ids).map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// The text of a field if it is a `specId`.
fn spec_id_in(field: &Field<'_>) -> Option<String> {
    let text = field.text()?.trim();
    let is_spec_id = text.len() == SPEC_ID_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_spec_id.then(|| text.to_owned())
}

fn sku_id(sku: &SkuSource<'_>) -> FlatCell {
    sku.unless_spec_id("sku_id", RawField::to_text)
}

/// `spec_id`; where that says nothing, a `specId` in `sku_id` or `quantity`, in which some answers have it.
fn spec_id(sku: &SkuSource<'_>) -> FlatCell {
    let own = sku.raw("spec_id");
    if own.field.text().is_some() {
        return own.to_text();
    }
    let misplaced = ["sku_id", "quantity"].iter().find_map(|name| spec_id_in(&sku.sku.field(name)));
    misplaced.map_or_else(|| own.to_text(), |found| Value::from(found).into())
}

fn properties(sku: &SkuSource<'_>) -> FlatCell {
    let mut all = Vec::new();
    sku.each_property(|SkuProperty { ids, name, value }| {
        all.push(json!({ "ids": ids, "name": name, "value": value }));
    });
    Value::Array(all).into()
}

/// `颜色:瓷白色;机身内存:64GB`
fn variant(sku: &SkuSource<'_>) -> FlatCell {
    let mut all = String::new();
    sku.each_property(|SkuProperty { name, value, .. }| {
        let parted = if all.is_empty() { "" } else { ";" };
        let colon = if name.is_empty() { "" } else { ":" };
        all.extend([parted, name, colon, value]);
    });
    Value::from(all).into()
}

fn price(sku: &SkuSource<'_>) -> FlatCell {
    let raw = sku.raw("price");
    let cell = raw.to_decimal();
    let written = cell.value.as_ref().and_then(Value::as_str).unwrap_or_default();
    let whole = written.split_once('.').map_or(written, |(whole, part)| {
        if part.bytes().all(|digit| digit == b'0') { whole } else { written }
    });
    let is_placeholder = PLACEHOLDER_PRICES.contains(&whole) && sku.sku.quantity().pieces() == Some(0);
    if is_placeholder {
        return cell.with_oddity(OddityReason::PlaceholderPrice, raw.raw());
    }
    cell
}

/// `agent_price`, or else `onepiece_price`.
fn agent_price(sku: &SkuSource<'_>) -> FlatCell {
    let own = sku.raw("agent_price");
    let other = sku.raw("onepiece_price");
    if own.field.text().is_none() && other.field.text().is_some() {
        other.to_decimal()
    } else {
        own.to_decimal()
    }
}

fn stock(sku: &SkuSource<'_>) -> FlatCell {
    sku.unless_spec_id("quantity", RawField::to_integer)
}

/// Its own picture, or that of the first of its properties that has one.
fn picture(sku: &SkuSource<'_>) -> FlatCell {
    let found = sku.of.item.sku_picture(sku.sku);
    found.map_or(FlatCell::ABSENT, |address| Value::from(web_address(&address)).into())
}
