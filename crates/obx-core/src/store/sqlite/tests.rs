//! What waits for what.

use std::pin::pin;
use std::sync::mpsc;

use futures_util::poll;

use super::*;
use onebound::Host;

#[tokio::test]
async fn a_search_through_bodies_keeps_nobody_waiting_who_only_reads() {
    let folder = tempfile::tempdir().unwrap();
    let store = LocalStore::new(Place::file(folder.path().join("store.sqlite")));
    store.keep_program(".".to_owned()).await.unwrap();
    let (end, ended) = mpsc::channel();
    let long = store.searcher.run(move |_| ended.recv().map_err(|error| StoreError::broken(&error)));
    let mut search = pin!(store.find_in_bodies(Host::default().scope(), "x".to_owned(), None));
    assert!(poll!(&mut search).is_pending());
    assert_eq!(store.programs().await.unwrap(), ["."]);
    assert!(poll!(&mut search).is_pending());
    end.send(()).unwrap();
    long.await.unwrap();
    assert_eq!(search.await.unwrap(), BodySearch::default());
}
