//! Reads the facts about a call that is about to be sent. The policy decides what follows from them.

use std::collections::HashSet;
use std::slice;

use futures_util::future::try_join_all;
use futures_util::try_join;
use jiff::Timestamp;

use super::blocks;
use super::connection::ServerConnection;
use super::known;
use super::questions::question_digest;
use crate::policy::{Facts, Guards, Intent, Lease, LeaseHolder, Override, QuotaFact, beijing_day};
use crate::store::codes::LATE_ROWS;
use crate::store::lease_row::{holder, owner};
use crate::store::stored_row::timestamp;
use crate::store::{ExchangeId, StoreError};
use onebound::{Account, Question};

/// The facts that bear on this intent, whose times are the server's; `own` are the rows of this session that have no
/// outcome. What only a guard needs is read where that guard can refuse the call: a damaged row of it must hold no other
/// call back.
pub(super) async fn read(
    connection: &ServerConnection,
    intent: &Intent,
    own: &HashSet<ExchangeId>,
) -> Result<Facts, StoreError> {
    let question = intent.question();
    let (answered_at, leases) = (answered_at(connection, &question), leases(connection, &question, own));
    let known = async {
        let call = slice::from_ref(&intent.call);
        match intent.doubt_lasts {
            Some(_) => known::known(connection, question.scope(), call, own, intent.at).await,
            None => Ok(Vec::new()),
        }
    };
    if intent.overrides == Override::All {
        let (answered_at, leases, known) = try_join!(answered_at, leases, known)?;
        let unknown_at = known.first().and_then(|known| known.unknown_at);
        return Ok(Facts { answered_at, leases, unknown_at, ..Facts::default() });
    }
    let (Guards { cap, reserve }, day) = (intent.guards, beijing_day(intent.at));
    let accounts: Vec<Account> = intent.capped_accounts().filter(|_| cap.is_some()).collect();
    let spent = try_join_all(accounts.iter().map(|account| spent(connection, account, day, 0)));
    let quota = async {
        match reserve {
            Some(_) => quota(connection, &intent.account(), day).await,
            None => Ok(None),
        }
    };
    let host = intent.host.to_string();
    let block = blocks::find(connection, &host, intent.key.as_str());
    let (answered_at, leases, known, spent, quota, block) =
        try_join!(answered_at, leases, known, spent, quota, block)?;
    let unknown_at = known.first().and_then(|known| known.unknown_at);
    Ok(Facts { answered_at, leases, unknown_at, spent_today: spent.iter().sum(), quota, block })
}

async fn answered_at(
    connection: &ServerConnection,
    question: &Question,
) -> Result<Option<Timestamp>, StoreError> {
    let newest = connection
        .row(
            "SELECT id, answered_at FROM exchanges WHERE question_digest = $1 AND answers > 0
             ORDER BY answered_at DESC NULLS LAST, id DESC LIMIT 1",
            &[&question_digest(question).as_ref()],
        )
        .await?;
    let Some(row) = newest else { return Ok(None) };
    let at: Option<i64> = row.try_get(1)?;
    at.map(|at| timestamp(at, row.try_get(0)?, "answered_at")).transpose()
}

async fn leases(
    connection: &ServerConnection,
    question: &Question,
    own: &HashSet<ExchangeId>,
) -> Result<Vec<(Lease, LeaseHolder)>, StoreError> {
    let found = connection
        .rows(
            "SELECT id, lease_until, owner FROM exchanges
             WHERE question_digest = $1 AND billing = 2 AND answers = 0 AND reuses IS NULL
             AND outcome IS NULL AND lease_until IS NOT NULL",
            &[&question_digest(question).as_ref()],
        )
        .await?;
    let mut leases = Vec::new();
    for row in &found {
        let (id, owner) = (row.try_get(0)?, owner(row.try_get(2)?));
        let holder = holder(own.contains(&ExchangeId(id)), owner.as_ref());
        let until = timestamp(row.try_get(1)?, id, "lease_until")?;
        leases.push((Lease { owner, until }, holder));
    }
    Ok(leases)
}

/// Counts an account's calls on this day after this row that were billed, may have been, or are under way.
async fn spent(
    connection: &ServerConnection,
    account: &Account,
    day: i64,
    after: i64,
) -> Result<u64, StoreError> {
    let row = connection
        .row(
            "SELECT count(*) FROM exchanges
             WHERE scope = $1 AND key = $2 AND beijing_day = $3 AND billing > 0 AND id > $4",
            &[&account.scope.as_str(), &account.key.as_str(), &day, &after],
        )
        .await?;
    let spent: i64 = row.map_or(Ok(0), |row| row.try_get(0))?;
    Ok(spent.unsigned_abs())
}

/// Reads the quota in the answer that came last. An answer that was written after it is counted as spent since, though it is in
/// that quota already: rather one call too few is sent than one too many.
async fn quota(
    connection: &ServerConnection,
    account: &Account,
    day: i64,
) -> Result<Option<QuotaFact>, StoreError> {
    let newest = connection
        .row(
            "SELECT id, used, allowed FROM (
                 SELECT id, used, allowed, coalesce(answered_at, started_at + total_ms) AS came_at FROM exchanges
                 WHERE scope = $1 AND key = $2 AND beijing_day = $3 AND used IS NOT NULL AND allowed IS NOT NULL
                 ORDER BY id DESC LIMIT $4
             ) last ORDER BY came_at DESC, id DESC LIMIT 1",
            &[&account.scope.as_str(), &account.key.as_str(), &day, &LATE_ROWS],
        )
        .await?;
    let Some(row) = newest else { return Ok(None) };
    let id: i64 = row.try_get(0)?;
    let count = |number: i64, column| u64::try_from(number).map_err(|_| StoreError::damaged(id, column));
    let (used, allowed) = (count(row.try_get(1)?, "used")?, count(row.try_get(2)?, "allowed")?);
    let spent_since = spent(connection, account, day, id).await?;
    Ok(Some(QuotaFact { used, allowed, spent_since }))
}
