//! Writes a call's row before the call is sent, in several attempts. While another program has the file locked, the
//! writer thread is free between two attempts, and the caller may give up. Once the store is closed no call can
//! begin.

use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::group::GroupedWrite;
use super::{LocalStore, ledger, schema};
use crate::store::under_way::{AwaitedRow, UnderWay, Waiter};
use crate::store::{Begun, ExchangeId, Intent, StoreError, StoreErrorKind};

impl LocalStore {
    pub(super) async fn begin_row(&self, intent: Intent) -> Result<Begun, StoreError> {
        let (intent, awaited, start) = (Arc::new(intent), AwaitedRow::default(), Instant::now());
        let waiter = Waiter::new(awaited.clone(), |id| self.withdraw(id));
        loop {
            // Queued before the store is closed, or not at all: a later job would open it again.
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

    /// Tries once to write the row, without waiting for locks: so other writes can go before the next attempt.
    fn try_begin(
        &self,
        intent: &Arc<Intent>,
        awaited: &AwaitedRow,
    ) -> BoxFuture<'static, Result<Begun, StoreError>> {
        let (answer, answered) = oneshot::channel();
        self.write_in_group(Box::new(RowToBegin {
            intent: Arc::clone(intent),
            awaited: awaited.clone(),
            under_way: self.under_way.clone(),
            begun: Err(stopped()),
            answer,
        }));
        self.answer_of(answered)
    }

    /// Deletes the row of a call that is not sent: now if the file can be locked, else with the next write, at the
    /// latest when the store is closed.
    fn withdraw(&self, id: ExchangeId) {
        self.under_way.withdraw(id);
        let under_way = self.under_way.clone();
        drop(self.under_way.unless_closed(|| self.write(move |connection| withdraw(connection, &under_way))));
    }
}

/// A call's row that is being written.
struct RowToBegin {
    intent: Arc<Intent>,
    awaited: AwaitedRow,
    under_way: UnderWay,
    /// What was decided in the transaction.
    begun: Result<Begun, StoreError>,
    answer: oneshot::Sender<Result<Begun, StoreError>>,
}

impl GroupedWrite for RowToBegin {
    fn waits_for_locks(&self) -> bool {
        false
    }

    fn execute(&mut self, connection: &Connection) -> Result<(), StoreError> {
        // Nothing is written then, so that nothing has to be rolled back.
        if self.awaited.is_abandoned() || self.under_way.is_closed() {
            return Ok(());
        }
        // The caller has waited for this process's own calls for the question: if their rows are still pending, they
        // have ended or were given up.
        let begun = ledger::begin(connection, &self.intent, &self.under_way.all())?;
        if let Begun::Go(id) = begun {
            self.under_way.insert(id);
        }
        self.begun = Ok(begun);
        Ok(())
    }

    fn rolled_back(&mut self) {
        if let Ok(Begun::Go(id)) = mem::replace(&mut self.begun, Err(stopped())) {
            self.under_way.remove(id);
        }
    }

    fn end(mut self: Box<Self>, committed: Result<(), StoreError>) {
        if let Err(error) = committed {
            self.begun = Err(error);
        }
        if let Ok(Begun::Go(id)) = self.begun
            && !self.awaited.written(id)
        {
            self.under_way.withdraw(id);
        }
        let _ = self.answer.send(self.begun); // fails if the caller no longer waits
    }
}

fn stopped() -> StoreError {
    StoreError::new(StoreErrorKind::Stopped, "nobody waits for this")
}

/// Runs `attempt` so that it fails at once if the file is locked.
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

/// Deletes the rows that are to be withdrawn. Those that can't be deleted now are deleted at the next write.
pub(super) fn withdraw(connection: &Connection, under_way: &UnderWay) -> Result<(), StoreError> {
    for id in under_way.to_withdraw() {
        ledger::withdraw(connection, id)?;
        under_way.remove(id);
    }
    Ok(())
}

/// Does the same before and after other writes, without waiting for locks.
pub(super) fn withdraw_at_once(connection: &mut Connection, under_way: &UnderWay) {
    if under_way.to_withdraw().is_empty() {
        return;
    }
    if let Err(error) = without_waiting(connection, |connection| withdraw(connection, under_way)) {
        tracing::warn!(%error, "a row could not be taken back");
    }
}
