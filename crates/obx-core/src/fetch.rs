//! The one place where money is spent. The explorer and every subcommand send through [`Fetcher`].
//!
//! ```text
//!  Call, FetchPolicy ─▶ store: a fresh answer? ── yes ─▶ Fetched { source: Store }
//!                     │ no, and it may be bought
//!                     ▼
//!               gate: is the same question under way? ── yes ─▶ wait for that call's answer
//!                     │ no
//!                     ▼
//!               ledger: another session asks it? latch, cap, reserve? ─▶ a row, committed
//!                     │
//!                     ▼
//!               client ─▶ host ─▶ next host, only while nothing was sent ─▶ Fetched { source: Live }
//!                        (after that a next host is asked when the user says so: FetchPolicy::AtHost)  │
//!                                                                             └─▶ store, behind it
//! ```
//! A call that may trade takes none of this but the ledger: [`Confirmation`] sends it once, to one host.

mod fetched;
mod single_flight;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

pub use crate::policy::{Confirmation, FetchPolicy};
use crate::policy::{
    Freshness, Guards, came_since, gateways, hosts_for, is_fresh, lease_length, may_try_next_host, question,
    was_ended_unsent,
};
use crate::store::{
    Begun, ExchangeId, GuardViolation, Intent, Owner, Store, StoreError, StoreErrorKind, StoredAnswer,
    Written,
};
use fetched::kept;
pub use fetched::{Attempt, Fetched, Kept, Source};
use onebound::{Call, CallHandle, CallKind, Client, Exchange, Host, Question, Scope, WaitsFor};
use single_flight::{Entry, Gate, Pass};

/// What holds for all calls of a session.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    /// How long a stored answer does.
    pub freshness: Freshness,
    /// What refuses a call before it is sent.
    pub guards: Guards,
    /// Nothing is sent at all.
    pub offline: bool,
}

/// Why nothing was fetched; nothing was sent either.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// Only a stored answer was wanted, and none is fresh.
    #[error("no fresh answer is stored")]
    NoneStored,
    /// No host is set.
    #[error("no host is set")]
    NoHost,
    /// `--offline`
    #[error("offline: no answer is stored, and nothing is sent")]
    Offline,
    /// A call that may trade, without a typed confirmation of it.
    #[error("this call may trade: it is sent by a typed confirmation alone")]
    Unconfirmed,
    /// The same trade call is under way.
    #[error("the same trade call is under way")]
    TradeUnderWay,
    /// A secret parameter of a kept call, by its name: its value is kept nowhere.
    #[error("the value of {0} is not kept: give it again")]
    Withheld(String),
    /// A guard holds it back.
    #[error("refused here, nothing was sent")]
    Guarded(GuardViolation),
    /// The ledger's row could not be written.
    #[error("the call could not be written down beforehand: {0}")]
    NoLedger(StoreError),
}

impl NotSent {
    /// Whether the user may have the call sent all the same.
    pub fn can_be_overridden(&self) -> bool {
        matches!(self, Self::Guarded(_) | Self::NoLedger(_))
    }
}

/// How often it is looked whether another session has its answer.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// Sends calls: store first, through the gate, host after host.
#[derive(Debug)]
pub struct Fetcher {
    client: Client,
    hosts: Vec<Host>,
    /// Those that the hosts belong to, each once.
    gateways: Vec<Scope>,
    store: Arc<dyn Store>,
    rules: Rules,
    gate: Gate,
}

impl From<Freshness> for Rules {
    fn from(freshness: Freshness) -> Self {
        Self { freshness, ..Self::default() }
    }
}

impl Fetcher {
    /// A fetcher that sends to the first of `hosts` that can be reached.
    pub fn new(client: Client, hosts: Vec<Host>, store: Arc<dyn Store>, rules: impl Into<Rules>) -> Self {
        let gateways = gateways(&hosts);
        Self { client, hosts, gateways, store, rules: rules.into(), gate: Gate::default() }
    }

    /// Answers a call from the store, from a call for the same question that is under way, or by sending it.
    /// `line` follows and ends this call alone.
    ///
    /// # Errors
    /// Why nothing was sent.
    pub async fn fetch(&self, call: Call, want: FetchPolicy, line: &CallHandle) -> Result<Fetched, NotSent> {
        if call.kind() == CallKind::Trade {
            return self.trade(call, want, line).await;
        }
        // Before the store is looked into: an answer that another session gets after that look is taken, not bought.
        let asked = Asked { want, at: Timestamp::now() };
        let Some(question) = question(&call, &self.hosts, want) else {
            return Err(if self.rules.offline { NotSent::Offline } else { NotSent::NoHost });
        };
        if want.takes_stored()
            && let Some(fetched) =
                self.stored(&call, &question, want.may_send(self.rules.offline).then_some(line)).await
        {
            return Ok(fetched);
        }
        if self.rules.offline {
            return self.offline(&call, &question, want).await;
        }
        if !want.may_send(false) {
            return Err(NotSent::NoneStored);
        }
        complete(&call)?;
        loop {
            match self.gate.enter(&question) {
                Entry::First(pass) => return self.send_once(call, asked, line, pass).await,
                Entry::UnderWay(waiting) => {
                    line.waits_for(WaitsFor::OtherCall);
                    let answer = tokio::select! {
                        biased;
                        // Who only waits leaves alone; a call on an ended line sends nothing.
                        () = line.ended() => return self.send(call, asked, line).await,
                        answer = waiting.answer() => answer,
                    };
                    // What its owner ended unsent answers nobody else: the next one sends it.
                    if let Some(fetched) = answer.filter(|fetched| !was_ended_unsent(&fetched.exchange)) {
                        return Ok(Fetched { source: Source::Joined, kept: None, ..fetched });
                    }
                }
            }
        }
    }

    /// Sends a trade call, once: never from the store, never beside the same one, to no other host.
    async fn trade(&self, call: Call, want: FetchPolicy, line: &CallHandle) -> Result<Fetched, NotSent> {
        if !want.permits(&call) {
            return Err(NotSent::Unconfirmed);
        }
        if self.rules.offline {
            return Err(NotSent::Offline);
        }
        complete(&call)?;
        let question = question(&call, &self.hosts, want).ok_or(NotSent::NoHost)?;
        match self.gate.enter(&question) {
            Entry::First(_pass) => self.send(call, Asked { want, at: Timestamp::now() }, line).await,
            Entry::UnderWay(_) => Err(NotSent::TradeUnderWay),
        }
    }

    async fn send_once(
        &self,
        call: Call,
        asked: Asked,
        line: &CallHandle,
        pass: Pass,
    ) -> Result<Fetched, NotSent> {
        // Another call for this question may have been answered between the first look and the gate.
        let stored = if asked.want.takes_stored() {
            self.stored(&call, pass.question(), Some(line)).await
        } else {
            None
        };
        let fetched = match stored {
            Some(fetched) => fetched,
            None => self.send(call, asked, line).await?,
        };
        pass.leave(fetched.clone());
        Ok(fetched)
    }

    /// A fresh answer. It is not waited for once `line` is ended: the call then ends where it would have been sent.
    async fn stored(&self, call: &Call, question: &Question, line: Option<&CallHandle>) -> Option<Fetched> {
        let ended = async {
            match line {
                Some(line) => line.ended().await,
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

    /// An old answer is better than none where there can be no new one; its age is on the screen.
    async fn offline(&self, call: &Call, question: &Question, want: FetchPolicy) -> Result<Fetched, NotSent> {
        let stored = if want.takes_stale_offline() { self.answer(question).await } else { None };
        stored.map(|answer| self.reused(call, answer)).ok_or(NotSent::Offline)
    }

    async fn answer_unless_ended(
        &self,
        question: &Question,
        line: &CallHandle,
    ) -> Result<Option<StoredAnswer>, StoreError> {
        tokio::select! {
            () = line.ended() => Ok(None),
            answer = self.store.answer(question) => answer,
        }
    }

    async fn answer(&self, question: &Question) -> Option<StoredAnswer> {
        let found = self.store.answer(question).await;
        found.inspect_err(|error| tracing::warn!(%error, "the store can't be read")).ok()?
    }

    async fn send(&self, call: Call, asked: Asked, line: &CallHandle) -> Result<Fetched, NotSent> {
        let (mut before, mut writing) = (Vec::new(), Vec::new());
        let mut hosts = hosts_for(&self.hosts, asked.want).peekable();
        while let Some((place, host)) = hosts.next() {
            let id = match self.begin(&call, host, asked, line).await? {
                Ledger::Row(id) => id,
                Ledger::Joined(answer) => return Ok(self.joined(answer)),
            };
            line.goes_out(place);
            let exchange = Arc::new(self.client.send(&call, host, line).await);
            writing.push(self.store.settle(id, self.client.fingerprint(), Arc::clone(&exchange)));
            if hosts.peek().is_none() || !may_try_next_host(&exchange) {
                return Ok(self.fetched(id, exchange, before, writing));
            }
            before.push(Attempt { id, exchange });
        }
        Err(NotSent::NoHost)
    }

    /// Writes the ledger's row; waits while another session asks the same, and takes its answer.
    async fn begin(
        &self,
        call: &Call,
        host: &Host,
        asked: Asked,
        line: &CallHandle,
    ) -> Result<Ledger, NotSent> {
        line.waits_for(WaitsFor::Store);
        loop {
            if line.is_ended() {
                // Nothing will be sent, so there is nothing to write down beforehand.
                return Ok(Ledger::Row(None));
            }
            let begun = tokio::select! {
                biased;
                // The store may be locked for long. It takes a row back that nobody waits for any more.
                () = line.ended() => return Ok(Ledger::Row(None)),
                begun = self.store.begin(self.intent(call, host, asked)) => begun,
            };
            match begun {
                Ok(Begun::Go(id)) => return Ok(Ledger::Row(Some(id))),
                Ok(Begun::NotSent(refusal)) => return Err(NotSent::Guarded(refusal)),
                Ok(Begun::Busy(_) | Begun::Answered) if matches!(asked.want, FetchPolicy::Trade(_)) => {
                    return Err(NotSent::TradeUnderWay);
                }
                // Whether it has its answer is told next time: until then the store need not be searched for one.
                Ok(Begun::Busy(owner)) => line.waits_for(WaitsFor::OtherSession { pid: pid_here(owner) }),
                Ok(Begun::Answered) => {
                    match self.answer_unless_ended(&call.question(&host.scope()), line).await {
                        Ok(Some(answer)) if came_since(asked.at, &answer.exchange) => {
                            return Ok(Ledger::Joined(answer));
                        }
                        Ok(_) => {}
                        // It was paid for, so that it is the user's choice to buy another one.
                        Err(_) if asked.want.overrides() => return Ok(Ledger::Row(None)),
                        Err(error) => return Err(NotSent::NoLedger(error)),
                    }
                }
                // The store is closed: the user has quit.
                Err(error) if error.fault == StoreErrorKind::Stopped => return Err(NotSent::NoLedger(error)),
                Err(_) if asked.want.overrides() => return Ok(Ledger::Row(None)),
                Err(error) => return Err(NotSent::NoLedger(error)),
            }
            tokio::select! {
                () = line.ended() => {}
                () = tokio::time::sleep(LOOK_AGAIN) => {}
            }
        }
    }

    fn intent(&self, call: &Call, host: &Host, asked: Asked) -> Intent {
        Intent {
            call: call.clone(),
            host: host.clone(),
            key: self.client.fingerprint(),
            guards: self.rules.guards,
            gateways: self.gateways.clone(),
            is_override: asked.want.overrides(),
            at: Timestamp::now(),
            asked_at: asked.at,
            lease: lease_length(self.client.max_duration()),
        }
    }

    /// What another session has just been told.
    fn joined(&self, answer: StoredAnswer) -> Fetched {
        self.stored_as(Source::Joined, answer, None)
    }

    fn reused(&self, call: &Call, answer: StoredAnswer) -> Fetched {
        let reuse = |id| self.store.reuse(id, call.clone(), self.client.fingerprint(), Timestamp::now());
        let kept = answer.id.map(reuse).map(|written| kept(vec![written]));
        self.stored_as(Source::Store, answer, kept)
    }

    fn stored_as(&self, source: Source, answer: StoredAnswer, kept: Option<Kept>) -> Fetched {
        let StoredAnswer { id, exchange } = answer;
        let fresh_until = self.rules.freshness.until_of(&exchange);
        let key = self.client.fingerprint();
        Fetched { id, key, exchange, source, fresh_until, before: Vec::new(), kept }
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
        Fetched { id, key, exchange, source: Source::Live, fresh_until, before, kept: Some(kept(writing)) }
    }
}

/// What the user wants, and since when.
#[derive(Clone, Copy)]
struct Asked {
    want: FetchPolicy,
    at: Timestamp,
}

/// What the ledger allows.
enum Ledger {
    /// To send; the row, where one could be written or had to be.
    Row(Option<ExchangeId>),
    /// To take the answer of another session.
    Joined(StoredAnswer),
}

/// Whether all of the call is known that has to be sent.
fn complete(call: &Call) -> Result<(), NotSent> {
    match call.withheld_parameter() {
        Some(name) => Err(NotSent::Withheld(name.to_owned())),
        None => Ok(()),
    }
}

/// The number of a process, where it says something here.
fn pid_here(owner: Option<Owner>) -> Option<u32> {
    owner.filter(Owner::is_on_this_machine).map(|owner| owner.pid)
}
