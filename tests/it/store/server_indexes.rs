//! A large store on a `PostgreSQL` server: each query of the engine reads an index, and none a whole large table.
//!
//! The queries are taken from the engine's sources, and their plans from the server's log, as the server has made them for
//! what the engine asked. So a query that nothing here asks for fails the test: it gets its line in [`ask`].

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use obx_core::config::{Guards, Place};
use obx_core::fetch::Override;
use obx_core::store::{
    self, Begun, ExchangeId, Intent, PostgresPlace, PostgresStore, Store, StoreErrorKind, StoreRows,
};
use onebound::{Outcome, RequestStage};
use serde_json::Value;

use super::support::{
    Home, ITEM, ago, answered, call, catalog, ended, intent, item, item_id, keep, key, question, scoped,
    vendor,
};
use crate::support::postgres::{LinkState, Proxy, Schema};

const NEW: &str = "610947572361";
const LOST: &str = "610947572362";
const REFUSED: &str = "610947572363";

/// Makes 100,000 copies of the first exchange, each of another item, with so many texts, one of 200 of which has a rare word.
/// `pairs` is what the others have.
pub(super) fn copies(texts: u64, pairs: &str) -> String {
    format!(
        "INSERT INTO texts (digest, num_iid, title, pairs, lexemes)
         SELECT sha256(('text' || n)::bytea), num_iid, title, made,
             array_to_tsvector(ARRAY(SELECT DISTINCT pair FROM regexp_split_to_table(made, '\\s+') pair WHERE pair <> ''))
         FROM (SELECT t.*, n, {pairs} || CASE WHEN n % 200 = 0 THEN ' 折叠 叠屏 屏' ELSE ' x' || n END AS made
               FROM texts t, generate_series(1, {texts}) n WHERE id = 1) made;
         INSERT INTO exchanges (started_at, beijing_day, num_iid, question, question_digest, host, scope, key, call,
             asked_by, outcome, billing, answers, answered_at, used, allowed, total_ms, size, text, api_info, price, stock)
         SELECT started_at - 100000000 + n, beijing_day - n / 1000, (600000000000 + n)::text, question || n,
             sha256(n::text::bytea), host, scope, key, call, asked_by, outcome, billing, answers, answered_at, used,
             allowed, total_ms, size, 2 + n % {texts}, api_info, price, stock
         FROM exchanges e, generate_series(1, 100000) n WHERE e.id = 1;
         INSERT INTO bodies (id, record, packed)
         SELECT e.id, b.record, b.packed FROM exchanges e, bodies b WHERE b.id = 1 AND e.id > 1"
    )
}

/// Tables that grow with each call or item.
const LARGE: [&str; 3] = ["exchanges", "bodies", "texts"];

/// What reads a whole table because it is about all of it: how its text begins.
const WHOLE: [&str; 3] = [
    // `obx doctor` counts everything.
    "SELECT (SELECT count(*) FROM exchanges)",
    // `obx store check` compares all bodies with their rows.
    "SELECT b.id FROM bodies b WHERE NOT EXISTS",
    // Every item that a gateway was asked for, with its newest call.
    "SELECT asked.id, asked.num_iid",
];

/// A query as the server has logged it.
struct Planned {
    query: String,
    plan: Value,
}

/// Has the server log the plan of each query.
fn log_plans(schema: &Schema) {
    for setting in [
        "log_line_prefix = '%a|'",
        "session_preload_libraries = 'auto_explain'",
        "auto_explain.log_min_duration = 0",
        "auto_explain.log_format = 'json'",
    ] {
        schema.set(setting);
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads the plans of obx's own queries from a log.
fn plans(log: &str) -> Vec<Planned> {
    let entries = log.split("obx|LOG:  duration: ").skip(1);
    let plan = |entry: &str| {
        let (_, plan) = entry.split_once("plan:\n")?;
        let lines: Vec<&str> = plan.lines().take_while(|line| line.starts_with('\t')).collect();
        let plan: Value = serde_json::from_str(&lines.join("\n").replace('\t', " ")).ok()?;
        Some(Planned { query: one_line(plan["Query Text"].as_str()?), plan: plan["Plan"].clone() })
    };
    entries.filter_map(plan).collect()
}

/// The large tables that this plan reads from one end to the other.
fn whole_tables(plan: &Value) -> Vec<&str> {
    let below = plan["Plans"].as_array().into_iter().flatten().flat_map(whole_tables);
    let own = (plan["Node Type"] == "Seq Scan").then(|| plan["Relation Name"].as_str()).flatten();
    own.into_iter().chain(below).filter(|table| LARGE.contains(table)).collect()
}

/// The texts between quotes in the engine's sources that are queries or parts of them.
fn queries() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/obx-core/src/store/postgres");
    let mut found = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            found.extend(quoted(&fs::read_to_string(path).unwrap()));
        }
    }
    let begins = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];
    found.retain(|text| text.contains("$1") || begins.iter().any(|begin| text.starts_with(begin)));
    // Each makes or migrates the tables, before there is a row.
    found.retain(|text| !text.contains("store_version") && !text.contains("to_regnamespace"));
    found
}

fn quoted(source: &str) -> Vec<String> {
    let code: String = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .fold(String::new(), |code, line| code + line.split(" // ").next().unwrap_or_default() + "\n");
    let code = code.replace("'\"'", "").replace("\\\"", "'");
    code.split('"').skip(1).step_by(2).map(one_line).collect()
}

/// Whether the parts of a query that are in the source follow each other in what was asked.
fn is_asked(query: &str, asked: &BTreeSet<String>) -> bool {
    let parts: Vec<&str> = query.split(['{', '}']).step_by(2).map(str::trim).collect();
    asked.iter().any(|asked| {
        let mut rest = Some(asked.as_str());
        for part in &parts {
            rest = rest.and_then(|rest| rest.split_once(part)).map(|(_, rest)| rest);
        }
        rest.is_some()
    })
}

/// Asks everything that the engine can be asked.
async fn ask(schema: &Schema, place: PostgresPlace) {
    let store = PostgresStore::new(place.clone());
    let guards = Guards { cap: Some(1_000_000), reserve: Some(1) };
    let asked = Intent { guards, ..intent(call(NEW), Timestamp::now()) };
    let Begun::Go(id) = store.begin(asked).await.unwrap() else { panic!() };
    store.complete(Some(id), key(), item(NEW, "水杯", "2.00", ago(1)).into()).await.unwrap();
    let refused = answered(REFUSED, r#"{"error_code":"4013","reason":"x"}"#, ago(7));
    store.complete(None, key(), refused.into()).await.unwrap();
    keep(&store, ended(LOST, Outcome::Interrupted, RequestStage::Sent, b"")).await;
    keep(&store, item(NEW, "水杯", "2.00", ago(0))).await; // lifts the block
    store.reuse(ExchangeId(1), call(ITEM), key(), ago(0)).await.unwrap();
    assert!(store.answer(&question(ITEM)).await.unwrap().is_some());
    let known = store.known(vendor(), vec![call(ITEM), call(LOST)]).await.unwrap();
    assert!(known[0].answered.is_some() && known[1].unknown_at.is_some());
    assert_eq!(store.opened(300, ago(1_000)).await.unwrap().lines.len(), 300);
    let lines = store.lines((90_000..90_200).map(ExchangeId).collect()).await.unwrap();
    assert_eq!(lines.rows.len(), 200);
    assert!(store.lines_after(id).await.unwrap().rows.len() > 100);
    assert!(store.answered_after(id).await.unwrap().len() > 100);
    let days = store.recent_calls(id, store::beijing_day(Timestamp::now()) - 2).await.unwrap();
    assert!(days.rows.len() > 1_000);
    store.scan(Box::new(|rows| assert!(rows.count() > 100_000))).await.unwrap();
    assert!(store.open(ExchangeId(50_000)).await.is_ok());
    assert_eq!(store.open(ExchangeId(1_000_000)).await.unwrap_err().fault, StoreErrorKind::Missing);
    assert!(store.find(vendor(), "水杯".to_owned(), 50).await.unwrap().len() > 1);
    assert!(!store.find(vendor(), "米手".to_owned(), 50).await.unwrap().is_empty());
    assert_eq!(store.find(vendor(), "折叠屏".to_owned(), 50).await.unwrap().len(), 50);
    assert!(store.find_in_bodies(vendor(), "execution_time".to_owned(), None).await.unwrap().rest.is_some());
    assert_eq!(store.versions(scoped(ITEM)).await.unwrap().rows.len(), 1);
    assert!(store.items(catalog()).await.unwrap().rows.len() > 100_000);
    store.note(item_id(ITEM), true, "样品".to_owned()).await.unwrap();
    assert_eq!(store.annotation(item_id(ITEM)).await.unwrap().note, "样品");
    store.keep_program(".item".to_owned()).await.unwrap();
    assert_eq!(store.programs().await.unwrap(), [".item"]);
    ask_for_rows(&store).await;
    cut_while_committing(schema, &place).await;
    // Given up at the end.
    let overriding = Intent { overrides: Override::All, ..intent(call("610947572364"), Timestamp::now()) };
    assert!(matches!(store.begin(overriding).await.unwrap(), Begun::Go(_)));
    store.close().await;
    let place = Place::from(place);
    let health = tokio::task::spawn_blocking(move || store::inspect(&place)).await.unwrap();
    assert_eq!(health.unwrap().unwrap().damage, Vec::<String>::new());
}

/// What only a copy and a check ask.
async fn ask_for_rows(store: &PostgresStore) {
    assert_eq!(store.calls_after(ExchangeId(99_000), 50).await.unwrap().rows.len(), 50);
    assert_eq!(store.bodies((90_000..90_050).map(ExchangeId).collect()).await.unwrap().len(), 50);
    assert_eq!(store.bodies_without_rows().await.unwrap(), []);
    assert_eq!(StoreRows::annotations(store).await.unwrap().len(), 1);
    assert_eq!(store.all_programs().await.unwrap().len(), 1);
    let home = Home::new();
    let file = home.store();
    keep(&*file, item(ITEM, "从文件来", "1.00", ago(100))).await;
    keep(&*file, answered(REFUSED, r#"{"error_code":"4013","reason":"x"}"#, ago(90))).await;
    assert!(store::copy(&*file, store, &|_| ()).await.unwrap().is_complete());
}

/// A row that has to be looked for, and one that has to be deleted.
async fn cut_while_committing(schema: &Schema, place: &PostgresPlace) {
    let (proxy, spool) = (Proxy::start(schema), tempfile::tempdir().unwrap());
    let mut cut = proxy.place(schema, spool.path());
    cut.schema.clone_from(&place.schema);
    let store = PostgresStore::new(cut);
    assert_eq!(store.programs().await.unwrap().len(), 1);
    proxy.link.send_replace(LinkState::CutAtCommit { is_forwarded: true, stays_cut: false });
    let overriding = |digits| Intent { overrides: Override::All, ..intent(call(digits), Timestamp::now()) };
    let begun = store.begin(overriding("610947572365")).await.unwrap();
    assert!(matches!(begun, Begun::Go(_)), "{begun:?}");
    proxy.link.send_replace(LinkState::CutAtCommit { is_forwarded: true, stays_cut: true });
    store.begin(overriding("610947572366")).await.unwrap_err();
    proxy.link.send_replace(LinkState::Open);
    assert!(matches!(store.begin(overriding("610947572366")).await.unwrap(), Begun::Go(_)));
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_a_hundred_thousand_exchanges_each_query_reads_an_index() {
    let Some(schema) = Schema::on_its_own_server() else { return };
    let filler = PostgresStore::new(schema.place());
    assert_eq!(keep(&filler, item(ITEM, "小米手机", "1.00", ago(9))).await, ExchangeId(1));
    filler.close().await;
    schema.query(&copies(100_000, "''"));
    schema.run("VACUUM ANALYZE");
    log_plans(&schema);
    let before = schema.log().len();
    ask(&schema, schema.place()).await;
    let planned = plans(schema.log().get(before..).unwrap());
    let of_all = |query: &str| WHOLE.iter().any(|begin| query.starts_with(begin));
    let whole: BTreeSet<String> = planned
        .iter()
        .filter(|planned| !of_all(&planned.query) && !whole_tables(&planned.plan).is_empty())
        .map(|planned| format!("{} {:#}", planned.query, planned.plan))
        .collect();
    assert!(whole.is_empty(), "these read a whole table: {whole:#?}");
    let asked: BTreeSet<String> = planned.into_iter().map(|planned| planned.query).collect();
    let (queries, mut unasked) = (queries(), BTreeSet::new());
    assert!(queries.len() > 50, "{queries:?}");
    unasked.extend(queries.iter().filter(|query| !is_asked(query, &asked)));
    assert!(unasked.is_empty(), "nothing here asks for these: {unasked:#?}");
    let is_used = |begin: &&&str| asked.iter().any(|query| query.starts_with(**begin));
    let unused: Vec<_> = WHOLE.iter().filter(|begin| !is_used(begin)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}
