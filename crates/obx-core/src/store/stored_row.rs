//! Makes rows of the log from the values that an engine has read.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use compact_str::CompactString;
use jiff::Timestamp;

use super::codes::{billing_of, name_of};
use super::lease_row::{holder, owner};
use super::{ExchangeId, Listed, LogEntry, Owner, StoreError, StoreErrorKind};
use crate::policy::{Lease, LeaseHolder, LeaseState, lease_state};
use onebound::{Fingerprint, ItemId, OutcomeSummary, Question, Scope, Subject};

/// The values of a row.
pub(super) struct StoredRow<'a> {
    pub(super) id: i64,
    pub(super) started_at: i64,
    pub(super) num_iid: &'a str,
    pub(super) question: &'a str,
    pub(super) scope: &'a str,
    pub(super) host: &'a str,
    pub(super) key: &'a str,
    /// The end of the lease, and the process that holds it, of a call without an outcome.
    pub(super) lease: Option<(i64, Option<&'a str>)>,
    pub(super) summary: Arc<OutcomeSummary>,
    pub(super) used: Option<i64>,
    pub(super) allowed: Option<i64>,
    pub(super) execution_time: Option<&'a str>,
    pub(super) total_ms: i64,
    pub(super) size: i64,
    pub(super) billing: i64,
    pub(super) reuses: Option<i64>,
    /// Who asked, where several people share a store.
    pub(super) asked_by: Option<&'a str>,
}

/// Reads rows, and shares the values that many of them have.
#[derive(Debug)]
pub(super) struct StoredRowReader {
    at: Timestamp,
    keys: HashMap<String, Fingerprint>,
    hosts: HashMap<String, Arc<str>>,
    people: HashMap<String, Arc<str>>,
    /// There are few, so a linear search is faster than a hash.
    scopes: Vec<Scope>,
    apis: Vec<Arc<str>>,
    platforms: Vec<Arc<str>>,
}

impl StoredRowReader {
    /// `at` decides whether a lease has expired.
    pub(super) fn new(at: Timestamp) -> Self {
        Self {
            at,
            keys: HashMap::new(),
            hosts: HashMap::new(),
            people: HashMap::new(),
            scopes: Vec::new(),
            apis: Vec::new(),
            platforms: Vec::new(),
        }
    }

    /// Returns the row; `None` if this process has the call under way, of which it knows more than the row does.
    ///
    /// # Errors
    /// If a value is one that obx can't have written.
    pub(super) fn entry(&mut self, row: &StoredRow<'_>) -> Result<Option<LogEntry>, StoreError> {
        let count = |number: Option<i64>, column| {
            number
                .map(|number| u64::try_from(number).map_err(|_| StoreError::damaged(row.id, column)))
                .transpose()
        };
        let lease = match self.lease(row)? {
            LeaseRow::Ended => None,
            LeaseRow::Own => return Ok(None),
            LeaseRow::Held(lease) => Some(Arc::new(lease)),
        };
        let key = shared(&mut self.keys, row.key, Fingerprint::from_stored);
        let host = shared(&mut self.hosts, row.host, name_of);
        Ok(Some(LogEntry {
            id: Some(ExchangeId(row.id)),
            started_at: timestamp(row.started_at, row.id, "started_at")?,
            subject: self.subject(row)?,
            platform: interned(&mut self.platforms, Question::platform(row.question)),
            key,
            host,
            scope: self.scope(row.scope),
            lease,
            summary: Arc::clone(&row.summary),
            used: count(row.used, "used")?,
            allowed: count(row.allowed, "allowed")?,
            execution_time: row.execution_time.map(CompactString::from),
            total: Duration::from_millis(count(Some(row.total_ms), "total_ms")?.unwrap_or_default()),
            size: usize::try_from(row.size).map_err(|_| StoreError::damaged(row.id, "size"))?,
            billing: billing_of(row.billing).ok_or_else(|| StoreError::damaged(row.id, "billing"))?,
            reuses: row.reuses.map(ExchangeId),
            asked_by: row.asked_by.map(|name| shared(&mut self.people, name, Arc::from)),
        }))
    }

    /// Returns the gateway of this name.
    pub(super) fn scope(&mut self, name: &str) -> Scope {
        if let Some(known) = self.scopes.iter().find(|known| known.as_str() == name) {
            return known.clone();
        }
        let scope = Scope::from_stored(name);
        self.scopes.push(scope.clone());
        scope
    }

    fn lease(&self, row: &StoredRow<'_>) -> Result<LeaseRow, StoreError> {
        let Some((until, process)) = row.lease else { return Ok(LeaseRow::Ended) };
        let owner = owner(process);
        let holder = holder(owner.as_ref() == Some(Owner::this_process()), owner.as_ref());
        if holder == LeaseHolder::Ended {
            return Ok(LeaseRow::Ended);
        }
        let until = timestamp(until, row.id, "lease_until")?;
        Ok(match lease_state(until, holder, self.at) {
            LeaseState::Abandoned => LeaseRow::Ended,
            LeaseState::Own => LeaseRow::Own,
            LeaseState::Held => LeaseRow::Held(Lease { owner, until }),
        })
    }

    fn subject(&mut self, row: &StoredRow<'_>) -> Result<Subject, StoreError> {
        if row.num_iid.is_empty() {
            return Ok(Subject::Api(interned(&mut self.apis, Question::api_name(row.question))));
        }
        Ok(Subject::Item(item_id(row.num_iid, row.id)?))
    }
}

/// Returns one of a few texts, which is made once.
fn interned(known: &mut Vec<Arc<str>>, text: &str) -> Arc<str> {
    if let Some(known) = known.iter().find(|known| known.as_ref() == text) {
        return Arc::clone(known);
    }
    let text: Arc<str> = text.into();
    known.push(Arc::clone(&text));
    text
}

/// Returns the value of a text, which is made once.
fn shared<'a, V: Clone>(known: &mut HashMap<String, V>, text: &'a str, make: impl FnOnce(&'a str) -> V) -> V {
    if let Some(value) = known.get(text) {
        return value.clone();
    }
    let value = make(text);
    let _ = known.insert(text.to_owned(), value.clone()); // None: it was not known
    value
}

/// The lease of a row's call.
enum LeaseRow {
    /// It has ended, perhaps without an answer: its lease has expired, or its process has ended.
    Ended,
    /// This process has it under way.
    Own,
    /// Another process has it under way.
    Held(Lease),
}

/// What all stored questions to a platform begin with.
pub(super) fn question_prefix(platform: &str) -> String {
    format!("{platform}/")
}

/// Parses the ID of an item.
pub(super) fn item_id(digits: &str, row: i64) -> Result<ItemId, StoreError> {
    ItemId::from_stored(digits).map_err(|_| StoreError::damaged(row, "num_iid"))
}

/// Converts a stored time.
pub(super) fn timestamp(ms: i64, row: i64, column: &'static str) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(ms).map_err(|_| StoreError::damaged(row, column))
}

/// Adds a row to the list, or its number to those of the damaged rows. Other errors concern more than one row.
pub(super) fn take<T>(listed: &mut Listed<T>, read: Option<Result<T, StoreError>>) -> Result<(), StoreError> {
    match read {
        Some(Err(StoreError { fault: StoreErrorKind::DamagedRow { id, column }, .. })) => {
            tracing::warn!(id, column, "a damaged row is left out");
            listed.damaged.push(ExchangeId(id));
        }
        Some(read) => listed.rows.push(read?),
        None => {}
    }
    Ok(())
}
