//! The state of the gateway, and its decision on each call.
//!
//! [`Gateway::decide`] checks, counts and looks into the cache; it is quick and writes nothing. The router
//! then waits out the delay and has the [`PlannedResponse`] written. Order of the checks: a fault set for all calls,
//! concurrency, key and secret, name and parameters, the fault or code of the ID or of the words, quota.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::ReceivedRequest;
use super::cache::Cache;
use super::catalogue::{self, Moment};
use super::codes::{self, ErrorReply};
use super::faults::Fault;
use super::form::ResponseFormat;
use super::quota::QuotaCounter;
use super::request::{ApiQuery, ApiRequest, CallRequest};
use super::response::{EnvelopeContent, EnvelopeHead, PlannedResponse};
use super::seeded_rng::SeededRng;
use super::settings::Settings;
use super::signature;

/// How many requests are remembered; an emulator may run for weeks.
const MAX_REQUESTS: usize = 10_000;

/// The state of one emulator.
pub(super) struct Gateway {
    pub(super) settings: Settings,
    /// Cancelled when the emulator stops, so that nothing waits any longer.
    pub(super) stop: CancellationToken,
    calls: AtomicU64,
    in_progress: AtomicUsize,
    quota: Mutex<QuotaCounter>,
    cache: Mutex<Cache>,
    requests: Mutex<VecDeque<ReceivedRequest>>,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gateway")
            .field("settings", &self.settings)
            .field("calls", &self.calls)
            .finish_non_exhaustive()
    }
}

/// What to do with a call.
pub(super) enum CallDecision {
    /// Answered by a fault that needs no item.
    Faulty { fault: Fault, pause: Duration },
    /// Answered by this response, after the pause.
    Answered { response: Box<PlannedResponse>, pause: Duration },
}

/// The result of a call, without its delay and the remaining quota.
enum Verdict {
    Faulty(Fault),
    Content(EnvelopeContent, Option<Fault>),
}

/// Counts a call as in progress until it is dropped.
pub(super) struct CallInProgress<'a>(&'a AtomicUsize);

impl Drop for CallInProgress<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Gateway {
    pub(super) fn new(settings: Settings, stop: CancellationToken) -> Self {
        let quota = QuotaCounter::new(settings.quota, settings.expires, settings.clock.now());
        Self {
            settings,
            stop,
            calls: AtomicU64::new(0),
            in_progress: AtomicUsize::new(0),
            quota: Mutex::new(quota),
            cache: Mutex::default(),
            requests: Mutex::default(),
        }
    }

    /// Records a request; returns the number of API calls so far, this one included.
    pub(super) fn note(&self, request: ReceivedRequest, is_call: bool) -> u64 {
        let mut requests = open(&self.requests);
        if requests.len() >= MAX_REQUESTS {
            requests.pop_front();
        }
        requests.push_back(request);
        self.calls.fetch_add(u64::from(is_call), Ordering::AcqRel) + u64::from(is_call)
    }

    pub(super) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Acquire)
    }

    pub(super) fn requests(&self) -> Vec<ReceivedRequest> {
        open(&self.requests).iter().cloned().collect()
    }

    pub(super) fn today(&self) -> u64 {
        open(&self.quota).used(self.settings.clock.now())
    }

    /// Counts a call as in progress.
    pub(super) fn enter(&self) -> CallInProgress<'_> {
        self.in_progress.fetch_add(1, Ordering::AcqRel);
        CallInProgress(&self.in_progress)
    }

    fn is_over_limit(&self) -> bool {
        self.settings.concurrency.is_some_and(|limit| self.in_progress.load(Ordering::Acquire) > limit)
    }

    /// Decides on a call that has entered; `serial` is its number.
    pub(super) fn decide(&self, call: &CallRequest, serial: u64) -> CallDecision {
        let now = self.settings.clock.now();
        let (content, fault) = match self.verdict(call, now) {
            Ok(Verdict::Faulty(fault)) => {
                return CallDecision::Faulty { fault, pause: self.settings.delay.short() };
            }
            Ok(Verdict::Content(content, fault)) => (content, fault),
            Err((error, fault)) => (EnvelopeContent::Refused(error), fault),
        };
        let (pause, seconds) = self.time(&content, serial);
        let head = EnvelopeHead {
            api_type: call.api_type.clone(),
            args: call.args(),
            api_info: open(&self.quota).api_info(now),
            execution_time: execution_time(&content, seconds),
            sent: now + SignedDuration::try_from(pause).unwrap_or_default(),
            serial,
        };
        let form = match call.form() {
            // Escaped text would be the same in GBK as in UTF-8.
            ResponseFormat::Json if fault == Some(Fault::Gbk) => ResponseFormat::JsonU,
            form => form,
        };
        let response = PlannedResponse { head, content, fault, form };
        CallDecision::Answered { response: Box::new(response), pause }
    }

    fn verdict(&self, call: &CallRequest, now: Timestamp) -> Result<Verdict, (ErrorReply, Option<Fault>)> {
        let set = self.settings.fault;
        if let Some(fault) = set.filter(|fault| fault.needs_no_item()) {
            return Ok(Verdict::Faulty(fault));
        }
        let request = self.admit(call, now).map_err(|error| (error, set))?;
        let fault = set.or_else(|| Fault::of_item_id(request.test_text()));
        if let Some(fault) = fault.filter(|fault| fault.needs_no_item()) {
            return Ok(Verdict::Faulty(fault));
        }
        if let Some(error) = fault.and_then(|fault| error_of(fault, call)) {
            return Err((error, fault));
        }
        self.content(request, call, now)
            .map(|content| Verdict::Content(content, fault))
            .map_err(|no| (no, fault))
    }

    fn admit(&self, call: &CallRequest, now: Timestamp) -> Result<ApiRequest, ErrorReply> {
        if self.is_over_limit() {
            return Err(ErrorReply::new("4008"));
        }
        let missing = |name| ErrorReply::with_reason("4014", format!("参数缺失:{name}"));
        let key = call.param("key").ok_or_else(|| missing("key"))?;
        let known = self.settings.credentials.as_ref();
        if known.is_some_and(|(known_key, _)| known_key != key) {
            return Err(ErrorReply::new("4005"));
        }
        let known_secret = known.map(|(_, secret)| secret.as_str());
        match (call.param("secret"), call.param("sign")) {
            (Some(secret), _) if known_secret.is_none_or(|known| known == secret) => {}
            (Some(_), _) => return Err(ErrorReply::new("4005")),
            (None, Some(sign)) => signature::check(call, sign, known_secret, now)?,
            (None, None) => return Err(missing("secret")),
        }
        ApiRequest::parse(call)
    }

    /// Counts the call if it is billed. An answer of the vendor's cache is counted too: what the vendor does
    /// there is not known, and a client that is careful about money should meet the worse of the two.
    fn content(
        &self,
        request: ApiRequest,
        call: &CallRequest,
        now: Timestamp,
    ) -> Result<EnvelopeContent, ErrorReply> {
        let code = match &request.query {
            ApiQuery::Item(item) if catalogue::asked_sku_count(&item.num_iid).is_some() => None,
            // As a captured answer of a shop that is none.
            ApiQuery::Search(search) if !catalogue::is_known_shop(search) => {
                codes::of_item_id(request.test_text()).or(Some("0000"))
            }
            _ => codes::of_item_id(request.test_text()),
        };
        let error = code.filter(|code| *code != "0000").map(ErrorReply::new);
        if let Some(error) = error.as_ref().filter(|error| !error.is_billed()) {
            return Err(error.clone());
        }
        let mut quota = open(&self.quota);
        if let Some(used_up) = quota.error(now) {
            return Err(used_up);
        }
        quota.bill(now);
        match (error, code) {
            (Some(error), _) => Err(error),
            (None, Some(_)) => Ok(EnvelopeContent::Nothing),
            (None, None) => Ok(self.data(request, call.cache_key(), now)),
        }
    }

    fn data(&self, request: ApiRequest, cache_key: String, now: Timestamp) -> EnvelopeContent {
        let mut cache = open(&self.cache);
        let found = if request.cached { cache.find(&cache_key, now) } else { None };
        if found.is_none() {
            cache.keep(cache_key.clone(), now);
        }
        let moment = Moment { made: found.unwrap_or(now), drift: self.settings.drift };
        EnvelopeContent::Data { request, moment, cached: found.is_some(), cache_key }
    }

    /// How long the answer takes, and how many seconds it claims to have taken.
    fn time(&self, content: &EnvelopeContent, serial: u64) -> (Duration, f64) {
        let mut rng = SeededRng::new(&self.settings.seed.to_string(), "delay").mixed_with(serial);
        if let EnvelopeContent::Data { cached: false, .. } | EnvelopeContent::Nothing = content {
            let pause = self.settings.delay.draw(&mut rng);
            return (pause, pause.as_secs_f64());
        }
        let thousandths = u32::try_from(rng.between(71, 89)).unwrap_or(81);
        (self.settings.delay.short(), f64::from(thousandths) / 1000.0)
    }
}

/// The error that a fault consists of.
fn error_of(fault: Fault, call: &CallRequest) -> Option<ErrorReply> {
    let key = call.param("key").unwrap_or_default();
    match fault {
        Fault::Gbk => Some(ErrorReply::with_reason("4005", "授权失败,请联系客服")),
        Fault::UnknownCode => Some(ErrorReply::new("4099")),
        Fault::KeyEcho => Some(ErrorReply::with_reason("4005", format!("Key[{key}]已超量,联系QQ:xxx"))),
        _ => None,
    }
}

/// A number, or for about one ID in three a string: both were captured ("2.746", 6.65).
fn execution_time(content: &EnvelopeContent, seconds: f64) -> Value {
    let rounded = (seconds * 1000.0).round() / 1000.0;
    match content {
        EnvelopeContent::Data { request, .. }
            if SeededRng::new(request.test_text(), "execution_time").one_in(3) =>
        {
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
