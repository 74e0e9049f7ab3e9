//! The terminal's input, which can be put down while another program reads from the terminal.
//!
//! crossterm's stream reads on a thread of its own, which would take keys away from that program. Putting it down
//! returns when that thread reads no more: it rings a bell, as it does for every input.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use crossterm::event::{Event as Input, EventStream};
use futures_util::Stream;
use futures_util::task::AtomicWaker;

/// What the loop reads from.
pub trait Source: Stream<Item = io::Result<Input>> + Unpin {
    /// Reads nothing until it is taken up again; returns when that is certain.
    fn put_down(&mut self) {}

    /// Reads again; what was typed meanwhile is dropped.
    fn take_up(&mut self) {}
}

/// The terminal on stdin.
#[derive(Debug)]
pub struct Keyboard {
    stream: Option<EventStream>,
    waker: Arc<AtomicWaker>,
    /// Of the last time that crossterm's thread was set to read: it holds a second one until it is done.
    reading: Option<Arc<Bell>>,
}

/// Rung by crossterm's thread when it has stopped reading, and passed on to the loop.
#[derive(Debug)]
struct Bell(Arc<AtomicWaker>);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.wake();
    }
}

impl Keyboard {
    /// Needs a terminal on stdin.
    pub fn new() -> Self {
        Self { stream: Some(EventStream::new()), waker: Arc::default(), reading: None }
    }
}

impl Default for Keyboard {
    fn default() -> Self {
        Self::new()
    }
}

impl Stream for Keyboard {
    type Item = io::Result<Input>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.waker.register(context.waker());
        let bell = Arc::new(Bell(Arc::clone(&self.waker)));
        let Some(stream) = self.stream.as_mut() else { return Poll::Pending };
        let polled = Pin::new(stream).poll_next(&mut Context::from_waker(&Waker::from(Arc::clone(&bell))));
        if Arc::strong_count(&bell) > 1 {
            self.reading = Some(bell);
        }
        polled
    }
}

/// Between two looks at whether crossterm's thread is done.
const GLANCE: Duration = Duration::from_micros(200);

/// Looks at an input without anything in it: the first may only find the call that put the keyboard down.
const QUIET: usize = 2;

impl Source for Keyboard {
    fn put_down(&mut self) {
        // Calls the thread out of its read.
        self.stream = None;
        while self.reading.as_ref().is_some_and(|bell| Arc::strong_count(bell) > 1) {
            std::thread::sleep(GLANCE);
        }
    }

    fn take_up(&mut self) {
        // What crossterm has read and not given out.
        let mut quiet = 0;
        while quiet < QUIET {
            let typed = matches!(crossterm::event::poll(Duration::ZERO), Ok(true));
            quiet = if typed && crossterm::event::read().is_ok() { 0 } else { quiet + 1 };
        }
        self.stream = Some(EventStream::new());
    }
}
