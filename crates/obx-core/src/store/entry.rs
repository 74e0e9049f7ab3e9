//! An exchange prepared for writing: compressed body and search tokens, computed on the packer thread, so that the
//! writer thread, and with it a ledger's row, never waits for a large body.

use super::pack;
use super::search_text::SearchText;
use super::stored_call::body_digest;
use crate::store::StoreError;
use onebound::{Exchange, Record};

/// The values to write.
#[derive(Debug)]
pub(super) struct Entry {
    /// The exchange without its body, as JSON.
    pub(super) record: String,
    /// The compressed body.
    pub(super) packed: Vec<u8>,
    /// The digest of both.
    pub(super) digest: Vec<u8>,
    /// The outcome's summary as JSON.
    pub(super) summary: String,
    /// The text to search; `None` if it has none.
    pub(super) text: Option<SearchText>,
    /// Whether the answer can be read again; else only the call is in the ledger.
    pub(super) is_readable: bool,
}

impl Entry {
    pub(super) fn from_exchange(exchange: &Exchange) -> Result<Self, StoreError> {
        let record = serde_json::to_string(&Record::from_exchange(exchange))?;
        let packed = pack::pack(exchange.body.raw())?;
        Ok(Self {
            digest: body_digest(&record, &packed),
            record,
            packed,
            summary: serde_json::to_string(&exchange.summary())?,
            text: SearchText::from_exchange(exchange),
            is_readable: true,
        })
    }

    /// Only what the ledger needs: nothing is compressed.
    pub(super) fn without_answer(exchange: &Exchange) -> Result<Self, StoreError> {
        let summary = serde_json::to_string(&exchange.summary())?;
        let (record, packed, digest) = (String::new(), Vec::new(), Vec::new());
        Ok(Self { record, packed, digest, summary, text: None, is_readable: false })
    }
}
