//! Whether a call may be sent, by what the ledger says of its question, its key and its host.

use std::time::Duration;

use jiff::Timestamp;

use super::{Block, Lease, LeaseHolder, LeaseState, lease, lease_state};
use crate::owner::Owner;
use onebound::{Account, Call, Fingerprint, Host, Question, Scope};

/// What the user sets that holds a call back before it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guards {
    /// Calls of one key in a Beijing day that were billed or may have been.
    pub cap: Option<u64>,
    /// So many of the vendor's quota are left for others.
    pub reserve: Option<u64>,
}

/// A call that is about to be sent.
#[derive(Clone, Debug)]
pub struct Intent {
    /// What is asked.
    pub call: Call,
    /// Who is asked.
    pub host: Host,
    /// With which key.
    pub key: Fingerprint,
    /// What may refuse it.
    pub guards: Guards,
    /// The gateways of the session's hosts: its cap is over all of them.
    pub gateways: Vec<Scope>,
    /// Whether the user wants it in spite of block, cap and reserve.
    pub is_override: bool,
    /// When it would be sent.
    pub at: Timestamp,
    /// When the user asked: an answer that has come since is taken in place of a call.
    pub asked_at: Timestamp,
    /// How long it may take: other sessions treat its row as abandoned after that.
    pub lease: Duration,
}

impl Intent {
    /// What it asks, and of which gateway.
    pub fn question(&self) -> Question {
        self.call.question(&self.host.scope())
    }

    /// Whose quota it uses.
    pub fn account(&self) -> Account {
        Account { scope: self.host.scope(), key: self.key.clone() }
    }

    /// Whose calls the cap counts: those of its key to each gateway of the session.
    pub fn capped_accounts(&self) -> impl Iterator<Item = Account> {
        self.gateways.iter().map(|scope| Account { scope: scope.clone(), key: self.key.clone() })
    }

    /// When its row counts as abandoned.
    pub fn lease_end(&self) -> Timestamp {
        lease::end(self.at, self.lease)
    }
}

/// What a store knows that bears on an [`Intent`], all of one moment. What no guard of it needs may be left out.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// When the newest stored answer to the question came.
    pub answered_at: Option<Timestamp>,
    /// The calls for the question that have no outcome.
    pub leases: Vec<(Lease, LeaseHolder)>,
    /// What an earlier answer said of calls of this key to this host, whether it still holds or not.
    pub block: Option<Block>,
    /// Calls on the intent's Beijing day by [`Intent::capped_accounts`] that were billed, may have been, or are under way.
    pub spent_today: u64,
    /// What the newest answer to the account on that day said of its quota; only a reserve asks for it.
    pub quota: Option<QuotaFact>,
}

/// What an answer said of a day's quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotaFact {
    /// Calls used, as the answer counts.
    pub used: u64,
    /// Calls allowed a day.
    pub allowed: u64,
    /// Calls of the account after that answer that were billed, may have been, or are under way.
    pub spent_since: u64,
}

/// What a call has to do.
#[must_use = "a call is sent only where this says so"]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Append its row, then send it.
    Send,
    /// Another session is asking this very question; its process, where that is known.
    Wait(Option<Owner>),
    /// Another session has had the answer since the user asked.
    TakeAnswer,
    /// A guard refuses it.
    Refuse(GuardViolation),
}

/// Why a call was refused; nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GuardViolation {
    /// An earlier answer said that calls are of no use.
    Blocked(Block),
    /// The user's own cap is reached.
    Cap {
        /// As the user set it.
        cap: u64,
        /// Calls that were billed, or may have been, on this day.
        used: u64,
    },
    /// Only the reserve is left.
    Reserve {
        /// As the user set it.
        reserve: u64,
        /// What is left by the newest answer, less what was sent since.
        left: u64,
    },
}

/// What a call has to do. An answer that came is taken, whatever else is under way; a call under way is waited for, also by
/// one that overrides the guards.
pub fn decide(facts: &Facts, intent: &Intent) -> Decision {
    if facts.answered_at.is_some_and(|answered_at| came_while_waiting(answered_at, intent)) {
        return Decision::TakeAnswer;
    }
    let is_held = |(lease, holder): &&(Lease, LeaseHolder)| {
        lease_state(lease.until, *holder, intent.at) == LeaseState::Held
    };
    if let Some((lease, _)) = facts.leases.iter().find(is_held) {
        return Decision::Wait(lease.owner.clone());
    }
    match violation(facts, intent).filter(|_| !intent.is_override) {
        Some(violation) => Decision::Refuse(violation),
        None => Decision::Send,
    }
}

/// Whether an answer came after the user asked. One from further ahead than a call can last is from before the clock was
/// set back: it must not keep new ones away. A store counts milliseconds.
fn came_while_waiting(answered_at: Timestamp, intent: &Intent) -> bool {
    let while_waiting = intent.asked_at.as_millisecond()..=intent.lease_end().as_millisecond();
    while_waiting.contains(&answered_at.as_millisecond())
}

fn violation(facts: &Facts, intent: &Intent) -> Option<GuardViolation> {
    if let Some(block) = facts.block.as_ref().filter(|block| block.holds(intent.at)) {
        return Some(GuardViolation::Blocked(block.clone()));
    }
    let (Guards { cap, reserve }, used) = (intent.guards, facts.spent_today);
    if let Some(cap) = cap.filter(|cap| used >= *cap) {
        return Some(GuardViolation::Cap { cap, used });
    }
    let left = facts.quota.map(QuotaFact::left);
    let (reserve, left) = (reserve?, left?);
    (left <= reserve).then_some(GuardViolation::Reserve { reserve, left })
}

impl QuotaFact {
    fn left(self) -> u64 {
        self.allowed.saturating_sub(self.used).saturating_sub(self.spent_since)
    }
}

#[cfg(test)]
mod tests;
