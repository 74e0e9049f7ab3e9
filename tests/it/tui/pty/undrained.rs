//! A terminal that takes no bytes for a while, or that goes away.

use super::{Session, lock, spawn_reader};

impl Session {
    /// The terminal takes no more bytes, as one that is stopped by ^S, or behind a connection that hangs.
    pub(crate) fn stop_reading(&mut self) {
        // The reader is in a read: it leaves after the answer to a key.
        lock(&self.seen.0).leave = true;
        self.press("7");
        self.reader.take().unwrap().join().unwrap();
    }

    /// The terminal takes bytes again.
    pub(crate) fn resume_reading(&mut self) {
        lock(&self.seen.0).leave = false;
        let output = self.terminal.as_ref().unwrap().try_clone_reader().unwrap();
        self.reader = Some(spawn_reader(output, &self.seen));
    }

    /// The terminal goes away, as when its window is closed.
    pub(crate) fn hang_up(&mut self) {
        // The reader holds the terminal open.
        self.stop_reading();
        self.keyboard = None;
        self.terminal = None;
    }
}
