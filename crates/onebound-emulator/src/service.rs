//! What the gateway knows between calls, and what it decides for each of them.
//!
//! [`Service::decide`] checks, counts and looks into the cache; it is quick and writes nothing. The router
//! then waits out the delay and has the [`Page`] written. Order of the checks: a fault set for all calls,
//! concurrency, key and secret, name and parameters, the ID's own fault or code, quota.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::Request;
use super::cache::Cache;
use super::call::{Ask, Call};
use super::catalogue;
use super::codes::{self, Refusal};
use super::envelope::{Content, Head, Page};
use super::faults::Fault;
use super::form::Form;
use super::ledger::Ledger;
use super::seeded_rng::SeededRng;
use super::settings::Settings;
use super::signature;

/// How many requests are remembered; an emulator may run for weeks.
const REMEMBERED: usize = 10_000;

/// The state of one emulator.
pub(super) struct Service {
    pub(super) settings: Settings,
    /// Cancelled when the emulator stops, so that nothing waits any longer.
    pub(super) stop: CancellationToken,
    calls: AtomicU64,
    under_way: AtomicUsize,
    ledger: Mutex<Ledger>,
    cache: Mutex<Cache>,
    requests: Mutex<VecDeque<Request>>,
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service")
            .field("settings", &self.settings)
            .field("calls", &self.calls)
            .finish_non_exhaustive()
    }
}

/// What is to be done with a call.
pub(super) enum Decision {
    /// Answered by a fault that needs no item.
    Spoilt { fault: Fault, pause: Duration },
    /// Answered by this page, after the pause.
    Answered { page: Box<Page>, pause: Duration },
}

/// What a call gets, before it is known how long that takes and how much of the quota is left.
enum Verdict {
    Spoilt(Fault),
    Content(Content, Option<Fault>),
}

/// A call counts as under way for as long as this lives.
pub(super) struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Service {
    pub(super) fn new(settings: Settings, stop: CancellationToken) -> Self {
        let ledger = Ledger::new(settings.quota, settings.expires, settings.clock.now());
        Self {
            settings,
            stop,
            calls: AtomicU64::new(0),
            under_way: AtomicUsize::new(0),
            ledger: Mutex::new(ledger),
            cache: Mutex::default(),
            requests: Mutex::default(),
        }
    }

    /// Remembers a request, and tells how many reached the API so far, this one included.
    pub(super) fn note(&self, request: Request, is_call: bool) -> u64 {
        let mut requests = open(&self.requests);
        if requests.len() >= REMEMBERED {
            requests.pop_front();
        }
        requests.push_back(request);
        self.calls.fetch_add(u64::from(is_call), Ordering::AcqRel) + u64::from(is_call)
    }

    pub(super) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Acquire)
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        open(&self.requests).iter().cloned().collect()
    }

    pub(super) fn today(&self) -> u64 {
        open(&self.ledger).used(self.settings.clock.now())
    }

    /// Takes a place among the calls under way.
    pub(super) fn enter(&self) -> Place<'_> {
        self.under_way.fetch_add(1, Ordering::AcqRel);
        Place(&self.under_way)
    }

    fn is_crowded(&self) -> bool {
        self.settings.concurrency.is_some_and(|limit| self.under_way.load(Ordering::Acquire) > limit)
    }

    /// Decides on a call that has entered; `serial` is its number.
    pub(super) fn decide(&self, call: &Call, serial: u64) -> Decision {
        let now = self.settings.clock.now();
        let (content, fault) = match self.verdict(call, now) {
            Ok(Verdict::Spoilt(fault)) => {
                return Decision::Spoilt { fault, pause: self.settings.delay.short() };
            }
            Ok(Verdict::Content(content, fault)) => (content, fault),
            Err((refusal, fault)) => (Content::Refused(refusal), fault),
        };
        let (pause, seconds) = self.time(&content, serial);
        let head = Head {
            api_type: call.api_type.clone(),
            args: call.args(),
            api_info: open(&self.ledger).api_info(now),
            execution_time: execution_time(&content, seconds),
            sent: now + SignedDuration::try_from(pause).unwrap_or_default(),
            serial,
        };
        let form = match call.form() {
            // Escaped text would be the same in GBK as in UTF-8.
            Form::Json if fault == Some(Fault::Gbk) => Form::JsonU,
            form => form,
        };
        let page = Page { head, content, fault, form };
        Decision::Answered { page: Box::new(page), pause }
    }

    fn verdict(&self, call: &Call, now: Timestamp) -> Result<Verdict, (Refusal, Option<Fault>)> {
        let set = self.settings.fault;
        if let Some(fault) = set.filter(|fault| fault.comes_before_the_item()) {
            return Ok(Verdict::Spoilt(fault));
        }
        let ask = self.admit(call, now).map_err(|refusal| (refusal, set))?;
        let fault = set.or_else(|| Fault::asked_by(&ask.num_iid));
        if let Some(fault) = fault.filter(|fault| fault.comes_before_the_item()) {
            return Ok(Verdict::Spoilt(fault));
        }
        if let Some(refusal) = fault.and_then(|fault| refusal_of(fault, call)) {
            return Err((refusal, fault));
        }
        self.content(ask, call, now).map(|content| Verdict::Content(content, fault)).map_err(|no| (no, fault))
    }

    fn admit(&self, call: &Call, now: Timestamp) -> Result<Ask, Refusal> {
        if self.is_crowded() {
            return Err(Refusal::of("4008"));
        }
        let missing = |name| Refusal::because("4014", format!("参数缺失:{name}"));
        let key = call.param("key").ok_or_else(|| missing("key"))?;
        let known = self.settings.credentials.as_ref();
        if known.is_some_and(|(known_key, _)| known_key != key) {
            return Err(Refusal::of("4005"));
        }
        let known_secret = known.map(|(_, secret)| secret.as_str());
        match (call.param("secret"), call.param("sign")) {
            (Some(secret), _) if known_secret.is_none_or(|known| known == secret) => {}
            (Some(_), _) => return Err(Refusal::of("4005")),
            (None, Some(sign)) => signature::check(call, sign, known_secret, now)?,
            (None, None) => return Err(missing("secret")),
        }
        Ask::read(call)
    }

    /// Counts the call if it is billed. An answer of the vendor's cache is counted too: what the vendor does
    /// there is not known, and a client that is careful about money should meet the worse of the two.
    fn content(&self, ask: Ask, call: &Call, now: Timestamp) -> Result<Content, Refusal> {
        let code = match catalogue::asked_sku_count(&ask.num_iid) {
            Some(_) => None,
            None => codes::asked_by(&ask.num_iid),
        };
        let refusal = code.filter(|code| *code != "0000").map(Refusal::of);
        if let Some(refusal) = refusal.as_ref().filter(|refusal| !refusal.is_billed()) {
            return Err(refusal.clone());
        }
        let mut ledger = open(&self.ledger);
        if let Some(used_up) = ledger.refusal(now) {
            return Err(used_up);
        }
        ledger.bill(now);
        match (refusal, code) {
            (Some(refusal), _) => Err(refusal),
            (None, Some(_)) => Ok(Content::Nothing),
            (None, None) => Ok(self.item(ask, call.cache_key(), now)),
        }
    }

    fn item(&self, ask: Ask, cache_key: String, now: Timestamp) -> Content {
        let mut cache = open(&self.cache);
        let found = if ask.cached { cache.find(&cache_key, now) } else { None };
        if found.is_none() {
            cache.keep(cache_key.clone(), now);
        }
        Content::Item { ask, made: found.unwrap_or(now), cached: found.is_some(), cache_key }
    }

    /// How long the answer takes, and how many seconds it claims to have taken.
    fn time(&self, content: &Content, serial: u64) -> (Duration, f64) {
        let mut dice = SeededRng::of(&self.settings.seed.to_string(), "delay").turned(serial);
        if let Content::Item { cached: false, .. } | Content::Nothing = content {
            let pause = self.settings.delay.draw(&mut dice);
            return (pause, pause.as_secs_f64());
        }
        let thousandths = u32::try_from(dice.between(71, 89)).unwrap_or(81);
        (self.settings.delay.short(), f64::from(thousandths) / 1000.0)
    }
}

/// The refusal that a fault consists of.
fn refusal_of(fault: Fault, call: &Call) -> Option<Refusal> {
    let key = call.param("key").unwrap_or_default();
    match fault {
        Fault::Gbk => Some(Refusal::because("4005", "授权失败,请联系客服")),
        Fault::UnknownCode => Some(Refusal::of("4099")),
        Fault::KeyEcho => Some(Refusal::because("4005", format!("Key[{key}]已超量,联系QQ:xxx"))),
        _ => None,
    }
}

/// A number, or for about one ID in three a string: both were captured ("2.746", 6.65).
fn execution_time(content: &Content, seconds: f64) -> Value {
    let rounded = (seconds * 1000.0).round() / 1000.0;
    match content {
        Content::Item { ask, .. } if SeededRng::of(&ask.num_iid, "execution_time").one_in(3) => {
            format!("{rounded:.3}").into()
        }
        // PHP writes a round float without a fraction.
        _ if rounded == 0.0 => 0.into(),
        _ => rounded.into(),
    }
}

/// A panic of another request under the lock does not make these counts wrong.
fn open<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
