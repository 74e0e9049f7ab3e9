//! Reads rows for the log. Calls with the same outcome share its summary, which is read once.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use tokio_postgres::Row;

use super::connection::{Parameters, ServerConnection};
use crate::store::codes::{LATE_ROWS, LOOKED_AT_AGAIN, NO_RESULT};
use crate::store::stored_row::{StoredRow, StoredRowReader, take, timestamp};
use crate::store::{AnsweredQuestion, ExchangeId, Found, Listed, LogEntry, StoreError};
use onebound::{Account, Fingerprint, OutcomeSummary, Question, Quota, Scope};

const COLUMNS: &str = "id, started_at, num_iid, outcome, used, allowed, execution_time, total_ms, size,
    billing, key, reuses, host, question, scope, lease_until, owner,
    asked_by";

/// The summaries of outcomes, which never change.
#[derive(Debug, Default)]
pub(super) struct Summaries(Mutex<HashMap<i64, Arc<OutcomeSummary>>>);

impl Summaries {
    fn known(&self, id: i64) -> Option<Arc<OutcomeSummary>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// Reads the summaries of these rows that are not known yet.
    async fn read(&self, connection: &ServerConnection, rows: &[Row]) -> Result<(), StoreError> {
        let mut unknown = HashSet::new();
        for row in rows {
            let outcome: Option<i64> = row.try_get(3)?;
            unknown.extend(outcome.filter(|id| self.known(*id).is_none()));
        }
        if unknown.is_empty() {
            return Ok(());
        }
        let ids: Vec<i64> = unknown.into_iter().collect();
        let found = connection.rows("SELECT id, summary FROM outcomes WHERE id = ANY ($1)", &[&ids]).await?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for row in found {
            if let Ok(summary) = serde_json::from_str(row.try_get(1)?) {
                let _ = known.insert(row.try_get(0)?, Arc::new(summary)); // None, or the same
            }
        }
        Ok(())
    }
}

/// Reads the rows that `which` selects, in its order. `at` is the server's time.
pub(super) async fn select(
    connection: &ServerConnection,
    summaries: &Summaries,
    at: Timestamp,
    which: &str,
    parameters: Parameters<'_>,
) -> Result<Listed<LogEntry>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM exchanges WHERE {which}");
    let rows = connection.rows(&sql, parameters).await?;
    summaries.read(connection, &rows).await?;
    let (mut listed, mut reader) = (Listed::default(), StoredRowReader::new(at));
    let interrupted = Arc::new(OutcomeSummary::interrupted());
    for row in &rows {
        take(&mut listed, entry(row, summaries, &interrupted, &mut reader).transpose())?;
    }
    Ok(listed)
}

fn entry(
    row: &Row,
    summaries: &Summaries,
    interrupted: &Arc<OutcomeSummary>,
    reader: &mut StoredRowReader,
) -> Result<Option<LogEntry>, StoreError> {
    let (id, outcome): (i64, Option<i64>) = (row.try_get(0)?, row.try_get(3)?);
    let summary = match outcome {
        Some(outcome) => summaries.known(outcome).ok_or_else(|| StoreError::damaged(id, "outcome"))?,
        None => Arc::clone(interrupted),
    };
    let until: Option<i64> = row.try_get(15)?;
    let owner: Option<&str> = row.try_get(16)?;
    reader.entry(&StoredRow {
        id,
        started_at: row.try_get(1)?,
        num_iid: row.try_get(2)?,
        question: row.try_get(13)?,
        scope: row.try_get(14)?,
        host: row.try_get(12)?,
        key: row.try_get(10)?,
        lease: until.filter(|_| outcome.is_none()).map(|until| (until, owner)),
        summary,
        used: row.try_get(4)?,
        allowed: row.try_get(5)?,
        execution_time: row.try_get(6)?,
        total_ms: row.try_get(7)?,
        size: row.try_get(8)?,
        billing: row.try_get(9)?,
        reuses: row.try_get(11)?,
        asked_by: row.try_get(17)?,
    })
}

/// Returns the numbers of all rows, ascending, but for calls that this process has under way.
pub(super) async fn ids(
    connection: &ServerConnection,
    under_way: &HashSet<ExchangeId>,
) -> Result<Vec<ExchangeId>, StoreError> {
    // One value is read faster than a row for each.
    let row = connection.row("SELECT array_agg(id) FROM exchanges", &[]).await?;
    let all: Option<Vec<i64>> = row.map_or(Ok(None), |row| row.try_get(0))?;
    let mut ids: Vec<ExchangeId> = all.unwrap_or_default().into_iter().map(ExchangeId).collect();
    ids.retain(|id| !under_way.contains(id));
    ids.sort_unstable();
    Ok(ids)
}

/// Returns the rows of these exchanges in the order of `ids`, with the titles of their items.
pub(super) async fn found(
    connection: &ServerConnection,
    summaries: &Summaries,
    ids: &[i64],
) -> Result<Vec<Found>, StoreError> {
    // An exchange with a text has ended, so no lease counts.
    let lines = select(connection, summaries, Timestamp::MAX, "id = ANY ($1)", &[&ids]).await?.rows;
    // Not a join, for which the server may read all texts.
    let sql = "SELECT e.id, (SELECT title FROM texts t WHERE t.id = e.text) FROM exchanges e
        WHERE e.id = ANY ($1) AND e.text IS NOT NULL";
    let mut titles = HashMap::new();
    for row in connection.rows(sql, &[&ids]).await? {
        let _ = titles.insert(row.try_get::<_, i64>(0)?, row.try_get::<_, String>(1)?); // numbers are unique
    }
    let mut lines: HashMap<i64, LogEntry> =
        lines.into_iter().filter_map(|line| Some((line.id?.0, line))).collect();
    let found =
        |id: &i64| Some(Found { line: lines.remove(id)?, title: titles.remove(id).unwrap_or_default() });
    Ok(ids.iter().filter_map(found).collect())
}

/// Returns the questions answered since `since`.
pub(super) async fn answered_since(
    connection: &ServerConnection,
    since: Timestamp,
) -> Result<Listed<AnsweredQuestion>, StoreError> {
    answered(connection, "started_at >= $1", since.as_millisecond()).await
}

/// Returns the questions that this and later rows answer, and those of some rows before, which may have ended since.
pub(super) async fn answered_after(
    connection: &ServerConnection,
    id: ExchangeId,
) -> Result<Listed<AnsweredQuestion>, StoreError> {
    answered(connection, "id > $1", id.0 - LOOKED_AT_AGAIN).await
}

async fn answered(
    connection: &ServerConnection,
    which: &str,
    from: i64,
) -> Result<Listed<AnsweredQuestion>, StoreError> {
    let sql = format!(
        "SELECT DISTINCT ON (question_digest) id, scope, question, started_at + total_ms, answers
         FROM exchanges WHERE answers > 0 AND {which}
         ORDER BY question_digest, answered_at DESC NULLS LAST, id DESC"
    );
    let (mut answered, mut reader) = (Listed::default(), StoredRowReader::new(Timestamp::MAX));
    for row in &connection.rows(&sql, &[&from]).await? {
        let question = Question::from_stored(reader.scope(row.try_get(1)?), row.try_get(2)?);
        let at = timestamp(row.try_get(3)?, row.try_get(0)?, "started_at, total_ms");
        let is_item = row.try_get::<_, i64>(4)? != NO_RESULT;
        take(&mut answered, Some(at.map(|at| (question, at, is_item))))?;
    }
    Ok(answered)
}

/// Jumps from account to account by the index: there are few accounts with many exchanges each.
const QUOTAS: &str = "WITH RECURSIVE accounts AS (
        (SELECT scope, key FROM exchanges WHERE api_info IS NOT NULL ORDER BY scope, key LIMIT 1)
        UNION ALL
        SELECT next.scope, next.key FROM accounts a, LATERAL (
            SELECT scope, key FROM exchanges WHERE api_info IS NOT NULL AND (scope, key) > (a.scope, a.key)
            ORDER BY scope, key LIMIT 1
        ) next
    )
    SELECT newest.id, a.scope, a.key, newest.ended_at, newest.api_info FROM accounts a, LATERAL (
        SELECT id, ended_at, api_info FROM (
            SELECT id, started_at + total_ms AS ended_at, coalesce(answered_at, started_at + total_ms) AS came_at, api_info
            FROM exchanges e
            WHERE api_info IS NOT NULL AND e.scope = a.scope AND e.key = a.key ORDER BY id DESC LIMIT $1
        ) last ORDER BY came_at DESC, id DESC LIMIT 1
    ) newest";

/// Returns the quota in the newest answer to each key at each gateway, and when that answer came.
pub(super) async fn quotas(
    connection: &ServerConnection,
) -> Result<Listed<(Account, Timestamp, Quota)>, StoreError> {
    let mut quotas = Listed::default();
    for row in &connection.rows(QUOTAS, &[&LATE_ROWS]).await? {
        let (scope, key) =
            (Scope::from_stored(row.try_get(1)?), Fingerprint::from_stored(row.try_get::<_, &str>(2)?));
        let at = timestamp(row.try_get(3)?, row.try_get(0)?, "started_at, total_ms");
        let quota = Quota::parse(row.try_get(4)?);
        take(&mut quotas, Some(at.map(|at| (Account { scope, key }, at, quota))))?;
    }
    Ok(quotas)
}
