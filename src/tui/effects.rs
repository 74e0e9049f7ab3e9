//! The one match from a command to its effect. Results come back over one bounded channel.

mod fetch;

use std::collections::HashMap;

use tokio::sync::mpsc;

use crate::api::Lifeline;
use crate::message::{Command, FetchEvent, Ticket};
pub use fetch::Backend;

/// News from the background, with the ticket it belongs to.
pub type News = (Ticket, FetchEvent);

/// News waiting for the loop; a task that has more waits, rather than filling memory.
const CHANNEL: usize = 64;

/// Starts effects, and holds the lines to those under way.
#[derive(Debug)]
pub struct Effects {
    backend: Backend,
    sender: mpsc::Sender<News>,
    receiver: mpsc::Receiver<News>,
    lines: HashMap<Ticket, Lifeline>,
}

impl Effects {
    /// Effects that answer calls by this backend.
    pub fn new(backend: Backend) -> Self {
        let (sender, receiver) = mpsc::channel(CHANNEL);
        Self { backend, sender, receiver, lines: HashMap::new() }
    }

    /// Carries a command out; at once, or by starting a task.
    pub fn perform(&mut self, command: Command) {
        match command {
            Command::Fetch { ticket, call, want } => {
                let line = Lifeline::default();
                self.lines.insert(ticket, line.clone());
                fetch::start(self.backend.clone(), ticket, *call, want, line, self.sender.clone());
            }
            Command::EndUnsent(ticket) => {
                self.lines.get(&ticket).map(Lifeline::end_unsent);
            }
            Command::Close(ticket) => {
                self.lines.get(&ticket).map(Lifeline::close);
            }
            // The loop's own.
            Command::Redraw | Command::Quit => {}
        }
    }

    /// The next news.
    pub async fn next(&mut self) -> News {
        // There is always a sender: this one's own.
        match self.receiver.recv().await {
            Some(news) => self.seen(news),
            None => std::future::pending().await,
        }
    }

    /// All news that are there already.
    pub fn ready(&mut self) -> impl Iterator<Item = News> {
        std::iter::from_fn(|| self.receiver.try_recv().ok().map(|news| self.seen(news)))
    }

    fn seen(&mut self, news: News) -> News {
        if !matches!(news.1, FetchEvent::Progress(_)) {
            self.lines.remove(&news.0);
        }
        news
    }
}
