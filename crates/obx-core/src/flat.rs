//! One flat record of an item, whatever types its fields came in.
//!
//! ```text
//!  Exchange ─▶ FlatRecord ─┬─ the item's fields           a value a key
//!                          ├─ prices, skus, props,        lists of flat rows, each with num_iid and position
//!                          │  pictures, oddities
//!                          └─▶ JSON, CSV (crate::record), SQL (crate::sql), docs/json.md
//! ```
//! A key that is missing was missing in the answer, null was null, and "" was "". Where a column is a number, "" is null
//! too, as is everything that can't be read as one; what was sent is then in `oddities`. Decimals are strings with the
//! digits that were sent. Each column is described once, in the table of its list.

mod cell;
mod column;
mod found;
mod item;
mod lists;
mod picture;
mod sku;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io;

use serde::Serialize;
use serde_json::Value;

use crate::i18n::Texts;
use crate::record::{PickedFields, Schema, SchemaField, ValueKind};
use cell::FlatCell;
use column::{FlatColumn, FlatSource, read_row, row_schema};
use item::ItemSource;
use lists::{OdditySource, PropSource, TierSource};
use onebound::Exchange;
use picture::PictureSource;
use sku::{PropertyNames, SkuSource};

pub use cell::OddityReason;
pub use column::FlatRow;
pub use found::{found_row, found_schema};

/// The version of the record: raised when a field is removed, renamed, or changes its type or meaning.
pub const FLAT_VERSION: u32 = 1;

/// The lists of a record, in the order in which they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FlatList {
    /// Prices by quantity.
    Prices,
    Skus,
    Props,
    Pictures,
    /// What could not be read as its field's type.
    Oddities,
}

/// The flat record of one answer. A view: every value is read when it is asked for.
pub struct FlatRecord<'a> {
    source: ItemSource<'a>,
    columns: Vec<FlatColumn<ItemSource<'a>>>,
    num_iid: String,
    names: PropertyNames,
}

impl FlatList {
    pub const ALL: [Self; 5] = [Self::Prices, Self::Skus, Self::Props, Self::Pictures, Self::Oddities];

    /// Its key in the record.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Prices => "prices",
            Self::Skus => "skus",
            Self::Props => "props",
            Self::Pictures => "pictures",
            Self::Oddities => "oddities",
        }
    }

    pub(crate) fn about(self) -> fn(Texts) -> &'static str {
        match self {
            Self::Prices => Texts::flat_prices,
            Self::Skus => Texts::flat_skus,
            Self::Props => Texts::flat_props,
            Self::Pictures => Texts::flat_pictures,
            Self::Oddities => Texts::flat_oddities,
        }
    }

    /// The schema of its rows.
    pub fn schema(self) -> Schema<FlatRow> {
        let schema = match self {
            Self::Prices => row_schema::<TierSource<'_>>,
            Self::Skus => row_schema::<SkuSource<'_>>,
            Self::Props => row_schema::<PropSource<'_>>,
            Self::Pictures => row_schema::<PictureSource<'_>>,
            Self::Oddities => row_schema::<OdditySource<'_>>,
        };
        schema(self.as_str(), FLAT_VERSION)
    }
}

/// The schema of an item without its lists, as a row of a table.
pub fn item_schema() -> Schema<FlatRow> {
    row_schema::<ItemSource<'_>>("item", FLAT_VERSION)
}

/// The schema of the whole record: the item's fields, then its lists.
pub fn record_schema<'a>() -> Schema<FlatRecord<'a>> {
    let fields = ItemSource::columns().into_iter().enumerate().map(|(at, column)| {
        let value = move |record: &FlatRecord<'a>| record.item_value(at);
        SchemaField::new(column.name, column.kind, column.about, value).measured(column.unit, column.source)
    });
    let lists = FlatList::ALL.into_iter().map(|list| {
        let value = move |record: &FlatRecord<'a>| Some(record.list(list));
        SchemaField::new(list.as_str(), ValueKind::Json, list.about(), value)
    });
    Schema::new("item", FLAT_VERSION, fields.chain(lists).collect())
}

impl<'a> FlatRecord<'a> {
    /// The record of the item in an answer; `None` if there is no item.
    pub fn new(exchange: &'a Exchange) -> Option<Self> {
        let source = ItemSource { exchange, item: exchange.item()? };
        let columns = ItemSource::columns();
        Some(Self { source, columns, num_iid: source.num_iid(), names: PropertyNames::new(source) })
    }

    /// The answer that it is read from.
    pub fn exchange(&self) -> &'a Exchange {
        self.source.exchange
    }

    /// The ID that the item itself has: in a wrong answer not the one that was asked for.
    pub fn num_iid(&self) -> &str {
        &self.num_iid
    }

    /// The item's own fields, in the order of [`item_schema`].
    pub fn item_row(&self) -> FlatRow {
        read_row(&self.columns, &self.source)
    }

    fn item_value(&self, at: usize) -> Option<Value> {
        self.columns.get(at).and_then(|column| (column.read)(&self.source).value)
    }

    /// The rows of a list, in the order of [`FlatList::schema`].
    pub fn rows(&self, list: FlatList) -> Box<dyn Iterator<Item = FlatRow> + '_> {
        match list {
            FlatList::Prices => rows_of(self.tiers()),
            FlatList::Skus => rows_of(self.skus()),
            FlatList::Props => rows_of(self.props()),
            FlatList::Pictures => rows_of(self.pictures()),
            FlatList::Oddities => rows_of(self.oddities()),
        }
    }

    /// A list as JSON.
    fn list(&self, list: FlatList) -> Value {
        let (schema, rows) = (list.schema(), self.rows(list));
        let all = schema.all();
        Value::Array(rows.map(|row| schema.to_json(&row, &all)).collect())
    }

    /// Writes these fields of [`record_schema`] as one JSON object, row by row, without a line break behind it.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_json(&self, out: &mut impl io::Write, picked: &PickedFields) -> io::Result<()> {
        let schema = record_schema();
        let mut is_first = true;
        out.write_all(b"{")?;
        for field in schema.picked(picked) {
            let list = FlatList::ALL.into_iter().find(|list| list.as_str() == field.name);
            let value = if list.is_some() { None } else { field.value(self) };
            if list.is_none() && value.is_none() {
                continue;
            }
            out.write_all(if is_first { b"\"" } else { b",\"" })?;
            is_first = false;
            out.write_all(field.name.as_bytes())?;
            out.write_all(b"\":")?;
            match (list, value) {
                (Some(list), _) => self.write_list(out, list)?,
                (None, value) => write_value(out, &value)?,
            }
        }
        out.write_all(b"}")
    }

    fn write_list(&self, out: &mut impl io::Write, list: FlatList) -> io::Result<()> {
        let schema = list.schema();
        out.write_all(b"[")?;
        for (at, row) in self.rows(list).enumerate() {
            out.write_all(if at == 0 { b"{" } else { b",{" })?;
            let present =
                schema.fields.iter().zip(&row.0).filter_map(|(field, value)| Some((field, value.as_ref()?)));
            for (at, (field, value)) in present.enumerate() {
                out.write_all(if at == 0 { b"\"" } else { b",\"" })?;
                out.write_all(field.name.as_bytes())?;
                out.write_all(b"\":")?;
                write_value(out, value)?;
            }
            out.write_all(b"}")?;
        }
        out.write_all(b"]")
    }

    fn tiers(&self) -> impl Iterator<Item = TierSource<'_>> {
        let tiers = self.source.item.price_tiers().into_iter().enumerate();
        tiers.map(|(at, tier)| TierSource { num_iid: &self.num_iid, position: at + 1, tier })
    }

    fn skus(&self) -> impl Iterator<Item = SkuSource<'_>> {
        self.source.item.skus().enumerate().map(|(at, sku)| SkuSource {
            of: self.source,
            num_iid: &self.num_iid,
            position: at + 1,
            sku,
            names: &self.names,
        })
    }

    fn props(&self) -> impl Iterator<Item = PropSource<'_>> {
        let item = self.source.item;
        let props = (0..item.prop_count()).filter_map(move |at| Some((at, item.prop(at)?)));
        props.map(|(at, prop)| PropSource { num_iid: &self.num_iid, position: at + 1, prop })
    }

    fn pictures(&self) -> impl Iterator<Item = PictureSource<'_>> {
        let pictures = self.source.item.pictures().into_iter();
        let roles = pictures
            .flat_map(|picture| picture.roles.into_iter().map(move |role| (role, picture.address.clone())));
        roles.enumerate().map(|(at, (role, address))| PictureSource {
            num_iid: &self.num_iid,
            position: at + 1,
            role,
            address,
        })
    }

    /// A second pass over all cells, so that no list has to be written before this one.
    fn oddities(&self) -> impl Iterator<Item = OdditySource<'_>> {
        let [prices, skus, props] = [FlatList::Prices, FlatList::Skus, FlatList::Props].map(FlatList::as_str);
        let in_item = odd_cells(&self.columns, &self.source, "item", None).into_iter();
        let columns = TierSource::columns();
        let in_prices =
            self.tiers().flat_map(move |tier| odd_cells(&columns, &tier, prices, Some(tier.position)));
        let columns = SkuSource::columns();
        let in_skus = self.skus().flat_map(move |sku| odd_cells(&columns, &sku, skus, Some(sku.position)));
        let columns = PropSource::columns();
        let in_props =
            self.props().flat_map(move |prop| odd_cells(&columns, &prop, props, Some(prop.position)));
        let all = in_item.chain(in_prices).chain(in_skus).chain(in_props).enumerate();
        all.map(|(at, odd)| OdditySource { num_iid: &self.num_iid, position: at + 1, ..odd })
    }
}

impl fmt::Debug for FlatRecord<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FlatRecord({})", self.num_iid)
    }
}

fn rows_of<'a, S: FlatSource + 'a>(
    sources: impl Iterator<Item = S> + 'a,
) -> Box<dyn Iterator<Item = FlatRow> + 'a> {
    let columns = S::columns();
    Box::new(sources.map(move |source| read_row(&columns, &source)))
}

/// The cells of a row that don't say what their fields said.
fn odd_cells<S>(
    columns: &[FlatColumn<S>],
    source: &S,
    table: &'static str,
    row: Option<usize>,
) -> Vec<OdditySource<'static>> {
    let found = columns.iter().filter_map(|column| {
        let FlatCell { odd, .. } = (column.read)(source);
        Some(OdditySource { num_iid: "", position: 0, table, row, column: column.name, oddity: odd? })
    });
    found.collect()
}

fn write_value(out: &mut impl io::Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(out, value).map_err(io::Error::from)
}
