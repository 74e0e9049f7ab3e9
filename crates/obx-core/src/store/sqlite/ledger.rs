//! The ledger: writes a call's row before the call is sent, and ends it if the call was not sent or was given up.

use std::collections::HashSet;

use rusqlite::{Connection, TransactionBehavior, params};

use super::{facts, schema};
use crate::policy::{Decision, Intent, beijing_day, decide};
use crate::store::codes::digits;
use crate::store::{Begun, ExchangeId, Owner, StoreError};
use onebound::OutcomeSummary;

/// Appends a call's row, within a transaction, if the policy allows to send it. The facts are read in the same transaction:
/// of two sessions at a cap of one, only one may send. `own` are the rows of this session without an outcome.
///
/// The write lock is taken only to append, since a call that waits for another session tries again and again. If
/// another session has written since the facts were read, `SQLite` refuses to append: the error is
/// [`crate::store::StoreErrorKind::Locked`], and the caller tries again.
pub(super) fn begin(
    transaction: &Connection,
    intent: &Intent,
    own: &HashSet<ExchangeId>,
) -> Result<Begun, StoreError> {
    let facts = facts::read(transaction, intent, own)?;
    Ok(match decide(&facts, intent) {
        Decision::Send => Begun::Go(append(transaction, intent)?),
        Decision::Wait(owner) => Begun::Busy(owner),
        Decision::TakeAnswer => Begun::Answered,
        Decision::InDoubt(since) => Begun::InDoubt(since),
        Decision::Refuse(violation) => Begun::NotSent(violation),
    })
}

fn append(transaction: &Connection, intent: &Intent) -> Result<ExchangeId, StoreError> {
    let question = intent.question();
    transaction
        .prepare_cached(
            "INSERT INTO exchanges
                 (started_at, beijing_day, num_iid, question, host, key, call, scope, lease_until, owner)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            intent.at.as_millisecond(),
            beijing_day(intent.at),
            digits(&intent.call),
            question.as_str(),
            intent.host.to_string(),
            intent.key.as_str(),
            serde_json::to_string(&intent.call)?,
            question.scope().as_str(),
            intent.lease_end().as_millisecond(),
            serde_json::to_string(Owner::this_process())?,
        ])?;
    Ok(ExchangeId(transaction.last_insert_rowid()))
}

/// Deletes a row of this process whose call was not sent and will not be. The owner is compared because in another
/// file that number may be the row of another process.
pub(super) fn withdraw(connection: &Connection, id: ExchangeId) -> Result<(), StoreError> {
    let owner = serde_json::to_string(Owner::this_process())?;
    connection.execute(
        "DELETE FROM exchanges WHERE id = ?1 AND outcome IS NULL AND owner = ?2",
        params![id.0, owner],
    )?;
    Ok(())
}

/// Marks calls of this process that are under way as interrupted: their outcome will not be known.
pub(super) fn give_up(connection: &mut Connection, ids: &[ExchangeId]) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let summary = serde_json::to_string(&OutcomeSummary::interrupted())?;
    let owner = serde_json::to_string(Owner::this_process())?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    schema::check_not_newer(&transaction)?;
    transaction.execute("INSERT OR IGNORE INTO outcomes (summary) VALUES (?1)", [&summary])?;
    for id in ids {
        transaction.execute(
            "UPDATE exchanges SET outcome = (SELECT id FROM outcomes WHERE summary = ?2),
             lease_until = NULL, owner = NULL WHERE id = ?1 AND outcome IS NULL AND owner = ?3",
            params![id.0, summary, owner],
        )?;
    }
    transaction.commit()?;
    Ok(())
}
