//! Reads and writes the blocks: keys and hosts for which further calls are useless for now.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::policy::{Block, BlockChange, BlockReason};
use crate::store::StoreError;
use crate::store::codes::reason_of;
use onebound::{Exchange, Fingerprint};

const COLUMNS: &str = "host, key, reason, since, until";

/// Reads all stored blocks, expired ones included.
pub(super) fn all(connection: &Connection) -> Result<Vec<Block>, StoreError> {
    let mut found = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM blocks"))?;
    let rows = found.query_and_then([], block)?;
    rows.collect()
}

/// Reads the block of this key at this host.
pub(super) fn find(connection: &Connection, host: &str, key: &str) -> Result<Option<Block>, StoreError> {
    let mut found =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM blocks WHERE host = ?1 AND key = ?2"))?;
    found.query_and_then([host, key], block)?.next().transpose()
}

/// Reads a block. If any part of it is damaged, it stops calls until one succeeds, since it may still be in force.
fn block(row: &Row<'_>) -> Result<Block, StoreError> {
    let (host, key): (String, String) = (row.get(0)?, row.get(1)?);
    let (reason, since, until) = terms(row).unwrap_or_else(|| {
        tracing::warn!(host, "a block can't be read");
        (BlockReason::Damaged, None, None)
    });
    Ok(Block { host, key, reason, since, until })
}

type Terms = (BlockReason, Option<Timestamp>, Option<Timestamp>);

fn terms(row: &Row<'_>) -> Option<Terms> {
    let moment = |ms| Timestamp::from_millisecond(ms).ok();
    let reason = reason_of(&row.get::<_, String>(2).ok()?)?;
    let since = moment(row.get(3).ok()?)?;
    let until = match row.get(4).ok()? {
        Some(ms) => Some(moment(ms)?),
        None => None,
    };
    Some((reason, Some(since), until))
}

/// Stores or removes the block of a key at a host after this exchange.
pub(super) fn change(
    transaction: &Connection,
    key: &Fingerprint,
    exchange: &Exchange,
) -> Result<(), StoreError> {
    let change = BlockChange::by(exchange, key);
    let host = exchange.host.to_string();
    match &change {
        BlockChange::Unchanged => {}
        BlockChange::Set(block) => {
            let known = find(transaction, &host, key.as_str())?;
            if known.is_none_or(|known| change.removes(&known)) && !is_served_since(transaction, block)? {
                set(transaction, block)?;
            }
        }
        BlockChange::Lifted { .. } => {
            if find(transaction, &host, key.as_str())?.is_some_and(|block| change.removes(&block)) {
                transaction
                    .prepare_cached("DELETE FROM blocks WHERE host = ?1 AND key = ?2")?
                    .execute(params![host, key.as_str()])?;
            }
        }
    }
    Ok(())
}

/// Returns true if a call that was sent after this block began was served: the block is written late, and is over.
fn is_served_since(transaction: &Connection, block: &Block) -> Result<bool, StoreError> {
    let since = block.since.map_or(i64::MAX, Timestamp::as_millisecond);
    let mut served = transaction.prepare_cached(
        "SELECT 1 FROM exchanges WHERE answers > 0 AND started_at >= ?1 AND host = ?2 AND key = ?3 LIMIT 1",
    )?;
    Ok(served.exists(params![since, block.host, block.key])?)
}

/// Stores a block in place of another one of the same key and host.
pub(super) fn set(connection: &Connection, block: &Block) -> Result<(), StoreError> {
    let Block { host, key, reason, since, until } = block;
    let [since, until] = [*since, *until].map(|at| at.map(Timestamp::as_millisecond));
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO blocks (host, key, reason, since, until) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![host, key, reason.as_str(), since, until])?;
    Ok(())
}
