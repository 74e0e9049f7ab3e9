//! Receives the signals that end the program, and notices a terminal that goes away without one.
//!
//! ```text
//!  system ─▶ thread "signals" ─▶ the loop on the main thread, which shuts down
//!                 └─ no acknowledgement or no end in time: last writes, terminal back, exit
//! ```
//! A thread of its own receives them and ends the process if the main thread can't: a write to a terminal that is
//! stopped by ^S, or behind a connection that hangs, blocks for ever.

use std::io::{self, IsTerminal};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::{external_viewer, terminal};

/// A signal that ends the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGHUP: the terminal or the connection went away.
    Hangup,
    /// SIGINT from outside; a ^C typed in the explorer is a key.
    Interrupt,
    /// SIGQUIT from outside; a ^\ typed in the explorer is a key.
    Quit,
    /// SIGTERM.
    Terminate,
}

impl Signal {
    /// Its number `n`, as in the exit code 128 + `n`.
    pub fn number(self) -> u8 {
        match self {
            Self::Hangup => 1,
            Self::Interrupt => 2,
            Self::Quit => 3,
            Self::Terminate => 15,
        }
    }

    /// The exit code of a process that it ended.
    fn exit_code(self) -> i32 {
        128 + i32::from(self.number())
    }

    /// Whether a key can cause it: then it is meant for the program that has the terminal.
    fn is_typed(self) -> bool {
        matches!(self, Self::Interrupt | Self::Quit)
    }
}

/// How long a signal caused by a key may take to arrive.
const SIGNAL_DELAY: Duration = Duration::from_millis(20);
/// How long the main thread may take to acknowledge a signal: one that is blocked for longer may be blocked for ever.
const ACKNOWLEDGE_TIMEOUT: Duration = Duration::from_millis(500);
/// How long the main thread may take from there to exit: an editor saves, store and exports are written.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(8);
/// How long the last writes may take if the main thread does not do them.
const LAST_WRITES_TIMEOUT: Duration = Duration::from_secs(5);

/// Writes the rest of what is to be stored, before the process ends.
pub type LastWrites = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The main thread's end of the signal channel.
#[derive(Debug)]
pub struct Signals {
    received: mpsc::UnboundedReceiver<Signal>,
    /// A signal that arrived while only typed ones were being dropped.
    pending: Option<Signal>,
    acknowledgement: Arc<Acknowledgement>,
}

/// Tells the signal thread what the main thread does about a signal.
#[derive(Debug, Default)]
struct Acknowledgement {
    /// The main thread has received the signal.
    acknowledged: Notify,
    /// The main thread is shutting down.
    ends: AtomicBool,
}

impl Signals {
    /// Replaces the default handlers. From now on a signal ends the process whatever the main thread does; `last_writes`
    /// runs if the main thread does not shut down by itself.
    ///
    /// # Errors
    /// If threads or handlers can't be set up.
    pub fn listen(last_writes: LastWrites) -> io::Result<Self> {
        let (gone, terminal) = mpsc::channel(1);
        // Sleeps until the terminal goes away, and ends with the process.
        std::thread::Builder::new().name("hang-up".to_owned()).spawn(move || watch_terminal(&gone))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let sources = {
            let _inside = runtime.enter();
            SignalSources::listen(terminal)?
        };
        let (sender, received) = mpsc::unbounded_channel();
        let signals = Self::from_channel(received);
        let seen = Arc::clone(&signals.acknowledgement);
        let serve = move || runtime.block_on(serve(sources, &sender, &seen, last_writes));
        std::thread::Builder::new().name("signals".to_owned()).spawn(serve)?;
        Ok(signals)
    }

    /// Signals that another part of the process sends: the system's own keep their defaults.
    pub fn from_channel(received: mpsc::UnboundedReceiver<Signal>) -> Self {
        Self { received, pending: None, acknowledgement: Arc::default() }
    }

    /// The next signal that no key caused. While another program has the terminal, ^C and ^\ are for that program.
    pub async fn next_untyped(&mut self) -> Signal {
        loop {
            let signal = self.receive().await;
            self.acknowledge(!signal.is_typed());
            if !signal.is_typed() {
                return signal;
            }
        }
    }

    /// The next signal; `None` for a typed one, which here means the same as Enter.
    pub async fn next_or_typed(&mut self) -> Option<Signal> {
        let signal = self.receive().await;
        self.acknowledge(!signal.is_typed());
        Some(signal).filter(|signal| !signal.is_typed())
    }

    /// Drops typed signals that were meant for another program, for as long as one may still arrive.
    pub async fn forget_typed(&mut self) {
        let end = Instant::now() + SIGNAL_DELAY;
        while let Ok(signal) = timeout_at(end, self.receive()).await {
            if !signal.is_typed() {
                // Acknowledged when it is taken from here.
                self.pending = Some(signal);
                return;
            }
            self.acknowledge(false);
        }
    }

    /// The next signal. The caller shuts down.
    pub async fn next(&mut self) -> Signal {
        let signal = self.receive().await;
        self.acknowledge(true);
        signal
    }

    async fn receive(&mut self) -> Signal {
        if let Some(signal) = self.pending.take() {
            return signal;
        }
        match self.received.recv().await {
            Some(signal) => signal,
            None => std::future::pending().await,
        }
    }

    fn acknowledge(&self, ends: bool) {
        self.acknowledgement.ends.fetch_or(ends, Ordering::SeqCst);
        self.acknowledgement.acknowledged.notify_one();
    }
}

/// All sources of signals.
struct SignalSources {
    gone: mpsc::Receiver<()>,
    hangup: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    quit: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

impl SignalSources {
    fn listen(gone: mpsc::Receiver<()>) -> io::Result<Self> {
        Ok(Self {
            gone,
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.hangup.recv() => Signal::Hangup,
            // The channel is closed if there is no terminal to watch.
            Some(()) = self.gone.recv() => Signal::Hangup,
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.quit.recv() => Signal::Quit,
            _ = self.terminate.recv() => Signal::Terminate,
        }
    }
}

/// Passes signals to the main thread, and ends the process if that thread does not.
async fn serve(
    mut sources: SignalSources,
    sender: &mpsc::UnboundedSender<Signal>,
    acknowledgement: &Acknowledgement,
    last_writes: LastWrites,
) {
    let signal = loop {
        let signal = sources.next().await;
        let sent = sender.send(signal).is_ok();
        if !sent || timeout(ACKNOWLEDGE_TIMEOUT, acknowledgement.acknowledged.notified()).await.is_err() {
            break signal;
        }
        if acknowledgement.ends.load(Ordering::SeqCst) {
            sleep(SHUTDOWN_TIMEOUT).await;
            break signal;
        }
    };
    if timeout(LAST_WRITES_TIMEOUT, last_writes).await.is_err() {
        tracing::error!("the last writes took too long");
    }
    external_viewer::remove_copies();
    terminal::give_back_at_once();
    std::process::exit(signal.exit_code());
}

/// Blocks until the terminal on stdin is gone, then sends. Reads nothing, and sends nothing without a terminal.
fn watch_terminal(gone: &mpsc::Sender<()>) {
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
    let _ = gone.blocking_send(()); // whoever listened may have ended
}

/// Whether the terminal on stdin has gone away.
pub(super) fn is_terminal_gone() -> bool {
    is_hung_up(Some(&Timespec::default())).unwrap_or_default()
}

/// Also true for a closed stdin, for which `poll` returns at once every time.
fn is_hung_up(timeout: Option<&Timespec>) -> rustix::io::Result<bool> {
    let stdin = io::stdin();
    let mut watched = [PollFd::new(&stdin, PollFlags::empty())];
    poll(&mut watched, timeout)?;
    let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
    Ok(watched.iter().any(|fd| fd.revents().intersects(gone)))
}
