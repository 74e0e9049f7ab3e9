//! Reads the facts about a call that is about to be sent. The policy decides what follows from them.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::answers::newest_row;
use super::blocks;
use super::columns::column;
use super::known::unknown_at;
use crate::policy::{Facts, Guards, Intent, Lease, LeaseHolder, Override, QuotaFact, beijing_day};
use crate::store::codes::LATE_ROWS;
use crate::store::lease_row::{holder, owner};
use crate::store::{ExchangeId, StoreError};
use onebound::{Account, Question};

/// The facts that bear on this intent; `own` are the rows of this session that have no outcome. What only a guard needs is
/// read where that guard can refuse the call: a damaged row of it must hold no other call back.
pub(super) fn read(
    connection: &Connection,
    intent: &Intent,
    own: &HashSet<ExchangeId>,
) -> Result<Facts, StoreError> {
    let question = intent.question();
    let newest = newest_row(connection, &question, intent.at)?;
    let unknown_at = match intent.doubt_lasts {
        Some(_) => unknown_at(connection, &question, newest, (own, intent.at))?,
        None => None,
    };
    let facts = Facts {
        answered_at: newest.map(|row| row.ended_at),
        unknown_at,
        leases: leases(connection, &question, own)?,
        ..Facts::default()
    };
    if intent.overrides == Override::All { Ok(facts) } else { with_guard_facts(connection, intent, facts) }
}

fn with_guard_facts(connection: &Connection, intent: &Intent, facts: Facts) -> Result<Facts, StoreError> {
    let (Guards { cap, reserve }, day) = (intent.guards, beijing_day(intent.at));
    let mut spent_today = 0;
    for account in intent.capped_accounts().filter(|_| cap.is_some()) {
        spent_today += spent(connection, &account, day, ExchangeId(0))?;
    }
    let quota = match reserve {
        Some(_) => quota(connection, &intent.account(), day)?,
        None => None,
    };
    let block = blocks::find(connection, &intent.host.to_string(), intent.key.as_str())?;
    Ok(Facts { block, spent_today, quota, ..facts })
}

fn leases(
    connection: &Connection,
    question: &Question,
    own: &HashSet<ExchangeId>,
) -> Result<Vec<(Lease, LeaseHolder)>, StoreError> {
    let mut found = connection.prepare_cached(
        "SELECT id, lease_until, owner FROM exchanges
         WHERE scope = ?1 AND question = ?2 AND billing = 2 AND answers = 0 AND reuses IS NULL
         AND outcome IS NULL AND lease_until IS NOT NULL",
    )?;
    let mut rows = found.query([question.scope().as_str(), question.as_str()])?;
    let mut leases = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, owner) = (ExchangeId(row.get(0)?), owner(row.get::<_, Option<String>>(2)?.as_deref()));
        let holder = holder(own.contains(&id), owner.as_ref());
        let until = match column(1, "lease_until").timestamp(row) {
            // A damaged lease ends with its process.
            Err(_) if holder == LeaseHolder::Ended => Timestamp::MIN,
            until => until?,
        };
        leases.push((Lease { owner, until }, holder));
    }
    Ok(leases)
}

/// Counts an account's calls on this day after this row that were billed, may have been, or are under way.
fn spent(connection: &Connection, account: &Account, day: i64, after: ExchangeId) -> Result<u64, StoreError> {
    let spent: i64 = connection
        .prepare_cached(
            "SELECT count(*) FROM exchanges
             WHERE scope = ?1 AND key = ?2 AND beijing_day = ?3 AND billing > 0 AND id > ?4",
        )?
        .query_row(params![account.scope.as_str(), account.key.as_str(), day, after.0], |row| row.get(0))?;
    Ok(spent.unsigned_abs())
}

/// Reads the quota in the answer that came last. An answer that was written after it is counted as spent since, though it is in
/// that quota already: rather one call too few is sent than one too many.
fn quota(connection: &Connection, account: &Account, day: i64) -> Result<Option<QuotaFact>, StoreError> {
    let mut newest = connection.prepare_cached(
        "SELECT id, used, allowed FROM (
             SELECT id, used, allowed, started_at + total_ms AS came_at FROM exchanges
             WHERE scope = ?1 AND key = ?2 AND beijing_day = ?3 AND used IS NOT NULL AND allowed IS NOT NULL
             ORDER BY id DESC LIMIT ?4
         ) ORDER BY came_at DESC, id DESC LIMIT 1",
    )?;
    let mut rows = newest.query(params![account.scope.as_str(), account.key.as_str(), day, LATE_ROWS])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (used, allowed) = (column(1, "used").count(row)?, column(2, "allowed").count(row)?);
    let spent_since = spent(connection, account, day, ExchangeId(row.get(0)?))?;
    Ok(Some(QuotaFact { used, allowed, spent_since }))
}
