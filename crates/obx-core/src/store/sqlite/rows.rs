//! Reads rows with all their columns, and adds rows of another store.

use std::collections::HashMap;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::columns::column;
use super::{LocalStore, blocks, items, search};
use crate::store::lease_row::call_state;
use crate::store::stored_call::COLUMNS;
use crate::store::stored_row::take;
use crate::store::{
    AddedCall, Annotation, Block, CopiedCall, ExchangeId, Listed, StoreError, StoreRows, StoredBody,
    StoredCall, UnmatchedCalls,
};
use onebound::ItemId;

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
            let mut found = connection.prepare_cached("SELECT record, packed FROM bodies WHERE id = ?1")?;
            let mut bodies = HashMap::new();
            for ExchangeId(id) in ids {
                let body = |row: &Row<'_>| Ok(StoredBody { record: row.get(0)?, packed: row.get(1)? });
                bodies.extend(found.query_row([id], body).optional()?.map(|body| (id, body)));
            }
            Ok(bodies)
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

    fn annotations(&self) -> BoxFuture<'_, Result<Vec<(ItemId, Annotation)>, StoreError>> {
        Box::pin(self.read(items::annotations))
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
        let known = unmatched.take(&copied.call.identity());
        let id = known.map_or_else(|| insert(transaction, copied), Ok)?;
        unmatched.last = unmatched.last.max(id);
        added.push(AddedCall { id, is_new: known.is_none() });
    }
    Ok((unmatched, added))
}

fn insert(transaction: &Connection, copied: &CopiedCall) -> Result<i64, StoreError> {
    let CopiedCall { call, body, text } = copied;
    let text = text.as_ref().map(|text| search::keep(transaction, text)).transpose()?;
    if let Some(summary) = &call.summary {
        transaction
            .prepare_cached("INSERT OR IGNORE INTO outcomes (summary) VALUES (?1)")?
            .execute([summary])?;
    }
    transaction
        .prepare_cached(
            "INSERT INTO exchanges (started_at, beijing_day, num_iid, question, scope, host, key, call, asked_by,
                 outcome, billing, answers, used, allowed, execution_time, total_ms, size, text, api_info, price,
                 stock, reuses)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, (SELECT id FROM outcomes WHERE summary = ?10), ?11, ?12,
                 ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
        )?
        .execute(params![
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
        ])?;
    let id = transaction.last_insert_rowid();
    if let Some(StoredBody { record, packed }) = body {
        transaction
            .prepare_cached("INSERT INTO bodies (id, record, packed) VALUES (?1, ?2, ?3)")?
            .execute(params![id, record, packed])?;
    }
    Ok(id)
}
