//! A terminal in memory: the loop draws on it and reads from it, the test sees and types.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use crossterm::event::{Event as Input, KeyEvent};
use futures_util::Stream;
use obx::tui::{InputSource, ScreenBackend, Typed};
use obx::ui::double_buffer::Shift;
use obx::ui::theme::Palette;
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};
use tokio::sync::{mpsc, watch};

use crate::support::{key_named, parse_size, screen};

/// The longest that anything may take, on the slowest machine.
const DEADLINE: Duration = Duration::from_secs(15);

/// What is on the glass.
#[derive(Debug)]
struct Glass {
    cells: Buffer,
    /// Frames shown so far.
    frames: usize,
    /// Of each picture that the terminal was to draw, how many frames were shown before.
    pictures: Vec<usize>,
}

/// The side that the loop draws on.
#[derive(Debug)]
pub(super) struct FakeTerminal(Arc<watch::Sender<Glass>>);

/// The side that the loop reads from: each item is what came in one read.
#[derive(Debug)]
pub(super) struct FakeKeyboard {
    reads: mpsc::UnboundedReceiver<io::Result<Vec<Typed>>>,
    read: VecDeque<Typed>,
    taken: watch::Sender<usize>,
}

/// The person in front of the terminal.
pub(super) struct User {
    glass: Arc<watch::Sender<Glass>>,
    keyboard: Option<mpsc::UnboundedSender<io::Result<Vec<Typed>>>>,
    taken: watch::Receiver<usize>,
    sent: usize,
}

/// A terminal of this size, its keyboard, and who uses both.
pub(super) fn terminal(size: &str) -> (FakeTerminal, FakeKeyboard, User) {
    let glass = Arc::new(watch::Sender::new(Glass {
        cells: Buffer::empty(area(size)),
        frames: 0,
        pictures: Vec::new(),
    }));
    let (keyboard, reads) = mpsc::unbounded_channel();
    let (taken, of_user) = watch::channel(0);
    let user = User { glass: Arc::clone(&glass), keyboard: Some(keyboard), taken: of_user, sent: 0 };
    (FakeTerminal(glass), FakeKeyboard { reads, read: VecDeque::new(), taken }, user)
}

fn key(name: &str) -> Input {
    let (code, modifiers) = key_named(name);
    Input::Key(KeyEvent::new(code, modifiers))
}

fn area(size: &str) -> Rect {
    Rect::from((Position::ORIGIN, parse_size(size)))
}

impl User {
    /// Presses one key by its name, and returns when the loop has taken it in.
    pub(super) async fn press(&mut self, name: &str) {
        self.press_at_once(name, 1).await;
    }

    /// Presses keys one after the other: `3 j <enter>`.
    pub(super) async fn press_all(&mut self, names: &str) {
        for name in names.split(' ') {
            self.press(name).await;
        }
    }

    /// Types a text letter by letter.
    pub(super) async fn type_text(&mut self, text: &str) {
        for letter in text.chars() {
            self.press(&letter.to_string()).await;
        }
    }

    /// Presses a key so many times in one read, as a paste without brackets does, and returns when all are taken in.
    pub(super) async fn press_at_once(&mut self, name: &str, times: usize) {
        self.queue(vec![key(name); times]);
        self.wait_until_taken().await;
    }

    /// The same, and nobody waits for it.
    pub(super) fn queue_keys(&mut self, name: &str, times: usize) {
        self.queue(vec![key(name); times]);
    }

    /// How many inputs the loop has taken in.
    pub(super) fn taken(&self) -> watch::Receiver<usize> {
        self.taken.clone()
    }

    /// Pastes between brackets.
    pub(super) async fn paste(&mut self, text: &str) {
        self.queue(vec![Input::Paste(text.to_owned())]);
        self.wait_until_taken().await;
    }

    fn queue(&mut self, inputs: Vec<Input>) {
        let is_alone = inputs.len() == 1;
        self.sent += inputs.len();
        let read = inputs.into_iter().map(|input| Typed::Input { input, is_alone }).collect();
        self.keyboard.as_ref().unwrap().send(Ok(read)).expect("the loop has ended");
    }

    async fn wait_until_taken(&mut self) {
        let sent = self.sent;
        let taken = tokio::time::timeout(DEADLINE, self.taken.wait_for(|taken| *taken >= sent)).await;
        assert!(taken.is_ok_and(|taken| taken.is_ok()), "a key was not taken in:\n{}", self.screen());
    }

    /// The terminal has another size; the loop hears of it.
    pub(super) async fn resize(&mut self, size: &str) {
        self.resize_unnoticed(size);
        let Size { width, height } = parse_size(size);
        self.queue(vec![Input::Resize(width, height)]);
        self.wait_until_taken().await;
    }

    /// The terminal has another size, and the signal that says so is lost. What was on it is spoilt.
    pub(super) fn resize_unnoticed(&self, size: &str) {
        self.glass.send_modify(|glass| glass.cells = Buffer::filled(area(size), Cell::new("▒")));
    }

    /// The input ends, as that of a terminal that goes away.
    pub(super) fn end_input(&mut self) {
        self.keyboard = None;
    }

    /// Reading from the terminal fails.
    pub(super) fn fail_input(&self) {
        let gone = Err(io::Error::from(io::ErrorKind::BrokenPipe));
        self.keyboard.as_ref().unwrap().send(gone).expect("the loop has ended");
    }

    pub(super) fn screen(&self) -> String {
        screen(&self.glass.borrow().cells)
    }

    pub(super) fn shows(&self, text: &str) -> bool {
        self.screen().contains(text)
    }

    /// Frames that were drawn so far.
    pub(super) fn frames(&self) -> usize {
        self.glass.borrow().frames
    }

    /// Of each picture that the terminal was to draw, how many frames were shown before.
    pub(super) fn pictures(&self) -> Vec<usize> {
        self.glass.borrow().pictures.clone()
    }

    /// Waits until this text is on the screen.
    pub(super) async fn wait_for(&self, text: &str) {
        self.wait_until(&format!("{text:?}"), |screen| screen.contains(text)).await;
    }

    /// Waits until this text is not on the screen.
    pub(super) async fn wait_without(&self, text: &str) {
        self.wait_until(&format!("no {text:?}"), |screen| !screen.contains(text)).await;
    }

    pub(super) async fn wait_until(&self, what: &str, is_so: impl Fn(&str) -> bool) {
        let mut drawn = self.glass.subscribe();
        let reached = drawn.wait_for(|glass| is_so(&screen(&glass.cells)));
        let reached = tokio::time::timeout(DEADLINE, reached).await.is_ok();
        assert!(reached, "waited in vain for {what} on\n{}", self.screen());
    }

    /// Every cell is drawn, and as it would be on an empty screen.
    pub(super) async fn assert_frame_is_whole(&mut self) {
        let before = self.screen();
        assert!(!before.contains('▒'), "cells are left that nobody drew:\n{before}");
        self.press("^l").await;
        assert_eq!(self.screen(), before);
    }
}

impl Stream for FakeKeyboard {
    type Item = io::Result<Typed>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while self.read.is_empty() {
            match self.reads.poll_recv(context) {
                Poll::Ready(Some(Ok(read))) => self.read.extend(read),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
        self.taken.send_modify(|taken| *taken += 1);
        Poll::Ready(self.read.pop_front().map(Ok))
    }
}

impl InputSource for FakeKeyboard {}

impl ScreenBackend for FakeTerminal {
    fn set_palette(&mut self, _: Palette) {}

    fn synchronize_updates(&mut self) {}

    fn ask(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn shift(&mut self, _: &Shift) -> io::Result<bool> {
        Ok(false)
    }

    fn write_sequence(&mut self, sequence: &str) -> io::Result<()> {
        if sequence.contains("\x1b_Ga=T") {
            self.0.send_modify(|glass| glass.pictures.push(glass.frames));
        }
        Ok(())
    }
}

impl Backend for FakeTerminal {
    type Error = io::Error;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, content: I) -> io::Result<()> {
        self.0.send_if_modified(|glass| {
            for (x, y, cell) in content {
                // A terminal that has just become smaller gets cells that it has no more.
                if let Some(shown) = glass.cells.cell_mut((x, y)) {
                    shown.clone_from(cell);
                }
            }
            false
        });
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.send_modify(|glass| glass.frames += 1);
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.0.borrow().cells.area.as_size())
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::ZERO })
    }

    fn clear(&mut self) -> io::Result<()> {
        self.0.send_if_modified(|glass| {
            glass.cells.reset();
            false
        });
        Ok(())
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        assert_eq!(region, ClearType::All);
        self.clear()
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(Position::ORIGIN)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, _: P) -> io::Result<()> {
        Ok(())
    }
}
