//! The stored answers to an item.

use jiff::Timestamp;

use super::{Annotation, ExchangeId, Listed};
use onebound::ScopedItem;

/// One of the stored answers to an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub id: ExchangeId,
    /// The end of the exchange.
    pub at: Timestamp,
    /// The price as in the answer; `None` if the answer has no item.
    pub price: Option<String>,
    /// The stock as in the answer.
    pub stock: Option<String>,
}

/// The history of an item of one catalog, without the bodies of its answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemHistory {
    pub item: ScopedItem,
    /// Oldest first.
    pub versions: Listed<Version>,
    pub annotation: Annotation,
}
