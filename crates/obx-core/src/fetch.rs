//! Fetches answers; this is the only place where money is spent. The explorer and every subcommand send through
//! [`Fetcher`].
//!
//! ```text
//!  Call, FetchPolicy ─▶ store: a fresh answer? ── yes ─▶ Fetched { source: Store }
//!                     │ no, and a call may be sent
//!                     ▼
//!               single flight: is the same question under way? ── yes ─▶ wait for that call's answer
//!                     │ no
//!                     ▼
//!               ledger: another session's call or answer? block, cap, reserve? ─▶ a row, committed
//!                     │
//!                     ▼
//!               client ─▶ host ─▶ next host, only while nothing was sent ─▶ Fetched { source: Live }
//!                        (later only if the user agrees: AtHost)              │
//!                                                                             └─▶ store, in the background
//! ```
//! A trade call skips the store, waits for no other call, and is sent once, to one host, with a [`Confirmation`].

mod fetched;
mod known;
mod ledger;
mod not_sent;
mod planned;
mod single_flight;

use std::sync::Arc;

use jiff::Timestamp;

pub use crate::policy::{
    BudgetViolation, Confirmation, FetchPolicy, MaxCost, Override, RunBudget, RunLimits, RunUse,
};
use crate::policy::{
    Freshness, Guards, gateways, hosts_for, is_fresh, may_try_next_host, question, was_ended_unsent,
};
use crate::store::{ExchangeId, Store, StoredAnswer, Written};
use fetched::stored_ids;
pub use fetched::{Attempt, Fetched, Source, StoredIds};
pub(crate) use known::in_doubt;
use ledger::Ledger;
pub use not_sent::NotSent;
use onebound::{Billing, Call, CallHandle, CallKind, Client, Exchange, Host, Question, Scope, WaitsFor};
pub(crate) use planned::newest_quota;
pub use planned::{AllowedCalls, PlannedFetch};
use single_flight::{FlightRole, Leader, SingleFlight};

/// The settings that apply to all calls of a session.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    /// How long a stored answer replaces a call.
    pub freshness: Freshness,
    /// The limits that can refuse a call before it is sent.
    pub guards: Guards,
    /// Never send anything.
    pub offline: bool,
}

/// Answers calls: from the store, by a call under way, or from the hosts in order.
#[derive(Debug)]
pub struct Fetcher {
    client: Client,
    hosts: Vec<Host>,
    /// The gateways of the hosts, without duplicates.
    gateways: Vec<Scope>,
    store: Arc<dyn Store>,
    rules: Rules,
    flights: SingleFlight,
}

impl From<Freshness> for Rules {
    fn from(freshness: Freshness) -> Self {
        Self { freshness, ..Self::default() }
    }
}

impl Fetcher {
    /// Creates a fetcher that sends to the first of `hosts` that can be reached.
    pub fn new(client: Client, hosts: Vec<Host>, store: Arc<dyn Store>, rules: impl Into<Rules>) -> Self {
        let gateways = gateways(&hosts);
        Self { client, hosts, gateways, store, rules: rules.into(), flights: SingleFlight::default() }
    }

    /// Answers a call from the store, from a call for the same question that is under way, or by sending it. `handle`
    /// shows the progress of this call, and can end it without ending others.
    ///
    /// # Errors
    /// If nothing was sent and there is no answer: the reason.
    pub async fn fetch(
        &self,
        call: Call,
        policy: FetchPolicy,
        handle: &CallHandle,
    ) -> Result<Fetched, NotSent> {
        self.fetch_within(&RunBudget::default(), call, policy, handle).await
    }

    /// Answers a call like [`Self::fetch`], within the limits of a run.
    ///
    /// # Errors
    /// If nothing was sent and there is no answer: the reason.
    pub async fn fetch_within(
        &self,
        budget: &RunBudget,
        call: Call,
        policy: FetchPolicy,
        handle: &CallHandle,
    ) -> Result<Fetched, NotSent> {
        if call.kind() == CallKind::Trade {
            return self.trade(budget, call, policy, handle).await;
        }
        // Taken before the store is read, so that an answer that another session gets after that is used, not bought
        // again.
        let mut asked = Asked { policy, at: self.asked_at(policy), budget, has_waited: false };
        let Some(question) = question(&call, &self.hosts, policy) else {
            return Err(if self.rules.offline { NotSent::Offline } else { NotSent::NoHost });
        };
        if policy.takes_stored()
            && let Some(fetched) =
                self.stored(&call, &question, policy.may_send(self.rules.offline).then_some(handle)).await
        {
            return Ok(fetched);
        }
        if self.rules.offline {
            return self.offline(&call, &question, policy).await;
        }
        if !policy.may_send(false) {
            return Err(NotSent::NoneStored);
        }
        check_parameters(&call)?;
        loop {
            match self.flights.join(&question) {
                FlightRole::Leader(leader) => return self.send_once(call, asked, handle, leader).await,
                FlightRole::Follower(waiting) => {
                    handle.waits_for(WaitsFor::OtherCall);
                    let answer = tokio::select! {
                        biased;
                        // A caller that only waits leaves without ending the other call. With its handle ended,
                        // `send` sends nothing.
                        () = handle.ended() => return self.send(call, asked, handle).await,
                        answer = waiting.answer() => answer,
                    };
                    asked.has_waited = true;
                    // A call that its owner ended before it was sent has no answer for others: the next caller sends
                    // it.
                    if let Some(fetched) = answer.filter(|fetched| !was_ended_unsent(&fetched.exchange)) {
                        return Ok(Fetched {
                            source: Source::Joined,
                            stored: None,
                            in_doubt: None,
                            ..fetched
                        });
                    }
                }
            }
        }
    }

    /// Returns since when an answer replaces the call. Where the store may answer, that is as long ago as every answer is
    /// fresh: one that has come but is not written yet when the store is read is found by the ledger, and not bought again.
    fn asked_at(&self, policy: FetchPolicy) -> Timestamp {
        let now = Timestamp::now();
        if policy.takes_stored() { self.rules.freshness.all_fresh_since(now) } else { now }
    }

    /// Sends a trade call once: never answered from the store, never while the same one is under way, and to one host
    /// only.
    async fn trade(
        &self,
        budget: &RunBudget,
        call: Call,
        policy: FetchPolicy,
        handle: &CallHandle,
    ) -> Result<Fetched, NotSent> {
        if !policy.permits(&call) {
            return Err(NotSent::Unconfirmed);
        }
        if self.rules.offline {
            return Err(NotSent::Offline);
        }
        check_parameters(&call)?;
        let question = question(&call, &self.hosts, policy).ok_or(NotSent::NoHost)?;
        match self.flights.join(&question) {
            FlightRole::Leader(_pass) => {
                self.send(call, Asked { policy, at: Timestamp::now(), budget, has_waited: false }, handle)
                    .await
            }
            FlightRole::Follower(_) => Err(NotSent::TradeUnderWay),
        }
    }

    async fn send_once(
        &self,
        call: Call,
        asked: Asked<'_>,
        handle: &CallHandle,
        leader: Leader,
    ) -> Result<Fetched, NotSent> {
        // Another call for this question may have been answered between the first look at the store and this call's
        // turn.
        let stored = if asked.policy.takes_stored() {
            self.stored(&call, leader.question(), Some(handle)).await
        } else {
            None
        };
        let fetched = match stored {
            Some(fetched) => fetched,
            None => self.send(call, asked, handle).await?,
        };
        leader.complete(fetched.clone());
        Ok(fetched)
    }

    /// Returns a fresh stored answer. Once `handle` has ended it doesn't wait for the store: the call then ends where
    /// it would be sent.
    async fn stored(&self, call: &Call, question: &Question, handle: Option<&CallHandle>) -> Option<Fetched> {
        let ended = async {
            match handle {
                Some(handle) => handle.ended().await,
                None => std::future::pending().await,
            }
        };
        let answer = tokio::select! {
            biased;
            answer = self.answer(question) => answer?,
            () = ended => return None,
        };
        let until = self.rules.freshness.until_of(&answer.exchange);
        is_fresh(until, Timestamp::now()).then(|| self.reused(call, answer))
    }

    /// Returns a stored answer of any age: offline, an old one is better than none, and the screen shows its age.
    async fn offline(
        &self,
        call: &Call,
        question: &Question,
        policy: FetchPolicy,
    ) -> Result<Fetched, NotSent> {
        let stored = if policy.takes_stale_offline() { self.answer(question).await } else { None };
        stored.map(|answer| self.reused(call, answer)).ok_or(NotSent::Offline)
    }

    async fn answer(&self, question: &Question) -> Option<StoredAnswer> {
        let found = self.store.answer(question).await;
        found.inspect_err(|error| tracing::warn!(%error, "the store can't be read")).ok()?
    }

    async fn send(&self, call: Call, asked: Asked<'_>, handle: &CallHandle) -> Result<Fetched, NotSent> {
        let mut reservation = asked.budget.reserve().map_err(NotSent::OverBudget)?;
        let (mut before, mut writing, mut in_doubt) = (Vec::new(), Vec::new(), None);
        let mut hosts = hosts_for(&self.hosts, asked.policy).peekable();
        while let Some((place, host)) = hosts.next() {
            let id = match self.begin(&call, host, asked, handle).await? {
                Ledger::Row { id, in_doubt: since } => {
                    in_doubt = in_doubt.or(since);
                    id
                }
                Ledger::Joined(answer) => return Ok(self.joined(answer)),
            };
            handle.goes_out(place);
            reservation.goes_out();
            let exchange = Arc::new(self.client.send(&call, host, handle).await);
            reservation.ended(&exchange);
            writing.push(self.store.complete(id, self.client.fingerprint(), Arc::clone(&exchange)));
            if hosts.peek().is_none() || !may_try_next_host(&exchange) {
                let in_doubt = in_doubt.filter(|_| exchange.billing() != Billing::Free);
                return Ok(Fetched { in_doubt, ..self.fetched(id, exchange, before, writing) });
            }
            before.push(Attempt { id, exchange });
        }
        Err(NotSent::NoHost)
    }

    /// The answer that another session has just got.
    fn joined(&self, answer: StoredAnswer) -> Fetched {
        self.stored_as(Source::Joined, answer, None)
    }

    fn reused(&self, call: &Call, answer: StoredAnswer) -> Fetched {
        let reuse = |id| self.store.reuse(id, call.clone(), self.client.fingerprint(), Timestamp::now());
        let stored = answer.id.map(reuse).map(|written| stored_ids(vec![written]));
        self.stored_as(Source::Store, answer, stored)
    }

    fn stored_as(&self, source: Source, answer: StoredAnswer, stored: Option<StoredIds>) -> Fetched {
        let StoredAnswer { id, exchange, .. } = answer;
        let fresh_until = self.rules.freshness.until_of(&exchange);
        let key = self.client.fingerprint();
        Fetched { id, key, exchange, source, fresh_until, in_doubt: None, before: Vec::new(), stored }
    }

    fn fetched(
        &self,
        id: Option<ExchangeId>,
        exchange: Arc<Exchange>,
        before: Vec<Attempt>,
        writing: Vec<Written>,
    ) -> Fetched {
        let fresh_until = self.rules.freshness.until_of(&exchange);
        let key = self.client.fingerprint();
        Fetched {
            id,
            key,
            exchange,
            source: Source::Live,
            fresh_until,
            in_doubt: None,
            before,
            stored: Some(stored_ids(writing)),
        }
    }
}

/// What the user agreed to, and when.
#[derive(Clone, Copy)]
struct Asked<'a> {
    policy: FetchPolicy,
    at: Timestamp,
    budget: &'a RunBudget,
    /// Whether it has waited for another call's answer, in vain.
    has_waited: bool,
}

/// Checks that no parameter of the call is missing because it is secret.
fn check_parameters(call: &Call) -> Result<(), NotSent> {
    match call.withheld_parameter() {
        Some(name) => Err(NotSent::Withheld(name.to_owned())),
        None => Ok(()),
    }
}
