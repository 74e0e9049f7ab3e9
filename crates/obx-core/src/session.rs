//! The entry point to everything obx does, for a screen and for a script alike: a session connects client, store,
//! guards and emulator according to a validated configuration.
//!
//! ```no_run
//! use obx_core::config::{self, Environment, Flags};
//! use obx_core::fetch::FetchPolicy;
//! use obx_core::session::Session;
//! use onebound::{CallHandle, ItemId};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let config = config::load(&Flags::default(), &Environment::capture())?;
//! let session = Session::open(&config);
//! let call = config.call.item_get(ItemId::find("610947572360")?);
//! let fetched = session.fetch(call, FetchPolicy::CacheFirst, &CallHandle::default()).await?;
//! println!("{:?}, {:?}", fetched.source, fetched.exchange.outcome);
//! session.close().await?;
//! # Ok(())
//! # }
//! ```

mod running_calls;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::OnceCell;

use crate::config::{Access, Config, Place};
use crate::fetch::{
    self, AllowedCalls, FetchPolicy, Fetched, Fetcher, NotSent, PlannedFetch, Rules, RunBudget,
};
use crate::picture::{Picture, PictureError, PictureLoader, PixelRoom};
use crate::policy::Freshness;
use crate::store::{self, KnownAnswer, Store, StoreError};
use onebound::{
    Account, Body, Call, CallHandle, Client, Credentials, Exchange, Failure, Fingerprint, Host, Limits,
    Outcome, PictureHandle, PictureUrl, SecretNames, Timing,
};
#[cfg(feature = "demo")]
use onebound_emulator::{Emulator, Settings};
#[cfg(not(feature = "demo"))]
use std::convert::Infallible as Emulator;

use running_calls::RunningCalls;

/// Answers calls and stores their exchanges. Clones share one session.
#[derive(Clone)]
pub struct Session {
    parts: Arc<Parts>,
    budget: RunBudget,
}

struct Parts {
    access: Access,
    hosts: Vec<Host>,
    names: SecretNames,
    limits: Limits,
    rules: Rules,
    key: Fingerprint,
    place: Place,
    store: Arc<dyn Store>,
    pictures: PictureLoader,
    calls: RunningCalls,
    ready: OnceCell<Ready>,
}

/// The fetcher, and in DEMO the emulator that it sends to.
struct Ready {
    fetcher: Fetcher,
    _emulator: Option<Emulator>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session({:?})", self.parts.access)
    }
}

impl Session {
    /// Creates a session from this configuration. Store, client and emulator are opened when they are first needed,
    /// so that the start doesn't wait for them.
    pub fn open(config: &Config) -> Self {
        Self::with_store(config, store::open(&config.place))
    }

    /// The same for a run that reads no answer again that it was sent. Where the store is in memory it has only the
    /// ledger, so that memory doesn't grow with every answer.
    pub fn open_to_read_once(config: &Config) -> Self {
        Self::with_store(config, store::open_to_read_once(&config.place))
    }

    fn with_store(config: &Config, store: Arc<dyn Store>) -> Self {
        let (access, hosts) = (config.access.clone(), config.hosts.clone());
        let (limits, names) = (config.limits, config.call.secret_names.clone());
        let rules = Rules { freshness: config.freshness, guards: config.guards, offline: config.offline };
        let place = config.place.clone();
        let key = match &config.access {
            Access::Account(credentials) => credentials.fingerprint(),
            Access::Demo => Fingerprint::from_stored("demo"),
            Access::None => Fingerprint::from_stored("none"),
        };
        Self {
            budget: RunBudget::default(),
            parts: Arc::new(Parts {
                access,
                hosts,
                names,
                limits,
                rules,
                key,
                place,
                store,
                pictures: PictureLoader::new(config.picture_folder.clone(), config.offline),
                calls: RunningCalls::default(),
                ready: OnceCell::new(),
            }),
        }
    }

    /// Returns the same session for a run with this budget: what it sends counts against the budget.
    #[must_use]
    pub fn with_budget(&self, budget: RunBudget) -> Self {
        Self { parts: Arc::clone(&self.parts), budget }
    }

    /// Returns the same session for a purchase of so many calls, as the user has confirmed: the run's own limits hold too,
    /// and what its plan did not have is not bought.
    #[must_use]
    pub fn confirmed(&self, calls: u64) -> Self {
        self.with_budget(self.budget.confirmed(calls))
    }

    /// Answers a call from the store or from the vendor, as the policy allows. A call that fails before it reaches a
    /// host also ends in an exchange.
    ///
    /// # Errors
    ///
    /// If a guard, the policy or the ledger kept the call from being sent.
    pub async fn fetch(
        &self,
        call: Call,
        policy: FetchPolicy,
        handle: &CallHandle,
    ) -> Result<Fetched, NotSent> {
        let (started_at, start) = (Timestamp::now(), Instant::now());
        // Held until the store has the call's exchange.
        let _running = self.parts.calls.add(handle);
        match self.ready().await {
            Ok(ready) => ready.fetcher.fetch_within(&self.budget, call, policy, handle).await,
            Err(failure) => Ok(self.broken_down(call, handle, failure, started_at, start.elapsed())),
        }
    }

    /// Plans a fetch by the guards that decide when it is made; nothing is sent, and nothing is logged. So many calls that
    /// are planned before it count as billed.
    pub async fn plan(&self, call: &Call, policy: FetchPolicy, planned: u64) -> PlannedFetch {
        match self.ready().await {
            Ok(ready) => ready.fetcher.plan(&self.budget, call, policy, planned).await,
            Err(_) => PlannedFetch::NotSent(NotSent::NoHost),
        }
    }

    /// Returns how many of so many calls that no stored answer replaces the budget and the guards would let through now, if
    /// so many that are planned before them are billed.
    pub async fn allowed(&self, calls: u64, planned: u64) -> AllowedCalls {
        match self.ready().await {
            Ok(ready) => ready.fetcher.allowed(&self.budget, calls, planned).await,
            Err(_) => AllowedCalls::none(NotSent::NoHost),
        }
    }

    /// Returns what the store knows of these calls, in their order.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn known(&self, calls: Vec<Call>) -> Result<Vec<KnownAnswer>, StoreError> {
        match self.ready().await {
            Ok(ready) => ready.fetcher.known(calls).await,
            // Then every call fails, and says why.
            Err(_) => Ok(vec![KnownAnswer::default(); calls.len()]),
        }
    }

    /// Returns when an earlier call for the same was sent whose answer never came, if it is in doubt: this one may be billed a
    /// second time.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn in_doubt(&self, call: &Call) -> Result<Option<Timestamp>, StoreError> {
        // Without starting what only calls need: before the first one of DEMO there is no host, and nothing is in doubt.
        let hosts = self.parts.ready.get().map_or(&*self.parts.hosts, |ready| ready.fetcher.hosts());
        fetch::in_doubt(self.store(), hosts, call, self.freshness()).await
    }

    /// Returns a fresh stored answer. Nothing is sent, and nothing is logged.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn peek(&self, call: &Call) -> Result<Option<Fetched>, StoreError> {
        match self.ready().await {
            Ok(ready) => ready.fetcher.peek(call).await,
            Err(_) => Ok(None),
        }
    }

    /// Returns the account whose quota the calls use; `None` if nothing can be sent.
    pub async fn account(&self) -> Option<Account> {
        self.ready().await.ok()?.fetcher.account()
    }

    /// Returns for how long a stored answer replaces a call.
    pub fn freshness(&self) -> Freshness {
        self.parts.rules.freshness
    }

    /// Creates and stores the exchange of a call that failed on this side.
    pub fn broken_down(
        &self,
        call: Call,
        handle: &CallHandle,
        failure: Failure,
        started_at: Timestamp,
        total: Duration,
    ) -> Fetched {
        let exchange = Exchange {
            call,
            host: self.parts.hosts.first().cloned().unwrap_or_default(),
            signed: false,
            started_at,
            stage: handle.stage(),
            timing: Timing { total, ..Timing::default() },
            request_headers: Vec::new(),
            status: None,
            headers: Vec::new(),
            body: Body::none(),
            outcome: Outcome::Failed(failure),
            reply: None,
        };
        Fetched::broken_down(exchange, self.parts.key.clone(), self.store())
    }

    /// Loads a picture of an item, and encodes it for this room, if any. That is no call: the gateway is not asked, and
    /// nothing is counted.
    ///
    /// # Errors
    ///
    /// Why it can't be shown.
    pub async fn picture(
        &self,
        url: &PictureUrl,
        room: Option<PixelRoom>,
        handle: &PictureHandle,
    ) -> Result<Arc<Picture>, PictureError> {
        self.parts.pictures.load(url, room, handle).await
    }

    /// Returns the store: history, log, search, quota.
    pub fn store(&self) -> &dyn Store {
        self.parts.store.as_ref()
    }

    /// Returns the store's file, or that it is in memory.
    pub fn place(&self) -> &Place {
        &self.parts.place
    }

    /// Masks the session's own key and secret in a text.
    pub fn mask(&self, text: String) -> String {
        match &self.parts.access {
            Access::Account(credentials) => credentials.mask(&text),
            // The emulator's key and secret are not confidential.
            Access::Demo | Access::None => text,
        }
    }

    /// Masks a text that was given as an item, before any of it is cut or shown: the session's own key and secret, and as a
    /// whole a text that assigns a secret, as an address of the gateway does.
    pub fn mask_given(&self, text: &str, names: &SecretNames) -> String {
        if names.are_assigned_in(text) {
            return "•".repeat(text.trim().chars().count());
        }
        self.mask(text.to_owned())
    }

    /// Ends the calls that are not sent yet, so that they never are; no further call begins. Completes when they have
    /// ended; whoever awaits [`Session::fetch`] has to go on meanwhile.
    pub async fn end_unsent(&self) {
        self.parts.calls.end_unsent().await;
    }

    /// Cancels all calls under way, also those that were sent: each ends in an exchange of which nobody knows whether it
    /// is billed.
    pub fn give_up(&self) {
        self.parts.calls.give_up();
    }

    /// Returns how many calls are under way.
    pub fn running_calls(&self) -> usize {
        self.parts.calls.count()
    }

    /// Completes when no call is under way.
    pub async fn calls_ended(&self) {
        self.parts.calls.all_ended().await;
    }

    /// Ends calls that are not sent yet, so that they never are; writes what is still unwritten, gives up the calls
    /// under way, and closes the store.
    ///
    /// # Errors
    ///
    /// If not everything could be written. The store is closed nevertheless.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.store().end_soon();
        self.parts.calls.end_unsent().await;
        let left = self.store().flush().await;
        self.store().close().await;
        left.map(|_| ())
    }

    async fn ready(&self) -> Result<&Ready, Failure> {
        self.parts.ready.get_or_try_init(|| self.parts.make_ready()).await
    }
}

impl Parts {
    async fn make_ready(&self) -> Result<Ready, Failure> {
        let (credentials, hosts, emulator) = match &self.access {
            Access::Account(credentials) => (credentials.clone(), self.hosts.clone(), None),
            // Never sent, since there is no host.
            Access::None => (pair("nobody", "nobody")?, Vec::new(), None),
            Access::Demo => demo().await?,
        };
        let client = Client::new(credentials.with_secret_names(self.names.clone()), self.limits);
        let fetcher = Fetcher::new(client, hosts, Arc::clone(&self.store), self.rules);
        Ok(Ready { fetcher, _emulator: emulator })
    }
}

/// So often stock changes in DEMO: whoever fetches an item twice in a first session sees a difference.
#[cfg(feature = "demo")]
const DEMO_DRIFT: Duration = Duration::from_secs(20);

/// Starts an emulator on this machine, which accepts any key and secret.
#[cfg(feature = "demo")]
async fn demo() -> Result<(Credentials, Vec<Host>, Option<Emulator>), Failure> {
    let setup = |error: &dyn fmt::Display| Failure::Setup(error.to_string());
    let emulator = Emulator::start_with(Settings { drift: DEMO_DRIFT, ..Settings::default() })
        .await
        .map_err(|error| setup(&error))?;
    let host = Host::parse(&emulator.url()).map_err(|error| setup(&error))?;
    Ok((pair("obx-demo-key", "obx-demo-secret")?, vec![host], Some(emulator)))
}

#[cfg(not(feature = "demo"))]
async fn demo() -> Result<(Credentials, Vec<Host>, Option<Emulator>), Failure> {
    let missing = "there is no key, and this obx was built without the emulator: set OBX_KEY and OBX_SECRET";
    std::future::ready(Err(Failure::Setup(missing.to_owned()))).await
}

fn pair(key: &str, secret: &str) -> Result<Credentials, Failure> {
    Credentials::new(key, secret).map_err(|error| Failure::Setup(error.to_string()))
}
