//! Starts and stops fetches, computes what they would cost, and takes in their results.

use std::sync::Arc;

use super::calls::{CallUnderWay, StopWaiting};
use super::{Model, PendingCall, Shown, Why};
use crate::message::{Action, Effect, FetchEnd, FetchEvent, FetchOrder, Notice, Spend, Ticket};
use obx_core::fetch::{FetchPolicy, Fetched, NotSent, Source};
use obx_core::policy::{Block, BlockChange};
use obx_core::store::{ExchangeId, ItemHistory, LogEntry};
use onebound::{Account, Call, Exchange, Fingerprint, Outcome};

impl Model {
    /// Starts a fetch and waits for it. If one is under way for the same question, it waits for that instead.
    pub(crate) fn start(&mut self, call: Call, want: FetchPolicy) -> Option<Effect> {
        self.pending_confirmation = None;
        let call = self.session.call.complete(call);
        if !want.permits(&call) {
            self.notice = Some(Notice::alert(self.texts.trade_not_repeated(self.key(Action::EditCall))));
            return None;
        }
        let question = self.question(&call, want);
        let under_way = if want.may_send(false) { self.calls.wait_again(&question) } else { None };
        let Some(under_way) = under_way else {
            let ticket = self.calls.add(call.clone(), question, want, self.now.up);
            return Some(Effect::Fetch(FetchOrder::new(ticket, call, want)));
        };
        let said = Notice::info(self.texts.already_under_way(call.subject()));
        self.notice = Some(said.until_end_of(under_way));
        None
    }

    /// Handles an Esc that nothing else has used: the first one stops waiting, the second closes the connection.
    pub fn stop_waiting(&mut self) -> Option<Effect> {
        let stop = self.calls.stop(self.now.up)?;
        let texts = self.texts;
        let (said, effect) = match stop {
            StopWaiting::Sent(ticket) => {
                let said =
                    Notice::alert(texts.stopped_waiting(self.key(Action::Escape))).until_end_of(ticket);
                (said, Some(Effect::EndUnsent(ticket)))
            }
            StopWaiting::Unsent(ticket) => {
                (Notice::info(texts.stopping_unsent()), Some(Effect::EndUnsent(ticket)))
            }
            StopWaiting::Closed(ticket) => {
                (Notice::info(texts.closing_connection()), Some(Effect::Close(ticket)))
            }
            StopWaiting::TooSoon(ticket) => {
                (Notice::alert(texts.close_too_soon(self.key(Action::Escape))).until_end_of(ticket), None)
            }
        };
        self.notice = Some(said);
        effect
    }

    /// Applies an event of a fetch.
    pub fn apply(&mut self, ticket: Ticket, event: FetchEvent) -> Vec<Effect> {
        match event {
            FetchEvent::Progress(progress) => self.calls.progress(ticket, progress),
            FetchEvent::Finished(end) => return self.finish(ticket, *end),
            FetchEvent::NotSent(refused) => return self.refuse(ticket, refused),
        }
        Vec::new()
    }

    /// The call that was held back, with the policy that overrides the reason or asks the next host.
    pub fn held_call(&self) -> Option<Spend> {
        let held = self.pending_confirmation.as_ref().filter(|held| held.can_be_overridden())?;
        Some(Spend::Call { call: Box::new(held.call.clone()), want: held.override_policy })
    }

    /// What this fetch would buy. `None` where it only reads the store, where nothing is sent, and where a call under
    /// way already answers it.
    pub fn spend(&self, call: &Call, want: FetchPolicy) -> Option<Spend> {
        let asked = self.session.call.complete(call.clone());
        // A trade is never repeated; it has a confirmation of its own.
        if !want.permits(&asked) {
            return None;
        }
        let is_free =
            !want.may_send(self.session.offline) || self.calls.is_asked(&self.question(&asked, want));
        (!is_free).then(|| Spend::Call { call: Box::new(call.clone()), want })
    }

    /// Removes a call that has ended, and the notice that was only true until then.
    fn end(&mut self, ticket: Ticket) -> Option<CallUnderWay> {
        self.notice = self.notice.take().filter(|notice| !notice.ends_with(ticket));
        self.calls.remove(ticket)
    }

    fn finish(&mut self, ticket: Ticket, end: FetchEnd) -> Vec<Effect> {
        let Some(call) = self.end(ticket) else { return Vec::new() };
        let FetchEnd { fetched, rows, is_unwritten, history } = end;
        if let Some(until) = fetched.fresh_until {
            let _ = self.fresh.insert(fetched.exchange.question(), until); // the previous value does not matter
        }
        let (id, in_doubt) = (fetched.id.or_else(|| rows.last()?.id), fetched.in_doubt);
        let mut effects = self.log_it(ticket, &fetched, rows, is_unwritten);
        if call.awaited {
            let exchange = Arc::clone(&fetched.exchange);
            if self.search.asks(&call.question) {
                self.search.take(fetched.exchange, fetched.source);
            } else {
                effects.extend(self.show(fetched.exchange, id, fetched.source, history));
            }
            if fetched.source == Source::Live {
                self.offer_next_host(&exchange);
            }
        } else if fetched.exchange.outcome != Outcome::Cancelled {
            // A cancelled call has no answer, and the notice about it is still true.
            let id = call.call.subject();
            self.notice = Some(match fetched.exchange.outcome {
                Outcome::Failed(_) => Notice::alert(self.texts.call_failed(id)),
                _ => Notice::info(self.texts.answer_arrived(id)),
            });
        }
        // The price in sight may not have said it: it knows the calls that the log has in memory.
        if let Some(since) = in_doubt {
            let at = self.session.minute(since, self.now.at);
            self.notice = Some(Notice::alert(self.texts.both_may_be_billed(at)));
        }
        effects
    }

    fn log_it(
        &mut self,
        ticket: Ticket,
        fetched: &Fetched,
        rows: Vec<LogEntry>,
        is_unwritten: bool,
    ) -> Vec<Effect> {
        if fetched.source == Source::Joined {
            // The call belongs to another session, so its row comes from the store.
            let quota = fetched.exchange.envelope().and_then(|envelope| envelope.quota.clone());
            let account = Account { scope: fetched.exchange.scope(), key: fetched.key.clone() };
            self.log.learn_quotas(quota.map(|quota| (account, fetched.exchange.ended_at(), quota)));
            return self.ask_for_newer();
        }
        let exchanges = fetched.before.iter().map(|attempt| &attempt.exchange).chain([&fetched.exchange]);
        for (row, exchange) in rows.into_iter().zip(exchanges) {
            let row = LogEntry { asked_by: self.session.asked_by.clone(), ..row };
            self.log.add(ticket, row, Arc::clone(exchange), is_unwritten);
        }
        if fetched.source == Source::Live {
            self.learn_block(&fetched.exchange, &fetched.key);
        }
        Vec::new()
    }

    /// Updates the host's blocks as the store does: an answer that says that calls will not be served adds one, and
    /// an answer that was served removes an older one.
    pub(super) fn learn_block(&mut self, exchange: &Exchange, key: &Fingerprint) {
        let change = BlockChange::by(exchange, key);
        let host = exchange.host.to_string();
        self.blocks.retain(|block| block.host != host || block.key != key.as_str() || !change.removes(block));
        let is_of = |block: &Block| block.host == host && block.key == key.as_str();
        if let BlockChange::Set(block) = change
            && !self.blocks.iter().any(is_of)
        {
            self.blocks.push(block);
        }
    }

    fn refuse(&mut self, ticket: Ticket, why: NotSent) -> Vec<Effect> {
        let Some(call) = self.end(ticket) else { return Vec::new() };
        // The store was asked first and has no fresh answer. A refresh did not ask it.
        if matches!(call.want, FetchPolicy::CacheOnly | FetchPolicy::CacheFirst) {
            let _ = self.fresh.remove(&call.question); // whether there was one does not matter
        }
        let override_policy = call.want.overridden();
        let pending_confirmation =
            PendingCall { call: call.call, why: Why::NotSent(why), override_policy, want: call.want };
        self.notice = Some(Notice::alert(pending_confirmation.message(self)));
        if call.awaited && self.search.asks(&call.question) {
            self.search.refuse(pending_confirmation.clone());
        }
        self.pending_confirmation = Some(pending_confirmation).filter(PendingCall::can_be_overridden);
        // If it was sent to a host before, which can't have been reached, the store has a row for that attempt.
        if call.progress.out.is_some() { self.ask_for_newer() } else { Vec::new() }
    }

    pub(super) fn show(
        &mut self,
        exchange: Arc<Exchange>,
        id: Option<ExchangeId>,
        source: Source,
        history: Option<ItemHistory>,
    ) -> Option<Effect> {
        self.generation += 1;
        self.wanted = None;
        // An offer to try the next host is about the exchange that was on the screen.
        self.pending_confirmation = self.pending_confirmation.take().filter(PendingCall::is_unsent);
        self.shown = Some(Shown { exchange, id, source, generation: self.generation });
        self.arrived(history)
    }
}
