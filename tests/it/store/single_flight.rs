//! One question, one request, in however many sessions; and no request without a row that is on the disk.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use obx_core::config::Freshness;
use obx_core::fetch::{FetchPolicy, Fetched, Fetcher, NotSent, Source};
use obx_core::store::{Begun, Store};
use onebound::{CallHandle, CallProgress, Exchange, Host, Outcome, WaitsFor};
use onebound_emulator::{Delay, Settings};
use rusqlite::{Connection, OpenFlags};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::held_look::HeldLook;
use super::support::{Home, ITEM, ago, assert_same, call, intent_at, key};
use crate::api::support::{client, emulator, host_of};

fn fetcher(store: Arc<dyn Store>, host: Host) -> Fetcher {
    Fetcher::new(client(), vec![host], store, Freshness::default())
}

async fn fetch(fetcher: &Fetcher, want: FetchPolicy) -> Fetched {
    fetcher.fetch(call(ITEM), want, &CallHandle::default()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sessions_that_ask_the_same_at_once_one_sends_and_the_others_get_its_answer() {
    let delay = Delay::between(Duration::from_millis(400), Duration::from_millis(400));
    let emulator =
        onebound_emulator::Emulator::start_with(Settings { delay, ..Settings::default() }).await.unwrap();
    for (round, want) in (1..).zip([
        FetchPolicy::CacheFirst,
        FetchPolicy::Refresh,
        FetchPolicy::CacheFirst,
        FetchPolicy::Refresh,
        FetchPolicy::Override,
    ]) {
        let home = Home::new();
        let sessions = [(); 3].map(|()| fetcher(home.store(), host_of(&emulator)));
        let all =
            tokio::join!(fetch(&sessions[0], want), fetch(&sessions[1], want), fetch(&sessions[2], want));
        let all = [all.0, all.1, all.2];
        let from = |source| all.iter().filter(|fetched| fetched.source == source).count();
        assert_eq!((from(Source::Live), from(Source::Live) + from(Source::Joined)), (1, 3), "{want:?}");
        assert_eq!(emulator.calls(), round, "{want:?}");
        let live = all.iter().find(|fetched| fetched.source == Source::Live).unwrap();
        for joined in all.iter().filter(|fetched| fetched.source == Source::Joined) {
            assert_same(&joined.exchange, &live.exchange);
            assert_eq!((joined.id, joined.stored.is_none()), (live.id, true));
        }
        assert_eq!(home.count("SELECT count(*) FROM exchanges"), 1);
    }
}

#[tokio::test]
async fn who_found_nothing_before_another_session_was_answered_takes_that_answer() {
    let home = Home::new();
    let emulator = emulator().await;
    let held = HeldLook::new(home.store());
    let late = fetcher(Arc::clone(&held) as Arc<dyn Store>, host_of(&emulator));
    let late = tokio::spawn(async move { fetch(&late, FetchPolicy::CacheFirst).await });
    held.found.notified().await;
    let answer = fetch(&fetcher(home.store(), host_of(&emulator)), FetchPolicy::CacheFirst).await;
    answer.stored.unwrap().await.unwrap();
    held.heard.notify_one();
    let source = late.await.unwrap().source;
    assert_eq!((answer.source, source, emulator.calls()), (Source::Live, Source::Joined, 1));
}

#[tokio::test]
async fn who_waits_for_another_session_reads_no_answer_until_there_is_one() {
    let home = Home::new();
    let emulator = emulator().await;
    let host = host_of(&emulator);
    // An older answer, which must not be read again and again.
    let older = fetch(&fetcher(home.store(), host.clone()), FetchPolicy::Refresh).await;
    older.stored.unwrap().await.unwrap();
    let other = home.store();
    let begun = other.begin(intent_at(host.clone(), call(ITEM), ago(0))).await.unwrap();
    let Begun::Go(id) = begun else { panic!("{begun:?}") };
    let counted = HeldLook::new(home.store());
    let waiting = fetcher(Arc::clone(&counted) as Arc<dyn Store>, host);
    let waiting = tokio::spawn(async move { fetch(&waiting, FetchPolicy::Refresh).await });
    let asked_again = tokio::time::timeout(Duration::from_secs(30), counted.begins.acquire_many(4)).await;
    asked_again.expect("it reads an answer in between").unwrap().forget();
    assert_eq!(counted.looks(), 0);
    let mut answer = Exchange::clone(&older.exchange);
    answer.started_at = Timestamp::now();
    other.complete(Some(id), key(), Arc::new(answer)).await.unwrap();
    let joined = waiting.await.unwrap();
    assert_eq!((joined.source, counted.looks(), emulator.calls()), (Source::Joined, 1, 1));
}

#[tokio::test]
async fn an_answer_of_another_session_that_can_not_be_read_is_not_waited_for() {
    let home = Home::new();
    let emulator = emulator().await;
    let first = fetch(&fetcher(home.store(), host_of(&emulator)), FetchPolicy::Refresh).await;
    first.stored.unwrap().await.unwrap();
    // It comes while the other session waits, and is damaged.
    let inside = home.inside();
    inside.execute("UPDATE exchanges SET started_at = started_at + 10000", []).unwrap();
    inside.execute("UPDATE bodies SET packed = substr(packed, 9)", []).unwrap();
    let waiting = fetcher(home.store(), host_of(&emulator));
    let line = CallHandle::default();
    let fetching = waiting.fetch(call(ITEM), FetchPolicy::Refresh, &line);
    let refused = tokio::time::timeout(Duration::from_secs(30), fetching).await.expect("it waits for ever");
    assert!(matches!(refused, Err(NotSent::NoLedger(_))), "{refused:?}");
    assert_eq!(emulator.calls(), 1);
    let overriding = fetch(&waiting, FetchPolicy::Override).await;
    assert_eq!((overriding.source, emulator.calls()), (Source::Live, 2));
}

#[tokio::test]
async fn a_session_that_died_is_waited_for_until_its_lease_is_over_and_then_the_call_is_in_doubt() {
    let home = Home::new();
    let emulator = emulator().await;
    let mut died = intent_at(host_of(&emulator), call(ITEM), ago(0));
    died.lease = Duration::from_secs(2);
    assert!(matches!(home.store().begin(died).await.unwrap(), Begun::Go(_)));
    let fetcher = fetcher(home.store(), host_of(&emulator));
    let line = CallHandle::default();
    let fetching = fetcher.fetch(call(ITEM), FetchPolicy::CacheFirst, &line);
    tokio::pin!(fetching);
    let early = tokio::time::timeout(Duration::from_millis(500), &mut fetching).await;
    assert!(early.is_err() && emulator.calls() == 0, "{early:?}");
    let refusal = fetching.await.unwrap_err();
    assert!(matches!(refusal, NotSent::InDoubt { .. }) && emulator.calls() == 0, "{refusal:?}");
    // Whoever asks again knows of it.
    let answer = fetcher.fetch(call(ITEM), FetchPolicy::CacheFirst, &CallHandle::default()).await.unwrap();
    assert_eq!((answer.source, answer.in_doubt.is_some(), emulator.calls()), (Source::Live, true, 1));
    answer.stored.unwrap().await.unwrap();
    let lines = home.store().opened(9, ago(0)).await.unwrap().lines;
    let outcomes: Vec<_> = lines.iter().map(|line| line.summary.outcome.clone()).collect();
    assert_eq!(outcomes, [Outcome::Interrupted, Outcome::Item]);
}

#[tokio::test]
async fn who_waits_for_another_session_can_leave_and_has_sent_nothing() {
    let home = Home::new();
    let emulator = emulator().await;
    let other = intent_at(host_of(&emulator), call(ITEM), ago(0));
    assert!(matches!(home.store().begin(other).await.unwrap(), Begun::Go(_)));
    let fetcher = fetcher(home.store(), host_of(&emulator));
    let line = CallHandle::default();
    let ending = async {
        let waits = |progress: &CallProgress| matches!(progress.waits_for, WaitsFor::OtherSession { .. });
        line.watch().wait_for(waits).await.unwrap();
        assert!(line.end_unsent());
    };
    let (ended, ()) = tokio::join!(fetcher.fetch(call(ITEM), FetchPolicy::Refresh, &line), ending);
    assert_eq!((&ended.unwrap().exchange.outcome, emulator.calls()), (&Outcome::Cancelled, 0));
}

/// While it answers, looks into the file for rows of calls under way.
async fn gateway_that_looks(path: PathBuf) -> (Host, Arc<Mutex<Vec<i64>>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let host = Host::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let saw = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _head = stream.read(&mut [0; 8_192]).await.unwrap();
            let inside = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
            let sql = "SELECT count(*) FROM exchanges WHERE outcome IS NULL AND billing = 2 AND num_iid = '610947572360'";
            saw.lock().unwrap().push(inside.query_row(sql, [], |row| row.get(0)).unwrap());
            let body = r#"{"error_code":"5000","reason":"x"}"#;
            let answer = format!(
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (host, seen)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_row_of_a_call_is_in_the_file_before_its_request_arrives() {
    let home = Home::new();
    let (host, seen) = gateway_that_looks(home.path()).await;
    let fetcher = fetcher(home.store(), host);
    for sent in 1..=20 {
        let answer = fetch(&fetcher, FetchPolicy::Refresh).await;
        answer.stored.unwrap().await.unwrap();
        assert_eq!(seen.lock().unwrap().as_slice(), vec![1; sent]);
    }
    assert_eq!(home.count("SELECT count(*) FROM exchanges WHERE outcome IS NULL"), 0);
}
