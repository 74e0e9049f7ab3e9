//! What the app asks of the store, and what comes back.

use std::sync::Arc;

use jiff::Timestamp;

use super::Ticket;
use obx_core::store::{
    Annotation, BodySearch, ExchangeId, Found, KnownItem, LogEntry, Opened, StoreError, Version,
};
use onebound::{Difference, Exchange, Scope, ScopedItem};

/// Found at most: more is no answer to a search.
pub const MAX_FOUND: usize = 1_000;

/// A question to the store; never a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreRequest {
    /// What is known from earlier sessions: the newest lines, and what was answered from this moment on.
    Opened {
        /// Older answers are fresh for nothing.
        since: Timestamp,
    },
    /// Exchanges before this one, a page of them.
    Before(ExchangeId),
    /// Exchanges after this one, as other sessions add them.
    After(ExchangeId),
    /// An exchange in full.
    Exchange {
        /// Which.
        id: ExchangeId,
        /// What for.
        purpose: Purpose,
    },
    /// A gateway's stored answers to an item, and what the user says of it.
    Versions(ScopedItem),
    /// A gateway's newest stored answer to an item, to be shown.
    Newest(ScopedItem),
    /// What changed between two answers.
    Difference {
        /// The older one, mostly.
        before: ExchangeId,
        /// The other.
        after: ExchangeId,
    },
    /// Exchanges in whose texts all of these words are.
    Find {
        /// Of which gateway.
        scope: Scope,
        /// As they were typed.
        words: String,
    },
    /// A piece of the exchanges in whose bodies all of these words are.
    FindInBodies {
        /// Of which gateway.
        scope: Scope,
        /// Parted by blanks.
        words: String,
        /// Where the last piece ended; `None` for the newest.
        before: Option<ExchangeId>,
    },
    /// Every item that this gateway was asked for.
    Items(Scope),
    /// Writes down a mark and a note.
    Note {
        /// Of which item; they are of the ID, at whatever gateway.
        item: ScopedItem,
        /// Both.
        remark: Annotation,
    },
    /// The jq programs that were kept.
    Programs,
    /// Keeps a jq program as it was typed; secrets in it are masked on the way.
    KeepProgram(String),
}

/// Questions of which only the newest is to be answered: it takes the place of an older one, whether that waits or is
/// being answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Replaceable {
    /// What is typed goes on.
    Find,
    /// Another exchange is to be shown.
    Open,
    /// Those that other sessions add.
    After,
    /// Whose item another one has replaced on the screen.
    Versions,
    /// The whole history.
    Items,
    /// What is known from earlier sessions.
    Opened,
}

impl StoreRequest {
    /// Which older question this one replaces; `None` where each has to be answered.
    pub fn replaces(&self) -> Option<Replaceable> {
        match self {
            Self::Find { .. } | Self::FindInBodies { .. } => Some(Replaceable::Find),
            Self::Exchange { .. } | Self::Newest(_) => Some(Replaceable::Open),
            Self::After(_) => Some(Replaceable::After),
            Self::Versions(_) => Some(Replaceable::Versions),
            Self::Items(_) => Some(Replaceable::Items),
            Self::Opened { .. } => Some(Replaceable::Opened),
            Self::Before(_)
            | Self::Difference { .. }
            | Self::Note { .. }
            | Self::Programs
            | Self::KeepProgram(_) => None,
        }
    }
}

/// What an exchange is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be shown.
    Show,
    /// To be explained.
    Explain,
}

/// What the store says.
#[derive(Clone, Debug)]
pub enum StoreEvent {
    /// What is known from earlier sessions.
    Opened(Opened),
    /// What is known from earlier sessions can't be read for now: it comes later, if it can be read then.
    NotOpened(StoreError),
    /// The log's rows after one of them, oldest first, as the store has them now.
    Lines {
        /// All after this one were asked for.
        after: ExchangeId,
        /// Some of them may be from before it.
        lines: Vec<LogEntry>,
    },
    /// A page of rows before all that are known, oldest first.
    Older {
        /// Of at most a page.
        lines: Vec<LogEntry>,
        /// Whether there are more before them.
        more: bool,
    },
    /// A page of older rows could not be read.
    NoOlder(StoreError),
    /// An exchange in full.
    Exchange {
        /// Which.
        id: ExchangeId,
        /// What for.
        purpose: Purpose,
        /// All of it.
        exchange: Arc<Exchange>,
    },
    /// A gateway's stored answers to an item, oldest first, and what the user says of it.
    Versions {
        /// Which.
        item: ScopedItem,
        /// All of them.
        versions: Vec<Version>,
        /// Its star and note.
        remark: Annotation,
    },
    /// A gateway's newest stored answer to an item.
    Newest {
        /// Which.
        item: ScopedItem,
        /// All of it; `None` where none is stored.
        answer: Option<(ExchangeId, Arc<Exchange>)>,
    },
    /// What changed between two answers.
    Difference {
        /// All of the one.
        before: Arc<Exchange>,
        /// All of the other.
        after: Arc<Exchange>,
        /// Between them.
        difference: Arc<Difference>,
    },
    /// What was found.
    Found {
        /// Where these words stand.
        words: String,
        /// Newest first.
        found: Vec<Found>,
    },
    /// What was found in a piece of the bodies.
    FoundInBodies {
        /// Where these words stand.
        words: String,
        /// In it, and where the search goes on.
        piece: BodySearch,
    },
    /// Every item that was asked for, the one asked for last first.
    Items(Vec<KnownItem>),
    /// The jq programs that were kept, the one kept last at the end.
    Programs(Vec<String>),
    /// A mark and a note could not be written.
    NotNoted {
        /// Of which item.
        item: ScopedItem,
        /// Why.
        error: StoreError,
    },
    /// What a fetch brought is written, or can't be for now.
    Kept {
        /// Of which fetch.
        ticket: Ticket,
        /// Where, in the order of its attempts, or why not.
        written: Result<Vec<ExchangeId>, StoreError>,
    },
    /// Whatever could not be written before is written.
    Flushed,
    /// Something was written to it, by this session or another one.
    Changed,
    /// The store could not be read or written.
    Failed(StoreError),
}
