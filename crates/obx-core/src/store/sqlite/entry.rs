//! An exchange made ready to be written: packed and cut up by whoever has the time, so that the thread that writes,
//! and with it a ledger's row, never waits for a large body.

use super::pack;
use super::search::Text;
use crate::store::StoreError;
use onebound::{Exchange, Record};

/// What is written of it.
#[derive(Debug)]
pub(super) struct Entry {
    /// All of it but the body.
    pub(super) record: String,
    /// The body.
    pub(super) packed: Vec<u8>,
    /// What came of it, as it is written.
    pub(super) summary: String,
    /// What can be searched for.
    pub(super) text: Option<Text>,
}

impl Entry {
    pub(super) fn of(exchange: &Exchange) -> Result<Self, StoreError> {
        Ok(Self {
            record: serde_json::to_string(&Record::from_exchange(exchange))?,
            packed: pack::pack(exchange.body.raw())?,
            summary: serde_json::to_string(&exchange.summary())?,
            text: Text::of(exchange),
        })
    }
}
