//! Calls under way: whose they are, what an ending leaves of them, and who waits for them.

use std::pin::pin;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use futures_util::poll;
use obx_core::config::Freshness;
use obx_core::fetch::{FetchPolicy, Fetcher, NotSent};
use obx_core::store::{Begun, ExchangeId, LogEntry, Owner, Store, StoreErrorKind};
use onebound::{CallHandle, Outcome, RequestStage, WaitsFor};
use serde_json::Value;

use super::support::{Home, ITEM, ago, call, intent, intent_at, item, item_id, keep, key};
use crate::api::support::{client, emulator, host_of};

/// Ends with the test.
struct Process(Child);

impl Process {
    fn start() -> Self {
        Self(Command::new("sleep").arg("600").stdin(Stdio::null()).spawn().unwrap())
    }

    fn end(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// The owner that it would write, made of this process's.
    fn owner(&self) -> Value {
        let pid = self.0.id();
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        let started: u64 =
            stat.rsplit_once(')').unwrap().1.split_whitespace().nth(19).unwrap().parse().unwrap();
        let mut owner = serde_json::to_value(Owner::this_process()).unwrap();
        (owner["pid"], owner["started"]) = (pid.into(), started.into());
        owner
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A call of the vendor's host under way, by this owner.
async fn under_way(home: &Home, owner: &Value) -> ExchangeId {
    let Begun::Go(id) = home.store().begin(intent(call(ITEM), ago(0))).await.unwrap() else { panic!() };
    set_owner(home, owner);
    id
}

fn set_owner(home: &Home, owner: &Value) {
    home.inside().execute("UPDATE exchanges SET owner = ?1", [owner.to_string()]).unwrap();
}

fn rows(home: &Home) -> i64 {
    home.count("SELECT count(*) FROM exchanges")
}

async fn only_line(home: &Home) -> LogEntry {
    let mut lines = home.store().opened(9, ago(0)).await.unwrap().lines;
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines.remove(0)
}

#[tokio::test]
async fn a_call_of_another_process_is_waited_for_while_that_lives_and_no_longer() {
    let home = Home::new();
    let mut process = Process::start();
    let owner = process.owner();
    under_way(&home, &owner).await;
    let begun = home.store().begin(intent(call(ITEM), ago(0))).await.unwrap();
    let Begun::Busy(Some(busy)) = begun else { panic!("{begun:?}") };
    assert_eq!(serde_json::to_value(&busy).unwrap(), owner);
    let line = only_line(&home).await;
    assert_eq!(line.lease.unwrap().owner.as_ref(), Some(&busy), "the log has it, and says whose it is");
    process.end();
    let line = only_line(&home).await;
    assert_eq!((line.lease, &line.summary.outcome), (None, &Outcome::Interrupted));
    assert!(matches!(home.store().begin(intent(call(ITEM), ago(0))).await.unwrap(), Begun::Go(_)));
}

#[tokio::test]
async fn a_process_of_another_machine_and_one_that_wrote_no_name_are_waited_for() {
    let home = Home::new();
    let mut process = Process::start();
    let mut owner = process.owner();
    process.end();
    owner["pid_space"] = "another start of another machine".into();
    under_way(&home, &owner).await;
    let is_busy =
        async || matches!(home.store().begin(intent(call(ITEM), ago(0))).await.unwrap(), Begun::Busy(_));
    assert!(is_busy().await);
    assert!(only_line(&home).await.lease.is_some());
    home.inside().execute_batch("UPDATE exchanges SET owner = NULL").unwrap();
    assert!(is_busy().await);
    assert_eq!(only_line(&home).await.lease.unwrap().owner, None);
}

#[tokio::test]
async fn a_polite_end_gives_calls_up_and_an_answer_that_comes_after_all_takes_their_row() {
    let home = Home::new();
    let store = home.store();
    let Begun::Go(id) = store.begin(intent(call(ITEM), ago(0))).await.unwrap() else { panic!() };
    store.close().await;
    let left = "SELECT count(*) FROM exchanges WHERE outcome IS NULL OR lease_until > 0 OR owner <> ''";
    assert_eq!(home.count(left), 0);
    assert_eq!(home.count("SELECT billing FROM exchanges"), 2, "its cost is unknown");
    let line = only_line(&home).await;
    assert_eq!((line.id, &line.summary.outcome), (Some(id), &Outcome::Interrupted));
    assert_eq!(home.store().open(id).await.unwrap().outcome, Outcome::Interrupted);
    assert_eq!(store.complete(Some(id), key(), item(ITEM, "机", "1.00", ago(0)).into()).await.unwrap(), id);
    assert_eq!(only_line(&home).await.summary.outcome, Outcome::Item);
}

#[tokio::test]
async fn who_waits_says_for_what() {
    let home = Home::new();
    let emulator = emulator().await;
    let process = Process::start();
    let host = host_of(&emulator);
    assert!(matches!(
        home.store().begin(intent_at(host.clone(), call(ITEM), ago(0))).await.unwrap(),
        Begun::Go(_)
    ));
    set_owner(&home, &process.owner());
    let fetcher = Arc::new(Fetcher::new(client(), vec![host], home.store(), Freshness::default()));
    let (line, again) = (CallHandle::default(), CallHandle::default());
    assert_eq!(line.watch().borrow().waits_for, WaitsFor::Store);
    let fetch = |line: &CallHandle| {
        let (fetcher, line) = (Arc::clone(&fetcher), line.clone());
        tokio::spawn(async move { fetcher.fetch(call(ITEM), FetchPolicy::CacheFirst, &line).await })
    };
    let first = fetch(&line);
    let waits = WaitsFor::OtherSession { pid: Some(process.0.id()) };
    line.watch().wait_for(|progress| progress.waits_for == waits).await.unwrap();
    let second = fetch(&again);
    again.watch().wait_for(|progress| progress.waits_for == WaitsFor::OtherCall).await.unwrap();
    assert_eq!((line.watch().borrow().out, emulator.calls()), (None, 0));
    drop(process);
    // Nobody knows whether that call was billed, so that none of those who waited buys another by itself.
    assert!(matches!(first.await.unwrap(), Err(NotSent::InDoubt { .. })));
    let second = second.await.unwrap();
    assert!(matches!(second, Err(NotSent::InDoubt { .. })) && emulator.calls() == 0, "{second:?}");
}

#[tokio::test]
async fn who_waits_for_a_lock_keeps_nothing_else_waiting() {
    let home = Home::new();
    let store = home.store();
    keep(store.as_ref(), item(ITEM, "机", "1.00", ago(9))).await;
    let Begun::Go(id) = store.begin(intent(call(ITEM), ago(0))).await.unwrap() else { panic!() };
    let lock = home.inside();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut begin = pin!(store.begin(intent(call("610947572361"), ago(0))));
    assert!(poll!(&mut begin).is_pending());
    // All that was on its way to the file has been tried.
    store.flush().await.unwrap();
    lock.execute_batch("COMMIT").unwrap();
    drop(lock);
    store.close().await;
    assert_eq!(home.count("SELECT count(*) FROM exchanges WHERE outcome IS NULL"), 0, "{id:?}");
    // The user has quit: it may not be sent any more.
    let message = begin.await;
    assert!(matches!(&message, Err(error) if error.fault == StoreErrorKind::Stopped), "{message:?}");
    assert_eq!((rows(&home), home.is_at_rest()), (2, true));
}

#[tokio::test]
async fn a_row_that_was_not_handed_over_before_the_end_was_never_a_call() {
    let home = Home::new();
    let store = home.store();
    keep(store.as_ref(), item(ITEM, "机", "1.00", ago(9))).await;
    // It is written, and its caller has no answer yet.
    let mut begin = store.begin(intent(call("610947572361"), ago(0)));
    assert!(poll!(&mut begin).is_pending());
    store.flush().await.unwrap();
    assert_eq!(rows(&home), 2);
    store.close().await;
    assert_eq!((rows(&home), home.is_at_rest()), (1, true));
    let message = begin.await;
    assert!(matches!(&message, Err(error) if error.fault == StoreErrorKind::Stopped), "{message:?}");
    assert_eq!((rows(&home), home.is_at_rest()), (1, true));
    // Not even in spite of the ledger.
    let emulator = emulator().await;
    let fetcher = Fetcher::new(client(), vec![host_of(&emulator)], store, Freshness::default());
    let message = fetcher.fetch(call(ITEM), FetchPolicy::Override, &CallHandle::default()).await;
    assert!(
        matches!(&message, Err(NotSent::NoLedger(error)) if error.fault == StoreErrorKind::Stopped),
        "{message:?}"
    );
    assert_eq!((emulator.calls(), home.is_at_rest()), (0, true));
}

/// A row that can't be taken back while this trigger is there.
const NO_DELETE: &str =
    "CREATE TRIGGER no_delete BEFORE DELETE ON exchanges BEGIN SELECT raise(FAIL, 'no'); END";

#[tokio::test]
async fn what_could_not_be_taken_back_is_with_the_next_write_or_at_the_end_and_was_never_a_call() {
    for ends in [false, true] {
        let home = Home::new();
        let store = home.store();
        keep(store.as_ref(), item(ITEM, "机", "1.00", ago(9))).await;
        home.inside().execute_batch(NO_DELETE).unwrap();
        let mut begin = store.begin(intent(call("610947572361"), ago(0)));
        assert!(poll!(&mut begin).is_pending());
        store.flush().await.unwrap();
        drop(begin);
        store.flush().await.unwrap();
        assert_eq!(rows(&home), 2);
        home.inside().execute_batch("DROP TRIGGER no_delete").unwrap();
        if ends {
            store.close().await;
        } else {
            store.keep_program(".item".to_owned()).await.unwrap();
        }
        assert_eq!(rows(&home), 1, "{ends}");
    }
}

#[tokio::test]
async fn a_row_that_nobody_waits_for_any_more_is_taken_back() {
    let home = Home::new();
    let store = home.store();
    keep(store.as_ref(), item(ITEM, "机", "1.00", ago(9))).await;
    // It is written, and its caller has no answer yet.
    let mut begin = store.begin(intent(call("610947572361"), ago(0)));
    assert!(poll!(&mut begin).is_pending());
    store.flush().await.unwrap();
    assert_eq!(rows(&home), 2);
    drop(begin);
    store.flush().await.unwrap();
    assert_eq!(rows(&home), 1);
    // It is not even begun: before it something waits for the lock.
    let given = "SELECT seq FROM sqlite_sequence WHERE name = 'exchanges'";
    let before = home.count(given);
    let lock = home.inside();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let note = store.note(item_id(ITEM), true, String::new());
    let mut begin = store.begin(intent(call("610947572361"), ago(0)));
    assert!(poll!(&mut begin).is_pending());
    drop(begin);
    lock.execute_batch("COMMIT").unwrap();
    note.await.unwrap();
    store.flush().await.unwrap();
    assert_eq!((rows(&home), home.count(given)), (1, before));
}

#[tokio::test]
async fn a_call_that_is_ended_while_the_store_is_locked_ends_and_is_not_sent() {
    let home = Home::new();
    let (store, emulator) = (home.store(), emulator().await);
    keep(store.as_ref(), item(ITEM, "机", "1.00", ago(9))).await;
    let lock = home.inside();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let fetcher = Fetcher::new(client(), vec![host_of(&emulator)], home.store(), Freshness::default());
    let line = CallHandle::default();
    let mut fetch = pin!(fetcher.fetch(call(ITEM), FetchPolicy::Refresh, &line));
    assert!(poll!(&mut fetch).is_pending());
    assert!(line.end_unsent());
    // Had it waited for the lock, it would have been refused for want of a row.
    let came = fetch.await.unwrap();
    assert_eq!(
        (&came.exchange.outcome, came.exchange.stage),
        (&Outcome::Cancelled, RequestStage::NothingSent)
    );
    lock.execute_batch("COMMIT").unwrap();
    store.flush().await.unwrap();
    let left = "SELECT count(*) FROM exchanges WHERE outcome IS NULL OR lease_until > 0";
    assert_eq!((emulator.calls(), home.count(left)), (0, 0));
}
