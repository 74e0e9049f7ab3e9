//! What a key would buy.

use obx_core::fetch::FetchPolicy;
use onebound::Call;

/// A call that may cost something. `Model::spend` alone decides which ones may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spend {
    pub call: Call,
    /// Limits what may be spent.
    pub want: FetchPolicy,
}
