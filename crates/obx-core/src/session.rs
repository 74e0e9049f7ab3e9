//! The one door to obx's work, for a screen and for a script alike: it wires client, store, guards and emulator by a
//! checked configuration.
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
use crate::fetch::{FetchPolicy, Fetched, Fetcher, NotSent, Rules};
use crate::store::{LocalStore, Store, StoreError};
use onebound::{
    Body, Call, CallHandle, Client, Credentials, Exchange, Failure, Fingerprint, Host, Limits, Outcome,
    SecretNames, Timing,
};
#[cfg(feature = "demo")]
use onebound_emulator::Emulator;
#[cfg(not(feature = "demo"))]
use std::convert::Infallible as Emulator;

use running_calls::RunningCalls;

/// Answers calls, and holds what was answered. Cloning shares it.
#[derive(Clone)]
pub struct Session {
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
    calls: RunningCalls,
    ready: OnceCell<Ready>,
}

/// The fetcher, and in DEMO the emulator that it talks to.
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
    /// A session by this configuration. It opens store, client and emulator when they are first needed, so that nothing
    /// waits for them before.
    pub fn open(config: &Config) -> Self {
        let (access, hosts) = (config.access.clone(), config.hosts.clone());
        let (limits, names) = (config.limits, config.call.secret_names.clone());
        let rules = Rules { freshness: config.freshness, guards: config.guards, offline: config.offline };
        let store = Arc::new(LocalStore::new(config.place.clone()));
        let key = match &config.access {
            Access::Account(credentials) => credentials.fingerprint(),
            Access::Demo => Fingerprint::written("demo"),
            Access::File => Fingerprint::written("file"),
        };
        Self {
            parts: Arc::new(Parts {
                access,
                hosts,
                names,
                limits,
                rules,
                key,
                store,
                calls: RunningCalls::default(),
                ready: OnceCell::new(),
            }),
        }
    }

    /// Answers one call, from the store or from the vendor, as the policy has it. A call that breaks down before it
    /// comes to a host ends in an exchange too.
    ///
    /// # Errors
    ///
    /// What kept the call from being sent: a guard, the policy, the ledger.
    pub async fn fetch(
        &self,
        call: Call,
        policy: FetchPolicy,
        handle: &CallHandle,
    ) -> Result<Fetched, NotSent> {
        let (started_at, start) = (Timestamp::now(), Instant::now());
        // Until the store was handed what came of it.
        let _running = self.parts.calls.add(handle);
        match self.ready().await {
            Ok(ready) => ready.fetcher.fetch(call, policy, handle).await,
            Err(failure) => Ok(self.broken_down(call, handle, failure, started_at, start.elapsed())),
        }
    }

    /// The exchange of a call that broke down on this side, kept like any other.
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

    /// Where exchanges are kept: history, log, search, quota.
    pub fn store(&self) -> &dyn Store {
        self.parts.store.as_ref()
    }

    /// The store's file, or that it is in memory.
    pub fn place(&self) -> &Place {
        self.parts.store.place()
    }

    /// A text with the session's own key and secret masked.
    pub fn mask(&self, text: String) -> String {
        match &self.parts.access {
            Access::Account(credentials) => credentials.mask(&text),
            // What the emulator takes is no secret.
            Access::Demo | Access::File => text,
        }
    }

    /// Ends calls that are not sent yet, so that they are never sent, writes what is still to be written, gives up what
    /// is under way, and closes the store.
    ///
    /// # Errors
    ///
    /// If not all could be written. The store is closed all the same.
    pub async fn close(&self) -> Result<(), StoreError> {
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
            // Never sent: there is no host to send them to.
            Access::File => (pair("nobody", "nobody")?, Vec::new(), None),
            Access::Demo => demo().await?,
        };
        let client = Client::new(credentials.with_secret_names(self.names.clone()), self.limits);
        let store: Arc<dyn Store> = Arc::<LocalStore>::clone(&self.store);
        let fetcher = Fetcher::new(client, hosts, store, self.rules);
        Ok(Ready { fetcher, _emulator: emulator })
    }
}

/// An emulator on this machine, which takes any pair of key and secret.
#[cfg(feature = "demo")]
async fn demo() -> Result<(Credentials, Vec<Host>, Option<Emulator>), Failure> {
    let setup = |error: &dyn fmt::Display| Failure::Setup(error.to_string());
    let emulator = Emulator::start().await.map_err(|error| setup(&error))?;
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
