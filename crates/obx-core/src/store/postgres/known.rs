//! What the store knows of many questions at once: their newest answers, and calls whose outcome was never learnt.

use std::collections::HashSet;

use futures_util::try_join;
use jiff::Timestamp;
use tokio_postgres::Row;

use super::connection::{Parameters, ServerConnection};
use super::questions::question_digest;
use crate::policy::{LeaseState, lease_state};
use crate::store::codes::{NO_RESULT, is_answer_lost};
use crate::store::lease_row::{holder, owner};
use crate::store::stored_row::timestamp;
use crate::store::{ExchangeId, KnownAnswer, StoreError};
use onebound::{Call, Scope};

/// The newest answer to each question, in their order.
const NEWEST: &str = "SELECT asked.place, newest.id, newest.ended_at, newest.answers
    FROM unnest($1::bytea[]) WITH ORDINALITY AS asked (digest, place), LATERAL (
        SELECT id, started_at + total_ms AS ended_at, answers FROM exchanges
        WHERE question_digest = asked.digest AND answers > 0
        ORDER BY answered_at DESC NULLS LAST, id DESC LIMIT 1
    ) newest";

/// The calls for each question that have no answer, the last that was sent first.
const UNANSWERED: &str =
    "SELECT asked.place, e.id, e.started_at, e.lease_until, e.owner, e.outcome, o.summary
    FROM unnest($1::bytea[]) WITH ORDINALITY AS asked (digest, place)
    JOIN exchanges e ON e.question_digest = asked.digest
        AND e.billing = 2 AND e.answers = 0 AND e.reuses IS NULL
    LEFT JOIN outcomes o ON o.id = e.outcome ORDER BY asked.place, e.started_at DESC, e.id DESC";

/// Reads what is known of these calls at a gateway, in their order. `own` are the rows of this session without an outcome;
/// `at` is the server's time.
pub(super) async fn known(
    connection: &ServerConnection,
    scope: &Scope,
    calls: &[Call],
    own: &HashSet<ExchangeId>,
    at: Timestamp,
) -> Result<Vec<KnownAnswer>, StoreError> {
    let digests: Vec<Vec<u8>> =
        calls.iter().map(|call| question_digest(&call.question(scope)).as_ref().to_vec()).collect();
    let mut known = vec![KnownAnswer::default(); calls.len()];
    let mut newest = vec![None; calls.len()];
    let place = |row: &Row| -> Result<usize, StoreError> {
        Ok(usize::try_from(row.try_get::<_, i64>(0)? - 1).unwrap_or(usize::MAX))
    };
    let digests: Parameters<'_> = &[&digests];
    let (answered, unanswered) =
        try_join!(connection.rows(NEWEST, digests), connection.rows(UNANSWERED, digests))?;
    for row in &answered {
        let (at, id): (_, i64) = (place(row)?, row.try_get(1)?);
        if let (Some(known), Some(newest)) = (known.get_mut(at), newest.get_mut(at)) {
            let ended_at = timestamp(row.try_get(2)?, id, "started_at, total_ms")?;
            *newest = Some((ended_at.as_millisecond(), id));
            known.answered = Some((ended_at, row.try_get::<_, i64>(3)? != NO_RESULT));
        }
    }
    for row in &unanswered {
        let (place, id): (_, i64) = (place(row)?, row.try_get(1)?);
        let started_at: i64 = row.try_get(2)?;
        // In doubt if either the time or the number of the row says so, since a false doubt costs less than a second purchase:
        // times are by the clocks of several machines, and a call that was sent without a row gets one with its answer.
        let is_newer = newest.get(place).is_some_and(|newest| {
            newest.is_none_or(|(answered_at, newest_id)| started_at > answered_at || id > newest_id)
        });
        if let Some(known) = known.get_mut(place).filter(|known| is_newer && known.unknown_at.is_none())
            && is_lost(row, own, at)?
        {
            known.unknown_at = Some(timestamp(started_at, id, "started_at")?);
        }
    }
    Ok(known)
}

/// Returns true if the call of this row was sent, and its answer never came and will not come.
fn is_lost(row: &Row, own: &HashSet<ExchangeId>, at: Timestamp) -> Result<bool, StoreError> {
    let id: i64 = row.try_get(1)?;
    if row.try_get::<_, Option<i64>>(5)?.is_none() {
        let Some(until) = row.try_get::<_, Option<i64>>(3)? else { return Ok(true) };
        let holder = holder(own.contains(&ExchangeId(id)), owner(row.try_get(4)?).as_ref());
        return Ok(lease_state(timestamp(until, id, "lease_until")?, holder, at) == LeaseState::Abandoned);
    }
    let summary: Option<&str> = row.try_get(6)?;
    summary.and_then(is_answer_lost).ok_or_else(|| StoreError::damaged(id, "outcome"))
}
