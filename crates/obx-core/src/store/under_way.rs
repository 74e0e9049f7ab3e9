//! Tracks the rows of this process whose calls are under way, and those that are just being written: their caller may
//! give up at any moment, and then no row may remain.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::store::ExchangeId;

/// The rows that are written but have no outcome. The lock is never held during a write.
#[derive(Clone, Debug, Default)]
pub(super) struct UnderWay(Arc<Mutex<UnderWayRows>>);

#[derive(Debug, Default)]
struct UnderWayRows {
    states: HashMap<ExchangeId, RowState>,
    /// The store is closed: no call can begin.
    is_closed: bool,
}

/// The state of a row: what closing the store does with it depends on this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowState {
    /// The caller has not received it yet: nothing was sent.
    Unclaimed,
    /// Its call may have been sent.
    Claimed,
    /// Its call will not be sent: the row must be deleted.
    ToWithdraw,
}

impl UnderWay {
    pub(super) fn all(&self) -> HashSet<ExchangeId> {
        self.lock().states.keys().copied().collect()
    }

    /// Runs `start` unless the store is closed; it can't be closed while `start` runs.
    pub(super) fn unless_closed<T>(&self, start: impl FnOnce() -> T) -> Option<T> {
        let rows = self.lock();
        (!rows.is_closed).then(start)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().is_closed
    }

    /// From now on no row can be claimed; unclaimed ones are to be withdrawn.
    pub(super) fn close(&self) {
        let mut rows = self.lock();
        rows.is_closed = true;
        let unclaimed = rows.states.values_mut().filter(|state| **state == RowState::Unclaimed);
        for state in unclaimed {
            *state = RowState::ToWithdraw;
        }
    }

    pub(super) fn insert(&self, id: ExchangeId) {
        let mut rows = self.lock();
        let state = if rows.is_closed { RowState::ToWithdraw } else { RowState::Unclaimed };
        let _ = rows.states.insert(id, state); // None: row numbers are unique
    }

    /// Hands the row to its caller; returns true if the call may be sent.
    pub(super) fn claim(&self, id: ExchangeId) -> bool {
        let mut rows = self.lock();
        match rows.states.get_mut(&id) {
            Some(state @ RowState::Unclaimed) => {
                *state = RowState::Claimed;
                true
            }
            _ => false,
        }
    }

    /// Marks a row whose call will not be sent.
    pub(super) fn withdraw(&self, id: ExchangeId) {
        if let Some(state) = self.lock().states.get_mut(&id) {
            *state = RowState::ToWithdraw;
        }
    }

    pub(super) fn remove(&self, id: ExchangeId) {
        let _ = self.lock().states.remove(&id); // None if the row was not tracked
    }

    /// Returns the rows whose calls will not be sent.
    pub(super) fn to_withdraw(&self) -> Vec<ExchangeId> {
        self.in_state(RowState::ToWithdraw)
    }

    /// Returns the rows whose calls may have been sent.
    pub(super) fn claimed(&self) -> Vec<ExchangeId> {
        self.in_state(RowState::Claimed)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lock().states.is_empty()
    }

    fn in_state(&self, wanted: RowState) -> Vec<ExchangeId> {
        let rows = self.lock();
        rows.states.iter().filter(|(_, state)| **state == wanted).map(|(id, _)| *id).collect()
    }

    fn lock(&self) -> MutexGuard<'_, UnderWayRows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A row being written, shared by its caller and the writer thread.
#[derive(Clone, Debug, Default)]
pub(super) struct AwaitedRow(Arc<Mutex<WriteStage>>);

#[derive(Debug, Default)]
enum WriteStage {
    #[default]
    Unwritten,
    Written(ExchangeId),
    /// The caller has given up.
    Abandoned,
}

impl AwaitedRow {
    pub(super) fn is_abandoned(&self) -> bool {
        matches!(*self.lock(), WriteStage::Abandoned)
    }

    /// Records that the row is written; returns true if the caller still waits for it.
    pub(super) fn written(&self, id: ExchangeId) -> bool {
        let mut stage = self.lock();
        if matches!(*stage, WriteStage::Abandoned) {
            return false;
        }
        *stage = WriteStage::Written(id);
        true
    }

    fn lock(&self) -> MutexGuard<'_, WriteStage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Held by the caller that waits for a row. If it is dropped before it has the row, `withdraw` is called with the row
/// if that has been written.
pub(super) struct Waiter<F: FnMut(ExchangeId)> {
    awaited: AwaitedRow,
    withdraw: F,
    has_row: bool,
}

impl<F: FnMut(ExchangeId)> Waiter<F> {
    pub(super) fn new(awaited: AwaitedRow, withdraw: F) -> Self {
        Self { awaited, withdraw, has_row: false }
    }

    /// Ends the wait: the caller has the row, or there is none.
    pub(super) fn end(mut self) {
        self.has_row = true;
    }
}

impl<F: FnMut(ExchangeId)> Drop for Waiter<F> {
    fn drop(&mut self) {
        if self.has_row {
            return;
        }
        let before = std::mem::replace(&mut *self.awaited.lock(), WriteStage::Abandoned);
        if let WriteStage::Written(id) = before {
            (self.withdraw)(id);
        }
    }
}
