//! The columns of props, of price tiers, and of oddities.

use serde_json::Value;

use super::cell::{CellOddity, FlatCell, RawField};
use super::column::{FlatColumn, FlatSource, ListSource};
use super::item::{PIECES, YUAN};
use crate::i18n::Texts as T;
use crate::record::ValueKind::{Decimal, Integer, Text};
use onebound::{Field, PriceTier, Prop};

/// A prop of an item.
pub(super) struct PropSource<'a> {
    pub(super) num_iid: &'a str,
    /// From 1 on.
    pub(super) position: usize,
    pub(super) prop: Prop<'a>,
}

/// A tier of an item's prices.
pub(super) struct TierSource<'a> {
    pub(super) num_iid: &'a str,
    /// From 1 on.
    pub(super) position: usize,
    pub(super) tier: PriceTier,
}

/// Something odd about a cell of another table.
#[derive(Clone, Debug)]
pub(super) struct OdditySource<'a> {
    pub(super) num_iid: &'a str,
    /// From 1 on.
    pub(super) position: usize,
    pub(super) table: &'static str,
    /// The position of the row in its table; `None` for the item.
    pub(super) row: Option<usize>,
    pub(super) column: &'static str,
    pub(super) oddity: CellOddity,
}

/// What is odd about the fields of an item itself.
#[derive(Clone, Debug)]
pub(crate) struct ItemOddities(pub(super) Vec<OdditySource<'static>>);

impl OdditySource<'static> {
    /// An oddity that has no place in the list yet.
    pub(super) fn new(
        table: &'static str,
        row: Option<usize>,
        column: &'static str,
        oddity: CellOddity,
    ) -> Self {
        Self { num_iid: "", position: 0, table, row, column, oddity }
    }
}

impl ListSource for PropSource<'_> {
    fn position(&self) -> usize {
        self.position
    }
}

impl FlatSource for PropSource<'_> {
    fn columns() -> Vec<FlatColumn<Self>> {
        vec![
            FlatColumn::<Self>::new("num_iid", Text, "num_iid", T::flat_num_iid, |prop| {
                Value::from(prop.num_iid).into()
            }),
            FlatColumn::<Self>::new("position", Integer, "", T::flat_position, |prop| {
                Value::from(prop.position).into()
            }),
            FlatColumn::<Self>::new("name", Text, "props[].name", T::flat_prop_name, |prop| {
                text(prop.prop.name())
            }),
            FlatColumn::<Self>::new("value", Text, "props[].value", T::flat_prop_value, |prop| {
                text(prop.prop.value())
            }),
        ]
    }
}

impl ListSource for TierSource<'_> {
    fn position(&self) -> usize {
        self.position
    }
}

impl FlatSource for TierSource<'_> {
    fn columns() -> Vec<FlatColumn<Self>> {
        vec![
            FlatColumn::<Self>::new("num_iid", Text, "num_iid", T::flat_num_iid, |tier| {
                Value::from(tier.num_iid).into()
            }),
            FlatColumn::<Self>::new("position", Integer, "", T::flat_position, |tier| {
                Value::from(tier.position).into()
            }),
            FlatColumn::<Self>::new(
                "min_quantity",
                Integer,
                "priceRange[][0]",
                T::flat_min_quantity,
                |tier| RawField::of_text(&tier.tier.quantity).to_integer(),
            )
            .in_unit(PIECES),
            FlatColumn::<Self>::new("price", Decimal, "priceRange[][1]", T::flat_tier_price, |tier| {
                RawField::of_text(&tier.tier.price).to_decimal()
            })
            .in_unit(YUAN),
        ]
    }
}

impl ListSource for OdditySource<'_> {
    fn position(&self) -> usize {
        self.position
    }
}

impl FlatSource for OdditySource<'_> {
    fn columns() -> Vec<FlatColumn<Self>> {
        vec![
            FlatColumn::<Self>::new("num_iid", Text, "num_iid", T::flat_num_iid, |odd| {
                Value::from(odd.num_iid).into()
            }),
            FlatColumn::<Self>::new("position", Integer, "", T::flat_position, |odd| {
                Value::from(odd.position).into()
            }),
            FlatColumn::<Self>::new("list", Text, "", T::flat_oddity_list, |odd| {
                Value::from(odd.table).into()
            }),
            FlatColumn::<Self>::new("list_position", Integer, "", T::flat_oddity_row, |odd| {
                FlatCell::nullable(odd.row)
            }),
            FlatColumn::<Self>::new("field", Text, "", T::flat_oddity_field, |odd| {
                Value::from(odd.column).into()
            }),
            FlatColumn::<Self>::new("reason", Text, "", T::flat_oddity_reason, |odd| {
                Value::from(odd.oddity.reason.as_str()).into()
            }),
            FlatColumn::<Self>::new("raw", Text, "", T::flat_oddity_raw, |odd| {
                Value::from(odd.oddity.raw.as_str()).into()
            }),
        ]
    }
}

fn text(field: Field<'_>) -> FlatCell {
    RawField::from(field).to_text()
}
