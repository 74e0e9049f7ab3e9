//! The server's clock. Leases and days are decided by it, since the clocks of several machines differ.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// How far the server's clock is ahead of this machine's, in milliseconds.
#[derive(Debug, Default)]
pub(super) struct ServerClock(AtomicI64);

impl ServerClock {
    /// Takes note of the server's time, which has just arrived: so the server is at least that far.
    pub(super) fn set(&self, server: i64) {
        self.0.store(server - Timestamp::now().as_millisecond(), Ordering::Relaxed);
    }

    /// Returns the server's time now.
    pub(super) fn now(&self) -> Timestamp {
        self.at(Timestamp::now())
    }

    /// Converts a time of this machine into one of the server. At the end of all times it stays what it is: no clock
    /// gets there.
    pub(super) fn at(&self, here: Timestamp) -> Timestamp {
        here.checked_add(self.ahead()).unwrap_or(here)
    }

    /// Converts a time of the server into one of this machine.
    pub(super) fn here(&self, server: Timestamp) -> Timestamp {
        server.checked_sub(self.ahead()).unwrap_or(server)
    }

    fn ahead(&self) -> SignedDuration {
        SignedDuration::from_millis(self.0.load(Ordering::Relaxed))
    }
}
