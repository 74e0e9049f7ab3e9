//! What a key would buy.

use obx_core::fetch::FetchPolicy;
use onebound::Call;

/// A call that may cost something. Which ones may is decided in one place: `Model::spend`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spend {
    /// What is asked.
    pub call: Call,
    /// What may be spent.
    pub want: FetchPolicy,
}
