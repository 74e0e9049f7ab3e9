//! The ledger: writes a call's row before the call is sent, and ends it if the call was not sent or was given up.
//!
//! Isolation is READ COMMITTED, under two locks that last until the transaction ends: one of the key, since cap, reserve
//! and block are the key's, whichever gateway is asked, and one of the question, for its lease and its answer. So of two
//! sessions the later one reads what the earlier one has committed: each statement sees all that was committed before it
//! began, and the server ends a transaction for readers before it frees its locks. SERIALIZABLE would need no locks, but
//! would refuse one of two sessions at each commit, which then has to try again, most often where most calls are made. The
//! locks are taken in the order of their numbers: nobody waits for somebody who waits for him. If the server refuses a
//! transaction all the same (40001, 40P01), the whole of it is tried again, [`ATTEMPTS`] times in all.
//!
//! Leases and days are decided by the server's clock, read under the locks.
//!
//! What does not depend on each other is sent at once: a server may be far away, and everybody with the same key waits.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::try_join;
use jiff::Timestamp;

use super::connection::{Parameters, ServerConnection};
use super::error::away;
use super::facts;
use super::notices;
use super::pool::Pool;
use super::questions::question_digest;
use super::schema::{self, lock_number};
use super::text::clean;
use crate::policy::{Decision, Intent, beijing_day, decide};
use crate::store::codes::digits;
use crate::store::write_token::WriteToken;
use crate::store::{Begun, ExchangeId, Owner, StoreError};
use onebound::OutcomeSummary;

/// How often a transaction is tried that the server refuses because of others.
pub(super) const ATTEMPTS: usize = 3;

/// Appends a call's row if the policy allows to send it. `own` are the rows of this session without an outcome. If the
/// connection is cut once `is_committing` is set, the row may be there nevertheless.
pub(super) async fn begin(
    connection: &ServerConnection,
    pool: &Pool,
    intent: &Intent,
    (token, is_committing): (WriteToken, &AtomicBool),
    own: &HashSet<ExchangeId>,
) -> Result<Begun, StoreError> {
    let appended = decide_and_append(connection, pool, intent, token, own).await;
    is_committing.store(matches!(appended, Ok(Begun::Go(_))), Ordering::Relaxed);
    connection.end(appended).await
}

async fn decide_and_append(
    connection: &ServerConnection,
    pool: &Pool,
    intent: &Intent,
    token: WriteToken,
    own: &HashSet<ExchangeId>,
) -> Result<Begun, StoreError> {
    let now = begin_locked(connection, intent).await?;
    pool.clock.set(now);
    let at = Timestamp::from_millisecond(now).map_err(|error| StoreError::broken(&error))?;
    // By the server's clock, as all times that are compared with it.
    let started_at = intent.at;
    let intent = Intent { at, asked_at: pool.clock.at(intent.asked_at), ..intent.clone() };
    let facts = facts::read(connection, &intent, own).await?;
    Ok(match decide(&facts, &intent) {
        Decision::Send => Begun::Go(append(connection, pool, &intent, (started_at, token)).await?),
        Decision::Wait(owner) => Begun::Busy(owner),
        Decision::TakeAnswer => Begun::Answered,
        Decision::InDoubt(since) => Begun::InDoubt(since),
        Decision::Refuse(violation) => Begun::NotSent(violation),
    })
}

const LOCK: &str = "SELECT pg_advisory_xact_lock($1)";
const NOW: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";

/// Begins a transaction with the locks of an intent's key and question; returns the server's time under them, in
/// milliseconds.
async fn begin_locked(connection: &ServerConnection, intent: &Intent) -> Result<i64, StoreError> {
    let (question, schema) = (intent.question(), connection.schema());
    let mut locks = [
        lock_number(&["key", schema, intent.key.as_str()]),
        lock_number(&["question", schema, question.scope().as_str(), question.as_str()]),
    ];
    locks.sort_unstable();
    let [first, second] = locks;
    connection.prepare(&[LOCK, NOW]).await?;
    let (first, second): (Parameters<'_>, Parameters<'_>) = (&[&first], &[&second]);
    let ((), _, _, now) = try_join!(
        schema::begin(connection),
        connection.rows(LOCK, first),
        connection.rows(LOCK, second),
        connection.row(NOW, &[]),
    )?;
    Ok(now.ok_or_else(|| away("the server has no time"))?.try_get(0)?)
}

async fn append(
    connection: &ServerConnection,
    pool: &Pool,
    intent: &Intent,
    (started_at, token): (Timestamp, WriteToken),
) -> Result<ExchangeId, StoreError> {
    let question = intent.question();
    let row = connection
        .row(
            "WITH begun AS (
                 INSERT INTO exchanges (started_at, beijing_day, num_iid, question, question_digest, host, key, call,
                     scope, asked_by, lease_until, owner, begin_token)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id
             ) SELECT id, pg_notify($14, id::text) FROM begun",
            &[
                &started_at.as_millisecond(),
                &beijing_day(intent.at),
                &digits(&intent.call),
                &clean(question.as_str()),
                &question_digest(&question).as_ref(),
                &intent.host.to_string(),
                &intent.key.as_str(),
                &serde_json::to_string(&intent.call)?,
                &question.scope().as_str(),
                &clean(&pool.place().asked_by),
                &intent.lease_end().as_millisecond(),
                &serde_json::to_string(Owner::this_process())?,
                &token.as_bytes(),
                &notices::channel(connection.schema()),
            ],
        )
        .await?;
    let row = row.ok_or_else(|| StoreError::broken(&"no row was written"))?;
    Ok(ExchangeId(row.try_get(0)?))
}

/// Finds the row that was being committed when the connection was cut, after whoever commits it has ended.
pub(super) async fn find_begun(
    connection: &ServerConnection,
    intent: &Intent,
    token: WriteToken,
) -> Result<Option<ExchangeId>, StoreError> {
    let found = async {
        begin_locked(connection, intent).await?;
        let sql = "SELECT id FROM exchanges WHERE begin_token = $1";
        let row = connection.row(sql, &[&token.as_bytes()]).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?.map(ExchangeId))
    };
    let found = found.await;
    connection.end(found).await
}

/// Deletes rows whose calls were not sent and will not be.
pub(super) async fn withdraw(
    connection: &ServerConnection,
    ids: &[ExchangeId],
    tokens: &[WriteToken],
) -> Result<(), StoreError> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let tokens: Vec<&[u8]> = tokens.iter().map(WriteToken::as_bytes).collect();
    // The owner is compared because in another database that number may be the row of another process.
    let owner = serde_json::to_string(Owner::this_process())?;
    let deleted = connection
        .rows(
            "DELETE FROM exchanges WHERE outcome IS NULL AND owner = $1
             AND (id = ANY ($2) OR begin_token = ANY ($3)) RETURNING id",
            &[&owner, &ids, &tokens],
        )
        .await?;
    for row in deleted {
        notices::send(connection, row.try_get(0)?).await?;
    }
    Ok(())
}

/// Marks calls of this process that are under way as interrupted: their outcome will not be known.
pub(super) async fn give_up(connection: &ServerConnection, ids: &[ExchangeId]) -> Result<(), StoreError> {
    let given_up = async {
        schema::begin(connection).await?;
        give_up_once(connection, ids).await
    };
    let given_up = given_up.await;
    connection.end(given_up).await
}

async fn give_up_once(connection: &ServerConnection, ids: &[ExchangeId]) -> Result<(), StoreError> {
    let summary = serde_json::to_string(&OutcomeSummary::interrupted())?;
    let owner = serde_json::to_string(Owner::this_process())?;
    let outcome = super::outcomes::outcome(connection, &summary).await?;
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let ended = connection
        .rows(
            "UPDATE exchanges SET outcome = $1, lease_until = NULL, owner = NULL
             WHERE id = ANY ($2) AND outcome IS NULL AND owner = $3 RETURNING id",
            &[&outcome, &ids, &owner],
        )
        .await?;
    for row in ended {
        notices::send(connection, row.try_get(0)?).await?;
    }
    Ok(())
}
