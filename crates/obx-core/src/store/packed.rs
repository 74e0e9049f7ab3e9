//! An exchange as an engine reads it: the body is compressed.

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;

use super::{ExchangeId, StoreError, StoreErrorKind, pack};
use onebound::{Exchange, Record};

/// An exchange as stored. The caller unpacks it, since that takes longer than finding it.
#[derive(Debug)]
pub(super) struct Packed {
    pub(super) id: ExchangeId,
    pub(super) record: Record,
    pub(super) body: Vec<u8>,
    pub(super) size: usize,
    /// When it came, if that can be read: the record has it too.
    pub(super) ended_at: Option<Timestamp>,
}

/// Bodies of at least this many bytes are unpacked and parsed on a thread of their own.
const LARGE: usize = 256 * 1024;

impl Packed {
    /// Unpacks and parses the body.
    pub(super) async fn open(self) -> Result<Arc<Exchange>, StoreError> {
        if self.size < LARGE {
            return self.unpack();
        }
        let opened = tokio::task::spawn_blocking(|| self.unpack()).await;
        opened.unwrap_or_else(|error| Err(StoreError::new(StoreErrorKind::Other, error.to_string())))
    }

    pub(super) fn unpack(self) -> Result<Arc<Exchange>, StoreError> {
        let raw = if self.body.is_empty() { Bytes::new() } else { pack::unpack(&self.body, self.size)? };
        Ok(Arc::new(self.record.into_exchange(raw)))
    }
}
