//! A call's row before it is sent, written by attempts: while another program has the file locked, the thread that
//! writes is free between two of them, and whoever waits may leave. Once the store is closed no call begins any more.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use rusqlite::Connection;

use super::under_way::{Awaited, UnderWay, Waiter};
use super::{LocalStore, ledger, schema};
use crate::store::{Begun, ExchangeId, Intent, StoreError, StoreErrorKind};

impl LocalStore {
    pub(super) async fn begin_row(&self, intent: Intent) -> Result<Begun, StoreError> {
        let (intent, awaited, start) = (Arc::new(intent), Awaited::default(), Instant::now());
        let waiter = Waiter::new(awaited.clone(), |id| self.withdraw(id));
        loop {
            // In the queue before the store is closed, or never: a later job would open it again.
            let attempt = self.under_way.unless_closed(|| self.try_begin(&intent, &awaited));
            match attempt.ok_or_else(stopped)?.await {
                Err(error)
                    if error.fault == StoreErrorKind::Locked && start.elapsed() < schema::LOCK_WAIT =>
                {
                    tokio::time::sleep(schema::LOCK_PAUSE).await;
                }
                Ok(Begun::Go(id)) if !self.under_way.claim(id) => return Err(stopped()),
                begun => {
                    waiter.end();
                    return begun;
                }
            }
        }
    }

    /// One attempt at a row, which waits for no lock: what else is to be written can go before the next one.
    fn try_begin(
        &self,
        intent: &Arc<Intent>,
        awaited: &Awaited,
    ) -> BoxFuture<'static, Result<Begun, StoreError>> {
        let (intent, awaited, under_way) = (Arc::clone(intent), awaited.clone(), self.under_way.clone());
        self.write(move |connection| {
            if awaited.is_abandoned() || under_way.is_closed() {
                return Err(stopped());
            }
            // Who begins has waited for what this process has under way: rows of its own that are pending still have
            // ended, or were given up.
            let own = under_way.all();
            let begun = without_waiting(connection, |connection| ledger::begin(connection, &intent, &own));
            if let Ok(Begun::Go(id)) = begun {
                under_way.insert(id);
                if !awaited.written(id) {
                    under_way.withdraw(id);
                }
            }
            begun
        })
    }

    /// Takes a row back whose call is not sent: now, where the file's lock can be had, else with whatever is written
    /// next, at the latest when the store is closed.
    fn withdraw(&self, id: ExchangeId) {
        self.under_way.withdraw(id);
        let under_way = self.under_way.clone();
        drop(self.under_way.unless_closed(|| self.write(move |connection| withdraw(connection, &under_way))));
    }
}

fn stopped() -> StoreError {
    StoreError::new(StoreErrorKind::Stopped, "nobody waits for this")
}

/// Runs `attempt` so that it fails where the file is locked.
pub(super) fn without_waiting<T>(
    connection: &mut Connection,
    attempt: impl FnOnce(&mut Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    connection.busy_timeout(Duration::ZERO)?;
    let done = attempt(connection);
    if let Err(error) = connection.busy_timeout(schema::LOCK_WAIT) {
        tracing::warn!(%error, "the store will not wait for locks");
    }
    done
}

/// Takes those rows back that are to be: what can't be done now is done at the next write.
pub(super) fn withdraw(connection: &Connection, under_way: &UnderWay) -> Result<(), StoreError> {
    for id in under_way.to_withdraw() {
        ledger::withdraw(connection, id)?;
        under_way.remove(id);
    }
    Ok(())
}

/// The same, around whatever else is written, and waiting for no lock.
pub(super) fn withdraw_at_once(connection: &mut Connection, under_way: &UnderWay) {
    if under_way.to_withdraw().is_empty() {
        return;
    }
    if let Err(error) = without_waiting(connection, |connection| withdraw(connection, under_way)) {
        tracing::warn!(%error, "a row could not be taken back");
    }
}
