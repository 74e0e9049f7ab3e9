//! Exchanges, kept: every one that was paid for, and those that failed.
//!
//! [`Store`] is what the floors above know; [`MemoryStore`] keeps a session's exchanges in memory.

mod memory;

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::api::{Exchange, Question};

pub use memory::MemoryStore;

/// Why the store could not keep or find something. The exchange itself is never lost by it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct StoreError(pub String);

/// Where exchanges are kept. All of it runs off the event loop.
pub trait Store: fmt::Debug + Send + Sync {
    /// Keeps an exchange.
    ///
    /// # Errors
    /// When it could not be written; it is still in the caller's hands.
    fn keep(&self, exchange: Arc<Exchange>) -> BoxFuture<'_, Result<(), StoreError>>;

    /// The newest exchange that answers this question: an item, or that there is none. Failures and
    /// refusals answer nothing, and an answer for another item than the one asked for does not either.
    ///
    /// # Errors
    /// When the store can't be read.
    fn newest_answer<'a>(
        &'a self,
        question: &'a Question,
    ) -> BoxFuture<'a, Result<Option<Arc<Exchange>>, StoreError>>;
}
