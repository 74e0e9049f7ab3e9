//! What ends a command from outside: signals, also where it is too busy to notice them.

use std::io;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::LAST_LINES;
use crate::cli::{ExitCode, say};
use obx_core::i18n::{Describe, Texts};
use obx_core::session::Session;
use obx_core::store::StoreError;

/// How long the end of a command waits for the store.
const LAST_WRITES: Duration = Duration::from_secs(5);

/// Ends the process where a signal finds the command too busy to notice it, as a jq program without an end. What was paid
/// is stored before.
pub(super) fn end_if_blocked(session: Session, noticed: CancellationToken, texts: Texts) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut interrupts = {
        let _inside = runtime.enter();
        Interrupts::listen()?
    };
    let watch = async move {
        let number = interrupts.next().await;
        if tokio::time::timeout(LAST_LINES, noticed.cancelled()).await.is_err() {
            if let Err(error) = close(&session).await {
                say(format_args!("obx: {}", texts.log_not_stored(error.describe(texts))));
            }
            std::process::exit(ExitCode::Signal(number).number().into());
        }
    };
    // It sleeps until the first signal, and ends with the process.
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || runtime.block_on(watch))?;
    Ok(())
}

/// What ends a command from outside.
pub(super) struct Interrupts {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
    quit: tokio::signal::unix::Signal,
}

impl Interrupts {
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            quit: signal(SignalKind::quit())?,
        })
    }

    /// Waits for the next signal; returns its number.
    pub(super) async fn next(&mut self) -> u8 {
        tokio::select! {
            _ = self.interrupt.recv() => 2,
            _ = self.terminate.recv() => 15,
            _ = self.hangup.recv() => 1,
            _ = self.quit.recv() => 3,
        }
    }
}

/// Writes what is still unwritten, and closes the store.
pub(super) async fn close(session: &Session) -> Result<(), StoreError> {
    let closed = tokio::time::timeout(LAST_WRITES, session.close()).await;
    closed.unwrap_or_else(|_| Err(StoreError::broken(&"the store took too long")))
}
