//! Several sessions on one file.

use std::collections::HashSet;

use futures_util::future::join_all;
use obx_core::config::Guards;
use obx_core::store::{Begun, ExchangeId, GuardViolation, Store, StoreRevision};

use super::support::{Home, ITEM, ago, call, intent, item, keep, key};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_that_write_at_once_lose_nothing_and_see_each_other() {
    let home = Home::new();
    let sessions: Vec<_> = (0..4).map(|_| home.store()).collect();
    let write = |session: usize| {
        let store = &sessions[session];
        async move {
            let mut ids = Vec::new();
            for at in 0..25 {
                let digits = format!("61094{session}{at:06}");
                ids.push(keep(store.as_ref(), item(&digits, "机", "1.00", ago(9))).await);
            }
            ids
        }
    };
    let ids: HashSet<ExchangeId> = join_all((0..4).map(write)).await.into_iter().flatten().collect();
    assert_eq!(ids.len(), 100);
    for session in &sessions {
        let lines = session.opened(1_000, ago(0)).await.unwrap().lines;
        assert_eq!(lines.iter().filter_map(|line| line.id).collect::<HashSet<_>>(), ids);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_sessions_at_a_cap_of_one_exactly_one_may_send() {
    for round in 0..40 {
        let home = Home::new();
        let (one, other) = (home.store(), home.store());
        let ask = |digits: &str| {
            let mut intent = intent(call(digits), ago(0));
            intent.guards = Guards { cap: Some(1), reserve: None };
            intent
        };
        let both = tokio::join!(one.begin(ask(ITEM)), other.begin(ask("610947572361")));
        let both = [both.0.unwrap(), both.1.unwrap()];
        let refused = Begun::NotSent(GuardViolation::Cap { cap: 1, used: 1 });
        assert_eq!(both.iter().filter(|begun| **begun == refused).count(), 1, "round {round}: {both:?}");
        assert_eq!(home.count("SELECT count(*) FROM exchanges"), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_that_another_session_asks_is_busy_until_it_is_completed_or_its_lease_is_over() {
    let home = Home::new();
    let (one, other) = (home.store(), home.store());
    let Begun::Go(id) = one.begin(intent(call(ITEM), ago(0))).await.unwrap() else { panic!() };
    assert!(matches!(other.begin(intent(call(ITEM), ago(0))).await.unwrap(), Begun::Busy(_)));
    assert!(matches!(other.begin(intent(call("610947572361"), ago(0))).await.unwrap(), Begun::Go(_)));
    // Who died is waited for no longer than it could have taken.
    assert!(matches!(other.begin(intent(call(ITEM), ago(-61))).await.unwrap(), Begun::Go(_)));
    one.complete(Some(id), key(), item(ITEM, "机", "1.00", ago(0)).into()).await.unwrap();
    let third = home.store();
    assert!(matches!(third.begin(intent(call(ITEM), ago(0))).await.unwrap(), Begun::Busy(_)));
    assert!(matches!(other.begin(intent(call(ITEM), ago(0))).await.unwrap(), Begun::Go(_)));
}

#[tokio::test]
async fn a_revision_changes_with_what_another_session_writes_and_not_with_ones_own() {
    let home = Home::new();
    let (one, other) = (home.store(), home.store());
    keep(one.as_ref(), item(ITEM, "机", "1.00", ago(9))).await;
    let first = one.revision().await;
    assert!(first.is_some());
    keep(one.as_ref(), item(ITEM, "机", "2.00", ago(8))).await;
    assert_eq!(one.revision().await, first);
    keep(other.as_ref(), item(ITEM, "机", "3.00", ago(7))).await;
    keep(one.as_ref(), item(ITEM, "机", "4.00", ago(6))).await;
    let second = one.revision().await;
    assert_ne!(second, first);
    assert_eq!(one.revision().await, second, "to read it changes nothing for whoever reads it next");
    // Once it is closed, nothing is opened again for it.
    one.close().await;
    assert_eq!(one.revision().await, None);
}

#[tokio::test]
async fn to_read_a_revision_makes_no_store() {
    let home = Home::new();
    let store = home.store();
    let none = store.revision().await;
    assert_eq!(none, Some(StoreRevision::default()));
    assert!(!home.path().exists());
    keep(store.as_ref(), item(ITEM, "机", "1.00", ago(9))).await;
    assert_ne!(store.revision().await, none);
}

#[tokio::test]
async fn a_file_in_the_place_of_the_stores_has_another_revision() {
    let home = Home::new();
    let store = home.store();
    keep(store.as_ref(), item(ITEM, "机", "1.00", ago(9))).await;
    let first = store.revision().await;
    let copy = home.path().with_extension("copy");
    std::fs::copy(home.path(), &copy).unwrap();
    std::fs::rename(&copy, home.path()).unwrap();
    assert_ne!(store.revision().await, first);
}
