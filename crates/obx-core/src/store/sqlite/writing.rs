//! Writes go through one queue and one connection; an exchange is packed before its turn comes.

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, TryFutureExt};
use rusqlite::Connection;

use super::{LocalStore, begin, outcomes};
use crate::store::write_queue::{PendingWrite, WriteOp};
use crate::store::{StoreError, Written};

impl LocalStore {
    pub(super) fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        let (place, under_way) = (self.place.clone(), self.under_way.clone());
        let (opened_file, opened) = (self.opened_file.clone(), self.place.clone());
        let job = move |connection: &mut Connection| {
            opened_file.check(&opened)?;
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
    pub(super) fn write_waiting(&self, waiting: PendingWrite) -> Written {
        let store = self.clone();
        let packed = self.packer.run(move |()| {
            if let WriteOp::Complete { exchange, .. } = &*waiting.op {
                waiting.entry(exchange)?;
            }
            Ok(store.write_ready(waiting))
        });
        let written = async { packed.await?.await };
        written.inspect_err(|error| tracing::warn!(%error, "an exchange could not be written")).boxed()
    }

    fn write_ready(&self, waiting: PendingWrite) -> Written {
        let (unwritten, under_way) = (self.unwritten.clone(), self.under_way.clone());
        self.write(move |connection| {
            // It may have been queued twice.
            if let Some(written) = waiting.written() {
                return Ok(written);
            }
            let id = match &*waiting.op {
                WriteOp::Complete { id, key, exchange } => {
                    let written =
                        outcomes::complete(connection, *id, key, exchange, waiting.entry(exchange)?)?;
                    if let Some(id) = id {
                        under_way.remove(*id);
                    }
                    written
                }
                WriteOp::Reuse { id, call, key, at } => {
                    unsynced(connection, |connection| outcomes::reuse(connection, *id, call, key, *at))?
                }
            };
            unwritten.finish(&waiting, id);
            Ok(id)
        })
    }

    /// Writes everything that is still unwritten; returns how many exchanges remain.
    pub(super) async fn write_all(&self) -> Result<usize, StoreError> {
        for waiting in self.unwritten.all() {
            self.write_waiting(waiting).await?;
        }
        Ok(self.unwritten.all().len())
    }
}

/// Writes without waiting for the disk, which takes longer than all else of an answer from the store: what a power failure
/// could take with it is a row of the log that cost nothing. The next write that waits has this one on the disk as well.
fn unsynced<T>(
    connection: &mut Connection,
    write: impl FnOnce(&mut Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    let written = write(connection);
    // If this failed, the connection would be given up with its error.
    connection.pragma_update(None, "synchronous", "FULL")?;
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Place, StoreErrorKind};

    const NORMAL: i64 = 1;
    const FULL: i64 = 2;

    #[test]
    fn only_a_row_that_cost_nothing_does_not_wait_for_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::file(folder.path().join("store.sqlite"));
        let mut connection = super::super::schema::open(&place).unwrap();
        let level = |connection: &Connection| -> i64 {
            connection.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap()
        };
        assert_eq!(level(&connection), FULL);
        assert_eq!(unsynced(&mut connection, |connection| Ok(level(connection))), Ok(NORMAL));
        assert_eq!(level(&connection), FULL);
        let failed: Result<(), StoreError> =
            unsynced(&mut connection, |_| Err(StoreError::new(StoreErrorKind::Full, "full")));
        assert!(failed.is_err());
        assert_eq!(level(&connection), FULL);
    }
}
