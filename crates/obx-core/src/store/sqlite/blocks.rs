//! Which keys' calls to which hosts are of no use for now.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::policy::{Block, BlockChange, LatchReason};
use crate::store::StoreError;
use onebound::{Exchange, Fingerprint};

const COLUMNS: &str = "host, key, reason, since, until";

/// All that are written down, whether they still hold or not.
pub(super) fn all(connection: &Connection) -> Result<Vec<Block>, StoreError> {
    let mut found = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM blocks"))?;
    let rows = found.query_map([], block)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The one of this key at this host.
pub(super) fn of(connection: &Connection, host: &str, key: &str) -> Result<Option<Block>, StoreError> {
    let mut found =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM blocks WHERE host = ?1 AND key = ?2"))?;
    Ok(found.query_row([host, key], block).optional()?)
}

fn block(row: &Row<'_>) -> rusqlite::Result<Block> {
    let moment = |ms: i64| Timestamp::from_millisecond(ms).unwrap_or_default();
    Ok(Block {
        host: row.get(0)?,
        key: row.get(1)?,
        reason: reason(&row.get::<_, String>(2)?),
        since: moment(row.get(3)?),
        until: row.get::<_, Option<i64>>(4)?.map(moment),
    })
}

/// Writes down what an exchange means for further calls of its key to its host.
pub(super) fn change(
    transaction: &Transaction<'_>,
    key: &Fingerprint,
    exchange: &Exchange,
) -> Result<(), StoreError> {
    match BlockChange::by(exchange, key) {
        BlockChange::Unchanged => {}
        BlockChange::Set(Block { host, key, reason, since, until }) => {
            let until = until.map(Timestamp::as_millisecond);
            transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO blocks (host, key, reason, since, until) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![host, key, written(reason), since.as_millisecond(), until])?;
        }
        BlockChange::Lifted => {
            transaction
                .prepare_cached("DELETE FROM blocks WHERE host = ?1 AND key = ?2")?
                .execute(params![exchange.host.to_string(), key.as_str()])?;
        }
    }
    Ok(())
}

fn written(reason: LatchReason) -> &'static str {
    match reason {
        LatchReason::Quota => "quota",
        LatchReason::Balance => "balance",
        LatchReason::Stopped => "stopped",
        LatchReason::Expired => "expired",
    }
}

fn reason(text: &str) -> LatchReason {
    match text {
        "balance" => LatchReason::Balance,
        "stopped" => LatchReason::Stopped,
        "expired" => LatchReason::Expired,
        _ => LatchReason::Quota,
    }
}
