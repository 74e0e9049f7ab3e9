//! A handle to a running call: shows its progress and can cancel it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::exchange::RequestStage;

/// A handle to one call. Clones refer to the same call.
#[derive(Clone, Debug)]
pub struct CallHandle {
    progress: Arc<watch::Sender<CallProgress>>,
    end: CancellationToken,
}

/// The progress of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallProgress {
    /// How far the request got.
    pub stage: RequestStage,
    /// Bytes of the body received so far, as sent (packed).
    pub received: usize,
    /// The current attempt; `None` until the first one starts.
    pub out: Option<SentCall>,
    /// What the call waits for until then.
    pub waits_for: WaitsFor,
    ended: bool,
    resolved: Option<Instant>,
    connected: Option<Instant>,
}

/// What a call waits for before it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WaitsFor {
    /// The store: a lookup, and the record that is written before sending.
    #[default]
    Store,
    /// Another call of this session for the same question.
    OtherCall,
    /// A call of another session for the same question.
    OtherSession {
        /// Its process, if that is on this machine.
        pid: Option<u32>,
    },
}

/// One attempt of a call at one host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentCall {
    /// Index of the host in the list of hosts.
    pub host: usize,
    /// When the attempt started.
    pub at: Timestamp,
}

impl Default for CallHandle {
    fn default() -> Self {
        let stage = RequestStage::NothingSent;
        let (resolved, connected) = (None, None);
        let waits_for = WaitsFor::Store;
        let start =
            CallProgress { stage, received: 0, out: None, waits_for, ended: false, resolved, connected };
        Self { progress: Arc::new(watch::Sender::new(start)), end: CancellationToken::new() }
    }
}

impl CallHandle {
    /// Watches the progress.
    pub fn watch(&self) -> watch::Receiver<CallProgress> {
        self.progress.subscribe()
    }

    /// How far the request is now.
    pub fn stage(&self) -> RequestStage {
        self.progress.borrow().stage
    }

    /// Cancels the call if no byte of it was sent, and returns whether it did. A call cancelled this way is never sent.
    pub fn end_unsent(&self) -> bool {
        let ended = self.progress.send_if_modified(|progress| {
            let unsent = progress.stage == RequestStage::NothingSent;
            progress.ended |= unsent;
            unsent
        });
        if ended {
            self.end.cancel();
        }
        ended
    }

    /// Cancels the call and closes its connection, even after sending: it may still be billed.
    pub fn close(&self) {
        self.end.cancel();
    }

    /// Resolves when the call is cancelled.
    pub async fn ended(&self) {
        self.end.cancelled().await;
    }

    /// Returns true if the call was cancelled.
    pub fn is_ended(&self) -> bool {
        self.end.is_cancelled()
    }

    /// A token for a worker thread, cancelled with the call; cancelling the token does not cancel the call.
    pub(super) fn end_of_work(&self) -> CancellationToken {
        self.end.child_token()
    }

    /// Marks the request as sent, once the connection is established; returns false if the call was cancelled.
    pub(super) fn may_send(&self) -> bool {
        let allowed = self.progress.send_if_modified(|progress| {
            let allowed = !progress.ended;
            if allowed && progress.stage == RequestStage::NothingSent {
                progress.stage = RequestStage::Sent;
                progress.connected = Some(Instant::now());
            }
            allowed
        });
        allowed && !self.is_ended()
    }

    pub(super) fn answered(&self) {
        self.progress.send_modify(|progress| progress.stage = RequestStage::Answered);
    }

    pub(super) fn received(&self, bytes: usize) {
        self.progress.send_modify(|progress| progress.received = bytes);
    }

    /// Sets what the call waits for.
    pub fn waits_for(&self, what: WaitsFor) {
        self.progress.send_if_modified(|progress| {
            let before = std::mem::replace(&mut progress.waits_for, what);
            before != what
        });
    }

    /// Starts an attempt at the host with this index. Does nothing for a cancelled call.
    pub fn goes_out(&self, host: usize) {
        if self.is_ended() {
            return;
        }
        self.progress.send_modify(|progress| {
            progress.stage = RequestStage::NothingSent;
            progress.received = 0;
            progress.out = Some(SentCall { host, at: Timestamp::now() });
            (progress.resolved, progress.connected) = (None, None);
        });
    }

    /// The host's name was looked up.
    pub(super) fn resolved(&self) {
        self.progress.send_modify(|progress| progress.resolved = Some(Instant::now()));
    }

    pub(super) fn resolved_after(&self, start: Instant) -> Option<Duration> {
        self.progress.borrow().resolved.map(|at| at.saturating_duration_since(start))
    }

    pub(super) fn connected_after(&self, start: Instant) -> Option<Duration> {
        self.progress.borrow().connected.map(|at| at.saturating_duration_since(start))
    }
}
