//! Reads exchanges with their bodies, and the newest answer to a question.

use rusqlite::{Connection, OptionalExtension};

use super::columns::column;
use crate::store::packed::Packed;
use crate::store::{ExchangeId, StoreError};
use onebound::{Call, Question, Record};

/// Finds the newest exchange that answers this question.
pub(super) fn newest(connection: &Connection, question: &Question) -> Result<Option<Packed>, StoreError> {
    let id: Option<i64> = connection
        .prepare_cached(
            "SELECT id FROM exchanges WHERE scope = ?1 AND question = ?2 AND answers > 0
             ORDER BY id DESC LIMIT 1",
        )?
        .query_row([question.scope().as_str(), question.as_str()], |row| row.get(0))
        .optional()?;
    id.map(|id| find(connection, ExchangeId(id))).transpose()
}

/// Finds an exchange. If only the ledger's row exists, the call was interrupted.
pub(super) fn find(connection: &Connection, id: ExchangeId) -> Result<Packed, StoreError> {
    let mut found = connection.prepare_cached(
        "SELECT e.id, b.record, b.packed, e.size, e.started_at + e.total_ms
         FROM exchanges e JOIN bodies b ON b.id = coalesce(e.reuses, e.id) WHERE e.id = ?1",
    )?;
    let mut rows = found.query([id.0])?;
    let Some(row) = rows.next()? else { return interrupted(connection, id) };
    let record: String = row.get(1)?;
    let (record, size) = (serde_json::from_str(&record)?, column(3, "size").size(row)?);
    let ended_at = column(4, "started_at, total_ms").timestamp(row).ok();
    Ok(Packed { id, record, body: row.get(2)?, size, ended_at })
}

fn interrupted(connection: &Connection, id: ExchangeId) -> Result<Packed, StoreError> {
    let mut found =
        connection.prepare_cached("SELECT id, call, host, started_at FROM exchanges WHERE id = ?1")?;
    let mut rows = found.query([id.0])?;
    let row = rows.next()?.ok_or_else(|| StoreError::missing(id))?;
    let call: String = row.get(1)?;
    let call: Call = serde_json::from_str(&call)?;
    let started_at = column(3, "started_at").timestamp(row)?;
    let record = Record::interrupted(call, row.get(2)?, started_at);
    Ok(Packed { id, record, body: Vec::new(), size: 0, ended_at: Some(started_at) })
}
