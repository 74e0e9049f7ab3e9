//! The calls under way, and which of them the user waits for.

use std::cmp::Reverse;
use std::time::Duration;

use crate::api::{Call, Departure, Lifeline, Progress, Question, Reach};
use crate::fetch::Want;
use crate::message::{Command, Ticket};

/// One call under way.
#[derive(Clone, Debug)]
pub struct UnderWay {
    /// Comes with all its results.
    pub ticket: Ticket,
    /// What is asked.
    pub call: Call,
    /// The same, with the gateway that is asked.
    pub question: Question,
    /// What it may spend.
    pub want: Want,
    /// When it was started, since the app was.
    pub since: Duration,
    /// How far it is.
    pub progress: Progress,
    /// Whether its answer is to be shown.
    pub awaited: bool,
    /// Whether the user stopped waiting for it by Esc: only then may a further Esc close it.
    pub stopped: bool,
}

impl UnderWay {
    /// Whether it may cost something.
    pub fn may_cost(&self) -> bool {
        self.want != Want::StoreOnly
    }
}

/// All of them. At most one is awaited: the one that was asked for last.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    last_ticket: u64,
    under_way: Vec<UnderWay>,
    revision: u64,
}

impl Calls {
    /// The call whose answer is to be shown.
    pub fn awaited(&self) -> Option<&UnderWay> {
        self.under_way.iter().find(|call| call.awaited)
    }

    /// The newest call that the user stopped waiting for: a further Esc closes it.
    pub fn stopped(&self) -> Option<&UnderWay> {
        self.under_way.iter().rev().find(|call| call.stopped)
    }

    /// How many are under way, awaited or not.
    pub fn count(&self) -> usize {
        self.under_way.len()
    }

    /// The first of those that may cost something.
    pub fn costly(&self) -> Option<&UnderWay> {
        self.under_way.iter().find(|call| call.may_cost())
    }

    /// Those that have gone out, each with how it did, the newest first.
    pub fn out(&self) -> Vec<(&UnderWay, Departure)> {
        let mut out: Vec<_> =
            self.under_way.iter().filter_map(|call| Some((call, call.progress.out?))).collect();
        out.sort_by_key(|(_, out)| Reverse(out.at));
        out
    }

    /// Changes with those that have gone out, and with what is told of each; how long it lasts apart.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    pub(super) fn add(&mut self, call: Call, question: Question, want: Want, since: Duration) -> Ticket {
        self.last_ticket += 1;
        let ticket = Ticket(self.last_ticket);
        self.wait_for_none();
        let progress = *Lifeline::default().watch().borrow();
        let (awaited, stopped) = (true, false);
        self.under_way.push(UnderWay { ticket, call, question, want, since, progress, awaited, stopped });
        ticket
    }

    /// Waits for the call that is under way for this question, where there is one.
    pub(super) fn wait_again(&mut self, question: &Question) -> Option<Ticket> {
        let same = |call: &UnderWay| call.may_cost() && call.question == *question;
        let found = self.under_way.iter().position(same)?;
        self.wait_for_none();
        self.revision += 1;
        let call = self.under_way.get_mut(found)?;
        (call.awaited, call.stopped) = (true, false);
        Some(call.ticket)
    }

    pub(super) fn progress(&mut self, ticket: Ticket, progress: Progress) {
        if let Some(call) = self.under_way.iter_mut().find(|call| call.ticket == ticket) {
            self.revision += u64::from(call.progress.out != progress.out);
            call.progress = progress;
        }
    }

    pub(super) fn remove(&mut self, ticket: Ticket) -> Option<UnderWay> {
        let found = self.under_way.iter().position(|call| call.ticket == ticket)?;
        self.revision += 1;
        Some(self.under_way.remove(found))
    }

    /// The first time: stops waiting, and ends the call if nothing of it was sent. The second time:
    /// closes the connection of the newest call that was stopped. Tells what is to be done, and whether
    /// something was sent already; `None` where there is nothing to stop.
    pub(super) fn stop(&mut self) -> Option<(Option<Command>, bool)> {
        if let Some(call) = self.under_way.iter_mut().find(|call| call.awaited) {
            (call.awaited, call.stopped) = (false, true);
            self.revision += 1;
            let sent = call.progress.reach > Reach::NothingSent;
            // Also when it seems sent: a call that has just gone back to nothing sent, for another host, ends too.
            return Some((Some(Command::EndUnsent(call.ticket)), sent));
        }
        let newest = self.stopped()?.ticket;
        Some((Some(Command::Close(newest)), true))
    }

    fn wait_for_none(&mut self) {
        for call in &mut self.under_way {
            call.awaited = false;
        }
    }
}
