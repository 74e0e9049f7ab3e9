//! Takes the terminal over, and gives it back however the program ends.

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
use crate::ui::theme::Palette;

/// The screen on stdout, buffered so that a frame is one write.
pub type TerminalScreen = Screen<LeanBackend<BufWriter<Stdout>>>;

/// Whether obx has the terminal now.
static TAKEN: AtomicBool = AtomicBool::new(false);
/// Whether the terminal reports the mouse while obx has it.
static MOUSE: AtomicBool = AtomicBool::new(false);
/// Whether the terminal reports changes of its theme. It ends whenever obx gives the terminal away.
static THEME_CHANGES: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();
/// The terminal's settings before obx first changed them.
static ORIGINAL: OnceLock<Termios> = OnceLock::new();

/// Gives the terminal back when dropped.
#[derive(Debug)]
pub struct TerminalGuard(());

/// Whether there is a terminal to read from and to draw on.
pub fn is_there() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Takes the terminal over: raw mode, alternate screen, bracketed paste. Sends no query, since a late reply could be
/// taken for a key.
///
/// # Errors
/// If the terminal's modes can't be changed.
pub fn take(palette: Palette, ascii: bool) -> io::Result<(TerminalGuard, TerminalScreen)> {
    give_back_on_panic();
    let taken = TerminalGuard(());
    remember_settings();
    enter()?;
    let out = BufWriter::with_capacity(64 * 1024, io::stdout());
    Ok((taken, Screen::new(LeanBackend::new(out, palette, ascii), palette)?))
}

/// Raw mode without the alternate screen, until this is dropped.
#[derive(Debug)]
pub struct RawMode(());

/// Enters raw mode and leaves the screen as it is.
///
/// # Errors
/// If the terminal's modes can't be changed.
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

/// Replaces the text of the line that the cursor is on.
pub fn print_status(text: &str) {
    let mut out = io::stdout();
    let _ = write!(out, "\r{text}\x1b[K").and_then(|()| out.flush()); // the terminal may be gone
}

/// Remembers the terminal's settings, so that every way out can restore them.
fn remember_settings() {
    if let Ok(before) = tcgetattr(io::stdin()) {
        ORIGINAL.get_or_init(|| before);
    }
}

/// Gives the terminal to another program. Keys that were typed ahead were meant for obx, so they are dropped.
pub fn hand_over() {
    forget_typed();
    give_back();
}

/// The terminal's settings while obx does not have it.
#[derive(Debug)]
pub struct Modes(Option<Termios>);

/// The current settings.
pub fn modes() -> Modes {
    Modes(tcgetattr(io::stdin()).ok())
}

/// Leaves the alternate screen without moving the cursor, and sets mouse, paste, keypad and cursor modes as a shell
/// expects them.
const SHELL_MODES: &[u8] =
    b"\x1b[?47l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?2031l\x1b[?1l\x1b>\x1b[?7h\x1b[?25h\x1b[0m";

impl Modes {
    /// Restores the settings from before a program ran; if it was `killed`, also the modes that it can't have reset.
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

/// Prints a text on a new line of the plain screen.
pub fn print_line(text: &str) {
    let mut out = io::stdout();
    let _ = write!(out, "\n{text} ").and_then(|()| out.flush()); // nothing can be done about it here
}

/// Waits on a thread of its own until a line is typed on the plain screen, or until this is dropped.
#[derive(Debug)]
pub struct TypedLine {
    typed: oneshot::Receiver<()>,
    /// Dropping it closes the pipe, which ends the thread.
    _held: io::PipeWriter,
}

impl TypedLine {
    /// Starts to wait. The line itself is not read; [`take_back`] drops it.
    ///
    /// # Errors
    /// If the thread can't be started.
    pub fn wait() -> io::Result<Self> {
        let (over, held) = io::pipe()?;
        let (sender, typed) = oneshot::channel();
        std::thread::Builder::new().name("enter".to_owned()).spawn(move || {
            let stdin = io::stdin();
            let mut watched = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(&over, PollFlags::IN)];
            while poll(&mut watched, None) == Err(rustix::io::Errno::INTR) {}
            let _ = sender.send(()); // nobody may be waiting any more
        })?;
        Ok(Self { typed, _held: held })
    }

    /// Returns when a line was typed, or when none can be.
    pub async fn typed(&mut self) {
        let _ = (&mut self.typed).await; // nothing can be done about it here
    }
}

/// Takes the terminal back from another program. Input that the program did not read is dropped.
///
/// # Errors
/// If the terminal's modes can't be changed.
pub fn take_back() -> io::Result<()> {
    forget_typed();
    enter()
}

fn forget_typed() {
    let _ = rustix::termios::tcflush(io::stdin(), rustix::termios::QueueSelector::IFlush); // nothing can be done about it here
}

/// Replaces stdin, which was read to its end, by the terminal, so that keys can be read.
///
/// # Errors
/// If the process has no terminal.
pub fn use_terminal_as_stdin() -> io::Result<()> {
    let open = |path: &std::path::Path| std::fs::File::options().read(true).write(true).open(path);
    // Its real name first, since not every system can poll /dev/tty.
    let named = rustix::termios::ttyname(io::stdout(), Vec::new());
    let named = named
        .ok()
        .and_then(|name| open(std::path::Path::new(std::ffi::OsStr::from_bytes(name.as_bytes()))).ok());
    let terminal = named.map_or_else(|| open("/dev/tty".as_ref()), Ok)?;
    Ok(rustix::stdio::dup2_stdin(terminal)?)
}

/// Gives the terminal to the shell and stops the process. Returns when the shell continues it.
pub fn suspend() {
    give_back();
    // Without job control the system does not stop the process, and this is only a redraw.
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TSTP);
    if let Err(error) = enter() {
        tracing::error!(%error, "the terminal can't be taken back");
    }
}

/// Buttons and the wheel, in decimal coordinates of any size.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1000l";

/// Has the terminal report the mouse, now and whenever obx takes it back, or leaves the mouse to the terminal.
pub fn set_mouse(on: bool) {
    MOUSE.store(on, Ordering::SeqCst);
    if TAKEN.load(Ordering::SeqCst) {
        write_now(if on { MOUSE_ON } else { MOUSE_OFF });
    }
}

/// Mode 2031.
const THEME_CHANGES_ON: &[u8] = b"\x1b[?2031h";
const THEME_CHANGES_OFF: &[u8] = b"\x1b[?2031l";

/// Has the terminal report changes of its theme until obx gives it away.
pub(super) fn report_theme_changes() {
    if TAKEN.load(Ordering::SeqCst) && !THEME_CHANGES.swap(true, Ordering::SeqCst) {
        write_now(THEME_CHANGES_ON);
    }
}

fn write_now(bytes: &[u8]) {
    let mut out = io::stdout();
    let _ = out.write_all(bytes).and_then(|()| out.flush()); // the terminal may be gone
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide)?;
    if MOUSE.load(Ordering::SeqCst) {
        write_now(MOUSE_ON);
    }
    Ok(())
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal back, once, however often it is called. Errors are ignored: the terminal may be gone.
fn give_back() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        if MOUSE.load(Ordering::SeqCst) {
            write_now(MOUSE_OFF);
        }
        if THEME_CHANGES.swap(false, Ordering::SeqCst) {
            write_now(THEME_CHANGES_OFF);
        }
        let mut out = io::stdout();
        let _ = execute!(out, DisableBracketedPaste, Show, LeaveAlternateScreen).and_then(|()| out.flush());
        let _ = disable_raw_mode(); // nothing can be done about it here
    }
}

/// How long to wait for a terminal that accepts no bytes at the moment.
const WRITE_TIMEOUT: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

/// Gives the terminal back from another thread than the one that draws. That one may be blocked in a write and hold
/// stdout's lock, so this takes no lock and waits at most [`WRITE_TIMEOUT`].
pub(super) fn give_back_at_once() {
    let Some(before) = ORIGINAL.get() else { return };
    let (input, output) = (io::stdin(), io::stdout());
    let _ = tcsetattr(input, OptionalActions::Now, before); // the terminal may be gone
    let mut watched = [PollFd::new(&output, PollFlags::OUT)];
    let takes_bytes = poll(&mut watched, Some(&WRITE_TIMEOUT)).is_ok_and(|ready| ready > 0);
    if TAKEN.swap(false, Ordering::SeqCst) && takes_bytes {
        if MOUSE.load(Ordering::SeqCst) {
            let _ = rustix::io::write(&output, MOUSE_OFF); // the terminal may be gone
        }
        if THEME_CHANGES.swap(false, Ordering::SeqCst) {
            let _ = rustix::io::write(&output, THEME_CHANGES_OFF); // the terminal may be gone
        }
        let _ = rustix::io::write(&output, LEAVE); // the terminal may be gone
    }
}

/// The bytes that [`give_back`] writes.
const LEAVE: &[u8] = b"\x1b[?2004l\x1b[?25h\x1b[?1049l";

/// Makes a panic of the loop give the terminal back before its message is printed. A panic of a background task becomes
/// a failed call and goes to the log, because its message would only garble the screen.
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
