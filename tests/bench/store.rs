//! A store of 100,000 exchanges: `cargo bench --bench store`. Prints the memory that reading it takes, too.
//!
//! A thousand exchanges are kept by the store itself; the rest are copies of their rows, with other numbers, times
//! and items, for 100,000 commits would take minutes. Every copy has a text of its own in the index.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark fails by panicking"
)]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use obx_core::config::{Guards, Place};
use obx_core::fetch::Override;
use obx_core::store::{Begun, ExchangeId, Intent, LocalStore, Store};
use onebound::{Answer, Call, Catalog, Credentials, Exchange, Fingerprint, Host, ItemId, Scope, Timing};
use rusqlite::Connection;
use tokio::runtime::Runtime;

const COUNT: i64 = 100_000;
const KEPT: i64 = 1_000;
const PHONE: &str = include_str!("../responses/1688_item_get_610947572360.json");

fn key() -> Fingerprint {
    Fingerprint::from_stored("5f3a9c1e")
}

fn vendor() -> Scope {
    Host::default().scope()
}

fn call(at: i64) -> Call {
    Call::item_get(ItemId::find(&(610_940_000_000 + at).to_string()).unwrap())
}

fn exchange(at: i64, body: Bytes) -> Arc<Exchange> {
    let credentials = Credentials::new("a-key-of-sixteen", "a-secret-of-some").unwrap();
    let answer = Answer { status: 200, headers: Vec::new(), body };
    let started_at = Timestamp::from_second(Timestamp::now().as_second() - COUNT * 60 + at * 60).unwrap();
    Arc::new(Exchange::from_answer(
        call(at),
        Host::default(),
        started_at,
        Timing::default(),
        answer,
        &credentials,
    ))
}

/// The captured item under another number and title; one of a hundred is of another seller's.
fn phone(at: i64) -> Bytes {
    let title = if at % 100 == 0 { "罕见折叠屏老人机" } else { "厂家直销小米有品" };
    let id = (610_940_000_000 + at).to_string();
    PHONE.replace("610947572360", &id).replace("厂家直销小米有品", title).into()
}

fn begin(at: i64) -> Intent {
    let (host, guards) = (Host::default(), Guards { cap: Some(1_000_000), reserve: Some(1) });
    let (at, call) = (Timestamp::now(), call(at));
    Intent {
        call,
        host,
        key: key(),
        guards,
        gateways: vec![vendor()],
        overrides: Override::Nothing,
        doubt_lasts: None,
        at,
        asked_at: Timestamp::MAX,
        lease: Duration::from_secs(60),
    }
}

fn build(runtime: &Runtime, path: &Path) {
    let store = LocalStore::new(Place::file(path));
    for at in 0..KEPT {
        runtime.block_on(store.complete(None, key(), exchange(at, phone(at)))).unwrap();
    }
    let inside = Connection::open(path).unwrap();
    let copies = format!(
        "PRAGMA synchronous = OFF;
         BEGIN;
         CREATE TEMP TABLE n AS WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {rounds})
             SELECT n FROM n;
         INSERT INTO texts (id, digest, num_iid, title)
             SELECT id + n * {KEPT}, CAST(hex(digest) || n AS BLOB), num_iid + n * {KEPT}, title FROM texts, n ORDER BY n, id;
         INSERT INTO exchanges (id, started_at, beijing_day, num_iid, question, host, key, call, outcome, billing,
                 answers, used, allowed, execution_time, total_ms, size, text, api_info, price, stock, scope)
             SELECT id + n * {KEPT}, started_at + n * {KEPT} * 60000, beijing_day + n * {KEPT} / 1440,
                 num_iid + n * {KEPT}, replace(question, num_iid, num_iid + n * {KEPT}), host, key,
                 replace(call, num_iid, num_iid + n * {KEPT}), outcome, billing, answers, used, allowed,
                 execution_time, total_ms, size, text + n * {KEPT}, api_info, price, stock, scope
             FROM exchanges, n ORDER BY n, id;
         INSERT INTO bodies (id, record, packed)
             SELECT id + n * {KEPT}, record, packed FROM bodies, n ORDER BY n, id;
         COMMIT",
        rounds = COUNT / KEPT - 1,
    );
    inside.execute_batch(&copies).unwrap();
    index_copies(&inside);
    inside.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let size = path.metadata().unwrap().len() / 1024 / 1024;
    println!("{COUNT} exchanges in {size} MB");
}

/// The index keeps no text to copy from, so texts like those of the store are put in: the pairs of an item.
fn index_copies(inside: &Connection) {
    let text: String = PHONE.chars().filter(|c| c.is_alphanumeric()).take(1_500).collect();
    let chars: Vec<char> = text.chars().collect();
    let pairs: Vec<String> = chars.windows(2).map(|pair| pair.iter().collect()).collect();
    let pairs = pairs.join(" ");
    let common = "厂家 家直 直销 销小 小米 米有 有品 品";
    let rare = "罕见 见折 折叠 叠屏 屏老 老人 人机 机";
    inside.execute_batch("BEGIN").unwrap();
    let mut insert = inside.prepare("INSERT INTO search (rowid, pairs) VALUES (?1, ?2)").unwrap();
    for at in KEPT..COUNT {
        let title = if at % 100 == 0 { rare } else { common };
        insert.execute((at + 1, format!("{} {title} {pairs}", 610_940_000_000 + at))).unwrap();
    }
    inside.execute_batch("COMMIT").unwrap();
}

/// Of this process, in megabytes.
fn memory() -> f64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let resident: f64 = pages.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or_default();
    resident * 4.0 / 1024.0
}

fn print_memory(runtime: &Runtime, path: &Path) {
    let store = LocalStore::new(Place::file(path));
    let before = memory();
    let opened = runtime.block_on(store.opened(300, Timestamp::now())).unwrap();
    let rest = runtime.block_on(store.lines(opened.ids.clone())).unwrap().rows;
    println!(
        "memory: {before:.1} MB before, {:.1} MB with {} lines",
        memory(),
        rest.len() + opened.lines.len()
    );
}

/// How long a ledger's row waits while an answer of 50 MB is being written.
fn print_wait_behind_a_large_body(runtime: &Runtime, path: &Path) {
    let store = LocalStore::new(Place::file(path));
    let sku = r#"{"price":"1.00","sku_id":"4994840000000","properties_name":"0:1:颜色:红","quantity":7},"#;
    let skus = sku.repeat(50 * 1024 * 1024 / sku.len());
    let id = (610_940_000_000 + COUNT + 7).to_string();
    let body = PHONE.replace("610947572360", &id).replace("\"sku\": [", &format!("\"sku\": [{skus}"));
    let large = exchange(COUNT + 7, body.into());
    runtime.block_on(async {
        store.begin(begin(COUNT + 8)).await.unwrap();
        let start = Instant::now();
        let written = tokio::spawn(store.complete(None, key(), large));
        let mut longest = Duration::ZERO;
        let mut at = COUNT + 9;
        while !written.is_finished() {
            let one = Instant::now();
            store.begin(begin(at)).await.unwrap();
            longest = longest.max(one.elapsed());
            at += 1;
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        written.await.unwrap().unwrap();
        println!(
            "50 MB written after {:?}; a ledger's row meanwhile took {longest:?} at most",
            start.elapsed()
        );
    });
}

fn hundred_thousand(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    build(&runtime, &path);
    print_memory(&runtime, &path);
    reads(criterion, &runtime, &path);
    writes(criterion, &runtime, &path);
    print_wait_behind_a_large_body(&runtime, &path);
}

fn reads(criterion: &mut Criterion, runtime: &Runtime, path: &Path) {
    let store = LocalStore::new(Place::file(path));
    let day_ago = Timestamp::now().checked_sub(jiff::SignedDuration::from_hours(24)).unwrap();
    let mut group = criterion.benchmark_group("100,000");
    group.sample_size(20);
    group.bench_function("first page, in a session of its own", |bencher| {
        bencher.iter(|| {
            let store = LocalStore::new(Place::file(path));
            runtime.block_on(store.opened(300, day_ago)).unwrap()
        });
    });
    group.bench_function("first page", |bencher| {
        bencher.iter(|| runtime.block_on(store.opened(300, day_ago)).unwrap());
    });
    group.bench_function("all lines", |bencher| {
        bencher.iter(|| runtime.block_on(store.recent_calls(ExchangeId(i64::MAX), 0)).unwrap());
    });
    for (name, words, found) in [
        ("hits everywhere", "直销", 1_000),
        ("hits everywhere, long", "厂家直销小米有品", 1_000),
        ("one character", "直", 1_000),
        ("one of a hundred", "折叠屏", 1_000),
        ("one item", "610940054321", 1),
        ("none", "锄头", 0),
        ("letters everywhere, none together", "直销 折叠屏", 0),
    ] {
        assert_eq!(
            runtime.block_on(store.find(vendor(), words.to_owned(), 1_000)).unwrap().len(),
            found,
            "{words}"
        );
        group.bench_function(format!("search, {name}"), |bencher| {
            bencher
                .iter(|| runtime.block_on(store.find(vendor(), black_box(words).to_owned(), 1_000)).unwrap());
        });
    }
    let mut at = 0;
    group.bench_function("open one", |bencher| {
        bencher.iter(|| {
            at = (at + 7_919) % COUNT;
            runtime.block_on(store.open(ExchangeId(at + 1))).unwrap()
        });
    });
    group.bench_function("the answer to a question", |bencher| {
        bencher.iter(|| {
            at = (at + 7_919) % COUNT;
            let answer = runtime.block_on(store.answer(&call(at).question(&vendor()))).unwrap();
            answer.unwrap_or_else(|| panic!("{at}"))
        });
    });
    group.bench_function("items", |bencher| {
        bencher.iter(|| {
            runtime.block_on(store.items(Catalog { scope: vendor(), platform: "1688".into() })).unwrap()
        });
    });
    group.finish();
}

fn writes(criterion: &mut Criterion, runtime: &Runtime, path: &Path) {
    let store = LocalStore::new(Place::file(path));
    let mut group = criterion.benchmark_group("100,000");
    let mut at = COUNT * 10;
    group.bench_function("begin: the ledger's row, committed", |bencher| {
        bencher.iter(|| {
            at += 1;
            runtime.block_on(store.begin(begin(at))).unwrap()
        });
    });
    group.bench_function("complete 14 kB", |bencher| {
        let begun = || {
            at += 1;
            let Begun::Go(id) = runtime.block_on(store.begin(begin(at))).unwrap() else { panic!("busy") };
            (id, exchange(at, phone(at)))
        };
        let complete = |(id, exchange)| runtime.block_on(store.complete(Some(id), key(), exchange)).unwrap();
        bencher.iter_batched(begun, complete, BatchSize::PerIteration);
    });
    group.finish();
}

criterion_group!(benches, hundred_thousand);
criterion_main!(benches);
