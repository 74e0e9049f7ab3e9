//! The one call of a batch that may be sent in spite of a block.

use crate::fetch::FetchPolicy;

/// How far the call is that is sent in spite of a block: the others wait for what it shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockOverride {
    Due,
    UnderWay,
    Over,
}

impl BlockOverride {
    /// The policy of the next call.
    pub(super) fn policy(&mut self, retries_unknown: bool) -> FetchPolicy {
        let overrides_block = *self == Self::Due;
        if overrides_block {
            *self = Self::UnderWay;
        }
        FetchPolicy::InBatch { overrides_block, retries_unknown }
    }

    /// A call has ended, beside which no other was under way if it was that one.
    pub(super) fn ended(&mut self) {
        if *self == Self::UnderWay {
            *self = Self::Over;
        }
    }
}
