//! Taking the terminal over, and giving it back however the program ends.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::os::unix::ffi::OsStrExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Once, OnceLock};

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::execute;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::sync::oneshot;

use super::backend::LeanBackend;
use super::screen::Screen;

/// What the explorer draws on. Buffered: a frame is one write.
pub type TerminalScreen = Screen<LeanBackend<BufWriter<Stdout>>>;

/// Whether the terminal is ours at the moment.
static TAKEN: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();
/// How it was set before it was taken first.
static ORIGINAL: OnceLock<Termios> = OnceLock::new();

/// Gives the terminal back when dropped.
#[derive(Debug)]
pub struct TerminalGuard(());

/// Whether there is a terminal to read from and to draw on.
pub fn is_there() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Takes the terminal over: raw keys, the other screen, pastes between brackets. No query is sent, so
/// that no late answer can turn into a key.
///
/// # Errors
/// When the terminal can't be set.
pub fn take() -> io::Result<(TerminalGuard, TerminalScreen)> {
    give_back_on_panic();
    let taken = TerminalGuard(());
    remember_settings();
    enter()?;
    // The convention of no-color.org: set and not empty.
    let colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let out = BufWriter::with_capacity(64 * 1024, io::stdout());
    Ok((taken, Screen::new(LeanBackend::new(out, colour))?))
}

/// Has keys one by one, and leaves the screen as it is; undone when dropped.
#[derive(Debug)]
pub struct RawMode(());

/// Takes the keys alone.
///
/// # Errors
/// When the terminal can't be set.
pub fn enter_raw_mode() -> io::Result<RawMode> {
    remember_settings();
    enable_raw_mode()?;
    Ok(RawMode(()))
}

impl Drop for RawMode {
    fn drop(&mut self) {
        let _ = disable_raw_mode(); // the terminal may be gone
    }
}

/// Says something on the line where the cursor is, in place of what was there.
pub fn print_status(text: &str) {
    let mut out = io::stdout();
    let _ = write!(out, "\r{text}\x1b[K").and_then(|()| out.flush()); // the terminal may be gone
}

/// How the terminal is set, for whoever has to give it back.
fn remember_settings() {
    if let Ok(before) = tcgetattr(io::stdin()) {
        ORIGINAL.get_or_init(|| before);
    }
}

/// Gives the terminal to another program. RawMode that were typed ahead were meant for obx, and go.
pub fn hand_over() {
    forget_typed();
    give_back();
}

/// How the terminal is set while obx does not have it.
#[derive(Debug)]
pub struct Modes(Option<Termios>);

/// As it is set now.
pub fn modes() -> Modes {
    Modes(tcgetattr(io::stdin()).ok())
}

/// Leaves the other screen, as far as it was in use, without moving the cursor; mouse, pastes, keypad and cursor as a
/// shell wants them.
const SHELL_MODES: &[u8] =
    b"\x1b[?47l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?1l\x1b>\x1b[?7h\x1b[?25h\x1b[0m";

impl Modes {
    /// Sets the terminal as it was before a program had it; of one that was `killed` also what it can't have undone.
    pub fn restore(&self, killed: bool) {
        if let Some(termios) = &self.0 {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, termios); // nothing can be done about it here
        }
        if killed {
            let mut out = io::stdout();
            let _ = out.write_all(SHELL_MODES).and_then(|()| out.flush()); // nothing can be done about it here
        }
    }
}

/// Says something on the plain screen, on a line of its own.
pub fn print_line(text: &str) {
    let mut out = io::stdout();
    let _ = write!(out, "\n{text} ").and_then(|()| out.flush()); // nothing can be done about it here
}

/// A line typed on the plain screen, waited for on a thread of its own, as long as this is held.
#[derive(Debug)]
pub struct TypedLine {
    typed: oneshot::Receiver<()>,
    /// Closed when dropped, which ends the thread.
    _held: io::PipeWriter,
}

impl TypedLine {
    /// Nothing is read: what was typed goes when the terminal is taken back.
    ///
    /// # Errors
    /// When no thread can be had.
    pub fn wait() -> io::Result<Self> {
        let (over, held) = io::pipe()?;
        let (sender, typed) = oneshot::channel();
        std::thread::Builder::new().name("enter".to_owned()).spawn(move || {
            let stdin = io::stdin();
            let mut watched = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(&over, PollFlags::IN)];
            while poll(&mut watched, None) == Err(rustix::io::Errno::INTR) {}
            // Nobody may wait any more.
            let _ = sender.send(());
        })?;
        Ok(Self { typed, _held: held })
    }

    /// When it is typed, or none can be.
    pub async fn typed(&mut self) {
        let _ = (&mut self.typed).await; // nothing can be done about it here
    }
}

/// Takes the terminal back from another program; what was typed and not read by it goes.
///
/// # Errors
/// When the terminal can't be set.
pub fn take_back() -> io::Result<()> {
    forget_typed();
    enter()
}

fn forget_typed() {
    let _ = rustix::termios::tcflush(io::stdin(), rustix::termios::QueueSelector::IFlush); // nothing can be done about it here
}

/// Puts the terminal in the place of a stdin that was read to its end: keys come from there.
///
/// # Errors
/// When the process has no terminal.
pub fn use_terminal_as_stdin() -> io::Result<()> {
    let open = |path: &std::path::Path| std::fs::File::options().read(true).write(true).open(path);
    // By its own name first: not every system can wait for keys on /dev/tty.
    let named = rustix::termios::ttyname(io::stdout(), Vec::new());
    let named = named
        .ok()
        .and_then(|name| open(std::path::Path::new(std::ffi::OsStr::from_bytes(name.as_bytes()))).ok());
    let terminal = named.map_or_else(|| open("/dev/tty".as_ref()), Ok)?;
    Ok(rustix::stdio::dup2_stdin(terminal)?)
}

/// Gives the terminal to the shell and stops the process; comes back when the shell continues it.
pub fn suspend() {
    give_back();
    // Without a shell that does job control the system does not stop the process: then this is a redraw.
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TSTP);
    if let Err(error) = enter() {
        tracing::error!(%error, "the terminal can't be taken back");
    }
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide)
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        give_back();
    }
}

/// Does it once, however often it is called. Errors have nowhere to go: the terminal may be gone.
fn give_back() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let mut out = io::stdout();
        let _ = execute!(out, DisableBracketedPaste, Show, LeaveAlternateScreen).and_then(|()| out.flush());
        let _ = disable_raw_mode(); // nothing can be done about it here
    }
}

/// How long a terminal that takes no bytes at the moment is waited for.
const WRITE_TIMEOUT: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

/// For an end from another thread than the one that draws: that may be held up in a write, with stdout's lock, so that
/// none is taken and nothing is waited for long.
pub(super) fn give_back_at_once() {
    let Some(before) = ORIGINAL.get() else { return };
    let (input, output) = (io::stdin(), io::stdout());
    let _ = tcsetattr(input, OptionalActions::Now, before); // the terminal may be gone
    let mut watched = [PollFd::new(&output, PollFlags::OUT)];
    let takes_bytes = poll(&mut watched, Some(&WRITE_TIMEOUT)).is_ok_and(|ready| ready > 0);
    if TAKEN.swap(false, Ordering::SeqCst) && takes_bytes {
        let _ = rustix::io::write(&output, LEAVE); // the terminal may be gone
    }
}

/// What [`give_back`] writes.
const LEAVE: &[u8] = b"\x1b[?2004l\x1b[?25h\x1b[?1049l";

/// A panic in the loop gives the terminal back before it says anything. One in a background task is
/// caught there and becomes a failed call; on the screen it would only be noise.
fn give_back_on_panic() {
    let owner = std::thread::current().id();
    HOOK.call_once(|| {
        let print = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if std::thread::current().id() == owner {
                give_back();
                print(panic);
            } else {
                tracing::error!(%panic, "a background task panicked");
            }
        }));
    });
}
