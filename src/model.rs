//! What all panes read: the session, the calls under way, the request log, and what is shown.
//!
//! Keys change it through the app; results from the background come in by [`Model::apply`], each with
//! the ticket of its fetch. A result of a fetch that is no longer known is dropped there.

// An effect that is dropped is never carried out: what a function gives is used, or left with a reason.
#![warn(unused_results)]

mod annotations;
pub mod answers;
pub mod calls;
mod export;
mod fetches;
pub mod hosts;
mod key_days;
pub mod programs;
pub mod quota_forecast;
pub mod request_log;
pub mod session_info;
mod store_events;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::message::{Effect, Notice, Now, Purpose, Unanalyzed};
use answers::{Versions, Visits};
use calls::CallsUnderWay;
pub use export::Register;
use hosts::HostFailed;
use obx_core::fetch::{FetchPolicy, NotSent, Source};
use obx_core::i18n::{Describe, Texts};
use obx_core::import::LeftOut;
use obx_core::policy::{self, is_fresh};
use obx_core::store::{Annotation, Block, ExchangeId, StoreError, beijing_day};
use onebound::{
    Account, Call, Exchange, Fingerprint, Host, Item, ItemId, Question, Quota, Scope, ScopedItem,
};
use programs::Programs;
use quota_forecast::Day;
use request_log::RequestLog;
use session_info::SessionInfo;
pub use store_events::latch_reason;

/// The state behind the picture.
#[derive(Clone, Debug)]
pub struct Model {
    /// In the interface's language.
    pub texts: Texts,
    /// How calls are made.
    pub session: SessionInfo,
    /// The moment of the last event.
    pub now: Now,
    /// What is under way.
    pub calls: CallsUnderWay,
    /// What was asked, in this session and in earlier ones.
    pub log: RequestLog,
    /// How far what is known from earlier sessions was read.
    pub store_reading: StoreReading,
    /// How the quota of the session's key stands today.
    pub day: Option<Day>,
    /// What stops calls until a day turns, or for good.
    pub latches: Vec<Block>,
    /// The generation whose answer is being looked over.
    looking_over: Option<u64>,
    /// The call that was held back here last, and why; it can be insisted on.
    pub pending_confirmation: Option<HeldBack>,
    /// What item, SKUs, props and response are about.
    pub shown: Option<Shown>,
    /// What was just said to the user.
    pub notice: Option<Notice>,
    /// The jq programs that were kept.
    pub programs: Programs,
    /// What was copied last.
    pub register: Option<Register>,
    /// Whether the file that this session is about was read.
    pub file_is_read: bool,
    /// What of that file is no exchange.
    left_out: LeftOut,
    /// The stored answers to the item on the screen.
    pub versions: Versions,
    /// What the user says of the item on the screen; `None` until the store has told.
    pub remark: Option<Annotation>,
    /// The answer that others are compared with.
    pub marked: Option<ExchangeId>,
    visits: Visits,
    fresh: HashMap<Question, Timestamp>,
    generation: u64,
    /// What the store was asked for last, and what for.
    wanted: Option<AwaitedExchange>,
    /// How many fetches have brought what could not be written yet.
    unwritten: usize,
    /// The log's revision and the Beijing day that `day` was made for.
    day_made_for: Option<(u64, i64)>,
}

/// Whether log, quota and fresh answers of earlier sessions are known: until then nothing is said of what the store has
/// or lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreReading {
    /// The store has not answered yet.
    Awaited,
    /// It can't be read for now.
    Failed(StoreError),
    /// All is known.
    Done,
}

/// An exchange that the store is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum AwaitedExchange {
    Exchange(ExchangeId, Purpose),
    Newest(ScopedItem),
}

/// A call that goes out only when the user says so.
#[derive(Clone, Debug)]
pub struct HeldBack {
    /// What was asked.
    pub call: Call,
    /// Why it was not sent, or not sent once more.
    pub why: Why,
    /// What the user can have in its place.
    insisted: FetchPolicy,
    /// What it was to do.
    want: FetchPolicy,
}

/// Why a call was held back.
#[derive(Clone, Debug)]
pub enum Why {
    /// Nothing was sent.
    NotSent(NotSent),
    /// It was sent, and this host failed: another one may be asked, at the price of another call.
    HostFailed(HostFailed),
}

/// The exchange on the screen.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What was asked and what came.
    pub exchange: Arc<Exchange>,
    /// Where it is kept; `None` while that is nowhere but in memory.
    pub id: Option<ExchangeId>,
    /// Where it came from.
    pub source: Source,
    /// Changes whenever another exchange is shown: cursors go back to the top then.
    pub generation: u64,
}

impl Shown {
    /// The item that was asked for, at the gateway that was asked; `None` of another API.
    pub fn scoped_item(&self) -> Option<ScopedItem> {
        let num_iid = self.exchange.call.num_iid()?.clone();
        Some(ScopedItem { scope: self.exchange.scope(), num_iid })
    }
}

impl Model {
    /// A session that has asked nothing yet.
    pub fn new(texts: Texts, session: SessionInfo, at: Timestamp) -> Self {
        // What is in memory holds nothing of earlier sessions.
        let store_reading = if session.remembers { StoreReading::Awaited } else { StoreReading::Done };
        Self {
            texts,
            session,
            now: Now { at, up: Duration::ZERO },
            calls: CallsUnderWay::default(),
            log: RequestLog::default(),
            store_reading,
            day: None,
            latches: Vec::new(),
            looking_over: None,
            pending_confirmation: None,
            shown: None,
            notice: None,
            programs: Programs::default(),
            register: None,
            file_is_read: false,
            left_out: LeftOut::default(),
            versions: Versions::default(),
            remark: None,
            marked: None,
            visits: Visits::default(),
            fresh: HashMap::new(),
            generation: 0,
            wanted: None,
            unwritten: 0,
            day_made_for: None,
        }
    }

    /// Whether [`Model::update_day`] has something to do.
    pub fn is_behind(&self) -> bool {
        self.day_made_for != Some(self.day_to_make())
    }

    /// Brings the day up to date with the log.
    pub fn update_day(&mut self) {
        self.day = self.own_account().map(|own| self.log.day(&own, self.now.at));
        self.day_made_for = Some(self.day_to_make());
    }

    fn day_to_make(&self) -> (u64, i64) {
        (self.log.revision(), beijing_day(self.now.at))
    }

    /// The key that this session calls with; in DEMO it is known by its calls.
    pub fn own_key(&self) -> Option<Fingerprint> {
        self.session.key.clone().or_else(|| self.log.row(0).map(|row| row.line.key.clone()))
    }

    /// The gateway that this session asks, that of its first host: only its answers answer here. In DEMO it is known
    /// by its calls. Where nobody is asked, as of a file, no stored answer is of it.
    pub fn scope(&self) -> Scope {
        let by_calls = || self.log.row(0).map(|row| row.line.scope.clone());
        let first = self.session.hosts.first().map(Host::scope);
        first.or_else(by_calls).unwrap_or_else(|| Host::unknown().scope())
    }

    /// Whether this gateway is another one than the session's, so that its answers answer nothing here. DEMO and a
    /// look at a file have none of their own that could differ.
    pub fn is_other_gateway(&self, scope: &Scope) -> bool {
        !self.session.hosts.is_empty() && self.scope() != *scope
    }

    /// The item as this session's gateway knows it.
    pub fn scoped(&self, num_iid: ItemId) -> ScopedItem {
        ScopedItem { scope: self.scope(), num_iid }
    }

    /// Whose quota this session uses.
    pub fn own_account(&self) -> Option<Account> {
        Some(Account { scope: self.scope(), key: self.own_key()? })
    }

    /// What the newest answer said of this session's quota, and when.
    pub fn quota(&self) -> Option<(&Quota, Timestamp)> {
        self.log.quota(&self.own_account()?)
    }

    /// What a call asks, and of which gateway.
    fn question(&self, call: &Call, want: FetchPolicy) -> Question {
        policy::question(call, &self.session.hosts, want).unwrap_or_else(|| call.question(&self.scope()))
    }

    /// The answer on the screen, where it is to be looked over: once for each time that it is shown.
    pub fn analyze(&mut self) -> Option<Effect> {
        let generation = self.generation();
        let shown = self.shown.as_ref().filter(|shown| !shown.exchange.is_analyzed())?;
        let begun = self.looking_over.replace(generation) == Some(generation);
        (!begun).then(|| Effect::Analyze(Unanalyzed(Arc::clone(&shown.exchange))))
    }

    /// What is to be said while what the store has of earlier sessions is not known: that, and why.
    pub fn store_unread(&self) -> Option<String> {
        match &self.store_reading {
            StoreReading::Done => None,
            StoreReading::Awaited => Some(self.texts.store_reading().to_owned()),
            StoreReading::Failed(error) => Some(self.texts.store_unread_because(error.describe(self.texts))),
        }
    }

    /// What keeps this key's calls to some host from being sent now.
    pub fn latches_of(&self, key: &Fingerprint) -> impl Iterator<Item = &Block> {
        self.latches.iter().filter(|latch| latch.holds(self.now.at) && latch.key == key.as_str())
    }

    /// What keeps the next call from being sent: a latch of another host does not, as calls go to the first one first.
    pub fn latch_ahead(&self) -> Option<&Block> {
        let (key, first) = (self.own_key()?, self.session.hosts.first().map(ToString::to_string));
        // The emulator of DEMO is the only host there, and none of the session's.
        let is_asked = |latch: &Block| self.session.demo || first.as_ref() == Some(&latch.host);
        self.latches_of(&key).find(|latch| is_asked(latch))
    }

    /// The item on the screen.
    pub fn item(&self) -> Option<Item<'_>> {
        self.shown.as_ref()?.exchange.item()
    }

    /// Changes with what is shown.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Whether asking this now costs nothing, because a fresh answer is stored.
    pub fn is_fresh(&self, call: &Call) -> bool {
        is_fresh(self.fresh_until(call), self.now.at)
    }

    /// Until when a stored answer to this call is fresh.
    pub fn fresh_until(&self, call: &Call) -> Option<Timestamp> {
        self.fresh.get(&call.question(&self.scope())).copied()
    }

    /// What Enter on this ID may do: it buys only where the footer showed ¥.
    pub fn want_for(&self, call: &Call) -> FetchPolicy {
        FetchPolicy::on_enter(self.is_fresh(call))
    }

    /// The call for an item, by the session's settings.
    pub fn call(&self, id: &ItemId) -> Call {
        self.session.call.item_get(id.clone())
    }
}
