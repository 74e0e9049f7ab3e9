//! The ledger's row that is written before a call is sent.

use std::time::Duration;

use jiff::Timestamp;

use super::{Asked, FetchPolicy, Fetcher, NotSent};
use crate::policy::{Override, came_since, lease_length};
use crate::store::{Begun, ExchangeId, Intent, Owner, StoreError, StoreErrorKind, StoredAnswer};
use onebound::{Call, CallHandle, Host, Question, WaitsFor};

/// Interval at which a call asks again whether another session has its answer.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// The ledger's decision.
pub(super) enum Ledger {
    /// Send. `None` if the row could not be written and the user overrides that, or if the call has been ended.
    Row(Option<ExchangeId>),
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
        loop {
            if handle.is_ended() {
                // Nothing will be sent, so no row has to be written.
                return Ok(Ledger::Row(None));
            }
            let begun = tokio::select! {
                biased;
                // The store may be locked for long. It deletes the row if this future is dropped before it has
                // returned it.
                () = handle.ended() => return Ok(Ledger::Row(None)),
                begun = self.store.begin(self.intent(call, host, asked)) => begun,
            };
            match begun {
                Ok(Begun::Go(id)) => return Ok(Ledger::Row(Some(id))),
                Ok(Begun::NotSent(refusal)) => return Err(NotSent::Guarded(refusal)),
                Ok(Begun::InDoubt(since)) => return Err(NotSent::InDoubt { since }),
                Ok(Begun::Busy(_) | Begun::Answered) if matches!(asked.policy, FetchPolicy::Trade(_)) => {
                    return Err(NotSent::TradeUnderWay);
                }
                // The next attempt reports whether the answer has come: until then the store need not be searched for
                // one.
                Ok(Begun::Busy(owner)) => handle.waits_for(WaitsFor::OtherSession { pid: pid_here(owner) }),
                Ok(Begun::Answered) => {
                    match self.answer_unless_ended(&call.question(&host.scope()), handle).await {
                        Ok(Some(answer)) if came_since(asked.at, answer.came_at) => {
                            return Ok(Ledger::Joined(answer));
                        }
                        Ok(_) => {}
                        // That answer was paid for: only the user may decide to buy another one.
                        Err(_) if overrides_ledger => return Ok(Ledger::Row(None)),
                        Err(error) => return Err(NotSent::NoLedger(error)),
                    }
                }
                // The store is closed: the user is quitting.
                Err(error) if error.fault == StoreErrorKind::Stopped => return Err(NotSent::NoLedger(error)),
                Err(_) if overrides_ledger => return Ok(Ledger::Row(None)),
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
            doubt_lasts: self.doubt_lasts(asked.policy),
            at: Timestamp::now(),
            asked_at: asked.at,
            lease: lease_length(self.client.max_duration()),
        }
    }

    pub(super) fn doubt_lasts(&self, policy: FetchPolicy) -> Option<Duration> {
        (!policy.may_send_in_doubt()).then(|| self.rules.freshness.doubt_lasts())
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
