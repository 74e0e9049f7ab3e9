//! What all panes read: the session, the calls under way, the request log, and what is shown.
//!
//! Keys change it through the app; results from the background arrive at [`Model::apply`], each with the ticket of
//! its fetch. Results of a fetch that is no longer known are dropped there.

// An effect that is dropped is never carried out, so every return value is used or discarded with a reason.
#![warn(unused_results)]

mod annotations;
pub mod answers;
pub mod batch;
pub mod calls;
mod export;
mod fetches;
pub mod hosts;
pub mod item_search;
pub mod key_days;
mod pending_call;
pub mod prices;
pub mod programs;
pub mod quota_forecast;
pub mod request_log;
pub mod session_info;
mod store_events;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::keymap::Keymap;
use crate::message::{Action, ColumnChoice, KeyScope, Notice, Now, Purpose};
use answers::{Versions, Visits};
use batch::SessionBatch;
use calls::CallsUnderWay;
pub use export::Register;
use hosts::HostFailed;
use item_search::ItemSearch;
use obx_core::fetch::{FetchPolicy, NotSent, Source};
use obx_core::i18n::Texts;
use obx_core::import::ImportNotes;
use obx_core::policy::{self, is_fresh};
use obx_core::store::{Annotation, Block, ExchangeId, LogEntry, StoreError, StoreErrorKind, beijing_day};
use onebound::{
    Account, Billing, Call, Catalog, Exchange, Fingerprint, Host, Item, ItemId, Question, Quota, Scope,
    ScopedItem,
};
use prices::PriceColumns;
use programs::Programs;
use quota_forecast::Day;
use request_log::RequestLog;
use session_info::SessionInfo;

/// The state that panes and popups are drawn from.
#[derive(Clone, Debug)]
pub struct Model {
    pub texts: Texts,
    pub session: SessionInfo,
    /// The time of the last event.
    pub now: Now,
    pub calls: CallsUnderWay,
    /// The batch that is planned, runs, or has ended.
    pub batch: SessionBatch,
    /// The requests of this session and of earlier ones.
    pub log: RequestLog,
    /// Whether the data of earlier sessions has been loaded from the store.
    pub store_reading: StoreReading,
    /// Today's quota of the session's key; `None` while no key is known.
    pub day: Option<Day>,
    /// The blocks that stop calls, some until the next quota day and some for good.
    pub blocks: Vec<Block>,
    /// The last call that was held back, and why. The user can have it sent all the same.
    pub pending_confirmation: Option<PendingCall>,
    /// The search for items by words.
    pub search: ItemSearch,
    /// The columns of the SKU table.
    pub sku_columns: ColumnChoice,
    /// The exchange that the item, SKUs, props and response panes show.
    pub shown: Option<Shown>,
    /// The store's damaged rows, as far as they were met. No list has them.
    damaged: BTreeSet<ExchangeId>,
    /// The footer's current message.
    pub notice: Option<Notice>,
    /// The keys, as the config file has them.
    pub keymap: Keymap,
    /// Whether the mouse is used.
    pub mouse: bool,
    /// The columns of `[price]` for the answer on the screen.
    pub prices: PriceColumns,
    /// The saved jq programs.
    pub programs: Programs,
    /// The text that was copied last.
    pub register: Option<Register>,
    /// Whether the file that was opened instead of a session has been read.
    pub file_is_read: bool,
    /// The entries of that file that were left out, or not read in full.
    import_notes: ImportNotes,
    /// The stored answers to the item on the screen.
    pub versions: Versions,
    /// Star and note of the item on the screen; `None` until the store has loaded them.
    pub annotation: Option<Annotation>,
    /// The answer that others are compared with.
    pub marked: Option<ExchangeId>,
    visits: Visits,
    fresh: HashMap<Question, Timestamp>,
    /// The call that was asked about last whose question is in doubt, and since when.
    doubt: Option<(Call, Timestamp)>,
    generation: u64,
    /// The store request whose result is still wanted, and its purpose.
    wanted: Option<AwaitedExchange>,
    /// How many fetches have results that could not be written yet.
    unwritten: usize,
    /// How often the store has answered.
    store_answers: u64,
    /// The log's revision and the Beijing day that `day` was computed from, and whether all calls were known.
    day_made_for: Option<(u64, i64, bool)>,
}

/// Whether log, quota and fresh answers of earlier sessions are loaded. Until they are, the screen makes no claim
/// about what the store contains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreReading {
    Awaited,
    /// It can't be read at the moment.
    Failed(StoreError),
    /// Everything is loaded.
    Done,
}

/// An exchange that was requested from the store.
#[derive(Clone, Debug, PartialEq, Eq)]
enum AwaitedExchange {
    Exchange(ExchangeId, Purpose),
    Newest(ScopedItem, NewestFor),
}

/// Why an item's newest answer was requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewestFor {
    /// The user asked for it.
    User,
    /// It was on the screen when the last session ended.
    Restore,
}

/// A call that is sent only when the user confirms it.
#[derive(Clone, Debug)]
pub struct PendingCall {
    pub call: Call,
    /// Why it was not sent, or not sent to another host.
    pub why: Why,
    /// The policy with which it is sent if the user confirms.
    override_policy: FetchPolicy,
    /// The policy it was started with.
    want: FetchPolicy,
}

#[derive(Clone, Debug)]
pub enum Why {
    NotSent(NotSent),
    /// It was sent and the host failed. Another host can be tried, at the price of another call.
    HostFailed(HostFailed),
}

/// The exchange on the screen.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The request and its answer.
    pub exchange: Arc<Exchange>,
    /// Its number in the store; `None` while it is only in memory.
    pub id: Option<ExchangeId>,
    pub source: Source,
    /// Changes whenever another exchange is shown, and then cursors return to the top.
    pub generation: u64,
}

impl Shown {
    /// The requested item in the catalog of the request; `None` for other APIs.
    pub fn scoped_item(&self) -> Option<ScopedItem> {
        self.exchange.scoped_item()
    }
}

impl Model {
    /// A session without any requests.
    pub fn new(texts: Texts, session: SessionInfo, at: Timestamp) -> Self {
        // A session that stores nothing has nothing to load from earlier ones.
        let store_reading = if session.remembers { StoreReading::Awaited } else { StoreReading::Done };
        Self {
            texts,
            keymap: Keymap::default(),
            mouse: false,
            session,
            now: Now { at, up: Duration::ZERO },
            calls: CallsUnderWay::default(),
            batch: SessionBatch::default(),
            log: RequestLog::default(),
            store_reading,
            day: None,
            blocks: Vec::new(),
            pending_confirmation: None,
            search: ItemSearch::default(),
            sku_columns: ColumnChoice::default(),
            shown: None,
            damaged: BTreeSet::new(),
            notice: None,
            prices: PriceColumns::default(),
            programs: Programs::default(),
            register: None,
            file_is_read: false,
            import_notes: ImportNotes::default(),
            versions: Versions::default(),
            annotation: None,
            marked: None,
            visits: Visits::default(),
            fresh: HashMap::new(),
            doubt: None,
            generation: 0,
            wanted: None,
            unwritten: 0,
            store_answers: 0,
            day_made_for: None,
        }
    }

    /// The key that runs an action where its bindings hold, as a text names it: `R`, or `:refetch` if there is none.
    pub fn key(&self, action: Action) -> String {
        self.keymap.named(action.main_scope(), action, self.texts)
    }

    /// The same in a text input, where some actions have other keys.
    pub fn text_key(&self, action: Action) -> String {
        self.keymap.named(KeyScope::Text, action, self.texts)
    }

    /// Whether [`Model::update_day`] has something to do.
    pub fn is_behind(&self) -> bool {
        self.day_made_for != Some(self.day_to_make())
    }

    /// Brings the day up to date with the log.
    pub fn update_day(&mut self) {
        self.log.forget_old_calls(self.now.at);
        let own = self.own_account().filter(|_| self.is_day_counted());
        self.day = own.map(|own| self.log.day(&own, self.now.at));
        self.day_made_for = Some(self.day_to_make());
    }

    fn day_to_make(&self) -> (u64, i64, bool) {
        (self.log.revision(), beijing_day(self.now.at), self.is_day_counted())
    }

    /// The key that this session calls with. In DEMO it is taken from the newest row of the log.
    pub fn own_key(&self) -> Option<Fingerprint> {
        self.session.key.clone().or_else(|| self.log.row(0).map(|row| row.line.key.clone()))
    }

    /// The gateway of the session's first host; only answers from there are reused. In DEMO it is taken from the
    /// newest row of the log. A file has no gateway, so no stored answer belongs to it.
    pub fn scope(&self) -> Scope {
        let by_calls = || self.log.row(0).map(|row| row.line.scope.clone());
        let first = self.session.hosts.first().map(Host::scope);
        first.or_else(by_calls).unwrap_or_else(|| Host::unknown().scope())
    }

    /// Whether this is not the session's gateway, so that its answers can't be reused here. DEMO and files have no
    /// hosts that it could differ from.
    pub fn is_other_gateway(&self, scope: &Scope) -> bool {
        !self.session.hosts.is_empty() && self.scope() != *scope
    }

    /// The items that an ID of this session is one of.
    pub fn catalog(&self) -> Catalog {
        Catalog { scope: self.scope(), platform: self.session.call.platform().into() }
    }

    pub fn scoped(&self, num_iid: ItemId) -> ScopedItem {
        ScopedItem { catalog: self.catalog(), num_iid }
    }

    /// The account whose quota this session uses.
    pub fn own_account(&self) -> Option<Account> {
        Some(Account { scope: self.scope(), key: self.own_key()? })
    }

    /// The quota as this account's newest answer reported it, and when.
    pub fn quota(&self) -> Option<(&Quota, Timestamp)> {
        self.log.quota(&self.own_account()?)
    }

    /// The question that a call asks, at the gateway that `want` selects.
    fn question(&self, call: &Call, want: FetchPolicy) -> Question {
        policy::question(call, &self.session.hosts, want).unwrap_or_else(|| call.question(&self.scope()))
    }

    /// A message for the time before the store is read, with the reason; `None` once it is.
    pub fn store_unread(&self) -> Option<String> {
        match &self.store_reading {
            StoreReading::Done => None,
            StoreReading::Awaited => Some(self.texts.store_reading().to_owned()),
            StoreReading::Failed(error) => {
                Some(self.texts.store_unread_because(self.store_error_text(error)))
            }
        }
    }

    /// Says what is the matter with the store, and what helps where its server is away: another start only as long as this
    /// session has read nothing of it.
    pub fn store_error_text(&self, error: &StoreError) -> String {
        let what_to_do = match (error.fault, &self.store_reading) {
            (StoreErrorKind::ServerAway, StoreReading::Done) => self.texts.store_reconnects(),
            (StoreErrorKind::ServerAway, _) => self.texts.store_starts_without(),
            _ => "",
        };
        error.describe_advising(what_to_do, self.texts)
    }

    /// The blocks that keep calls with this key from being sent now, whatever the host.
    pub fn blocks_of(&self, key: &Fingerprint) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(|block| block.holds(self.now.at) && block.key == key.as_str())
    }

    /// The block that keeps the next call from being sent. Only the first host's count, since calls go there first.
    pub fn block_ahead(&self) -> Option<&Block> {
        let (key, first) = (self.own_key()?, self.session.hosts.first().map(ToString::to_string));
        // In DEMO the only host is the emulator's, which is not among the session's hosts.
        let is_asked = |block: &Block| self.session.demo || first.as_ref() == Some(&block.host);
        self.blocks_of(&key).find(|block| is_asked(block))
    }

    pub fn item(&self) -> Option<Item<'_>> {
        self.shown.as_ref()?.exchange.item()
    }

    /// Changes whenever another exchange is shown.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Whether this call costs nothing now, because a fresh answer is stored.
    pub fn is_fresh(&self, call: &Call) -> bool {
        is_fresh(self.fresh_until(call), self.now.at)
    }

    /// Whether the log has a call for this item of which nobody knows what it cost.
    pub fn has_unknown_cost(&self, call: &Call) -> bool {
        let scope = self.scope();
        let is_unknown = |line: &LogEntry| {
            let is_over = line.reuses.is_none() && line.lease.is_none();
            is_over
                && line.billing == Billing::Unknown
                && line.scope == scope
                && line.subject == call.subject()
        };
        self.log.rows().any(|row| is_unknown(&row.line))
    }

    /// Whether an earlier call for the same is in doubt, as far as the store was asked about it.
    pub fn is_in_doubt(&self, call: &Call) -> bool {
        let since = self.doubt.as_ref().filter(|(asked, _)| asked == call).map(|(_, since)| *since);
        self.session.freshness.in_doubt(since, self.now.at).is_some()
    }

    /// When the stored answer to this call stops being fresh.
    pub fn fresh_until(&self, call: &Call) -> Option<Timestamp> {
        self.fresh.get(&call.question(&self.scope())).copied()
    }

    /// What Enter may do for this call: it spends only where the footer showed ¥.
    pub fn want_for(&self, call: &Call) -> FetchPolicy {
        FetchPolicy::on_enter(self.is_fresh(call))
    }

    /// The call for an item, with the session's parameters.
    pub fn call(&self, id: &ItemId) -> Call {
        self.session.call.item_get(id.clone())
    }
}
