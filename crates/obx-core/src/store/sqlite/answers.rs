//! Reads exchanges with their bodies, and the newest answer to a question.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::columns::column;
use crate::store::codes::NO_RESULT;
use crate::store::packed::Packed;
use crate::store::{ExchangeId, StoreError};
use onebound::{Call, Question, Record};

/// The last answer to a question that came until a moment, by an index.
const NEWEST: &str = "SELECT id, started_at + total_ms, answers FROM exchanges
    WHERE scope = ?1 AND question = ?2 AND answers > 0 AND started_at + total_ms <= ?3
    ORDER BY started_at + total_ms DESC, id DESC LIMIT 1";

/// The row of an answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct AnswerRow {
    pub(super) id: ExchangeId,
    pub(super) ended_at: Timestamp,
    pub(super) is_item: bool,
}

/// Finds the answer that came last. One from the future dates from before the clock was set back: it counts only if there is
/// no other.
pub(super) fn newest_row(
    connection: &Connection,
    question: &Question,
    at: Timestamp,
) -> Result<Option<AnswerRow>, StoreError> {
    let last = last_until(connection, question, i64::MAX)?;
    let Some(future) = last.filter(|row| row.ended_at > at) else { return Ok(last) };
    Ok(last_until(connection, question, at.as_millisecond())?.or(Some(future)))
}

fn last_until(
    connection: &Connection,
    question: &Question,
    until: i64,
) -> Result<Option<AnswerRow>, StoreError> {
    let mut newest = connection.prepare_cached(NEWEST)?;
    let mut rows = newest.query(params![question.scope().as_str(), question.as_str(), until])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let ended_at = column(1, "started_at, total_ms").timestamp(row)?;
    let is_item = column(2, "answers").value::<i64>(row)? != NO_RESULT;
    Ok(Some(AnswerRow { id: ExchangeId(row.get(0)?), ended_at, is_item }))
}

/// Finds the newest exchange that answers this question.
pub(super) fn newest(
    connection: &Connection,
    question: &Question,
    at: Timestamp,
) -> Result<Option<Packed>, StoreError> {
    newest_row(connection, question, at)?.map(|row| find(connection, row.id)).transpose()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_answer_is_found_by_an_index() {
        let connection = super::super::schema::open(&crate::store::Place::Memory).unwrap();
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {NEWEST}")).unwrap();
        let steps = plan.query_map(params!["x", "x", 1], |row| row.get::<_, String>(3)).unwrap();
        let steps: Vec<String> = steps.map(Result::unwrap).collect();
        assert!(steps.iter().all(|step| step.contains("exchanges_by_question")), "{steps:?}");
    }
}
