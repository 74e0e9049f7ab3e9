//! Asks the store in the background.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::Backend;
use crate::api::{Difference, Exchange, ScopedItem};
use crate::message::{Event, MAX_FOUND, StoreNews, StoreQuery};
use crate::store::{Store, StoreError};

/// Of older lines: no key waits for long while one of these is taken in.
const PAGE: usize = 5_000;

/// Lines that are there at once; the rest follows.
const FIRST_PAGE: usize = 300;

pub(super) fn start(backend: Backend, query: StoreQuery, sender: mpsc::Sender<Event>) {
    tokio::spawn(async move {
        let news = answer(&backend, query).await.unwrap_or_else(StoreNews::Failed);
        // The loop may have ended: then nobody is left to be told.
        let _gone = sender.send(Event::Store(news)).await;
    });
}

async fn answer(backend: &Backend, query: StoreQuery) -> Result<StoreNews, StoreError> {
    let store = backend.store();
    Ok(match query {
        StoreQuery::Opened { since } => StoreNews::Opened(store.opened(FIRST_PAGE, since).await?),
        StoreQuery::Before(id) => {
            let lines = store.lines_before(id, PAGE).await?;
            StoreNews::Older { more: lines.len() == PAGE, lines }
        }
        StoreQuery::After(id) => StoreNews::Lines(store.lines_after(id).await?),
        StoreQuery::Exchange { id, purpose } => {
            StoreNews::Exchange { id, purpose, exchange: store.open(id).await? }
        }
        StoreQuery::Versions(item) => versions(store, item).await?,
        StoreQuery::Newest(item) => {
            let answer = match store.versions(item.clone()).await?.pop() {
                Some(newest) => Some((newest.id, store.open(newest.id).await?)),
                None => None,
            };
            StoreNews::Newest { item, answer }
        }
        StoreQuery::Difference { before, after } => {
            let (before, after) = (store.open(before).await?, store.open(after).await?);
            difference(before, after).await?
        }
        StoreQuery::Find { scope, words } => {
            let found = store.find(scope, words.clone(), MAX_FOUND).await?;
            StoreNews::Found { words, found }
        }
        StoreQuery::Items(scope) => StoreNews::Items(store.items(scope).await?),
        StoreQuery::Note { item, remark } => {
            match store.note(item.num_iid.clone(), remark.starred, remark.note).await {
                Ok(()) => versions(store, item).await?,
                Err(error) => StoreNews::NotNoted { item, error },
            }
        }
        StoreQuery::Programs => StoreNews::Programs(store.programs().await?),
        StoreQuery::KeepProgram(program) => {
            store.keep_program(backend.mask(program)).await?;
            StoreNews::Programs(store.programs().await?)
        }
    })
}

/// All about an item but its answers themselves.
async fn versions(store: &dyn Store, item: ScopedItem) -> Result<StoreNews, StoreError> {
    let versions = store.versions(item.clone()).await?;
    let remark = store.remark(item.num_iid.clone()).await?;
    Ok(StoreNews::Versions { item, versions, remark })
}

/// On a thread of its own: large answers take their time.
async fn difference(before: Arc<Exchange>, after: Arc<Exchange>) -> Result<StoreNews, StoreError> {
    let (one, other) = (Arc::clone(&before), Arc::clone(&after));
    let compared = tokio::task::spawn_blocking(move || Difference::between(&one, &other)).await;
    let difference = Arc::new(compared.map_err(|error| StoreError::broken(&error))?);
    Ok(StoreNews::Difference { before, after, difference })
}
