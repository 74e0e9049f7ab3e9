//! Reads exchanges with their bodies, and the newest answer to a question.

use tokio_postgres::Row;

use super::connection::ServerConnection;
use super::questions::question_digest;
use crate::store::packed::Packed;
use crate::store::stored_row::timestamp;
use crate::store::{ExchangeId, StoreError};
use onebound::{Call, Question, Record};

const COLUMNS: &str = "SELECT e.id, b.record, b.packed, e.size, e.started_at + e.total_ms, e.answered_at
    FROM exchanges e JOIN bodies b ON b.id = coalesce(e.reuses, e.id)";

/// An answer, and when it came by the server's clock.
pub(super) type WrittenAnswer = (Packed, Option<i64>);

/// Finds the newest exchange that answers this question.
pub(super) async fn newest(
    connection: &ServerConnection,
    question: &Question,
) -> Result<Option<WrittenAnswer>, StoreError> {
    let sql = format!(
        "{COLUMNS} WHERE e.question_digest = $1 AND e.answers > 0
         ORDER BY e.answered_at DESC NULLS LAST, e.id DESC LIMIT 1"
    );
    let row = connection.row(&sql, &[&question_digest(question).as_ref()]).await?;
    row.as_ref().map(|row| Ok((packed(row)?, row.try_get(5)?))).transpose()
}

/// Finds an exchange. If only the ledger's row exists, the call was interrupted.
pub(super) async fn find(connection: &ServerConnection, id: ExchangeId) -> Result<Packed, StoreError> {
    let row = connection.row(&format!("{COLUMNS} WHERE e.id = $1"), &[&id.0]).await?;
    match row {
        Some(row) => packed(&row),
        None => interrupted(connection, id).await,
    }
}

fn packed(row: &Row) -> Result<Packed, StoreError> {
    let id: i64 = row.try_get(0)?;
    let size = usize::try_from(row.try_get::<_, i64>(3)?).map_err(|_| StoreError::damaged(id, "size"))?;
    let record: Record = serde_json::from_str(row.try_get(1)?)?;
    let ended_at = timestamp(row.try_get(4)?, id, "started_at, total_ms").ok();
    Ok(Packed { id: ExchangeId(id), record, body: row.try_get(2)?, size, ended_at })
}

async fn interrupted(connection: &ServerConnection, id: ExchangeId) -> Result<Packed, StoreError> {
    let sql = "SELECT call, host, started_at FROM exchanges WHERE id = $1";
    let row = connection.row(sql, &[&id.0]).await?.ok_or_else(|| StoreError::missing(id))?;
    let call: Call = serde_json::from_str(row.try_get(0)?)?;
    let started_at = timestamp(row.try_get(2)?, id.0, "started_at")?;
    let record = Record::interrupted(call, row.try_get(1)?, started_at);
    Ok(Packed { id, record, body: Vec::new(), size: 0, ended_at: Some(started_at) })
}
