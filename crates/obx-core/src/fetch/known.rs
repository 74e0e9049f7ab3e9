//! What is known of calls before they are made: nothing here sends.

use jiff::Timestamp;

use super::{FetchPolicy, Fetched, Fetcher, Source};
use crate::policy::{is_fresh, question};
use crate::store::{KnownAnswer, StoreError, StoredAnswer};
use onebound::{Account, Call};

impl Fetcher {
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
