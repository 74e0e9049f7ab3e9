//! Writes the outcomes of calls: rows that have ended, with their bodies and search texts.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{blocks, search};
use crate::policy::beijing_day;
use crate::store::codes::{answers_number, billing_number, digits};
use crate::store::entry::Entry;
use crate::store::{ExchangeId, StoreError};
use onebound::{Call, Exchange, Fingerprint, OutcomeSummary, Scope};

/// Completes a call within a transaction: writes its row, its body and its search text, and changes the block of its key.
pub(super) fn complete(
    transaction: &Connection,
    id: Option<ExchangeId>,
    key: &Fingerprint,
    exchange: &Exchange,
    entry: &Entry,
) -> Result<ExchangeId, StoreError> {
    let id = match id {
        Some(id) if is_row_of(transaction, id, key, exchange)? => id,
        // No row was written before the call was sent, or it is in a file that no longer exists.
        _ => {
            let (host, scope) = (exchange.host.to_string(), exchange.scope());
            row(transaction, &exchange.call, (&host, &scope), key, exchange.started_at)?
        }
    };
    let text = entry.text.as_ref().map(|text| search::keep(transaction, text)).transpose()?;
    conclude(transaction, id, exchange, entry, text)?;
    if entry.is_readable {
        transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO bodies (id, record, packed, digest) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![id.0, entry.record, entry.packed, entry.digest])?;
    }
    blocks::change(transaction, key, exchange)?;
    Ok(id)
}

/// Returns true if this row belongs to this exchange, written or not: a commit that returned an error may have
/// succeeded nevertheless. An answer can also come after its call was given up.
fn is_row_of(
    transaction: &Connection,
    id: ExchangeId,
    key: &Fingerprint,
    exchange: &Exchange,
) -> Result<bool, StoreError> {
    let mut found = transaction.prepare_cached(
        "SELECT 1 FROM exchanges WHERE id = ?1 AND scope = ?2 AND question = ?3 AND key = ?4
         AND (outcome IS NULL OR started_at = ?5
              OR outcome = (SELECT id FROM outcomes WHERE summary = ?6))",
    )?;
    let given_up = serde_json::to_string(&OutcomeSummary::interrupted())?;
    let question = exchange.question();
    let (scope, question, started_at) =
        (question.scope().as_str(), question.as_str(), exchange.started_at.as_millisecond());
    Ok(found.exists(params![id.0, scope, question, key.as_str(), started_at, given_up])?)
}

/// Logs within a transaction that a stored answer was shown. The row has ended, cost nothing, and is not an answer itself.
pub(super) fn reuse(
    transaction: &Connection,
    reused: ExchangeId,
    call: &Call,
    key: &Fingerprint,
    at: Timestamp,
) -> Result<ExchangeId, StoreError> {
    let (host, scope): (String, String) = transaction
        .prepare_cached("SELECT host, scope FROM exchanges WHERE id = ?1")?
        .query_row([reused.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let id = row(transaction, call, (&host, &Scope::from_stored(&scope)), key, at)?;
    transaction
        .prepare_cached(
            "UPDATE exchanges SET reuses = ?2, billing = 0,
             (outcome, size) = (SELECT outcome, size FROM exchanges WHERE id = ?2) WHERE id = ?1",
        )?
        .execute([id.0, reused.0])?;
    Ok(id)
}

/// Inserts a row.
fn row(
    transaction: &Connection,
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

fn conclude(
    transaction: &Connection,
    id: ExchangeId,
    exchange: &Exchange,
    entry: &Entry,
    text: Option<i64>,
) -> Result<(), StoreError> {
    transaction
        .prepare_cached("INSERT OR IGNORE INTO outcomes (summary) VALUES (?1)")?
        .execute([&entry.summary])?;
    let quota = exchange.envelope().and_then(|envelope| envelope.quota.as_ref());
    let item = exchange.item();
    let text_of = |name| item.and_then(|item| item.field(name).text().map(str::to_owned));
    let number = |part: Option<u64>| part.and_then(|number| i64::try_from(number).ok());
    transaction
        .prepare_cached(
            "UPDATE exchanges SET outcome = (SELECT id FROM outcomes WHERE summary = ?2), billing = ?3,
             answers = ?4, used = ?5, allowed = ?6, execution_time = ?7, total_ms = ?8, size = ?9, text = ?10,
             begun_at = coalesce(begun_at, started_at), started_at = ?11, api_info = ?12, price = ?13, stock = ?14, lease_until = NULL, owner = NULL WHERE id = ?1",
        )?
        .execute(params![
            id.0,
            entry.summary,
            billing_number(exchange.billing()),
            if entry.is_readable { answers_number(exchange) } else { 0 },
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
