//! Answers one call in the background: progress on the way, and in the end its exchange.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::{OnceCell, mpsc};

use super::watch::Watch;
use crate::message::{Event, FetchEvent, StoreEvent, Ticket};
use obx_core::config::{Access, Config};
use obx_core::fetch::{FetchPolicy, Fetched, Fetcher, Kept, Rules, Source};
use obx_core::store::{LocalStore, Store};
use onebound::{
    Body, Call, CallHandle, Client, Credentials, Exchange, Failure, Fingerprint, Host, Limits, Outcome,
    SecretNames, Timing,
};
use onebound_emulator::Emulator;

/// What answers calls; made when the first one is asked for, so that nothing waits for it before.
#[derive(Clone)]
pub struct Backend {
    parts: Arc<Parts>,
}

struct Parts {
    access: Access,
    hosts: Vec<Host>,
    names: SecretNames,
    limits: Limits,
    rules: Rules,
    key: Fingerprint,
    store: Arc<LocalStore>,
    watch: Watch,
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
        let (limits, names) = (config.limits, config.call.secret_names.clone());
        let rules = Rules { freshness: config.freshness, guards: config.guards, offline: config.offline };
        let store = Arc::new(LocalStore::new(config.place.clone()));
        let key = match &config.access {
            Access::Account(credentials) => credentials.fingerprint(),
            Access::Demo => Fingerprint::written("demo"),
            Access::File => Fingerprint::written("file"),
        };
        let ready = OnceCell::new();
        let watch = Watch::default();
        Self { parts: Arc::new(Parts { access, hosts, names, limits, rules, key, store, watch, ready }) }
    }

    /// Where exchanges are kept.
    pub fn store(&self) -> &dyn Store {
        self.parts.store.as_ref()
    }

    /// A text with the session's own key and secret masked.
    pub(super) fn mask(&self, text: String) -> String {
        match &self.parts.access {
            Access::Account(credentials) => credentials.mask(&text),
            // What the emulator takes is no secret.
            Access::Demo | Access::File => text,
        }
    }

    /// From now on tells of what other sessions write; where that can't be yet, a later call may.
    pub(super) fn watch(&self, sender: &mpsc::Sender<Event>) {
        if let Some(path) = self.parts.store.place().path() {
            self.parts.watch.start(path, sender);
        }
    }

    /// Tells once a session has ended that has a call under way, by these rows.
    pub(super) fn watch_owners(&self, news: &StoreEvent, sender: &mpsc::Sender<Event>) {
        match news {
            StoreEvent::Opened(opened) => self.parts.watch.owners(&opened.lines, sender),
            StoreEvent::Lines(lines) => self.parts.watch.owners(lines, sender),
            _ => {}
        }
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
            // Never sent: there is no host to send them to.
            Access::File => {
                let nobody = Credentials::new("nobody", "nobody").map_err(|error| setup(&error))?;
                (nobody, Vec::new(), None)
            }
            Access::Demo => {
                let emulator = onebound_emulator::start(onebound_emulator::Settings::default())
                    .await
                    .map_err(|error| setup(&error))?;
                let host = Host::parse(&emulator.url()).map_err(|error| setup(&error))?;
                // The emulator takes any pair.
                let credentials =
                    Credentials::new("obx-demo-key", "obx-demo-secret").map_err(|error| setup(&error))?;
                (credentials, vec![host], Some(emulator))
            }
        };
        let client = Client::new(credentials.knowing(self.names.clone()), self.limits);
        let store: Arc<dyn Store> = Arc::<LocalStore>::clone(&self.store);
        let fetcher = Fetcher::new(client, hosts, store, self.rules);
        Ok(Ready { fetcher, _emulator: emulator })
    }
}

/// Starts the task. It ends with exactly one [`FetchEvent::Finished`] or [`FetchEvent::NotSent`].
pub(super) fn start(
    backend: Backend,
    ticket: Ticket,
    call: Call,
    want: FetchPolicy,
    line: CallHandle,
    sender: mpsc::Sender<Event>,
) {
    tokio::spawn(async move {
        let news = run(backend.clone(), ticket, call, want, line, &sender).await;
        let kept = match &news {
            FetchEvent::Finished(fetched) => still_to_write(fetched).await,
            FetchEvent::Progress(_) | FetchEvent::NotSent(_) => None,
        };
        // The loop may have ended: then nobody is left to be told.
        let _gone = sender.send(Event::Fetch(ticket, news)).await;
        if let Some(kept) = kept {
            let written = kept.await;
            let failed = written.is_err();
            let _gone = sender.send(Event::Store(StoreEvent::Kept { ticket, written })).await;
            if failed {
                keep_trying(backend.store(), &sender).await;
            }
        }
    });
}

/// Larger answers are shown while they are being written: packing them alone takes longer than anybody should wait.
const WRITTEN_FIRST: usize = 256 * 1024;

/// So long a small one is written before it is shown. Mostly that takes a fraction of it; where it takes longer, the
/// answer is shown as one that is not stored yet.
const LONGEST_WRITE: Duration = Duration::from_millis(10);

/// What is to be waited for after the answer is shown; nothing where it is written by then.
async fn still_to_write(fetched: &Fetched) -> Option<Kept> {
    let kept = fetched.kept.clone()?;
    if fetched.source == Source::Live && fetched.exchange.body.len() <= WRITTEN_FIRST {
        // Out of time is no harm: `kept` says how far it is.
        let _ = tokio::time::timeout(LONGEST_WRITE, kept.clone()).await;
    }
    fetched.written().is_none().then_some(kept)
}

/// Before what could not be written is written once more; then ever longer.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Until what was paid for is written; each time after twice the time.
async fn keep_trying(store: &dyn Store, sender: &mpsc::Sender<Event>) {
    let mut pause = FIRST_PAUSE;
    loop {
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
        if matches!(store.flush().await, Ok(0)) {
            let _gone = sender.send(Event::Store(StoreEvent::Flushed)).await;
            return;
        }
    }
}

async fn run(
    backend: Backend,
    ticket: Ticket,
    call: Call,
    want: FetchPolicy,
    line: CallHandle,
    sender: &mpsc::Sender<Event>,
) -> FetchEvent {
    let (started_at, start) = (Timestamp::now(), Instant::now());
    let mut progress = line.watch();
    let mut told = *progress.borrow_and_update();
    let asked = (backend.clone(), call.clone(), line.clone());
    let mut task = tokio::spawn(async move {
        let ready = backend.ready().await?;
        Ok::<_, Failure>(ready.fetcher.fetch(call, want, &line).await)
    });
    loop {
        tokio::select! {
            ended = &mut task => {
                return match ended {
                    Ok(Ok(Ok(fetched))) => FetchEvent::Finished(Box::new(fetched)),
                    Ok(Ok(Err(refused))) => FetchEvent::NotSent(refused),
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
                if (now.reach, now.out, now.waits_for) != (told.reach, told.out, told.waits_for) {
                    told = now;
                    let _gone = sender.send(Event::Fetch(ticket, FetchEvent::Progress(now))).await;
                }
            }
        }
    }
}

/// The exchange of a call that broke down on this side: it is logged like any other.
fn failed(
    (backend, call, line): (Backend, Call, CallHandle),
    failure: Failure,
    started_at: Timestamp,
    total: Duration,
) -> FetchEvent {
    let exchange = Exchange {
        call,
        host: backend.parts.hosts.first().cloned().unwrap_or_default(),
        signed: false,
        started_at,
        reach: line.reach(),
        timing: Timing { total, ..Timing::default() },
        request_headers: Vec::new(),
        status: None,
        headers: Vec::new(),
        body: Body::none(),
        outcome: Outcome::Failed(failure),
        reply: None,
    };
    let key = backend.parts.key.clone();
    FetchEvent::Finished(Box::new(Fetched::broken_down(exchange, key, backend.store())))
}
