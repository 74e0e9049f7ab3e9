//! Writes a call's row before the call is sent. The call is sent only if the row is certainly there: if the connection is
//! cut while the row is being committed, another connection looks for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::PostgresStore;
use super::error::stopped;
use super::ledger;
use super::pool::Lent;
use super::shared::Shared;
use crate::store::under_way::{AwaitedRow, Waiter};
use crate::store::write_token::WriteToken;
use crate::store::{Begun, ExchangeId, Intent, StoreError, StoreErrorKind};

/// How long an attempt may take.
const BEGIN_LIMIT: Duration = Duration::from_secs(5);

/// An attempt that fails later has waited for a lock, and is not repeated.
const REPEATED_WITHIN: Duration = Duration::from_secs(1);

impl PostgresStore {
    pub(super) async fn begin_row(&self, intent: Intent) -> Result<Begun, StoreError> {
        let (awaited, under_way) = (AwaitedRow::default(), &self.shared.under_way);
        let waiter = Waiter::new(awaited.clone(), |id| {
            self.shared.under_way.withdraw(id);
            let shared = Arc::clone(&self.shared);
            drop(self.threads.run(async move {
                shared.withdraw_or_retry().await;
                Ok(())
            }));
        });
        let shared = Arc::clone(&self.shared);
        let attempt = under_way.unless_closed(|| self.threads.run(begin(shared, intent, awaited)));
        match attempt.ok_or_else(stopped)?.await {
            Ok(Begun::Go(id)) if !under_way.claim(id) => Err(stopped()),
            begun => {
                waiter.end();
                begun
            }
        }
    }
}

async fn begin(shared: Arc<Shared>, intent: Intent, awaited: AwaitedRow) -> Result<Begun, StoreError> {
    shared.recover().await?;
    let mut attempts = 0;
    loop {
        if awaited.is_abandoned() || shared.under_way.is_closed() {
            return Err(stopped());
        }
        // So that a call that was not sent is not counted.
        shared.withdraw().await?;
        attempts += 1;
        let start = Instant::now();
        match attempt(&shared, &intent).await {
            Ok(Begun::Go(id)) => {
                shared.under_way.insert(id);
                if !awaited.written(id) {
                    shared.under_way.withdraw(id);
                    shared.withdraw_or_retry().await;
                }
                return Ok(Begun::Go(id));
            }
            Err(error)
                if error.fault == StoreErrorKind::Locked
                    && attempts < ledger::ATTEMPTS
                    && start.elapsed() < REPEATED_WITHIN => {}
            begun => return begun,
        }
    }
}

async fn attempt(shared: &Arc<Shared>, intent: &Intent) -> Result<Begun, StoreError> {
    // The caller has waited for this session's own calls for the question: if their rows are still there, they have ended
    // or were given up.
    let (own, token) = (shared.under_way.all(), WriteToken::random());
    let is_committing = AtomicBool::new(false);
    let append = |connection: Lent| {
        let (own, is_committing) = (&own, &is_committing);
        async move { ledger::begin(&connection, &shared.pool, intent, (token, is_committing), own).await }
    };
    shared.pool.check()?;
    match shared.pool.with(BEGIN_LIMIT, append).await {
        Err(error) if is_committing.load(Ordering::Relaxed) => find(shared, intent, token, error).await,
        begun => begun,
    }
}

/// Looks for a row that may have been committed. If nobody can tell, the call is not sent, and the row is deleted later.
async fn find(
    shared: &Arc<Shared>,
    intent: &Intent,
    token: WriteToken,
    error: StoreError,
) -> Result<Begun, StoreError> {
    let look = |connection: Lent| async move { ledger::find_begun(&connection, intent, token).await };
    let found: Result<Option<ExchangeId>, _> = shared.pool.with(BEGIN_LIMIT, look).await;
    match found {
        Ok(Some(id)) => Ok(Begun::Go(id)),
        Ok(None) => Err(error),
        Err(_) => {
            shared.doubt(token);
            Err(error)
        }
    }
}
