//! What is known of calls before they are made: nothing here sends.

use jiff::Timestamp;

use super::{FetchPolicy, Fetched, Fetcher, Source};
use crate::policy::{DoubtRule, Freshness, is_fresh, question};
use crate::store::{KnownAnswer, Store, StoreError, StoredAnswer};
use onebound::{Account, Call, Host};

/// Returns when an earlier call for the same was sent to the first of these hosts whose answer never came, if it is in doubt:
/// this one may be billed a second time. It is the rule that keeps a batch from buying again.
///
/// # Errors
/// If the store can't be read.
pub(crate) async fn in_doubt(
    store: &dyn Store,
    hosts: &[Host],
    call: &Call,
    freshness: Freshness,
) -> Result<Option<Timestamp>, StoreError> {
    let Some(host) = hosts.first() else { return Ok(None) };
    let known = store.known(host.scope(), vec![call.clone()]).await?;
    let unknown_at = known.first().and_then(|known| known.unknown_at);
    Ok(freshness.in_doubt(unknown_at, Timestamp::now()))
}

impl Fetcher {
    /// Returns the hosts that it sends to, in their order.
    pub fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    /// Returns what the store knows of these calls, in their order.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn known(&self, calls: Vec<Call>) -> Result<Vec<KnownAnswer>, StoreError> {
        let count = calls.len();
        let mut known = match self.hosts.first() {
            Some(host) => self.store.known(host.scope(), calls).await?,
            None => Vec::new(),
        };
        known.resize(count, KnownAnswer::default());
        Ok(known)
    }

    /// Returns when an earlier call for the same was sent that is in doubt, where this policy sends the call in spite of
    /// it; `None` also where the store can't be read.
    pub(super) async fn doubt_to_say(&self, call: &Call, policy: FetchPolicy) -> Option<Timestamp> {
        if policy.doubt_rule(false) != DoubtRule::IsSaid {
            return None;
        }
        let doubt = in_doubt(self.store.as_ref(), &self.hosts, call, self.rules.freshness).await;
        doubt.inspect_err(|error| tracing::warn!(%error, "the store can't be read")).ok()?
    }

    /// Returns a fresh stored answer. It is not logged, since it is not shown in place of a call.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn peek(&self, call: &Call) -> Result<Option<Fetched>, StoreError> {
        let Some(question) = question(call, &self.hosts, FetchPolicy::CacheOnly) else { return Ok(None) };
        let answer = self.store.answer(&question).await?;
        let is_fresh = |answer: &StoredAnswer| {
            is_fresh(self.rules.freshness.until_of(&answer.exchange), Timestamp::now())
        };
        Ok(answer.filter(is_fresh).map(|answer| self.stored_as(Source::Store, answer, None)))
    }

    /// Returns the account whose quota the calls to the first host use; `None` if there is no host.
    pub fn account(&self) -> Option<Account> {
        let host = self.hosts.first()?;
        Some(Account { scope: host.scope(), key: self.client.fingerprint() })
    }
}
