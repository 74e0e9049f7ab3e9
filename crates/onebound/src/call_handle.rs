//! A running call, held from outside: how far it got, and the two ways to end it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::exchange::RequestStage;

/// Shared by the call and by who watches it. Cloning gives another hold on the same call.
#[derive(Clone, Debug)]
pub struct CallHandle {
    progress: Arc<watch::Sender<CallProgress>>,
    end: CancellationToken,
}

/// How far a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallProgress {
    /// Of the request.
    pub stage: RequestStage,
    /// Bytes of the body so far, after unpacking.
    pub received: usize,
    /// `None` until it goes out.
    pub out: Option<SentCall>,
    /// What it waits for until then.
    pub waits_for: WaitsFor,
    ended: bool,
    resolved: Option<Instant>,
    connected: Option<Instant>,
}

/// What a call waits for that has not gone out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WaitsFor {
    /// The store: it is asked for an answer, and writes the call down before it is sent.
    #[default]
    Store,
    /// The answer to a call of this session that asks the same.
    OtherCall,
    /// The answer to another session's call that asks the same.
    OtherSession {
        /// Its process, where that is on this machine.
        pid: Option<u32>,
    },
}

/// The attempt that a call has gone out with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentCall {
    /// To which of the hosts, counted from the first.
    pub host: usize,
    /// When.
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
    /// Follows the progress.
    pub fn watch(&self) -> watch::Receiver<CallProgress> {
        self.progress.subscribe()
    }

    /// How far it is now.
    pub fn stage(&self) -> RequestStage {
        self.progress.borrow().stage
    }

    /// Ends the call if no byte of it was sent; says whether it did. Never both: a call that this ends
    /// can't be sent any more.
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

    /// Closes the connection, whatever is on its way.
    pub fn close(&self) {
        self.end.cancel();
    }

    /// Resolves when the call is to end.
    pub async fn ended(&self) {
        self.end.cancelled().await;
    }

    /// Whether the call was ended from outside.
    pub fn is_ended(&self) -> bool {
        self.end.is_cancelled()
    }

    /// Says to a thread when the call is to end; cancelled by itself it ends the thread's work alone.
    pub(super) fn end_of_work(&self) -> CancellationToken {
        self.end.child_token()
    }

    /// Asks, with the connection standing, whether the request may be written; from then on it counts as sent.
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

    /// It has not gone out, because of this.
    pub fn waits_for(&self, what: WaitsFor) {
        self.progress.send_if_modified(|progress| {
            let before = std::mem::replace(&mut progress.waits_for, what);
            before != what
        });
    }

    /// An attempt at this one of the hosts, of which nothing is sent yet. One that was ended goes nowhere.
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
