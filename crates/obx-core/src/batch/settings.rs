//! What a batch does, beside its list.

use jiff::Timestamp;

use super::RateCeilings;
use onebound::CallSettings;

/// How a batch calls, and where it stops.
#[derive(Clone, Debug)]
pub struct BatchSettings {
    /// The parameters of every call.
    pub call: CallSettings,
    pub ceilings: RateCeilings,
    /// Whether lines in doubt are bought again.
    pub retry_unknown: bool,
    /// Whether the first call is sent in spite of a block. It is sent alone, and the others only if the guards allow them
    /// then: an answer lifts the block.
    pub overrides_block: bool,
    /// Whether the batch waits for the vendor's next day when today's calls are used up.
    pub carry: Option<Carry>,
}

impl BatchSettings {
    /// A batch that buys no line in doubt, obeys every guard, and does not wait for the next day.
    pub fn new(call: CallSettings, ceilings: RateCeilings) -> Self {
        Self { call, ceilings, retry_unknown: false, overrides_block: false, carry: None }
    }
}

/// A batch that goes on when the day turns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carry {
    /// When it ends at the latest.
    pub until: Option<Timestamp>,
}
