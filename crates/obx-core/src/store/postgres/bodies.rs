//! Searches the bodies themselves, which no index covers, newest first and one step at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;

use super::connection::ServerConnection;
use super::error::stopped;
use crate::store::body_search::{Check, EACH, PIECE, Words};
use crate::store::{ExchangeId, RestOfSearch, StoreError, StoreErrorKind, pack};
use onebound::{Record, Scope};

/// The most bodies of one step.
const MOST: i64 = 512;

/// A body to be searched.
struct Searched {
    id: i64,
    size: i64,
    question: String,
    record: String,
    packed: Vec<u8>,
}

/// What a step found: the exchanges, and how many bodies could not be read.
pub(super) type FoundInBodies = (Vec<i64>, usize);

/// Ends a search once its caller no longer waits for it.
struct EndsSearch(Arc<AtomicBool>);

impl Drop for EndsSearch {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Searches a gateway's exchanges for one step, from the newest before `before`.
pub(super) async fn search(
    connection: &ServerConnection,
    scope: &Scope,
    words: &str,
    before: Option<ExchangeId>,
) -> Result<(FoundInBodies, Option<RestOfSearch>), StoreError> {
    let (bodies, is_last) = step(connection, scope, before.map_or(i64::MAX, |id| id.0)).await?;
    let oldest = bodies.last().map(|body| body.id).filter(|_| !is_last);
    let (words, ended) = (Words::new(words)?, Arc::<AtomicBool>::default());
    let ends = EndsSearch(Arc::clone(&ended));
    let search = move || {
        let check = || if ended.load(Ordering::Relaxed) { Err(stopped()) } else { Ok(()) };
        find(&bodies, &words, &check)
    };
    let found = tokio::task::spawn_blocking(search).await;
    drop(ends);
    let found = found.unwrap_or_else(|error| Err(StoreError::broken(&error)))?;
    let rest = match oldest {
        Some(id) => rest_before(connection, id).await?,
        None => None,
    };
    Ok((found, rest))
}

/// Reads the bodies of one step, and whether they are the last ones.
async fn step(
    connection: &ServerConnection,
    scope: &Scope,
    before: i64,
) -> Result<(Vec<Searched>, bool), StoreError> {
    let sizes = connection
        .rows(
            "SELECT e.id, e.size FROM exchanges e WHERE e.scope = $1 AND e.id < $2
             AND EXISTS (SELECT FROM bodies b WHERE b.id = e.id) ORDER BY e.id DESC LIMIT $3",
            &[&scope.as_str(), &before, &MOST],
        )
        .await?;
    let (mut ids, mut cost) = (Vec::<i64>::new(), 0);
    for row in &sizes {
        if cost >= PIECE {
            break;
        }
        ids.push(row.try_get(0)?);
        cost += EACH + usize::try_from(row.try_get::<_, i64>(1)?).unwrap_or_default();
    }
    let is_last = ids.len() == sizes.len() && i64::try_from(sizes.len()).is_ok_and(|read| read < MOST);
    let rows = connection
        .rows(
            "SELECT e.id, e.size, e.question, b.record, b.packed FROM exchanges e JOIN bodies b ON b.id = e.id
             WHERE e.id = ANY ($1) ORDER BY e.id DESC",
            &[&ids],
        )
        .await?;
    let mut bodies = Vec::with_capacity(rows.len());
    for row in &rows {
        bodies.push(Searched {
            id: row.try_get(0)?,
            size: row.try_get(1)?,
            question: row.try_get(2)?,
            record: row.try_get(3)?,
            packed: row.try_get(4)?,
        });
    }
    Ok((bodies, is_last))
}

fn find(bodies: &[Searched], words: &Words, check: Check<'_>) -> Result<FoundInBodies, StoreError> {
    let (mut ids, mut unread) = (Vec::new(), 0);
    for body in bodies {
        match holds(body, words, check) {
            Ok(true) => ids.push(body.id),
            Ok(false) => {}
            Err(error) if error.fault == StoreErrorKind::Stopped => return Err(error),
            Err(error) => {
                tracing::warn!(%error, id = body.id, "a stored body can't be searched");
                unread += 1;
            }
        }
    }
    Ok((ids, unread))
}

fn holds(body: &Searched, words: &Words, check: Check<'_>) -> Result<bool, StoreError> {
    let size = usize::try_from(body.size).map_err(|_| StoreError::damaged(body.id, "size"))?;
    let record: Record = serde_json::from_str(&body.record)?;
    let raw =
        if body.packed.is_empty() { Bytes::new() } else { pack::unpack_while(&body.packed, size, check)? };
    words.are_in(&record.into_shown(raw), &body.question, check)
}

async fn rest_before(connection: &ServerConnection, id: i64) -> Result<Option<RestOfSearch>, StoreError> {
    let row = connection.row("SELECT min(id), max(id) FROM bodies", &[]).await?;
    let ends: Option<(Option<i64>, Option<i64>)> =
        row.map(|row| Ok::<_, StoreError>((row.try_get(0)?, row.try_get(1)?))).transpose()?;
    let Some((Some(oldest), Some(newest))) = ends else { return Ok(None) };
    let percent = (newest - id).max(0) * 100 / (newest - oldest).max(1);
    let percent = u8::try_from(percent.min(99)).unwrap_or_default();
    Ok(Some(RestOfSearch { before: ExchangeId(id), percent }))
}
