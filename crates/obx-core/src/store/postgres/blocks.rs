//! Reads and writes the blocks: keys and hosts for which further calls are useless for now.

use jiff::Timestamp;
use tokio_postgres::Row;

use super::connection::ServerConnection;
use crate::policy::{Block, BlockChange, BlockReason};
use crate::store::StoreError;
use crate::store::codes::reason_of;
use onebound::{Exchange, Fingerprint};

/// Reads all stored blocks, expired ones included.
pub(super) async fn all(connection: &ServerConnection) -> Result<Vec<Block>, StoreError> {
    let rows = connection.rows("SELECT host, key, reason, since, until FROM blocks", &[]).await?;
    rows.iter().map(block).collect()
}

/// Reads the block of this key at this host.
pub(super) async fn find(
    connection: &ServerConnection,
    host: &str,
    key: &str,
) -> Result<Option<Block>, StoreError> {
    let sql = "SELECT host, key, reason, since, until FROM blocks WHERE host = $1 AND key = $2";
    connection.row(sql, &[&host, &key]).await?.as_ref().map(block).transpose()
}

/// Reads a block. If any part of it is damaged, it stops calls until one succeeds, since it may still be in force.
fn block(row: &Row) -> Result<Block, StoreError> {
    let (host, key): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let (name, since, until): (&str, i64, Option<i64>) = (row.try_get(2)?, row.try_get(3)?, row.try_get(4)?);
    let since = Timestamp::from_millisecond(since).ok();
    let until = until.map(Timestamp::from_millisecond).transpose();
    if let (Some(reason), Some(since), Ok(until)) = (reason_of(name), since, until) {
        return Ok(Block { host, key, reason, since: Some(since), until });
    }
    tracing::warn!(host, "a block can't be read");
    Ok(Block { host, key, reason: BlockReason::Damaged, since: None, until: None })
}

/// Stores or removes the block of a key at a host after this exchange.
pub(super) async fn change(
    connection: &ServerConnection,
    key: &Fingerprint,
    exchange: &Exchange,
) -> Result<(), StoreError> {
    let change = BlockChange::by(exchange, key);
    let host = exchange.host.to_string();
    match &change {
        BlockChange::Unchanged => {}
        BlockChange::Set(block) => {
            let known = find(connection, &host, key.as_str()).await?;
            if known.is_none_or(|known| change.removes(&known)) && !is_served_since(connection, block).await?
            {
                set(connection, block).await?;
            }
        }
        BlockChange::Lifted { .. } => {
            if find(connection, &host, key.as_str()).await?.is_some_and(|block| change.removes(&block)) {
                connection
                    .execute("DELETE FROM blocks WHERE host = $1 AND key = $2", &[&host, &key.as_str()])
                    .await?;
            }
        }
    }
    Ok(())
}

/// Returns true if a call that was sent after this block began was served: the block is written late, and is over.
async fn is_served_since(connection: &ServerConnection, block: &Block) -> Result<bool, StoreError> {
    let since = block.since.map_or(i64::MAX, Timestamp::as_millisecond);
    let sql =
        "SELECT id FROM exchanges WHERE answers > 0 AND started_at >= $1 AND host = $2 AND key = $3 LIMIT 1";
    Ok(connection.row(sql, &[&since, &block.host, &block.key]).await?.is_some())
}

/// Stores a block in place of another one of the same key and host.
pub(super) async fn set(connection: &ServerConnection, block: &Block) -> Result<(), StoreError> {
    let Block { host, key, reason, since, until } = block;
    let [since, until] = [*since, *until].map(|at| at.map(Timestamp::as_millisecond));
    let sql = "INSERT INTO blocks (host, key, reason, since, until) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (host, key) DO UPDATE SET
            reason = excluded.reason, since = excluded.since, until = excluded.until";
    connection.execute(sql, &[host, key, &reason.as_str(), &since, &until]).await.map(drop)
}
