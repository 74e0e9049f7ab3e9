//! An emulator in the test's own process, so that the calls it receives can be counted.

use onebound_emulator::{Delay, Emulator, Fault, ReceivedRequest, Settings};
use tokio::runtime::Runtime;

/// The item of the vendor's page, its SKUs, and a part of its title.
pub(crate) const ITEM: &str = "610947572360";
pub(crate) const SKU_IDS: [&str; 2] = ["4309097072612", "4302217872901"];
pub(crate) const TITLE: &str = "厂家直销小米有品";

/// A running emulator with the runtime that serves it.
pub(crate) struct Gateway {
    runtime: Runtime,
    emulator: Emulator,
}

impl Gateway {
    /// One that answers as fast as the machine can.
    pub(crate) fn start() -> Self {
        Self::with(Settings { delay: Delay::NONE, ..Settings::default() })
    }

    pub(crate) fn with(settings: Settings) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let emulator = runtime.block_on(Emulator::start_with(settings)).unwrap();
        Self { runtime, emulator }
    }

    pub(crate) fn url(&self) -> String {
        self.emulator.url()
    }

    pub(crate) fn calls(&self) -> u64 {
        self.emulator.calls()
    }

    pub(crate) fn requests(&self) -> Vec<ReceivedRequest> {
        self.emulator.requests()
    }

    /// Waits for a call to arrive; that it is sent shows nowhere on the screen.
    pub(crate) fn wait_for_calls(&self, count: u64) {
        super::pty::wait_until(&format!("{count} calls"), || (self.calls() >= count).then_some(()));
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        // Connections that hang are cut by the emulator's own drop, which needs the runtime.
        let _inside = self.runtime.enter();
    }
}

/// An origin on which nobody listens, kept reserved so that no other program answers there.
pub(crate) fn closed() -> Gateway {
    Gateway::with(Settings { fault: Some(Fault::Refused), ..Settings::default() })
}
