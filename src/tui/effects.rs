//! Carries effects out, at once or in the background. Results come back over one bounded channel.

mod atomic_write;
mod browser;
mod clipboard;
mod export;
mod fetch;
mod file;
mod filter;
mod store;
mod watch;

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

use crate::message::{Done, Effect, Event, FetchEvent, Job, Reading, Ticket, Unanalyzed, Viewer};
pub use file::{File, UnreadableFile};
use filter::Filters;
pub use filter::{FilterAnswer, FilterOrder, WORKER};
use obx_core::session::Session;
use onebound::{CallHandle, Exchange};
use store::Queries;
use watch::Watch;

/// News waiting for the loop; a task that has more waits, rather than filling memory.
const CHANNEL: usize = 64;

/// What only the loop can do, for it has the terminal.
#[must_use = "what is dropped is never done"]
#[derive(Debug)]
pub enum OnTerminal {
    /// Draw everything again.
    Redraw,
    /// Give the terminal back and stop, until the shell continues.
    Suspend,
    /// Give the terminal to a program that shows this.
    Read(Viewer, Reading),
    /// Leave.
    Quit,
}

/// Starts effects, and holds the lines to those under way.
#[derive(Debug)]
pub struct Effects {
    session: Session,
    watch: Arc<Watch>,
    sender: mpsc::Sender<Event>,
    receiver: mpsc::Receiver<Event>,
    lines: HashMap<Ticket, CallHandle>,
    filters: Filters,
    background: Background,
}

/// What runs beside the loop and has to end with it. Cloning gives another hold on the same.
#[derive(Clone, Debug, Default)]
pub struct Background {
    /// Files that are being written.
    writing: TaskTracker,
    queries: Queries,
}

impl Background {
    /// Stops what was asked of the store, and waits for files that are being written.
    pub async fn end(&self) {
        self.queries.stop();
        self.writing.close();
        self.writing.wait().await;
    }
}

impl Effects {
    /// Effects that answer calls by this session.
    pub fn new(session: Session) -> Self {
        let (sender, receiver) = mpsc::channel(CHANNEL);
        Self {
            session,
            watch: Arc::default(),
            sender,
            receiver,
            lines: HashMap::new(),
            filters: Filters::default(),
            background: Background::default(),
        }
    }

    /// Carries an effect out, at once or by starting a task; gives back what only the loop can do.
    #[must_use]
    pub fn perform(&mut self, effect: Effect) -> Option<OnTerminal> {
        match effect {
            Effect::Fetch { ticket, call, want } => {
                let line = CallHandle::default();
                self.lines.insert(ticket, line.clone());
                fetch::start(self.session.clone(), ticket, *call, want, line, self.sender.clone());
            }
            Effect::EndUnsent(ticket) => {
                self.lines.get(&ticket).map(CallHandle::end_unsent);
            }
            Effect::Close(ticket) => {
                self.lines.get(&ticket).map(CallHandle::close);
            }
            Effect::Copy { what, text } => self.spawn(clipboard::copy(what, text)),
            Effect::Export(export) => {
                let (sender, written) = (self.sender.clone(), export::write(self.session.clone(), *export));
                self.background.writing.spawn(async move {
                    // The loop may have ended: then nobody is left to be told.
                    let _ = sender.send(Event::Done(written.await)).await;
                });
            }
            Effect::Store(query) => {
                // Where the file can't be watched yet, a later query may find it.
                if let Some(path) = self.session.place().path() {
                    self.watch.start(path, &self.sender);
                }
                let watch = Arc::clone(&self.watch);
                self.background.queries.start(self.session.clone(), watch, query, self.sender.clone());
            }
            Effect::Filter(job) => self.filters.start(job, &self.sender),
            Effect::EndFilter => self.filters.end(),
            Effect::Job(job) => self.start_job(job),
            Effect::Analyze(Unanalyzed(exchange)) => self.analyze(exchange),
            Effect::OpenPage(url) => self.spawn(browser::open(url)),
            Effect::Redraw => return Some(OnTerminal::Redraw),
            Effect::Suspend => return Some(OnTerminal::Suspend),
            Effect::Read(reader, reading) => return Some(OnTerminal::Read(reader, reading)),
            Effect::Quit => return Some(OnTerminal::Quit),
            // The app carries these out itself: it passes none of them on.
            Effect::Notify(_)
            | Effect::Focus(_)
            | Effect::ClosePopup
            | Effect::Run(_)
            | Effect::StartFetch { .. }
            | Effect::ShowRow(_)
            | Effect::ExplainRow(_)
            | Effect::LoadOlderRows
            | Effect::ShowStored(_)
            | Effect::ShowNewest(_)
            | Effect::Locate(_)
            | Effect::FillId(_)
            | Effect::Annotate(..)
            | Effect::OpenHistory(_)
            | Effect::OpenSearch(_)
            | Effect::ExportBundle(_)
            | Effect::KeepProgram(_) => {}
        }
        None
    }

    /// Reads a saved file. Whether it could be read comes first; what lies in it comes as an event.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn open(&self, file: File) -> impl Future<Output = Result<(), UnreadableFile>> + use<> {
        let name = file.name.clone();
        let opened = file::open(self.session.clone(), file, self.sender.clone());
        async {
            let panicked = |error| Err(UnreadableFile::Failed(name, io::Error::other(error)));
            opened.await.unwrap_or_else(panicked)
        }
    }

    /// What runs in the background; whoever ends the process ends it.
    pub fn background(&self) -> Background {
        self.background.clone()
    }

    /// The next news.
    pub async fn next(&mut self) -> Event {
        // There is always a sender: this one's own.
        match self.receiver.recv().await {
            Some(news) => self.seen(news),
            None => std::future::pending().await,
        }
    }

    /// All news that are there already.
    pub fn ready(&mut self) -> impl Iterator<Item = Event> {
        std::iter::from_fn(|| self.receiver.try_recv().ok().map(|news| self.seen(news)))
    }

    fn spawn(&self, effect: impl Future<Output = Done> + Send + 'static) {
        let sender = self.sender.clone();
        tokio::spawn(async move {
            // The loop may have ended: then nobody is left to be told.
            let _ = sender.send(Event::Done(effect.await)).await;
        });
    }

    fn analyze(&self, exchange: Arc<Exchange>) {
        let sender = self.sender.clone();
        tokio::task::spawn_blocking(move || {
            exchange.analyze();
            // The loop may have ended: then nobody is left to be told.
            let _ = sender.blocking_send(Event::Analyzed);
        });
    }

    fn start_job(&self, job: Job) {
        let sender = self.sender.clone();
        tokio::task::spawn_blocking(move || {
            if let Some(done) = job.run() {
                // The loop may have ended: then nobody is left to be told.
                let _ = sender.blocking_send(Event::JobDone(done));
            }
        });
    }

    fn seen(&mut self, news: Event) -> Event {
        if let Event::Fetch(ticket, FetchEvent::Finished(_) | FetchEvent::NotSent(_)) = &news {
            self.lines.remove(ticket);
        }
        news
    }
}
