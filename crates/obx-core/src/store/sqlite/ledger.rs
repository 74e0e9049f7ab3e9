//! The ledger: a call's row before it is sent, and what came of it after.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::entry::Entry;
use crate::policy::Guards;
use crate::store::guards::beijing_day;
use crate::store::{Begun, Block, ExchangeId, GuardViolation, Intent, LatchReason, Owner, StoreError};
use onebound::{
    Account, Billing, Call, Exchange, Fingerprint, ItemId, Outcome, OutcomeSummary, Question, Scope,
};

/// Looks at the guards and writes the row in one transaction, so that of two sessions at a cap of one only one
/// gets through.
///
/// Nobody has to wait for `own` rows.
pub(super) fn begin(
    connection: &mut Connection,
    intent: &Intent,
    own: &HashSet<ExchangeId>,
) -> Result<Begun, StoreError> {
    let question = intent.question();
    // Who waits for another session asks again and again: that must not keep anybody from writing.
    if let Some(begun) = by_another(connection, &question, intent, own)? {
        return Ok(begun);
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if let Some(begun) = by_another(&transaction, &question, intent, own)? {
        return Ok(begun);
    }
    if !intent.is_override
        && let Some(refusal) = refusal(&transaction, intent)?
    {
        return Ok(Begun::NotSent(refusal));
    }
    let lease = SignedDuration::try_from(intent.lease).unwrap_or(SignedDuration::MAX);
    let lease_until = intent.at.checked_add(lease).unwrap_or(Timestamp::MAX).as_millisecond();
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
            lease_until,
            serde_json::to_string(Owner::this_process())?,
        ])?;
    let id = transaction.last_insert_rowid();
    transaction.commit()?;
    Ok(Begun::Go(ExchangeId(id)))
}

/// What another session has done or is doing for this question; `None` where it is to be sent. An answer that came is
/// taken, whatever else is under way.
fn by_another(
    connection: &Connection,
    question: &Question,
    intent: &Intent,
    own: &HashSet<ExchangeId>,
) -> Result<Option<Begun>, StoreError> {
    if is_answered(connection, question, intent)? {
        return Ok(Some(Begun::Answered));
    }
    busy(connection, question, intent.at, own)
}

/// Whether the newest answer, which is the one that would be taken, came after the user asked. One from further
/// ahead than a call can last is from before the clock was set back: it must not keep new ones away.
fn is_answered(connection: &Connection, question: &Question, intent: &Intent) -> Result<bool, StoreError> {
    let newest: Option<i64> = connection
        .prepare_cached(
            "SELECT started_at + total_ms FROM exchanges WHERE scope = ?1 AND question = ?2 AND answers > 0
             ORDER BY id DESC LIMIT 1",
        )?
        .query_row([question.scope().as_str(), question.as_str()], |row| row.get(0))
        .optional()?;
    let lease = SignedDuration::try_from(intent.lease).unwrap_or(SignedDuration::MAX);
    let latest = intent.at.checked_add(lease).unwrap_or(Timestamp::MAX);
    let while_it_waited = intent.asked_at.as_millisecond()..=latest.as_millisecond();
    Ok(newest.is_some_and(|ended_at| while_it_waited.contains(&ended_at)))
}

/// Whether another session's call keeps this question waiting. One whose process has ended keeps nobody.
fn busy(
    connection: &Connection,
    question: &Question,
    at: Timestamp,
    own: &HashSet<ExchangeId>,
) -> Result<Option<Begun>, StoreError> {
    let mut found = connection.prepare_cached(
        "SELECT id, owner FROM exchanges
         WHERE scope = ?1 AND question = ?2 AND conclusion IS NULL AND lease_until > ?3",
    )?;
    let asked = params![question.scope().as_str(), question.as_str(), at.as_millisecond()];
    let mut rows = found.query(asked)?;
    while let Some(row) = rows.next()? {
        let owner = owner(row.get(1)?);
        let has_ended = owner.as_ref().is_some_and(Owner::has_ended);
        if !has_ended && !own.contains(&ExchangeId(row.get(0)?)) {
            return Ok(Some(Begun::Busy(owner)));
        }
    }
    Ok(None)
}

/// As a row has it; an older obx wrote none.
pub(super) fn owner(text: Option<String>) -> Option<Owner> {
    serde_json::from_str(&text?).ok()
}

/// Takes a row of this process back whose call was not sent and will not be. Under that number another file may have the
/// row of another process.
pub(super) fn withdraw(connection: &Connection, id: ExchangeId) -> Result<(), StoreError> {
    let owner = serde_json::to_string(Owner::this_process())?;
    connection.execute(
        "DELETE FROM exchanges WHERE id = ?1 AND conclusion IS NULL AND owner = ?2",
        params![id.0, owner],
    )?;
    Ok(())
}

/// Gives calls of this process up that are under way: what becomes of them will not be known.
pub(super) fn give_up(connection: &mut Connection, ids: &[ExchangeId]) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let summary = serde_json::to_string(&OutcomeSummary::interrupted())?;
    let owner = serde_json::to_string(Owner::this_process())?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("INSERT OR IGNORE INTO conclusions (told) VALUES (?1)", [&summary])?;
    for id in ids {
        transaction.execute(
            "UPDATE exchanges SET conclusion = (SELECT id FROM conclusions WHERE told = ?2),
             lease_until = NULL, owner = NULL WHERE id = ?1 AND conclusion IS NULL AND owner = ?3",
            params![id.0, summary, owner],
        )?;
    }
    transaction.commit()?;
    Ok(())
}

fn refusal(connection: &Connection, intent: &Intent) -> Result<Option<GuardViolation>, StoreError> {
    if let Some(latch) = latch(connection, intent)? {
        return Ok(Some(GuardViolation::Blocked(latch)));
    }
    let Guards { cap, reserve } = intent.guards;
    if let Some(cap) = cap {
        let mut used = 0;
        for scope in &intent.gateways {
            let account = Account { scope: scope.clone(), ..intent.account() };
            used += used_today(connection, &account, intent.at)?;
        }
        if used >= cap {
            return Ok(Some(GuardViolation::Cap { cap, used }));
        }
    }
    if let Some(reserve) = reserve
        && let Some(left) =
            left_today(connection, &intent.account(), intent.at)?.filter(|left| *left <= reserve)
    {
        return Ok(Some(GuardViolation::Reserve { reserve, left }));
    }
    Ok(None)
}

/// Calls of this day that were billed, may have been, or are under way.
fn used_today(connection: &Connection, account: &Account, at: Timestamp) -> Result<u64, StoreError> {
    let used: i64 = connection
        .prepare_cached(
            "SELECT count(*) FROM exchanges WHERE scope = ?1 AND key = ?2 AND beijing_day = ?3 AND billing > 0",
        )?
        .query_row(params![account.scope.as_str(), account.key.as_str(), beijing_day(at)], |row| row.get(0))?;
    Ok(used.unsigned_abs())
}

/// What is left of the day's quota by the newest answer that told, less what was sent since.
fn left_today(connection: &Connection, account: &Account, at: Timestamp) -> Result<Option<u64>, StoreError> {
    let (scope, key, day) = (account.scope.as_str(), account.key.as_str(), beijing_day(at));
    let told: Option<(i64, i64, i64)> = connection
        .prepare_cached(
            "SELECT id, used, allowed FROM exchanges
             WHERE scope = ?1 AND key = ?2 AND beijing_day = ?3 AND used IS NOT NULL AND allowed IS NOT NULL
             ORDER BY id DESC LIMIT 1",
        )?
        .query_row(params![scope, key, day], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((id, used, allowed)) = told else { return Ok(None) };
    let since: i64 = connection
        .prepare_cached(
            "SELECT count(*) FROM exchanges
             WHERE scope = ?1 AND key = ?2 AND beijing_day = ?3 AND billing > 0 AND id > ?4",
        )?
        .query_row(params![scope, key, day, id], |row| row.get(0))?;
    Ok(Some((allowed - used - since).max(0).unsigned_abs()))
}

fn latch(connection: &Connection, intent: &Intent) -> Result<Option<Block>, StoreError> {
    let all = latches(connection, intent.at)?;
    let host = intent.host.to_string();
    Ok(all.into_iter().find(|latch| latch.host == host && latch.key == intent.key.as_str()))
}

/// All that hold now.
pub(super) fn latches(connection: &Connection, at: Timestamp) -> Result<Vec<Block>, StoreError> {
    let mut found = connection.prepare_cached(
        "SELECT host, key, reason, since, until FROM latches WHERE until IS NULL OR until > ?1",
    )?;
    let rows = found.query_map([at.as_millisecond()], |row| {
        let moment = |ms: i64| Timestamp::from_millisecond(ms).unwrap_or_default();
        Ok(Block {
            host: row.get(0)?,
            key: row.get(1)?,
            reason: LatchReason::read(&row.get::<_, String>(2)?),
            since: moment(row.get(3)?),
            until: row.get::<_, Option<i64>>(4)?.map(moment),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Writes what came of a call: its row, its body, what can be searched for, and the latch that follows from it.
pub(super) fn settle(
    connection: &mut Connection,
    id: Option<ExchangeId>,
    key: &Fingerprint,
    exchange: &Exchange,
    entry: &Entry,
) -> Result<ExchangeId, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let id = match id {
        Some(id) if is_row_of(&transaction, id, key, exchange)? => id,
        // There is no row that was written before the call was sent, or it is in a file that is gone.
        _ => {
            let (host, scope) = (exchange.host.to_string(), exchange.scope());
            row(&transaction, &exchange.call, (&host, &scope), key, exchange.started_at)?
        }
    };
    let text = entry.text.as_ref().map(|text| text.keep(&transaction)).transpose()?;
    conclude(&transaction, id, exchange, &entry.told, text)?;
    transaction
        .prepare_cached("INSERT OR REPLACE INTO bodies (id, record, packed) VALUES (?1, ?2, ?3)")?
        .execute(params![id.0, entry.record, entry.packed])?;
    set_latch(&transaction, key, exchange)?;
    transaction.commit()?;
    Ok(id)
}

/// Whether this row waits for this exchange, or has it already: a commit of which an error was told can have
/// come to pass all the same. An answer can also come after its call was given up.
fn is_row_of(
    transaction: &Transaction<'_>,
    id: ExchangeId,
    key: &Fingerprint,
    exchange: &Exchange,
) -> Result<bool, StoreError> {
    let mut found = transaction.prepare_cached(
        "SELECT 1 FROM exchanges WHERE id = ?1 AND scope = ?2 AND question = ?3 AND key = ?4
         AND (conclusion IS NULL OR started_at = ?5
              OR conclusion = (SELECT id FROM conclusions WHERE told = ?6))",
    )?;
    let given_up = serde_json::to_string(&OutcomeSummary::interrupted())?;
    let question = exchange.question();
    let (scope, question, started_at) =
        (question.scope().as_str(), question.as_str(), exchange.started_at.as_millisecond());
    Ok(found.exists(params![id.0, scope, question, key.as_str(), started_at, given_up])?)
}

/// Writes down that a stored answer was shown. It has ended, cost nothing, and is no answer of its own.
pub(super) fn reuse(
    connection: &mut Connection,
    reused: ExchangeId,
    call: &Call,
    key: &Fingerprint,
    at: Timestamp,
) -> Result<ExchangeId, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (host, scope): (String, String) = transaction
        .prepare_cached("SELECT host, scope FROM exchanges WHERE id = ?1")?
        .query_row([reused.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let id = row(&transaction, call, (&host, &Scope::from_stored(&scope)), key, at)?;
    transaction
        .prepare_cached(
            "UPDATE exchanges SET reuses = ?2, billing = 0,
             (conclusion, size) = (SELECT conclusion, size FROM exchanges WHERE id = ?2) WHERE id = ?1",
        )?
        .execute([id.0, reused.0])?;
    transaction.commit()?;
    Ok(id)
}

/// A new row.
fn row(
    transaction: &Transaction<'_>,
    call: &Call,
    (host, scope): (&str, &Scope),
    key: &Fingerprint,
    started_at: Timestamp,
) -> Result<ExchangeId, StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO exchanges (started_at, beijing_day, num_iid, question, host, key, call, scope)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            started_at.as_millisecond(),
            beijing_day(started_at),
            digits(call),
            call.question(scope).as_str(),
            host,
            key.as_str(),
            serde_json::to_string(call)?,
            scope.as_str(),
        ])?;
    Ok(ExchangeId(transaction.last_insert_rowid()))
}

/// Of the item asked for; empty where another API than `item_get` is asked.
fn digits(call: &Call) -> &str {
    call.num_iid().map_or("", ItemId::as_str)
}

fn conclude(
    transaction: &Transaction<'_>,
    id: ExchangeId,
    exchange: &Exchange,
    told: &str,
    text: Option<i64>,
) -> Result<(), StoreError> {
    transaction.prepare_cached("INSERT OR IGNORE INTO conclusions (told) VALUES (?1)")?.execute([told])?;
    let quota = exchange.envelope().and_then(|envelope| envelope.quota.as_ref());
    let item = exchange.item();
    let text_of = |name| item.and_then(|item| item.field(name).text().map(str::to_owned));
    let number = |part: Option<u64>| part.and_then(|number| i64::try_from(number).ok());
    transaction
        .prepare_cached(
            "UPDATE exchanges SET conclusion = (SELECT id FROM conclusions WHERE told = ?2), billing = ?3,
             answers = ?4, used = ?5, allowed = ?6, execution_time = ?7, total_ms = ?8, size = ?9, text = ?10,
             started_at = ?11, api_info = ?12, price = ?13, stock = ?14, lease_until = NULL, owner = NULL WHERE id = ?1",
        )?
        .execute(params![
            id.0,
            told,
            billing_number(exchange.billing()),
            answers_number(exchange),
            number(quota.and_then(|quota| quota.today)),
            number(quota.and_then(|quota| quota.max)),
            exchange.envelope().and_then(|envelope| envelope.execution_time.as_deref()),
            i64::try_from(exchange.timing.total.as_millis()).unwrap_or(i64::MAX),
            i64::try_from(exchange.body.len()).unwrap_or(i64::MAX),
            text,
            exchange.started_at.as_millisecond(),
            quota.map(|quota| quota.raw.as_str()),
            text_of("price"),
            text_of("num"),
        ])?;
    Ok(())
}

/// An answer that says that calls are of no use stops them; one that serves lets them through again.
fn set_latch(
    transaction: &Transaction<'_>,
    key: &Fingerprint,
    exchange: &Exchange,
) -> Result<(), StoreError> {
    match Block::after(exchange, key) {
        None => {}
        Some(Some(Block { host, key, reason, since, until })) => {
            let until = until.map(Timestamp::as_millisecond);
            transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO latches (host, key, reason, since, until) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![host, key, reason.as_str(), since.as_millisecond(), until])?;
        }
        Some(None) => {
            transaction
                .prepare_cached("DELETE FROM latches WHERE host = ?1 AND key = ?2")?
                .execute(params![exchange.host.to_string(), key.as_str()])?;
        }
    }
    Ok(())
}

pub(super) fn billing_number(billing: Billing) -> i64 {
    match billing {
        Billing::Free => 0,
        Billing::Billed => 1,
        Billing::Unknown => 2,
    }
}

fn answers_number(exchange: &Exchange) -> i64 {
    match exchange.outcome {
        _ if !exchange.answers() => 0,
        Outcome::Item => 1,
        Outcome::NoResult => 2,
        Outcome::Success => 3,
        _ => 0,
    }
}
