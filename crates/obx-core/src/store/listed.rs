//! Rows of the store, some of which may be damaged.

use super::ExchangeId;

/// Rows that could be read, and those that could not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    pub rows: Vec<T>,
    /// Rows with values that obx can't have written. They are left out.
    pub damaged: Vec<ExchangeId>,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), damaged: Vec::new() }
    }
}

impl<T> From<Vec<T>> for Listed<T> {
    fn from(rows: Vec<T>) -> Self {
        Self { rows, ..Self::default() }
    }
}
