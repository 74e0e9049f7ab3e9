//! Flat records as SQL that creates its tables and updates them, for a database of the user's own.
//!
//! ```text
//!  obx_schema    name, version                            written once
//!  obx_items     gateway, platform, num_iid               ─┐
//!  obx_skus      … , sku_key        gone_at               │ one statement for up to 100 rows;
//!  obx_prices, obx_props, obx_pictures, obx_oddities      ─┘ position
//! ```
//! The same text can be executed any number of times, and texts in any order: a row only gives way to one of a later
//! answer. A SKU that the latest answer of its item lacks stays, with the time of that answer in `gone_at`; rows of the
//! other lists are deleted. Absent and null are both NULL. Texts are literals that no setting of the server and no client
//! reads as anything else, whatever is in them; U+0000, which no database takes, becomes U+FFFD.

mod dialect;
mod table;
#[cfg(test)]
mod tests;

use std::io;

use crate::flat::{FLAT_VERSION, FlatList, FlatRecord, FlatRow, item_schema};
use crate::i18n::{Describe, Texts};
use crate::record::Schema;
use table::{SqlTable, TableKey};

pub use dialect::SqlDialect;

/// Rows of one statement.
const ROWS: usize = 100;

/// Items of one transaction: a commit for each is slow, and a long transaction holds locks.
const ITEMS: usize = 100;

/// Writes records as SQL.
#[derive(Debug)]
pub struct SqlWriter<W> {
    out: W,
    dialect: SqlDialect,
    item_schema: Schema<FlatRow>,
    items: SqlTable,
    lists: Vec<(FlatList, SqlTable)>,
    /// Items of the transaction that is open.
    open: usize,
}

/// Why a record is not written.
#[derive(Debug, thiserror::Error)]
pub enum SqlError {
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Gateway, platform and ID are the key of every table.
    #[error("the ID or the gateway of this item is too long for a key")]
    LongKey,
}

impl Describe for SqlError {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::Io(error) => error.describe(texts),
            Self::LongKey => texts.sql_long_key().to_owned(),
        }
    }
}

impl<W: io::Write> SqlWriter<W> {
    /// Writes the statements that create the tables which do not exist yet.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn new(mut out: W, dialect: SqlDialect) -> io::Result<Self> {
        let item_schema = item_schema();
        let items = SqlTable::new_items(&item_schema);
        let lists: Vec<_> = FlatList::ALL.into_iter().map(|list| (list, SqlTable::new_list(list))).collect();
        writeln!(out, "-- obx, flat record, version {FLAT_VERSION}; {}", dialect.as_str())?;
        out.write_all(dialect.preamble().as_bytes())?;
        let name = dialect.key_type();
        writeln!(
            out,
            "CREATE TABLE IF NOT EXISTS obx_schema (name {name} NOT NULL PRIMARY KEY, version INTEGER NOT NULL);"
        )?;
        out.write_all(dialect.insert_version(FLAT_VERSION).as_bytes())?;
        for table in std::iter::once(&items).chain(lists.iter().map(|(_, table)| table)) {
            out.write_all(table.create(dialect).as_bytes())?;
        }
        Ok(Self { out, dialect, item_schema, items, lists, open: 0 })
    }

    /// Writes a record and its lists.
    ///
    /// # Errors
    /// Those of the writer, and a key that no database takes; nothing of the record is written then.
    pub fn write(&mut self, record: &FlatRecord<'_>) -> Result<(), SqlError> {
        let item = record.item_row();
        let key = TableKey::new(&self.item_schema, &item).ok_or(SqlError::LongKey)?;
        if self.open == 0 {
            self.out.write_all(b"BEGIN;\n")?;
        }
        let dialect = self.dialect;
        write_rows(&mut self.out, dialect, &self.items, &key, std::iter::once(item))?;
        for (list, table) in &self.lists {
            let rows = write_rows(&mut self.out, dialect, table, &key, record.rows(*list))?;
            self.out.write_all(table.remove_older(dialect, &key, rows > 0).as_bytes())?;
        }
        self.open += 1;
        if self.open == ITEMS {
            self.commit()?;
        }
        Ok(())
    }

    fn commit(&mut self) -> io::Result<()> {
        self.open = 0;
        self.out.write_all(b"COMMIT;\n")
    }

    /// Ends the last transaction; gives the writer back, flushed.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(mut self) -> io::Result<W> {
        if self.open > 0 {
            self.commit()?;
        }
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Writes upserts of up to [`ROWS`] rows each; returns the number of all rows.
fn write_rows(
    out: &mut impl io::Write,
    dialect: SqlDialect,
    table: &SqlTable,
    key: &TableKey,
    rows: impl Iterator<Item = FlatRow>,
) -> io::Result<usize> {
    let mut values = table.values(dialect, key);
    let (mut in_statement, mut written) = (0, 0);
    for row in rows {
        let start = if in_statement == 0 { table.insert(dialect) } else { ",\n".to_owned() };
        out.write_all(start.as_bytes())?;
        out.write_all(values.next_row(&row).as_bytes())?;
        in_statement += 1;
        written += 1;
        if in_statement == ROWS {
            out.write_all(table.update(dialect).as_bytes())?;
            in_statement = 0;
        }
    }
    if in_statement > 0 {
        out.write_all(table.update(dialect).as_bytes())?;
    }
    Ok(written)
}
