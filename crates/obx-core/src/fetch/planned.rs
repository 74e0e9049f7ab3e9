//! What a fetch would do: the guards' decision, before anything is sent or written.

use jiff::Timestamp;

use super::{FetchPolicy, Fetched, Fetcher, NotSent, RunBudget, Source, check_parameters};
use crate::policy::{
    Decision, Facts, Guards, Intent, QuotaFact, beijing_day, decide, hosts_for, lease_length, question,
};
use crate::store::{ExchangeId, RecentCall, StoreError};
use onebound::{Account, Billing, Call, Host};

/// What a fetch would do.
#[derive(Clone, Debug)]
pub enum PlannedFetch {
    /// A stored answer replaces the call.
    Stored(Box<Fetched>),
    /// The call would be sent to this host first.
    Sent(Host),
    /// Nothing would be sent, and there is no answer.
    NotSent(NotSent),
}

impl Fetcher {
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
        let facts = self.guard_facts(&intent, planned).await.map_err(NotSent::NoLedger)?;
        match decide(&facts, &intent) {
            Decision::Refuse(violation) => Err(NotSent::Guarded(violation)),
            Decision::Send | Decision::Wait(_) | Decision::TakeAnswer => Ok(PlannedFetch::Sent(host.clone())),
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
            is_override: policy.overrides(),
            at: now,
            asked_at: now,
            lease: lease_length(self.client.max_duration()),
        }
    }

    /// What the store knows that bears on the guards.
    async fn guard_facts(&self, intent: &Intent, planned: u64) -> Result<Facts, StoreError> {
        let (host, key, day) = (intent.host.to_string(), intent.key.as_str(), beijing_day(intent.at));
        let blocks = self.store.opened(0, intent.at).await?.blocks;
        let block = blocks.into_iter().find(|block| block.host == host && block.key == key);
        let today = match intent.guards {
            Guards { cap: None, reserve: None } => Vec::new(),
            _ => self.store.recent_calls(ExchangeId(i64::MAX), day).await?.rows,
        };
        let is_charged = |call: &&RecentCall| !call.is_reuse && call.billing != Billing::Free;
        let is_capped = |call: &&RecentCall| intent.capped_accounts().any(|account| call.is_of(&account));
        let spent_today = today.iter().filter(is_charged).filter(is_capped).count() as u64 + planned;
        Ok(Facts {
            block,
            spent_today,
            quota: newest_quota(&today, &intent.account(), planned),
            ..Facts::default()
        })
    }
}

/// The quota in the newest answer to the account, of calls in their order.
fn newest_quota(today: &[RecentCall], account: &Account, planned: u64) -> Option<QuotaFact> {
    let mut spent_since = planned;
    for call in today.iter().rev().filter(|call| call.is_of(account) && !call.is_reuse) {
        if let (Some(used), Some(allowed)) = (call.used, call.allowed) {
            return Some(QuotaFact { used, allowed, spent_since });
        }
        spent_since += u64::from(call.billing != Billing::Free);
    }
    None
}
