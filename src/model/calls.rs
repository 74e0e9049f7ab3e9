//! The calls under way, and which of them the user waits for.

use std::cmp::Reverse;
use std::time::Duration;

use crate::message::Ticket;
use obx_core::fetch::FetchPolicy;
use onebound::{Call, CallHandle, CallProgress, Question, RequestStage, SentCall};

/// Between an Esc that stops waiting and one that closes the connection, which can cost the answer.
const SECOND_PRESS: Duration = Duration::from_secs(1);

/// What Esc did with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// Its answer is no longer waited for; it was sent.
    Sent(Ticket),
    /// The same, and nothing of it was sent.
    Unsent(Ticket),
    /// Its connection is to be closed.
    Closed(Ticket),
    /// Nothing: the Esc before was a moment ago.
    TooSoon(Ticket),
}

/// One call under way.
#[derive(Clone, Debug)]
pub struct CallUnderWay {
    /// Comes with all its results.
    pub ticket: Ticket,
    /// What is asked.
    pub call: Call,
    /// The same, with the gateway that is asked.
    pub question: Question,
    /// What it may spend.
    pub want: FetchPolicy,
    /// When it was started, since the app was.
    pub since: Duration,
    /// How far it is.
    pub progress: CallProgress,
    /// Whether its answer is to be shown.
    pub awaited: bool,
    /// When the user pressed Esc for it last, since the app started: only then may a further Esc close it.
    pub stopped: Option<Duration>,
}

impl CallUnderWay {
    /// Whether it may cost something.
    pub fn may_cost(&self) -> bool {
        self.want != FetchPolicy::CacheOnly
    }
}

/// All of them. At most one is awaited: the one that was asked for last.
#[derive(Clone, Debug, Default)]
pub struct CallsUnderWay {
    last_ticket: u64,
    under_way: Vec<CallUnderWay>,
    revision: u64,
}

impl CallsUnderWay {
    /// The call whose answer is to be shown.
    pub fn awaited(&self) -> Option<&CallUnderWay> {
        self.under_way.iter().find(|call| call.awaited)
    }

    /// The newest call that the user stopped waiting for: a further Esc closes it.
    pub fn stopped(&self) -> Option<&CallUnderWay> {
        self.under_way.iter().rev().find(|call| call.stopped.is_some())
    }

    /// How many are under way, awaited or not.
    pub fn count(&self) -> usize {
        self.under_way.len()
    }

    /// The first of those that may cost something.
    pub fn costly(&self) -> Option<&CallUnderWay> {
        self.under_way.iter().find(|call| call.may_cost())
    }

    /// Those that have gone out, each with how it did, the newest first.
    pub fn out(&self) -> Vec<(&CallUnderWay, SentCall)> {
        let mut out: Vec<_> =
            self.under_way.iter().filter_map(|call| Some((call, call.progress.out?))).collect();
        out.sort_by_key(|(_, out)| Reverse(out.at));
        out
    }

    /// Changes with those that have gone out, and with what is told of each; how long it lasts apart.
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
        let (awaited, stopped) = (true, None);
        self.under_way.push(CallUnderWay { ticket, call, question, want, since, progress, awaited, stopped });
        ticket
    }

    /// Waits for the call that is under way for this question, where there is one.
    pub(super) fn wait_again(&mut self, question: &Question) -> Option<Ticket> {
        let found = self.place(question)?;
        self.wait_for_none();
        self.revision += 1;
        let call = self.under_way.get_mut(found)?;
        (call.awaited, call.stopped) = (true, None);
        Some(call.ticket)
    }

    /// Whether a call is under way whose answer answers this question, too.
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

    /// The first time: stops waiting, and ends the call if nothing of it was sent. The second time, a pause later:
    /// closes the connection of the newest call that was stopped. `None` where there is nothing to stop.
    pub(super) fn stop(&mut self, now: Duration) -> Option<Stop> {
        if let Some(call) = self.under_way.iter_mut().find(|call| call.awaited) {
            (call.awaited, call.stopped) = (false, Some(now));
            self.revision += 1;
            // Also when it seems sent: a call that has just gone back to nothing sent, for another host, ends too.
            let is_sent = call.progress.stage > RequestStage::NothingSent;
            return Some(if is_sent { Stop::Sent(call.ticket) } else { Stop::Unsent(call.ticket) });
        }
        let call = self.under_way.iter_mut().rev().find(|call| call.stopped.is_some())?;
        // Each press counts: a key that is held down never closes.
        let before = call.stopped.replace(now).unwrap_or_default();
        let is_meant = now.saturating_sub(before) >= SECOND_PRESS;
        Some(if is_meant { Stop::Closed(call.ticket) } else { Stop::TooSoon(call.ticket) })
    }

    fn wait_for_none(&mut self) {
        for call in &mut self.under_way {
            call.awaited = false;
        }
    }
}
