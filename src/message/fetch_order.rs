//! The order to fetch an answer, which may cost something.

use super::Ticket;
use obx_core::fetch::FetchPolicy;
use onebound::Call;

/// A fetch that `Model::start` has entered among the calls under way. Its fields are private, so that no pane or popup
/// can give an order of its own, past the check that the price was in sight; they request `Effect::StartFetch`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchOrder {
    ticket: Ticket,
    call: Box<Call>,
    want: FetchPolicy,
}

impl FetchOrder {
    /// For the model only, which `tests/it/layering.rs` checks.
    pub(crate) fn new(ticket: Ticket, call: Call, want: FetchPolicy) -> Self {
        Self { ticket, call: Box::new(call), want }
    }

    /// Identifies the results.
    pub fn ticket(&self) -> Ticket {
        self.ticket
    }

    /// The call as it will be sent, with the session's parameters.
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// Limits what may be spent.
    pub fn want(&self) -> FetchPolicy {
        self.want
    }
}
