//! Tells when a store's file is written, so that what another session asks shows here as well. The system wakes
//! us; nothing is asked again and again. The end of a session that has a call under way is told like a write.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;

use crate::message::{Event, StoreNews};
use crate::store::LogLine;

/// Writes come in groups: so long the others of one are waited for.
const TOGETHER: Duration = Duration::from_millis(150);

/// The watch, once it could be started.
#[derive(Debug, Default)]
pub(super) struct Watch {
    watcher: Mutex<Option<RecommendedWatcher>>,
    /// The processes whose end is waited for.
    owners: Arc<Mutex<HashSet<u32>>>,
}

impl Watch {
    /// Watches the folder of this file, unless that is done already or it is not there yet.
    pub(super) fn start(&self, file: &Path, sender: &mpsc::Sender<Event>) {
        let mut watcher = self.watcher.lock().unwrap_or_else(PoisonError::into_inner);
        if watcher.is_some() {
            return;
        }
        let Some(folder) = file.parent().filter(|folder| folder.is_dir()) else { return };
        let (woken, wakes) = mpsc::channel(1);
        let name = file.file_name().map(std::ffi::OsStr::to_owned).unwrap_or_default();
        let heard = move |event: notify::Result<notify::Event>| {
            let event = event.unwrap_or_default();
            let is_of_store = |path: &Path| {
                let found = path.file_name().unwrap_or_default().as_encoded_bytes();
                found.starts_with(name.as_encoded_bytes()) && !found.ends_with(b"-shm")
            };
            if !event.kind.is_access() && event.paths.iter().any(|path| is_of_store(path)) {
                // Full means that it is told already.
                let _told = woken.try_send(());
            }
        };
        let started = notify::recommended_watcher(heard).and_then(|mut started| {
            started.watch(folder, RecursiveMode::NonRecursive)?;
            Ok(started)
        });
        match started {
            Ok(started) => {
                *watcher = Some(started);
                tokio::spawn(tell(wakes, sender.clone()));
            }
            Err(error) => tracing::warn!(%error, "the store can't be watched: other sessions show later"),
        }
    }
}

impl Watch {
    /// Waits for the end of each session that has one of these rows' calls under way: a killed one writes nothing.
    pub(super) fn owners(&self, lines: &[LogLine], sender: &mpsc::Sender<Event>) {
        for owner in lines.iter().filter_map(|line| line.lease.as_ref()?.owner.as_ref()) {
            let is_new = self.owners.lock().unwrap_or_else(PoisonError::into_inner).insert(owner.pid);
            if is_new {
                let (owner, sender, owners) = (owner.clone(), sender.clone(), Arc::clone(&self.owners));
                // Sleeps until then; ends with this process.
                let waiting = move || {
                    let has_ended = owner.wait_for_end();
                    let _ = owners.lock().unwrap_or_else(PoisonError::into_inner).remove(&owner.pid); // it was in
                    if has_ended {
                        let _ = sender.blocking_send(Event::Store(StoreNews::Changed)); // the loop may have ended
                    }
                };
                let spawned = std::thread::Builder::new().name("other session".to_owned()).spawn(waiting);
                drop(spawned);
            }
        }
    }
}

async fn tell(mut wakes: mpsc::Receiver<()>, sender: mpsc::Sender<Event>) {
    while wakes.recv().await.is_some() {
        tokio::time::sleep(TOGETHER).await;
        let _together = wakes.try_recv();
        if sender.send(Event::Store(StoreNews::Changed)).await.is_err() {
            return;
        }
    }
}
