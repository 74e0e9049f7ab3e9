//! Searches the bodies themselves, which no index covers, newest first and one step at a time.
//!
//! The search has its own connection and thread, so that nothing else waits for it. In memory, with one connection
//! for everything, other requests wait for a step.

use rusqlite::{Connection, Row, params};

use super::columns::column;
use super::log;
use crate::store::body_search::{Check, EACH, PIECE, Words};
use crate::store::{BodySearch, ExchangeId, RestOfSearch, StoreError, StoreErrorKind, pack};
use onebound::{Record, Scope};

/// Cost in bytes of a body of another gateway, which is not read.
const SKIPPED: usize = 128;

/// Reads body by body in the order of `bodies`. Left to itself, `SQLite` would sort all of the gateway's rows for
/// each step. Rows of other gateways are returned too, without their large columns: there may be very many in
/// sequence, and the search checks between them whether its result is still wanted.
const NEWEST_FIRST: &str = "SELECT b.id, e.scope = ?2, e.size, e.question,
         CASE WHEN e.scope = ?2 THEN b.record END, CASE WHEN e.scope = ?2 THEN b.packed END
     FROM bodies b CROSS JOIN exchanges e ON e.id = b.id
     WHERE b.id < ?1 ORDER BY b.id DESC";

/// Searches a gateway's exchanges for one step, from the newest before `before`.
pub(super) fn search(
    connection: &Connection,
    scope: &Scope,
    words: &str,
    before: Option<ExchangeId>,
    check: Check<'_>,
) -> Result<BodySearch, StoreError> {
    let words = Words::new(words)?;
    let mut bodies = connection.prepare_cached(NEWEST_FIRST)?;
    let mut rows = bodies.query(params![before.map_or(i64::MAX, |id| id.0), scope.as_str()])?;
    let (mut ids, mut unread, mut rest, mut done) = (Vec::new(), 0, None, 0);
    while let Some(row) = rows.next()? {
        check()?;
        let (id, is_of_scope, size): (i64, bool, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        match is_of_scope.then(|| holds(row, &words, check)) {
            Some(Ok(true)) => ids.push(id),
            Some(Ok(false)) | None => {}
            Some(Err(error)) if error.fault == StoreErrorKind::Stopped => return Err(error),
            Some(Err(error)) => {
                tracing::warn!(%error, id, "a kept body can't be searched");
                unread += 1;
            }
        }
        done += if is_of_scope { EACH + usize::try_from(size).unwrap_or_default() } else { SKIPPED };
        if done >= PIECE {
            rest = rest_before(connection, id)?;
            break;
        }
    }
    Ok(BodySearch { found: log::found(connection, &ids)?, unread, rest })
}

fn holds(row: &Row<'_>, words: &Words, check: Check<'_>) -> Result<bool, StoreError> {
    let size = column(2, "size").size(row)?;
    let record: Record = serde_json::from_str(row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?)?;
    let packed = row.get_ref(5)?.as_blob().map_err(rusqlite::Error::from)?;
    let raw = if packed.is_empty() { bytes::Bytes::new() } else { pack::unpack_while(packed, size, check)? };
    let shown = record.into_shown(raw);
    let asked = row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?;
    words.are_in(&shown, asked, check)
}

fn rest_before(connection: &Connection, id: i64) -> Result<Option<RestOfSearch>, StoreError> {
    let (oldest, newest): (i64, i64) = connection
        .prepare_cached("SELECT (SELECT min(id) FROM bodies), (SELECT max(id) FROM bodies)")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if oldest >= id {
        return Ok(None);
    }
    let percent = (newest - id).max(0) * 100 / (newest - oldest).max(1);
    let percent = u8::try_from(percent.min(99)).unwrap_or_default();
    Ok(Some(RestOfSearch { before: ExchangeId(id), percent }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_costs_no_more_in_a_large_store() {
        let connection = super::super::schema::open(&crate::store::Place::Memory).unwrap();
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {NEWEST_FIRST}")).unwrap();
        let steps = plan.query_map(params![1, "x"], |row| row.get::<_, String>(3)).unwrap();
        let steps: Vec<String> = steps.map(Result::unwrap).collect();
        assert!(steps.iter().all(|step| !step.contains("ORDER BY")), "{steps:?}");
    }

    /// Returns a check that fails from its `asked`th call on.
    fn wanted_until(asked: usize, checks: &std::cell::Cell<usize>) -> impl Fn() -> Result<(), StoreError> {
        move || {
            checks.set(checks.get() + 1);
            if checks.get() < asked { Ok(()) } else { Err(StoreError::new(StoreErrorKind::Stopped, "")) }
        }
    }

    #[test]
    fn rows_of_other_gateways_are_passed_in_pieces_that_end_once_nobody_waits() {
        let connection = super::super::schema::open(&crate::store::Place::Memory).unwrap();
        let others = 100_000;
        let rows = format!(
            "WITH RECURSIVE n (id) AS (VALUES (1) UNION ALL SELECT id + 1 FROM n WHERE id < {others})
             INSERT INTO exchanges (id, started_at, beijing_day, num_iid, question, host, key, call, scope)
             SELECT id, 0, 0, '', '', '', '', '', 'other' FROM n;
             INSERT INTO bodies (id, record, packed) SELECT id, '', x'' FROM exchanges"
        );
        connection.execute_batch(&rows).unwrap();
        let scope = Scope::from_stored("one");
        let checks = std::cell::Cell::new(0);
        let ended = search(&connection, &scope, "x", None, &wanted_until(1_000, &checks)).unwrap_err();
        assert_eq!((ended.fault, checks.get()), (StoreErrorKind::Stopped, 1_000));
        let (mut before, mut pieces) = (None, 0);
        loop {
            let piece = search(&connection, &scope, "x", before, &|| Ok(())).unwrap();
            assert_eq!((piece.found.len(), piece.unread), (0, 0));
            pieces += 1;
            let Some(rest) = piece.rest else { break };
            before = Some(rest.before);
        }
        assert_eq!(pieces, 4);
    }
}
