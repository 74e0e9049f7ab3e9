//! Hears from the server when another session has written. While nothing is written, nothing wakes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;
use tokio_postgres::Notification;

use super::connection::ServerConnection;
use super::notices;
use super::schema::quoted;
use super::shared::{FIRST_PAUSE, LONGEST_PAUSE, Shared};
use crate::store::{StoreError, StoreRevision};

/// What other sessions have reported.
#[derive(Debug, Default)]
pub(super) struct Reports {
    count: AtomicU64,
    wakes: Mutex<Option<mpsc::Sender<()>>>,
    listener: Mutex<Option<AbortHandle>>,
}

impl Reports {
    /// Counts what has been reported so far.
    pub(super) fn revision(&self) -> StoreRevision {
        StoreRevision(self.count.load(Ordering::Relaxed).to_string())
    }

    fn add(&self) {
        let _ = self.count.fetch_add(1, Ordering::Relaxed); // the number itself is of no use
        if let Some(wakes) = &*lock(&self.wakes) {
            // If the channel is full, a wake-up is pending already.
            let _ = wakes.try_send(());
        }
    }

    /// Stops listening.
    pub(super) fn close(&self) {
        if let Some(listener) = lock(&self.listener).take() {
            listener.abort();
        }
    }
}

/// Listens from now on, over a connection of its own; whoever asked before is not woken any longer.
pub(super) fn listen(shared: &Arc<Shared>, handle: &tokio::runtime::Handle) -> mpsc::Receiver<()> {
    let (wakes, woken) = mpsc::channel(1);
    *lock(&shared.reports.wakes) = Some(wakes);
    let listener = handle.spawn(keep_listening(Arc::clone(shared))).abort_handle();
    if let Some(before) = lock(&shared.reports.listener).replace(listener) {
        before.abort();
    }
    woken
}

async fn keep_listening(shared: Arc<Shared>) {
    let mut pause = FIRST_PAUSE;
    loop {
        match connect(&shared).await {
            Ok((connection, ended)) => {
                pause = FIRST_PAUSE;
                // Others may have written before this one listened.
                shared.reports.add();
                shared.hand_in().await;
                let _ = ended.await; // it ends with an error, since its sender is dropped with the connection
                drop(connection);
            }
            Err(error) => tracing::debug!(%error, "the store's server can't be listened to"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn connect(shared: &Arc<Shared>) -> Result<(ServerConnection, oneshot::Receiver<()>), StoreError> {
    let (alive, ended) = oneshot::channel::<()>();
    let reported_to = Arc::clone(shared);
    let on_report = move |report: Notification| {
        let _ = &alive; // dropped with the connection
        if !reported_to.pool.is_own(report.process_id()) {
            reported_to.reports.add();
        }
    };
    let connection = ServerConnection::open(shared.pool.place(), &shared.pool, on_report).await?;
    let channel = quoted(&notices::channel(connection.schema()));
    connection.batch(&format!("LISTEN {channel}")).await?;
    Ok((connection, ended))
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
