//! The signals that end the program, and the terminal that goes away without one.
//!
//! ```text
//!  system ─▶ thread "signals" ─▶ the loop on the main thread, which ends politely
//!                 └─ the loop does not take it, or does not come to its end: last writes, terminal back, exit
//! ```
//! They are received on a thread of their own, which ends the process where the main thread can't: a write to a terminal
//! that is stopped by ^S, or behind a connection that hangs, waits for ever.

use std::io::{self, IsTerminal};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::{reader, terminal};

/// Which of them came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The terminal or the connection went away.
    Hangup,
    /// Interrupted from outside; a ^C typed here is a key.
    Interrupt,
    /// Told to quit from outside; a ^\ typed here is a key.
    Quit,
    /// Asked to end.
    Terminate,
}

impl Signal {
    /// Its number, as the exit code 128 + n tells it.
    pub fn number(self) -> u8 {
        match self {
            Self::Hangup => 1,
            Self::Interrupt => 2,
            Self::Quit => 3,
            Self::Terminate => 15,
        }
    }

    /// The process's exit code after it.
    fn exit_code(self) -> i32 {
        128 + i32::from(self.number())
    }

    /// Whether a terminal sends it for a key: then it is for the program that has the terminal.
    fn is_typed(self) -> bool {
        matches!(self, Self::Interrupt | Self::Quit)
    }
}

/// How long a typed signal takes from the system to here, at most.
const SIGNAL_DELAY: Duration = Duration::from_millis(20);
/// How long the main thread may take to acknowledge a signal: one that is blocked for longer may be blocked for ever.
const ACKNOWLEDGE_TIMEOUT: Duration = Duration::from_millis(500);
/// How long it may take from there to the end: an editor saves and leaves, the store and exports are written.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(8);
/// How long the last writes may take where the main thread does not do them.
const LAST_WRITES_TIMEOUT: Duration = Duration::from_secs(5);

/// What is still to be written before the process may end.
pub type LastWrites = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Signals, as they reach the main thread.
#[derive(Debug)]
pub struct Signals {
    received: mpsc::UnboundedReceiver<Signal>,
    /// One that came while only typed signals were wanted.
    pending: Option<Signal>,
    acknowledgement: Arc<Acknowledgement>,
}

/// What the main thread made of a signal.
#[derive(Debug, Default)]
struct Acknowledgement {
    /// It has got it.
    acknowledged: Notify,
    /// It is on its way to the end.
    ends: AtomicBool,
}

impl Signals {
    /// Takes them over from the system's defaults. From now on each ends the process, whatever the main thread does;
    /// where that can't be waited for, these are the last writes.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn listen(last_writes: LastWrites) -> io::Result<Self> {
        let (gone, terminal) = mpsc::channel(1);
        // Sleeps until the terminal goes away; ends with the process.
        std::thread::Builder::new().name("hang-up".to_owned()).spawn(move || watch_terminal(&gone))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let sources = {
            let _inside = runtime.enter();
            SignalSources::listen(terminal)?
        };
        let (sender, received) = mpsc::unbounded_channel();
        let acknowledgement = Arc::<Acknowledgement>::default();
        let seen = Arc::clone(&acknowledgement);
        let serve = move || runtime.block_on(serve(sources, &sender, &seen, last_writes));
        std::thread::Builder::new().name("signals".to_owned()).spawn(serve)?;
        Ok(Self { received, pending: None, acknowledgement })
    }

    /// The next one that was not typed: while another program has the terminal, ^C and ^\ are for that one.
    pub async fn next_untyped(&mut self) -> Signal {
        loop {
            let signal = self.receive().await;
            self.acknowledge(!signal.is_typed());
            if !signal.is_typed() {
                return signal;
            }
        }
    }

    /// The next one, where a typed one means no more than Enter: `None`.
    pub async fn next_or_typed(&mut self) -> Option<Signal> {
        let signal = self.receive().await;
        self.acknowledge(!signal.is_typed());
        Some(signal).filter(|signal| !signal.is_typed())
    }

    /// Drops typed ones that were for another program, as long as one may still be on its way.
    pub async fn forget_typed(&mut self) {
        let end = Instant::now() + SIGNAL_DELAY;
        while let Ok(signal) = timeout_at(end, self.receive()).await {
            if !signal.is_typed() {
                // Noticed when it is asked for.
                self.pending = Some(signal);
                return;
            }
            self.acknowledge(false);
        }
    }

    /// The next one; the main thread is to end.
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

/// Where signals come from.
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
            // Closed where there is no terminal to watch.
            Some(()) = self.gone.recv() => Signal::Hangup,
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.quit.recv() => Signal::Quit,
            _ = self.terminate.recv() => Signal::Terminate,
        }
    }
}

/// Hands signals to the main thread, and ends the process where that does not.
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
    reader::remove_copies();
    terminal::give_back_at_once();
    std::process::exit(signal.exit_code());
}

/// Returns when the terminal on stdin is gone. Nothing is read, and without a terminal nothing is sent.
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

/// Whether the terminal on stdin went away.
pub(super) fn is_terminal_gone() -> bool {
    is_hung_up(Some(&Timespec::default())).unwrap_or_default()
}

/// Also of a stdin that was closed: waiting for one returns at once, over and over.
fn is_hung_up(timeout: Option<&Timespec>) -> rustix::io::Result<bool> {
    let stdin = io::stdin();
    let mut watched = [PollFd::new(&stdin, PollFlags::empty())];
    poll(&mut watched, timeout)?;
    let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
    Ok(watched.iter().any(|fd| fd.revents().intersects(gone)))
}
