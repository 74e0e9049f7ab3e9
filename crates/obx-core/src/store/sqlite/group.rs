//! Writes that wait at the same time share one transaction: to wait for the disk takes longer than all else of a write,
//! and is then done once for all of them.
//!
//! They run in it one after the other, so that each sees those before it: of two calls at a cap of one, one may go. A caller
//! is answered after the commit. Where one write fails, the transaction is rolled back and each runs in one of its own,
//! so that no other fails with it.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use super::worker::caught;
use super::{LocalStore, begin, schema};
use crate::store::{StoreError, StoreErrorKind};

/// The most writes of one transaction: another session waits for its end.
const MOST: usize = 64;

/// A write that can share its transaction.
pub(super) trait GroupedWrite: Send {
    /// Whether it waits for the locks of other sessions; else it fails at once, and its caller tries again.
    fn waits_for_locks(&self) -> bool;

    /// Writes within a transaction. It may run again, after that was rolled back.
    ///
    /// # Errors
    /// If it could not be written: then what it wrote is rolled back.
    fn execute(&mut self, connection: &Connection) -> Result<(), StoreError>;

    /// Forgets what it wrote: its transaction was rolled back, and its row numbers may soon be those of another session.
    fn rolled_back(&mut self);

    /// Answers the caller, after the commit or after all was rolled back.
    fn end(self: Box<Self>, committed: Result<(), StoreError>);
}

/// The writes that wait for the writer, oldest first.
#[derive(Clone, Default)]
pub(super) struct WriteGroup(Arc<Mutex<Vec<Box<dyn GroupedWrite>>>>);

impl std::fmt::Debug for WriteGroup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WriteGroup")
    }
}

impl WriteGroup {
    fn add(&self, write: Box<dyn GroupedWrite>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(write);
    }

    fn take(&self) -> Vec<Box<dyn GroupedWrite>> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = waiting.len().min(MOST);
        let rest = waiting.split_off(count);
        mem::replace(&mut *waiting, rest)
    }
}

impl LocalStore {
    /// Queues a write, which has run when all jobs that were queued for the writer before have.
    pub(super) fn write_in_group(&self, write: Box<dyn GroupedWrite>) {
        self.group.add(write);
        let (group, under_way) = (self.group.clone(), self.under_way.clone());
        let (opened_file, place) = (self.opened_file.clone(), self.place.clone());
        // One job for each write: the first one takes all that wait, and leaves the others little to do.
        let is_queued = self.writer.run_even_unconnected(move |connection| {
            let writes = group.take();
            if writes.is_empty() {
                return Ok(());
            }
            let connection = connection.and_then(|connection| opened_file.check(&place).map(|()| connection));
            match connection {
                Ok(connection) => {
                    begin::withdraw_at_once(connection, &under_way);
                    let done = write_together(connection, writes);
                    begin::withdraw_at_once(connection, &under_way);
                    done
                }
                Err(error) => {
                    end(writes, &Err(error.clone()));
                    Err(error)
                }
            }
        });
        if !is_queued {
            drop(self.group.take()); // the callers learn that the thread is gone
        }
    }

    /// Returns the answer to a write of a group.
    pub(super) fn answer_of<T: Send + 'static>(
        &self,
        answered: oneshot::Receiver<Result<T, StoreError>>,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        let place = self.place.clone();
        let answer = async move {
            let gone = |_| Err(StoreError::new(StoreErrorKind::Other, "the store's thread is gone"));
            answered.await.unwrap_or_else(gone).map_err(|error| error.at_place(&place))
        };
        answer.boxed()
    }
}

/// Why a transaction failed.
enum GroupFailure {
    /// It could not begin.
    Begin(StoreError),
    /// One of the writes failed.
    Write(StoreError),
    Commit(StoreError),
}

/// Writes them in one transaction if possible, and answers their callers.
///
/// # Errors
/// One of theirs: one that breaks the connection, if there is such an error.
fn write_together(
    connection: &mut Connection,
    mut writes: Vec<Box<dyn GroupedWrite>>,
) -> Result<(), StoreError> {
    match transact(connection, &mut writes) {
        Ok(()) => {
            end(writes, &Ok(()));
            Ok(())
        }
        // Some of them wait for the lock of another session, and the others don't.
        Err(GroupFailure::Begin(error)) if error.fault == StoreErrorKind::Locked && some_wait(&writes) => {
            let (waiting, others) = writes.into_iter().partition(|write| write.waits_for_locks());
            end(others, &Err(error));
            write_together(connection, waiting)
        }
        Err(GroupFailure::Write(_)) if writes.len() > 1 => {
            let alone = writes.into_iter().map(|write| write_together(connection, vec![write]));
            alone.reduce(worse).unwrap_or(Ok(()))
        }
        Err(GroupFailure::Begin(error) | GroupFailure::Write(error) | GroupFailure::Commit(error)) => {
            end(writes, &Err(error.clone()));
            Err(error)
        }
    }
}

/// Returns true if some of them wait for locks, but not all.
fn some_wait(writes: &[Box<dyn GroupedWrite>]) -> bool {
    writes.iter().any(|write| write.waits_for_locks()) && !all_wait(writes)
}

fn all_wait(writes: &[Box<dyn GroupedWrite>]) -> bool {
    writes.iter().all(|write| write.waits_for_locks())
}

fn transact(connection: &mut Connection, writes: &mut [Box<dyn GroupedWrite>]) -> Result<(), GroupFailure> {
    if all_wait(writes) {
        return execute(connection, TransactionBehavior::Immediate, writes);
    }
    // Where none waits, the write lock is taken only by the first that writes: a call that waits for another session's
    // answer asks again and again.
    let behavior =
        if some_wait(writes) { TransactionBehavior::Immediate } else { TransactionBehavior::Deferred };
    let done = begin::without_waiting(connection, |connection| Ok(execute(connection, behavior, writes)));
    done.map_err(GroupFailure::Begin)?
}

fn execute(
    connection: &mut Connection,
    behavior: TransactionBehavior,
    writes: &mut [Box<dyn GroupedWrite>],
) -> Result<(), GroupFailure> {
    let begun = connection.transaction_with_behavior(behavior);
    let transaction = begun.map_err(|error| GroupFailure::Begin(error.into()))?;
    schema::check_not_newer(&transaction).map_err(GroupFailure::Begin)?;
    let done = writes.iter_mut().try_for_each(|write| caught(|| write.execute(&transaction)));
    let committed = match done {
        Ok(()) => transaction.commit().map_err(|error| GroupFailure::Commit(error.into())),
        Err(error) => {
            // While the lock is still held: so no other session can have their numbers meanwhile.
            forget(writes);
            drop(transaction);
            return Err(GroupFailure::Write(error));
        }
    };
    if committed.is_err() {
        forget(writes);
    }
    committed
}

fn forget(writes: &mut [Box<dyn GroupedWrite>]) {
    for write in writes {
        write.rolled_back();
    }
}

fn end(writes: Vec<Box<dyn GroupedWrite>>, committed: &Result<(), StoreError>) {
    for write in writes {
        write.end(committed.clone());
    }
}

/// Returns the result after which less can be done with the connection.
fn worse(one: Result<(), StoreError>, other: Result<(), StoreError>) -> Result<(), StoreError> {
    match &one {
        Err(error) if !error.fault.leaves_connected() => one,
        _ => other.and(one),
    }
}

#[cfg(test)]
mod tests;
