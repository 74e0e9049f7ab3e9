//! One line on stderr that says what is under way. It is there only on a terminal, and gone before anything else is
//! printed.

use std::cell::Cell;
use std::io::{self, Write};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use super::width_of;
use crate::ui::text::fit;
use obx_core::config::Environment;

/// What is done sooner shows no line.
const FIRST: Duration = Duration::from_millis(500);
/// The line changes once in this time.
const NEXT: Duration = Duration::from_secs(1);

/// To the start of the line, and what is on it erased.
const ERASE: &str = "\r\x1b[K";

#[derive(Debug)]
pub(super) struct StatusLine {
    has_terminal: bool,
    is_visible: AtomicBool,
}

impl StatusLine {
    pub(super) fn new(is_wanted: bool, environment: &Environment) -> Self {
        let has_terminal = is_wanted && !environment.is_dumb_terminal() && width_of(&io::stderr()).is_some();
        Self { has_terminal, is_visible: AtomicBool::new(false) }
    }

    pub(super) fn has_terminal(&self) -> bool {
        self.has_terminal
    }

    pub(super) fn is_visible(&self) -> bool {
        self.is_visible.load(Ordering::Relaxed)
    }

    /// Writes the text in place of what is there, then a sequence that takes no cell.
    pub(super) fn show(&self, text: &str, sequence: &str) {
        if self.has_terminal {
            // In the last column the cursor would be on the next line on some terminals.
            let width = width_of(&io::stderr()).unwrap_or(80).saturating_sub(1);
            self.is_visible.store(true, Ordering::Relaxed);
            to_stderr(&format!("{ERASE}{}{sequence}", fit(text, width)));
        }
    }

    /// Removes the line, so that something else can be written there.
    pub(super) fn hide(&self) {
        if self.is_visible.swap(false, Ordering::Relaxed) {
            to_stderr(ERASE);
        }
    }

    /// Begins to wait for something; the line is gone when the returned value is dropped.
    pub(super) fn waiting(&self) -> Waiting<'_> {
        let start = Instant::now();
        Waiting { line: self, start, next: Cell::new(start + FIRST) }
    }
}

/// Something that may take long.
#[derive(Debug)]
pub(super) struct Waiting<'a> {
    line: &'a StatusLine,
    start: Instant,
    /// When the line changes next.
    next: Cell<Instant>,
}

impl Waiting<'_> {
    /// Waits for `work`; shows what `text` makes of the time since the start.
    pub(super) async fn until<T>(
        &self,
        work: impl Future<Output = T>,
        text: impl Fn(Duration) -> String,
    ) -> T {
        if !self.line.has_terminal {
            return work.await;
        }
        let mut work = pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                () = tokio::time::sleep_until(self.next.get()) => {
                    self.line.show(&text(self.start.elapsed()), "");
                    self.next.set(Instant::now() + NEXT);
                }
            }
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.line.hide();
    }
}

pub(super) fn to_stderr(text: &str) {
    let mut stderr = io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush()); // whoever closed it does not read
}
