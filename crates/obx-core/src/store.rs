//! The store: every exchange that was paid for, that failed, or that is about to be sent.
//!
//! ```text
//!  begin: guards ─▶ ledger row, committed ─▶ (the call is sent) ─▶ complete: row, body and text in one commit
//!            │                                                        │ until that is written: in memory
//!            └─▶ Busy, or NotSent by block, cap or reserve            └─▶ answer, open, lines, find
//! ```
//! [`Store`] is the interface for the layers above, and [`open`] chooses the engine. [`LocalStore`] is one `SQLite` file, or
//! memory for sessions that leave nothing behind. A second engine is a folder beside `sqlite/`, its line in [`open`], and a
//! line in `tests/it/store/conformance.rs`, which holds what every engine promises.

mod body_search;
mod check;
mod codes;
mod copy;
mod entry;
mod error;
mod health;
mod item_history;
mod lease_row;
mod listed;
mod log_entry;
mod opened;
mod pack;
mod packed;
mod place;
#[cfg(feature = "postgres")]
mod postgres;
mod recent_call;
mod search_result;
mod search_text;
mod sqlite;
mod stored_call;
mod stored_row;
mod under_way;
mod unsent;
mod unwritten_answer;
mod write_queue;
mod write_token;

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::mpsc;

use onebound::{Call, Catalog, Exchange, Fingerprint, ItemId, Question, Scope, ScopedItem};

pub use crate::owner::Owner;
pub use crate::policy::{Block, BlockReason, GuardViolation, Intent, Lease, beijing_day, day_end};
pub use check::{CheckFinding, FindingKind, check};
pub use copy::{CopyCounts, CopyReport, copy};
pub use error::{ServerRefusal, StoreError, StoreErrorKind};
pub use health::StoreHealth;
pub use item_history::{ItemHistory, Version};
pub use listed::Listed;
pub use log_entry::LogEntry;
pub use opened::{AnsweredQuestion, LostChanges, Opened};
pub use place::{Place, PostgresPlace, Retention, StorePassword, TlsMode};
#[cfg(feature = "postgres")]
pub use postgres::PostgresStore;
pub use recent_call::RecentCall;
pub use search_result::{BodySearch, Found, RestOfSearch};
pub use sqlite::LocalStore;
pub use stored_call::{
    AddedAs, AddedCall, CallIdentity, CallState, CopiedCall, KnownEnd, PersonAnnotation, PersonProgram,
    StoreRows, StoredBody, StoredCall, UnmatchedCall, UnmatchedCalls,
};
pub use unsent::UnsentAnswers;

/// The most jq programs that a store saves; the oldest are deleted.
pub const MAX_PROGRAMS: usize = 100;

/// Returns the store of this place, which opens nothing before its first request.
pub fn open(place: &Place) -> Arc<dyn Store> {
    open_rows(place)
}

/// Returns the same store for a run that reads no answer again: in memory it has only the ledger.
pub fn open_to_read_once(place: &Place) -> Arc<dyn Store> {
    match place {
        Place::Memory => Arc::new(LocalStore::ledger_in_memory()),
        place => open(place),
    }
}

/// Returns the same store for a copy of its rows.
pub fn open_rows(place: &Place) -> Arc<dyn StoreRows> {
    match place {
        #[cfg(feature = "postgres")]
        Place::Postgres(place) => Arc::new(PostgresStore::new((**place).clone())),
        place => Arc::new(LocalStore::new(place.clone())),
    }
}

/// Checks the whole store without changing it; `None` if there is none yet. It reads every page, which takes a while.
///
/// # Errors
/// If it can't be read.
pub fn inspect(place: &Place) -> Result<Option<StoreHealth>, StoreError> {
    match place {
        #[cfg(feature = "postgres")]
        Place::Postgres(server) => postgres::inspect(server),
        #[cfg(not(feature = "postgres"))]
        Place::Postgres(_) => Err(StoreError::without_postgres()),
        place => sqlite::inspect(place),
    }
}

/// Returns true if there is a store, be it one that can't be read. It makes none.
///
/// # Errors
/// If its server can't be asked.
pub fn exists(place: &Place) -> Result<bool, StoreError> {
    match place {
        Place::File { path, .. } => Ok(path.exists()),
        Place::Memory => Ok(false),
        #[cfg(feature = "postgres")]
        Place::Postgres(server) => postgres::exists(server),
        #[cfg(not(feature = "postgres"))]
        Place::Postgres(_) => Err(StoreError::without_postgres()),
    }
}

/// Identifies an exchange in its store; later exchanges have greater numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExchangeId(pub i64);

/// The ledger's answer to an [`Intent`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// The row is committed: the call may be sent.
    Go(ExchangeId),
    /// Another session has a call for the same question under way; `None` if its process is not known.
    Busy(Option<Owner>),
    /// Another session got the answer after the user asked.
    Answered,
    /// A call of this time is in doubt; nothing was written.
    InDoubt(Timestamp),
    /// A guard refuses the call; nothing was written.
    NotSent(GuardViolation),
}

/// The state of a store, but for what the session that reads it has written itself. States are equal if their texts are,
/// which each engine writes in its own way; the default is that of a place without a store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreRevision(pub String);

/// A stored exchange that answers a question, be it with an item or with "no result".
#[derive(Clone, Debug)]
pub struct StoredAnswer {
    /// `None` if the exchange is not written yet and has no row in the ledger.
    pub id: Option<ExchangeId>,
    pub exchange: Arc<Exchange>,
    /// When it came, by this machine's clock.
    pub came_at: Timestamp,
}

/// What the store knows of a question before it is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KnownAnswer {
    /// When the newest answer came, and whether that is an item.
    pub answered: Option<(Timestamp, bool)>,
    /// When a call was sent after that whose answer never came, though it may have been billed. Calls under way don't
    /// count.
    pub unknown_at: Option<Timestamp>,
}

/// An item of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownItem {
    pub num_iid: ItemId,
    /// The title in the newest answer with an item; empty if there is none.
    pub title: String,
    /// When it was last requested, be it from the store or from the vendor.
    pub asked_at: Timestamp,
    pub starred: bool,
    /// The user's note; empty if there is none.
    pub note: String,
}

/// The user's star and note on an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotation {
    pub starred: bool,
    /// Empty if there is none.
    pub note: String,
}

/// Completes when the exchange is written, with its number; or with an error if it can't be written for now.
pub type Written = BoxFuture<'static, Result<ExchangeId, StoreError>>;

/// Goes through the rows of the log.
pub type LogVisitor = Box<dyn FnOnce(&mut dyn Iterator<Item = LogEntry>) + Send>;

/// Stores exchanges and finds them. All its work runs off the event loop.
pub trait Store: fmt::Debug + Send + Sync {
    /// Commits the ledger's row of a call, unless a guard refuses the call, or another session asks or has answered
    /// the same question. If the future is dropped before it completes, no row remains.
    ///
    /// # Errors
    /// If the row could not be written: then the call may be sent only if the user overrides it. On
    /// [`StoreErrorKind::Stopped`] the store is closed: then no call may be sent at all.
    fn begin(&self, intent: Intent) -> BoxFuture<'_, Result<Begun, StoreError>>;

    /// Stores the exchange of a completed call. It can be found and opened at once; the future completes when it is
    /// written. A failed write is repeated as soon as it is possible.
    fn complete(&self, id: Option<ExchangeId>, key: Fingerprint, exchange: Arc<Exchange>) -> Written;

    /// Returns the newest exchange that answers this question with an item or with "no result". Failures and refusals
    /// are no answers, nor is an answer with another item than the requested one.
    ///
    /// # Errors
    /// If the store can't be read.
    fn answer<'a>(
        &'a self,
        question: &'a Question,
    ) -> BoxFuture<'a, Result<Option<StoredAnswer>, StoreError>>;

    /// Returns what is known of these calls at a gateway, in their order: fast enough for long lists. A store that does
    /// not exist knows nothing, and returns no rows.
    ///
    /// # Errors
    /// If the store can't be read.
    fn known(&self, scope: Scope, calls: Vec<Call>) -> BoxFuture<'_, Result<Vec<KnownAnswer>, StoreError>>;

    /// Returns an exchange with its body.
    ///
    /// # Errors
    /// If it can't be read, or does not exist.
    fn open(&self, id: ExchangeId) -> BoxFuture<'_, Result<Arc<Exchange>, StoreError>>;

    /// Logs that a stored answer was shown in place of a call. A failed write is repeated later.
    fn reuse(&self, id: ExchangeId, call: Call, key: Fingerprint, at: Timestamp) -> Written;

    /// Returns what the explorer needs at its start: at most `limit` log entries, and the questions answered since
    /// `since`.
    ///
    /// # Errors
    /// If the store can't be read.
    fn opened(&self, limit: usize, since: Timestamp) -> BoxFuture<'_, Result<Opened, StoreError>>;

    /// Returns these rows of the log, oldest first. Those that no longer exist are missing.
    ///
    /// # Errors
    /// If the store can't be read.
    fn lines(&self, ids: Vec<ExchangeId>) -> BoxFuture<'_, Result<Listed<LogEntry>, StoreError>>;

    /// Returns the calls before this one that were made since the beginning of a Beijing day, oldest first.
    ///
    /// # Errors
    /// If the store can't be read.
    fn recent_calls(
        &self,
        before: ExchangeId,
        since_day: i64,
    ) -> BoxFuture<'_, Result<Listed<RecentCall>, StoreError>>;

    /// Passes all rows of the log that can be read to `visit`, newest first, on a thread of the store. If the future is
    /// dropped, the rows end early. Returns the damaged rows that were left out.
    ///
    /// # Errors
    /// If the store can't be read: then `visit` has not seen all rows, or was not called.
    fn scan(&self, visit: LogVisitor) -> BoxFuture<'_, Result<Vec<ExchangeId>, StoreError>>;

    /// Returns all exchanges after this one, oldest first, and some before it, which may have ended since: so it
    /// finds what other sessions add. Calls of this process that are under way are left out. If a call that another
    /// session had under way is missing, it was not sent.
    ///
    /// # Errors
    /// If the store can't be read.
    fn lines_after(&self, id: ExchangeId) -> BoxFuture<'_, Result<Listed<LogEntry>, StoreError>>;

    /// Returns the questions that these and later exchanges of [`Store::lines_after`] answer.
    ///
    /// # Errors
    /// If the store can't be read.
    fn answered_after(&self, id: ExchangeId) -> BoxFuture<'_, Result<Vec<AnsweredQuestion>, StoreError>>;

    /// Finds a gateway's exchanges whose texts (titles, sellers, props, options, IDs, the vendor's messages) contain
    /// all of these words, also inside other words; newest first, at most `limit`. It uses an index, which finds no
    /// words with punctuation, and long numbers only by their beginning. [`Store::find_in_bodies`] finds all.
    ///
    /// # Errors
    /// If the store can't be read.
    fn find(
        &self,
        scope: Scope,
        words: String,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Found>, StoreError>>;

    /// Searches a gateway's exchanges before this one for those whose body or request contains all of these words: in
    /// the body as received or with its escapes decoded, in any case, secrets left out. One call searches some
    /// megabytes. The first one, with `before` as `None`, also searches exchanges that are not written yet.
    ///
    /// # Errors
    /// If the store can't be read.
    fn find_in_bodies(
        &self,
        scope: Scope,
        words: String,
        before: Option<ExchangeId>,
    ) -> BoxFuture<'_, Result<BodySearch, StoreError>>;

    /// Returns the stored answers to an item of a catalog, oldest first.
    ///
    /// # Errors
    /// If the store can't be read.
    fn versions(&self, item: ScopedItem) -> BoxFuture<'_, Result<Listed<Version>, StoreError>>;

    /// Returns every item of a catalog that was asked for, the most recently requested first.
    ///
    /// # Errors
    /// If the store can't be read.
    fn items(&self, catalog: Catalog) -> BoxFuture<'_, Result<Listed<KnownItem>, StoreError>>;

    /// Returns the user's star and note on an item; they belong to the ID, in all catalogs.
    ///
    /// # Errors
    /// If the store can't be read.
    fn annotation(&self, num_iid: ItemId) -> BoxFuture<'_, Result<Annotation, StoreError>>;

    /// Returns the stored answers to an item of a catalog, and the user's star and note on it.
    ///
    /// # Errors
    /// If the store can't be read.
    fn item_history(&self, item: ScopedItem) -> BoxFuture<'_, Result<ItemHistory, StoreError>> {
        let (versions, annotation) = (self.versions(item.clone()), self.annotation(item.num_iid.clone()));
        Box::pin(async move {
            let (versions, annotation) = futures_util::try_join!(versions, annotation)?;
            Ok(ItemHistory { item, versions, annotation })
        })
    }

    /// Its state, which differs from an earlier one where another session has written since, or where the file was
    /// replaced; what this session writes makes no difference. `None` where it can't be read for now. To read it makes
    /// no store where there is none.
    fn revision(&self) -> BoxFuture<'_, Option<StoreRevision>>;

    /// Wakes up when another session may have written, as its server reports it. `None` if nothing reports that, so that
    /// its file has to be watched.
    fn changes(&self) -> Option<mpsc::Receiver<()>> {
        None
    }

    /// Saves the star and note on an item.
    ///
    /// # Errors
    /// If they could not be written.
    fn note(&self, num_iid: ItemId, starred: bool, note: String) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Returns the saved jq programs, the newest last; at most [`MAX_PROGRAMS`].
    ///
    /// # Errors
    /// If the store can't be read.
    fn programs(&self) -> BoxFuture<'_, Result<Vec<String>, StoreError>>;

    /// Saves a jq program, in which the caller has masked all secrets.
    ///
    /// # Errors
    /// If it could not be written.
    fn keep_program(&self, program: String) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Writes what could not be written before; returns how many exchanges remain unwritten.
    ///
    /// # Errors
    /// If one of them can't be written.
    fn flush(&self) -> BoxFuture<'_, Result<usize, StoreError>>;

    /// Takes note that the session ends: whatever is asked or written from now on must not wait long for a server that does
    /// not answer. A file needs no such limit.
    fn end_soon(&self) {}

    /// Closes the store after all queued work, so that its file can be copied. Calls that are still under way are
    /// given up, so that no other session waits for them, and no further call can begin. Any other request opens the
    /// store again.
    fn close(&self) -> BoxFuture<'_, ()>;
}
