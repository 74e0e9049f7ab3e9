//! A program in a pseudo-terminal of its own: keys in, bytes and picture out.
//!
//! A thread feeds all that the program writes to a terminal emulator; tests wait for a text on its screen
//! and never for time to pass. One key is one write, as from a person: text and Enter in one read count as a
//! paste.

mod undrained;

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use obx_core::i18n::{Language, Texts};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;

pub(crate) use super::setup::Setup;

/// The longest that anything may take, on the slowest machine.
const GRACE: Duration = Duration::from_secs(15);

/// Between keys: longer than they have to come apart to be no burst.
const BETWEEN_KEYS: Duration = Duration::from_millis(40);
/// Behind Esc: longer than the rest of an escape sequence may take to come.
const AFTER_ESC: Duration = Duration::from_millis(150);

pub(crate) const ENTER: &str = "\r";
pub(crate) const ESC: &str = "\x1b";
pub(crate) const TAB: &str = "\t";
pub(crate) const DOWN: &str = "\x1b[B";
pub(crate) const CTRL_C: &str = "\x03";
pub(crate) const CTRL_L: &str = "\x0c";

/// Longer than a frame stops between two of its reads.
const BETWEEN_READS: Duration = Duration::from_millis(100);
/// How often a condition is looked at that no byte from the program announces.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

const CLEAR: &[u8] = b"\x1b[2J";

/// Between an Esc that stops waiting for a call and one that closes its connection.
const BEFORE_SECOND_ESC: Duration = Duration::from_millis(1_050);

/// What the program has written so far.
struct Seen {
    terminal: vt100::Parser,
    bytes: Vec<u8>,
    /// Every picture there was, for what must never have been on the screen.
    pictures: Vec<String>,
    /// The reader is to leave after what it reads next.
    leave: bool,
    ended: bool,
}

/// A running program.
pub(crate) struct Session {
    child: Box<dyn Child + Send + Sync>,
    terminal: Option<Box<dyn MasterPty + Send>>,
    keyboard: Option<Box<dyn Write + Send>>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    reader: Option<JoinHandle<()>>,
    modes_before: String,
    home: TempDir,
    /// When the next key may come; `None` after several at once: then from when it is pressed.
    next_key: Option<Instant>,
}

impl Session {
    pub(super) fn start(setup: Setup) -> Self {
        let (width, height) = setup.size;
        let size = PtySize { rows: height, cols: width, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(&setup.program);
        command.args(&setup.args);
        command.env_clear();
        command.cwd(setup.home.path());
        for (name, value) in &setup.variables {
            command.env(name, value);
        }
        let modes_before = modes(pair.master.as_ref());
        let output = pair.master.try_clone_reader().unwrap();
        let keyboard = pair.master.take_writer().unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        let terminal = vt100::Parser::new(cells(height), cells(width), 0);
        let (bytes, pictures) = (Vec::new(), Vec::new());
        let seen = Seen { terminal, bytes, pictures, leave: false, ended: false };
        let seen = Arc::new((Mutex::new(seen), Condvar::new()));
        let reader = spawn_reader(output, &seen);
        Self {
            child,
            terminal: Some(pair.master),
            keyboard: Some(keyboard),
            seen,
            reader: Some(reader),
            modes_before,
            home: setup.home,
            next_key: None,
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// The text on the screen, row by row.
    pub(crate) fn picture(&self) -> String {
        self.look(|seen| picture_of(seen.terminal.screen()))
    }

    /// Every picture that the screen ever showed.
    pub(crate) fn pictures(&self) -> Vec<String> {
        self.look(|seen| seen.pictures.clone())
    }

    /// Every byte that the program wrote.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.look(|seen| seen.bytes.clone())
    }

    /// How many bytes that were.
    pub(crate) fn written(&self) -> usize {
        self.look(|seen| seen.bytes.len())
    }

    pub(crate) fn shows(&self, text: &str) -> bool {
        self.picture().contains(text)
    }

    /// Waits until the screen shows this text.
    #[track_caller]
    pub(crate) fn wait_for(&self, text: &str) {
        self.wait_until(text, |screen| picture_of(screen).contains(text));
    }

    /// Waits until the screen no longer shows this text.
    #[track_caller]
    pub(crate) fn wait_without(&self, text: &str) {
        self.wait_until(&format!("no {text}"), |screen| !picture_of(screen).contains(text));
    }

    #[track_caller]
    pub(crate) fn wait_until(&self, what: &str, is_so: impl Fn(&vt100::Screen) -> bool) {
        let (seen, changed) = &*self.seen;
        let waits = |seen: &mut Seen| !is_so(seen.terminal.screen()) && !seen.ended;
        let (seen, _) = changed.wait_timeout_while(lock(seen), GRACE, waits).unwrap();
        let screen = seen.terminal.screen();
        assert!(is_so(screen), "waited in vain for {what:?} on\n{}", picture_of(screen));
    }

    /// Waits until nothing more is written for a while.
    pub(crate) fn wait_for_silence(&self) {
        wait_until("the end of the frame", || {
            let before = self.written();
            // No byte says that a frame is over.
            std::thread::sleep(BETWEEN_READS);
            (self.written() == before).then_some(())
        });
    }

    /// What can be read off the screen as it is now.
    pub(crate) fn screen<T>(&self, read: impl FnOnce(&vt100::Screen) -> T) -> T {
        self.look(|seen| read(seen.terminal.screen()))
    }

    /// How often the screen was cleared.
    pub(crate) fn clears(&self) -> usize {
        self.look(|seen| seen.bytes.windows(CLEAR.len()).filter(|window| *window == CLEAR).count())
    }

    /// What is on the screen is what a drawing from nothing gives: nothing is left over, nothing is missing.
    #[track_caller]
    pub(crate) fn assert_picture_is_whole(&mut self) {
        // A frame may come in several reads.
        let ends = [english().hint_quit(), english().hint_leave_input()];
        self.wait_until("a footer", |screen| ends.iter().any(|end| picture_of(screen).ends_with(end)));
        self.wait_for_silence();
        let (picture, clears) = (self.picture(), self.clears());
        self.press(CTRL_L);
        wait_until("a cleared screen", || (self.clears() > clears).then_some(()));
        self.wait_until(&format!("the same picture as\n{picture}\n"), |screen| picture_of(screen) == picture);
    }

    /// Presses one key.
    pub(crate) fn press(&mut self, key: &str) {
        let pause = self.next_key.map(|at| at.saturating_duration_since(Instant::now()));
        std::thread::sleep(pause.unwrap_or(BETWEEN_KEYS));
        self.write_at_once(key);
        if is_one_key(key) {
            self.next_key = Some(Instant::now() + if key == ESC { AFTER_ESC } else { BETWEEN_KEYS });
        }
    }

    /// Presses Esc once more where the first one has stopped waiting for a call.
    pub(crate) fn press_second_esc(&mut self) {
        std::thread::sleep(BEFORE_SECOND_ESC);
        self.press(ESC);
    }

    /// Quits by `^C`, and returns the exit code. In a text input the first `^C` only leaves the input.
    #[track_caller]
    pub(crate) fn quit(&mut self) -> u32 {
        if self.picture().contains(&format!("^C {}", english().hint_leave_input())) {
            self.press(CTRL_C);
        }
        self.press(CTRL_C);
        self.wait_exit()
    }

    /// Presses one key after the other.
    pub(crate) fn press_all(&mut self, keys: &[&str]) {
        for key in keys {
            self.press(key);
        }
    }

    /// Goes to the ID and waits until it is there: an Enter that caught up with the key would not submit.
    #[track_caller]
    pub(crate) fn edit_id(&mut self) {
        self.press("1");
        self.wait_for(english().hint_leave_input());
    }

    /// Types an ID into its input, letter by letter, and waits until it is there.
    #[track_caller]
    pub(crate) fn type_id(&mut self, id: &str) {
        for letter in id.chars() {
            self.write_at_once(&letter.to_string());
        }
        let input = |screen: &vt100::Screen| picture_of(screen).lines().nth(2).unwrap_or_default().to_owned();
        self.wait_until(&format!("{id} in the input"), |screen| input(screen).contains(id));
    }

    /// All in one write, as a terminal without brackets around pastes sends it.
    pub(crate) fn write_at_once(&mut self, text: &str) {
        self.write_bytes(text.as_bytes());
    }

    /// The same of bytes that may be no text.
    pub(crate) fn write_bytes(&mut self, bytes: &[u8]) {
        let keyboard = self.keyboard.as_mut().unwrap();
        keyboard.write_all(bytes).unwrap();
        keyboard.flush().unwrap();
        self.next_key = None;
    }

    /// Pastes between brackets.
    pub(crate) fn paste(&mut self, text: &str) {
        self.press(&format!("\x1b[200~{text}\x1b[201~"));
    }

    pub(crate) fn resize(&self, width: u16, height: u16) {
        lock(&self.seen.0).terminal.set_size(cells(height), cells(width));
        let size = PtySize { rows: height, cols: width, pixel_width: 0, pixel_height: 0 };
        self.terminal.as_ref().unwrap().resize(size).unwrap();
    }

    /// Sends a signal by its name, as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        signal(self.pid(), name);
    }

    /// Ends it at once, without any chance to say goodbye.
    pub(crate) fn kill(&mut self) {
        self.signal("KILL");
        let _killed = self.wait_exit();
    }

    /// Whether it still runs.
    pub(crate) fn lives(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits for the end and for all that was written; gives the exit code.
    #[track_caller]
    pub(crate) fn wait_exit(&mut self) -> u32 {
        let status = wait_until("the end of the program", || self.child.try_wait().unwrap());
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        status.exit_code()
    }

    /// The terminal's own modes (echo, lines, signals) at the moment.
    pub(crate) fn modes(&self) -> String {
        modes(self.terminal.as_deref().unwrap())
    }

    pub(crate) fn modes_before(&self) -> &str {
        &self.modes_before
    }

    /// Whether the terminal is as it was found: modes, screen, cursor, pastes.
    #[track_caller]
    pub(crate) fn assert_given_back(&self) {
        assert_eq!(self.modes(), self.modes_before, "the terminal's modes");
        self.look(|seen| {
            let screen = seen.terminal.screen();
            assert!(!screen.alternate_screen(), "the other screen is still there");
            assert!(!screen.hide_cursor(), "the cursor is hidden");
            assert!(!screen.bracketed_paste(), "pastes come between brackets");
            assert!(!screen.application_cursor(), "arrows send other bytes");
        });
    }

    fn look<T>(&self, at: impl FnOnce(&Seen) -> T) -> T {
        at(&lock(&self.seen.0))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.lives() {
            self.signal("KILL");
            let _ = self.child.wait();
        }
    }
}

/// The interface's texts, as sessions show them that ask for nothing else.
pub(crate) fn english() -> Texts {
    Texts::new(Language::En)
}

/// Polls until there is an answer: for what no screen tells.
#[track_caller]
pub(crate) fn wait_until<T>(what: &str, mut asked: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = asked() {
            return answer;
        }
        assert!(start.elapsed() < GRACE, "waited in vain for {what}");
        std::thread::sleep(POLL_INTERVAL);
    }
}

/// Sends a signal by the shell's own `kill`, which is everywhere.
pub(crate) fn signal(pid: u32, name: &str) {
    let sent = Command::new("sh").args(["-c", &format!("kill -{name} {pid}")]).status().unwrap();
    assert!(sent.success());
}

/// Whether `needle` is anywhere in `bytes`.
pub(crate) fn holds(bytes: &[u8], needle: impl AsRef<OsStr>) -> bool {
    let needle = needle.as_ref().as_encoded_bytes();
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn spawn_reader(output: Box<dyn Read + Send>, seen: &Arc<(Mutex<Seen>, Condvar)>) -> JoinHandle<()> {
    let seen = Arc::clone(seen);
    std::thread::spawn(move || read_all(output, &seen))
}

fn read_all(mut output: Box<dyn Read + Send>, seen: &(Mutex<Seen>, Condvar)) {
    let (seen, changed) = seen;
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let read = output.read(&mut chunk).unwrap_or(0);
        let mut seen = lock(seen);
        seen.ended = read == 0;
        seen.bytes.extend_from_slice(&chunk[..read]);
        seen.terminal.process(&chunk[..read]);
        let picture = picture_of(seen.terminal.screen());
        if seen.pictures.last() != Some(&picture) {
            seen.pictures.push(picture);
        }
        changed.notify_all();
        if seen.ended || seen.leave {
            return;
        }
    }
}

/// A letter, or an escape sequence that ends with one.
fn is_one_key(key: &str) -> bool {
    let rest = key.strip_prefix("\x1b[").unwrap_or(key);
    rest.chars().count() == 1
}

/// A test that fails while it looks must not hide its reason behind a poisoned lock.
fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The screen's text without the blanks at the ends of rows, which say nothing of what was drawn.
fn picture_of(screen: &vt100::Screen) -> String {
    let (_, width) = screen.size();
    let rows: Vec<String> = screen.rows(0, width.get()).map(|row| row.trim_end().to_owned()).collect();
    rows.join("\n")
}

fn modes(terminal: &dyn MasterPty) -> String {
    format!("{:?}", terminal.get_termios().unwrap())
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap()
}
