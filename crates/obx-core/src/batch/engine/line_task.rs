//! The work on one line, on a task of its own.

use crate::fetch::{FetchPolicy, Fetched, NotSent};
use crate::session::Session;
use crate::store::StoreError;
use onebound::{Call, CallHandle};

/// The end of a line's task.
pub(super) enum LineEnd {
    Fetched {
        fetched: Box<Fetched>,
        /// Why the exchange can't be written for now; it is kept in memory.
        unwritten: Option<StoreError>,
    },
    /// No fresh answer is stored any longer, or the store can't be read.
    NotStored(Option<StoreError>),
    NotSent(NotSent),
}

/// Reads a stored answer.
pub(super) async fn look_up(session: Session, call: Call) -> LineEnd {
    match session.peek(&call).await {
        Ok(Some(fetched)) => LineEnd::Fetched { fetched: Box::new(fetched), unwritten: None },
        Ok(None) => LineEnd::NotStored(None),
        Err(error) => LineEnd::NotStored(Some(error)),
    }
}

/// Buys an answer, and waits until it is written: a batch must not run ahead of its store.
pub(super) async fn buy(session: Session, call: Call, handle: CallHandle) -> LineEnd {
    match session.fetch(call, FetchPolicy::CacheFirst, &handle).await {
        Ok(fetched) => {
            let unwritten = match fetched.stored.clone() {
                Some(stored) => stored.await.err(),
                None => None,
            };
            LineEnd::Fetched { fetched: Box::new(fetched), unwritten }
        }
        Err(refusal) => LineEnd::NotSent(refusal),
    }
}
