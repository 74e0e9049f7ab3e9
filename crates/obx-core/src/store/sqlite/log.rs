//! Reads rows for the log. Calls with the same outcome share its summary, which is read once.

mod answered;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use super::columns::column;
use crate::store::codes::{LATE_ROWS, LOOKED_AT_AGAIN};
use crate::store::stored_row::{StoredRow, StoredRowReader, item_id as stored_item_id, take};
use crate::store::{ExchangeId, Found, Listed, LogEntry, LogVisitor, RecentCall, StoreError, beijing_day};
pub(super) use answered::{answered_after, answered_since};
use onebound::{Account, Fingerprint, ItemId, OutcomeSummary, Quota, Scope};

const COLUMNS: &str = "id, started_at, num_iid, outcome, used, allowed, execution_time, total_ms, size,
    billing, key, reuses, host, question, scope,
    lease_until, owner, asked_by";

/// Reads rows, and the summaries of their outcomes.
struct Reader<'a> {
    connection: &'a Connection,
    summaries: HashMap<i64, Arc<OutcomeSummary>>,
    interrupted: Arc<OutcomeSummary>,
    rows: StoredRowReader,
}

impl<'a> Reader<'a> {
    fn new(connection: &'a Connection, at: Timestamp) -> Self {
        Self {
            connection,
            summaries: HashMap::new(),
            interrupted: Arc::new(OutcomeSummary::interrupted()),
            rows: StoredRowReader::new(at),
        }
    }

    fn lines(&mut self, which: &str, params: impl Params) -> Result<Listed<LogEntry>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM exchanges WHERE {which}");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params)?;
        let mut listed = Listed::default();
        while let Some(row) = rows.next()? {
            take(&mut listed, self.line(row).transpose())?;
        }
        Ok(listed)
    }

    /// Reads one row; `None` if this process has the call under way, of which it knows more than the row does.
    fn line(&mut self, row: &Row<'_>) -> Result<Option<LogEntry>, StoreError> {
        let lease_until = column(15, "lease_until").value::<Option<i64>>(row)?;
        let lease = match (row.get_ref(3)?, lease_until) {
            (ValueRef::Null, Some(until)) => Some((until, column(16, "owner").text_if_any(row)?)),
            _ => None,
        };
        let stored = StoredRow {
            id: row.get(0)?,
            started_at: column(1, "started_at").value(row)?,
            num_iid: column(2, "num_iid").text(row)?,
            question: column(13, "question").text(row)?,
            scope: column(14, "scope").text(row)?,
            host: column(12, "host").text(row)?,
            key: column(10, "key").text(row)?,
            lease,
            summary: self.summary(row)?,
            used: column(4, "used").value(row)?,
            allowed: column(5, "allowed").value(row)?,
            execution_time: column(6, "execution_time").text_if_any(row)?,
            total_ms: column(7, "total_ms").value(row)?,
            size: column(8, "size").value(row)?,
            billing: column(9, "billing").value(row)?,
            reuses: column(11, "reuses").value(row)?,
            asked_by: column(17, "asked_by").text_if_any(row)?,
        };
        self.rows.entry(&stored)
    }

    fn summary(&mut self, row: &Row<'_>) -> Result<Arc<OutcomeSummary>, StoreError> {
        let outcome = column(3, "outcome");
        let Some(id) = outcome.value::<Option<i64>>(row)? else { return Ok(Arc::clone(&self.interrupted)) };
        if let Some(known) = self.summaries.get(&id) {
            return Ok(Arc::clone(known));
        }
        let mut texts = self.connection.prepare_cached("SELECT summary FROM outcomes WHERE id = ?1")?;
        let text: Option<String> = texts.query_row([id], |row| row.get(0)).optional()?;
        let summary = text.and_then(|text| serde_json::from_str(&text).ok());
        let summary = Arc::new(summary.ok_or_else(|| outcome.damaged(row))?);
        self.summaries.insert(id, Arc::clone(&summary));
        Ok(summary)
    }
}

/// Returns the newest rows, oldest first, including calls that other sessions have under way. A call whose lease has
/// expired counts as ended without an answer.
pub(super) fn newest(
    connection: &Connection,
    limit: usize,
    at: Timestamp,
) -> Result<Listed<LogEntry>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut lines = Reader::new(connection, at).lines("true ORDER BY id DESC LIMIT ?1", [limit])?;
    lines.rows.reverse();
    Ok(lines)
}

/// Returns the numbers of all rows, ascending, but for calls that this process has under way.
pub(super) fn ids(
    connection: &Connection,
    under_way: &HashSet<ExchangeId>,
) -> Result<Vec<ExchangeId>, StoreError> {
    // Without an order, so that SQLite takes them from an index, which is smaller than the table.
    let mut all = connection.prepare_cached("SELECT id FROM exchanges")?;
    let all = all.query_map([], |row| row.get(0).map(ExchangeId))?;
    let mut ids = all.collect::<Result<Vec<_>, _>>()?;
    ids.retain(|id| !under_way.contains(id));
    ids.sort_unstable();
    Ok(ids)
}

/// Returns these rows, oldest first.
pub(super) fn lines(
    connection: &Connection,
    ids: &[ExchangeId],
    at: Timestamp,
) -> Result<Listed<LogEntry>, StoreError> {
    let mut reader = Reader::new(connection, at);
    let mut listed = Listed::default();
    for id in ids {
        let Listed { rows, damaged } = reader.lines("id = ?1", [id.0])?;
        listed.rows.extend(rows);
        listed.damaged.extend(damaged);
    }
    listed.rows.sort_by_key(|line| line.id);
    Ok(listed)
}

/// Returns the calls before `before` since the beginning of a Beijing day, oldest first.
pub(super) fn recent_calls(
    connection: &Connection,
    before: ExchangeId,
    since_day: i64,
    at: Timestamp,
) -> Result<Listed<RecentCall>, StoreError> {
    let mut calls = Listed::default();
    let mut visit = |lines: &mut dyn Iterator<Item = LogEntry>| {
        let recent = lines.take_while(|line| beijing_day(line.started_at) >= since_day);
        calls.rows.extend(recent.map(|line| RecentCall::new(&line)));
    };
    let which = format!("id < {} ORDER BY id DESC", before.0);
    calls.damaged = visit_lines(connection, &which, at, &|| Ok(()), &mut visit)?;
    calls.rows.reverse();
    Ok(calls)
}

/// Passes all rows to `visit`, newest first, while `check` allows it.
pub(super) fn scan(
    connection: &Connection,
    visit: LogVisitor,
    at: Timestamp,
    check: &dyn Fn() -> Result<(), StoreError>,
) -> Result<Vec<ExchangeId>, StoreError> {
    visit_lines(connection, "true ORDER BY id DESC", at, check, visit)
}

/// Passes rows to `visit` one by one; returns the numbers of damaged ones, which are left out.
fn visit_lines(
    connection: &Connection,
    which: &str,
    at: Timestamp,
    check: &dyn Fn() -> Result<(), StoreError>,
    visit: impl FnOnce(&mut dyn Iterator<Item = LogEntry>),
) -> Result<Vec<ExchangeId>, StoreError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM exchanges WHERE {which}"))?;
    let (mut rows, mut reader) = (statement.query([])?, Reader::new(connection, at));
    let (mut listed, mut ended) = (Listed::default(), Ok(()));
    let mut next = || -> Result<Option<LogEntry>, StoreError> {
        while let Some(row) = rows.next()? {
            check()?;
            take(&mut listed, reader.line(row).transpose())?;
            if let Some(line) = listed.rows.pop() {
                return Ok(Some(line));
            }
        }
        Ok(None)
    };
    visit(&mut std::iter::from_fn(|| {
        next().unwrap_or_else(|error| {
            ended = Err(error);
            None
        })
    }));
    ended.map(|()| listed.damaged)
}

/// Returns the rows after `id`, oldest first, and those shortly before it, which may have ended since.
pub(super) fn after(
    connection: &Connection,
    id: ExchangeId,
    at: Timestamp,
) -> Result<Listed<LogEntry>, StoreError> {
    Reader::new(connection, at).lines("id > ?1 ORDER BY id", [id.0 - LOOKED_AT_AGAIN])
}

/// Returns the rows of these exchanges in the order of `ids`, with the titles of their items.
pub(super) fn found(connection: &Connection, ids: &[i64]) -> Result<Vec<Found>, StoreError> {
    // An exchange with a text has ended, so no lease counts.
    let mut reader = Reader::new(connection, Timestamp::MAX);
    let mut titles = connection
        .prepare_cached("SELECT t.title FROM exchanges e JOIN texts t ON t.id = e.text WHERE e.id = ?1")?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let title: Option<String> = titles.query_row([id], |row| row.get(0)).optional()?;
        let lines = reader.lines("id = ?1", [id])?;
        found.extend(
            lines.rows.into_iter().map(|line| Found { line, title: title.clone().unwrap_or_default() }),
        );
    }
    Ok(found)
}

/// Returns the quota in the newest answer to each key at each gateway, and when that answer came.
pub(super) fn quotas(connection: &Connection) -> Result<Listed<(Account, Timestamp, Quota)>, StoreError> {
    // Jumps from account to account by the index: there are few accounts with many exchanges each.
    let mut next = connection.prepare_cached(
        "SELECT scope, key FROM exchanges WHERE api_info IS NOT NULL AND (scope, key) > (?1, ?2)
         ORDER BY scope, key LIMIT 1",
    )?;
    let mut newest = connection.prepare_cached(
        "SELECT id, came_at, api_info FROM (
             SELECT id, started_at + total_ms AS came_at, api_info FROM exchanges
             WHERE api_info IS NOT NULL AND scope = ?1 AND key = ?2 ORDER BY id DESC LIMIT ?3
         ) ORDER BY came_at DESC, id DESC",
    )?;
    let (mut quotas, mut last) = (Listed::default(), (String::new(), String::new()));
    loop {
        let found: Option<(String, String)> =
            next.query_row([&last.0, &last.1], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((scope, key)) = found else { return Ok(quotas) };
        let account = Account { scope: Scope::from_stored(&scope), key: Fingerprint::from_stored(&key) };
        let read = |row: &Row<'_>| -> Result<_, StoreError> {
            let text: String = column(2, "api_info").value(row)?;
            Ok((account.clone(), column(1, "started_at, total_ms").timestamp(row)?, Quota::parse(&text)))
        };
        let (mut rows, before) = (newest.query(params![scope, key, LATE_ROWS])?, quotas.rows.len());
        while let Some(row) = rows.next()? {
            take(&mut quotas, Some(read(row)))?;
            if quotas.rows.len() > before {
                break;
            }
        }
        last = (scope, key);
    }
}

pub(super) fn item_id(row: &Row<'_>, at: usize) -> Result<ItemId, StoreError> {
    stored_item_id(column(at, "num_iid").text(row)?, row.get(0)?)
}
