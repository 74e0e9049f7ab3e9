//! Answers one call in the background: progress on the way, and in the end its exchange.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::{OnceCell, mpsc};

use crate::api::{
    Body, Call, Client, Credentials, Exchange, Failure, Host, Lifeline, Limits, Outcome, Timing,
};
use crate::config::{Access, Config, Freshness};
use crate::emulator::{self, Emulator};
use crate::fetch::{Fetched, Fetcher, Source, Want};
use crate::message::{Event, FetchEvent, Ticket};
use crate::store::MemoryStore;

/// What answers calls; made when the first one is asked for, so that nothing waits for it before.
#[derive(Clone)]
pub struct Backend {
    parts: Arc<Parts>,
}

struct Parts {
    access: Access,
    hosts: Vec<Host>,
    limits: Limits,
    freshness: Freshness,
    ready: OnceCell<Ready>,
}

/// The fetcher, and in DEMO the emulator that it talks to.
struct Ready {
    fetcher: Fetcher,
    _emulator: Option<Emulator>,
}

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Backend({:?})", self.parts.access)
    }
}

impl Backend {
    /// A backend that has started nothing yet.
    pub fn new(config: &Config) -> Self {
        let (access, hosts) = (config.access.clone(), config.hosts.clone());
        let (limits, freshness) = (config.limits, config.freshness);
        Self { parts: Arc::new(Parts { access, hosts, limits, freshness, ready: OnceCell::new() }) }
    }

    async fn ready(&self) -> Result<&Ready, Failure> {
        self.parts.ready.get_or_try_init(|| self.parts.make_ready()).await
    }
}

impl Parts {
    async fn make_ready(&self) -> Result<Ready, Failure> {
        let setup = |error: &dyn fmt::Display| Failure::Setup(error.to_string());
        let (credentials, hosts, emulator) = match &self.access {
            Access::Account(credentials) => (credentials.clone(), self.hosts.clone(), None),
            Access::Demo => {
                let emulator =
                    emulator::start(emulator::Settings::default()).await.map_err(|error| setup(&error))?;
                let host = Host::parse(&emulator.url()).map_err(|error| setup(&error))?;
                // The emulator takes any pair.
                let credentials =
                    Credentials::new("obx-demo-key", "obx-demo-secret").map_err(|error| setup(&error))?;
                (credentials, vec![host], Some(emulator))
            }
        };
        let client = Client::new(credentials, self.limits);
        let fetcher = Fetcher::new(client, hosts, Arc::new(MemoryStore::default()), self.freshness);
        Ok(Ready { fetcher, _emulator: emulator })
    }
}

/// Starts the task. It ends with exactly one [`FetchEvent::Finished`] or [`FetchEvent::Refused`].
pub(super) fn start(
    backend: Backend,
    ticket: Ticket,
    call: Call,
    want: Want,
    line: Lifeline,
    sender: mpsc::Sender<Event>,
) {
    tokio::spawn(async move {
        let news = run(backend, ticket, call, want, line, &sender).await;
        // The loop may have ended: then nobody is left to be told.
        let _gone = sender.send(Event::Fetch(ticket, news)).await;
    });
}

async fn run(
    backend: Backend,
    ticket: Ticket,
    call: Call,
    want: Want,
    line: Lifeline,
    sender: &mpsc::Sender<Event>,
) -> FetchEvent {
    let (started_at, start) = (Timestamp::now(), Instant::now());
    let mut progress = line.watch();
    let mut reach = line.reach();
    let asked = (call.clone(), line.clone());
    let mut task = tokio::spawn(async move {
        let ready = backend.ready().await?;
        Ok::<_, Failure>(ready.fetcher.fetch(call, want, &line).await)
    });
    loop {
        tokio::select! {
            ended = &mut task => {
                return match ended {
                    Ok(Ok(Ok(fetched))) => FetchEvent::Finished(Box::new(fetched)),
                    Ok(Ok(Err(refused))) => FetchEvent::Refused(refused),
                    Ok(Err(failure)) => failed(asked, failure, started_at, start.elapsed()),
                    Err(error) => {
                        tracing::error!(%error, "the fetch broke down");
                        failed(asked, Failure::Http("internal error".to_owned()), started_at, start.elapsed())
                    }
                };
            }
            Ok(()) = progress.changed() => {
                let now = *progress.borrow_and_update();
                // Only what the screen tells apart, else every packet would wake the loop.
                if now.reach != reach {
                    reach = now.reach;
                    let _gone = sender.send(Event::Fetch(ticket, FetchEvent::Progress(now))).await;
                }
            }
        }
    }
}

/// The exchange of a call that broke down on this side: it is logged like any other.
fn failed(
    (call, line): (Call, Lifeline),
    failure: Failure,
    started_at: Timestamp,
    total: Duration,
) -> FetchEvent {
    let exchange = Exchange {
        call,
        host: Host::default(),
        started_at,
        reach: line.reach(),
        timing: Timing { total, ..Timing::default() },
        status: None,
        headers: Vec::new(),
        body: Body::none(),
        outcome: Outcome::Failed(failure),
        reply: None,
    };
    FetchEvent::Finished(Box::new(Fetched {
        exchange: Arc::new(exchange),
        source: Source::Live,
        fresh_until: None,
        before: Vec::new(),
        not_kept: None,
    }))
}
