//! Reads rows with all their columns, and adds rows of another store.

use std::collections::HashMap;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::columns::column;
use super::{LocalStore, blocks, items, programs, search};
use crate::store::lease_row::call_state;
use crate::store::stored_call::{COLUMNS, CopyAction, WITHOUT_ROWS};
use crate::store::stored_row::take;
use crate::store::{
    AddedAs, AddedCall, Block, CopiedCall, ExchangeId, Listed, PersonAnnotation, PersonProgram, StoreError,
    StoreRows, StoredBody, StoredCall, UnmatchedCalls,
};
use onebound::OutcomeSummary;

impl StoreRows for LocalStore {
    fn calls_after(
        &self,
        id: ExchangeId,
        limit: usize,
    ) -> BoxFuture<'_, Result<Listed<StoredCall>, StoreError>> {
        Box::pin(self.read(move |connection| calls_after(connection, id.0, Some(limit))))
    }

    fn bodies(&self, ids: Vec<ExchangeId>) -> BoxFuture<'_, Result<HashMap<i64, StoredBody>, StoreError>> {
        Box::pin(self.read(move |connection| {
            let mut found =
                connection.prepare_cached("SELECT record, packed, digest FROM bodies WHERE id = ?1")?;
            let mut bodies = HashMap::new();
            for ExchangeId(id) in ids {
                let body = |row: &Row<'_>| {
                    Ok(StoredBody { record: row.get(0)?, packed: row.get(1)?, digest: row.get(2)? })
                };
                bodies.extend(found.query_row([id], body).optional()?.map(|body| (id, body)));
            }
            Ok(bodies)
        }))
    }

    fn bodies_without_rows(&self) -> BoxFuture<'_, Result<Vec<ExchangeId>, StoreError>> {
        Box::pin(self.read(|connection| {
            let mut found = connection.prepare_cached(WITHOUT_ROWS)?;
            let ids = found.query_map([], |row| row.get(0).map(ExchangeId))?;
            Ok(ids.collect::<Result<_, _>>()?)
        }))
    }

    fn add_calls(
        &self,
        calls: Vec<CopiedCall>,
        unmatched: UnmatchedCalls,
    ) -> BoxFuture<'_, Result<(UnmatchedCalls, Vec<AddedCall>), StoreError>> {
        self.write(move |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let added = add_calls(&transaction, &calls, unmatched)?;
            transaction.commit()?;
            Ok(added)
        })
    }

    fn annotations(&self) -> BoxFuture<'_, Result<Vec<PersonAnnotation>, StoreError>> {
        Box::pin(self.read(items::annotations))
    }

    fn set_annotation(
        &self,
        (name, (item, annotation)): PersonAnnotation,
    ) -> BoxFuture<'_, Result<(), StoreError>> {
        self.write(move |connection| items::set_annotation(connection, name.as_deref(), &item, &annotation))
    }

    fn all_programs(&self) -> BoxFuture<'_, Result<Vec<PersonProgram>, StoreError>> {
        Box::pin(self.read(programs::of_all))
    }

    fn add_program(&self, (name, program): PersonProgram) -> BoxFuture<'_, Result<(), StoreError>> {
        self.write(move |connection| match name {
            None => programs::keep(connection, &program),
            Some(name) => programs::keep_of(connection, &name, &program),
        })
    }

    fn blocks(&self) -> BoxFuture<'_, Result<Vec<Block>, StoreError>> {
        Box::pin(self.read(blocks::all))
    }

    fn set_block(&self, block: Block) -> BoxFuture<'_, Result<(), StoreError>> {
        self.write(move |connection| blocks::set(connection, &block))
    }
}

fn calls_after(
    connection: &Connection,
    id: i64,
    limit: Option<usize>,
) -> Result<Listed<StoredCall>, StoreError> {
    let limit = limit.and_then(|limit| i64::try_from(limit).ok()).unwrap_or(i64::MAX);
    let mut found = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM exchanges e LEFT JOIN outcomes o ON o.id = e.outcome
         WHERE e.id > ?1 ORDER BY e.id LIMIT ?2"
    ))?;
    let (mut rows, at) = (found.query([id, limit])?, Timestamp::now());
    let mut calls = Listed::default();
    while let Some(row) = rows.next()? {
        take(&mut calls, Some(call(row, at)))?;
    }
    Ok(calls)
}

fn call(row: &Row<'_>, at: Timestamp) -> Result<StoredCall, StoreError> {
    let text = |index, name| column(index, name).value::<String>(row);
    let text_if_any = |index, name| column(index, name).value::<Option<String>>(row);
    let number = |index, name| column(index, name).value::<i64>(row);
    let number_if_any = |index, name| column(index, name).value::<Option<i64>>(row);
    let lease = match number_if_any(10, "lease_until")? {
        Some(_) => Some((column(10, "lease_until").timestamp(row)?, text_if_any(11, "owner")?)),
        None => None,
    };
    let (outcome, summary) = (number_if_any(12, "outcome")?, text_if_any(13, "outcome")?);
    if outcome.is_some() != summary.is_some() {
        return Err(column(12, "outcome").damaged(row));
    }
    let lease = lease.as_ref().map(|(until, owner)| (*until, owner.as_deref()));
    Ok(StoredCall {
        id: row.get(0)?,
        started_at: number(1, "started_at")?,
        beijing_day: number(2, "beijing_day")?,
        num_iid: text(3, "num_iid")?,
        question: text(4, "question")?,
        scope: text(5, "scope")?,
        host: text(6, "host")?,
        key: text(7, "key")?,
        call: text(8, "call")?,
        asked_by: text_if_any(9, "asked_by")?,
        state: call_state(outcome.is_some(), lease, at),
        summary,
        billing: number(14, "billing")?,
        answers: number(15, "answers")?,
        answered_at: None,
        used: number_if_any(16, "used")?,
        allowed: number_if_any(17, "allowed")?,
        execution_time: text_if_any(18, "execution_time")?,
        total_ms: number(19, "total_ms")?,
        size: number(20, "size")?,
        has_text: column(21, "text").value(row)?,
        api_info: text_if_any(22, "api_info")?,
        price: text_if_any(23, "price")?,
        stock: text_if_any(24, "stock")?,
        reuses: number_if_any(25, "reuses")?,
        has_body: column(26, "id").value(row)?,
        begun_at: number_if_any(27, "begun_at")?,
    })
}

/// Adds the rows that are not there, within a transaction that nobody else can write during.
fn add_calls(
    transaction: &Connection,
    calls: &[CopiedCall],
    mut unmatched: UnmatchedCalls,
) -> Result<(UnmatchedCalls, Vec<AddedCall>), StoreError> {
    for call in &calls_after(transaction, unmatched.last, None)?.rows {
        unmatched.add(call);
    }
    let mut added = Vec::with_capacity(calls.len());
    for copied in calls {
        let call = match unmatched.action(copied) {
            CopyAction::Known(id) => AddedCall { id, added_as: AddedAs::Known },
            CopyAction::Completes(id) => put(transaction, copied, Some(id))?,
            CopyAction::New => put(transaction, copied, None)?,
        };
        unmatched.last = unmatched.last.max(call.id);
        added.push(call);
    }
    Ok((unmatched, added))
}

/// Adds a row with its outcome, text and body, or completes one whose outcome is not known.
fn put(
    transaction: &Connection,
    copied: &CopiedCall,
    completes: Option<i64>,
) -> Result<AddedCall, StoreError> {
    let CopiedCall { call, body, text, .. } = copied;
    let text = text.as_ref().map(|text| search::keep(transaction, text)).transpose()?;
    if let Some(summary) = &call.summary {
        put_outcome(transaction, summary)?;
    }
    let is_put = put_row(transaction, call, text, completes)?;
    let id = completes.unwrap_or_else(|| transaction.last_insert_rowid());
    if !is_put {
        // Its session has written the outcome meanwhile.
        return Ok(AddedCall { id, added_as: AddedAs::Known });
    }
    if let Some(body) = body {
        put_body(transaction, id, body)?;
    }
    Ok(AddedCall { id, added_as: if completes.is_some() { AddedAs::Outcome } else { AddedAs::New } })
}

fn put_outcome(transaction: &Connection, summary: &str) -> Result<(), StoreError> {
    transaction.prepare_cached("INSERT OR IGNORE INTO outcomes (summary) VALUES (?1)")?.execute([summary])?;
    Ok(())
}

/// Adds a row, or completes one unless its outcome is known. A row that was marked as interrupted has none that is known.
const PUT_ROW: &str = "INSERT INTO exchanges (started_at, beijing_day, num_iid, question, scope, host, key, call,
         asked_by, outcome, billing, answers, used, allowed, execution_time, total_ms, size, text, api_info, price,
         stock, reuses, begun_at, id)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, (SELECT id FROM outcomes WHERE summary = ?10), ?11, ?12, ?13, ?14,
         ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)
     ON CONFLICT (id) DO UPDATE SET started_at = excluded.started_at, outcome = excluded.outcome,
         billing = excluded.billing, answers = excluded.answers, used = excluded.used, allowed = excluded.allowed,
         execution_time = excluded.execution_time, total_ms = excluded.total_ms, size = excluded.size,
         text = excluded.text, api_info = excluded.api_info, price = excluded.price, stock = excluded.stock,
         begun_at = excluded.begun_at, lease_until = NULL, owner = NULL
     WHERE outcome IS NULL OR outcome = (SELECT id FROM outcomes WHERE summary = ?25)";

/// Returns false if the row's outcome was known.
fn put_row(
    transaction: &Connection,
    call: &StoredCall,
    text: Option<i64>,
    completes: Option<i64>,
) -> Result<bool, StoreError> {
    let rows = transaction.prepare_cached(PUT_ROW)?.execute(params![
        call.started_at,
        call.beijing_day,
        call.num_iid,
        call.question,
        call.scope,
        call.host,
        call.key,
        call.call,
        call.asked_by,
        call.summary,
        call.billing,
        call.answers,
        call.used,
        call.allowed,
        call.execution_time,
        call.total_ms,
        call.size,
        text,
        call.api_info,
        call.price,
        call.stock,
        call.reuses,
        call.begun_at,
        completes,
        serde_json::to_string(&OutcomeSummary::interrupted())?,
    ])?;
    Ok(rows > 0)
}

fn put_body(transaction: &Connection, id: i64, body: &StoredBody) -> Result<(), StoreError> {
    transaction
        .prepare_cached("INSERT OR REPLACE INTO bodies (id, record, packed, digest) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![id, body.record, body.packed, body.digest])?;
    Ok(())
}
