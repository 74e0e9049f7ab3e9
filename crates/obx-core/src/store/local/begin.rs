//! A call's row before it is sent, written by attempts: while another program has the file locked, the thread that
//! writes is free between two of them, and whoever waits may leave.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use rusqlite::Connection;

use super::LocalStore;
use crate::store::under_way::{Awaited, UnderWay, Waiter};
use crate::store::{Begun, ExchangeId, Fault, Intent, StoreError, ledger, schema};

impl LocalStore {
    pub(super) async fn begin_row(&self, intent: Intent) -> Result<Begun, StoreError> {
        let (intent, awaited, start) = (Arc::new(intent), Awaited::default(), Instant::now());
        let waiter = Waiter::new(awaited.clone(), |id| self.withdraw(id));
        loop {
            match self.try_begin(&intent, &awaited).await {
                Err(error) if error.fault == Fault::Locked && start.elapsed() < schema::LOCK_WAIT => {
                    tokio::time::sleep(schema::LOCK_PAUSE).await;
                }
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
        let (intent, awaited, store) = (Arc::clone(intent), awaited.clone(), self.clone());
        self.write(move |connection| {
            if awaited.is_abandoned() {
                return Err(StoreError::new(Fault::Stopped, "nobody waits for this"));
            }
            connection.busy_timeout(Duration::ZERO)?;
            // Who begins has waited for what this process has under way: rows of its own that are pending still have
            // ended, or were given up.
            let begun = ledger::begin(connection, &intent, &store.under_way.all());
            connection.busy_timeout(schema::LOCK_WAIT)?;
            if let Ok(Begun::Go(id)) = begun {
                store.under_way.insert(id);
                if !awaited.written(id) {
                    store.withdraw(id);
                }
            }
            begun
        })
    }

    /// Takes a row back whose call is not sent. Where that can't be written, it stays among those under way and is given
    /// up with them.
    fn withdraw(&self, id: ExchangeId) {
        let under_way = self.under_way.clone();
        drop(self.write(move |connection| {
            let withdrawn = ledger::withdraw(connection, id);
            match &withdrawn {
                Ok(()) => under_way.remove(id),
                Err(error) => tracing::warn!(%error, "a row could not be taken back"),
            }
            withdrawn
        }));
    }
}

/// How long the end waits for a lock to give up what is under way.
const GIVE_UP_WAIT: Duration = Duration::from_millis(500);

/// Calls of this session that are still under way: nobody will hear how they end, and no other session shall
/// wait for that. Where it can't be written, they find out that this process has ended.
pub(super) fn give_up(connection: &mut Connection, under_way: &UnderWay) {
    let own = under_way.take();
    if own.is_empty() {
        return;
    }
    let waits = connection.busy_timeout(GIVE_UP_WAIT).map_err(StoreError::from);
    if let Err(error) = waits.and_then(|()| ledger::give_up(connection, own)) {
        tracing::warn!(%error, "calls under way could not be given up");
    }
}
