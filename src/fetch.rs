//! The one place where money is spent. The explorer and every subcommand send through [`Fetcher`].
//!
//! ```text
//!  Call, Want ─▶ store: a fresh answer? ── yes ─▶ Fetched { source: Store }
//!                     │ no, and it may be bought
//!                     ▼
//!               gate: is the same question under way? ── yes ─▶ wait for that call's answer
//!                     │ no
//!                     ▼
//!               client ─▶ host ─▶ next host, only while nothing was sent ─▶ store ─▶ Fetched { source: Live }
//! ```

mod gate;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::api::{Call, Client, Exchange, Failure, Host, Lifeline, Outcome, Reach};
use crate::config::Freshness;
use crate::store::{Store, StoreError};
use gate::{Entry, Gate, Pass};

/// What the user agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// A stored answer while it is fresh, and nothing else: costs nothing.
    StoreOnly,
    /// A stored answer while it is fresh, else a call.
    StoreFirst,
    /// A call, whatever is stored.
    Anew,
}

/// Where an answer came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Sent just now.
    Live,
    /// Nothing was sent.
    Store,
    /// Another fetch of this process sent it, and has counted it.
    Joined,
}

/// What a fetch brought.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The exchange that counts.
    pub exchange: Arc<Exchange>,
    /// Whether it was sent just now.
    pub source: Source,
    /// Until when it answers its question.
    pub fresh_until: Option<Timestamp>,
    /// Attempts at earlier hosts, none of which sent anything.
    pub before: Vec<Arc<Exchange>>,
    /// Why the answer, which is all here, could not be kept.
    pub not_kept: Option<StoreError>,
}

/// Why nothing was fetched; nothing was sent either.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Only a stored answer was wanted, and none is fresh.
    #[error("no fresh answer is stored")]
    NoneStored,
    /// No host is set.
    #[error("no host is set")]
    NoHost,
}

/// Sends calls: store first, through the gate, host after host.
#[derive(Debug)]
pub struct Fetcher {
    client: Client,
    hosts: Vec<Host>,
    store: Arc<dyn Store>,
    freshness: Freshness,
    gate: Gate,
}

impl Fetcher {
    /// A fetcher that sends to the first of `hosts` that can be reached.
    pub fn new(client: Client, hosts: Vec<Host>, store: Arc<dyn Store>, freshness: Freshness) -> Self {
        Self { client, hosts, store, freshness, gate: Gate::default() }
    }

    /// Answers a call from the store, from a call for the same question that is under way, or by sending it.
    /// `line` follows and ends this call alone.
    ///
    /// # Errors
    /// Why nothing was sent.
    pub async fn fetch(&self, call: Call, want: Want, line: &Lifeline) -> Result<Fetched, Refused> {
        if want != Want::Anew
            && let Some(fetched) = self.stored(&call).await
        {
            return Ok(fetched);
        }
        if want == Want::StoreOnly {
            return Err(Refused::NoneStored);
        }
        loop {
            match self.gate.enter(&call.question()) {
                Entry::First(pass) => return self.send_once(call, want, line, pass).await,
                Entry::UnderWay(waiting) => {
                    let answer = tokio::select! {
                        biased;
                        // Who only waits leaves alone; a call on an ended line sends nothing.
                        () = line.ended() => return self.send(call, line).await,
                        answer = waiting.answer() => answer,
                    };
                    // What its owner ended unsent answers nobody else: the next one sends it.
                    if let Some(fetched) = answer.filter(|fetched| !ended_unsent(&fetched.exchange)) {
                        return Ok(Fetched { source: Source::Joined, ..fetched });
                    }
                }
            }
        }
    }

    async fn send_once(
        &self,
        call: Call,
        want: Want,
        line: &Lifeline,
        pass: Pass,
    ) -> Result<Fetched, Refused> {
        // Another call for this question may have been answered between the first look and the gate.
        let stored = if want == Want::StoreFirst { self.stored(&call).await } else { None };
        let fetched = match stored {
            Some(fetched) => fetched,
            None => self.send(call, line).await?,
        };
        pass.leave(fetched.clone());
        Ok(fetched)
    }

    async fn stored(&self, call: &Call) -> Option<Fetched> {
        let found = self.store.newest_answer(&call.question()).await;
        let exchange =
            found.inspect_err(|error| tracing::warn!(%error, "the store can't be read")).ok()??;
        let until = fresh_until(self.freshness, &exchange)?;
        (Timestamp::now() < until).then(|| Fetched {
            exchange,
            source: Source::Store,
            fresh_until: Some(until),
            before: Vec::new(),
            not_kept: None,
        })
    }

    async fn send(&self, call: Call, line: &Lifeline) -> Result<Fetched, Refused> {
        let mut before = Vec::new();
        let (last, others) = self.hosts.split_last().ok_or(Refused::NoHost)?;
        for host in others {
            let exchange = self.client.send(&call, host, line).await;
            if !may_go_on(&exchange) {
                return Ok(self.keep(exchange, before).await);
            }
            before.push(Arc::new(exchange));
            line.restart();
        }
        let exchange = self.client.send(&call, last, line).await;
        Ok(self.keep(exchange, before).await)
    }

    async fn keep(&self, exchange: Exchange, before: Vec<Arc<Exchange>>) -> Fetched {
        let exchange = Arc::new(exchange);
        let mut not_kept = None;
        for exchange in before.iter().chain([&exchange]) {
            not_kept = not_kept.or(self.store.keep(Arc::clone(exchange)).await.err());
        }
        let fresh_until = fresh_until(self.freshness, &exchange);
        Fetched { exchange, source: Source::Live, fresh_until, before, not_kept }
    }
}

/// Until when the exchange answers its question; `None` where it does not.
fn fresh_until(freshness: Freshness, exchange: &Exchange) -> Option<Timestamp> {
    let fresh_for = match exchange.outcome {
        Outcome::Item => freshness.item,
        Outcome::NoResult => freshness.no_result,
        _ => return None,
    };
    exchange.ended_at().checked_add(SignedDuration::try_from(fresh_for).ok()?).ok()
}

fn ended_unsent(exchange: &Exchange) -> bool {
    exchange.outcome == Outcome::Cancelled && exchange.reach == Reach::NothingSent
}

/// The next host is tried only after a failure to connect: then no byte was sent, and nothing can be billed.
fn may_go_on(exchange: &Exchange) -> bool {
    let unreachable =
        matches!(exchange.outcome, Outcome::Failed(Failure::Connect(_) | Failure::ConnectTimeout(_)));
    unreachable && exchange.reach == Reach::NothingSent
}
