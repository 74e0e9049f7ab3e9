//! What the store knows of many questions at once: their newest answers, and calls whose outcome was never learnt.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use super::columns::column;
use crate::policy::{LeaseState, lease_state};
use crate::store::codes::{NO_RESULT, digits};
use crate::store::lease_row::{holder, owner as owner_of};
use crate::store::{ExchangeId, KnownAnswer, StoreError};
use onebound::{Call, Outcome, OutcomeSummary, Question, RequestStage, Scope};

/// Reads what is known of these calls at a gateway, in their order. `own` are the rows of this session without an
/// outcome.
pub(super) fn known(
    connection: &Connection,
    scope: &Scope,
    calls: &[Call],
    own: &HashSet<ExchangeId>,
    at: Timestamp,
) -> Result<Vec<KnownAnswer>, StoreError> {
    let mut known = Vec::with_capacity(calls.len());
    for call in calls {
        let question = call.question(scope);
        let newest = newest(connection, &question)?;
        let after = newest.map_or(ExchangeId(0), |(id, _, _)| id);
        let unknown_at = unknown_at(connection, &question, (digits(call), after), (own, at))?;
        known.push(KnownAnswer { answered: newest.map(|(_, at, is_item)| (at, is_item)), unknown_at });
    }
    Ok(known)
}

/// Returns the newest answer: its row, when it came, and whether it is an item.
fn newest(
    connection: &Connection,
    question: &Question,
) -> Result<Option<(ExchangeId, Timestamp, bool)>, StoreError> {
    let mut newest = connection.prepare_cached(
        "SELECT id, started_at + total_ms, answers FROM exchanges
         WHERE scope = ?1 AND question = ?2 AND answers > 0 ORDER BY id DESC LIMIT 1",
    )?;
    let mut rows = newest.query([question.scope().as_str(), question.as_str()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let at = column(1, "started_at, total_ms").timestamp(row)?;
    let is_item = column(2, "answers").value::<i64>(row)? != NO_RESULT;
    Ok(Some((ExchangeId(row.get(0)?), at, is_item)))
}

/// Returns when a call was sent after this row whose answer never came and will not come.
fn unknown_at(
    connection: &Connection,
    question: &Question,
    (num_iid, after): (&str, ExchangeId),
    (own, at): (&HashSet<ExchangeId>, Timestamp),
) -> Result<Option<Timestamp>, StoreError> {
    // Few rows of an item are left after `billing`, so that the outcome's text is rarely read.
    let mut unanswered = connection.prepare_cached(
        "SELECT e.id, e.started_at, e.lease_until, e.owner, o.summary, e.outcome
         FROM exchanges e LEFT JOIN outcomes o ON o.id = e.outcome
         WHERE e.scope = ?1 AND e.num_iid = ?2 AND e.id > ?3 AND e.question = ?4
         AND e.billing = 2 AND e.answers = 0 AND e.reuses IS NULL ORDER BY e.id DESC",
    )?;
    let scope = question.scope().as_str();
    let mut rows = unanswered.query(params![scope, num_iid, after.0, question.as_str()])?;
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
    let summary = summary.and_then(|summary| serde_json::from_str::<OutcomeSummary>(&summary).ok());
    let summary = summary.ok_or_else(|| outcome.damaged(row))?;
    let never_came =
        matches!(summary.outcome, Outcome::Interrupted | Outcome::Cancelled | Outcome::Failed(_));
    Ok(never_came && summary.stage != RequestStage::NothingSent)
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
