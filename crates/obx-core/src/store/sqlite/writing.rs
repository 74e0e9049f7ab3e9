//! Writes go through one queue and one connection; an exchange is packed before its turn comes.

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, TryFutureExt};
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use super::group::GroupedWrite;
use super::{LocalStore, begin, outcomes, schema};
use crate::store::under_way::UnderWay;
use crate::store::write_queue::{PendingWrite, QueuedWrite, WriteOp};
use crate::store::{ExchangeId, StoreError, StoreErrorKind, Written};

impl LocalStore {
    pub(super) fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        let (place, under_way) = (self.place.clone(), self.under_way.clone());
        let (opened_file, opened) = (self.opened_file.clone(), self.place.clone());
        let job = move |connection: &mut Connection| {
            opened_file.check(&opened)?;
            schema::check_not_newer(connection)?;
            // Before the job, so that a call that was not sent is not counted; and after it, when the lock is likely
            // to be free.
            begin::withdraw_at_once(connection, &under_way);
            let done = job(connection);
            begin::withdraw_at_once(connection, &under_way);
            done
        };
        self.writer.run(job).map_err(move |error| error.at_place(&place)).boxed()
    }

    /// Writes it after the packer has computed its entry. The job is queued when this returns.
    pub(super) fn write_waiting(&self, waiting: QueuedWrite) -> Written {
        let store = self.clone();
        let packed = self.packer.run(move |()| {
            if let WriteOp::Complete { exchange, .. } = &*waiting.op {
                if store.keeps_answers {
                    waiting.entry(exchange)?;
                } else {
                    waiting.prepare_without_answer(exchange)?;
                }
            }
            Ok(store.write_packed(waiting))
        });
        let written = async { packed.await?.await };
        written.inspect_err(|error| tracing::warn!(%error, "an exchange could not be written")).boxed()
    }

    fn write_packed(&self, waiting: QueuedWrite) -> Written {
        if matches!(&*waiting.op, WriteOp::Reuse { .. }) {
            return self.write(move |connection| {
                let written = unsynced(connection, |connection| {
                    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
                    let id = waiting.write(&transaction)?;
                    transaction.commit()?;
                    Ok(id)
                });
                written.inspect(|id| waiting.finish(*id))
            });
        }
        let (answer, answered) = oneshot::channel();
        let under_way = self.under_way.clone();
        self.write_in_group(Box::new(CallToComplete { waiting, under_way, row: None, answer }));
        self.answer_of(answered)
    }

    /// Writes again what could not be written before; returns how many exchanges remain.
    pub(super) async fn write_failed(&self) -> Result<usize, StoreError> {
        while let Some(waiting) = self.unwritten.take_failed() {
            self.write_waiting(waiting).await?;
        }
        Ok(self.unwritten.all().len())
    }
}

impl PendingWrite {
    /// Writes within a transaction.
    fn write(&self, transaction: &Connection) -> Result<ExchangeId, StoreError> {
        match &*self.op {
            WriteOp::Complete { id, key, exchange } => {
                outcomes::complete(transaction, *id, key, exchange, self.entry(exchange)?)
            }
            WriteOp::Reuse { id, call, key, at } => outcomes::reuse(transaction, *id, call, key, *at),
        }
    }
}

/// A completed call that is being written.
struct CallToComplete {
    waiting: QueuedWrite,
    under_way: UnderWay,
    /// The row that was written in the transaction.
    row: Option<ExchangeId>,
    answer: oneshot::Sender<Result<ExchangeId, StoreError>>,
}

impl GroupedWrite for CallToComplete {
    fn waits_for_locks(&self) -> bool {
        true
    }

    fn execute(&mut self, connection: &Connection) -> Result<(), StoreError> {
        self.row = Some(self.waiting.write(connection)?);
        Ok(())
    }

    fn rolled_back(&mut self) {
        self.row = None;
    }

    fn end(self: Box<Self>, committed: Result<(), StoreError>) {
        let Self { waiting, under_way, row, answer } = *self;
        let lost = || StoreError::new(StoreErrorKind::Other, "nothing was written");
        let written = committed.and_then(|()| row.ok_or_else(lost));
        if let Ok(id) = written {
            if let WriteOp::Complete { id: Some(begun), .. } = &*waiting.op {
                under_way.remove(*begun);
            }
            waiting.finish(id);
        }
        // Before the caller may ask to write it again.
        drop(waiting);
        let _ = answer.send(written); // fails if the caller no longer waits
    }
}

/// Writes without waiting for the disk, which takes longer than all else of an answer from the store: what a power failure
/// could take with it is a row of the log that cost nothing. The next write that waits has this one on the disk as well.
/// Meanwhile the write-ahead log is not copied into the file, since that has to wait.
fn unsynced<T>(
    connection: &mut Connection,
    write: impl FnOnce(&mut Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let checkpoint: i64 = connection.pragma_query_value(None, "wal_autocheckpoint", |row| row.get(0))?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    let written = write(connection);
    // If one of these failed, the connection would be given up with its error.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", checkpoint)?;
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Place;

    const OFF: i64 = 0;
    const FULL: i64 = 2;

    #[test]
    fn only_a_row_that_cost_nothing_does_not_wait_for_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::file(folder.path().join("store.sqlite"));
        let mut connection = schema::open(&place).unwrap();
        let level = |connection: &Connection| -> i64 {
            connection.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap()
        };
        assert_eq!(level(&connection), FULL);
        assert_eq!(unsynced(&mut connection, |connection| Ok(level(connection))), Ok(OFF));
        assert_eq!(level(&connection), FULL);
        let failed: Result<(), StoreError> =
            unsynced(&mut connection, |_| Err(StoreError::new(StoreErrorKind::Full, "full")));
        assert!(failed.is_err());
        assert_eq!(level(&connection), FULL);
        let checkpoint = connection.pragma_query_value(None, "wal_autocheckpoint", |row| row.get(0));
        assert_eq!(checkpoint, Ok(1_000));
    }
}
