//! Decides whether a call may be sent, from the ledger's facts about its question, its key and its host.

use std::time::Duration;

use jiff::Timestamp;

use super::{Block, Lease, LeaseHolder, LeaseState, Override, is_in_doubt, lease, lease_state};
use crate::owner::Owner;
use onebound::{Account, Call, Fingerprint, Host, Question, Scope};

/// The user's limits, which can refuse a call before it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guards {
    /// Maximum number of calls of one key per day in Beijing, counting those that were billed or may have been.
    pub cap: Option<u64>,
    /// Number of calls of the vendor's quota to leave unused.
    pub reserve: Option<u64>,
}

/// A call that is about to be sent.
#[derive(Clone, Debug)]
pub struct Intent {
    pub call: Call,
    pub host: Host,
    /// The fingerprint of the key.
    pub key: Fingerprint,
    /// The limits that apply to it.
    pub guards: Guards,
    /// The gateways of the session's hosts: the cap counts the calls to all of them.
    pub gateways: Vec<Scope>,
    /// What the user overrides.
    pub overrides: Override,
    /// For how long a call whose answer never came holds this one back; `None` if it doesn't.
    pub doubt_lasts: Option<Duration>,
    /// When it will be sent.
    pub at: Timestamp,
    /// When the user asked: an answer that came after that replaces the call.
    pub asked_at: Timestamp,
    /// The length of its lease: after that other sessions treat its row as abandoned.
    pub lease: Duration,
}

impl Intent {
    /// Returns its question, with the gateway.
    pub fn question(&self) -> Question {
        self.call.question(&self.host.scope())
    }

    /// Returns the account whose quota it uses.
    pub fn account(&self) -> Account {
        Account { scope: self.host.scope(), key: self.key.clone() }
    }

    /// Returns the accounts whose calls the cap counts: its key at each gateway of the session.
    pub fn capped_accounts(&self) -> impl Iterator<Item = Account> {
        self.gateways.iter().map(|scope| Account { scope: scope.clone(), key: self.key.clone() })
    }

    /// Returns when its row counts as abandoned.
    pub fn lease_end(&self) -> Timestamp {
        lease::end(self.at, self.lease)
    }
}

/// What a store knows that bears on an [`Intent`], all of one moment. What no guard of it needs may be left out.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// When the newest stored answer to the question came.
    pub answered_at: Option<Timestamp>,
    /// The calls for the question that have no outcome yet.
    pub leases: Vec<(Lease, LeaseHolder)>,
    /// When the last call for the question was sent whose answer never came and will not come, if that was after the
    /// newest answer. It is read only if the intent has [`Intent::doubt_lasts`].
    pub unknown_at: Option<Timestamp>,
    /// The stored block of this key at this host, even if it has expired.
    pub block: Option<Block>,
    /// Number of calls by [`Intent::capped_accounts`] on the intent's day in Beijing that were billed, may have been,
    /// or are under way.
    pub spent_today: u64,
    /// The quota in the newest answer to the account on that day. It is read only if a reserve is set.
    pub quota: Option<QuotaFact>,
}

/// The quota of a day, according to an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotaFact {
    /// Number of calls used, as the vendor counts them.
    pub used: u64,
    /// Number of calls allowed per day.
    pub allowed: u64,
    /// Number of the account's calls since that answer that were billed, may have been, or are under way.
    pub spent_since: u64,
}

/// The decision on an [`Intent`].
#[must_use = "a call is sent only where this says so"]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Append the call's row, then send it.
    Send,
    /// Another session has a call for the same question under way; `None` if its process is not known.
    Wait(Option<Owner>),
    /// Another session got the answer after the user asked.
    TakeAnswer,
    /// A call of this time is in doubt.
    InDoubt(Timestamp),
    /// A guard refuses the call.
    Refuse(GuardViolation),
}

/// Why a guard refused a call; nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GuardViolation {
    /// An earlier answer said that further calls are useless.
    Blocked(Block),
    /// The user's own cap is reached.
    Cap {
        cap: u64,
        /// Number of calls on this day that were billed or may have been.
        used: u64,
    },
    /// Only the reserve is left.
    Reserve {
        reserve: u64,
        /// Number of calls left according to the newest answer, minus those sent since.
        left: u64,
    },
}

/// Decides what to do with a call. A new answer is used even if another call is under way; a call under way is waited
/// for even if the user overrides the guards.
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
    let is_held_back =
        |since: &Timestamp| intent.doubt_lasts.is_some_and(|lasts| is_in_doubt(*since, lasts, intent.at));
    if let Some(since) = facts.unknown_at.filter(is_held_back) {
        return Decision::InDoubt(since);
    }
    let violation = match intent.overrides {
        Override::Nothing => violation(facts, intent.guards, intent.at),
        Override::Block => limit_violation(facts, intent.guards),
        Override::All => None,
    };
    match violation {
        Some(violation) => Decision::Refuse(violation),
        None => Decision::Send,
    }
}

/// Returns true if an answer came after the user asked. An answer later than the call could end dates from before the
/// clock was set back, and must not replace new calls. The store counts milliseconds.
fn came_while_waiting(answered_at: Timestamp, intent: &Intent) -> bool {
    let while_waiting = intent.asked_at.as_millisecond()..=intent.lease_end().as_millisecond();
    while_waiting.contains(&answered_at.as_millisecond())
}

/// Returns why the guards refuse a call at this time; `None` if they don't.
pub fn violation(facts: &Facts, guards: Guards, at: Timestamp) -> Option<GuardViolation> {
    if let Some(block) = facts.block.as_ref().filter(|block| block.holds(at)) {
        return Some(GuardViolation::Blocked(block.clone()));
    }
    limit_violation(facts, guards)
}

/// Returns why the user's limits refuse a call; `None` if they don't.
fn limit_violation(facts: &Facts, guards: Guards) -> Option<GuardViolation> {
    let (Guards { cap, reserve }, used) = (guards, facts.spent_today);
    if let Some(cap) = cap.filter(|cap| used >= *cap) {
        return Some(GuardViolation::Cap { cap, used });
    }
    let left = facts.quota.map(QuotaFact::left);
    let (reserve, left) = (reserve?, left?);
    (left <= reserve).then_some(GuardViolation::Reserve { reserve, left })
}

impl Facts {
    /// Returns the facts as they are when so many more calls were billed.
    #[must_use]
    pub fn after_calls(&self, calls: u64) -> Self {
        let spent_after = |spent: u64| spent.saturating_add(calls);
        let quota = |quota: QuotaFact| QuotaFact { spent_since: spent_after(quota.spent_since), ..quota };
        Self { spent_today: spent_after(self.spent_today), quota: self.quota.map(quota), ..self.clone() }
    }
}

impl QuotaFact {
    /// Returns how many calls are left if each since that answer counts.
    pub fn left(self) -> u64 {
        self.allowed.saturating_sub(self.used).saturating_sub(self.spent_since)
    }
}

#[cfg(test)]
mod tests;
