//! Tells when a store's file is written, so that what another session asks shows here as well. The system wakes
//! us; nothing is asked again and again. The end of a session that has a call under way is told like a write.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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
    owners: Owners,
}

/// The processes whose end is waited for, or was.
#[derive(Clone, Debug, Default)]
struct Owners(Arc<Mutex<HashSet<Owner>>>);

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
        for owner in self.owners.to_watch(owners) {
            let sender = sender.clone();
            // Sleeps until then; ends with this process.
            self.owners.wait(&owner, move |owner| {
                let has_ended = owner.wait_for_end();
                if has_ended {
                    let _ = sender.blocking_send(Event::Store(StoreEvent::Changed)); // the loop may have ended
                }
                has_ended
            });
        }
    }
}

impl Owners {
    /// Those of which the end can be seen from here and is not waited for yet. From now on it is.
    fn to_watch<'a>(&self, owners: impl Iterator<Item = &'a Owner>) -> Vec<Owner> {
        let mut watched = self.lock();
        let of_others = owners.filter(|owner| owner.is_on_this_machine() && *owner != Owner::this_process());
        of_others.filter(|owner| watched.insert((*owner).clone())).cloned().collect()
    }

    /// Waits for the end of this one on a thread of its own. Where that can't be had, or `wait` returns that it could not
    /// be waited for, as where too many files are open, it is tried again with the next news of it.
    fn wait(&self, owner: &Owner, wait: impl FnOnce(&Owner) -> bool + Send + 'static) {
        let (owners, waited_for) = (self.clone(), owner.clone());
        let waiting = move || {
            if !wait(&waited_for) {
                let _ = owners.lock().remove(&waited_for); // it was among them
            }
        };
        if let Err(error) = std::thread::Builder::new().name("other session".to_owned()).spawn(waiting) {
            tracing::warn!(%error, "the end of another session can't be waited for");
            let _ = self.lock().remove(owner); // it was among them
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<Owner>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
        let watch = Owners::default();
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

    #[test]
    fn a_session_whose_end_could_not_be_waited_for_is_watched_again_and_no_other_one() {
        for could_wait in [true, false] {
            let watch = Owners::default();
            let one = owner_with("started", json!(1));
            assert_eq!(watch.to_watch([&one].into_iter()).len(), 1);
            let (ended, ends) = std::sync::mpsc::channel::<()>();
            watch.wait(&one, move |_| {
                drop(ended);
                could_wait
            });
            assert!(ends.recv().is_err());
            // The thread's hold on it is the last thing that goes.
            while Arc::strong_count(&watch.0) > 1 {
                std::thread::yield_now();
            }
            assert_eq!(watch.to_watch([&one].into_iter()).is_empty(), could_wait);
        }
    }
}
