//! Sends requests to the store in the background.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;

use super::watch::Watch;
use crate::message::{Event, LogScan, MAX_FOUND, Replaceable, Scanned, StoreEvent, StoreRequest};
use crate::model::request_log::NEWEST;
use obx_core::session::Session;
use obx_core::store::{ExchangeId, LogEntry, Store, StoreError, StoreErrorKind};
use onebound::{Difference, Exchange};

/// The first pause before a failed request is repeated; it doubles each time.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause between attempts after this fault. `None` if the fault doesn't pass by itself; then the next
/// write to the file triggers a new request.
fn longest_pause(fault: StoreErrorKind) -> Option<Duration> {
    match fault {
        StoreErrorKind::Locked => Some(Duration::from_secs(4)),
        StoreErrorKind::ServerAway => Some(Duration::from_secs(60)),
        StoreErrorKind::Full
        | StoreErrorKind::ReadOnly
        | StoreErrorKind::Unreachable
        | StoreErrorKind::Refused(_)
        | StoreErrorKind::Other => Some(Duration::from_secs(30)),
        StoreErrorKind::Corrupt
        | StoreErrorKind::DamagedRow { .. }
        | StoreErrorKind::Newer
        | StoreErrorKind::Replaced
        | StoreErrorKind::Missing
        | StoreErrorKind::Stopped => None,
    }
}

/// Whether a failed request is repeated, because nobody else would repeat it.
fn is_retried(query: &StoreRequest) -> bool {
    matches!(query, StoreRequest::Opened { .. } | StoreRequest::After(_))
}

/// Requests under way that a newer one can replace. Clones share the same ones.
#[derive(Clone, Debug, Default)]
pub(super) struct Queries(Arc<Mutex<HashMap<Replaceable, AbortHandle>>>);

impl Queries {
    /// Starts a request, and aborts an older one of its kind.
    pub(super) fn start(
        &self,
        session: Session,
        watch: Arc<Watch>,
        query: StoreRequest,
        sender: mpsc::Sender<Event>,
    ) {
        let kind = query.replaces();
        if let Some(older) = kind.and_then(|kind| self.lock().remove(&kind)) {
            older.abort();
        }
        let started = tokio::spawn(async move {
            let (mut pause, mut last) = (FIRST_PAUSE, None);
            loop {
                // A body that makes its parser panic must not leave the screen waiting.
                let answered = AssertUnwindSafe(answer(&session, query.clone())).catch_unwind().await;
                let failed = |_| Err(StoreError::broken(&"an internal error, see OBX_LOG"));
                let answered = answered.unwrap_or_else(failed);
                let failed = answered.as_ref().err().cloned();
                if failed.is_none() || failed != last {
                    let event = answered.unwrap_or_else(|error| failure(&query, error));
                    match &event {
                        StoreEvent::Opened(opened) => watch.owners(&opened.lines, &sender),
                        StoreEvent::Lines { lines, .. } => watch.owners(&lines.rows, &sender),
                        _ => {}
                    }
                    let _ = sender.send(Event::Store(event)).await; // the loop may have ended
                }
                let longest = failed.as_ref().and_then(|error| longest_pause(error.fault));
                let Some(longest) = longest.filter(|_| is_retried(&query)) else { return };
                last = failed;
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(longest);
            }
        });
        if let Some(kind) = kind {
            let _ = self.lock().insert(kind, started.abort_handle()); // the older one was removed above
        }
    }

    /// Aborts all requests, since nobody waits for their answers.
    pub(super) fn stop(&self) {
        self.lock().drain().for_each(|(_, query)| query.abort());
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Replaceable, AbortHandle>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failure(query: &StoreRequest, error: StoreError) -> StoreEvent {
    match query {
        StoreRequest::Opened { .. } => StoreEvent::NotOpened(error),
        _ => StoreEvent::Failed(error),
    }
}

async fn answer(session: &Session, query: StoreRequest) -> Result<StoreEvent, StoreError> {
    let store = session.store();
    Ok(match query {
        StoreRequest::Opened { since } => StoreEvent::Opened(store.opened(NEWEST, since).await?),
        StoreRequest::Rows(asked) => match store.lines(asked.clone()).await {
            Ok(lines) => StoreEvent::Rows { asked, lines },
            Err(error) => StoreEvent::NoRows(error),
        },
        StoreRequest::Recent { before, since_day } => match store.recent_calls(before, since_day).await {
            Ok(calls) => StoreEvent::Recent(calls),
            Err(error) => StoreEvent::NoRows(error),
        },
        StoreRequest::Scan(scan) => StoreEvent::Scanned(scanned(store, &scan).await),
        StoreRequest::After(after) => {
            let lines = store.lines_after(after).await?;
            StoreEvent::Lines { after, lines, answered: store.answered_after(after).await? }
        }
        StoreRequest::Exchange { id, purpose } => {
            StoreEvent::Exchange { id, purpose, exchange: opened(store, id).await? }
        }
        StoreRequest::Versions(item) => StoreEvent::Versions(store.item_history(item).await?),
        StoreRequest::Newest(item) => {
            let answer = match store.versions(item.clone()).await?.rows.pop() {
                Some(newest) => Some((newest.id, opened(store, newest.id).await?)),
                None => None,
            };
            StoreEvent::Newest { item, answer }
        }
        StoreRequest::Difference { before, after } => {
            let (before, after) = (store.open(before).await?, store.open(after).await?);
            difference(before, after).await?
        }
        StoreRequest::Find { scope, words } => {
            let found = store.find(scope, words.clone(), MAX_FOUND).await?;
            StoreEvent::Found { words, found }
        }
        StoreRequest::FindInBodies { scope, words, before } => {
            let piece = store.find_in_bodies(scope, words.clone(), before).await?;
            StoreEvent::FoundInBodies { words, piece }
        }
        StoreRequest::Doubt(call) => {
            let since = session.in_doubt(&call).await?;
            StoreEvent::Doubt { call, since }
        }
        StoreRequest::Items(catalog) => StoreEvent::Items(store.items(catalog).await?),
        StoreRequest::Note { item, annotation } => {
            match store.note(item.num_iid.clone(), annotation.starred, annotation.note).await {
                Ok(()) => StoreEvent::Versions(store.item_history(item).await?),
                Err(error) => StoreEvent::NotNoted { item, error },
            }
        }
        StoreRequest::Programs => StoreEvent::Programs(store.programs().await?),
        StoreRequest::KeepProgram(program) => {
            store.keep_program(session.mask(program)).await?;
            StoreEvent::Programs(store.programs().await?)
        }
    })
}

/// Opens an exchange with the facts that can be shown with it at once.
async fn opened(store: &dyn Store, id: ExchangeId) -> Result<Arc<Exchange>, StoreError> {
    let exchange = store.open(id).await?;
    exchange.analyze_unless_large();
    Ok(exchange)
}

/// Has the store go through its rows.
async fn scanned(store: &dyn Store, scan: &LogScan) -> Scanned {
    let (sender, receiver) = oneshot::channel();
    let work = scan.clone();
    let visit = move |lines: &mut dyn Iterator<Item = LogEntry>| {
        let _ = sender.send(work.run(lines)); // a newer scan may have replaced this one
    };
    match store.scan(Box::new(visit)).await {
        // Without a file there are no rows.
        Ok(_) => receiver.await.unwrap_or_else(|_| scan.run(&mut std::iter::empty())),
        Err(error) => {
            tracing::warn!(%error, "the log can't be filtered");
            scan.failed()
        }
    }
}

/// Compares on a blocking thread, since large answers take a while.
async fn difference(before: Arc<Exchange>, after: Arc<Exchange>) -> Result<StoreEvent, StoreError> {
    let (one, other) = (Arc::clone(&before), Arc::clone(&after));
    let compared = tokio::task::spawn_blocking(move || Difference::between(&one, &other)).await;
    let difference = Arc::new(compared.map_err(|error| StoreError::broken(&error))?);
    Ok(StoreEvent::Difference { before, after, difference })
}
