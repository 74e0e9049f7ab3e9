//! The door that a script takes: a configuration, a session, an answer, without a screen.

use std::ffi::OsString;

use obx_core::config::{self, Environment, Flags};
use obx_core::fetch::{FetchPolicy, NotSent, Source};
use obx_core::session::Session;
use onebound::{Call, CallHandle, ItemId, Outcome};

fn environment(home: &std::path::Path) -> Environment {
    [(OsString::from("HOME"), OsString::from(home))].into_iter().collect()
}

fn item(digits: &str) -> Call {
    Call::item_get(ItemId::find(digits).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_a_session_answers_from_the_emulator_and_then_from_its_store() {
    let home = tempfile::tempdir().unwrap();
    let config = config::load(&Flags::default(), &environment(home.path())).unwrap();
    let session = Session::open(&config);
    let handle = CallHandle::default();
    let first = session.fetch(item("610947572360"), FetchPolicy::CacheFirst, &handle).await.unwrap();
    assert_eq!((first.source, &first.exchange.outcome), (Source::Live, &Outcome::Item));
    let second = session.fetch(item("610947572360"), FetchPolicy::CacheOnly, &handle).await.unwrap();
    assert_eq!(second.source, Source::Store);
    assert_eq!(second.exchange.body.raw(), first.exchange.body.raw());
    let other = session.fetch(item("610947572361"), FetchPolicy::CacheOnly, &handle).await;
    assert!(matches!(other, Err(NotSent::NoneStored)), "{other:?}");
    session.close().await.unwrap();
}
