//! What is read of a store when the explorer starts.

use std::path::PathBuf;

use jiff::Timestamp;

use super::{Block, ExchangeId, LogEntry};
use onebound::{Account, Question, Quota};

/// A question, the time of its newest answer, and whether that is an item.
pub type AnsweredQuestion = (Question, Timestamp, bool);

/// The part of the store that the explorer reads when it starts.
#[derive(Clone, Debug, Default)]
pub struct Opened {
    /// The numbers of all rows of the log, ascending.
    pub ids: Vec<ExchangeId>,
    /// The newest rows, oldest first; [`Store::lines`](super::Store::lines) returns others.
    pub lines: Vec<LogEntry>,
    /// Questions with a stored answer since `since`.
    pub answered: Vec<AnsweredQuestion>,
    /// The stored blocks, expired ones included.
    pub blocks: Vec<Block>,
    /// The quota in the newest answer to each key at each gateway, and when that answer came.
    pub quotas: Vec<(Account, Timestamp, Quota)>,
    /// Damaged rows that were left out of all this.
    pub damaged: Vec<ExchangeId>,
    /// Set if the store has lost changes by damage.
    pub lost: Option<LostChanges>,
}

/// Changes that were written to a store and can't be read any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostChanges {
    /// At least how many; `None` if that can't be known.
    pub count: Option<usize>,
    /// Where the damaged data is kept.
    pub copy: PathBuf,
}
