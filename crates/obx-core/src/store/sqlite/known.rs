//! What the store knows of many questions at once: their newest answers, and calls whose outcome was never learnt.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use super::answers::{AnswerRow, newest_row};
use super::columns::column;
use crate::policy::{LeaseState, lease_state};
use crate::store::codes::is_answer_lost;
use crate::store::lease_row::{holder, owner as owner_of};
use crate::store::{ExchangeId, KnownAnswer, StoreError};
use onebound::{Call, Question, Scope};

/// Reads what is known of these calls at a gateway, in their order. `own` are the rows of this session without an
/// outcome.
pub(super) fn known(
    connection: &Connection,
    scope: &Scope,
    calls: &[Call],
    own: &HashSet<ExchangeId>,
    at: Timestamp,
) -> Result<Vec<KnownAnswer>, StoreError> {
    // Each query of its own would lock and unlock the file.
    let _together = connection.unchecked_transaction()?;
    let mut known = Vec::with_capacity(calls.len());
    for call in calls {
        let question = call.question(scope);
        let newest = newest_row(connection, &question, at)?;
        let unknown_at = unknown_at(connection, &question, newest, (own, at))?;
        known.push(KnownAnswer { answered: newest.map(|row| (row.ended_at, row.is_item)), unknown_at });
    }
    Ok(known)
}

/// Returns when a call was sent after this answer came, whose own answer never came and will not come. It was sent after it if
/// either its time or the number of its row says so, since a false doubt costs less than a second purchase: the clock can have
/// been set, and a call that was sent without a row gets one with its answer.
pub(super) fn unknown_at(
    connection: &Connection,
    question: &Question,
    newest: Option<AnswerRow>,
    (own, at): (&HashSet<ExchangeId>, Timestamp),
) -> Result<Option<Timestamp>, StoreError> {
    let mut unanswered = connection.prepare_cached(
        "SELECT e.id, e.started_at, e.lease_until, e.owner, o.summary, e.outcome
         FROM exchanges e LEFT JOIN outcomes o ON o.id = e.outcome
         WHERE e.scope = ?1 AND e.question = ?2 AND (e.started_at > ?3 OR e.id > ?4)
         AND e.billing = 2 AND e.answers = 0 AND e.reuses IS NULL ORDER BY e.started_at DESC, e.id DESC",
    )?;
    let (scope, after) =
        (question.scope().as_str(), newest.map_or(i64::MIN, |row| row.ended_at.as_millisecond()));
    let after_row = newest.map_or(0, |row| row.id.0);
    let mut rows = unanswered.query(params![scope, question.as_str(), after, after_row])?;
    while let Some(row) = rows.next()? {
        if is_lost(row, own, at)? {
            return Ok(Some(column(1, "started_at").timestamp(row)?));
        }
    }
    Ok(None)
}

/// Returns true if the call of this row was sent, and its answer never came and will not come.
fn is_lost(row: &Row<'_>, own: &HashSet<ExchangeId>, at: Timestamp) -> Result<bool, StoreError> {
    let outcome = column(5, "outcome");
    if outcome.value::<Option<i64>>(row)?.is_none() {
        return is_abandoned(row, own, at);
    }
    let summary: Option<String> = column(4, "outcome").value(row)?;
    summary.and_then(|summary| is_answer_lost(&summary)).ok_or_else(|| outcome.damaged(row))
}

/// Returns true if no process has the call of this row under way.
fn is_abandoned(row: &Row<'_>, own: &HashSet<ExchangeId>, at: Timestamp) -> Result<bool, StoreError> {
    let lease_until = column(2, "lease_until");
    if lease_until.value::<Option<i64>>(row)?.is_none() {
        return Ok(true);
    }
    let owner: Option<String> = column(3, "owner").value(row)?;
    let holder = holder(own.contains(&ExchangeId(row.get(0)?)), owner_of(owner.as_deref()).as_ref());
    Ok(lease_state(lease_until.timestamp(row)?, holder, at) == LeaseState::Abandoned)
}
