//! Rows of this process whose calls are under way, and those that are just being written: whoever asked for one may
//! leave at any moment, and then nothing is to be left of it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::ExchangeId;

/// Rows that are written and not settled. The lock is never held while something is written.
#[derive(Clone, Debug, Default)]
pub(super) struct UnderWay(Arc<Mutex<HashSet<ExchangeId>>>);

impl UnderWay {
    pub(super) fn all(&self) -> HashSet<ExchangeId> {
        self.lock().clone()
    }

    pub(super) fn insert(&self, id: ExchangeId) {
        self.lock().insert(id);
    }

    pub(super) fn remove(&self, id: ExchangeId) {
        self.lock().remove(&id);
    }

    /// All of them, which are under way no more.
    pub(super) fn take(&self) -> HashSet<ExchangeId> {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<ExchangeId>> {
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
