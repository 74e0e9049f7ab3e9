//! Tells when a store's file is written, so that what another session asks shows here as well. The system wakes
//! us; nothing is asked again and again. The end of a session that has a call under way is told like a write.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;

use crate::message::{Event, StoreEvent};
use obx_core::store::{LogEntry, Owner};

/// Writes come in groups: so long the others of one are waited for.
const TOGETHER: Duration = Duration::from_millis(150);

/// The watch, once it could be started.
#[derive(Debug, Default)]
pub(super) struct Watch {
    watcher: Mutex<Option<RecommendedWatcher>>,
    /// The processes whose end is waited for, or was.
    owners: Mutex<HashSet<Owner>>,
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
    pub(super) fn owners(&self, lines: &[LogEntry], sender: &mpsc::Sender<Event>) {
        let owners = lines.iter().filter_map(|line| line.lease.as_ref()?.owner.as_ref());
        for owner in self.to_watch(owners) {
            let sender = sender.clone();
            // Sleeps until then; ends with this process.
            let waiting = move || {
                if owner.wait_for_end() {
                    let _ = sender.blocking_send(Event::Store(StoreEvent::Changed)); // the loop may have ended
                }
            };
            let spawned = std::thread::Builder::new().name("other session".to_owned()).spawn(waiting);
            drop(spawned);
        }
    }

    /// Those of which the end can be seen from here and is not waited for yet. From now on it is.
    fn to_watch<'a>(&self, owners: impl Iterator<Item = &'a Owner>) -> Vec<Owner> {
        let mut watched = self.owners.lock().unwrap_or_else(PoisonError::into_inner);
        let of_others = owners.filter(|owner| owner.is_on_this_machine() && *owner != Owner::this_process());
        of_others.filter(|owner| watched.insert((*owner).clone())).cloned().collect()
    }
}

async fn tell(mut wakes: mpsc::Receiver<()>, sender: mpsc::Sender<Event>) {
    while wakes.recv().await.is_some() {
        tokio::time::sleep(TOGETHER).await;
        let _together = wakes.try_recv();
        if sender.send(Event::Store(StoreEvent::Changed)).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// This process with another number in one of its fields.
    fn owner_with(field: &str, value: Value) -> Owner {
        let mut owner = serde_json::to_value(Owner::this_process()).unwrap();
        owner[field] = value;
        serde_json::from_value(owner).unwrap()
    }

    #[test]
    fn a_session_is_watched_once_and_only_where_its_end_can_be_seen() {
        let watch = Watch::default();
        let (one, reused) = (owner_with("started", json!(1)), owner_with("started", json!(2)));
        let elsewhere = owner_with("pid_space", json!("another start of another machine"));
        let unknown = owner_with("pid_space", Value::Null);
        assert_eq!((one.pid, &one == Owner::this_process()), (reused.pid, false));
        let rows = [&one, &elsewhere, &one, &unknown, Owner::this_process()];
        assert_eq!(watch.to_watch(rows.into_iter()), std::slice::from_ref(&one));
        assert_eq!(watch.to_watch(rows.into_iter()), [], "whatever is told again");
        // Its number was given to another process.
        assert_eq!(watch.to_watch([&one, &reused].into_iter()), std::slice::from_ref(&reused));
    }
}
