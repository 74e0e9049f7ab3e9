//! The calls under way, and which of them the user is waiting for.

use std::cmp::Reverse;
use std::time::Duration;

use crate::message::Ticket;
use obx_core::fetch::FetchPolicy;
use onebound::{Call, CallHandle, CallProgress, ItemId, Question, RequestStage, SentCall};

/// Least time between the Esc that stops waiting and the one that closes the connection, which can lose an answer
/// that was paid for.
const SECOND_PRESS: Duration = Duration::from_secs(1);

/// What Esc did to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StopWaiting {
    /// The user no longer waits for it, but it was sent.
    Sent(Ticket),
    /// The user no longer waits for it, and nothing of it was sent.
    Unsent(Ticket),
    /// Its connection is to be closed.
    Closed(Ticket),
    /// Nothing, because the last Esc was less than [`SECOND_PRESS`] ago.
    TooSoon(Ticket),
}

/// A call under way.
#[derive(Clone, Debug)]
pub struct CallUnderWay {
    /// Identifies all results of this call.
    pub ticket: Ticket,
    pub call: Call,
    /// The call together with its gateway.
    pub question: Question,
    /// Limits what it may spend.
    pub want: FetchPolicy,
    /// When it was started, counted from the start of the app.
    pub since: Duration,
    pub progress: CallProgress,
    /// Whether its answer will be shown.
    pub awaited: bool,
    /// When the user last pressed Esc for it, counted from the start of the app; `None` until then, and only a later
    /// Esc can close it.
    pub stopped: Option<Duration>,
    /// Whether it is a call of a batch, whose answer goes to the batch.
    pub is_of_batch: bool,
}

impl CallUnderWay {
    /// Whether it may cost something.
    pub fn may_cost(&self) -> bool {
        self.want != FetchPolicy::CacheOnly
    }
}

/// All calls under way. At most one is awaited: the one that was requested last.
#[derive(Clone, Debug, Default)]
pub struct CallsUnderWay {
    last_ticket: u64,
    under_way: Vec<CallUnderWay>,
    /// Those of a batch, which nobody awaits: they are shown in the log, and nothing else here is about them.
    of_batch: Vec<CallUnderWay>,
    revision: u64,
}

impl CallsUnderWay {
    /// The call whose answer will be shown.
    pub fn awaited(&self) -> Option<&CallUnderWay> {
        self.under_way.iter().find(|call| call.awaited)
    }

    /// The newest call that the user stopped waiting for; another Esc closes it.
    pub fn stopped(&self) -> Option<&CallUnderWay> {
        self.under_way.iter().rev().find(|call| call.stopped.is_some())
    }

    /// How many are under way, awaited or not.
    pub fn count(&self) -> usize {
        self.under_way.len()
    }

    /// The oldest call that may cost something.
    pub fn costly(&self) -> Option<&CallUnderWay> {
        self.under_way.iter().find(|call| call.may_cost())
    }

    /// The calls that were sent, each with the host and the time, newest first.
    pub fn out(&self) -> Vec<(&CallUnderWay, SentCall)> {
        let calls = self.under_way.iter().chain(&self.of_batch);
        let mut out: Vec<_> = calls.filter_map(|call| Some((call, call.progress.out?))).collect();
        out.sort_by_key(|(_, out)| Reverse(out.at));
        out
    }

    /// Changes when calls are sent, end, or are no longer awaited, but not as time passes.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    pub(super) fn add(
        &mut self,
        call: Call,
        question: Question,
        want: FetchPolicy,
        since: Duration,
    ) -> Ticket {
        self.last_ticket += 1;
        let ticket = Ticket(self.last_ticket);
        self.wait_for_none();
        let progress = *CallHandle::default().watch().borrow();
        let (awaited, stopped, is_of_batch) = (true, None, false);
        self.under_way.push(CallUnderWay {
            ticket,
            call,
            question,
            want,
            since,
            progress,
            awaited,
            stopped,
            is_of_batch,
        });
        ticket
    }

    /// Notes that a call of a batch is sent: for the first time, or to the next host.
    pub(super) fn sent_by_batch(&mut self, call: Call, question: Question, out: SentCall, since: Duration) {
        self.revision += 1;
        let known = self.of_batch.iter().position(|known| known.call == call);
        let ticket = known.map_or(Ticket(self.last_ticket + 1), |known| self.of_batch.remove(known).ticket);
        self.last_ticket = self.last_ticket.max(ticket.0);
        let mut progress = *CallHandle::default().watch().borrow();
        progress.out = Some(out);
        self.of_batch.push(CallUnderWay {
            ticket,
            call,
            question,
            want: FetchPolicy::CacheFirst,
            since,
            progress,
            awaited: false,
            stopped: None,
            is_of_batch: true,
        });
    }

    /// Removes those calls of the batch that are not of these items any more.
    pub(super) fn retain_of_batch(&mut self, is_under_way: impl Fn(&ItemId) -> bool) {
        let before = self.of_batch.len();
        self.of_batch.retain(|call| call.call.num_iid().is_some_and(&is_under_way));
        self.revision += u64::from(self.of_batch.len() != before);
    }

    /// Waits again for the call with this question; `None` if none is under way.
    pub(super) fn wait_again(&mut self, question: &Question) -> Option<Ticket> {
        let found = self.place(question)?;
        self.wait_for_none();
        self.revision += 1;
        let call = self.under_way.get_mut(found)?;
        (call.awaited, call.stopped) = (true, None);
        Some(call.ticket)
    }

    /// Whether a call is under way whose answer also answers this question.
    pub(super) fn is_asked(&self, question: &Question) -> bool {
        self.place(question).is_some()
    }

    fn place(&self, question: &Question) -> Option<usize> {
        self.under_way.iter().position(|call| call.may_cost() && call.question == *question)
    }

    pub(super) fn progress(&mut self, ticket: Ticket, progress: CallProgress) {
        if let Some(call) = self.under_way.iter_mut().find(|call| call.ticket == ticket) {
            self.revision += u64::from(call.progress.out != progress.out);
            call.progress = progress;
        }
    }

    pub(super) fn remove(&mut self, ticket: Ticket) -> Option<CallUnderWay> {
        let found = self.under_way.iter().position(|call| call.ticket == ticket)?;
        self.revision += 1;
        Some(self.under_way.remove(found))
    }

    /// Stops waiting at the first call, and ends the call if nothing of it was sent. A later one closes the
    /// connection of the newest stopped call. `None` if there is nothing to stop.
    pub(super) fn stop(&mut self, now: Duration) -> Option<StopWaiting> {
        if let Some(call) = self.under_way.iter_mut().find(|call| call.awaited) {
            (call.awaited, call.stopped) = (false, Some(now));
            self.revision += 1;
            // The stage may be out of date: a call that has just moved on to the next host has sent nothing there. So
            // the caller ends the call in both cases if nothing is sent.
            let is_sent = call.progress.stage > RequestStage::NothingSent;
            return Some(if is_sent {
                StopWaiting::Sent(call.ticket)
            } else {
                StopWaiting::Unsent(call.ticket)
            });
        }
        let call = self.under_way.iter_mut().rev().find(|call| call.stopped.is_some())?;
        // Each press restarts the pause, so a key that is held down never closes a connection.
        let before = call.stopped.replace(now).unwrap_or_default();
        let is_meant = now.saturating_sub(before) >= SECOND_PRESS;
        Some(if is_meant { StopWaiting::Closed(call.ticket) } else { StopWaiting::TooSoon(call.ticket) })
    }

    fn wait_for_none(&mut self) {
        for call in &mut self.under_way {
            call.awaited = false;
        }
    }
}
