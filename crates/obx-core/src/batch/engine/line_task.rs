//! The work on one line, on a task of its own.

use tokio::sync::mpsc;

use crate::batch::BatchEvent;
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

/// The purchase of a line's answer.
pub(super) struct LinePurchase {
    pub(super) number: u64,
    pub(super) call: Call,
    pub(super) policy: FetchPolicy,
    pub(super) handle: CallHandle,
    /// Where it reports that its call is sent.
    pub(super) events: mpsc::Sender<BatchEvent>,
}

/// Buys an answer, and waits until it is written: a batch must not run ahead of its store.
pub(super) async fn buy(session: Session, purchase: LinePurchase) -> LineEnd {
    let fetching = session.fetch(purchase.call.clone(), purchase.policy, &purchase.handle);
    match reporting(fetching, &purchase).await {
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

/// Reports each host that the call is sent to, meanwhile.
async fn reporting<T>(fetching: impl Future<Output = T>, purchase: &LinePurchase) -> T {
    let LinePurchase { number, call, handle, events, .. } = purchase;
    let (mut progress, mut fetching) = (handle.watch(), std::pin::pin!(fetching));
    let mut reported = None;
    loop {
        tokio::select! {
            biased;
            ended = &mut fetching => return ended,
            Ok(()) = progress.changed() => {
                let out = progress.borrow_and_update().out;
                if let Some(out) = out.filter(|_| out != reported) {
                    reported = Some(out);
                    // The call must not wait for a reader; its end is reported in any case.
                    let _ = events.try_send(BatchEvent::Sent { number: *number, call: call.clone(), out });
                }
            }
        }
    }
}
