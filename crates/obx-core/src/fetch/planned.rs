//! What a fetch would do: the guards' decision, before anything is sent or written.

use jiff::{SignedDuration, Timestamp};

use super::{FetchPolicy, Fetched, Fetcher, NotSent, RunBudget, Source, check_parameters};
use crate::policy::{
    Decision, DoubtRule, Facts, Guards, Intent, QuotaFact, allowed_calls, beijing_day, decide, hosts_for,
    lease_length, question, violation,
};
use crate::store::{ExchangeId, RecentCall, StoreError};
use onebound::{Account, Billing, Call, Host, Scope};

/// Answers within this time of each other may come in another order than the vendor counted them.
const OUT_OF_ORDER: SignedDuration = SignedDuration::from_mins(1);

/// What a fetch would do.
#[derive(Clone, Debug)]
pub enum PlannedFetch {
    /// A stored answer replaces the call.
    Stored(Box<Fetched>),
    /// The call would be sent to this host first.
    Sent {
        host: Host,
        /// When an earlier call for the same was sent that is in doubt: both may be billed.
        in_doubt: Option<Timestamp>,
    },
    /// Nothing would be sent, and there is no answer.
    NotSent(NotSent),
}

/// How many of several calls would be sent now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedCalls {
    pub calls: u64,
    /// Why the next one would be refused; `None` if all of them would be sent.
    pub refusal: Option<NotSent>,
}

impl AllowedCalls {
    pub(crate) fn none(refusal: NotSent) -> Self {
        Self { calls: 0, refusal: Some(refusal) }
    }
}

impl Fetcher {
    /// Returns how many of so many calls the budget and the guards would let through now, if so many that are planned
    /// before them are billed.
    pub async fn allowed(&self, budget: &RunBudget, calls: u64, planned: u64) -> AllowedCalls {
        if calls == 0 {
            return AllowedCalls::default();
        }
        if self.rules.offline {
            return AllowedCalls::none(NotSent::Offline);
        }
        let Some(host) = self.hosts.first() else { return AllowedCalls::none(NotSent::NoHost) };
        let at = Timestamp::now();
        let facts = match self.guard_facts(host, at).await {
            Ok(facts) => facts.after_calls(planned),
            Err(error) => return AllowedCalls::none(NotSent::NoLedger(error)),
        };
        let check = |before| {
            budget.check_planned(planned.saturating_add(before)).map_err(NotSent::OverBudget)?;
            let violation = violation(&facts.after_calls(before), self.rules.guards, at);
            violation.map_or(Ok(()), |violation| Err(NotSent::Guarded(violation)))
        };
        let (calls, refusal) = allowed_calls(calls, check);
        AllowedCalls { calls, refusal }
    }

    /// Plans a fetch by the same guards that decide when it is made. So many calls that are planned before it count as
    /// billed. Whether another session has the same call under way is not looked at.
    pub async fn plan(
        &self,
        budget: &RunBudget,
        call: &Call,
        policy: FetchPolicy,
        planned: u64,
    ) -> PlannedFetch {
        match self.planned(budget, call, policy, planned).await {
            Ok(planned) => planned,
            Err(reason) => PlannedFetch::NotSent(reason),
        }
    }

    async fn planned(
        &self,
        budget: &RunBudget,
        call: &Call,
        policy: FetchPolicy,
        planned: u64,
    ) -> Result<PlannedFetch, NotSent> {
        if !policy.permits(call) {
            return Err(NotSent::Unconfirmed);
        }
        let is_offline = self.rules.offline;
        let host = hosts_for(&self.hosts, policy).next().map(|(_, host)| host);
        let (Some(host), Some(question)) = (host, question(call, &self.hosts, policy)) else {
            return Err(if is_offline { NotSent::Offline } else { NotSent::NoHost });
        };
        if policy.takes_stored() {
            let fresh = self.peek(call).await.map_err(NotSent::NoLedger)?;
            let stale = match fresh {
                None if is_offline && policy.takes_stale_offline() => self.answer(&question).await,
                _ => None,
            };
            let stale = stale.map(|answer| self.stored_as(Source::Store, answer, None));
            if let Some(fetched) = fresh.or(stale) {
                return Ok(PlannedFetch::Stored(Box::new(fetched)));
            }
        }
        if is_offline {
            return Err(NotSent::Offline);
        }
        if !policy.may_send(false) {
            return Err(NotSent::NoneStored);
        }
        check_parameters(call)?;
        budget.check_planned(planned).map_err(NotSent::OverBudget)?;
        let intent = self.planned_intent(call, host, policy);
        let facts = self.guard_facts(host, intent.at).await.map_err(NotSent::NoLedger)?;
        match decide(&facts.after_calls(planned), &intent) {
            Decision::Refuse(violation) => Err(NotSent::Guarded(violation)),
            Decision::InDoubt(since) => Err(NotSent::InDoubt { since }),
            Decision::Send | Decision::Wait(_) | Decision::TakeAnswer => {
                let in_doubt = self.doubt_to_say(call, policy).await;
                Ok(PlannedFetch::Sent { host: host.clone(), in_doubt })
            }
        }
    }

    fn planned_intent(&self, call: &Call, host: &Host, policy: FetchPolicy) -> Intent {
        let now = Timestamp::now();
        Intent {
            call: call.clone(),
            host: host.clone(),
            key: self.client.fingerprint(),
            guards: self.rules.guards,
            gateways: self.gateways.clone(),
            overrides: policy.overrides(),
            doubt_lasts: (policy.doubt_rule(false) == DoubtRule::HoldsBack)
                .then(|| self.rules.freshness.doubt_lasts()),
            at: now,
            asked_at: now,
            lease: lease_length(self.client.max_duration()),
        }
    }

    /// What the store knows that bears on the guards of a call to this host.
    async fn guard_facts(&self, host: &Host, at: Timestamp) -> Result<Facts, StoreError> {
        let key = self.client.fingerprint();
        let account = |scope: &Scope| Account { scope: scope.clone(), key: key.clone() };
        let (blocked_host, capped) =
            (host.to_string(), self.gateways.iter().map(account).collect::<Vec<_>>());
        let blocks = self.store.opened(0, at).await?.blocks;
        let block = blocks.into_iter().find(|block| block.host == blocked_host && block.key == key.as_str());
        let today = match self.rules.guards {
            Guards { cap: None, reserve: None } => Vec::new(),
            _ => self.store.recent_calls(ExchangeId(i64::MAX), beijing_day(at)).await?.rows,
        };
        let is_charged = |call: &&RecentCall| !call.is_reuse && call.billing != Billing::Free;
        let is_capped = |call: &&RecentCall| capped.iter().any(|account| call.is_of(account));
        let spent_today = today.iter().filter(is_charged).filter(is_capped).count() as u64;
        let quota = newest_quota(&today, &account(&host.scope()));
        Ok(Facts { block, spent_today, quota, ..Facts::default() })
    }
}

/// The quota by the answers to the account among the calls of a day, and the calls since the newest of them. Of answers that
/// came close to each other the highest count holds, since they may come in another order than the vendor counted.
pub(crate) fn newest_quota(today: &[RecentCall], account: &Account) -> Option<QuotaFact> {
    let mut own: Vec<_> = today.iter().filter(|call| call.is_of(account) && !call.is_reuse).collect();
    // A call under way has no end yet.
    own.sort_by_key(|call| (call.is_leased, call.ended_at()));
    let mut spent_since = 0;
    let mut newest: Option<(Timestamp, QuotaFact)> = None;
    for call in own.into_iter().rev() {
        match (call.used.zip(call.allowed), &mut newest) {
            (Some((used, allowed)), None) => {
                newest = Some((call.ended_at(), QuotaFact { used, allowed, spent_since }));
            }
            (Some((used, _)), Some((at, quota))) if at.duration_since(call.ended_at()) < OUT_OF_ORDER => {
                quota.used = quota.used.max(used);
            }
            (None, None) => spent_since += u64::from(call.billing != Billing::Free),
            (_, Some(_)) => {}
        }
    }
    newest.map(|(_, quota)| quota)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use onebound::{Fingerprint, OutcomeSummary};

    /// A call that began at the second `began`, took so many, and whose answer said how many calls were used.
    fn call(began: i64, took: u64, used: Option<u64>) -> RecentCall {
        RecentCall {
            id: None,
            started_at: Timestamp::from_second(began).unwrap(),
            total: Duration::from_secs(took),
            scope: Scope::from_stored("gateway"),
            key: Fingerprint::from_stored("key"),
            host: "host".into(),
            summary: Arc::new(OutcomeSummary::interrupted()),
            billing: if used.is_some() { Billing::Billed } else { Billing::Unknown },
            is_reuse: false,
            is_leased: false,
            used,
            allowed: used.map(|_| 200),
            asked_by: None,
        }
    }

    #[test]
    fn the_quota_left_is_that_of_the_highest_count_and_of_the_calls_since() {
        let left = |calls: &[RecentCall]| newest_quota(calls, &calls[0].account()).map(QuotaFact::left);
        let out_of_order = [call(1, 4, Some(7)), call(2, 2, Some(8))];
        assert_eq!(left(&out_of_order), Some(192));
        let given_up = [call(1, 9, None), call(2, 9, None), call(3, 3, Some(41)), call(4, 9, None)];
        assert_eq!(left(&given_up), Some(156), "calls that ended after the answer are not in its count");
        let after_minutes = [call(1, 1, Some(190)), call(300, 1, Some(5)), call(400, 1, None)];
        assert_eq!(left(&after_minutes), Some(194), "the vendor began to count again");
        assert_eq!(left(&[call(1, 9, None)]), None);
    }
}
