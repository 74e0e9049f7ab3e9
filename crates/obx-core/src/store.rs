//! Exchanges, kept: every one that was paid for, those that failed, and those that were about to be sent.
//!
//! ```text
//!  begin: guards ─▶ a row, committed ─▶ (the call is sent) ─▶ settle: row, body and text in one commit
//!            │                                                   │ until that is written: unwritten, in memory
//!            └─▶ Busy, or NotSent by latch, cap or floor         └─▶ answer, open, lines, find
//! ```
//! [`Store`] is what the floors above know; [`LocalStore`] keeps it all in one `SQLite` file, or in memory for
//! sessions that leave nothing behind. A store for several machines would stand beside it.

mod error;
mod log_entry;
mod place;
mod sqlite;

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use onebound::{Account, Call, Exchange, Fingerprint, ItemId, Question, Quota, Scope, ScopedItem};

pub use crate::owner::Owner;
pub use crate::policy::{Block, GuardViolation, Intent, LatchReason, Lease, beijing_day, day_end};
pub use error::{StoreError, StoreErrorKind};
pub use log_entry::LogEntry;
pub use place::{Place, Retention};
pub use sqlite::{DamagedLog, LocalStore, MAX_PROGRAMS, StoreRevision};

/// Names one exchange in its store; later ones have greater numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExchangeId(pub i64);

/// What the ledger says to an [`Intent`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// The row is committed: send.
    Go(ExchangeId),
    /// Another session is asking this very question; which, where that is known.
    Busy(Option<Owner>),
    /// Another session has had the answer since the user asked.
    Answered,
    /// A guard refuses it; nothing was written.
    NotSent(GuardViolation),
}

/// What an explorer wants to know when it starts.
#[derive(Clone, Debug, Default)]
pub struct Opened {
    /// The newest exchanges, oldest first; [`Store::lines_before`] has the rest.
    pub lines: Vec<LogEntry>,
    /// Whether there may be a rest.
    pub more: bool,
    /// Questions that have a stored answer from `since` on, when the newest came, and whether it is an item.
    pub answered: Vec<(Question, Timestamp, bool)>,
    /// What refuses calls.
    pub latches: Vec<Block>,
    /// What the newest answer to each key at each gateway said of its quota, and when.
    pub quotas: Vec<(Account, Timestamp, Quota)>,
    /// The store's write-ahead log could not be read to its end.
    pub damaged_log: Option<DamagedLog>,
}

/// A stored answer to a question: an item, or that there is none.
#[derive(Clone, Debug)]
pub struct StoredAnswer {
    /// Where it is kept.
    pub id: Option<ExchangeId>,
    /// The whole of it.
    pub exchange: Arc<Exchange>,
}

/// One item of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownItem {
    /// Its ID.
    pub num_iid: ItemId,
    /// Its title in the newest answer; empty where none came.
    pub title: String,
    /// When it was asked for last.
    pub asked_at: Timestamp,
    /// Whether the user marked it.
    pub starred: bool,
    /// What the user wrote down about it.
    pub note: String,
}

/// What the user marked and wrote down about an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotation {
    /// Whether it is marked as one to come back to.
    pub starred: bool,
    /// What is noted; empty where nothing is.
    pub note: String,
}

/// One exchange that a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// What the log tells of it.
    pub line: LogEntry,
    /// The item's title in it; empty where no item came.
    pub title: String,
}

/// What one piece of a search through bodies brought.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BodySearch {
    /// Newest first.
    pub found: Vec<Found>,
    /// How many bodies of this piece could not be read.
    pub unread: usize,
    /// Where it goes on; `None` at the end.
    pub rest: Option<RestOfSearch>,
}

/// What a search through bodies has not looked at yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RestOfSearch {
    /// All before this one.
    pub before: ExchangeId,
    /// How much of the store is done, in percent, by the numbers of exchanges.
    pub percent: u8,
}

/// One stored answer among others to the same item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Where it is kept.
    pub id: ExchangeId,
    /// When it came.
    pub at: Timestamp,
    /// The item's price as it was written; `None` where the answer said that there is no such item.
    pub price: Option<String>,
    /// Its stock as it was written.
    pub stock: Option<String>,
}

/// What a gateway's store has of an item, but for the answers themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemHistory {
    /// Which item, and of which gateway.
    pub item: ScopedItem,
    /// The stored answers to it, oldest first.
    pub versions: Vec<Version>,
    /// Its star and note.
    pub annotation: Annotation,
}

/// Ends when what was handed over is written, and tells where, or why it can't be for now.
pub type Written = BoxFuture<'static, Result<ExchangeId, StoreError>>;

/// Where exchanges are kept. All of it runs off the event loop.
pub trait Store: fmt::Debug + Send + Sync {
    /// Commits the ledger's row of a call, unless something speaks against it. Where the future is dropped before its
    /// end, no row is left.
    ///
    /// # Errors
    /// When the row could not be written: then nothing may be sent unasked. With [`StoreErrorKind::Stopped`] the store is closed:
    /// then nothing may be sent at all.
    fn begin(&self, intent: Intent) -> BoxFuture<'_, Result<Begun, StoreError>>;

    /// Keeps what came of a call. At once it can be found and opened; the future tells when it is written. What
    /// can't be written now is written as soon as that is possible.
    fn settle(&self, id: Option<ExchangeId>, key: Fingerprint, exchange: Arc<Exchange>) -> Written;

    /// The newest exchange that answers this question: an item, or that there is none. Failures and refusals
    /// answer nothing, and an answer for another item than the one asked for does not either.
    ///
    /// # Errors
    /// When the store can't be read.
    fn answer<'a>(
        &'a self,
        question: &'a Question,
    ) -> BoxFuture<'a, Result<Option<StoredAnswer>, StoreError>>;

    /// An exchange in full.
    ///
    /// # Errors
    /// When it can't be read, or is not there.
    fn open(&self, id: ExchangeId) -> BoxFuture<'_, Result<Arc<Exchange>, StoreError>>;

    /// Writes down that a stored answer was shown, so that nothing was sent; later, where it can't be now.
    fn reuse(&self, id: ExchangeId, call: Call, key: Fingerprint, at: Timestamp) -> Written;

    /// What is known, for the start of an explorer: at most `limit` lines, and what was answered from `since` on.
    ///
    /// # Errors
    /// When the store can't be read.
    fn opened(&self, limit: usize, since: Timestamp) -> BoxFuture<'_, Result<Opened, StoreError>>;

    /// The newest exchanges before this one, at most `limit`; oldest first.
    ///
    /// # Errors
    /// When the store can't be read.
    fn lines_before(&self, id: ExchangeId, limit: usize) -> BoxFuture<'_, Result<Vec<LogEntry>, StoreError>>;

    /// All exchanges after this one but those that this process has under way, oldest first, as other sessions add them;
    /// and some before it, which may have ended since. One that another session had under way and that is missing was
    /// not sent.
    ///
    /// # Errors
    /// When the store can't be read.
    fn lines_after(&self, id: ExchangeId) -> BoxFuture<'_, Result<Vec<LogEntry>, StoreError>>;

    /// A gateway's exchanges in whose texts (titles, sellers, props, options, IDs, the vendor's words) all of these
    /// words are, as parts of words too; newest first, at most `limit`. A quick look: it finds no words with
    /// punctuation in them, and of long numbers only the beginning. [`Store::find_in_bodies`] finds all.
    ///
    /// # Errors
    /// When the store can't be read.
    fn find(
        &self,
        scope: Scope,
        words: String,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Found>, StoreError>>;

    /// A gateway's exchanges before this one in whose body, or in what was asked, all of these words are: as the body
    /// came or with its escapes undone, in any case, secrets left out. A piece of the whole search, of some megabytes.
    /// The first one, before none, has those that are not written yet, too.
    ///
    /// # Errors
    /// When the store can't be read.
    fn find_in_bodies(
        &self,
        scope: Scope,
        words: String,
        before: Option<ExchangeId>,
    ) -> BoxFuture<'_, Result<BodySearch, StoreError>>;

    /// A gateway's stored answers to one item, oldest first.
    ///
    /// # Errors
    /// When the store can't be read.
    fn versions(&self, item: ScopedItem) -> BoxFuture<'_, Result<Vec<Version>, StoreError>>;

    /// Every item that a gateway was asked for, the one asked for last first.
    ///
    /// # Errors
    /// When the store can't be read.
    fn items(&self, scope: Scope) -> BoxFuture<'_, Result<Vec<KnownItem>, StoreError>>;

    /// Whether an item is marked, and what is noted about it: the user's own words about an ID, at whatever gateway.
    ///
    /// # Errors
    /// When the store can't be read.
    fn remark(&self, num_iid: ItemId) -> BoxFuture<'_, Result<Annotation, StoreError>>;

    /// A gateway's stored answers to an item, and what the user says of it.
    ///
    /// # Errors
    /// When the store can't be read.
    fn item_history(&self, item: ScopedItem) -> BoxFuture<'_, Result<ItemHistory, StoreError>> {
        let (versions, annotation) = (self.versions(item.clone()), self.remark(item.num_iid.clone()));
        Box::pin(async move {
            let (versions, annotation) = futures_util::try_join!(versions, annotation)?;
            Ok(ItemHistory { item, versions, annotation })
        })
    }

    /// Its state, which differs from an earlier one where another session has written since, or where the file was
    /// replaced; what this session writes makes no difference. `None` where it can't be read for now. To read it makes
    /// no store where there is none.
    fn revision(&self) -> BoxFuture<'_, Option<StoreRevision>>;

    /// Writes down whether an item is marked, and what is noted about it.
    ///
    /// # Errors
    /// When it could not be written.
    fn note(&self, num_iid: ItemId, starred: bool, note: String) -> BoxFuture<'_, Result<(), StoreError>>;

    /// The jq programs that were kept, the one kept last at the end; at most [`MAX_PROGRAMS`].
    ///
    /// # Errors
    /// When the store can't be read.
    fn programs(&self) -> BoxFuture<'_, Result<Vec<String>, StoreError>>;

    /// Keeps a jq program. Whoever calls this has masked what is secret in it.
    ///
    /// # Errors
    /// When it could not be written.
    fn keep_program(&self, program: String) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Tries once more to write what could not be written; how many exchanges are left.
    fn flush(&self) -> BoxFuture<'_, Result<usize, StoreError>>;

    /// Ends it after what it still has to do, in a form that can be copied. Calls that are still under way are given
    /// up, so that nobody waits for them, and no call begins any more. Whoever asks it for something else after that
    /// opens it again.
    fn close(&self) -> BoxFuture<'_, ()>;
}
