//! The tables: the columns of the flat record, and those that make a key of it.

use std::collections::HashSet;

use serde_json::Value;

use super::dialect::SqlDialect;
use crate::flat::{FlatList, FlatRow};
use crate::record::{Schema, ValueKind};

/// The longest text of a key, in characters.
const LONGEST_KEY: usize = 191;

/// What every key begins with. An emulator has another item under the same ID, and so has another platform.
const ITEM_KEY: [&str; 3] = ["gateway", "platform", "num_iid"];

/// A table of the database.
#[derive(Debug)]
pub(super) struct SqlTable {
    name: &'static str,
    columns: Vec<SqlColumn>,
    key: Vec<&'static str>,
    /// The column that marks rows which are gone; without one they are deleted.
    gone: Option<&'static str>,
}

#[derive(Debug)]
struct SqlColumn {
    name: &'static str,
    kind: ValueKind,
    from: ColumnSource,
}

/// Where the values of a column come from.
#[derive(Clone, Copy, Debug)]
enum ColumnSource {
    /// A field of the row.
    Row(usize),
    /// The item's key.
    Key(usize),
    FetchedAt,
    SkuKey,
}

/// The item that rows belong to.
#[derive(Debug)]
pub(super) struct TableKey {
    /// By [`ITEM_KEY`].
    parts: [String; 3],
    fetched_at: Value,
}

/// The rows of a table as SQL.
pub(super) struct RowValues<'a> {
    table: &'a SqlTable,
    dialect: SqlDialect,
    key: &'a TableKey,
    sku_keys: SkuKeys,
}

/// The keys of an item's SKUs so far: two may have the same ID.
struct SkuKeys {
    known: HashSet<String>,
    /// The fields that a key is made of, by their places in a row.
    fields: Vec<usize>,
}

impl TableKey {
    /// The key of an item; `None` if a part of it is too long.
    pub(super) fn new(schema: &Schema<FlatRow>, item: &FlatRow) -> Option<Self> {
        let part = |name: &str| text_of(schema, item, name).unwrap_or_default().to_owned();
        let parts = ITEM_KEY.map(part);
        let fits = parts.iter().all(|part| part.chars().count() <= LONGEST_KEY);
        fits.then(|| Self { parts, fetched_at: part("fetched_at").into() })
    }

    /// A condition that rows of this item alone meet.
    fn condition(&self, dialect: SqlDialect) -> String {
        let equal =
            |(name, part): (&&str, &String)| format!("{} = {}", dialect.name(name), dialect.text(part));
        ITEM_KEY.iter().zip(&self.parts).map(equal).collect::<Vec<_>>().join(" AND ")
    }
}

impl SqlTable {
    pub(super) fn new_items(schema: &Schema<FlatRow>) -> Self {
        let column = |(at, name, kind)| {
            let key = ITEM_KEY.iter().position(|part| *part == name);
            SqlColumn { name, kind, from: key.map_or(ColumnSource::Row(at), ColumnSource::Key) }
        };
        let columns = fields(schema).map(column).collect();
        Self { name: "obx_items", columns, key: ITEM_KEY.to_vec(), gone: None }
    }

    pub(super) fn new_list(list: FlatList) -> Self {
        let (name, key_end, gone) = match list {
            FlatList::Prices => ("obx_prices", "position", None),
            FlatList::Skus => ("obx_skus", "sku_key", Some("gone_at")),
            FlatList::Props => ("obx_props", "position", None),
            FlatList::Pictures => ("obx_pictures", "position", None),
            FlatList::Oddities => ("obx_oddities", "position", None),
        };
        let text = |name, from| SqlColumn { name, kind: ValueKind::Text, from };
        let mut columns: Vec<SqlColumn> =
            ITEM_KEY.iter().enumerate().map(|(at, name)| text(*name, ColumnSource::Key(at))).collect();
        if list == FlatList::Skus {
            columns.push(text("sku_key", ColumnSource::SkuKey));
        }
        let schema = list.schema();
        let own = fields(&schema).filter(|(_, name, _)| !ITEM_KEY.contains(name));
        columns.extend(own.map(|(at, name, kind)| SqlColumn { name, kind, from: ColumnSource::Row(at) }));
        columns.push(SqlColumn { name: "fetched_at", kind: ValueKind::Time, from: ColumnSource::FetchedAt });
        Self { name, columns, key: ITEM_KEY.into_iter().chain([key_end]).collect(), gone }
    }

    pub(super) fn create(&self, dialect: SqlDialect) -> String {
        let column = |column: &SqlColumn| {
            let is_key = self.key.contains(&column.name);
            let kind = match column.kind {
                ValueKind::Text if is_key => dialect.key_type(),
                kind => dialect.type_of(kind),
            };
            let required = if is_key || column.name == "fetched_at" { " NOT NULL" } else { "" };
            format!("    {} {kind}{required}", dialect.name(column.name))
        };
        let gone =
            self.gone.map(|name| format!("    {} {}", dialect.name(name), dialect.type_of(ValueKind::Time)));
        let key: Vec<String> = self.key.iter().map(|name| dialect.name(name)).collect();
        let key = format!("    PRIMARY KEY ({})", key.join(", "));
        let lines: Vec<String> = self.columns.iter().map(column).chain(gone).chain([key]).collect();
        let (name, options) = (self.name, dialect.table_options());
        format!("CREATE TABLE IF NOT EXISTS {name} (\n{}\n){options};\n", lines.join(",\n"))
    }

    /// The beginning of a statement, before its rows.
    pub(super) fn insert(&self, dialect: SqlDialect) -> String {
        let columns: Vec<String> = self.columns.iter().map(|column| dialect.name(column.name)).collect();
        format!("INSERT INTO {} ({}) VALUES\n", self.name, columns.join(", "))
    }

    /// The end of a statement, behind its rows.
    pub(super) fn update(&self, dialect: SqlDialect) -> String {
        let columns: Vec<String> = self.columns.iter().map(|column| column.name.to_owned()).collect();
        dialect.on_conflict(self.name, &self.key, &columns, self.gone)
    }

    /// A statement about the rows that the latest answer of the item does not have. If that answer has rows of this
    /// table, they must be in it: where they could not be inserted, as into a table without a newer column, nothing is gone.
    pub(super) fn remove_older(&self, dialect: SqlDialect, key: &TableKey, has_rows: bool) -> String {
        let (name, fetched_at, item) = (self.name, dialect.name("fetched_at"), key.condition(dialect));
        let latest = format!("(SELECT {fetched_at} FROM obx_items WHERE {item})");
        // MySQL reads the table that it changes only through a derived one.
        let inserted = format!("(SELECT 1 FROM {name} WHERE {item} AND {fetched_at} = {latest}) inserted");
        let inserted =
            if has_rows { format!(" AND EXISTS (SELECT 1 FROM {inserted})") } else { String::new() };
        let older = format!("WHERE {item} AND {fetched_at} < {latest}{inserted}");
        match self.gone.map(|gone| dialect.name(gone)) {
            Some(gone) => format!("UPDATE {name} SET {gone} = {latest} {older} AND {gone} IS NULL;\n"),
            None => format!("DELETE FROM {name} {older};\n"),
        }
    }

    pub(super) fn values<'a>(&'a self, dialect: SqlDialect, key: &'a TableKey) -> RowValues<'a> {
        RowValues { table: self, dialect, key, sku_keys: SkuKeys::new() }
    }
}

impl RowValues<'_> {
    /// The next row: `(…, …)`.
    pub(super) fn next_row(&mut self, row: &FlatRow) -> String {
        let mut cells = Vec::with_capacity(self.table.columns.len());
        for column in &self.table.columns {
            cells.push(match column.from {
                ColumnSource::Row(at) => {
                    self.dialect.value(column.kind, row.0.get(at).and_then(Option::as_ref))
                }
                ColumnSource::Key(at) => self.dialect.text(self.key.parts.get(at).map_or("", String::as_str)),
                ColumnSource::FetchedAt => self.dialect.value(column.kind, Some(&self.key.fetched_at)),
                ColumnSource::SkuKey => self.dialect.text(&self.sku_keys.next_key(row)),
            });
        }
        format!("({})", cells.join(", "))
    }
}

impl SkuKeys {
    fn new() -> Self {
        let schema = FlatList::Skus.schema();
        let place = |name: &&str| schema.fields.iter().position(|field| field.name == *name);
        let fields = ["sku_id", "spec_id", "variant"].iter().filter_map(place).collect();
        Self { known: HashSet::new(), fields }
    }

    /// What identifies a SKU in its item: `sku_id`, else `spec_id`, else its choices, else its position.
    fn next_key(&mut self, row: &FlatRow) -> String {
        let position = self.known.len() + 1;
        let text =
            |at: &usize| row.0.get(*at)?.as_ref()?.as_str().map(str::trim).filter(|text| !text.is_empty());
        let mut key = self.fields.iter().find_map(text).unwrap_or_default().to_owned();
        // A number may follow.
        if key.is_empty() || key.chars().count() > LONGEST_KEY / 2 {
            key = format!("#{position}");
        }
        while !self.known.insert(key.clone()) {
            key = format!("{key}#{position}");
        }
        key
    }
}

fn text_of<'a>(schema: &Schema<FlatRow>, row: &'a FlatRow, name: &str) -> Option<&'a str> {
    let at = schema.fields.iter().position(|field| field.name == name)?;
    row.0.get(at)?.as_ref()?.as_str()
}

fn fields(schema: &Schema<FlatRow>) -> impl Iterator<Item = (usize, &'static str, ValueKind)> {
    schema.fields.iter().enumerate().map(|(at, field)| (at, field.name, field.kind))
}
