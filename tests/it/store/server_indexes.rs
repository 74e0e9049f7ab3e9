//! A large store on a `PostgreSQL` server: whatever is asked of it reads an index, not a whole table.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use obx_core::config::Guards;
use obx_core::store::{Begun, ExchangeId, Intent, PostgresStore, Store};

use super::support::{ITEM, ago, call, intent, item, keep, key, question, scoped, vendor};
use crate::support::postgres::Schema;

/// Copies of one exchange, each of another item.
const COPIES: &str = "
    INSERT INTO exchanges (started_at, beijing_day, num_iid, question, question_digest, host, scope, key, call, asked_by,
        outcome, billing, answers, answered_at, used, allowed, total_ms, size, text, api_info, price, stock)
    SELECT started_at - 100000000 + n, beijing_day - n / 1000, (600000000000 + n)::text, question || n,
        sha256(n::text::bytea), host, scope, key, call, asked_by, outcome, billing, answers, answered_at, used, allowed,
        total_ms, size, text, api_info, price, stock
    FROM exchanges e, generate_series(1, 100000) n WHERE e.id = 1;
    INSERT INTO bodies (id, record, packed)
    SELECT e.id, b.record, b.packed FROM exchanges e, bodies b WHERE b.id = 1 AND e.id > 1;
    ANALYZE";

/// How often a whole table was read, by the server's count, which it makes shortly after a session has ended.
fn whole_tables(schema: &Schema) -> String {
    let mut counted = String::new();
    loop {
        std::thread::sleep(Duration::from_millis(500));
        let now = schema.query(
            "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE schemaname = current_schema()
             AND relname IN ('exchanges', 'bodies') ORDER BY relname",
        );
        if now == counted {
            return now;
        }
        counted = now;
    }
}

#[tokio::test]
async fn at_a_hundred_thousand_exchanges_no_request_reads_a_whole_table() {
    let Some(schema) = Schema::create() else { return };
    let filler = PostgresStore::new(schema.place());
    let first = keep(&filler, item(ITEM, "小米手机", "1.00", ago(9))).await;
    assert_eq!(first, ExchangeId(1));
    filler.close().await;
    schema.query(COPIES);
    let before = whole_tables(&schema);
    let store = PostgresStore::new(schema.place());
    let start = Instant::now();
    let guards = Guards { cap: Some(1_000_000), reserve: Some(1) };
    let asked = Intent { guards, ..intent(call("610947572361"), Timestamp::now()) };
    let Begun::Go(id) = store.begin(asked).await.unwrap() else { panic!() };
    store.complete(Some(id), key(), item("610947572361", "水杯", "2.00", ago(1)).into()).await.unwrap();
    store.reuse(first, call(ITEM), key(), ago(0)).await.unwrap();
    assert!(store.answer(&question(ITEM)).await.unwrap().is_some());
    let known = store.known(vendor(), vec![call(ITEM), call("610947572362")]).await.unwrap();
    assert!(known[0].answered.is_some() && known[1].answered.is_none());
    let lines = store.lines((90_000..90_200).map(ExchangeId).collect()).await.unwrap();
    assert_eq!(lines.rows.len(), 200);
    assert!(store.lines_after(id).await.unwrap().rows.len() > 100);
    assert!(store.answered_after(id).await.unwrap().len() > 100);
    assert_eq!(store.versions(scoped(ITEM)).await.unwrap().rows.len(), 1);
    assert!(store.open(ExchangeId(50_000)).await.is_ok());
    assert_eq!(store.find(vendor(), "水杯".to_owned(), 50).await.unwrap().len(), 1);
    assert_eq!(store.find(vendor(), "米手".to_owned(), 50).await.unwrap().len(), 50);
    assert!(store.find_in_bodies(vendor(), "execution_time".to_owned(), None).await.unwrap().rest.is_some());
    // Far more than all of them take, and far less than they took if each read everything.
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    store.close().await;
    drop(store);
    assert_eq!(whole_tables(&schema), before);
}
