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
mod write_json;

use std::cell::OnceCell;
use std::fmt;
use std::io;

use serde_json::Value;

use crate::i18n::Texts;
use crate::record::{PickedFields, Schema, SchemaField, ValueKind};
use column::{FlatColumn, FlatSource, ListSource, read_row, read_row_and_odd, row_schema};
use item::ItemSource;
use lists::{OdditySource, PropSource, TierSource};
use onebound::Exchange;
use picture::PictureSource;
use sku::{PropertyNames, SkuSource};

pub use cell::OddityReason;
pub use column::FlatRow;
pub use found::{found_row, found_schema};
pub(crate) use lists::ItemOddities;
pub(crate) use write_json::{ListWriter, write_json};

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
    /// The item's own row, once all of it was read.
    item: OnceCell<(FlatRow, ItemOddities)>,
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
        let (num_iid, names) = (source.num_iid(), PropertyNames::default());
        Some(Self { source, columns, num_iid, names, item: OnceCell::new() })
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

    /// The same, and what is odd about it. Read once.
    pub(crate) fn item_row_and_oddities(&self) -> &(FlatRow, ItemOddities) {
        self.item.get_or_init(|| {
            let mut odd = Vec::new();
            let row = read_row_and_odd(&self.columns, &self.source, |column, oddity| {
                odd.push(OdditySource::new("item", None, column, oddity));
            });
            (row, ItemOddities(odd))
        })
    }

    /// One of the item's own fields, by its place in [`item_schema`].
    pub(crate) fn item_value(&self, at: usize) -> Option<Value> {
        match self.item.get() {
            Some((row, _)) => row.0.get(at).cloned().flatten(),
            None => self.columns.get(at).and_then(|column| (column.read)(&self.source).value),
        }
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
        if schema.picks(picked, FlatList::Oddities.as_str()) {
            // Then each field is read once, for itself and for what is odd about it.
            self.item_row_and_oddities();
        }
        write_json(out, self, (&schema, picked), Some(ListWriter::new(self)))
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
        let lists = [FlatList::Prices, FlatList::Skus, FlatList::Props];
        let in_lists = lists.into_iter().flat_map(|list| self.odd_in(list));
        self.numbered(self.item_row_and_oddities().1.0.iter().cloned().chain(in_lists))
    }

    fn numbered(
        &self,
        odd: impl Iterator<Item = OdditySource<'static>>,
    ) -> impl Iterator<Item = OdditySource<'_>> {
        odd.enumerate().map(|(at, odd)| OdditySource { num_iid: &self.num_iid, position: at + 1, ..odd })
    }

    /// The odd cells of a list; pictures and the oddities themselves have none.
    fn odd_in(&self, list: FlatList) -> Box<dyn Iterator<Item = OdditySource<'static>> + '_> {
        match list {
            FlatList::Prices => odd_of(list, self.tiers()),
            FlatList::Skus => odd_of(list, self.skus()),
            FlatList::Props => odd_of(list, self.props()),
            FlatList::Pictures | FlatList::Oddities => Box::new(std::iter::empty()),
        }
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

fn odd_of<'a, S: ListSource + 'a>(
    list: FlatList,
    sources: impl Iterator<Item = S> + 'a,
) -> Box<dyn Iterator<Item = OdditySource<'static>> + 'a> {
    let columns = S::columns();
    let odd = sources.flat_map(move |source| {
        let mut odd = Vec::new();
        let _ = read_row_and_odd(&columns, &source, |column, oddity| {
            odd.push(OdditySource::new(list.as_str(), Some(source.position()), column, oddity));
        });
        odd
    });
    Box::new(odd)
}
