//! The end of a session whose server does not answer: what is waited for, and how long.

use std::time::Duration;

use obx_core::store::{Begun, ExchangeId, PostgresStore, Store};

use super::support::{ITEM, ago, call, intent, item, key};
use crate::support::postgres::{LinkState, Proxy, Schema};

const OTHER: &str = "610947572361";

/// Longer than the end of a session waits for what is spooled.
const LATER: Duration = Duration::from_millis(2_500);

async fn begin(store: &PostgresStore, id: &str) -> ExchangeId {
    match store.begin(intent(call(id), ago(9))).await.unwrap() {
        Begun::Go(id) => id,
        begun => panic!("{begun:?}"),
    }
}

/// Frees the network a little later.
fn free_later(proxy: &Proxy) {
    let link = proxy.link.clone();
    tokio::spawn(async move {
        tokio::time::sleep(LATER).await;
        link.send_replace(LinkState::Open);
    });
}

#[tokio::test]
async fn an_answer_that_can_not_be_spooled_is_waited_for_past_the_end() {
    let Some(schema) = Schema::create() else { return };
    let (proxy, spool) = (Proxy::start(&schema), tempfile::tempdir().unwrap());
    let mut place = proxy.place(&schema, spool.path());
    place.spool_folder = None;
    let store = PostgresStore::new(place);
    let id = begin(&store, ITEM).await;
    proxy.link.send_replace(LinkState::Stalled);
    // Nobody waits for it any longer.
    drop(store.complete(Some(id), key(), item(ITEM, "机", "1.00", ago(9)).into()));
    free_later(&proxy);
    store.end_soon();
    assert_eq!(store.flush().await, Ok(0));
    store.close().await;
    assert_eq!(schema.query("SELECT count(*), sum(answers) FROM exchanges"), "1|1");
}

#[tokio::test]
async fn calls_are_given_up_though_an_answer_has_taken_all_the_time() {
    let Some(schema) = Schema::create() else { return };
    let (proxy, spool) = (Proxy::start(&schema), tempfile::tempdir().unwrap());
    let store = PostgresStore::new(proxy.place(&schema, spool.path()));
    let (answered, given_up) = (begin(&store, ITEM).await, begin(&store, OTHER).await);
    proxy.link.send_replace(LinkState::Stalled);
    drop(store.complete(Some(answered), key(), item(ITEM, "机", "1.00", ago(9)).into()));
    store.end_soon();
    store.flush().await.unwrap_err();
    proxy.link.send_replace(LinkState::Open);
    store.close().await;
    let ended = format!("SELECT lease_until IS NULL FROM exchanges WHERE id = {}", given_up.0);
    assert_eq!(schema.query(&ended), "t");
}
