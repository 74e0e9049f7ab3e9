//! Asks the store in the background.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::Backend;
use crate::api::{Difference, Exchange};
use crate::message::{Event, StoreNews, StoreQuery};
use crate::store::{Store, StoreError};

/// Lines that are there at once; the rest follows.
const FIRST_PAGE: usize = 300;

/// Found at most: more is no answer to a search.
const MAX_FOUND: usize = 1_000;

pub(super) fn start(backend: Backend, query: StoreQuery, sender: mpsc::Sender<Event>) {
    tokio::spawn(async move {
        let news =
            answer(backend.store(), query).await.unwrap_or_else(|error| Some(StoreNews::Failed(error)));
        if let Some(news) = news {
            // The loop may have ended: then nobody is left to be told.
            let _gone = sender.send(Event::Store(news)).await;
        }
    });
}

async fn answer(store: &dyn Store, query: StoreQuery) -> Result<Option<StoreNews>, StoreError> {
    Ok(Some(match query {
        StoreQuery::Opened { since } => StoreNews::Opened(store.opened(FIRST_PAGE, since).await?),
        StoreQuery::Before(id) => StoreNews::Lines(store.lines_before(id).await?),
        StoreQuery::After(id) => StoreNews::Lines(store.lines_after(id).await?),
        StoreQuery::Exchange { id, purpose } => {
            StoreNews::Exchange { id, purpose, exchange: store.open(id).await? }
        }
        StoreQuery::Versions(num_iid) => {
            let versions = store.versions(num_iid.clone()).await?;
            StoreNews::Versions { num_iid, versions }
        }
        StoreQuery::Difference { before, after } => {
            let (before, after) = (store.open(before).await?, store.open(after).await?);
            difference(before, after).await?
        }
        StoreQuery::Find(words) => {
            let lines = store.find(words.clone(), MAX_FOUND).await?;
            StoreNews::Found { words, lines }
        }
        StoreQuery::Items => StoreNews::Items(store.items().await?),
        StoreQuery::Note { num_iid, starred, note } => {
            store.note(num_iid, starred, note).await?;
            return Ok(None);
        }
    }))
}

/// On a thread of its own: large answers take their time.
async fn difference(before: Arc<Exchange>, after: Arc<Exchange>) -> Result<StoreNews, StoreError> {
    let (one, other) = (Arc::clone(&before), Arc::clone(&after));
    let compared = tokio::task::spawn_blocking(move || Difference::between(&one, &other)).await;
    let difference = Arc::new(compared.map_err(|error| StoreError::broken(&error))?);
    Ok(StoreNews::Difference { before, after, difference })
}
