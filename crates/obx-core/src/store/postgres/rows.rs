//! Reads rows with all their columns, and adds rows of another store. What is added in one transaction is sent without
//! waiting for each row, since a server may be far away.

use std::collections::HashMap;

use futures_util::future::{BoxFuture, try_join_all};
use jiff::Timestamp;
use tokio_postgres::Row;

use super::connection::ServerConnection;
use super::pool::{Lent, REQUEST_LIMIT, SEARCH_LIMIT};
use super::questions::question_digest;
use super::schema::{self, lock_number};
use super::text::clean;
use super::{PostgresStore, blocks, items, notices, outcomes, search};
use crate::store::lease_row::call_state;
use crate::store::stored_call::{COLUMNS, CopyAction, WITHOUT_ROWS};
use crate::store::stored_row::{take, timestamp};
use crate::store::{
    AddedAs, AddedCall, Block, CopiedCall, ExchangeId, Listed, PersonAnnotation, PersonProgram, StoreError,
    StoreRows, StoredBody, StoredCall, UnmatchedCalls,
};
use onebound::{OutcomeSummary, Question, Scope};

impl StoreRows for PostgresStore {
    fn calls_after(
        &self,
        id: ExchangeId,
        limit: usize,
    ) -> BoxFuture<'_, Result<Listed<StoredCall>, StoreError>> {
        self.read(SEARCH_LIMIT, move |shared, connection| async move {
            calls_after(&connection, id.0, Some(limit), shared.pool.clock.now()).await
        })
    }

    fn bodies(&self, ids: Vec<ExchangeId>) -> BoxFuture<'_, Result<HashMap<i64, StoredBody>, StoreError>> {
        self.read(SEARCH_LIMIT, move |_, connection| async move {
            let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
            let sql = "SELECT id, record, packed, digest FROM bodies WHERE id = ANY ($1)";
            let mut bodies = HashMap::new();
            for row in connection.rows(sql, &[&ids]).await? {
                let (record, packed, digest) = (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
                let body = StoredBody { record, packed, digest };
                bodies.extend([(row.try_get::<_, i64>(0)?, body)]);
            }
            Ok(bodies)
        })
    }

    fn bodies_without_rows(&self) -> BoxFuture<'_, Result<Vec<ExchangeId>, StoreError>> {
        self.read(SEARCH_LIMIT, |_, connection| async move {
            let rows = connection.rows(WITHOUT_ROWS, &[]).await?;
            rows.iter().map(|row| Ok(ExchangeId(row.try_get(0)?))).collect()
        })
    }

    fn add_calls(
        &self,
        calls: Vec<CopiedCall>,
        unmatched: UnmatchedCalls,
    ) -> BoxFuture<'_, Result<(UnmatchedCalls, Vec<AddedCall>), StoreError>> {
        self.read(SEARCH_LIMIT, move |shared, connection| async move {
            let importer = Importer { connection, asked_by: shared.asked_by().to_owned() };
            let added = importer.add_calls(&calls, unmatched, shared.pool.clock.now()).await;
            importer.connection.end(added).await
        })
    }

    fn annotations(&self) -> BoxFuture<'_, Result<Vec<PersonAnnotation>, StoreError>> {
        self.read(SEARCH_LIMIT, |shared, connection| async move {
            items::annotations(&connection, shared.asked_by()).await
        })
    }

    fn set_annotation(
        &self,
        (name, (item, annotation)): PersonAnnotation,
    ) -> BoxFuture<'_, Result<(), StoreError>> {
        self.change(move |shared, connection| async move {
            let name = name.as_deref().unwrap_or(shared.asked_by());
            items::note(&connection, &item, &annotation, name).await
        })
    }

    fn all_programs(&self) -> BoxFuture<'_, Result<Vec<PersonProgram>, StoreError>> {
        self.read(SEARCH_LIMIT, |shared, connection| async move {
            items::all_programs(&connection, shared.asked_by()).await
        })
    }

    fn add_program(&self, (name, program): PersonProgram) -> BoxFuture<'_, Result<(), StoreError>> {
        self.change(move |shared, connection| async move {
            let name = name.as_deref().unwrap_or(shared.asked_by());
            items::keep_program(&connection, &program, name).await
        })
    }

    fn blocks(&self) -> BoxFuture<'_, Result<Vec<Block>, StoreError>> {
        self.read(REQUEST_LIMIT, |_, connection| async move { blocks::all(&connection).await })
    }

    fn set_block(&self, block: Block) -> BoxFuture<'_, Result<(), StoreError>> {
        self.change(move |_, connection| async move { blocks::set(&connection, &block).await })
    }
}

async fn calls_after(
    connection: &ServerConnection,
    id: i64,
    limit: Option<usize>,
    at: Timestamp,
) -> Result<Listed<StoredCall>, StoreError> {
    let limit = limit.and_then(|limit| i64::try_from(limit).ok()).unwrap_or(i64::MAX);
    let sql = format!(
        "SELECT {COLUMNS}, e.answered_at FROM exchanges e LEFT JOIN outcomes o ON o.id = e.outcome
         WHERE e.id > $1 ORDER BY e.id LIMIT $2"
    );
    let mut calls = Listed::default();
    for row in connection.rows(&sql, &[&id, &limit]).await? {
        take(&mut calls, Some(call(&row, at)))?;
    }
    Ok(calls)
}

fn call(row: &Row, at: Timestamp) -> Result<StoredCall, StoreError> {
    let id = row.try_get(0)?;
    let (until, owner): (Option<i64>, Option<&str>) = (row.try_get(10)?, row.try_get(11)?);
    let until = until.map(|until| timestamp(until, id, "lease_until")).transpose()?;
    let (outcome, summary): (Option<i64>, Option<String>) = (row.try_get(12)?, row.try_get(13)?);
    Ok(StoredCall {
        id,
        started_at: row.try_get(1)?,
        beijing_day: row.try_get(2)?,
        num_iid: row.try_get(3)?,
        question: row.try_get(4)?,
        scope: row.try_get(5)?,
        host: row.try_get(6)?,
        key: row.try_get(7)?,
        call: row.try_get(8)?,
        asked_by: row.try_get(9)?,
        state: call_state(outcome.is_some(), until.map(|until| (until, owner)), at),
        summary,
        billing: row.try_get(14)?,
        answers: row.try_get(15)?,
        used: row.try_get(16)?,
        allowed: row.try_get(17)?,
        execution_time: row.try_get(18)?,
        total_ms: row.try_get(19)?,
        size: row.try_get(20)?,
        has_text: row.try_get(21)?,
        api_info: row.try_get(22)?,
        price: row.try_get(23)?,
        stock: row.try_get(24)?,
        reuses: row.try_get(25)?,
        has_body: row.try_get(26)?,
        begun_at: row.try_get(27)?,
        answered_at: row.try_get(28)?,
    })
}

/// A new row, or the outcome of one that is there without.
const PUT: &str =
    "INSERT INTO exchanges AS known (started_at, beijing_day, num_iid, question, question_digest, scope, host, key, call,
         asked_by, outcome, billing, answers, answered_at, used, allowed, execution_time, total_ms, size, text, api_info,
         price, stock, reuses, begun_at, id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
         $24, $25, coalesce($26, nextval(pg_get_serial_sequence('exchanges', 'id'))))
     ON CONFLICT (id) DO UPDATE SET started_at = excluded.started_at, outcome = excluded.outcome,
         billing = excluded.billing, answers = excluded.answers, answered_at = excluded.answered_at,
         used = excluded.used, allowed = excluded.allowed, execution_time = excluded.execution_time,
         total_ms = excluded.total_ms, size = excluded.size, text = excluded.text, api_info = excluded.api_info,
         price = excluded.price, stock = excluded.stock, begun_at = excluded.begun_at, lease_until = NULL, owner = NULL
     WHERE known.outcome IS NULL OR known.outcome = $27
     RETURNING id";

/// Adds rows on one connection.
struct Importer {
    connection: Lent,
    /// Who asked where the other store does not know it.
    asked_by: String,
}

impl Importer {
    /// Adds the rows that are not there, in a transaction that no other copy runs at the same time as.
    async fn add_calls(
        &self,
        calls: &[CopiedCall],
        mut unmatched: UnmatchedCalls,
        at: Timestamp,
    ) -> Result<(UnmatchedCalls, Vec<AddedCall>), StoreError> {
        schema::begin(&self.connection).await?;
        let lock = lock_number(&["copy", self.connection.schema()]);
        self.connection.rows("SELECT pg_advisory_xact_lock($1)", &[&lock]).await?;
        for call in &calls_after(&self.connection, unmatched.last, None, at).await?.rows {
            unmatched.add(call);
        }
        let actions: Vec<CopyAction> = calls.iter().map(|copied| unmatched.action(copied)).collect();
        // All texts first, as in `outcomes::shared_rows`: a session that records an answer meanwhile waits for an outcome alone.
        let texts = self.texts(calls, &actions).await?;
        let outcomes = self.outcomes(calls, &actions).await?;
        let given_up = serde_json::to_string(&OutcomeSummary::interrupted())?;
        let given_up = outcomes::outcome(&self.connection, &given_up).await?;
        let put = calls.iter().zip(&actions).zip(texts).map(|((copied, action), text)| {
            let outcome = copied.call.summary.as_ref().and_then(|summary| outcomes.get(summary)).copied();
            async move {
                match action {
                    CopyAction::Known(id) => Ok(AddedCall { id: *id, added_as: AddedAs::Known }),
                    CopyAction::Completes(id) => {
                        self.put(&copied.call, (outcome, given_up), text, Some(*id)).await
                    }
                    CopyAction::New => self.put(&copied.call, (outcome, given_up), text, None).await,
                }
            }
        });
        let added = try_join_all(put).await?;
        try_join_all(calls.iter().zip(&added).map(|(copied, added)| self.insert_body(copied, *added)))
            .await?;
        unmatched.last = added.iter().map(|added| added.id).fold(unmatched.last, i64::max);
        if let Some(newest) =
            added.iter().filter(|added| added.added_as != AddedAs::Known).map(|added| added.id).max()
        {
            notices::send(&self.connection, newest).await?;
        }
        Ok((unmatched, added))
    }

    /// Returns the numbers of the summaries of new rows.
    async fn outcomes<'c>(
        &self,
        calls: &'c [CopiedCall],
        actions: &[CopyAction],
    ) -> Result<HashMap<&'c String, i64>, StoreError> {
        let mut outcomes = HashMap::new();
        let is_known = |action: &CopyAction| matches!(action, CopyAction::Known(_));
        for (copied, _) in calls.iter().zip(actions).filter(|(_, action)| !is_known(action)) {
            if let Some(summary) = &copied.call.summary
                && !outcomes.contains_key(summary)
            {
                outcomes.extend([(summary, outcomes::outcome(&self.connection, summary).await?)]);
            }
        }
        Ok(outcomes)
    }

    /// Returns the number of the text of each new row that has one.
    async fn texts(
        &self,
        calls: &[CopiedCall],
        actions: &[CopyAction],
    ) -> Result<Vec<Option<i64>>, StoreError> {
        let keep = calls.iter().zip(actions).map(|(copied, action)| async move {
            match &copied.text {
                Some(text) if !matches!(action, CopyAction::Known(_)) => {
                    search::keep(&self.connection, text).await.map(Some)
                }
                _ => Ok(None),
            }
        });
        try_join_all(keep).await
    }

    /// Adds a row, or completes one whose outcome is not known or is `given_up`.
    async fn put(
        &self,
        call: &StoredCall,
        (outcome, given_up): (Option<i64>, i64),
        text: Option<i64>,
        completes: Option<i64>,
    ) -> Result<AddedCall, StoreError> {
        let question = Question::from_stored(Scope::from_stored(&call.scope), call.question.clone());
        let written_at = call.answered_at.or((call.answers > 0).then_some(call.started_at + call.total_ms));
        let cleaned = |text: &Option<String>| text.as_deref().map(|text| clean(text).into_owned());
        let row = self
            .connection
            .row(
                PUT,
                &[
                    &call.started_at,
                    &call.beijing_day,
                    &call.num_iid,
                    &clean(&call.question),
                    &question_digest(&question).as_ref(),
                    &call.scope,
                    &call.host,
                    &call.key,
                    &call.call,
                    &clean(call.asked_by.as_ref().unwrap_or(&self.asked_by)),
                    &outcome,
                    &call.billing,
                    &call.answers,
                    &written_at,
                    &call.used,
                    &call.allowed,
                    &cleaned(&call.execution_time),
                    &call.total_ms,
                    &call.size,
                    &text,
                    &cleaned(&call.api_info),
                    &cleaned(&call.price),
                    &cleaned(&call.stock),
                    &call.reuses,
                    &call.begun_at,
                    &completes,
                    &given_up,
                ],
            )
            .await?;
        match (row, completes) {
            (Some(row), None) => Ok(AddedCall { id: row.try_get(0)?, added_as: AddedAs::New }),
            (Some(_), Some(id)) => Ok(AddedCall { id, added_as: AddedAs::Outcome }),
            // Its session has written the outcome meanwhile.
            (None, Some(id)) => Ok(AddedCall { id, added_as: AddedAs::Known }),
            (None, None) => Err(StoreError::broken(&"no row was written")),
        }
    }

    async fn insert_body(&self, copied: &CopiedCall, added: AddedCall) -> Result<(), StoreError> {
        let body = copied.body.as_ref().filter(|_| added.added_as != AddedAs::Known);
        if let Some(StoredBody { record, packed, digest }) = body {
            let sql = "INSERT INTO bodies (id, record, packed, digest) VALUES ($1, $2, $3, $4)
                ON CONFLICT (id) DO UPDATE
                SET record = excluded.record, packed = excluded.packed, digest = excluded.digest";
            self.connection.execute(sql, &[&added.id, record, packed, digest]).await?;
        }
        Ok(())
    }
}
