//! What is too old or too much goes. A call under way never does.

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};

use super::search;
use crate::store::{Retention, StoreError};

/// Of an exchange without its body, in bytes: its row, record and text, and its places in the indexes. Too little
/// only means another round.
const BESIDE_BODY: u64 = 1_000;

/// Lets what is older than the setting go, and the oldest of what is too much.
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
    // One step gives one page back.
    let mut vacuum = connection.prepare("PRAGMA incremental_vacuum")?;
    let mut steps = vacuum.query([])?;
    while steps.next()?.is_some() {}
    Ok(())
}

/// The exchange up to which all have to go for so many bytes; `None` where there is none to go.
fn last_of_the_oldest(connection: &Connection, bytes: u64) -> Result<Option<i64>, StoreError> {
    let mut oldest = connection.prepare_cached(
        "SELECT e.id, coalesce(length(b.packed), 0) FROM exchanges e LEFT JOIN bodies b ON b.id = e.id
         WHERE e.conclusion IS NOT NULL ORDER BY e.id",
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
        .execute(&format!("DELETE FROM exchanges WHERE {which} AND conclusion IS NOT NULL"), [limit])?;
    if deleted > 0 {
        search::forget_unused(&transaction)?;
    }
    transaction.commit()?;
    Ok(())
}

/// Of the file, without the pages that are free again.
fn used_bytes(connection: &Connection) -> Result<u64, StoreError> {
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let pages = pragma("page_count")? - pragma("freelist_count")?;
    Ok((pages * pragma("page_size")?).unsigned_abs())
}
