//! Reads a saved file's content into exchanges, on a thread of its own.

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
    /// Reads all of it; may wait, also to open it.
    pub content: Box<dyn FnOnce() -> Result<Bytes, UnreadableFile> + Send>,
    /// How many bytes were read so far.
    pub read: Arc<AtomicUsize>,
    /// Its name, in which an ID may stand.
    pub name: String,
    /// When it was written.
    pub at: Timestamp,
    /// The caller's, where they are known: they are masked in it.
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

/// Reads the file, tells whether it could be read, and then what lies in it.
pub(super) fn open(
    session: Session,
    file: File,
    sender: mpsc::Sender<Event>,
) -> oneshot::Receiver<Result<(), UnreadableFile>> {
    let (tell, told) = oneshot::channel();
    tokio::spawn(async move {
        let found = match tokio::task::spawn_blocking(move || found(file, tell)).await {
            Ok(Some(found)) => found,
            // It was told.
            Ok(None) => return,
            Err(error) => {
                let failed = StoreEvent::Failed(StoreError::broken(&error));
                let _ = sender.send(Event::Store(failed)).await;
                return;
            }
        };
        let exchanges: Vec<Arc<Exchange>> = found.exchanges.into_iter().map(Arc::new).collect();
        let several = (exchanges.len() > 1).then(|| exchanges.clone());
        // The loop may have ended: then nobody is left to be told.
        let _ = sender.send(Event::File { exchanges, left_out: found.left_out }).await;
        if let Some(exchanges) = several {
            let written = keep(&session, exchanges).await;
            let _ = sender.send(Event::Store(StoreEvent::Kept { ticket: Ticket::FROM_FILE, written })).await;
        }
    });
    told
}

fn found(file: File, tell: oneshot::Sender<Result<(), UnreadableFile>>) -> Option<import::Found> {
    let File { content, name, at, credentials, .. } = file;
    let (content, told) = match content() {
        Ok(content) => (Some(content), Ok(())),
        Err(error) => (None, Err(error)),
    };
    // Whoever asked may be gone.
    let _ = tell.send(told);
    Some(import::read(content?, &name, at, credentials.as_ref()))
}

/// Several are kept in the session's store, which is in memory, so that they can be compared and searched.
async fn keep(
    session: &Session,
    exchanges: Vec<Arc<Exchange>>,
) -> Result<Vec<obx_core::store::ExchangeId>, StoreError> {
    let mut ids = Vec::with_capacity(exchanges.len());
    for exchange in exchanges {
        ids.push(session.store().settle(None, Fingerprint::written("file"), exchange).await?);
    }
    Ok(ids)
}
