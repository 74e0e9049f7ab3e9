//! The app's requests to the store, and the store's events.

use std::sync::Arc;

use jiff::Timestamp;

use super::{LogScan, Scanned, Ticket};
use obx_core::store::{
    Annotation, AnsweredQuestion, BodySearch, ExchangeId, Found, ItemHistory, KnownItem, Listed, LogEntry,
    Opened, RecentCall, StoreError,
};
use onebound::{Call, Catalog, Difference, Exchange, Scope, ScopedItem};

/// The most results of a search, since a longer list is of no use.
pub const MAX_FOUND: usize = 1_000;

/// A request to the store, which never causes a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreRequest {
    /// Load the data of earlier sessions: the newest rows of the log, and which questions were answered since this
    /// time.
    Opened {
        /// Answers before this are fresh for no question.
        since: Timestamp,
    },
    /// Load these rows.
    Rows(Vec<ExchangeId>),
    /// Load the calls before this one that were made since the beginning of a Beijing day.
    Recent { before: ExchangeId, since_day: i64 },
    /// Go through all rows.
    Scan(LogScan),
    /// Load the rows after this one, which other sessions may have added.
    After(ExchangeId),
    /// An exchange with its body.
    Exchange { id: ExchangeId, purpose: Purpose },
    /// Load the stored answers to an item of a catalog, and the item's star and note.
    Versions(ScopedItem),
    /// Load the newest stored answer to an item of a catalog, to show it.
    Newest(ScopedItem),
    /// What changed between two answers.
    Difference {
        /// Usually the older one.
        before: ExchangeId,
        after: ExchangeId,
    },
    /// Find the exchanges whose texts contain all of these words.
    Find {
        scope: Scope,
        /// As they were typed.
        words: String,
    },
    /// Find exchanges whose bodies contain all of these words, in one part of the store.
    FindInBodies {
        scope: Scope,
        /// Separated by blanks.
        words: String,
        /// Where the last part ended; `None` to begin with the newest.
        before: Option<ExchangeId>,
    },
    /// List all items of a catalog that were asked for.
    Items(Catalog),
    /// Ask whether an earlier call for the same is in doubt, so that this one may be billed a second time.
    Doubt(Box<Call>),
    /// Store a star and a note.
    Note {
        /// The item. Star and note belong to its ID, whatever the catalog.
        item: ScopedItem,
        annotation: Annotation,
    },
    /// List the saved jq programs.
    Programs,
    /// Save a jq program as it was typed; the store masks secrets in it.
    KeepProgram(String),
}

/// Requests of which only the newest has to be answered. A new one replaces an older one that waits or is being
/// answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Replaceable {
    /// Searches, which each typed key changes.
    Find,
    /// The exchange to be shown.
    Open,
    /// The rows that other sessions add.
    After,
    /// The answers to the item on the screen.
    Versions,
    /// The list of all items.
    Items,
    /// The doubt about the call that is offered.
    Doubt,
    /// The data of earlier sessions.
    Opened,
    /// The rows that a filter or sorting selects.
    Scan,
}

impl StoreRequest {
    /// The kind of older requests that this one replaces; `None` if each has to be answered.
    pub fn replaces(&self) -> Option<Replaceable> {
        match self {
            Self::Find { .. } | Self::FindInBodies { .. } => Some(Replaceable::Find),
            Self::Exchange { .. } | Self::Newest(_) => Some(Replaceable::Open),
            Self::After(_) => Some(Replaceable::After),
            Self::Versions(_) => Some(Replaceable::Versions),
            Self::Items(_) => Some(Replaceable::Items),
            Self::Doubt(_) => Some(Replaceable::Doubt),
            Self::Opened { .. } => Some(Replaceable::Opened),
            Self::Scan(_) => Some(Replaceable::Scan),
            Self::Rows(_)
            | Self::Recent { .. }
            | Self::Difference { .. }
            | Self::Note { .. }
            | Self::Programs
            | Self::KeepProgram(_) => None,
        }
    }
}

/// What an exchange was requested for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Show,
    Explain,
}

/// An event of the store.
#[derive(Clone, Debug)]
pub enum StoreEvent {
    /// The data of earlier sessions.
    Opened(Opened),
    /// The data of earlier sessions can't be read at the moment; it follows as soon as it can.
    NotOpened(StoreError),
    /// The current rows of the log after one of them, oldest first.
    Lines {
        /// The row after which rows were requested.
        after: ExchangeId,
        /// May begin with rows from before it.
        lines: Listed<LogEntry>,
        /// The questions that they answer.
        answered: Vec<AnsweredQuestion>,
    },
    /// Rows that were requested, oldest first.
    Rows { asked: Vec<ExchangeId>, lines: Listed<LogEntry> },
    /// Calls of today and yesterday.
    Recent(Listed<RecentCall>),
    /// Rows or recent calls could not be read.
    NoRows(StoreError),
    /// The result of a scan.
    Scanned(Scanned),
    /// An exchange with its body.
    Exchange { id: ExchangeId, purpose: Purpose, exchange: Arc<Exchange> },
    /// A gateway's stored answers to an item, oldest first, and the item's star and note.
    Versions(ItemHistory),
    /// A gateway's newest stored answer to an item.
    Newest {
        item: ScopedItem,
        /// The exchange and its number; `None` if none is stored.
        answer: Option<(ExchangeId, Arc<Exchange>)>,
    },
    /// What changed between two answers.
    Difference { before: Arc<Exchange>, after: Arc<Exchange>, difference: Arc<Difference> },
    /// The results of a search.
    Found {
        /// The words that were searched for.
        words: String,
        /// Newest first.
        found: Vec<Found>,
    },
    /// The results of a search in one part of the bodies.
    FoundInBodies {
        /// The words that were searched for.
        words: String,
        /// The results, and where the search continues.
        piece: BodySearch,
    },
    /// All items that were asked for, the most recent one first.
    Items(Listed<KnownItem>),
    /// When an earlier call for the same was sent that is in doubt; `None` if none is.
    Doubt { call: Box<Call>, since: Option<Timestamp> },
    /// The saved jq programs, the newest one last.
    Programs(Vec<String>),
    /// A star and a note could not be stored.
    NotNoted { item: ScopedItem, error: StoreError },
    /// A fetch's exchanges were written, or can't be written at the moment.
    Stored {
        ticket: Ticket,
        /// Their numbers in the order of the attempts, or why they were not written.
        written: Result<Vec<ExchangeId>, StoreError>,
        /// The item's stored answers with these among them; `None` where they could not be read.
        history: Option<ItemHistory>,
    },
    /// Everything that could not be written before is written now.
    Flushed,
    /// Another session has written to the store.
    Changed,
    /// The store could not be read or written.
    Failed(StoreError),
}
