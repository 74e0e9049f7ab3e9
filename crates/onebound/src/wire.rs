//! Faults of the transfer around a body that is kept all the same.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// Faults of one transfer; empty if there were none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wire {
    /// The faults, in the order in which they were met.
    pub faults: Vec<WireFault>,
    /// The bytes as received, if they could not be unpacked completely.
    pub packed: Option<Bytes>,
}

/// One fault of a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WireFault {
    /// A malformed status line or header line.
    Head {
        /// Its number, the status line being 1.
        line: usize,
        /// The line, secrets masked.
        text: String,
    },
    /// The response does not begin like HTTP: all of it is taken as the body.
    NoHead,
    /// A chunk without its length, at this byte of the body.
    Chunk {
        /// Offset in the body as received.
        at: usize,
    },
    /// `Content-Encoding: gzip` over a body that is not packed.
    NotPacked,
    /// The packed body breaks.
    Gzip {
        /// Offset in the packed body.
        at: usize,
        /// Length of the packed body.
        of: usize,
        /// Bytes unpacked before.
        unpacked: usize,
    },
    /// The packed body has more members than are unpacked.
    Members {
        /// Number of members that were unpacked.
        members: usize,
        /// Offset in the packed body.
        at: usize,
        /// Length of the packed body.
        of: usize,
        /// Bytes unpacked before.
        unpacked: usize,
    },
    /// The call was ended, or its time was over, while the packed body was being unpacked.
    Stopped {
        /// Offset in the packed body.
        at: usize,
        /// Length of the packed body.
        of: usize,
        /// Bytes unpacked before.
        unpacked: usize,
    },
    /// Packed in a way that was not asked for: its name.
    Coding(String),
}

impl Wire {
    /// Masks every text.
    pub(super) fn masked(mut self, mask: impl Fn(&str) -> String) -> Self {
        for fault in &mut self.faults {
            if let WireFault::Head { text, .. } | WireFault::Coding(text) = fault {
                *text = mask(text);
            }
        }
        self
    }
}
