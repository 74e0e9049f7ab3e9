//! Requests to the store, and what its events change in the model.

use std::sync::Arc;

use super::{AwaitedExchange, Model, NewestFor, StoreReading};
use crate::message::{Effect, Notice, Purpose, StoreEvent, StoreRequest, Ticket};
use crate::model::session_info::UnstoredAnswers;
use obx_core::fetch::Source;
use obx_core::i18n::Describe;
use obx_core::store::{
    AnsweredQuestion, ExchangeId, ItemHistory, LostChanges, Opened, StoreError, StoreErrorKind,
};
use onebound::{Exchange, ItemId, ScopedItem};

impl Model {
    /// The request for the data of earlier sessions, made once the first frame is drawn.
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
                // A row that showed a stored answer is shown under that answer's number.
                self.show(exchange, reuses.or(id), source, None)
            }
            (None, Some(id)) => Some(self.want(reuses.unwrap_or(id), Purpose::Show)),
            (None, None) => None,
        }
    }

    /// Requests an exchange from the store, in place of an earlier request.
    pub fn want(&mut self, id: ExchangeId, purpose: Purpose) -> Effect {
        self.wanted = Some(AwaitedExchange::Exchange(id, purpose));
        Effect::Store(StoreRequest::Exchange { id, purpose })
    }

    /// Returns true if this exchange is still wanted for this purpose, and then no longer wants it.
    pub fn take_wanted(&mut self, id: ExchangeId, purpose: Purpose) -> bool {
        self.wanted.take_if(|wanted| *wanted == AwaitedExchange::Exchange(id, purpose)).is_some()
    }

    /// Requests the newest stored answer to an item, to show it. Costs nothing.
    pub fn want_newest(&mut self, num_iid: ItemId, purpose: NewestFor) -> Effect {
        let item = self.scoped(num_iid);
        self.wanted = Some(AwaitedExchange::Newest(item.clone(), purpose));
        Effect::Store(StoreRequest::Newest(item))
    }

    /// Returns why this item's newest answer is wanted, if it still is, and then no longer wants it.
    pub fn take_newest(&mut self, item: &ScopedItem) -> Option<NewestFor> {
        let is_it = |wanted: &&mut AwaitedExchange| matches!(wanted, AwaitedExchange::Newest(other, _) if other == item);
        let Some(AwaitedExchange::Newest(_, purpose)) = self.wanted.as_mut().filter(is_it) else {
            return None;
        };
        let purpose = *purpose;
        self.wanted = None;
        Some(purpose)
    }

    /// The item of the last session, while its answer is awaited.
    pub fn restored_item(&self) -> Option<&ItemId> {
        match &self.wanted {
            Some(AwaitedExchange::Newest(item, NewestFor::Restore)) => Some(&item.num_iid),
            _ => None,
        }
    }

    /// Shows an exchange that came from the store.
    pub fn show_stored(&mut self, id: ExchangeId, exchange: Arc<Exchange>) -> Option<Effect> {
        self.show(exchange, Some(id), Source::Store, None)
    }

    /// How many fetches have results that are not written yet.
    pub fn unwritten(&self) -> usize {
        self.unwritten
    }

    /// Whether the answer on the screen is to be stored but is only in memory so far. It would be lost if the process
    /// ended now.
    pub fn is_unstored(&self) -> bool {
        let shown = self.shown.as_ref().filter(|_| self.session.remembers);
        shown.is_some_and(|shown| self.log.is_unwritten(&shown.exchange))
    }

    /// Applies the events that concern the log. The app handles those that open something.
    pub fn apply_store(&mut self, event: StoreEvent) -> Vec<Effect> {
        let is_answer = !matches!(event, StoreEvent::Changed) && !is_failure(&event);
        if is_answer {
            self.store_answered();
        }
        let mut due = self.apply_store_event(event);
        if is_answer {
            due.extend(self.ask_for_recent());
        }
        due
    }

    fn apply_store_event(&mut self, event: StoreEvent) -> Vec<Effect> {
        match event {
            StoreEvent::Opened(opened) => self.opened(opened),
            StoreEvent::NotOpened(error) => self.not_opened(error),
            StoreEvent::Lines { after, lines, answered } => {
                self.report_damaged(&lines.damaged);
                self.learn_answered(answered);
                self.log.merge_after(after, lines);
            }
            StoreEvent::Rows { asked, lines } => {
                self.report_damaged(&lines.damaged);
                self.log.loaded(&asked, lines);
            }
            StoreEvent::Recent(calls) => {
                self.report_damaged(&calls.damaged);
                self.log.learn_recent(calls);
            }
            StoreEvent::Stored { ticket, written, history } => {
                return self.on_stored(ticket, written, history);
            }
            StoreEvent::Versions(history) => self.learn_history(history),
            StoreEvent::NotNoted { item, error } => return self.not_noted(item, &error),
            StoreEvent::Doubt { call, since } => self.doubt = since.map(|since| (*call, since)),
            StoreEvent::Programs(kept) => self.programs.learn(kept),
            StoreEvent::Flushed => return self.flushed(),
            StoreEvent::Changed => return self.ask_for_newer(),
            StoreEvent::NoRows(error) => {
                self.log.unread();
                self.add_alert(Notice::alert(self.store_error_text(&error)).until_store_answers());
            }
            StoreEvent::Failed(error) => {
                self.add_alert(Notice::alert(self.store_error_text(&error)).until_store_answers());
            }
            StoreEvent::Exchange { .. }
            | StoreEvent::Difference { .. }
            | StoreEvent::Newest { .. }
            | StoreEvent::Found { .. }
            | StoreEvent::FoundInBodies { .. }
            | StoreEvent::Scanned(_) => {}
            StoreEvent::Items(items) => self.report_damaged(&items.damaged),
        }
        Vec::new()
    }

    /// Shows an alert, unless another one is on the screen: that may be more important, for example that a paid answer
    /// could not be stored.
    pub(super) fn add_alert(&mut self, alert: Notice) {
        if self.notice.as_ref().is_none_or(|notice| !notice.alert) {
            self.notice = Some(alert);
        }
    }

    /// Changes whenever the store answers, and so can do what it could not do before.
    pub fn store_answers(&self) -> u64 {
        self.store_answers
    }

    /// Whatever the store could not do before, it can again.
    pub(super) fn store_answered(&mut self) {
        self.store_answers += 1;
        self.notice = self.notice.take().filter(|notice| !notice.ends_with_store_failure());
    }

    fn opened(&mut self, opened: Opened) {
        self.store_reading = StoreReading::Done;
        self.learn_answered(opened.answered);
        if let Some(lost) = &opened.lost {
            self.notice = Some(Notice::alert(self.lost_changes(lost)));
        }
        self.report_damaged(&opened.damaged);
        self.blocks = opened.blocks;
        self.log.learn_quotas(opened.quotas);
        self.log.learn_ids(opened.ids, &opened.damaged);
        self.log.merge(opened.lines);
    }

    /// Notes until when these answers are fresh, so that Enter shows them in place of a call.
    fn learn_answered(&mut self, answered: Vec<AnsweredQuestion>) {
        for (question, at, is_item) in answered {
            if let Some(until) = self.session.freshness.until(at, is_item) {
                let known = self.fresh.entry(question).or_insert(until);
                *known = until.max(*known);
            }
        }
    }

    /// Shows the error once, not at each attempt.
    fn not_opened(&mut self, error: StoreError) {
        let reading = StoreReading::Failed(error);
        if self.store_reading != reading {
            self.store_reading = reading;
            self.notice = self.notice.take().filter(|older| !older.ends_with_store_failure());
            if let Some(unread) = self.store_unread() {
                self.add_alert(Notice::alert(unread).until_store_answers());
            }
        }
    }

    fn lost_changes(&self, lost: &LostChanges) -> String {
        let copy = lost.copy.display();
        match lost.count {
            Some(count) => self.texts.store_log_damaged(count, copy),
            None => self.texts.store_log_unreadable(copy),
        }
    }

    /// Counts rows that were left out, and says so once for each.
    pub(super) fn report_damaged(&mut self, ids: &[ExchangeId]) {
        let known = self.damaged.len();
        self.damaged.extend(ids);
        if self.damaged.len() > known {
            self.add_alert(Notice::alert(self.texts.store_rows_left_out(self.damaged.len())));
        }
    }

    /// Requests the rows that are missing in the log; if the store was not read yet, all data of earlier sessions.
    pub(super) fn ask_for_newer(&self) -> Vec<Effect> {
        if self.store_reading != StoreReading::Done {
            return vec![self.remember()];
        }
        // The log is empty, since the store was empty when it was read.
        let known = self.log.known_until().unwrap_or(ExchangeId(0));
        vec![Effect::Store(StoreRequest::After(known))]
    }

    /// Asks the store about another session's call whose lease has ended.
    pub fn ask_after_lease(&mut self) -> Option<Effect> {
        let ended = self.log.take_ended_lease(self.now.at);
        ended.then(|| self.ask_for_newer().pop()).flatten()
    }

    /// Totals, pace and quota need all calls of today and yesterday. What could not be read is requested again.
    fn ask_for_recent(&mut self) -> Option<Effect> {
        if self.store_reading != StoreReading::Done {
            return None;
        }
        let (before, since_day) = self.log.ask_for_recent(self.now.at)?;
        Some(Effect::Store(StoreRequest::Recent { before, since_day }))
    }

    /// Whether all calls of today and yesterday are known. Until they are, the screen has no totals and no forecast.
    pub fn is_day_counted(&self) -> bool {
        self.store_reading == StoreReading::Done && self.log.has_recent_days()
    }

    /// Notes that these rows of the log are looked at, and requests those that are not in memory.
    pub fn load_rows(&mut self, page: Vec<ExchangeId>) -> Vec<Effect> {
        let missing = self.log.load(page);
        if missing.is_empty() { Vec::new() } else { vec![Effect::Store(StoreRequest::Rows(missing))] }
    }

    fn on_stored(
        &mut self,
        ticket: Ticket,
        written: Result<Vec<ExchangeId>, StoreError>,
        history: Option<ItemHistory>,
    ) -> Vec<Effect> {
        match written {
            Ok(ids) => {
                self.log.written(ticket, &ids);
                return self.written_as(&ids, history);
            }
            Err(error) => {
                self.unwritten += 1;
                self.notice = Some(Notice::alert(self.unstored_text(&error)));
            }
        }
        Vec::new()
    }

    /// Says where an answer is that could not be stored, and why.
    pub(super) fn unstored_text(&self, error: &StoreError) -> String {
        match (error.fault, self.session.unstored) {
            (StoreErrorKind::ServerAway, UnstoredAnswers::Spooled) => {
                self.texts.storing_spooled(error.reason(self.texts))
            }
            _ => self.texts.storing_failed(error.describe(self.texts)),
        }
    }

    /// Gives the exchange on the screen its number, if it was written, and updates the item's answers.
    fn written_as(&mut self, ids: &[ExchangeId], history: Option<ItemHistory>) -> Vec<Effect> {
        let Some(shown) = self.shown.as_mut().filter(|shown| shown.source != Source::Store) else {
            return Vec::new();
        };
        if shown.id.is_none_or(|id| ids.contains(&id)) {
            shown.id = shown.id.or(ids.last().copied());
            return self.arrived(history).into_iter().collect();
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

/// Whether this event reports a failure.
fn is_failure(event: &StoreEvent) -> bool {
    match event {
        StoreEvent::NotOpened(_)
        | StoreEvent::NoRows(_)
        | StoreEvent::NotNoted { .. }
        | StoreEvent::Failed(_)
        | StoreEvent::Stored { written: Err(_), .. } => true,
        StoreEvent::Opened(_)
        | StoreEvent::Lines { .. }
        | StoreEvent::Rows { .. }
        | StoreEvent::Recent(_)
        | StoreEvent::Scanned(_)
        | StoreEvent::Exchange { .. }
        | StoreEvent::Versions { .. }
        | StoreEvent::Newest { .. }
        | StoreEvent::Difference { .. }
        | StoreEvent::Found { .. }
        | StoreEvent::FoundInBodies { .. }
        | StoreEvent::Items(_)
        | StoreEvent::Doubt { .. }
        | StoreEvent::Programs(_)
        | StoreEvent::Stored { written: Ok(_), .. }
        | StoreEvent::Flushed
        | StoreEvent::Changed => false,
    }
}
