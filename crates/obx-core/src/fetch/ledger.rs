//! The ledger's row that is written before a call is sent.

use std::time::Duration;

use jiff::Timestamp;

use super::{Asked, FetchPolicy, Fetcher, NotSent};
use crate::policy::{DoubtRule, Override, came_since, lease_length};
use crate::store::{Begun, ExchangeId, Intent, Owner, StoreError, StoreErrorKind, StoredAnswer};
use onebound::{Call, CallHandle, Host, Question, WaitsFor};

/// Interval at which a call asks again whether another session has its answer.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// The ledger's decision.
pub(super) enum Ledger {
    /// Send.
    Row {
        /// `None` if the row could not be written and the user overrides that, or if the call has been ended.
        id: Option<ExchangeId>,
        /// When an earlier call for the question was sent that is in doubt, where that has to be said.
        in_doubt: Option<Timestamp>,
    },
    /// Take the answer of another session.
    Joined(StoredAnswer),
}

impl Fetcher {
    /// Writes the ledger's row. While another session asks the same question, it waits, and takes that session's
    /// answer.
    pub(super) async fn begin(
        &self,
        call: &Call,
        host: &Host,
        asked: Asked<'_>,
        handle: &CallHandle,
    ) -> Result<Ledger, NotSent> {
        handle.waits_for(WaitsFor::Store);
        let overrides_ledger = asked.policy.overrides() == Override::All;
        let no_row = Ledger::Row { id: None, in_doubt: None };
        let (mut has_waited, mut in_doubt) = (asked.has_waited, None);
        loop {
            if handle.is_ended() {
                // Nothing will be sent, so no row has to be written.
                return Ok(no_row);
            }
            let rule = asked.policy.doubt_rule(has_waited);
            // One that was found is said: the call is sent in spite of it.
            let is_open = rule == DoubtRule::HoldsBack || (rule == DoubtRule::IsSaid && in_doubt.is_none());
            let doubt_lasts = is_open.then(|| self.rules.freshness.doubt_lasts());
            let intent = Intent { doubt_lasts, ..self.intent(call, host, asked) };
            let begun = tokio::select! {
                biased;
                // The store may be locked for long. It deletes the row if this future is dropped before it has
                // returned it.
                () = handle.ended() => return Ok(no_row),
                begun = self.store.begin(intent) => begun,
            };
            match begun {
                Ok(Begun::Go(id)) => return Ok(Ledger::Row { id: Some(id), in_doubt }),
                Ok(Begun::NotSent(refusal)) => return Err(NotSent::Guarded(refusal)),
                Ok(Begun::InDoubt(since)) if rule == DoubtRule::IsSaid => {
                    in_doubt = Some(since);
                    continue;
                }
                Ok(Begun::InDoubt(since)) => return Err(NotSent::InDoubt { since }),
                Ok(Begun::Busy(_) | Begun::Answered) if matches!(asked.policy, FetchPolicy::Trade(_)) => {
                    return Err(NotSent::TradeUnderWay);
                }
                // The next attempt reports whether the answer has come: until then the store need not be searched for
                // one.
                Ok(Begun::Busy(owner)) => {
                    has_waited = true;
                    handle.waits_for(WaitsFor::OtherSession { pid: pid_here(owner) });
                }
                Ok(Begun::Answered) => {
                    match self.answer_unless_ended(&call.question(&host.scope()), handle).await {
                        Ok(Some(answer)) if came_since(asked.at, answer.came_at) => {
                            return Ok(Ledger::Joined(answer));
                        }
                        Ok(_) => {}
                        // That answer was paid for: only the user may decide to buy another one.
                        Err(_) if overrides_ledger => return Ok(no_row),
                        Err(error) => return Err(NotSent::NoLedger(error)),
                    }
                }
                // The store is closed: the user is quitting.
                Err(error) if error.fault == StoreErrorKind::Stopped => return Err(NotSent::NoLedger(error)),
                Err(_) if overrides_ledger => return Ok(no_row),
                Err(error) => return Err(NotSent::NoLedger(error)),
            }
            tokio::select! {
                () = handle.ended() => {}
                () = tokio::time::sleep(LOOK_AGAIN) => {}
            }
        }
    }

    fn intent(&self, call: &Call, host: &Host, asked: Asked<'_>) -> Intent {
        Intent {
            call: call.clone(),
            host: host.clone(),
            key: self.client.fingerprint(),
            guards: self.rules.guards,
            gateways: self.gateways.clone(),
            overrides: asked.policy.overrides(),
            doubt_lasts: None,
            at: Timestamp::now(),
            asked_at: asked.at,
            lease: lease_length(self.client.max_duration()),
        }
    }

    async fn answer_unless_ended(
        &self,
        question: &Question,
        handle: &CallHandle,
    ) -> Result<Option<StoredAnswer>, StoreError> {
        tokio::select! {
            () = handle.ended() => Ok(None),
            answer = self.store.answer(question) => answer,
        }
    }
}

/// Returns the process number if it is valid on this machine.
fn pid_here(owner: Option<Owner>) -> Option<u32> {
    owner.filter(Owner::is_on_this_machine).map(|owner| owner.pid)
}
