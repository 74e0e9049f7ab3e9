//! Rows that hold what obx can't have written: nothing is sent by them, and nothing else is lost.

use std::time::Duration;

use jiff::Timestamp;
use obx_core::config::{Freshness, Guards};
use obx_core::fetch::{FetchPolicy, Fetched, Fetcher, NotSent, Override};
use obx_core::i18n::{Describe, Language, Texts};
use obx_core::store::{Begun, BlockReason, ExchangeId, GuardViolation, Intent, Owner, Store, StoreErrorKind};
use onebound::{CallHandle, Host};
use rstest::rstest;

use super::support::{Home, ITEM, ago, call, catalog, intent, intent_at, item, keep, question, scoped};
use crate::api::support::{client, emulator, host_of};

const OTHER: &str = "610947572361";

/// Changes one row past the store.
fn damage(home: &Home, sql: &str) {
    assert_eq!(home.inside().execute(sql, []).unwrap(), 1);
}

fn fetcher(home: &Home, host: Host) -> Fetcher {
    Fetcher::new(client(), vec![host], home.store(), Freshness::default())
}

async fn fetch(fetcher: &Fetcher, digits: &str, want: FetchPolicy) -> Result<Fetched, NotSent> {
    let answer = fetcher.fetch(call(digits), want, &CallHandle::default()).await?;
    if let Some(stored) = &answer.stored {
        stored.clone().await.unwrap();
    }
    Ok(answer)
}

#[rstest]
#[case::reason("UPDATE blocks SET reason = 'quot'")]
#[case::end("UPDATE blocks SET until = 9223372036854775807")]
#[case::end_before_all_time("UPDATE blocks SET until = -9223372036854775807")]
#[case::start("UPDATE blocks SET since = 9223372036854775807")]
#[tokio::test]
async fn a_damaged_block_holds_until_an_override_succeeds(#[case] damaged: &str) {
    let home = Home::new();
    let emulator = emulator().await;
    let host = host_of(&emulator);
    let fetcher = fetcher(&home, host.clone());
    fetch(&fetcher, "610947574013", FetchPolicy::CacheFirst).await.unwrap();
    damage(&home, damaged);
    let in_two_days = ago(0) + Duration::from_secs(48 * 60 * 60);
    let refused = home.store().begin(intent_at(host, call(OTHER), in_two_days)).await.unwrap();
    let Begun::NotSent(GuardViolation::Blocked(block)) = refused else { panic!("{refused:?}") };
    assert_eq!((block.reason, block.since, block.until), (BlockReason::Damaged, None, None));
    let opened = home.store().opened(9, ago(0)).await.unwrap();
    assert_eq!((opened.blocks, opened.lines.len()), (vec![block], 1));
    for want in [FetchPolicy::CacheFirst, FetchPolicy::Refresh] {
        let refused = fetch(&fetcher, OTHER, want).await.unwrap_err();
        assert!(matches!(refused, NotSent::Guarded(GuardViolation::Blocked(_))), "{refused:?}");
    }
    assert_eq!(emulator.calls(), 1);
    fetch(&fetcher, ITEM, FetchPolicy::Override).await.unwrap();
    fetch(&fetcher, OTHER, FetchPolicy::CacheFirst).await.unwrap();
    assert_eq!(emulator.calls(), 3);
}

#[rstest]
#[case("9223372036854775807")]
#[case::before_all_time("-9223372036854775807")]
#[tokio::test]
async fn a_call_under_way_with_a_damaged_lease_is_not_sent_twice(#[case] end: &str) {
    let home = Home::new();
    let emulator = emulator().await;
    let host = host_of(&emulator);
    let begun = home.store().begin(intent_at(host.clone(), call(ITEM), Timestamp::now())).await.unwrap();
    let Begun::Go(id) = begun else { panic!("{begun:?}") };
    damage(&home, &format!("UPDATE exchanges SET lease_until = {end}"));
    let fetcher = fetcher(&home, host);
    for want in [FetchPolicy::CacheFirst, FetchPolicy::Refresh] {
        let refused = fetch(&fetcher, ITEM, want).await.unwrap_err();
        let NotSent::NoLedger(error) = refused else { panic!("{refused:?}") };
        assert_eq!(error.fault, StoreErrorKind::DamagedRow { id: id.0, column: "lease_until" });
        for (language, text) in [
            (Language::En, "the store's row 1 is damaged: lease_until"),
            (Language::Zh, "存档第1行已损坏：lease_until"),
        ] {
            assert_eq!(error.describe(Texts::new(language)), text);
        }
    }
    assert_eq!(emulator.calls(), 0);
    // Only its own question is held back.
    fetch(&fetcher, OTHER, FetchPolicy::CacheFirst).await.unwrap();
    fetch(&fetcher, ITEM, FetchPolicy::Override).await.unwrap();
    assert_eq!(emulator.calls(), 2);
}

#[rstest]
#[case("used")]
#[case("allowed")]
#[tokio::test]
async fn with_a_damaged_quota_only_a_reserve_holds_calls_back(#[case] column: &'static str) {
    let home = Home::new();
    let store = home.store();
    let mut reported = item(ITEM, "机", "1.00", Timestamp::now());
    reported.timing.total = Duration::ZERO;
    let id = keep(store.as_ref(), reported).await;
    damage(&home, &format!("UPDATE exchanges SET {column} = -1"));
    let mut asked = intent(call(OTHER), Timestamp::now());
    asked.guards = Guards { cap: None, reserve: Some(1) };
    let error = store.begin(asked.clone()).await.unwrap_err();
    assert_eq!(error.fault, StoreErrorKind::DamagedRow { id: id.0, column });
    asked.guards = Guards::default();
    assert!(matches!(store.begin(asked).await.unwrap(), Begun::Go(_)));
}

#[tokio::test]
async fn an_answer_of_damaged_size_is_refused_and_one_of_damaged_time_still_opens() {
    let home = Home::new();
    let (store, kept) = (home.store(), item(ITEM, "机", "1.00", ago(60)));
    let id = keep(store.as_ref(), kept.clone()).await;
    damage(&home, "UPDATE exchanges SET started_at = 9223372036854775807");
    assert_eq!(store.open(id).await.unwrap().started_at, kept.started_at);
    damage(&home, "UPDATE exchanges SET size = -1");
    let fault = StoreErrorKind::DamagedRow { id: id.0, column: "size" };
    assert_eq!(store.open(id).await.unwrap_err().fault, fault);
}

#[rstest]
#[case("started_at = 9223372036854775807")]
#[case("started_at = -9223372036854775807")]
#[case("total_ms = -1")]
#[case("size = -1")]
#[case("used = -1")]
#[case("allowed = -1")]
#[case("billing = 7")]
#[case("num_iid = 'x'")]
#[case("outcome = NULL, lease_until = 9223372036854775807")]
#[tokio::test]
async fn a_damaged_row_is_left_out_of_every_list_and_counted(#[case] damaged: &str) {
    let home = Home::new();
    let store = home.store();
    let id = keep(store.as_ref(), item(ITEM, "机", "1.00", ago(60))).await;
    let other = keep(store.as_ref(), item(OTHER, "机", "1.00", ago(50))).await;
    damage(&home, &format!("UPDATE exchanges SET {damaged} WHERE id = {}", id.0));
    let opened = home.store().opened(9, ago(0)).await.unwrap();
    let ids: Vec<_> = opened.lines.iter().filter_map(|line| line.id).collect();
    assert_eq!((ids, opened.damaged), (vec![other], vec![id]));
    let lines = store.lines(vec![id, other]).await.unwrap();
    assert_eq!((lines.rows.len(), lines.damaged), (1, vec![id]));
    let after = store.lines_after(ExchangeId(0)).await.unwrap();
    assert_eq!((after.rows.len(), after.damaged), (1, vec![id]));
}

#[tokio::test]
async fn an_answer_of_damaged_time_is_left_out_and_the_one_before_it_counts() {
    let home = Home::new();
    let store = home.store();
    let id = keep(store.as_ref(), item(ITEM, "机", "1.00", ago(60))).await;
    let newer = keep(store.as_ref(), item(ITEM, "机", "2.00", ago(50))).await;
    damage(&home, &format!("UPDATE exchanges SET started_at = 9223372036854770000 WHERE id = {}", newer.0));
    let versions = store.versions(scoped(ITEM)).await.unwrap();
    assert_eq!((versions.rows.len(), versions.rows[0].id, versions.damaged), (1, id, vec![newer]));
    let items = store.items(catalog()).await.unwrap();
    assert_eq!((items.rows.len(), items.damaged), (0, vec![newer]));
    let opened = home.store().opened(9, ago(3_600)).await.unwrap();
    let came_at = item(ITEM, "机", "1.00", ago(60)).ended_at();
    assert_eq!((opened.answered, opened.damaged), (vec![(question(ITEM), came_at, true)], vec![newer]));
}

#[tokio::test]
async fn a_damaged_lease_ends_with_its_process() {
    let home = Home::new();
    let store = home.store();
    let begun = store.begin(intent(call(ITEM), Timestamp::now())).await.unwrap();
    let Begun::Go(id) = begun else { panic!("{begun:?}") };
    let mut gone = Owner::this_process().clone();
    gone.pid = 0x7fff_fff0;
    let gone = serde_json::to_string(&gone).unwrap();
    damage(&home, &format!("UPDATE exchanges SET lease_until = 9223372036854775807, owner = '{gone}'"));
    let next = home.store();
    assert_eq!(next.opened(9, ago(0)).await.unwrap().lines[0].id, Some(id), "it has ended, its cost unknown");
    assert!(matches!(next.begin(intent(call(ITEM), Timestamp::now())).await.unwrap(), Begun::Go(_)));
}

#[tokio::test]
async fn a_negative_version_is_that_of_no_store() {
    let home = Home::new();
    keep(home.store().as_ref(), item(ITEM, "机", "1.00", ago(60))).await;
    home.inside().pragma_update(None, "user_version", -1).unwrap();
    assert_eq!(home.store().opened(9, ago(0)).await.unwrap_err().fault, StoreErrorKind::Corrupt);
}

#[tokio::test]
async fn an_override_has_its_row_whatever_has_become_of_what_it_overrides() {
    let home = Home::new();
    let store = home.store();
    let _ = keep(store.as_ref(), item(ITEM, "机", "1.00", Timestamp::now())).await; // makes the file
    // Without its table a block can't be read at all.
    home.inside().execute_batch("ALTER TABLE blocks RENAME TO lost").unwrap();
    let now = Timestamp::now();
    assert!(store.begin(intent(call(OTHER), now)).await.is_err());
    let overriding = Intent { overrides: Override::All, ..intent(call(OTHER), now) };
    assert!(matches!(store.begin(overriding).await.unwrap(), Begun::Go(_)));
    assert_eq!(home.count("SELECT count(*) FROM exchanges"), 2);
}
