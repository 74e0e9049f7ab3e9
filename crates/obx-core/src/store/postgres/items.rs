//! Reads what the store knows of items, and each person's stars, notes and programs.

use super::connection::ServerConnection;
use super::questions::text_digest;
use super::text::clean;
use crate::store::stored_row::{item_id, question_prefix, take, timestamp};
use crate::store::{
    Annotation, ExchangeId, KnownItem, Listed, MAX_PROGRAMS, PersonAnnotation, PersonProgram, StoreError,
    Version,
};
use onebound::{Catalog, ItemId, ScopedItem};

/// Returns the stored answers to an item, oldest first.
pub(super) async fn versions(
    connection: &ServerConnection,
    item: &ScopedItem,
) -> Result<Listed<Version>, StoreError> {
    let prefix = question_prefix(&item.catalog.platform);
    let rows = connection
        .rows(
            "SELECT id, started_at + total_ms, price, stock FROM exchanges
             WHERE scope = $1 AND num_iid = $2 AND answers > 0 AND starts_with(question, $3)
             ORDER BY answered_at, id",
            &[&item.catalog.scope.as_str(), &item.num_iid.as_str(), &prefix],
        )
        .await?;
    let mut versions = Listed::default();
    for row in &rows {
        let id = row.try_get(0)?;
        let (price, stock) = (row.try_get(2)?, row.try_get(3)?);
        let at = timestamp(row.try_get(1)?, id, "started_at, total_ms");
        take(&mut versions, Some(at.map(|at| Version { id: ExchangeId(id), at, price, stock })))?;
    }
    Ok(versions)
}

/// Returns every item of a catalog that was asked for, the most recently requested first.
pub(super) async fn items(
    connection: &ServerConnection,
    catalog: &Catalog,
    asked_by: &str,
) -> Result<Listed<KnownItem>, StoreError> {
    let prefix = question_prefix(&catalog.platform);
    let rows = connection
        .rows(
            "SELECT asked.id, asked.num_iid,
                 coalesce((SELECT title FROM exchanges e JOIN texts t ON t.id = e.text
                           WHERE e.scope = $1 AND e.num_iid = asked.num_iid AND e.answers = 1
                           AND starts_with(e.question, $3)
                           ORDER BY e.answered_at DESC NULLS LAST, e.id DESC LIMIT 1), ''),
                 asked.started_at, coalesce(i.starred, false), coalesce(i.note, '')
             FROM (SELECT DISTINCT ON (num_iid) num_iid, id, started_at FROM exchanges
                   WHERE scope = $1 AND num_iid <> '' AND starts_with(question, $3)
                   ORDER BY num_iid, started_at DESC, id DESC) asked
             LEFT JOIN items i ON i.num_iid = asked.num_iid AND i.asked_by = $2
             ORDER BY asked.started_at DESC, asked.id DESC",
            &[&catalog.scope.as_str(), &clean(asked_by), &prefix],
        )
        .await?;
    let mut items = Listed::default();
    for row in &rows {
        let (id, starred) = (row.try_get(0)?, row.try_get(4)?);
        let (title, note) = (row.try_get(2)?, row.try_get(5)?);
        let read = item_id(row.try_get(1)?, id).and_then(|num_iid| {
            let asked_at = timestamp(row.try_get(3)?, id, "started_at")?;
            Ok(KnownItem { num_iid, title, asked_at, starred, note })
        });
        take(&mut items, Some(read))?;
    }
    Ok(items)
}

/// Returns a person's star and note on an item.
pub(super) async fn annotation(
    connection: &ServerConnection,
    num_iid: &ItemId,
    asked_by: &str,
) -> Result<Annotation, StoreError> {
    let sql = "SELECT starred, note FROM items WHERE num_iid = $1 AND asked_by = $2";
    let row = connection.row(sql, &[&num_iid.as_str(), &clean(asked_by)]).await?;
    let Some(row) = row else { return Ok(Annotation::default()) };
    Ok(Annotation { starred: row.try_get(0)?, note: row.try_get(1)? })
}

/// Returns everybody's stars and notes; those of `asked_by` without a name.
pub(super) async fn annotations(
    connection: &ServerConnection,
    asked_by: &str,
) -> Result<Vec<PersonAnnotation>, StoreError> {
    let sql = "SELECT nullif(asked_by, $1), num_iid, starred, note FROM items
        WHERE starred OR note <> '' ORDER BY asked_by, num_iid";
    let annotation = |row: tokio_postgres::Row| -> Result<_, StoreError> {
        let annotation = Annotation { starred: row.try_get(2)?, note: row.try_get(3)? };
        Ok((row.try_get(0)?, (item_id(row.try_get(1)?, 0)?, annotation)))
    };
    connection.rows(sql, &[&clean(asked_by)]).await?.into_iter().map(annotation).collect()
}

/// Returns everybody's programs, the newest last; those of `asked_by` without a name.
pub(super) async fn all_programs(
    connection: &ServerConnection,
    asked_by: &str,
) -> Result<Vec<PersonProgram>, StoreError> {
    let sql = "SELECT nullif(asked_by, $1), program FROM programs ORDER BY id";
    let rows = connection.rows(sql, &[&clean(asked_by)]).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// Saves a person's star and note on an item.
pub(super) async fn note(
    connection: &ServerConnection,
    num_iid: &ItemId,
    annotation: &Annotation,
    asked_by: &str,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO items (num_iid, asked_by, starred, note) VALUES ($1, $2, $3, $4)
        ON CONFLICT (num_iid, asked_by) DO UPDATE SET starred = excluded.starred, note = excluded.note";
    let (asked_by, note) = (clean(asked_by), clean(&annotation.note));
    connection.execute(sql, &[&num_iid.as_str(), &asked_by, &annotation.starred, &note]).await.map(drop)
}

/// Returns a person's programs, the newest last.
pub(super) async fn programs(
    connection: &ServerConnection,
    asked_by: &str,
) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT program FROM programs WHERE asked_by = $1 ORDER BY id";
    let rows = connection.rows(sql, &[&clean(asked_by)]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Saves a program as the newest one within a transaction, even if it was saved before, and deletes the oldest beyond the
/// maximum.
pub(super) async fn keep_program(
    connection: &ServerConnection,
    program: &str,
    asked_by: &str,
) -> Result<(), StoreError> {
    let (asked_by, digest) = (clean(asked_by), text_digest(program));
    let delete = "DELETE FROM programs WHERE asked_by = $1 AND digest = $2";
    connection.execute(delete, &[&asked_by, &digest.as_ref()]).await?;
    let insert = "INSERT INTO programs (asked_by, program, digest) VALUES ($1, $2, $3)
        ON CONFLICT (asked_by, digest) DO NOTHING";
    connection.execute(insert, &[&asked_by, &clean(program), &digest.as_ref()]).await?;
    let oldest = "DELETE FROM programs WHERE asked_by = $1 AND id <= (
        SELECT id FROM programs WHERE asked_by = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)";
    let most = i64::try_from(MAX_PROGRAMS).unwrap_or(i64::MAX);
    connection.execute(oldest, &[&asked_by, &most]).await.map(drop)
}
