//! The calls under way in a session. When the session ends, those that are not sent yet are ended.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use onebound::CallHandle;

/// How long the session's end waits for unsent calls to end. They have nothing to wait for, so it is short.
const LONGEST_END: Duration = Duration::from_secs(1);

/// All calls under way. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct RunningCalls(Arc<watch::Sender<Calls>>);

#[derive(Debug, Default)]
struct Calls {
    handles: HashMap<u64, CallHandle>,
    last_number: u64,
    /// The session has ended: no further call may be sent.
    is_over: bool,
}

/// Registers a call as under way until this is dropped.
#[derive(Debug)]
#[must_use = "the call is under way while this is held"]
pub(super) struct RunningCall {
    number: u64,
    calls: RunningCalls,
}

impl Drop for RunningCall {
    fn drop(&mut self) {
        self.calls.0.send_modify(|calls| {
            let _ = calls.handles.remove(&self.number); // the removed handle is not needed
        });
    }
}

impl RunningCalls {
    /// Registers a call. After the session's end the call is ended at once.
    pub(super) fn add(&self, handle: &CallHandle) -> RunningCall {
        let mut number = 0;
        self.0.send_modify(|calls| {
            if calls.is_over {
                let _ = handle.end_unsent(); // true: nothing of a new call has been sent
            }
            calls.last_number += 1;
            number = calls.last_number;
            let _ = calls.handles.insert(number, handle.clone()); // None: numbers are unique
        });
        RunningCall { number, calls: self.clone() }
    }

    /// Cancels all calls, even those that were sent: they may still be billed.
    pub(super) fn give_up(&self) {
        self.0.borrow().handles.values().for_each(CallHandle::close);
    }

    pub(super) fn count(&self) -> usize {
        self.0.borrow().handles.len()
    }

    /// Waits until no call is under way.
    pub(super) async fn all_ended(&self) {
        // The sender is this one, so that waiting can't fail.
        let _ = self.0.subscribe().wait_for(|calls| calls.handles.is_empty()).await;
    }

    /// Ends the calls that are not sent yet, so that they never are, and waits until they have ended.
    pub(super) async fn end_unsent(&self) {
        let mut ended = Vec::new();
        self.0.send_modify(|calls| {
            calls.is_over = true;
            let unsent = calls.handles.iter().filter(|(_, handle)| handle.end_unsent());
            ended.extend(unsent.map(|(number, _)| *number));
        });
        let mut calls = self.0.subscribe();
        let have_ended = |calls: &Calls| !ended.iter().any(|number| calls.handles.contains_key(number));
        if tokio::time::timeout(LONGEST_END, calls.wait_for(have_ended)).await.is_err() {
            tracing::warn!("a call that was not sent does not end");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures_util::poll;

    use super::*;

    #[tokio::test]
    async fn at_the_end_what_is_not_sent_is_ended_and_waited_for_and_nothing_begins() {
        let (calls, unsent, other, late) =
            (RunningCalls::default(), CallHandle::default(), CallHandle::default(), CallHandle::default());
        let running = calls.add(&unsent);
        drop(calls.add(&other));
        let mut end = pin!(calls.end_unsent());
        assert!(poll!(&mut end).is_pending());
        assert_eq!((unsent.is_ended(), other.is_ended()), (true, false));
        drop(running);
        end.await;
        let _running = calls.add(&late);
        assert!(late.is_ended());
    }
}
