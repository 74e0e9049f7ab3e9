//! Reads what the store knows of items: their answers over time, and the user's star and note.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::columns::column;
use super::log::item_id;
use crate::store::stored_row::{question_prefix, take};
use crate::store::{Annotation, ExchangeId, KnownItem, Listed, PersonAnnotation, StoreError, Version};
use onebound::{Catalog, ItemId, ScopedItem};

/// Returns the stored answers to an item, oldest first.
pub(super) fn versions(connection: &Connection, item: &ScopedItem) -> Result<Listed<Version>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, started_at + total_ms, price, stock FROM exchanges
         WHERE scope = ?1 AND num_iid = ?2 AND answers > 0 AND substr(question, 1, length(?3)) = ?3
         ORDER BY started_at + total_ms, id",
    )?;
    let (scope, prefix) = (item.catalog.scope.as_str(), question_prefix(&item.catalog.platform));
    let mut rows = statement.query([scope, item.num_iid.as_str(), &prefix])?;
    let read = |row: &Row<'_>| -> Result<_, StoreError> {
        Ok(Version {
            id: ExchangeId(row.get(0)?),
            at: column(1, "started_at, total_ms").timestamp(row)?,
            price: column(2, "price").value(row)?,
            stock: column(3, "stock").value(row)?,
        })
    };
    let mut versions = Listed::default();
    while let Some(row) = rows.next()? {
        take(&mut versions, Some(read(row)))?;
    }
    Ok(versions)
}

/// Returns the user's star and note on an item.
pub(super) fn annotation(connection: &Connection, num_iid: &ItemId) -> Result<Annotation, StoreError> {
    let annotation = connection
        .prepare_cached("SELECT starred, note FROM items WHERE num_iid = ?1")?
        .query_row([num_iid.as_str()], |row| Ok(Annotation { starred: row.get(0)?, note: row.get(1)? }))
        .optional()?;
    Ok(annotation.unwrap_or_default())
}

/// Returns everybody's stars and notes.
pub(super) fn annotations(connection: &Connection) -> Result<Vec<PersonAnnotation>, StoreError> {
    let mut found = connection.prepare_cached(
        "SELECT rowid, num_iid, starred, note, NULL FROM items WHERE starred OR note <> ''
         UNION ALL SELECT rowid, num_iid, starred, note, asked_by FROM items_of_others WHERE starred OR note <> ''",
    )?;
    let mut rows = found.query([])?;
    let mut annotations = Vec::new();
    while let Some(row) = rows.next()? {
        let annotation = Annotation { starred: row.get(2)?, note: row.get(3)? };
        annotations.push((row.get(4)?, (item_id(row, 1)?, annotation)));
    }
    Ok(annotations)
}

/// Saves the star and note on an item, of the user or of somebody else.
pub(super) fn set_annotation(
    connection: &Connection,
    name: Option<&str>,
    num_iid: &ItemId,
    Annotation { starred, note }: &Annotation,
) -> Result<(), StoreError> {
    let num_iid = num_iid.as_str();
    let _ = match name {
        None => connection
            .prepare_cached("INSERT OR REPLACE INTO items (num_iid, starred, note) VALUES (?1, ?2, ?3)")?
            .execute(params![num_iid, starred, note])?,
        Some(name) => connection
            .prepare_cached(
                "INSERT OR REPLACE INTO items_of_others (num_iid, starred, note, asked_by) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![num_iid, starred, note, name])?,
    };
    Ok(())
}

/// Returns every item of a catalog that was asked for, the most recently requested first.
pub(super) fn items(connection: &Connection, catalog: &Catalog) -> Result<Listed<KnownItem>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT asked.newest, asked.num_iid,
                coalesce((SELECT title FROM exchanges e JOIN texts t ON t.id = e.text
                          WHERE e.scope = ?1 AND e.num_iid = asked.num_iid AND e.answers = 1
                          AND substr(e.question, 1, length(?2)) = ?2
                          ORDER BY e.started_at + e.total_ms DESC, e.id DESC LIMIT 1), ''),
                asked.started_at, coalesce(i.starred, 0), coalesce(i.note, '')
         FROM (SELECT num_iid, id AS newest, max(started_at) AS started_at FROM exchanges
               WHERE scope = ?1 AND num_iid <> '' AND substr(question, 1, length(?2)) = ?2
               GROUP BY num_iid) asked
         LEFT JOIN items i ON i.num_iid = asked.num_iid
         ORDER BY asked.started_at DESC, asked.newest DESC",
    )?;
    let mut rows = statement.query([catalog.scope.as_str(), &question_prefix(&catalog.platform)])?;
    let read = |row: &Row<'_>| -> Result<_, StoreError> {
        Ok(KnownItem {
            num_iid: item_id(row, 1)?,
            title: column(2, "title").value(row)?,
            asked_at: column(3, "started_at").timestamp(row)?,
            starred: column(4, "starred").value(row)?,
            note: column(5, "note").value(row)?,
        })
    };
    let mut items = Listed::default();
    while let Some(row) = rows.next()? {
        take(&mut items, Some(read(row)))?;
    }
    Ok(items)
}
