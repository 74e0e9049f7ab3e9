//! What every engine of the store promises, whatever it stores in. An engine is a line in [`Engine`]; each test runs over all
//! of them. What only one engine can do, such as damage to a file, is in the tests beside this one.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use obx_core::config::{Guards, Place};
use obx_core::fetch::Override;
use obx_core::store::{
    self, Annotation, Begun, BlockReason, ExchangeId, GuardViolation, Intent, MAX_PROGRAMS, Store,
    StoreErrorKind, beijing_day,
};
use onebound::{Billing, CallSettings, Catalog, Exchange, Failure, Outcome, RequestStage, ScopedItem};
use rstest::rstest;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::support::postgres::Schema;

use super::support::{
    ITEM, ago, answered, assert_same, call, catalog, ended, intent, item, item_id, keep, key, question,
    scoped, vendor,
};

const OTHER: &str = "610947572361";

/// The engines.
#[derive(Clone, Copy, Debug)]
enum Engine {
    File,
    Memory,
    Postgres,
}

/// An empty store, and what has to live as long as it.
struct Opened {
    store: Arc<dyn Store>,
    folder: TempDir,
    schema: Option<Schema>,
}

impl Opened {
    /// As if an obx that is newer by so many versions had migrated the store.
    fn migrate_by(&self, versions: i64) {
        if let Some(schema) = &self.schema {
            schema.query(&format!("UPDATE store_version SET version = version + {versions}"));
            return;
        }
        let file = Connection::open(self.folder.path().join("store.sqlite")).unwrap();
        let version: i64 = file.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        file.pragma_update(None, "user_version", version + versions).unwrap();
    }
}

impl Engine {
    /// `None` where it is not installed.
    fn open(self) -> Option<Opened> {
        let (folder, mut schema) = (tempfile::tempdir().unwrap(), None);
        let place = match self {
            Self::File => Place::file(folder.path().join("store.sqlite")),
            Self::Memory => Place::Memory,
            Self::Postgres => Place::from(schema.insert(Schema::create()?).place()),
        };
        Some(Opened { store: store::open(&place), folder, schema })
    }
}

async fn ids(store: &dyn Store, limit: usize) -> Vec<i64> {
    let opened = store.opened(limit, ago(1_000)).await.unwrap();
    opened.lines.iter().map(|line| line.id.unwrap().0).collect()
}

#[rstest]
#[tokio::test]
async fn an_exchange_is_found_by_its_number_and_by_its_question(
    #[values(Engine::File, Engine::Memory, Engine::Postgres)] engine: Engine,
) {
    let Some(opened) = engine.open() else { return };
    let store = opened.store.as_ref();
    assert!(store.answer(&question(ITEM)).await.unwrap().is_none());
    let (older, live) = (item(ITEM, "机", "1.00", ago(100)), item(ITEM, "机", "2.00", ago(50)));
    keep(store, older).await;
    let id = keep(store, live.clone()).await;
    let answer = store.answer(&question(ITEM)).await.unwrap().unwrap();
    assert_eq!(answer.id, Some(id));
    assert_same(&answer.exchange, &live);
    assert_same(&store.open(id).await.unwrap(), &live);
    assert_eq!(store.open(ExchangeId(id.0 + 9)).await.unwrap_err().fault, StoreErrorKind::Missing);
    // A failure is no answer, and is in the log all the same.
    let failed = keep(store, ended(OTHER, Outcome::Cancelled, RequestStage::Sent, b"")).await;
    assert!(store.answer(&question(OTHER)).await.unwrap().is_none());
    assert_eq!(ids(store, 9).await.last(), Some(&failed.0));
}

#[rstest]
#[tokio::test]
async fn of_many_questions_it_is_known_which_are_answered_and_which_are_in_doubt(
    #[values(Engine::File, Engine::Memory, Engine::Postgres)] engine: Engine,
) {
    let Some(opened) = engine.open() else { return };
    let store = opened.store.as_ref();
    keep(store, item(ITEM, "机", "1.00", ago(50))).await;
    let lost = "610947572362";
    keep(store, ended(lost, Outcome::Failed(Failure::Closed), RequestStage::Sent, b"")).await;
    // Sent before an answer came, never sent, refused, and under way: in none of these cases is there a doubt.
    keep(store, ended(OTHER, Outcome::Interrupted, RequestStage::Sent, b"")).await;
    keep(store, answered(OTHER, r#"{"error_code":"2000","reason":"x"}"#, ago(40))).await;
    let (unsent, refused, under_way) = ("610947572363", "610947572364", "610947572365");
    keep(store, ended(unsent, Outcome::Cancelled, RequestStage::NothingSent, b"")).await;
    keep(store, answered(refused, r#"{"error_code":"5000","reason":"x"}"#, ago(40))).await;
    assert!(matches!(store.begin(intent(call(under_way), ago(1))).await.unwrap(), Begun::Go(_)));
    let asked = [lost, ITEM, OTHER, unsent, refused, under_way, "610947572366"].map(call);
    let known = store.known(vendor(), asked.to_vec()).await.unwrap();
    let answered: Vec<_> = known.iter().map(|known| known.answered.map(|(_, is_item)| is_item)).collect();
    assert_eq!(answered, [None, Some(true), Some(false), None, None, None, None]);
    let in_doubt: Vec<_> = known.iter().map(|known| known.unknown_at.is_some()).collect();
    assert_eq!(in_doubt, [true, false, false, false, false, false, false]);
    assert_eq!(known[0].unknown_at, Some(ago(60)));
}

#[rstest]
#[tokio::test]
async fn the_newest_answer_is_the_one_that_came_last_whatever_was_written_last(
    #[values(Engine::File, Engine::Memory, Engine::Postgres)] engine: Engine,
) {
    let Some(opened) = engine.open() else { return };
    let store = opened.store.as_ref();
    let newer = keep(store, item(ITEM, "新", "2.00", ago(50))).await;
    // As after a copy, or after `Y` while the store was away.
    let older = keep(store, item(ITEM, "旧", "1.00", ago(100))).await;
    assert!(older > newer);
    assert_eq!(store.answer(&question(ITEM)).await.unwrap().unwrap().id, Some(newer));
    let came_at = item(ITEM, "新", "2.00", ago(50)).ended_at();
    let known = store.known(vendor(), vec![call(ITEM)]).await.unwrap();
    assert_eq!(known[0].answered, Some((came_at, true)));
    for answered in
        [store.opened(9, ago(1_000)).await.unwrap().answered, store.answered_after(older).await.unwrap()]
    {
        assert_eq!(answered, [(question(ITEM), came_at, true)]);
    }
    let versions = store.versions(scoped(ITEM)).await.unwrap().rows;
    assert_eq!(versions.iter().map(|version| version.id).collect::<Vec<_>>(), [older, newer]);
    let items = store.items(catalog()).await.unwrap().rows;
    assert_eq!((items[0].title.as_str(), items[0].asked_at), ("新", ago(50)));
    let asked = |since| Intent { asked_at: since, ..intent(call(ITEM), Timestamp::now()) };
    assert_eq!(store.begin(asked(ago(60))).await.unwrap(), Begun::Answered);
}

#[rstest]
#[tokio::test]
async fn a_doubt_ends_with_an_answer_that_came_after_it_and_not_with_one_that_was_written_after_it(
    #[values(Engine::File, Engine::Memory, Engine::Postgres)] engine: Engine,
) {
    let Some(opened) = engine.open() else { return };
    let store = opened.store.as_ref();
    keep(store, ended(ITEM, Outcome::Failed(Failure::Closed), RequestStage::Sent, b"")).await;
    let unknown_at = async || store.known(vendor(), vec![call(ITEM)]).await.unwrap()[0].unknown_at;
    assert_eq!(unknown_at().await, Some(ago(60)));
    let day = Duration::from_secs(24 * 60 * 60);
    let heeds = || Intent { doubt_lasts: Some(day), ..intent(call(ITEM), Timestamp::now()) };
    assert_eq!(store.begin(heeds()).await.unwrap(), Begun::InDoubt(ago(60)));
    assert!(matches!(store.begin(intent(call(ITEM), Timestamp::now())).await.unwrap(), Begun::Go(_)));
    keep(store, item(ITEM, "旧", "1.00", ago(100))).await;
    assert_eq!(unknown_at().await, Some(ago(60)));
    keep(store, item(ITEM, "新", "2.00", ago(40))).await;
    assert_eq!(unknown_at().await, None);
}

#[rstest]
#[tokio::test]
async fn a_call_sent_after_an_answer_is_in_doubt_though_that_answer_came_by_a_clock_that_is_ahead(
    #[values(Engine::File, Engine::Memory, Engine::Postgres)] engine: Engine,
) {
    let Some(opened) = engine.open() else { return };
    let store = opened.store.as_ref();
    let ahead = answered(ITEM, r#"{"error_code":"2000","reason":"x"}"#, ago(-120));
    keep(store, ahead).await;
    keep(store, ended(ITEM, Outcome::Failed(Failure::Closed), RequestStage::Sent, b"")).await;
    let known = store.known(vendor(), vec![call(ITEM)]).await.unwrap();
    assert_eq!(
        (known[0].answered.map(|(_, is_item)| is_item), known[0].unknown_at),
        (Some(false), Some(ago(60)))
    );
}

#[rstest]
#[tokio::test]
async fn an_answer_that_is_written_late_sets_no_block_and_no_quota_against_a_later_one(
    #[values(Engine::File, Engine::Memory, Engine::Postgres)] engine: Engine,
) {
    let Some(opened) = engine.open() else { return };
    let store = opened.store.as_ref();
    let late = async |body: &str, at| {
        store.complete(None, key(), answered(OTHER, body.to_owned(), at).into()).await.unwrap();
    };
    let reasons = async || {
        let blocks = store.opened(9, ago(0)).await.unwrap().blocks;
        blocks.iter().map(|block| block.reason).collect::<Vec<_>>()
    };
    keep(store, item(ITEM, "机", "1.00", ago(20))).await;
    late(r#"{"error_code":"4013","reason":"x"}"#, ago(40)).await;
    assert_eq!(reasons().await, []);
    // For good, so that one until midnight must not replace it.
    keep(store, answered(ITEM, r#"{"error_code":"4005","reason":"key已过期"}"#, ago(10))).await;
    late(r#"{"error_code":"4013","reason":"x"}"#, ago(15)).await;
    assert_eq!(reasons().await, [BlockReason::Expired]);
    // Served, so that it lifts the block.
    let used =
        |used: u32| format!(r#"{{"error_code":"2000","reason":"x","api_info":"today:{used} max:10"}}"#);
    keep(store, answered(ITEM, used(9), ago(1))).await;
    late(&used(2), ago(12)).await;
    let quotas = store.opened(9, ago(0)).await.unwrap().quotas;
    assert_eq!(quotas.iter().map(|(_, _, quota)| quota.today).collect::<Vec<_>>(), [Some(9)]);
    let asked = intent(call("610947572362"), Timestamp::now());
    let guards = Guards { cap: None, reserve: Some(1) };
    let reserve = store.begin(Intent { guards, ..asked }).await.unwrap();
    assert!(matches!(reserve, Begun::NotSent(GuardViolation::Reserve { .. })), "{reserve:?}");
}

#[rstest]
#[tokio::test]
async fn a_row_is_written_before_its_call_and_none_stays_of_a_call_that_was_not_sent(
    #[values(Engine::File, Engine::Memory, Engine::Postgres)] engine: Engine,
) {
    let Some(opened) = engine.open() else { return };
    let store = opened.store.as_ref();
    let Begun::Go(first) = store.begin(intent(call(ITEM), ago(9))).await.unwrap() else { panic!() };
    assert_eq!(ids(store, 9).await, Vec::<i64>::new(), "whoever sends it knows more than its row");
    store.complete(Some(first), key(), item(ITEM, "机", "1.00", ago(9)).into()).await.unwrap();
    // Somebody who asked before the answer came is given it, and no row is written.
    let late = Intent { asked_at: ago(60), ..intent(call(ITEM), Timestamp::now()) };
    assert_eq!(store.begin(late).await.unwrap(), Begun::Answered);
    drop(store.begin(intent(call(OTHER), ago(0))));
    assert_eq!(ids(store, 9).await, [first.0]);
}

#[rstest]
#[tokio::test]
async fn an_open_session_writes_nothing_to_a_store_that_a_newer_obx_has_migrated(
    #[values(Engine::File, Engine::Postgres)] engine: Engine,
) {
    let Some(opened) = engine.open() else { return };
    let store = opened.store.as_ref();
    let shown = keep(store, item(ITEM, "机", "1.00", ago(50))).await;
    let Begun::Go(sent) = store.begin(intent(call(OTHER), ago(9))).await.unwrap() else { panic!() };
    opened.migrate_by(90);
    let refused = [
        store.begin(intent(call("610947572362"), ago(1))).await.unwrap_err(),
        store.complete(Some(sent), key(), item(OTHER, "机", "1.00", ago(9)).into()).await.unwrap_err(),
        store.reuse(shown, call(ITEM), key(), ago(1)).await.unwrap_err(),
        store.note(item_id(ITEM), true, "样品".to_owned()).await.unwrap_err(),
        store.keep_program(".item".to_owned()).await.unwrap_err(),
    ];
    assert!(refused.iter().all(|error| error.fault == StoreErrorKind::Newer), "{refused:?}");
    opened.migrate_by(-90);
    assert_eq!(store.annotation(item_id(ITEM)).await.unwrap(), Annotation::default());
    assert_eq!(store.programs().await.unwrap(), Vec::<String>::new());
    // What is paid waits in the session, and the call that was refused has left no row.
    assert_eq!(store.flush().await.unwrap(), 0);
    assert_eq!(store.answer(&question(OTHER)).await.unwrap().unwrap().id, Some(sent));
    assert_eq!(ids(store, 9).await, [shown.0, sent.0, sent.0 + 1]);
}

#[rstest]
#[tokio::test]
async fn guards_refuse_by_what_was_spent_and_by_what_the_vendor_said(
    #[values(Engine::File, Engine::Memory, Engine::Postgres)] engine: Engine,
) {
    let Some(opened) = engine.open() else { return };
    let store = opened.store.as_ref();
    keep(store, item(ITEM, "机", "1.00", Timestamp::now())).await;
    let asked = intent(call(OTHER), Timestamp::now());
    let with = |guards| Intent { guards, ..asked.clone() };
    let cap = store.begin(with(Guards { cap: Some(1), reserve: None })).await.unwrap();
    assert!(matches!(cap, Begun::NotSent(GuardViolation::Cap { cap: 1, .. })), "{cap:?}");
    let reserve = store.begin(with(Guards { cap: None, reserve: Some(7) })).await.unwrap();
    assert!(matches!(reserve, Begun::NotSent(GuardViolation::Reserve { .. })), "{reserve:?}");
    keep(store, answered(OTHER, r#"{"error_code":"4013","reason":"x"}"#, Timestamp::now())).await;
    let blocked = store.begin(asked.clone()).await.unwrap();
    assert!(matches!(blocked, Begun::NotSent(GuardViolation::Blocked(_))), "{blocked:?}");
    let blocks = store.opened(9, ago(0)).await.unwrap().blocks;
    assert_eq!(blocks.iter().map(|block| block.reason).collect::<Vec<_>>(), [BlockReason::Quota]);
    let overriding = Intent { overrides: Override::All, ..asked };
    assert!(matches!(store.begin(overriding).await.unwrap(), Begun::Go(_)));
}

#[rstest]
#[tokio::test]
async fn the_log_comes_in_one_order_whatever_is_asked_of_it(
    #[values(Engine::File, Engine::Memory, Engine::Postgres)] engine: Engine,
) {
    let Some(opened) = engine.open() else { return };
    let store = opened.store.as_ref();
    let mut all = Vec::new();
    for at in 0..7 {
        all.push(keep(store, item(ITEM, "机", "1.00", ago(100 - at))).await.0);
    }
    let reused = store.reuse(ExchangeId(all[6]), call(ITEM), key(), ago(9)).await.unwrap();
    let opened = store.opened(3, ago(1_000)).await.unwrap();
    let of = |lines: &[store::LogEntry]| lines.iter().map(|line| line.id.unwrap().0).collect::<Vec<_>>();
    assert_eq!(of(&opened.lines), [all[5], all[6], reused.0]);
    assert_eq!(opened.ids.len(), 8);
    assert_eq!((opened.lines[2].billing, opened.lines[2].reuses), (Billing::Free, Some(ExchangeId(all[6]))));
    assert_eq!((opened.answered.len(), opened.quotas.len(), opened.damaged), (1, 1, Vec::new()));
    let asked = vec![ExchangeId(all[3]), ExchangeId(reused.0 + 5), ExchangeId(all[1])];
    assert_eq!(of(&store.lines(asked).await.unwrap().rows), [all[1], all[3]]);
    let calls = store.recent_calls(reused, beijing_day(ago(100)) - 1).await.unwrap().rows;
    assert_eq!(calls.iter().map(|call| call.id.unwrap().0).collect::<Vec<_>>(), all);
    let (sender, seen) = std::sync::mpsc::channel();
    let visit = move |lines: &mut dyn Iterator<Item = store::LogEntry>| {
        sender.send(lines.map(|line| line.id.unwrap().0).collect::<Vec<_>>()).unwrap();
    };
    store.scan(Box::new(visit)).await.unwrap();
    let newest_first: Vec<_> = all.iter().copied().chain([reused.0]).rev().collect();
    assert_eq!(seen.recv().unwrap(), newest_first);
    assert!(of(&store.lines_after(ExchangeId(all[6])).await.unwrap().rows).ends_with(&[reused.0]));
}

#[rstest]
#[tokio::test]
async fn items_have_versions_a_star_and_a_note(
    #[values(Engine::File, Engine::Memory, Engine::Postgres)] engine: Engine,
) {
    let Some(opened) = engine.open() else { return };
    let store = opened.store.as_ref();
    keep(store, item(ITEM, "甲", "1.00", ago(100))).await;
    keep(store, item(OTHER, "乙", "3.00", ago(90))).await;
    keep(store, item(ITEM, "丙", "2.00", ago(80))).await;
    let versions = store.versions(scoped(ITEM)).await.unwrap().rows;
    let prices: Vec<_> = versions.iter().filter_map(|version| version.price.as_deref()).collect();
    assert_eq!(prices, ["1.00", "2.00"]);
    store.note(item_id(ITEM), true, "样品".to_owned()).await.unwrap();
    store.note(item_id(ITEM), true, "样品已到".to_owned()).await.unwrap();
    let history = store.item_history(scoped(ITEM)).await.unwrap();
    assert_eq!((history.versions.rows.len(), history.annotation.note.as_str()), (2, "样品已到"));
    let items = store.items(catalog()).await.unwrap().rows;
    let known: Vec<_> = items.iter().map(|item| (item.title.as_str(), item.starred)).collect();
    assert_eq!(known, [("丙", true), ("乙", false)], "the most recently requested first");
}

#[rstest]
#[tokio::test]
async fn one_id_on_two_platforms_is_two_items(
    #[values(Engine::File, Engine::Memory, Engine::Postgres)] engine: Engine,
) {
    let Some(opened) = engine.open() else { return };
    let store = opened.store.as_ref();
    let on = |platform: &str, title, price, at| {
        let settings = CallSettings { platform: Some(platform.to_owned()), ..CallSettings::default() };
        Exchange { call: settings.item_get(item_id(ITEM)), ..item(ITEM, title, price, at) }
    };
    keep(store, on("1688", "批发", "1.00", ago(100))).await;
    keep(store, on("taobao", "零售", "9.00", ago(90))).await;
    keep(store, on("1688global", "wholesale", "5.00", ago(80))).await;
    for (platform, title, price) in
        [("1688", "批发", "1.00"), ("taobao", "零售", "9.00"), ("1688global", "wholesale", "5.00")]
    {
        let catalog = Catalog { platform: platform.into(), ..catalog() };
        let item = ScopedItem { catalog: catalog.clone(), num_iid: item_id(ITEM) };
        let versions = store.versions(item).await.unwrap().rows;
        assert_eq!(versions.iter().map(|one| one.price.as_deref()).collect::<Vec<_>>(), [Some(price)]);
        let items = store.items(catalog.clone()).await.unwrap().rows;
        assert_eq!(items.iter().map(|item| item.title.as_str()).collect::<Vec<_>>(), [title]);
        let lines = store.opened(9, ago(0)).await.unwrap().lines;
        assert_eq!(lines.iter().filter(|line| line.is_in(&catalog)).count(), 1, "the log has all");
    }
    let none = Catalog { platform: "168".into(), ..catalog() };
    assert_eq!(store.items(none).await.unwrap().rows, [], "a part of a name is another name");
}

#[rstest]
#[tokio::test]
async fn words_are_found_in_texts_and_in_bodies(
    #[values(Engine::File, Engine::Memory, Engine::Postgres)] engine: Engine,
) {
    let Some(opened) = engine.open() else { return };
    let store = opened.store.as_ref();
    let phone = keep(store, item(ITEM, "小米手机", "1.00", ago(100))).await;
    keep(store, item(OTHER, "水杯", "3.00", ago(90))).await;
    let by_text = store.find(vendor(), "米手".to_owned(), 9).await.unwrap();
    assert_eq!(by_text.iter().map(|found| found.line.id).collect::<Vec<_>>(), [Some(phone)]);
    let mut before = None;
    let mut in_bodies = Vec::new();
    loop {
        let piece = store.find_in_bodies(vendor(), "execution_time 小米".to_owned(), before).await.unwrap();
        in_bodies.extend(piece.found.iter().map(|found| found.line.id));
        let Some(rest) = piece.rest else { break };
        before = Some(rest.before);
    }
    assert_eq!(in_bodies, [Some(phone)]);
}

#[rstest]
#[tokio::test]
async fn the_newest_programs_are_kept_each_once(
    #[values(Engine::File, Engine::Memory, Engine::Postgres)] engine: Engine,
) {
    let Some(opened) = engine.open() else { return };
    let store = opened.store.as_ref();
    for at in 0..MAX_PROGRAMS + 5 {
        store.keep_program(format!(".[{at}]")).await.unwrap();
    }
    store.keep_program(".[50]".to_owned()).await.unwrap();
    let programs = store.programs().await.unwrap();
    assert_eq!((programs.len(), programs.last().map(String::as_str)), (MAX_PROGRAMS, Some(".[50]")));
    assert_eq!(programs.iter().filter(|program| *program == ".[50]").count(), 1);
}

#[rstest]
#[tokio::test]
async fn a_closed_store_begins_no_call_and_has_lost_nothing(
    #[values(Engine::File, Engine::Memory, Engine::Postgres)] engine: Engine,
) {
    let Some(opened) = engine.open() else { return };
    let store = opened.store.as_ref();
    let live = item(ITEM, "机", "1.00", ago(9));
    // Not awaited: it is written before the store is closed.
    let written = store.complete(None, key(), live.clone().into());
    assert_eq!(store.flush().await.unwrap(), 0);
    store.close().await;
    let id = written.await.unwrap();
    let refused = store.begin(intent(call(OTHER), ago(0))).await.unwrap_err();
    assert_eq!(refused.fault, StoreErrorKind::Stopped);
    assert_same(&store.open(id).await.unwrap(), &live);
}
