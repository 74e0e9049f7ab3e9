//! Writes the outcomes of calls: rows that have ended, with their bodies and search texts. Each write has a token, so that
//! it is done once, however often it is handed in. What does not depend on each other is sent at once, since a server may be
//! far away.

use futures_util::try_join;
use jiff::Timestamp;

use super::connection::ServerConnection;
use super::questions::{question_digest, text_digest};
use super::server_clock::ServerClock;
use super::text::clean;
use super::{blocks, notices, schema, search};
use crate::policy::beijing_day;
use crate::store::codes::{answers_number, billing_number, digits};
use crate::store::entry::Entry;
use crate::store::write_token::WriteToken;
use crate::store::{ExchangeId, StoreError};
use onebound::{Call, Exchange, Fingerprint, Host, OutcomeSummary, Scope};

/// A completed call to be written.
pub(super) struct Completed<'a> {
    /// The ledger's row, if there is one.
    pub(super) id: Option<ExchangeId>,
    pub(super) key: &'a Fingerprint,
    pub(super) exchange: &'a Exchange,
    pub(super) entry: &'a Entry,
    pub(super) token: WriteToken,
}

/// Who writes, and the server's clock.
#[derive(Clone, Copy)]
pub(super) struct Writer<'a> {
    pub(super) asked_by: &'a str,
    pub(super) clock: &'a ServerClock,
}

/// Completes a call: writes its row, its body and its search text, and changes the block of its key.
pub(super) async fn complete(
    connection: &ServerConnection,
    completed: &Completed<'_>,
    writer: Writer<'_>,
) -> Result<ExchangeId, StoreError> {
    let done = complete_once(connection, completed, writer).await;
    connection.end(done).await
}

async fn complete_once(
    connection: &ServerConnection,
    completed: &Completed<'_>,
    writer: Writer<'_>,
) -> Result<ExchangeId, StoreError> {
    let Completed { key, exchange, entry, token, .. } = *completed;
    let (begin, shared) = (schema::begin(connection), shared_rows(connection, entry));
    let (written, own_row) = (written(connection, token), own_row(connection, completed));
    let ((), written, own_row, (text, outcome)) = try_join!(begin, written, own_row, shared)?;
    if let Some(written) = written {
        return Ok(written);
    }
    let id = if let Some(id) = own_row {
        id
    } else {
        // No row was written before the call was sent, or it is in a database that no longer exists.
        let (host, scope) = (&exchange.host, exchange.scope());
        let row = NewRow { call: &exchange.call, host, scope: &scope, key, at: exchange.started_at, token };
        match insert(connection, &row, writer).await? {
            Some(id) => id,
            None => return written_by_other(connection, token).await,
        }
    };
    let conclude = conclude(connection, id, completed, (outcome, text), came_at(exchange, writer.clock));
    let body = write_body(connection, id, entry);
    let (block, notice) = (blocks::change(connection, key, exchange), notices::send(connection, id.0));
    try_join!(conclude, body, block, notice)?;
    Ok(id)
}

/// Returns the numbers of an answer's text and of its outcome, which calls share. Texts come before outcomes in every
/// transaction, so that two that add the same ones can't wait for each other.
async fn shared_rows(connection: &ServerConnection, entry: &Entry) -> Result<(Option<i64>, i64), StoreError> {
    let text = match &entry.text {
        Some(text) => Some(search::keep(connection, text).await?),
        None => None,
    };
    Ok((text, outcome(connection, &entry.summary).await?))
}

async fn write_body(connection: &ServerConnection, id: ExchangeId, entry: &Entry) -> Result<(), StoreError> {
    connection
        .execute(
            "INSERT INTO bodies (id, record, packed, digest) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE
             SET record = excluded.record, packed = excluded.packed, digest = excluded.digest",
            &[&id.0, &entry.record, &entry.packed, &entry.digest],
        )
        .await
        .map(drop)
}

async fn written(connection: &ServerConnection, token: WriteToken) -> Result<Option<ExchangeId>, StoreError> {
    let sql = "SELECT id FROM exchanges WHERE write_token = $1";
    let row = connection.row(sql, &[&token.as_bytes()]).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?.map(ExchangeId))
}

/// Returns the row that another connection has written with this token in the meantime.
async fn written_by_other(
    connection: &ServerConnection,
    token: WriteToken,
) -> Result<ExchangeId, StoreError> {
    written(connection, token).await?.ok_or_else(|| StoreError::broken(&"no row was written"))
}

/// Returns the row of this exchange, if there is one without an outcome. An answer can also come after its call was given
/// up.
async fn own_row(
    connection: &ServerConnection,
    completed: &Completed<'_>,
) -> Result<Option<ExchangeId>, StoreError> {
    let Some(id) = completed.id else { return Ok(None) };
    let given_up = serde_json::to_string(&OutcomeSummary::interrupted())?;
    let found = connection
        .row(
            "SELECT id FROM exchanges WHERE id = $1 AND question_digest = $2 AND key = $3 AND write_token IS NULL
             AND (outcome IS NULL OR outcome = (SELECT id FROM outcomes WHERE digest = $4)) FOR UPDATE",
            &[
                &id.0,
                &question_digest(&completed.exchange.question()).as_ref(),
                &completed.key.as_str(),
                &text_digest(&given_up).as_ref(),
            ],
        )
        .await?;
    Ok(found.map(|row| row.try_get(0)).transpose()?.map(ExchangeId))
}

/// A stored answer that was shown.
pub(super) struct Reused<'a> {
    pub(super) id: ExchangeId,
    pub(super) call: &'a Call,
    pub(super) key: &'a Fingerprint,
    pub(super) at: Timestamp,
    pub(super) token: WriteToken,
}

/// Logs that a stored answer was shown. The row has ended, cost nothing, and is not an answer itself.
pub(super) async fn reuse(
    connection: &ServerConnection,
    reused: &Reused<'_>,
    writer: Writer<'_>,
) -> Result<ExchangeId, StoreError> {
    let done = reuse_once(connection, reused, writer).await;
    connection.end(done).await
}

async fn reuse_once(
    connection: &ServerConnection,
    reused: &Reused<'_>,
    writer: Writer<'_>,
) -> Result<ExchangeId, StoreError> {
    let Reused { id: shown, call, key, at, token } = *reused;
    schema::begin(connection).await?;
    let found = connection.row("SELECT host, scope FROM exchanges WHERE id = $1", &[&shown.0]).await?;
    let Some(found) = found else {
        return Err(StoreError::missing(shown));
    };
    let (host, scope) = (Host::from_stored(found.try_get(0)?), Scope::from_stored(found.try_get(1)?));
    let row = NewRow { call, host: &host, scope: &scope, key, at, token };
    let Some(id) = insert(connection, &row, writer).await? else {
        return written_by_other(connection, token).await;
    };
    connection
        .execute(
            "UPDATE exchanges SET reuses = $2, billing = 0,
             (outcome, size) = (SELECT outcome, size FROM exchanges WHERE id = $2) WHERE id = $1",
            &[&id.0, &shown.0],
        )
        .await?;
    notices::send(connection, id.0).await?;
    Ok(id)
}

/// A row that is not in the ledger yet.
struct NewRow<'a> {
    call: &'a Call,
    host: &'a Host,
    scope: &'a Scope,
    key: &'a Fingerprint,
    at: Timestamp,
    token: WriteToken,
}

/// Inserts a row; `None` if another connection has written it.
async fn insert(
    connection: &ServerConnection,
    row: &NewRow<'_>,
    writer: Writer<'_>,
) -> Result<Option<ExchangeId>, StoreError> {
    let question = row.call.question(row.scope);
    let inserted = connection
        .row(
            "INSERT INTO exchanges (started_at, beijing_day, num_iid, question, question_digest, host, key, call,
                 scope, asked_by, write_token)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             ON CONFLICT (write_token) DO NOTHING RETURNING id",
            &[
                &row.at.as_millisecond(),
                &beijing_day(row.at),
                &digits(row.call),
                &clean(question.as_str()),
                &question_digest(&question).as_ref(),
                &row.host.to_string(),
                &row.key.as_str(),
                &serde_json::to_string(row.call)?,
                &row.scope.as_str(),
                &clean(writer.asked_by),
                &row.token.as_bytes(),
            ],
        )
        .await?;
    Ok(inserted.map(|row| row.try_get(0)).transpose()?.map(ExchangeId))
}

/// Returns the number of this outcome, which is stored once.
pub(super) async fn outcome(connection: &ServerConnection, summary: &str) -> Result<i64, StoreError> {
    let digest = text_digest(summary);
    let find = "SELECT id FROM outcomes WHERE digest = $1";
    if let Some(known) = connection.row(find, &[&digest.as_ref()]).await? {
        return Ok(known.try_get(0)?);
    }
    let insert = "INSERT INTO outcomes (summary, digest) VALUES ($1, $2)
        ON CONFLICT (digest) DO NOTHING RETURNING id";
    if let Some(made) = connection.row(insert, &[&clean(summary), &digest.as_ref()]).await? {
        return Ok(made.try_get(0)?);
    }
    let row = connection.row(find, &[&digest.as_ref()]).await?;
    Ok(row.ok_or_else(|| StoreError::broken(&"no outcome was written"))?.try_get(0)?)
}

/// Returns when an answer came by the server's clock, and not when it is written: it may have been spooled for days.
fn came_at(exchange: &Exchange, clock: &ServerClock) -> Timestamp {
    clock.at(exchange.ended_at()).min(clock.now())
}

async fn conclude(
    connection: &ServerConnection,
    id: ExchangeId,
    completed: &Completed<'_>,
    (outcome, text): (i64, Option<i64>),
    at: Timestamp,
) -> Result<(), StoreError> {
    let Completed { exchange, token, .. } = *completed;
    let quota = exchange.envelope().and_then(|envelope| envelope.quota.as_ref());
    let item = exchange.item();
    let text_of = |name| item.and_then(|item| item.field(name).text().map(|text| clean(text).into_owned()));
    let number = |part: Option<u64>| part.and_then(|number| i64::try_from(number).ok());
    let execution_time = exchange.envelope().and_then(|envelope| envelope.execution_time.as_deref());
    let changed = connection
        .execute(
            "UPDATE exchanges SET outcome = $2, billing = $3, answers = $4, used = $5, allowed = $6,
             execution_time = $7, total_ms = $8, size = $9, text = $10,
             begun_at = coalesce(begun_at, started_at), started_at = $11, api_info = $12,
             price = $13, stock = $14, write_token = $15, answered_at = $16, lease_until = NULL, owner = NULL
             WHERE id = $1",
            &[
                &id.0,
                &outcome,
                &billing_number(exchange.billing()),
                &answers_number(exchange),
                &number(quota.and_then(|quota| quota.today)),
                &number(quota.and_then(|quota| quota.max)),
                &execution_time.map(clean),
                &i64::try_from(exchange.timing.total.as_millis()).unwrap_or(i64::MAX),
                &i64::try_from(exchange.body.len()).unwrap_or(i64::MAX),
                &text,
                &exchange.started_at.as_millisecond(),
                &quota.map(|quota| clean(quota.raw.as_str())),
                &text_of("price"),
                &text_of("num"),
                &token.as_bytes(),
                &at.as_millisecond(),
            ],
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(StoreError::broken(&"no row was written")) }
}
