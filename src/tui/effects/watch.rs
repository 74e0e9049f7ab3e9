//! Reports writes of other sessions to the store, so that their rows appear here. The system reports changes of a file, and
//! a server those of its tables, so nothing is polled; what this session writes itself is known already. The end of a session that has a call under way is
//! reported like a write.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;

use crate::message::{Event, StoreEvent};
use obx_core::part_file::folder_of;
use obx_core::session::Session;
use obx_core::store::{LogEntry, Owner, StoreRevision};

/// How long to wait for further writes, since writes come in groups.
const DEBOUNCE: Duration = Duration::from_millis(150);

/// What reports changes, once it could be started.
#[derive(Debug, Default)]
pub(super) struct Watch {
    source: Mutex<Option<ChangeSource>>,
    owners: Owners,
}

/// What reports changes.
#[derive(Debug)]
pub enum ChangeSource {
    /// The system, of a file's folder, until this is dropped.
    File(RecommendedWatcher),
    /// The store's server.
    Server,
}

/// The processes whose end is or was waited for.
#[derive(Clone, Debug, Default)]
struct Owners(Arc<Mutex<HashSet<Owner>>>);

impl Watch {
    /// Watches the store, unless it is watched already, or the folder of its file doesn't exist yet.
    pub(super) fn start(&self, session: &Session, sender: &mpsc::Sender<Event>) {
        let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        if source.is_some() {
            return;
        }
        if let Some((started, changes)) = watch_store(session) {
            *source = Some(started);
            tokio::spawn(report_changes(changes, sender.clone()));
        }
    }
}

impl Watch {
    /// Waits for the end of each session that has one of these calls under way, because a killed session writes
    /// nothing.
    pub(super) fn owners(&self, lines: &[LogEntry], sender: &mpsc::Sender<Event>) {
        let owners = lines.iter().filter_map(|line| line.lease.as_ref()?.owner.as_ref());
        for owner in self.owners.to_watch(owners) {
            let sender = sender.clone();
            // The thread sleeps until then, or ends with this process.
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
    /// Returns the sessions whose end can be observed and is not waited for yet, and registers them as waited for.
    fn to_watch<'a>(&self, owners: impl Iterator<Item = &'a Owner>) -> Vec<Owner> {
        let mut watched = self.lock();
        let of_others = owners.filter(|owner| owner.is_on_this_machine() && *owner != Owner::this_process());
        of_others.filter(|owner| watched.insert((*owner).clone())).cloned().collect()
    }

    /// Waits for the end of this session on a thread of its own. If the thread can't be started, or `wait` returns
    /// false because waiting failed, as with too many open files, the session is forgotten and tried again when it
    /// appears next.
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

/// Changes that other sessions make to the store, until what reports them is dropped.
#[derive(Debug)]
pub struct StoreChanges {
    wakes: mpsc::Receiver<()>,
    session: Session,
    known: Option<StoreRevision>,
}

/// Watches the store; `None` if it has neither file nor server, the file's folder doesn't exist yet, or the system can't
/// watch it.
pub fn watch_store(session: &Session) -> Option<(ChangeSource, StoreChanges)> {
    if let Some(wakes) = session.store().changes() {
        return Some((ChangeSource::Server, StoreChanges::new(wakes, session)));
    }
    let file = session.place().path()?;
    let folder = Some(folder_of(file)).filter(|folder| folder.is_dir())?;
    let (woken, wakes) = mpsc::channel(1);
    let name = file.file_name().map(std::ffi::OsStr::to_owned).unwrap_or_default();
    let on_change = move |event: notify::Result<notify::Event>| {
        let event = event.unwrap_or_default();
        let is_of_store = |path: &Path| {
            let found = path.file_name().unwrap_or_default().as_encoded_bytes();
            found.starts_with(name.as_encoded_bytes()) && !found.ends_with(b"-shm")
        };
        if !event.kind.is_access() && event.paths.iter().any(|path| is_of_store(path)) {
            // If the channel is full, a wake-up is pending already.
            let _ = woken.try_send(());
        }
    };
    let started = notify::recommended_watcher(on_change).and_then(|mut started| {
        started.watch(folder, RecursiveMode::NonRecursive)?;
        Ok(started)
    });
    match started {
        Ok(started) => Some((ChangeSource::File(started), StoreChanges::new(wakes, session))),
        Err(error) => {
            tracing::warn!(%error, "the store can't be watched: other sessions show later");
            None
        }
    }
}

impl StoreChanges {
    fn new(wakes: mpsc::Receiver<()>, session: &Session) -> Self {
        Self { wakes, session: session.clone(), known: Some(StoreRevision::default()) }
    }

    /// Waits for the next change; returns false if there will be none, since the watcher is gone.
    pub async fn next(&mut self) -> bool {
        while self.wakes.recv().await.is_some() {
            tokio::time::sleep(DEBOUNCE).await;
            let _ = self.wakes.try_recv(); // any change during the pause is reported now
            let revision = self.session.store().revision().await;
            if revision.is_some() && revision == self.known {
                continue;
            }
            self.known = revision;
            return true;
        }
        false
    }
}

async fn report_changes(mut changes: StoreChanges, sender: mpsc::Sender<Event>) {
    while changes.next().await {
        if sender.send(Event::Store(StoreEvent::Changed)).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// This process with another value in one of its fields.
    fn owner_with(field: &str, value: Value) -> Owner {
        let mut owner = serde_json::to_value(Owner::this_process()).unwrap();
        owner[field] = value;
        serde_json::from_value(owner).unwrap()
    }

    #[test]
    fn a_session_is_watched_once_and_only_where_its_end_can_be_seen() {
        let watch = Owners::default();
        let (one, reused) = (owner_with("started", json!(1)), owner_with("started", json!(2)));
        let on_other_machine = owner_with("pid_space", json!("another start of another machine"));
        let unknown = owner_with("pid_space", Value::Null);
        assert_eq!((one.pid, &one == Owner::this_process()), (reused.pid, false));
        let rows = [&one, &on_other_machine, &one, &unknown, Owner::this_process()];
        assert_eq!(watch.to_watch(rows.into_iter()), std::slice::from_ref(&one));
        assert_eq!(watch.to_watch(rows.into_iter()), [], "whatever is reported again");
        // Its pid was given to another process.
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
            // The thread drops its reference last.
            while Arc::strong_count(&watch.0) > 1 {
                std::thread::yield_now();
            }
            assert_eq!(watch.to_watch([&one].into_iter()).is_empty(), could_wait);
        }
    }
}
