//! Which questions have an answer, so that a fresh one is shown in place of a call.

use jiff::Timestamp;
use rusqlite::{Connection, Row};

use crate::store::codes::{LOOKED_AT_AGAIN, NO_RESULT};
use crate::store::sqlite::columns::column;
use crate::store::stored_row::{StoredRowReader, take};
use crate::store::{AnsweredQuestion, ExchangeId, Listed, StoreError};
use onebound::Question;

/// Returns the questions answered since `since`.
pub(in crate::store::sqlite) fn answered_since(
    connection: &Connection,
    since: Timestamp,
) -> Result<Listed<AnsweredQuestion>, StoreError> {
    answered(connection, "started_at >= ?1", since.as_millisecond())
}

/// Returns the questions that the rows of [`super::after`] answer.
pub(in crate::store::sqlite) fn answered_after(
    connection: &Connection,
    id: ExchangeId,
) -> Result<Listed<AnsweredQuestion>, StoreError> {
    answered(connection, "id > ?1", id.0 - LOOKED_AT_AGAIN)
}

fn answered(connection: &Connection, which: &str, from: i64) -> Result<Listed<AnsweredQuestion>, StoreError> {
    // Of the row with the maximum `SQLite` takes the other columns too. The `+` signs keep SQLite from reading all questions through an index to get them in order.
    let mut statement = connection.prepare_cached(&format!(
        "SELECT id, scope, question, started_at + total_ms, answers,
             max(CASE WHEN started_at + total_ms <= ?2 THEN started_at + total_ms ELSE 0 END)
         FROM exchanges WHERE answers > 0 AND {which} GROUP BY +scope, +question"
    ))?;
    let mut rows = statement.query([from, Timestamp::now().as_millisecond()])?;
    let (mut answered, mut reader) = (Listed::default(), StoredRowReader::new(Timestamp::MAX));
    let mut read = |row: &Row<'_>| -> Result<_, StoreError> {
        let question = Question::from_stored(
            reader.scope(column(1, "scope").text(row)?),
            column(2, "question").value(row)?,
        );
        let at = column(3, "started_at, total_ms").timestamp(row)?;
        Ok((question, at, column(4, "answers").value::<i64>(row)? != NO_RESULT))
    };
    while let Some(row) = rows.next()? {
        take(&mut answered, Some(read(row)))?;
    }
    Ok(answered)
}
