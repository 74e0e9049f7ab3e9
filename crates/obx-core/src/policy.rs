//! The rules of money.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// For how long a stored answer is as good as a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// For an item.
    pub item: Duration,
    /// For "no result".
    pub no_result: Duration,
}

impl Freshness {
    /// Until when an answer of this moment does; `item` tells whether it was one.
    pub fn until(&self, answered_at: Timestamp, item: bool) -> Option<Timestamp> {
        let fresh_for = if item { self.item } else { self.no_result };
        answered_at.checked_add(SignedDuration::try_from(fresh_for).ok()?).ok()
    }
}

impl Default for Freshness {
    fn default() -> Self {
        Self { item: Duration::from_secs(24 * 60 * 60), no_result: Duration::from_secs(30 * 60) }
    }
}

/// What holds a call back before it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guards {
    /// Calls of one key in a Beijing day that were billed or may have been.
    pub cap: Option<u64>,
    /// So many of the vendor's quota are left for others.
    pub reserve: Option<u64>,
}
