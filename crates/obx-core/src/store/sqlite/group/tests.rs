use std::pin::pin;
use std::sync::mpsc;
use std::time::Duration;

use futures_util::future::{join_all, select};
use futures_util::poll;
use jiff::Timestamp;
use rstest::rstest;
use tokio::time::timeout;

use super::*;
use crate::policy::{Guards, Intent, Override};
use crate::store::{Begun, Place, Store};
use onebound::{Answer, Call, Credentials, Exchange, Fingerprint, Host, Timing};

const IDS: [&str; 3] = ["610947572360", "610947572361", "610947572362"];

/// A store whose writer waits until it is released.
struct Held {
    _folder: tempfile::TempDir,
    store: LocalStore,
    release: mpsc::Sender<()>,
}

impl Held {
    /// Runs this SQL first, as damage to the store.
    async fn new(sql: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = LocalStore::new(Place::file(folder.path().join("store.sqlite")));
        store.writer.run(|connection| Ok(connection.execute_batch(sql)?)).await.unwrap();
        let (release, released) = mpsc::channel();
        drop(store.writer.run(move |_| released.recv().map_err(|error| StoreError::broken(&error))));
        Self { _folder: folder, store, release }
    }

    /// Lets the writer go on, once all that was asked waits for it.
    async fn release(&self) {
        self.store.packer.drained().await;
        self.release.send(()).unwrap();
    }

    async fn rows(&self) -> i64 {
        let count = "SELECT count(*) FROM exchanges";
        let rows =
            self.store.writer.run(move |connection| Ok(connection.query_row(count, [], |row| row.get(0))?));
        rows.await.unwrap()
    }

    /// The number of transactions in the write-ahead log.
    fn commits(&self) -> usize {
        const HEADER: usize = 32;
        const FRAME: usize = 24 + 4_096;
        let path = self.store.place.path().unwrap().with_extension("sqlite-wal");
        let log = std::fs::read(path).unwrap();
        let frames = log[HEADER..].chunks_exact(FRAME);
        frames.filter(|frame| frame[4..8] != [0; 4]).count()
    }
}

fn key() -> Fingerprint {
    Credentials::new("a-key-of-sixteen", "a-secret-of-some").unwrap().fingerprint()
}

fn call(digits: &str) -> Call {
    Call::item_get(digits.parse().unwrap())
}

fn intent(digits: &str, cap: Option<u64>) -> Intent {
    let (host, at) = (Host::default(), Timestamp::now());
    Intent {
        call: call(digits),
        gateways: vec![host.scope()],
        host,
        key: key(),
        guards: Guards { cap, ..Guards::default() },
        overrides: Override::Nothing,
        doubt_lasts: None,
        at,
        asked_at: at,
        lease: Duration::from_secs(60),
    }
}

fn exchange(digits: &str) -> Arc<Exchange> {
    let credentials = Credentials::new("a-key-of-sixteen", "a-secret-of-some").unwrap();
    let body = format!(r#"{{"item":{{"num_iid":"{digits}","title":"机"}},"error":"","error_code":"0000"}}"#);
    let answer = Answer { status: 200, headers: Vec::new(), body: body.into() };
    let (at, timing) = (Timestamp::now(), Timing::default());
    Exchange::from_answer(call(digits), Host::default(), at, timing, answer, &credentials).into()
}

fn begins(held: &Held, cap: Option<u64>) -> Vec<BoxFuture<'_, Result<Begun, StoreError>>> {
    IDS.map(|digits| held.store.begin(intent(digits, cap))).into()
}

#[tokio::test]
async fn what_waits_together_is_written_in_one_transaction() {
    let held = Held::new("").await;
    let before = held.commits();
    let mut begun = pin!(join_all(begins(&held, None)));
    assert!(poll!(&mut begun).is_pending());
    let written = held.store.complete(None, key(), exchange("610947572363"));
    held.release().await;
    assert!(begun.await.iter().all(|begun| matches!(begun, Ok(Begun::Go(_)))));
    written.await.unwrap();
    assert_eq!((held.commits() - before, held.rows().await), (1, 4));
}

#[tokio::test]
async fn of_the_calls_that_wait_together_at_a_cap_of_one_the_first_goes() {
    let held = Held::new("").await;
    let mut begun = pin!(join_all(begins(&held, Some(1))));
    assert!(poll!(&mut begun).is_pending());
    held.release().await;
    let begun = begun.await;
    let [Ok(Begun::Go(_)), Ok(Begun::NotSent(_)), Ok(Begun::NotSent(_))] = &begun[..] else {
        panic!("{begun:?}")
    };
    assert_eq!(held.rows().await, 1);
}

/// Notes which rows are under way whenever it runs.
struct Noted {
    under_way: crate::store::under_way::UnderWay,
    seen: mpsc::Sender<usize>,
}

impl GroupedWrite for Noted {
    fn waits_for_locks(&self) -> bool {
        false
    }

    fn execute(&mut self, _: &Connection) -> Result<(), StoreError> {
        self.seen.send(self.under_way.all().len()).map_err(|error| StoreError::broken(&error))
    }

    fn rolled_back(&mut self) {}

    fn end(self: Box<Self>, _: Result<(), StoreError>) {}
}

#[tokio::test]
async fn rows_that_were_rolled_back_are_forgotten_before_anything_runs_again() {
    let held = Held::new(
        "CREATE TRIGGER no BEFORE INSERT ON exchanges WHEN new.num_iid = '610947572361' BEGIN SELECT raise(FAIL, 'no'); END",
    )
    .await;
    let (seen, notes) = mpsc::channel();
    held.store.write_in_group(Box::new(Noted { under_way: held.store.under_way.clone(), seen }));
    let mut begun = pin!(join_all(begins(&held, None)));
    assert!(poll!(&mut begun).is_pending());
    held.release().await;
    assert!(matches!(begun.await[..], [Ok(Begun::Go(_)), Err(_), Ok(Begun::Go(_))]));
    assert_eq!(notes.iter().collect::<Vec<_>>(), [0, 0]);
}

/// The second write fails; with `ROLLBACK` it takes the transaction with it.
#[rstest]
#[case(
    "CREATE TRIGGER no BEFORE INSERT ON exchanges WHEN new.num_iid = '610947572361' BEGIN SELECT raise(FAIL, 'no'); END"
)]
#[case(
    "CREATE TRIGGER no BEFORE INSERT ON exchanges WHEN new.num_iid = '610947572361' BEGIN SELECT raise(ROLLBACK, 'no'); END"
)]
#[tokio::test]
async fn a_write_that_fails_takes_no_other_with_it(#[case] damage: &'static str) {
    let held = Held::new(damage).await;
    let mut begun = pin!(join_all(begins(&held, None)));
    assert!(poll!(&mut begun).is_pending());
    let written = [IDS[1], IDS[2]].map(|digits| held.store.complete(None, key(), exchange(digits)));
    held.release().await;
    let begun = begun.await;
    let [Ok(Begun::Go(first)), Err(_), Ok(Begun::Go(third))] = begun[..] else { panic!("{begun:?}") };
    assert!(first < third);
    let written = join_all(written).await;
    assert!(matches!(written[..], [Err(_), Ok(_)]), "{written:?}");
    assert_eq!(held.rows().await, 3);
    // It is tried again with the next write that goes well, and at the latest when the store is closed.
    held.store.writer.run(|connection| Ok(connection.execute_batch("DROP TRIGGER no")?)).await.unwrap();
    assert_eq!((held.store.flush().await, held.rows().await), (Ok(0), 4));
}

/// A commit that fails: what points to nothing is noticed only then.
const NO_COMMIT: &str = "CREATE TABLE parent (id INTEGER PRIMARY KEY);
    CREATE TABLE child (id REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
    CREATE TRIGGER no AFTER INSERT ON exchanges WHEN new.num_iid = '610947572361'
    BEGIN INSERT INTO child VALUES (1); END";

#[tokio::test]
async fn no_caller_goes_on_after_a_commit_that_failed() {
    let held = Held::new(NO_COMMIT).await;
    let mut begun = pin!(join_all(begins(&held, None)));
    assert!(poll!(&mut begun).is_pending());
    held.release().await;
    assert!(begun.await.iter().all(Result::is_err));
    assert_eq!((held.rows().await, held.store.under_way.is_empty()), (0, true));
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_any_more_leaves_no_row_in_a_group() {
    let held = Held::new("").await;
    let [mut first, mut second] = [IDS[0], IDS[1]].map(|digits| held.store.begin(intent(digits, Some(1))));
    assert!(poll!(&mut first).is_pending());
    assert!(poll!(&mut second).is_pending());
    drop(first);
    held.release().await;
    assert!(matches!(second.await, Ok(Begun::Go(_))));
    assert_eq!(held.rows().await, 1);
}

#[tokio::test]
async fn while_the_file_is_locked_answers_wait_and_calls_try_again() {
    let held = Held::new("").await;
    let lock = Connection::open(held.store.place.path().unwrap()).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut begun = pin!(join_all(begins(&held, None)));
    assert!(poll!(&mut begun).is_pending());
    let mut written = held.store.complete(None, key(), exchange("610947572363"));
    held.release().await;
    // None of them gets past the lock.
    let moment = Duration::from_millis(300);
    assert!(timeout(moment, select(begun.as_mut(), &mut written)).await.is_err());
    lock.execute_batch("COMMIT").unwrap();
    assert!(begun.await.iter().all(|begun| matches!(begun, Ok(Begun::Go(_)))));
    written.await.unwrap();
    assert_eq!(held.rows().await, 4);
}
