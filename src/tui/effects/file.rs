//! Reads exchanges from a saved file, on a blocking thread.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use crate::message::{Event, StoreEvent, Ticket};
use crate::ui::measure;
use obx_core::i18n::{Describe, Texts};
use obx_core::import;
use obx_core::session::Session;
use obx_core::store::StoreError;
use onebound::{Credentials, Exchange, Fingerprint};

/// A file to view.
pub struct File {
    /// Opens and reads all of it; may block.
    pub content: Box<dyn FnOnce() -> Result<Bytes, UnreadableFile> + Send>,
    /// How many bytes were read so far.
    pub read: Arc<AtomicUsize>,
    /// Its name, which may contain an ID.
    pub name: String,
    /// When it was last modified.
    pub at: Timestamp,
    /// The user's credentials if known, which are masked in the contents.
    pub credentials: Option<Credentials>,
}

/// Why a file can't be viewed, with its path or `stdin`.
#[derive(Debug)]
pub enum UnreadableFile {
    /// The system refused.
    Failed(String, io::Error),
    /// It is a terminal, from which nothing comes but keys.
    Terminal(String),
    /// It is larger than `max_bytes`.
    TooLarge {
        /// Its path, or `stdin`.
        place: String,
        /// Its size in bytes, where it has one.
        size: Option<usize>,
        /// No more is read.
        max_bytes: usize,
    },
}

impl Describe for UnreadableFile {
    fn describe(&self, texts: Texts) -> String {
        let (place, why) = match self {
            Self::Failed(place, error) => (place, error.describe(texts)),
            Self::Terminal(place) => (place, texts.view_terminal().to_owned()),
            Self::TooLarge { place, size, max_bytes } => {
                let largest = measure::bytes(*max_bytes);
                let why = match size {
                    Some(size) => texts.view_too_large(measure::bytes(*size), largest),
                    None => texts.view_endless(largest),
                };
                (place, why)
            }
        };
        texts.named(texts.view_unreadable(place), why)
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "File({})", self.name)
    }
}

/// Reads the file, reports whether it could be read, then sends its contents as an event.
pub(super) fn open(
    session: Session,
    file: File,
    sender: mpsc::Sender<Event>,
) -> oneshot::Receiver<Result<(), UnreadableFile>> {
    let (result_sender, result) = oneshot::channel();
    tokio::spawn(async move {
        let found = match tokio::task::spawn_blocking(move || found(file, result_sender)).await {
            Ok(Some(found)) => found,
            // The error was reported.
            Ok(None) => return,
            Err(error) => {
                let failed = StoreEvent::Failed(StoreError::broken(&error));
                let _ = sender.send(Event::Store(failed)).await;
                return;
            }
        };
        let exchanges: Vec<Arc<Exchange>> = found.exchanges.into_iter().map(Arc::new).collect();
        let several = (exchanges.len() > 1).then(|| exchanges.clone());
        // The loop may have ended.
        let _ = sender.send(Event::File { exchanges, notes: found.notes }).await;
        if let Some(exchanges) = several {
            let written = keep(&session, exchanges).await;
            let stored = StoreEvent::Stored { ticket: Ticket::FROM_FILE, written, history: None };
            let _ = sender.send(Event::Store(stored)).await;
        }
    });
    result
}

fn found(file: File, result_sender: oneshot::Sender<Result<(), UnreadableFile>>) -> Option<import::Imported> {
    let File { content, name, at, credentials, .. } = file;
    let (content, result) = match content() {
        Ok(content) => (Some(content), Ok(())),
        Err(error) => (None, Err(error)),
    };
    // The receiver may be gone.
    let _ = result_sender.send(result);
    Some(import::parse(content?, &name, at, credentials.as_ref()))
}

/// Stores several exchanges in the session's in-memory store, so that they can be compared and searched.
async fn keep(
    session: &Session,
    exchanges: Vec<Arc<Exchange>>,
) -> Result<Vec<obx_core::store::ExchangeId>, StoreError> {
    let mut ids = Vec::with_capacity(exchanges.len());
    for exchange in exchanges {
        ids.push(session.store().complete(None, Fingerprint::from_stored("file"), exchange).await?);
    }
    Ok(ids)
}
