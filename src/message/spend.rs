//! What a key would buy.

use super::BatchTicket;
use obx_core::fetch::FetchPolicy;
use onebound::{Call, ItemId};

/// What may cost something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spend {
    /// A call. `Model::spend` alone decides which ones may cost.
    Call {
        call: Box<Call>,
        /// Limits what may be spent.
        want: FetchPolicy,
    },
    /// Calls of a batch.
    Batch {
        ticket: BatchTicket,
        /// Number of calls in the plan.
        calls: u64,
        part: BatchPart,
    },
}

/// Which calls of a batch are bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchPart {
    /// Those of the plan.
    Planned,
    /// The first of the plan in spite of a block, and the others if that is served.
    DespiteBlock,
    /// Those that are left of a batch that is paused.
    Left,
}

impl Spend {
    /// The item that is asked for, if it is one.
    pub fn item(&self) -> Option<&ItemId> {
        match self {
            Self::Call { call, .. } => call.num_iid(),
            Self::Batch { .. } => None,
        }
    }
}
