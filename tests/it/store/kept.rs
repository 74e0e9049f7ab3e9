//! What was kept comes back as it was, and gives no secret away.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::Duration;

use encoding_rs::GBK;
use obx_core::store::{Begun, LogEntry, Store, StoreErrorKind};
use onebound::{Billing, Exchange, Failure, Outcome, RequestStage};

use super::support::{
    CAPTURED, Home, ITEM, KEY, SECRET, ago, answered, assert_same, call, ended, intent, item, keep, key,
    question, scoped, vendor,
};

/// One of every kind that there is.
fn every_kind() -> Vec<Exchange> {
    let mut all: Vec<_> = CAPTURED.iter().map(|(_, body)| answered(ITEM, *body, ago(100))).collect();
    let echo =
        format!(r#"{{"error_code":"4013","reason":"Key[{KEY}]已超量 {SECRET}","request_id":"{KEY}"}}"#);
    let (gbk, _, _) = GBK.encode(&echo);
    all.push(answered(ITEM, echo.clone(), ago(90)));
    all.push(answered(ITEM, gbk.into_owned(), ago(80)));
    all.push(item(ITEM, &format!("{KEY} und {SECRET}"), SECRET, ago(75)));
    all.push(answered(ITEM, format!("<html><title>{KEY}</title>{SECRET}</html>"), ago(70)));
    all.push(answered(
        ITEM,
        [b"\0\xff\xfe".as_slice(), SECRET.as_bytes(), &vec![0x80; 400_000]].concat(),
        ago(60),
    ));
    all.push(answered(ITEM, "", ago(50)));
    let timeout = Outcome::Failed(Failure::Timeout(Duration::from_secs(30)));
    all.push(ended(
        ITEM,
        Outcome::Failed(Failure::Connect("refused".to_owned())),
        RequestStage::NothingSent,
        b"",
    ));
    all.push(ended(ITEM, timeout, RequestStage::Sent, b""));
    all.push(ended(ITEM, Outcome::Failed(Failure::Closed), RequestStage::Answered, echo.as_bytes()));
    all.push(ended(ITEM, Outcome::Cancelled, RequestStage::Answered, br#"{"item":{"#));
    all.push(ended(ITEM, Outcome::Cancelled, RequestStage::NothingSent, b""));
    all
}

#[tokio::test]
async fn every_kind_of_exchange_comes_back_as_it_was_also_in_another_session() {
    let home = Home::new();
    let store = home.store();
    let mut kept = Vec::new();
    for live in every_kind() {
        kept.push((keep(store.as_ref(), live.clone()).await, live));
    }
    for session in [store, home.store()] {
        for (id, live) in &kept {
            assert_same(&session.open(*id).await.unwrap(), live);
        }
    }
}

#[tokio::test]
async fn the_line_of_an_exchange_is_the_same_from_memory_and_from_the_store() {
    let home = Home::new();
    let store = home.store();
    let mut lines = Vec::new();
    for live in every_kind() {
        let id = keep(store.as_ref(), live.clone()).await;
        lines.push(LogEntry::new(Some(id), key(), &live));
    }
    assert_eq!(home.store().opened(100, ago(1_000)).await.unwrap().lines, lines);
}

#[tokio::test]
async fn no_key_and_no_secret_is_in_the_file_but_in_packed_bodies_and_nobody_else_may_read_it() {
    let home = Home::new();
    let store = home.store();
    for live in every_kind() {
        keep(store.as_ref(), live).await;
    }
    assert_eq!(home.path().metadata().unwrap().permissions().mode() & 0o777, 0o600);
    for suffix in ["-wal", "-shm"] {
        let beside = home.folder.path().join(format!("store.sqlite{suffix}"));
        assert_eq!(beside.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{suffix}");
    }
    let inside = home.inside();
    let names = |sql: &str| -> Vec<String> {
        let mut statement = inside.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let mut columns = 0;
    for table in names("SELECT name FROM sqlite_master WHERE type = 'table'") {
        for column in names(&format!("SELECT name FROM pragma_table_info('{table}')")) {
            if (table.as_str(), column.as_str()) == ("bodies", "packed") || table == "search" {
                continue;
            }
            columns += 1;
            for planted in [KEY, SECRET] {
                let sql = format!(
                    "SELECT count(*) FROM \"{table}\" WHERE instr(lower(CAST(\"{column}\" AS BLOB)), CAST('{planted}' AS BLOB))
                     OR instr(lower(CAST(\"{column}\" AS TEXT)), '{planted}')"
                );
                let found: i64 = inside.query_row(&sql, [], |row| row.get(0)).unwrap();
                assert_eq!(found, 0, "{planted} in {table}.{column}");
            }
        }
    }
    assert!(columns > 30, "{columns} columns were looked at");
    for (words, found) in [("planted", 0), ("已超量", 4)] {
        assert_eq!(store.find(vendor(), words.to_owned(), 100).await.unwrap().len(), found, "{words}");
    }
}

#[tokio::test]
async fn a_stored_answer_that_was_shown_is_a_line_of_its_own_and_free() {
    let home = Home::new();
    let store = home.store();
    let live = item(ITEM, "机", "1.00", ago(100));
    let id = keep(store.as_ref(), live.clone()).await;
    let reuse = store.reuse(id, call(ITEM), key(), ago(10)).await.unwrap();
    let lines = store.opened(10, ago(1_000)).await.unwrap().lines;
    let [first, second] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!((first.reuses, second.reuses, second.id), (None, Some(id), Some(reuse)));
    assert_eq!((second.billing, second.size, second.started_at), (Billing::Free, first.size, ago(10)));
    assert_eq!(second.summary, first.summary);
    assert_same(&store.open(reuse).await.unwrap(), &live);
    // It is no answer of its own: the answer is as old as it was.
    let answer = store.answer(&question(ITEM)).await.unwrap().unwrap();
    assert_eq!((answer.id, store.versions(scoped(ITEM)).await.unwrap().rows.len()), (Some(id), 1));
}

#[tokio::test]
async fn a_call_of_which_only_the_ledgers_row_is_there_was_interrupted() {
    let home = Home::new();
    let store = home.store();
    let Begun::Go(id) = store.begin(intent(call(ITEM), ago(100))).await.unwrap() else { panic!() };
    let Begun::Go(under_way) = store.begin(intent(call("610947572361"), ago(0))).await.unwrap() else {
        panic!()
    };
    let next = home.store();
    let lines = next.opened(10, ago(1_000)).await.unwrap().lines;
    let [line] = lines.as_slice() else { panic!("one is under way: {lines:?}") };
    assert_eq!(
        (line.id, &line.summary.outcome, line.billing),
        (Some(id), &Outcome::Interrupted, Billing::Unknown)
    );
    let opened = next.open(id).await.unwrap();
    assert_eq!(
        (&opened.outcome, opened.started_at, &opened.call),
        (&Outcome::Interrupted, ago(100), &call(ITEM))
    );
    assert_eq!(next.open(under_way).await.unwrap().outcome, Outcome::Interrupted);
}

#[tokio::test]
async fn an_answer_can_be_found_and_opened_before_it_is_written() {
    let home = Home::new();
    let store = home.store();
    let live = Arc::new(item(ITEM, "机", "1.00", ago(0)));
    let Begun::Go(id) = store.begin(intent(call(ITEM), ago(0))).await.unwrap() else { panic!() };
    let lock = home.inside();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let written = store.complete(Some(id), key(), Arc::clone(&live));
    assert!(Arc::ptr_eq(&store.open(id).await.unwrap(), &live));
    assert!(Arc::ptr_eq(&store.answer(&question(ITEM)).await.unwrap().unwrap().exchange, &live));
    lock.execute_batch("COMMIT").unwrap();
    assert_eq!(written.await.unwrap(), id);
    assert_same(&store.open(id).await.unwrap(), &live);
}

#[tokio::test]
async fn what_was_never_kept_is_missing_and_a_store_that_is_not_there_is_empty() {
    let home = Home::new();
    let store = home.store();
    let opened = store.opened(10, ago(0)).await.unwrap();
    assert!(opened.lines.is_empty() && opened.answered.is_empty() && !home.path().exists());
    let id = keep(store.as_ref(), item(ITEM, "机", "1.00", ago(0))).await;
    let gone = store.open(obx_core::store::ExchangeId(id.0 + 1)).await.unwrap_err();
    assert_eq!(gone.fault, StoreErrorKind::Missing);
}

#[tokio::test]
async fn what_is_secret_in_a_body_is_not_found() {
    let home = Home::new();
    let store = home.store();
    let body = format!(r#"{{"error_code":"4013","reason":"Key[{KEY}] {SECRET} 已超量"}}"#);
    keep(store.as_ref(), answered(ITEM, body, ago(9))).await;
    let found = |words: &str| store.find_in_bodies(vendor(), words.to_owned(), None);
    assert_eq!(found("已超量").await.unwrap().found.len(), 1);
    let (end, start) = (KEY.get(2..).unwrap(), SECRET.get(..SECRET.len() - 2).unwrap());
    for secret in [KEY, SECRET, end, start] {
        assert_eq!(found(secret).await.unwrap().found.len(), 0);
    }
}

#[tokio::test]
async fn a_body_that_can_not_be_read_is_counted_and_the_others_are_searched() {
    let home = Home::new();
    let store = home.store();
    for digits in [ITEM, "610947572361"] {
        keep(store.as_ref(), item(digits, "标题", "1.50", ago(9))).await;
    }
    home.inside().execute("UPDATE bodies SET packed = substr(packed, 9) WHERE id = 2", []).unwrap();
    let piece = store.find_in_bodies(vendor(), "1.50".to_owned(), None).await.unwrap();
    assert_eq!((piece.found.len(), piece.unread, piece.rest), (1, 1, None));
}
