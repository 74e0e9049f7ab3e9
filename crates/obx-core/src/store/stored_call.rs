//! Rows of a store as they are, for a copy of it into another one and for its check.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, LazyLock};

use futures_util::future::BoxFuture;
use ring::digest::{Context, SHA256};

use super::packed::Packed;
use super::search_text::SearchText;
use super::{Annotation, Block, ExchangeId, Listed, Store, StoreError};
use onebound::{Exchange, ItemId, OutcomeSummary};

/// A row of the log with all its columns, but for its body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredCall {
    pub id: i64,
    pub started_at: i64,
    /// When it began by the row that was written before it was sent; `None` where that is `started_at`.
    pub begun_at: Option<i64>,
    pub beijing_day: i64,
    pub num_iid: String,
    pub question: String,
    pub scope: String,
    pub host: String,
    pub key: String,
    pub call: String,
    /// `None` in a file whose calls were all made by its owner.
    pub asked_by: Option<String>,
    pub state: CallState,
    /// The summary of its outcome; `None` if that was never learnt.
    pub summary: Option<String>,
    pub billing: i64,
    pub answers: i64,
    /// When the answer was written, by the clock of the server that has it.
    pub answered_at: Option<i64>,
    pub used: Option<i64>,
    pub allowed: Option<i64>,
    pub execution_time: Option<String>,
    pub total_ms: i64,
    pub size: i64,
    pub has_text: bool,
    pub api_info: Option<String>,
    pub price: Option<String>,
    pub stock: Option<String>,
    /// The row whose answer was shown; nothing was sent.
    pub reuses: Option<i64>,
    pub has_body: bool,
}

/// The columns of a row, as both engines name them; `e` is its table.
pub(super) const COLUMNS: &str =
    "e.id, e.started_at, e.beijing_day, e.num_iid, e.question, e.scope, e.host, e.key,
    e.call, e.asked_by, e.lease_until, e.owner, e.outcome, o.summary, e.billing, e.answers, e.used, e.allowed,
    e.execution_time, e.total_ms, e.size, e.text IS NOT NULL, e.api_info, e.price, e.stock, e.reuses,
    EXISTS (SELECT 1 FROM bodies b WHERE b.id = e.id), e.begun_at";

/// Bodies whose rows are missing.
pub(super) const WITHOUT_ROWS: &str =
    "SELECT b.id FROM bodies b WHERE NOT EXISTS (SELECT 1 FROM exchanges e WHERE e.id = b.id) ORDER BY b.id";

/// How far a call is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CallState {
    /// It has ended.
    #[default]
    Ended,
    /// A session waits for its answer.
    UnderWay,
    /// It was sent, and its session ended without marking that.
    Abandoned,
}

/// The body of an exchange as it is stored: without secrets, which the record says the places of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBody {
    pub record: String,
    pub packed: Vec<u8>,
    /// SHA-256 of record, NUL and packed body when they were written; `None` where an older obx wrote them.
    pub digest: Option<Vec<u8>>,
}

/// How much is known of the end of a call. A row that knows more takes the place of one that knows less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum KnownEnd {
    /// Nothing: its session has ended, or still waits.
    #[default]
    Nothing,
    /// Its session stopped waiting for it.
    GivenUp,
    /// Its outcome.
    Outcome,
}

/// A row to be added to a store.
#[derive(Debug)]
pub struct CopiedCall {
    pub call: StoredCall,
    pub body: Option<StoredBody>,
    pub(super) text: Option<SearchText>,
    /// The row of the other store that is this call, and does not know its outcome.
    pub(super) completes: Option<i64>,
}

/// Names a row by its content, which is the same in all stores: gateway, question, key, host, start, and whether a stored
/// answer was shown. Numbers differ from store to store, and a file does not know who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CallIdentity([u8; 32]);

/// The rows of a store that no row of another one was found to be yet.
#[derive(Clone, Debug, Default)]
pub struct UnmatchedCalls {
    /// The last row that was looked at.
    pub(super) last: i64,
    rows: HashMap<CallIdentity, VecDeque<UnmatchedCall>>,
}

/// A row that no row of another store was found to be yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnmatchedCall {
    pub id: i64,
    pub end: KnownEnd,
}

/// What is to be done with a row that is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CopyAction {
    /// It is this row, which knows as much.
    Known(i64),
    /// It is this row, which does not know the outcome.
    Completes(i64),
    New,
}

/// The star and note on an item, and whose they are: `None` for whoever uses the store.
pub type PersonAnnotation = (Option<String>, (ItemId, Annotation));

/// A saved jq program, and whose it is: `None` for whoever uses the store.
pub type PersonProgram = (Option<String>, String);

/// Reads a store row by row, and adds rows of another one.
pub trait StoreRows: Store {
    /// Returns at most `limit` rows after this one, oldest first.
    ///
    /// # Errors
    /// If the store can't be read.
    fn calls_after(
        &self,
        id: ExchangeId,
        limit: usize,
    ) -> BoxFuture<'_, Result<Listed<StoredCall>, StoreError>>;

    /// Returns the bodies of these rows; those without one are missing.
    ///
    /// # Errors
    /// If the store can't be read.
    fn bodies(&self, ids: Vec<ExchangeId>) -> BoxFuture<'_, Result<HashMap<i64, StoredBody>, StoreError>>;

    /// Returns the numbers of bodies whose rows are missing.
    ///
    /// # Errors
    /// If the store can't be read.
    fn bodies_without_rows(&self) -> BoxFuture<'_, Result<Vec<ExchangeId>, StoreError>>;

    /// Adds rows in one transaction, all of them or none; returns their numbers in this store. A row that another session
    /// has copied meanwhile is not added again, and one that does not know its outcome gets it. `reuses` has to be a number of this store.
    ///
    /// # Errors
    /// If they could not be written.
    fn add_calls(
        &self,
        calls: Vec<CopiedCall>,
        unmatched: UnmatchedCalls,
    ) -> BoxFuture<'_, Result<(UnmatchedCalls, Vec<AddedCall>), StoreError>>;

    /// Returns everybody's stars and notes.
    ///
    /// # Errors
    /// If the store can't be read.
    fn annotations(&self) -> BoxFuture<'_, Result<Vec<PersonAnnotation>, StoreError>>;

    /// Saves a person's star and note on an item.
    ///
    /// # Errors
    /// If they could not be written.
    fn set_annotation(&self, annotation: PersonAnnotation) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Returns everybody's jq programs, the newest last.
    ///
    /// # Errors
    /// If the store can't be read.
    fn all_programs(&self) -> BoxFuture<'_, Result<Vec<PersonProgram>, StoreError>>;

    /// Saves a person's jq program.
    ///
    /// # Errors
    /// If it could not be written.
    fn add_program(&self, program: PersonProgram) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Returns the stored blocks, expired ones included.
    ///
    /// # Errors
    /// If the store can't be read.
    fn blocks(&self) -> BoxFuture<'_, Result<Vec<Block>, StoreError>>;

    /// Stores the block of a key at a host in place of another one.
    ///
    /// # Errors
    /// If it could not be written.
    fn set_block(&self, block: Block) -> BoxFuture<'_, Result<(), StoreError>>;
}

/// A row that is in the store now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddedCall {
    pub id: i64,
    pub added_as: AddedAs,
}

/// What became of a row that was to be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddedAs {
    New,
    /// A row that was there did not know its outcome, and does now.
    Outcome,
    /// It was there already.
    Known,
}

impl StoredCall {
    /// Returns the content that it is known by.
    pub fn identity(&self) -> CallIdentity {
        let mut context = Context::new(&SHA256);
        // A server takes no character 0.
        let question = self.question.replace('\0', "\u{fffd}");
        for part in [&self.scope, &question, &self.key, &self.host] {
            context.update(part.as_bytes());
            context.update(b"\0");
        }
        context.update(&self.begun_at.unwrap_or(self.started_at).to_be_bytes());
        context.update(&[u8::from(self.reuses.is_some())]);
        let mut identity = [0; 32];
        identity.copy_from_slice(context.finish().as_ref());
        CallIdentity(identity)
    }

    /// Returns how much is known of its end.
    pub fn end(&self) -> KnownEnd {
        static GIVEN_UP: LazyLock<Option<String>> =
            LazyLock::new(|| serde_json::to_string(&OutcomeSummary::interrupted()).ok());
        match &self.summary {
            None => KnownEnd::Nothing,
            summary if *summary == *GIVEN_UP => KnownEnd::GivenUp,
            Some(_) => KnownEnd::Outcome,
        }
    }

    /// Returns true if it was sent, and nobody learnt whether it was answered.
    pub fn is_in_doubt(&self) -> bool {
        self.summary.is_none() && self.state != CallState::UnderWay
    }

    /// Unpacks and parses its body.
    ///
    /// # Errors
    /// If the body is damaged.
    pub fn open(&self, body: &StoredBody) -> Result<Arc<Exchange>, StoreError> {
        let size = usize::try_from(self.size).map_err(|_| StoreError::damaged(self.id, "size"))?;
        let record = serde_json::from_str(&body.record)?;
        let body = body.packed.clone();
        Packed { id: ExchangeId(self.id), record, body, size, ended_at: None }.unpack()
    }
}

impl CopiedCall {
    /// Prepares a row for another store, in which it may be known as `completes`. A damaged body is copied as it is, without
    /// an index of its text; one that an older obx wrote gets its digest.
    pub fn new(call: StoredCall, mut body: Option<StoredBody>, completes: Option<i64>) -> Self {
        let opened = body.as_ref().and_then(|body| call.open(body).ok());
        if let Some(body) = body.as_mut().filter(|body| body.digest.is_none() && opened.is_some()) {
            body.digest = Some(body_digest(&body.record, &body.packed));
        }
        let indexed = opened.filter(|_| call.has_text);
        let text = indexed.and_then(|exchange| SearchText::from_exchange(&exchange));
        Self { call, body, text, completes }
    }
}

impl StoredBody {
    /// Returns false if it is not what was written.
    pub fn is_as_written(&self) -> bool {
        self.digest.as_ref().is_none_or(|digest| *digest == body_digest(&self.record, &self.packed))
    }
}

/// Returns the digest of a body as it is stored.
pub(super) fn body_digest(record: &str, packed: &[u8]) -> Vec<u8> {
    let mut context = Context::new(&SHA256);
    context.update(record.as_bytes());
    context.update(b"\0");
    context.update(packed);
    context.finish().as_ref().to_vec()
}

impl UnmatchedCalls {
    /// Adds a row.
    pub fn add(&mut self, call: &StoredCall) {
        self.last = self.last.max(call.id);
        let unmatched = UnmatchedCall { id: call.id, end: call.end() };
        self.rows.entry(call.identity()).or_default().push_back(unmatched);
    }

    /// Takes the first row with this content: of several alike, each is taken for one.
    pub fn take(&mut self, identity: &CallIdentity) -> Option<UnmatchedCall> {
        self.rows.get_mut(identity)?.pop_front()
    }

    /// Returns what is to be done with a row, once the rows are known that others have added meanwhile.
    pub(super) fn action(&mut self, copied: &CopiedCall) -> CopyAction {
        if let Some(id) = copied.completes {
            return CopyAction::Completes(id);
        }
        match self.take(&copied.call.identity()) {
            Some(known) if copied.call.end() <= known.end => CopyAction::Known(known.id),
            Some(known) => CopyAction::Completes(known.id),
            None => CopyAction::New,
        }
    }
}
