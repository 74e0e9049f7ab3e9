//! `kill -9` at any moment, 200 times.
//!
//! Held after every one of them, on the file that the killed session left:
//!
//! - the store opens, by `SQLite`'s own check too;
//! - no call is uncounted: for every request that the gateway received there is a row, billed or of unknown cost;
//! - no row is half of one: each that has ended opens whole, as the item that the gateway has for its ID, and each
//!   other one is logged as interrupted;
//! - no answer is lost: whatever another program could read as ended before the kill is there after it.
//!
//! Not held, for nobody can: an answer that came and was not on the disk yet. Its row is, and says that it was
//! interrupted. Nobody has seen that answer without the words that it is not stored yet: the second test.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use obx_core::config::Place;
use obx_core::store::{ExchangeId, LocalStore, LogEntry, Store};
use onebound::{Billing, Outcome};
use onebound_emulator::{Delay, Settings};
use rusqlite::{Connection, OpenFlags};

use super::gateway::{Gateway, ITEM};
use super::pty::{ENTER, Session, Setup, english};

const THREADS: u64 = 4;
const ROUNDS: u64 = 50;

/// The same numbers in every run.
struct SeededRng(u64);

impl SeededRng {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// How the rounds of one store went.
#[derive(Default)]
struct Tally {
    unsent: usize,
    interrupted: usize,
    answered: usize,
}

/// A session that asks for one item and is killed so many milliseconds after it.
fn ask_and_die(store: &Path, gateway: &Gateway, digits: &str, dice: &mut SeededRng) -> Vec<i64> {
    let path = store.to_str().unwrap();
    let mut session = Setup::new().account(&gateway.url()).args(&["--store", path, digits]).start();
    if dice.below(8) == 0 {
        // While it starts.
        std::thread::sleep(Duration::from_millis(dice.below(40)));
    } else {
        session.wait_for(&english().enter_fetches("Enter"));
        session.press(ENTER);
        let longest = if dice.below(2) == 0 { 60 } else { 300 };
        std::thread::sleep(Duration::from_millis(dice.below(longest)));
    }
    let ended = ended(store);
    session.kill();
    ended
}

/// The rows that have ended, as another program sees them.
fn ended(store: &Path) -> Vec<i64> {
    let Ok(file) = Connection::open_with_flags(store, OpenFlags::SQLITE_OPEN_READ_ONLY) else {
        return Vec::new();
    };
    file.busy_timeout(Duration::from_secs(5)).unwrap();
    // The file may be so new that it has no tables.
    let Ok(mut rows) = file.prepare("SELECT id FROM exchanges WHERE outcome IS NOT NULL") else {
        return Vec::new();
    };
    rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn requests_by_item(gateway: &Gateway) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for request in gateway.requests() {
        let id = request.query.into_iter().find(|(name, _)| name == "num_iid").unwrap().1;
        *counts.entry(id).or_default() += 1;
    }
    counts
}

/// Those that have ended; whether the others' leases are over depends on how fast the machine is.
async fn lines(store: &LocalStore) -> Vec<LogEntry> {
    let mut lines = store.opened(10_000, Timestamp::now()).await.unwrap().lines;
    lines.retain(|line| line.summary.outcome != Outcome::Interrupted);
    lines
}

async fn assert_holds(path: &Path, gateway: &Gateway, digits: &str, ended: &[i64], tally: &mut Tally) {
    let store = LocalStore::new(Place::file(path));
    for id in ended {
        let kept = store.open(ExchangeId(*id)).await.unwrap();
        assert_ne!(kept.outcome, Outcome::Interrupted, "exchange {id}");
    }
    let rows = lines(&store).await;
    let of_item = |line: &&LogEntry| line.subject.as_str() == digits;
    let sent = requests_by_item(gateway).get(digits).copied().unwrap_or_default();
    let counted = rows.iter().filter(of_item).filter(|line| line.billing != Billing::Free).count();
    let under_way = pending(path, digits);
    assert!(counted + under_way >= sent, "{digits}: {sent} requests, {counted} + {under_way} rows");
    tally.unsent += usize::from(sent == 0);
    tally.interrupted += under_way;
    for line in rows.iter().filter(of_item) {
        let kept = store.open(line.id.unwrap()).await.unwrap();
        assert_eq!((&kept.outcome, kept.body.len()), (&Outcome::Item, line.size), "{digits}");
        assert_eq!(kept.item().unwrap().field("num_iid").to_text(), digits);
        tally.answered += 1;
    }
}

/// Rows of an item that nobody ended.
fn pending(path: &Path, digits: &str) -> usize {
    let Ok(file) = Connection::open(path) else { return 0 };
    let sql = "SELECT count(*) FROM exchanges WHERE num_iid = ?1 AND outcome IS NULL AND billing = 2";
    let count: u32 = file.query_row(sql, [digits], |row| row.get(0)).unwrap_or(0);
    usize::try_from(count).unwrap()
}

fn rounds(thread: u64) -> Tally {
    let delay = Delay::between(Duration::ZERO, Duration::from_millis(40));
    let gateway = Gateway::with(Settings { delay, ..Settings::default() });
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("store.sqlite");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (mut dice, mut tally) = (SeededRng(thread), Tally::default());
    for round in 0..ROUNDS {
        // With 30 SKUs, so that answers are of some size.
        let digits = format!("61{thread}{round:03}90030");
        let before = ask_and_die(&path, &gateway, &digits, &mut dice);
        runtime.block_on(assert_holds(&path, &gateway, &digits, &before, &mut tally));
    }
    let check: String =
        Connection::open(&path).unwrap().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    // All of it once more, at the end of all the killing.
    let rows = runtime.block_on(lines(&Arc::new(LocalStore::new(Place::file(&path)))));
    assert_eq!(rows.len(), tally.answered);
    tally
}

#[test]
fn after_200_kills_no_answer_is_lost_and_no_call_uncounted() {
    let all: Vec<Tally> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(move || rounds(thread))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let sum = |count: fn(&Tally) -> usize| all.iter().map(count).sum::<usize>();
    let message = [sum(|tally| tally.unsent), sum(|tally| tally.interrupted), sum(|tally| tally.answered)];
    // Each moment was hit: before the call, during it, and after.
    assert!(message.iter().all(|count| *count >= 5), "unsent, interrupted, answered: {message:?}");
}

/// The store holds this item whole.
async fn assert_stored(path: &Path, digits: &str) {
    let store = LocalStore::new(Place::file(path));
    let rows = lines(&store).await;
    let row = rows.iter().find(|line| line.subject.as_str() == digits);
    let kept = store.open(row.unwrap_or_else(|| panic!("{digits} is lost")).id.unwrap()).await.unwrap();
    assert_eq!(kept.item().unwrap().field("num_iid").to_text(), digits);
}

/// Asks for an item, and waits until its answer is on the screen.
fn ask(store: &Path, gateway: &Gateway, digits: &str) -> Session {
    let path = store.to_str().unwrap();
    let mut session = Setup::new().account(&gateway.url()).args(&["--store", path, digits]).start();
    session.wait_for(&english().enter_fetches("Enter"));
    session.press(ENTER);
    session.wait_until("the answer", |screen| screen.contents().contains(" s at "));
    session
}

#[test]
fn an_answer_on_the_screen_is_stored_unless_the_screen_says_that_it_is_not_yet() {
    let gateway = Gateway::start();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // 14 kB, and 2 MB, which is shown before it can be written.
    for (rounds, ending) in [(24, "90030"), (6, "10000")] {
        for round in 0..rounds {
            let digits = format!("6195{round:03}{ending}");
            let mut session = ask(&path, &gateway, &digits);
            let was_stored = !session.shows(english().not_stored_yet());
            session.kill();
            if was_stored {
                runtime.block_on(assert_stored(&path, &digits));
            }
        }
        // The words go when it is written.
        let digits = format!("6195999{ending}");
        let mut session = ask(&path, &gateway, &digits);
        session.wait_without(english().not_stored_yet());
        session.kill();
        runtime.block_on(assert_stored(&path, &digits));
    }
}

#[test]
fn an_item_whose_call_was_killed_says_beside_its_price_that_it_may_be_billed_twice() {
    let delay = Duration::from_millis(300);
    let gateway = Gateway::with(Settings { delay: Delay::between(delay, delay), ..Settings::default() });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    let start =
        || Setup::new().account(&gateway.url()).args(&["--store", path.to_str().unwrap(), ITEM]).start();
    let may_be_billed_twice = english().enter_buys_again();
    let mut killed = start();
    killed.wait_for(&english().enter_fetches("Enter"));
    assert!(!killed.shows(may_be_billed_twice));
    killed.press(ENTER);
    gateway.wait_for_calls(1);
    killed.kill();
    let mut next = start();
    next.wait_for(may_be_billed_twice);
    assert!(next.shows(&english().enter_fetches("Enter")));
    assert_eq!(gateway.calls(), 1);
    next.press(ENTER);
    next.wait_for(&english().enter_shows_stored("Enter"));
    assert!(!next.shows(may_be_billed_twice));
    assert_eq!(gateway.calls(), 2);
}
