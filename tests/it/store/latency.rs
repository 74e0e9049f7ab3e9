//! Both engines return the same from 100,000 exchanges: a file on this machine, and a `PostgreSQL` server over its loopback.
//! How long each takes is printed, measured one after the other in one run.
//!
//! ```text
//! OBX_ROUNDS=all cargo test --release --test it latency -- --nocapture
//! ```

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use obx_core::config::{Place, TlsMode};
use obx_core::store::{self, Begun, ExchangeId, PostgresStore, Store};
use onebound::Exchange;

use super::server_indexes::copies;
use super::support::{Home, ago, answered, call, intent, keep, key, vendor};
use crate::support::postgres::Schema;
use crate::support::rounds;
use crate::tui::gateway::Gateway;
use crate::tui::pty::Setup;

const PHONE: &str = include_str!("../../responses/1688_item_get_610947572360.json");

/// How many texts there are to search.
const TEXTS: u64 = 20_000;

/// The same copies in a file.
const COPIES_IN_A_FILE: &str = "
    PRAGMA synchronous = OFF;
    BEGIN;
    CREATE TEMP TABLE n AS WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100000) SELECT n FROM n;
    INSERT INTO texts (id, digest, num_iid, title)
        SELECT 1 + n, CAST('text' || n AS BLOB), num_iid, title FROM texts, n WHERE id = 1 AND n <= 20000;
    INSERT INTO exchanges (id, started_at, beijing_day, num_iid, question, host, key, call, outcome, billing, answers, used,
            allowed, execution_time, total_ms, size, text, api_info, price, stock, scope)
        SELECT 1 + n, started_at - 100000000 + n, beijing_day - n / 1000, 600000000000 + n, question || n, host, key, call,
            outcome, billing, answers, used, allowed, execution_time, total_ms, size, 2 + n % 20000, api_info, price, stock,
            scope
        FROM exchanges, n WHERE id = 1;
    INSERT INTO bodies (id, record, packed) SELECT 1 + n, record, packed FROM bodies, n WHERE id = 1;
    COMMIT";

fn phone(digits: u64, started_at: Timestamp) -> Exchange {
    let digits = digits.to_string();
    answered(&digits, PHONE.replace("610947572360", &digits), started_at)
}

/// A store with many exchanges, and where it is.
struct Filled {
    name: &'static str,
    address: String,
    store: Arc<dyn Store>,
}

async fn filled_file(home: &Home) -> Filled {
    let store = home.store();
    keep(&*store, phone(610_940_000_000, ago(9))).await;
    store.close().await;
    let inside = home.inside();
    inside.execute_batch(COPIES_IN_A_FILE).unwrap();
    // The index keeps no text to copy from: the pairs of an item.
    let chars: Vec<char> = PHONE.chars().filter(|c| c.is_alphanumeric()).take(1_500).collect();
    let pairs: Vec<String> = chars.windows(2).map(|pair| pair.iter().collect()).collect();
    inside.execute_batch("BEGIN").unwrap();
    {
        let mut insert = inside.prepare("INSERT INTO search (rowid, pairs) VALUES (?1, ?2)").unwrap();
        for text in 2..=20_001_i64 {
            let rare = if text % 200 == 1 { "折叠 叠屏 屏" } else { "" };
            insert.execute((text, format!("{} {rare}", pairs.join(" ")))).unwrap();
        }
    }
    inside.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    Filled { name: "SQLite", address: home.path().to_str().unwrap().to_owned(), store: home.store() }
}

async fn filled_server(schema: &Schema) -> Filled {
    let filler = PostgresStore::new(schema.place());
    keep(&filler, phone(610_940_000_000, ago(9))).await;
    filler.close().await;
    schema.query(&copies(TEXTS, "pairs"));
    schema.run("VACUUM ANALYZE");
    let mut place = schema.place();
    (place.host, place.tls) = ("127.0.0.1".to_owned(), TlsMode::Disable);
    let address = schema.address_at(&format!("127.0.0.1:{}", place.port), "sslmode=disable");
    Filled { name: "PostgreSQL", address, store: store::open(&Place::from(place)) }
}

/// Prints the middle, and what one of twenty exceeds, of what was measured on each engine.
fn print(what: &str, taken: &mut [(&'static str, Vec<Duration>)]) {
    let figures = taken.iter_mut().map(|(name, times)| {
        times.sort_unstable();
        let at =
            |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1e3;
        format!("{name} {:>8.2} ms (p95 {:>8.2})", at(50), at(95))
    });
    let figures: Vec<String> = figures.collect();
    // Not `eprintln`, which is shown for failing tests only.
    let _ = writeln!(std::io::stderr(), "{what:<44}  {}", figures.join("  "));
}

/// Measures on one engine after the other, again and again, so that both have the same machine. What is measured counts what
/// it found, which is the same of both.
async fn compare(
    what: &str,
    engines: &[Filled; 2],
    rounds: u64,
    measure: impl AsyncFn(&dyn Store, u64) -> usize,
) {
    let mut taken = engines.each_ref().map(|engine| (engine.name, Vec::new()));
    for round in 0..rounds {
        let mut found = Vec::new();
        for (engine, (_, times)) in engines.iter().zip(&mut taken) {
            let start = Instant::now();
            found.push(measure(&*engine.store, round).await);
            times.push(start.elapsed());
        }
        assert!(found.windows(2).all(|pair| pair[0] == pair[1]), "{what}, round {round}: {found:?}");
    }
    print(what, &mut taken);
}

async fn reserve_and_record(store: &dyn Store, digits: u64) -> usize {
    let exchange = Arc::new(phone(digits, Timestamp::now()));
    let begun = store.begin(intent(call(&digits.to_string()), Timestamp::now())).await.unwrap();
    let Begun::Go(id) = begun else { panic!("{begun:?}") };
    store.complete(Some(id), key(), exchange).await.unwrap();
    1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_engines_find_the_same_among_100_000_exchanges() {
    let Some(schema) = Schema::on_its_own_server() else { return };
    // As a file has it.
    schema.set("fsync = on");
    let home = Home::new();
    let engines = [filled_file(&home).await, filled_server(&schema).await];
    let day_ago = Timestamp::now().checked_sub(SignedDuration::from_hours(24)).unwrap();
    compare("reserve and record a call (14 kB)", &engines, rounds(5, 200), async |store, round| {
        reserve_and_record(store, 611_000_000_000 + round).await
    })
    .await;
    compare("first page of the log", &engines, rounds(2, 20), async |store, _| {
        let opened = store.opened(300, day_ago).await.unwrap();
        opened.ids.len() + opened.lines.len()
    })
    .await;
    compare("the log's newest rows, as after a report", &engines, rounds(2, 20), async |store, _| {
        store.lines_after(ExchangeId(100_000)).await.unwrap().rows.len()
    })
    .await;
    compare("one item", &engines, rounds(5, 50), async |store, round| {
        let id = ExchangeId(1 + i64::try_from(round * 7_919 % 100_000).unwrap());
        store.open(id).await.unwrap().body.len()
    })
    .await;
    for words in ["直销", "厂家直销小米有品", "折叠屏", "锄头"] {
        compare(&format!("search: {words}"), &engines, rounds(2, 20), async |store, _| {
            store.find(vendor(), words.to_owned(), 1_000).await.unwrap().len()
        })
        .await;
    }
    let mut taken = engines.each_ref().map(|engine| (engine.name, Vec::new()));
    for (engine, (_, times)) in engines.iter().zip(&mut taken) {
        times.extend(tokio::task::block_in_place(|| row_in_another_explorer(engine)));
    }
    print("a row in another explorer", &mut taken);
}

/// How long rows take from the end of a write until another explorer shows them.
fn row_in_another_explorer(engine: &Filled) -> Vec<Duration> {
    let gateway = Gateway::start();
    let watching = Setup::new().account(&gateway.url()).args(&["--store", &engine.address]).start();
    watching.wait_for(&(611_000_000_000 + rounds(5, 200) - 1).to_string());
    let of_row = |round: u64| {
        let digits = 612_000_000_000 + round;
        // Rows come one at a time.
        std::thread::sleep(Duration::from_millis(400));
        tokio::runtime::Handle::current().block_on(reserve_and_record(&*engine.store, digits));
        let start = Instant::now();
        watching.wait_for(&digits.to_string());
        start.elapsed()
    };
    (0..rounds(2, 20)).map(of_row).collect()
}
