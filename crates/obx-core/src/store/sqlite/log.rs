//! Reads rows for the log. Calls with the same outcome share its summary, which is read once.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use compact_str::CompactString;
use jiff::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Params, Row};

use super::facts;
use crate::policy::{LeaseHolder, LeaseState, lease_state};
use crate::store::{Annotation, ExchangeId, Found, KnownItem, Lease, LogEntry, Owner, StoreError, Version};
use onebound::{
    Account, Billing, Fingerprint, Host, ItemId, OutcomeSummary, Question, Quota, Scope, ScopedItem, Subject,
};

/// Number of earlier rows that are read again, since a call can complete after later ones.
const LOOKED_AT_AGAIN: i64 = 200;

/// The value of the column `answers` for "no result".
const NO_RESULT: i64 = 2;

const COLUMNS: &str = "id, started_at, num_iid, outcome, used, allowed, execution_time, total_ms, size,
    billing, key, reuses, host, CASE num_iid WHEN '' THEN question END, scope,
    lease_until, owner";

/// The gateways of the rows, without duplicates. There are few, so a linear search is faster than a hash.
#[derive(Default)]
struct Scopes(Vec<Scope>);

impl Scopes {
    fn read(&mut self, row: &Row<'_>, column: usize) -> Result<Scope, StoreError> {
        let text = row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?;
        if let Some(known) = self.0.iter().find(|known| known.as_str() == text) {
            return Ok(known.clone());
        }
        let scope = Scope::from_stored(text);
        self.0.push(scope.clone());
        Ok(scope)
    }
}

/// The state of a row's call.
enum RowState {
    /// It has ended, perhaps without an answer: its lease has expired, or its process has ended.
    Ended,
    /// This process has it under way.
    Own,
    /// Another process has it under way.
    Leased(Lease),
}

/// Reads rows, and caches the values that they share.
struct Reader<'a> {
    connection: &'a Connection,
    summaries: HashMap<i64, Arc<OutcomeSummary>>,
    interrupted: Arc<OutcomeSummary>,
    at: Timestamp,
    keys: HashMap<String, Fingerprint>,
    hosts: HashMap<String, Arc<str>>,
    scopes: Scopes,
    apis: Vec<Arc<str>>,
}

impl<'a> Reader<'a> {
    fn new(connection: &'a Connection, at: Timestamp) -> Self {
        Self {
            connection,
            summaries: HashMap::new(),
            interrupted: Arc::new(OutcomeSummary::interrupted()),
            at,
            keys: HashMap::new(),
            hosts: HashMap::new(),
            scopes: Scopes::default(),
            apis: Vec::new(),
        }
    }

    fn lines(&mut self, which: &str, params: impl Params) -> Result<Vec<LogEntry>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM exchanges WHERE {which}");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params)?;
        let mut lines = Vec::new();
        while let Some(row) = rows.next()? {
            lines.extend(self.line(row)?);
        }
        Ok(lines)
    }

    /// Reads one row; `None` if this process has the call under way, of which it knows more than the row does.
    fn line(&mut self, row: &Row<'_>) -> Result<Option<LogEntry>, StoreError> {
        let lease = match self.state(row)? {
            RowState::Ended => None,
            RowState::Own => return Ok(None),
            RowState::Leased(lease) => Some(Arc::new(lease)),
        };
        let number = |at: usize| row.get::<_, Option<i64>>(at).map(|number| number.map(i64::unsigned_abs));
        let subject = self.subject(row)?;
        let scope = self.scopes.read(row, 14)?;
        let key: String = row.get(10)?;
        let fingerprint =
            self.keys.entry(key).or_insert_with_key(|key| Fingerprint::from_stored(key.as_str()));
        // Stored with its scheme; shown by its name.
        let host: String = row.get(12)?;
        let host = self.hosts.entry(host).or_insert_with_key(|host| name_of(host));
        Ok(Some(LogEntry {
            id: Some(ExchangeId(row.get(0)?)),
            started_at: moment(row.get(1)?),
            subject,
            key: fingerprint.clone(),
            host: Arc::clone(host),
            scope,
            lease,
            summary: self.summary(row.get(3)?)?,
            used: number(4)?,
            allowed: number(5)?,
            execution_time: row
                .get_ref(6)?
                .as_str_or_null()
                .map_err(rusqlite::Error::from)?
                .map(CompactString::from),
            total: Duration::from_millis(number(7)?.unwrap_or_default()),
            size: number(8)?.and_then(|size| usize::try_from(size).ok()).unwrap_or_default(),
            billing: match row.get(9)? {
                0_i64 => Billing::Free,
                1 => Billing::Billed,
                _ => Billing::Unknown,
            },
            reuses: row.get::<_, Option<i64>>(11)?.map(ExchangeId),
        }))
    }

    fn state(&self, row: &Row<'_>) -> Result<RowState, StoreError> {
        if row.get_ref(3)? != ValueRef::Null {
            return Ok(RowState::Ended);
        }
        let until = moment(row.get::<_, Option<i64>>(15)?.unwrap_or_default());
        let owner = facts::owner(row.get(16)?);
        let holder = match &owner {
            Some(owner) if owner == Owner::this_process() => LeaseHolder::Own,
            Some(owner) if owner.has_ended() => LeaseHolder::Ended,
            _ => LeaseHolder::Other,
        };
        Ok(match lease_state(until, holder, self.at) {
            LeaseState::Abandoned => RowState::Ended,
            LeaseState::Own => RowState::Own,
            LeaseState::Held => RowState::Leased(Lease { owner, until }),
        })
    }

    fn subject(&mut self, row: &Row<'_>) -> Result<Subject, StoreError> {
        let Some(question) = row.get::<_, Option<String>>(13)? else {
            return Ok(Subject::Item(item_id(row, 2)?));
        };
        let name = Question::api_name(&question);
        if let Some(known) = self.apis.iter().find(|known| known.as_ref() == name) {
            return Ok(Subject::Api(Arc::clone(known)));
        }
        let name: Arc<str> = name.into();
        self.apis.push(Arc::clone(&name));
        Ok(Subject::Api(name))
    }

    fn summary(&mut self, id: Option<i64>) -> Result<Arc<OutcomeSummary>, StoreError> {
        let Some(id) = id else { return Ok(Arc::clone(&self.interrupted)) };
        if let Some(known) = self.summaries.get(&id) {
            return Ok(Arc::clone(known));
        }
        let summary: String = self
            .connection
            .prepare_cached("SELECT summary FROM outcomes WHERE id = ?1")?
            .query_row([id], |row| row.get(0))?;
        let summary = Arc::new(serde_json::from_str(&summary)?);
        self.summaries.insert(id, Arc::clone(&summary));
        Ok(summary)
    }
}

/// Returns the newest rows, oldest first, including calls that other sessions have under way. A call whose lease has
/// expired counts as ended without an answer.
pub(super) fn newest(
    connection: &Connection,
    limit: usize,
    at: Timestamp,
) -> Result<Vec<LogEntry>, StoreError> {
    let which = "true ORDER BY id DESC LIMIT ?1";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut lines = Reader::new(connection, at).lines(which, [limit])?;
    lines.reverse();
    Ok(lines)
}

/// Returns the newest rows before `id`, oldest first.
pub(super) fn before(
    connection: &Connection,
    id: ExchangeId,
    limit: usize,
    at: Timestamp,
) -> Result<Vec<LogEntry>, StoreError> {
    let which = "id < ?1 ORDER BY id DESC LIMIT ?2";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut lines = Reader::new(connection, at).lines(which, [id.0, limit])?;
    lines.reverse();
    Ok(lines)
}

/// Returns the rows after `id`, oldest first, and those shortly before it, which may have ended since.
pub(super) fn after(
    connection: &Connection,
    id: ExchangeId,
    at: Timestamp,
) -> Result<Vec<LogEntry>, StoreError> {
    Reader::new(connection, at).lines("id > ?1 ORDER BY id", [id.0 - LOOKED_AT_AGAIN])
}

/// Returns the rows of these exchanges in the order of `ids`, with the titles of their items.
pub(super) fn found(connection: &Connection, ids: &[i64]) -> Result<Vec<Found>, StoreError> {
    // An exchange with a text has ended, so no lease counts.
    let mut reader = Reader::new(connection, Timestamp::MAX);
    let mut titles = connection
        .prepare_cached("SELECT t.title FROM exchanges e JOIN texts t ON t.id = e.text WHERE e.id = ?1")?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let title: Option<String> = titles.query_row([id], |row| row.get(0)).optional()?;
        let lines = reader.lines("id = ?1", [id])?;
        found.extend(lines.into_iter().map(|line| Found { line, title: title.clone().unwrap_or_default() }));
    }
    Ok(found)
}

/// Returns the questions answered since `since`, each with the time of its newest answer, and whether that is an
/// item.
pub(super) fn answered(
    connection: &Connection,
    since: Timestamp,
) -> Result<Vec<(Question, Timestamp, bool)>, StoreError> {
    // The `+` signs keep SQLite from reading all questions through an index to get them in order.
    let mut statement = connection.prepare_cached(
        "SELECT scope, question, max(id), started_at + total_ms, answers FROM exchanges
         WHERE answers > 0 AND started_at >= ?1 GROUP BY +scope, +question",
    )?;
    let mut rows = statement.query([since.as_millisecond()])?;
    let (mut answered, mut scopes) = (Vec::new(), Scopes::default());
    while let Some(row) = rows.next()? {
        let question = Question::from_stored(scopes.read(row, 0)?, row.get(1)?);
        answered.push((question, moment(row.get(3)?), row.get::<_, i64>(4)? != NO_RESULT));
    }
    Ok(answered)
}

/// Returns the quota in the newest answer to each key at each gateway, and when that answer came.
pub(super) fn quotas(connection: &Connection) -> Result<Vec<(Account, Timestamp, Quota)>, StoreError> {
    // Jumps from account to account by the index: there are few accounts with many exchanges each.
    let mut next = connection.prepare_cached(
        "SELECT scope, key FROM exchanges WHERE api_info IS NOT NULL AND (scope, key) > (?1, ?2)
         ORDER BY scope, key LIMIT 1",
    )?;
    let mut newest = connection.prepare_cached(
        "SELECT started_at + total_ms, api_info FROM exchanges
         WHERE api_info IS NOT NULL AND scope = ?1 AND key = ?2 ORDER BY id DESC LIMIT 1",
    )?;
    let (mut quotas, mut last) = (Vec::new(), (String::new(), String::new()));
    loop {
        let found: Option<(String, String)> =
            next.query_row([&last.0, &last.1], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((scope, key)) = found else { return Ok(quotas) };
        let (at, text): (i64, String) =
            newest.query_row([&scope, &key], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let account = Account { scope: Scope::from_stored(&scope), key: Fingerprint::from_stored(&key) };
        quotas.push((account, moment(at), Quota::parse(&text)));
        last = (scope, key);
    }
}

/// Returns a gateway's stored answers to an item, oldest first.
pub(super) fn versions(connection: &Connection, item: &ScopedItem) -> Result<Vec<Version>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, started_at + total_ms, price, stock FROM exchanges
         WHERE scope = ?1 AND num_iid = ?2 AND answers > 0 ORDER BY id",
    )?;
    let rows = statement.query_map([item.scope.as_str(), item.num_iid.as_str()], |row| {
        Ok(Version {
            id: ExchangeId(row.get(0)?),
            at: moment(row.get(1)?),
            price: row.get(2)?,
            stock: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns the user's star and note on an item.
pub(super) fn annotation(connection: &Connection, num_iid: &ItemId) -> Result<Annotation, StoreError> {
    let annotation = connection
        .prepare_cached("SELECT starred, note FROM items WHERE num_iid = ?1")?
        .query_row([num_iid.as_str()], |row| Ok(Annotation { starred: row.get(0)?, note: row.get(1)? }))
        .optional()?;
    Ok(annotation.unwrap_or_default())
}

/// Returns every item that this gateway was asked for, the most recently requested first.
pub(super) fn items(connection: &Connection, scope: &Scope) -> Result<Vec<KnownItem>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT asked.num_iid,
                coalesce((SELECT title FROM exchanges e JOIN texts t ON t.id = e.text
                          WHERE e.scope = ?1 AND e.num_iid = asked.num_iid AND e.answers = 1
                          ORDER BY e.id DESC LIMIT 1), ''),
                asked.started_at, coalesce(i.starred, 0), coalesce(i.note, '')
         FROM (SELECT num_iid, max(id) AS newest, started_at FROM exchanges
               WHERE scope = ?1 AND num_iid <> '' GROUP BY num_iid) asked
         LEFT JOIN items i ON i.num_iid = asked.num_iid
         ORDER BY asked.newest DESC",
    )?;
    let rows = statement.query_map([scope.as_str()], |row| {
        Ok(KnownItem {
            num_iid: item_id(row, 0)?,
            title: row.get(1)?,
            asked_at: moment(row.get(2)?),
            starred: row.get(3)?,
            note: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn item_id(row: &Row<'_>, at: usize) -> rusqlite::Result<ItemId> {
    let digits: String = row.get(at)?;
    ItemId::from_stored(&digits).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(at, rusqlite::types::Type::Text, Box::new(error))
    })
}

fn name_of(host: &str) -> Arc<str> {
    Host::from_stored(host).name().into()
}

fn moment(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or_default()
}
