//! Rows of this process whose calls are under way, and those that are just being written: whoever asked for one may
//! leave at any moment, and then nothing is to be left of it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::store::ExchangeId;

/// Rows that are written and not concluded. The lock is never held while something is written.
#[derive(Clone, Debug, Default)]
pub(super) struct UnderWay(Arc<Mutex<Rows>>);

#[derive(Debug, Default)]
struct Rows {
    states: HashMap<ExchangeId, RowState>,
    /// No call begins any more.
    is_closed: bool,
}

/// What is to become of a row when the store is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowState {
    /// Whoever asked for it has not been given it: nothing was sent.
    Unclaimed,
    /// Its call may have been sent.
    Claimed,
    /// Its call will not be sent: it is to be deleted.
    ToWithdraw,
}

impl UnderWay {
    pub(super) fn all(&self) -> HashSet<ExchangeId> {
        self.lock().states.keys().copied().collect()
    }

    /// Runs `start` unless the store is closed, which can't happen meanwhile.
    pub(super) fn unless_closed<T>(&self, start: impl FnOnce() -> T) -> Option<T> {
        let rows = self.lock();
        (!rows.is_closed).then(start)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().is_closed
    }

    /// From now on no row is claimed; those that were not are to be withdrawn.
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
        let _ = rows.states.insert(id, state); // numbers are never given twice
    }

    /// Gives the row to whoever asked for it, to send its call; returns whether that may be sent.
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

    /// Its call will not be sent.
    pub(super) fn withdraw(&self, id: ExchangeId) {
        if let Some(state) = self.lock().states.get_mut(&id) {
            *state = RowState::ToWithdraw;
        }
    }

    pub(super) fn remove(&self, id: ExchangeId) {
        let _ = self.lock().states.remove(&id); // it may never have been one of these
    }

    /// Rows whose call will not be sent.
    pub(super) fn to_withdraw(&self) -> Vec<ExchangeId> {
        self.in_state(RowState::ToWithdraw)
    }

    /// Rows whose call may have been sent.
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

    fn lock(&self) -> MutexGuard<'_, Rows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A row that somebody waits for.
#[derive(Clone, Debug, Default)]
pub(super) struct Awaited(Arc<Mutex<Stage>>);

#[derive(Debug, Default)]
enum Stage {
    #[default]
    Unwritten,
    Written(ExchangeId),
    /// Nobody waits for it any more.
    Abandoned,
}

impl Awaited {
    pub(super) fn is_abandoned(&self) -> bool {
        matches!(*self.lock(), Stage::Abandoned)
    }

    /// It is written; returns whether somebody still waits for it.
    pub(super) fn written(&self, id: ExchangeId) -> bool {
        let mut stage = self.lock();
        if matches!(*stage, Stage::Abandoned) {
            return false;
        }
        *stage = Stage::Written(id);
        true
    }

    fn lock(&self) -> MutexGuard<'_, Stage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Held by whoever waits for a row: where it goes away before it has the row, `withdraw` gets what was written by then.
pub(super) struct Waiter<F: FnMut(ExchangeId)> {
    awaited: Awaited,
    withdraw: F,
    has_row: bool,
}

impl<F: FnMut(ExchangeId)> Waiter<F> {
    pub(super) fn new(awaited: Awaited, withdraw: F) -> Self {
        Self { awaited, withdraw, has_row: false }
    }

    /// The row is handed over, or there is none.
    pub(super) fn end(mut self) {
        self.has_row = true;
    }
}

impl<F: FnMut(ExchangeId)> Drop for Waiter<F> {
    fn drop(&mut self) {
        if self.has_row {
            return;
        }
        let before = std::mem::replace(&mut *self.awaited.lock(), Stage::Abandoned);
        if let Stage::Written(id) = before {
            (self.withdraw)(id);
        }
    }
}
