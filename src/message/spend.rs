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
    /// The calls of a batch, or those that are left of one that is paused.
    Batch {
        ticket: BatchTicket,
        /// Number of calls in the plan.
        calls: u64,
        resumes: bool,
    },
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
