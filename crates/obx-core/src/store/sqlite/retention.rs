//! Deletes exchanges that are too old or too many, but never a call under way.

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};

use super::search;
use crate::store::{Retention, StoreError};

/// Estimated size in bytes of an exchange without its body: its row, record and text, and their index entries. If it
/// is too low, another round follows.
const BESIDE_BODY: u64 = 1_000;

/// Deletes exchanges older than `keep`, and the oldest while the store is larger than `max_size`.
pub(super) fn retire(
    connection: &mut Connection,
    Retention { keep, max_size }: Retention,
    at: Timestamp,
) -> Result<(), StoreError> {
    if let Some(keep) = keep {
        let before = at.as_millisecond() - i64::try_from(keep.as_millis()).unwrap_or(i64::MAX);
        delete(connection, "started_at < ?1", before)?;
    }
    while let Some(max_size) = max_size
        && let Some(excess) = used_bytes(connection)?.checked_sub(max_size).filter(|excess| *excess > 0)
        && let Some(last) = last_of_the_oldest(connection, excess)?
    {
        delete(connection, "id <= ?1", last)?;
        tracing::debug!(max_size, last, "the store is over its size");
    }
    // Each step frees one page.
    let mut vacuum = connection.prepare("PRAGMA incremental_vacuum")?;
    let mut steps = vacuum.query([])?;
    while steps.next()?.is_some() {}
    Ok(())
}

/// Returns the last of the oldest exchanges to delete to free so many bytes; `None` if there is none to delete.
fn last_of_the_oldest(connection: &Connection, bytes: u64) -> Result<Option<i64>, StoreError> {
    let mut oldest = connection.prepare_cached(
        "SELECT e.id, coalesce(length(b.packed), 0) FROM exchanges e LEFT JOIN bodies b ON b.id = e.id
         WHERE e.outcome IS NOT NULL ORDER BY e.id",
    )?;
    let mut rows = oldest.query([])?;
    let (mut last, mut freed) = (None, 0);
    while freed < bytes
        && let Some(row) = rows.next()?
    {
        last = Some(row.get(0)?);
        freed += row.get::<_, i64>(1)?.unsigned_abs() + BESIDE_BODY;
    }
    Ok(last)
}

fn delete(connection: &mut Connection, which: &str, limit: i64) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let deleted = transaction
        .execute(&format!("DELETE FROM exchanges WHERE {which} AND outcome IS NOT NULL"), [limit])?;
    if deleted > 0 {
        search::forget_unused(&transaction)?;
    }
    transaction.commit()?;
    Ok(())
}

/// Returns the size of the file without its free pages.
fn used_bytes(connection: &Connection) -> Result<u64, StoreError> {
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let pages = pragma("page_count")? - pragma("freelist_count")?;
    Ok((pages * pragma("page_size")?).unsigned_abs())
}
