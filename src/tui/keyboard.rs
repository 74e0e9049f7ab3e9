//! Reads input from the terminal, and pauses while another program reads from it.
//!
//! ```text
//!  stdin ─▶ thread: wait, read ─▶ bounded channel ─▶ decoder ─▶ loop
//!             ▲ pause: its pipe is closed, and the thread ends
//! ```
//! Bytes are read here and not by crossterm, which drops invalid UTF-8 but keeps the other bytes of that read, takes the
//! first half of an escape sequence for Esc, and reads in an endless loop after the terminal has gone.

use std::future::Future;
use std::io::{self, PipeReader, PipeWriter};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::thread::JoinHandle;
use std::time::Instant;

use crossterm::event::Event as Input;
use futures_util::Stream;
use rustix::event::{PollFd, PollFlags, poll};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::Sleep;

use super::decoder::{Decoder, Typed};

/// A source of input for the event loop.
pub trait InputSource: Stream<Item = io::Result<Typed>> + Unpin {
    /// Stops reading until [`InputSource::resume`]. Nothing is read any more when this returns.
    fn pause(&mut self) {}

    /// Reads again. Input that was typed in between is dropped.
    fn resume(&mut self) {}
}

/// Bytes per read, more than a person types at once.
const READ_SIZE: usize = 4_096;

/// Capacity of the channel, in reads. The rest of a large paste waits in the terminal's own buffer.
const MAX_WAITING: usize = 64;

/// The terminal on stdin.
#[derive(Debug)]
pub struct Keyboard {
    /// `None` while paused.
    reader: Option<io::Result<ReaderThread>>,
    resized: Signal,
    decoder: Decoder,
    /// Fires when the decoder stops waiting for the rest of a key.
    alarm: Pin<Box<Sleep>>,
}

/// The bytes of one read, and when they were read.
type ReadResult = io::Result<(Instant, Vec<u8>)>;

/// Reads from the terminal until its pipe is closed.
#[derive(Debug)]
struct ReaderThread {
    reads: mpsc::Receiver<ReadResult>,
    open: PipeWriter,
    thread: JoinHandle<()>,
}

impl Keyboard {
    /// Starts reading from stdin, which must be a terminal in raw mode.
    ///
    /// # Errors
    /// If the reader thread can't be started.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            reader: Some(Ok(ReaderThread::start()?)),
            resized: signal(SignalKind::window_change())?,
            decoder: Decoder::default(),
            alarm: Box::pin(tokio::time::sleep_until(Instant::now().into())),
        })
    }

    /// Feeds one read to the decoder; `None` at the end of the input.
    fn poll_read(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<()>>> {
        let reader = match &mut self.reader {
            None => return Poll::Pending,
            Some(Ok(reader)) => reader,
            Some(Err(error)) => return Poll::Ready(Some(Err(io::Error::other(error.to_string())))),
        };
        Poll::Ready(ready!(reader.reads.poll_recv(context)).map(|read| {
            let (at, bytes) = read?;
            self.decoder.feed(&bytes, at);
            Ok(())
        }))
    }
}

impl Stream for Keyboard {
    type Item = io::Result<Typed>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(typed) = self.decoder.next() {
                return Poll::Ready(Some(Ok(typed)));
            }
            if self.resized.poll_recv(context).is_ready() {
                let resize = crossterm::terminal::size().map(|(width, height)| Input::Resize(width, height));
                return Poll::Ready(Some(resize.map(Typed::alone)));
            }
            match self.poll_read(context) {
                Poll::Ready(Some(Ok(()))) => continue,
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => {}
            }
            let Some(deadline) = self.decoder.deadline() else { return Poll::Pending };
            self.alarm.as_mut().reset(deadline.into());
            ready!(self.alarm.as_mut().poll(context));
            self.decoder.expire(Instant::now());
        }
    }
}

impl InputSource for Keyboard {
    fn pause(&mut self) {
        if let Some(Ok(reader)) = self.reader.take() {
            reader.stop();
        }
    }

    fn resume(&mut self) {
        self.decoder = Decoder::default();
        self.reader = Some(ReaderThread::start());
    }
}

impl ReaderThread {
    fn start() -> io::Result<Self> {
        let (closed, open) = io::pipe()?;
        let (sender, reads) = mpsc::channel(MAX_WAITING);
        let thread = std::thread::Builder::new().name("keys".to_owned());
        let thread = thread.spawn(move || read_all(&closed, &sender))?;
        Ok(Self { reads, open, thread })
    }

    /// Ends the thread, and returns when it has ended.
    fn stop(self) {
        let Self { reads, open, thread } = self;
        // Both are dropped before the join, since the thread may be blocked on a full channel.
        drop((reads, open));
        let _ = thread.join(); // A thread that panicked reads no more either.
    }
}

/// Reads until the pipe or the channel is closed, or the terminal is gone.
fn read_all(closed: &PipeReader, sender: &mpsc::Sender<ReadResult>) {
    let stdin = rustix::stdio::stdin();
    let mut buffer = vec![0; READ_SIZE];
    loop {
        let mut watched = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(closed, PollFlags::IN)];
        match poll(&mut watched, None) {
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return drop(sender.blocking_send(Err(error.into()))),
            Ok(_) => {}
        }
        let [input, closed] = &watched;
        if !closed.revents().is_empty() {
            return;
        }
        if input.revents().is_empty() {
            continue;
        }
        let read = match rustix::io::read(stdin, &mut buffer) {
            Ok(0) => return,
            Ok(count) => Ok((Instant::now(), buffer.get(..count).unwrap_or_default().to_vec())),
            Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => continue,
            Err(error) => Err(error.into()),
        };
        let failed = read.is_err();
        if sender.blocking_send(read).is_err() || failed {
            return;
        }
    }
}
