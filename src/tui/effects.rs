//! Carries out effects, at once or in the background. Results come back over one bounded channel.

mod atomic_write;
mod batch;
mod browser;
mod clipboard;
mod export;
mod fetch;
mod file;
mod filter;
mod pricing;
mod store;
mod watch;

use std::collections::HashMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

use crate::message::{
    BatchCommand, BatchOrder, Done, Effect, Event, Export, FetchEvent, FetchOrder, Job, PictureOrder,
    Reading, StoreRequest, Ticket, Viewer,
};
use batch::RunningBatch;
pub use file::{File, UnreadableFile};
use filter::Filters;
pub use filter::{FilterAnswer, FilterOrder, WORKER};
use obx_core::config::ThemeName;
use obx_core::session::Session;
use onebound::CallHandle;
use pricing::Pricing;
use store::Queries;
use watch::Watch;
pub use watch::{StoreChanges, watch_store};

/// Capacity of the channel, in events. A task with more waits, so that memory use stays bounded.
const CHANNEL: usize = 64;

/// Effects that only the loop can carry out, because it owns the terminal.
#[must_use = "what is dropped is never done"]
#[derive(Debug)]
pub enum OnTerminal {
    /// Draw the screen in the colours of this theme.
    SetTheme(ThemeName),
    /// Have it report the mouse, or not.
    Mouse(bool),
    /// Draw the whole screen again.
    Redraw,
    /// Give the terminal to the shell and stop, until the shell continues obx.
    Suspend,
    /// Give the terminal to a program that displays this.
    Read(Viewer, Reading),
    Quit,
}

/// Starts effects, and holds the handles of calls under way.
#[derive(Debug)]
pub struct Effects {
    session: Session,
    watch: Arc<Watch>,
    sender: mpsc::Sender<Event>,
    receiver: mpsc::Receiver<Event>,
    handles: HashMap<Ticket, CallHandle>,
    filters: Filters,
    pricing: Pricing,
    batch: RunningBatch,
    tasks: BackgroundTasks,
    longest_wait: Duration,
}

/// Background work that has to end before the process does. Clones share the same work.
#[derive(Clone, Debug, Default)]
pub struct BackgroundTasks {
    /// Tasks that write files.
    writing: TaskTracker,
    queries: Queries,
}

impl BackgroundTasks {
    /// Stops the store requests, and waits for files that are being written.
    pub async fn end(&self) {
        self.queries.stop();
        self.writing.close();
        self.writing.wait().await;
    }
}

impl Effects {
    /// Creates the effects of this session.
    pub fn new(session: Session) -> Self {
        let (sender, receiver) = mpsc::channel(CHANNEL);
        Self {
            session,
            watch: Arc::default(),
            sender,
            receiver,
            handles: HashMap::new(),
            filters: Filters::default(),
            pricing: Pricing::default(),
            batch: RunningBatch::default(),
            tasks: BackgroundTasks::default(),
            longest_wait: fetch::LONGEST_WAIT,
        }
    }

    /// Sets how long a small answer may be held back until it is written and the item's stored answers are read.
    #[must_use]
    pub fn with_longest_wait(self, longest_wait: Duration) -> Self {
        Self { longest_wait, ..self }
    }

    fn start_query(&mut self, query: StoreRequest) {
        // A file that can't be watched yet may exist when the next request is made.
        self.watch.start(&self.session, &self.sender);
        let watch = Arc::clone(&self.watch);
        self.tasks.queries.start(self.session.clone(), watch, query, self.sender.clone());
    }

    /// Carries out an effect, at once or by starting a task; returns it if only the loop can do it.
    #[must_use]
    pub fn perform(&mut self, effect: Effect) -> Option<OnTerminal> {
        match effect {
            Effect::Fetch(order) => self.start_fetch(&order),
            Effect::EndUnsent(ticket) => {
                self.handles.get(&ticket).map(CallHandle::end_unsent);
            }
            Effect::Close(ticket) => {
                self.handles.get(&ticket).map(CallHandle::close);
            }
            Effect::PlanBatch(request) => batch::plan(self.session.clone(), *request, self.sender.clone()),
            Effect::RunBatch(order) => self.run_batch(*order),
            Effect::CommandBatch(command) => self.batch.obey(command),
            Effect::Copy { what, text } => self.spawn(clipboard::copy(what, text)),
            Effect::Export(order) => self.start_export(*order),
            Effect::Store(query) => self.start_query(query),
            Effect::Filter(job) => self.filters.start(job, &self.sender),
            Effect::EndFilter => self.filters.end(),
            Effect::CalculatePrices(job) => self.pricing.start(job, &self.sender),
            Effect::Job(job) => self.start_job(job),
            Effect::LoadPicture(order) => self.spawn(load_picture(self.session.clone(), order)),
            Effect::OpenPage(url) => self.spawn(browser::open(url)),
            Effect::SetTheme(theme) => return Some(OnTerminal::SetTheme(theme)),
            Effect::SetMouse(on) => return Some(OnTerminal::Mouse(on)),
            Effect::Redraw => return Some(OnTerminal::Redraw),
            Effect::Suspend => return Some(OnTerminal::Suspend),
            Effect::Read(reader, reading) => return Some(OnTerminal::Read(reader, reading)),
            Effect::Quit => return Some(self.quit()),
            // The app carries these out itself and passes none of them on.
            leaked @ (Effect::Notify(_)
            | Effect::Focus(_)
            | Effect::ClosePopup
            | Effect::Run(_)
            | Effect::StartFetch { .. }
            | Effect::ShowRow(_)
            | Effect::ExplainRow(_)
            | Effect::LoadRows(_)
            | Effect::MarkRow(_)
            | Effect::ShowStored(_)
            | Effect::ShowNewest(_)
            | Effect::Locate(_)
            | Effect::SelectSku(_)
            | Effect::SelectSkuIfShown(_)
            | Effect::ChooseColumns(_)
            | Effect::FillId(_)
            | Effect::Annotate(..)
            | Effect::OpenHistory(_)
            | Effect::OpenSearch(_)
            | Effect::OpenBatch(_)
            | Effect::OfferBatch(_)
            | Effect::KeepBatchRow(_)
            | Effect::OpenItemSearch(_)
            | Effect::FetchPage { .. }
            | Effect::KeepResultsView(_)
            | Effect::ExplainExchange(_)
            | Effect::ExportBundle(_)
            | Effect::KeepProgram(_)) => {
                tracing::error!(effect = name(&leaked), "the app did not carry out an effect");
            }
        }
        None
    }

    fn run_batch(&mut self, order: BatchOrder) {
        self.batch.start(&self.session, Arc::clone(&self.watch), order, self.sender.clone());
    }

    /// Nothing may be bought while the rest of the explorer ends.
    fn quit(&self) -> OnTerminal {
        self.batch.obey(BatchCommand::Stop);
        OnTerminal::Quit
    }

    fn start_fetch(&mut self, order: &FetchOrder) {
        let handle = CallHandle::default();
        self.handles.insert(order.ticket(), handle.clone());
        let (session, watch, sender) = (self.session.clone(), Arc::clone(&self.watch), self.sender.clone());
        fetch::start(session, watch, order, handle, self.longest_wait, sender);
    }

    fn start_export(&self, order: Export) {
        let (sender, written) = (self.sender.clone(), export::write(self.session.clone(), order));
        self.tasks.writing.spawn(async move {
            // The loop may have ended.
            let _ = sender.send(Event::Done(written.await)).await;
        });
    }

    /// Reads a saved file. The future returns whether it could be read; its contents follow as an event.
    ///
    /// # Errors
    ///
    /// If it can't be read.
    pub fn open(&self, file: File) -> impl Future<Output = Result<(), UnreadableFile>> + use<> {
        let name = file.name.clone();
        let opened = file::open(self.session.clone(), file, self.sender.clone());
        async {
            let panicked = |error| Err(UnreadableFile::Failed(name, io::Error::other(error)));
            opened.await.unwrap_or_else(panicked)
        }
    }

    /// The background work, for the code that ends the process.
    pub fn background_tasks(&self) -> BackgroundTasks {
        self.tasks.clone()
    }

    /// Whether the session's own key or secret is in this text.
    pub fn has_secret(&self, text: &str) -> bool {
        self.session.mask(text.to_owned()) != text
    }

    /// Waits for the next event.
    pub async fn next(&mut self) -> Event {
        // Never `None`, because this struct holds a sender.
        match self.receiver.recv().await {
            Some(event) => self.forget_finished(event),
            None => std::future::pending().await,
        }
    }

    /// The events that have arrived already.
    pub fn ready(&mut self) -> impl Iterator<Item = Event> {
        std::iter::from_fn(|| self.receiver.try_recv().ok().map(|event| self.forget_finished(event)))
    }

    fn spawn(&self, effect: impl Future<Output = Done> + Send + 'static) {
        let sender = self.sender.clone();
        tokio::spawn(async move {
            // The loop may have ended.
            let _ = sender.send(Event::Done(effect.await)).await;
        });
    }

    /// Runs a job on a thread of its own. A body that makes it panic must not leave the screen waiting.
    fn start_job(&self, job: Job) {
        let sender = self.sender.clone();
        tokio::task::spawn_blocking(move || {
            let done = catch_unwind(AssertUnwindSafe(|| job.run())).unwrap_or_else(|_| Some(job.failed()));
            if let Some(done) = done {
                // The loop may have ended.
                let _ = sender.blocking_send(Event::JobDone(done));
            }
        });
    }

    fn forget_finished(&mut self, event: Event) -> Event {
        if let Event::Fetch(ticket, FetchEvent::Finished(_) | FetchEvent::NotSent(_)) = &event {
            self.handles.remove(ticket);
        }
        event
    }
}

async fn load_picture(session: Session, order: PictureOrder) -> Done {
    let loaded = session.picture(&order.url, order.room, &order.handle).await;
    Done::PictureLoaded { order, loaded }
}

/// The name of an effect without its contents, which may be secret and must not be logged.
fn name(effect: &Effect) -> String {
    format!("{effect:?}").chars().take_while(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_names_an_effect_without_its_contents() {
        assert_eq!(name(&Effect::ClosePopup), "ClosePopup");
        assert_eq!(name(&Effect::OpenSearch("key=5f3a9c1e".to_owned())), "OpenSearch");
    }
}
