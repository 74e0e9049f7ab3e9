//! What the store tells the model, and what the model asks of it.

use std::sync::Arc;

use super::{AwaitedExchange, HeldBack, Model, StoreReading, Why};
use crate::message::{Effect, Notice, Purpose, StoreEvent, StoreRequest, Ticket};
use obx_core::fetch::{FetchPolicy, NotSent, Source};
use obx_core::i18n::{Describe, Texts};
use obx_core::store::{DamagedLog, ExchangeId, GuardViolation, LatchReason, LogEntry, Opened, StoreError};
use onebound::{CallKind, Exchange, ItemId, ScopedItem};

impl Model {
    /// What is asked of the store once the first picture stands.
    pub fn remember(&self) -> Effect {
        Effect::Store(StoreRequest::Opened { since: self.session.freshness.oldest(self.now.at) })
    }

    /// Shows a row of the log again, from memory or from the store. Costs nothing.
    pub fn show_row(&mut self, place: usize) -> Option<Effect> {
        let row = self.log.row(place)?;
        let reuses = row.line.reuses;
        match (row.exchange().map(Arc::clone), row.line.id) {
            (Some(exchange), id) => {
                let source = if reuses.is_some() { Source::Store } else { Source::Live };
                // Of a row that showed a stored answer, the number of that answer.
                self.show(exchange, reuses.or(id), source)
            }
            (None, Some(id)) => Some(self.want(reuses.unwrap_or(id), Purpose::Show)),
            (None, None) => None,
        }
    }

    /// Asks the store for an exchange; what was asked for before is no longer wanted.
    pub fn want(&mut self, id: ExchangeId, purpose: Purpose) -> Effect {
        self.wanted = Some(AwaitedExchange::Exchange(id, purpose));
        Effect::Store(StoreRequest::Exchange { id, purpose })
    }

    /// Takes an exchange that came from the store, if it is still wanted for this; `true` when it was.
    pub fn take_wanted(&mut self, id: ExchangeId, purpose: Purpose) -> bool {
        self.wanted.take_if(|wanted| *wanted == AwaitedExchange::Exchange(id, purpose)).is_some()
    }

    /// Asks the store for the newest answer to an item, to show it. Costs nothing.
    pub fn want_newest(&mut self, num_iid: ItemId) -> Effect {
        let item = self.scoped(num_iid);
        self.wanted = Some(AwaitedExchange::Newest(item.clone()));
        Effect::Store(StoreRequest::Newest(item))
    }

    /// Takes what the store has of an item, if it is still wanted; `true` when it was.
    pub fn take_newest(&mut self, item: &ScopedItem) -> bool {
        let newest = |wanted: &mut AwaitedExchange| matches!(wanted, AwaitedExchange::Newest(wanted) if wanted == item);
        self.wanted.take_if(newest).is_some()
    }

    /// Shows an exchange that came from the store.
    pub fn show_stored(&mut self, id: ExchangeId, exchange: Arc<Exchange>) -> Option<Effect> {
        self.show(exchange, Some(id), Source::Store)
    }

    /// How many fetches have brought what is not written yet.
    pub fn unwritten(&self) -> usize {
        self.unwritten
    }

    /// Whether the answer on the screen is nowhere but in memory so far, though it is to be kept: it would be lost if
    /// the process ended now.
    pub fn is_unstored(&self) -> bool {
        let shown = self.shown.as_ref().filter(|_| self.session.remembers);
        shown.is_some_and(|shown| self.log.is_unwritten(&shown.exchange))
    }

    /// News of the store that are about the log. The app takes those that open something.
    pub fn apply_store(&mut self, news: StoreEvent) -> Vec<Effect> {
        if !matches!(news, StoreEvent::Changed) && !is_failure(&news) {
            self.notice = self.notice.take().filter(|notice| !notice.ends_with_store_failure());
        }
        match news {
            StoreEvent::Opened(opened) => return self.opened(opened),
            StoreEvent::NotOpened(error) => self.not_opened(error),
            StoreEvent::Lines { after, lines } => self.log.merge_after(after, lines),
            StoreEvent::Older { lines, more } => return self.older(lines, more),
            StoreEvent::Kept { ticket, written } => return self.kept(ticket, written),
            StoreEvent::Versions { item, versions, remark } => self.learn_versions(item, versions, remark),
            StoreEvent::NotNoted { item, error } => return self.not_noted(item, &error),
            StoreEvent::Programs(kept) => self.programs.learn(kept),
            StoreEvent::Flushed => return self.flushed(),
            StoreEvent::Changed => return self.ask_for_newer(),
            StoreEvent::NoOlder(error) => {
                self.log.older_unread();
                self.notice = Some(Notice::alert(error.describe(self.texts)).until_store_answers());
            }
            // What is told already weighs more: that an answer is not stored, for one.
            StoreEvent::Failed(_) if self.notice.as_ref().is_some_and(|notice| notice.alert) => {}
            StoreEvent::Failed(error) => {
                self.notice = Some(Notice::alert(error.describe(self.texts)).until_store_answers());
            }
            StoreEvent::Exchange { .. }
            | StoreEvent::Difference { .. }
            | StoreEvent::Newest { .. }
            | StoreEvent::Found { .. }
            | StoreEvent::FoundInBodies { .. }
            | StoreEvent::Items(_) => {}
        }
        Vec::new()
    }

    fn opened(&mut self, opened: Opened) -> Vec<Effect> {
        self.store_reading = StoreReading::Done;
        for (question, at, item) in opened.answered {
            if let Some(until) = self.session.freshness.until(at, item) {
                let known = self.fresh.entry(question).or_insert(until);
                *known = until.max(*known);
            }
        }
        if let Some(damaged) = &opened.damaged_log {
            self.notice = Some(Notice::alert(self.log_damage(damaged)));
        }
        self.latches = opened.latches;
        self.log.learn_quotas(opened.quotas);
        self.log.merge(opened.lines);
        self.log.set_older(opened.more);
        self.ask_for_recent()
    }

    /// Said once, for as long as it is so.
    fn not_opened(&mut self, error: StoreError) {
        let reading = StoreReading::Failed(error);
        if self.store_reading != reading {
            self.store_reading = reading;
            self.notice = self.store_unread().map(|said| Notice::alert(said).until_store_answers());
        }
    }

    fn log_damage(&self, damaged: &DamagedLog) -> String {
        let copy = damaged.copy.display();
        match damaged.lost {
            Some(count) => self.texts.store_log_damaged(count, copy),
            None => self.texts.store_log_unreadable(copy),
        }
    }

    fn older(&mut self, lines: Vec<LogEntry>, more: bool) -> Vec<Effect> {
        self.log.merge(lines);
        self.log.set_older(more);
        self.ask_for_recent()
    }

    /// What the store has beyond the log; all that is known from earlier sessions, where that was not read yet.
    pub(super) fn ask_for_newer(&self) -> Vec<Effect> {
        if self.store_reading != StoreReading::Done {
            return vec![self.remember()];
        }
        // It was empty, where the log is.
        let known = self.log.known_until().unwrap_or(ExchangeId(0));
        vec![Effect::Store(StoreRequest::After(known))]
    }

    /// Asks the store what became of another session's call that nobody waits for any more.
    pub fn ask_after_lease(&mut self) -> Option<Effect> {
        let ended = self.log.take_ended_lease(self.now.at);
        ended.then(|| self.ask_for_newer().pop()).flatten()
    }

    /// Totals, pace and quota are of today and yesterday as a whole; what is older comes when somebody looks for it.
    fn ask_for_recent(&mut self) -> Vec<Effect> {
        if self.log.lacks_recent(self.now.at) { self.ask_for_older() } else { Vec::new() }
    }

    /// The next page of the log, from the store, unless it is on its way.
    pub fn ask_for_older(&mut self) -> Vec<Effect> {
        self.log.ask_for_older().map(|id| Effect::Store(StoreRequest::Before(id))).into_iter().collect()
    }

    fn kept(&mut self, ticket: Ticket, written: Result<Vec<ExchangeId>, StoreError>) -> Vec<Effect> {
        match written {
            Ok(ids) => {
                self.log.written(ticket, &ids);
                return self.written_as(&ids);
            }
            Err(error) => {
                self.unwritten += 1;
                let told = self.texts.storing_failed(error.describe(self.texts));
                self.notice = Some(Notice::alert(told));
            }
        }
        Vec::new()
    }

    /// What is on the screen is stored now: it has a number, and a place among the item's answers.
    fn written_as(&mut self, ids: &[ExchangeId]) -> Vec<Effect> {
        let Some(shown) = self.shown.as_mut().filter(|shown| shown.source != Source::Store) else {
            return Vec::new();
        };
        if shown.id.is_none_or(|id| ids.contains(&id)) {
            shown.id = shown.id.or(ids.last().copied());
            return self.arrived().into_iter().collect();
        }
        Vec::new()
    }

    fn flushed(&mut self) -> Vec<Effect> {
        self.unwritten = 0;
        self.notice = Some(Notice::info(self.texts.now_stored()));
        let asked = self.ask_for_newer();
        self.log.all_written();
        asked
    }
}

/// Whether the store could not do what it was asked.
fn is_failure(news: &StoreEvent) -> bool {
    match news {
        StoreEvent::NotOpened(_)
        | StoreEvent::NoOlder(_)
        | StoreEvent::NotNoted { .. }
        | StoreEvent::Failed(_)
        | StoreEvent::Kept { written: Err(_), .. } => true,
        StoreEvent::Opened(_)
        | StoreEvent::Lines { .. }
        | StoreEvent::Older { .. }
        | StoreEvent::Exchange { .. }
        | StoreEvent::Versions { .. }
        | StoreEvent::Newest { .. }
        | StoreEvent::Difference { .. }
        | StoreEvent::Found { .. }
        | StoreEvent::FoundInBodies { .. }
        | StoreEvent::Items(_)
        | StoreEvent::Programs(_)
        | StoreEvent::Kept { written: Ok(_), .. }
        | StoreEvent::Flushed
        | StoreEvent::Changed => false,
    }
}

impl HeldBack {
    /// Whether the user may have it sent all the same.
    pub fn can_be_insisted_on(&self) -> bool {
        self.call.kind() == CallKind::Read
            && match &self.why {
                Why::NotSent(why) => why.can_be_overridden(),
                Why::HostFailed(_) => true,
            }
    }

    /// Whether nothing of it was sent.
    pub fn is_unsent(&self) -> bool {
        matches!(self.why, Why::NotSent(_))
    }

    /// What the key that overrides does.
    pub fn offer(&self, texts: Texts) -> String {
        match &self.why {
            Why::NotSent(_) => texts.hint_override().to_owned(),
            Why::HostFailed(failed) => texts.try_host(&failed.next),
        }
    }

    /// Why it was held back.
    pub fn told(&self, model: &Model) -> String {
        match &self.why {
            // It was not looked for one: it was to be fetched.
            Why::NotSent(NotSent::Offline)
                if self.want != FetchPolicy::CacheFirst && model.session.file.is_none() =>
            {
                model.texts.refused_offline_refetch().to_owned()
            }
            Why::NotSent(refused) => told_refused(refused, model),
            Why::HostFailed(failed) => failed.told(model.texts),
        }
    }
}

/// Why calls are not sent any more.
pub fn latch_reason(reason: LatchReason, texts: Texts) -> &'static str {
    match reason {
        LatchReason::Quota => texts.block_quota(),
        LatchReason::Balance => texts.block_balance(),
        LatchReason::Stopped => texts.block_stopped(),
        LatchReason::Expired => texts.block_expired(),
    }
}

fn told_refused(refused: &NotSent, model: &Model) -> String {
    let texts = model.texts;
    match refused {
        NotSent::NoneStored => texts.no_longer_fresh().to_owned(),
        NotSent::NoHost => texts.no_host().to_owned(),
        NotSent::Offline => texts.refused_offline().to_owned(),
        NotSent::Unconfirmed => texts.trade_not_repeated().to_owned(),
        NotSent::TradeUnderWay => texts.refused_trade_under_way().to_owned(),
        NotSent::Withheld(name) => texts.refused_withheld(name),
        NotSent::NoLedger(error) => texts.refused_no_ledger(error.describe(texts)),
        NotSent::Guarded(GuardViolation::Cap { cap, used }) => texts.refused_cap(cap, used),
        NotSent::Guarded(GuardViolation::Reserve { reserve, left }) => texts.refused_reserve(left, reserve),
        NotSent::Guarded(GuardViolation::Blocked(latch)) => {
            let reason = latch_reason(latch.reason, texts);
            let minute = |at| model.session.minute(at, model.now.at);
            let since = minute(latch.since);
            let refused = match latch.reason {
                LatchReason::Quota | LatchReason::Balance => texts.refused_used_up(reason, since),
                // Since when, only the vendor knows.
                LatchReason::Stopped | LatchReason::Expired => texts.refused_blocked(reason, since),
            };
            match latch.until {
                Some(until) => format!("{refused}{}", texts.blocked_until(minute(until))),
                None => refused,
            }
        }
    }
}
