//! The signals that end a program politely.

use std::io::{self, IsTerminal};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

/// Which of them came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The terminal or the connection went away.
    Hangup,
    /// Interrupted from outside; a ^C typed here is a key.
    Interrupt,
    /// Asked to end.
    Terminate,
}

impl Signal {
    /// Its number, as the exit code 128 + n tells it.
    pub fn number(self) -> u8 {
        match self {
            Self::Hangup => 1,
            Self::Interrupt => 2,
            Self::Terminate => 15,
        }
    }
}

/// How long an interrupt takes from the system to here, at most.
const ON_ITS_WAY: Duration = Duration::from_millis(20);

/// Listens for them, and for a terminal that goes away without one: where it is not the process's own, the
/// system sends no SIGHUP, and reading from it would only give nothing, over and over.
#[derive(Debug)]
pub struct Signals {
    gone: oneshot::Receiver<()>,
    hangup: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    /// Takes them over from the system's defaults.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn listen() -> io::Result<Self> {
        let (gone, terminal) = oneshot::channel();
        // Sleeps until the terminal goes away; ends with the process.
        std::thread::Builder::new().name("hang-up".to_owned()).spawn(move || watch_terminal(gone))?;
        Ok(Self {
            gone: terminal,
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// The next one that is not an interrupt: while another program has the terminal, ^C is for that one.
    pub async fn next_but_interrupt(&mut self) -> Signal {
        loop {
            let signal = self.next().await;
            if signal != Signal::Interrupt {
                return signal;
            }
        }
    }

    /// The next one, where an interrupt means no more than Enter: `None`.
    pub async fn next_or_interrupt(&mut self) -> Option<Signal> {
        Some(self.next().await).filter(|signal| *signal != Signal::Interrupt)
    }

    /// Drops an interrupt that was for another program, as long as one may still be on its way.
    pub async fn forget_interrupt(&mut self) {
        let _none = tokio::time::timeout(ON_ITS_WAY, self.interrupt.recv()).await;
    }

    /// The next one.
    pub async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.hangup.recv() => Signal::Hangup,
            Ok(()) = &mut self.gone => Signal::Hangup,
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
        }
    }
}

/// Returns when the terminal on stdin is gone. Nothing is read, and without a terminal nothing is told.
fn watch_terminal(gone: oneshot::Sender<()>) {
    if !io::stdin().is_terminal() {
        return;
    }
    loop {
        match is_hung_up(None) {
            Ok(true) => break,
            Ok(false) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => return,
        }
    }
    // The loop may have ended by itself.
    let _gone = gone.send(());
}

/// Whether the terminal on stdin went away.
pub(super) fn is_terminal_gone() -> bool {
    is_hung_up(Some(&Timespec::default())).unwrap_or_default()
}

fn is_hung_up(timeout: Option<&Timespec>) -> rustix::io::Result<bool> {
    let stdin = io::stdin();
    let mut watched = [PollFd::new(&stdin, PollFlags::empty())];
    poll(&mut watched, timeout)?;
    Ok(watched.iter().any(|fd| fd.revents().intersects(PollFlags::HUP | PollFlags::ERR)))
}
