//! How a batch that runs is controlled from outside.

use std::sync::Arc;

use tokio::sync::watch;

/// Pauses, resumes and stops a batch. Clones control the same batch.
#[derive(Clone, Debug)]
pub struct BatchControl(Arc<watch::Sender<Order>>);

/// What the user wants of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Run,
    Pause,
    Stop,
}

impl BatchControl {
    pub(super) fn new(order: watch::Sender<Order>) -> Self {
        Self(Arc::new(order))
    }

    /// Lets the calls under way end, and begins no other.
    pub fn pause(&self) {
        self.order(Order::Pause);
    }

    pub fn resume(&self) {
        self.order(Order::Run);
    }

    /// Ends the batch: calls that are not sent yet never are, and the others are waited for, since they may be billed.
    pub fn stop(&self) {
        self.order(Order::Stop);
    }

    pub fn is_paused(&self) -> bool {
        *self.0.borrow() == Order::Pause
    }

    fn order(&self, order: Order) {
        self.0.send_if_modified(|present| {
            let changes = *present != Order::Stop && *present != order;
            if changes {
                *present = order;
            }
            changes
        });
    }
}
