//! Sessions that share a `PostgreSQL` server, and what they do when it goes away.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use jiff::Timestamp;
use obx_core::config::{Guards, PostgresPlace, TlsMode};
use obx_core::fetch::Override;
use obx_core::store::{Begun, GuardViolation, Intent, PostgresStore, Store, StoreErrorKind};
use onebound::Exchange;

use super::support::{
    ITEM, KEY, SECRET, ago, call, catalog, intent, item, item_id, keep, key, question, vendor,
};
use crate::support::postgres::{LinkState, Proxy, Schema, certificate_and_key};

const OTHER: &str = "610947572361";

/// As another session on another machine would be, but for its owner's name.
fn session(schema: &Schema) -> PostgresStore {
    PostgresStore::new(schema.place())
}

#[tokio::test]
async fn of_two_sessions_at_a_cap_of_one_only_one_may_send() {
    let Some(schema) = Schema::create() else { return };
    let sessions = [session(&schema), session(&schema)];
    for round in 0..20 {
        schema_is_empty(&schema, &sessions[0]).await;
        let guards = Guards { cap: Some(1), reserve: None };
        let ask = |at: usize| {
            let id = (610_947_572_000_u64 + round * 2 + u64::try_from(at).unwrap()).to_string();
            let intent = Intent { guards, ..intent(call(&id), Timestamp::now()) };
            let store = sessions[at].clone();
            async move { store.begin(intent).await.unwrap() }
        };
        let begun = join_all([ask(0), ask(1)]).await;
        let sent = begun.iter().filter(|begun| matches!(begun, Begun::Go(_))).count();
        let refused =
            |begun: &&Begun| matches!(begun, Begun::NotSent(GuardViolation::Cap { cap: 1, used: 1 }));
        assert_eq!((sent, begun.iter().filter(refused).count()), (1, 1), "{begun:?}");
    }
}

/// Deletes what another round has left.
async fn schema_is_empty(schema: &Schema, store: &PostgresStore) {
    // Makes the tables.
    assert!(store.programs().await.unwrap().is_empty());
    schema.query("DELETE FROM exchanges");
}

#[tokio::test]
async fn of_many_sessions_with_one_new_question_one_asks_and_the_others_get_its_answer() {
    let Some(schema) = Schema::create() else { return };
    let sessions: Vec<_> = (0..5).map(|_| session(&schema)).collect();
    let asked_at = Timestamp::now();
    let ask = |store: &PostgresStore| {
        let store = store.clone();
        async move {
            let intent = Intent { asked_at, ..intent(call(ITEM), Timestamp::now()) };
            store.begin(intent).await.unwrap()
        }
    };
    let begun = join_all(sessions.iter().map(ask)).await;
    let ids: Vec<_> =
        begun.iter().filter_map(|begun| if let Begun::Go(id) = begun { Some(*id) } else { None }).collect();
    let waits = begun.iter().filter(|begun| matches!(begun, Begun::Busy(Some(_)))).count();
    assert_eq!((ids.len(), waits), (1, 4), "{begun:?}");
    let answer = item(ITEM, "机", "1.00", Timestamp::now());
    sessions[0].complete(Some(ids[0]), key(), answer.into()).await.unwrap();
    for store in &sessions {
        assert_eq!(ask(store).await, Begun::Answered);
        let answer = store.answer(&question(ITEM)).await.unwrap().unwrap();
        assert!(answer.came_at >= asked_at && answer.id == Some(ids[0]));
    }
}

#[tokio::test]
async fn a_session_hears_what_others_write_and_not_what_it_writes_itself() {
    let Some(schema) = Schema::create() else { return };
    let (one, other) = (session(&schema), session(&schema));
    let mut changes = one.changes().unwrap();
    // Once it listens it may have missed something.
    tokio::time::timeout(Duration::from_secs(5), changes.recv()).await.unwrap().unwrap();
    let before = one.revision().await;
    keep(&one, item(OTHER, "机", "1.00", ago(9))).await;
    assert!(tokio::time::timeout(Duration::from_millis(300), changes.recv()).await.is_err());
    assert_eq!(one.revision().await, before);
    let id = keep(&other, item(ITEM, "机", "1.00", ago(9))).await;
    tokio::time::timeout(Duration::from_secs(1), changes.recv()).await.unwrap().unwrap();
    assert_ne!(one.revision().await, before);
    let lines = one.lines_after(id).await.unwrap().rows;
    assert_eq!(lines.last().and_then(|line| line.id), Some(id));
}

#[tokio::test]
async fn sessions_that_come_at_once_make_the_tables_once_and_a_newer_store_is_left_alone() {
    let Some(schema) = Schema::create() else { return };
    let sessions: Vec<_> = (0..6).map(|_| session(&schema)).collect();
    for opened in join_all(sessions.iter().map(|store| store.opened(9, ago(0)))).await {
        assert_eq!(opened.unwrap().ids, []);
    }
    schema.query("UPDATE store_version SET version = 99");
    let later = session(&schema);
    let refused = [
        later.opened(9, ago(0)).await.unwrap_err(),
        later.begin(intent(call(ITEM), ago(0))).await.unwrap_err(),
    ];
    assert!(refused.iter().all(|error| error.fault == StoreErrorKind::Newer), "{refused:?}");
    assert_eq!(schema.query("SELECT count(*) FROM exchanges"), "0");
}

#[tokio::test]
async fn stars_notes_and_programs_are_a_persons_own_and_answers_are_everybodys() {
    let Some(schema) = Schema::create() else { return };
    let by = |name: &str| {
        let mut place = schema.place();
        place.asked_by = name.to_owned();
        PostgresStore::new(place)
    };
    let (ann, bob) = (by("ann@a"), by("bob@b"));
    let id = keep(&ann, item(ITEM, "机", "1.00", ago(9))).await;
    ann.note(item_id(ITEM), true, "样品".to_owned()).await.unwrap();
    ann.keep_program(".item".to_owned()).await.unwrap();
    let items = bob.items(catalog()).await.unwrap().rows;
    assert_eq!((items.len(), items[0].starred, items[0].note.as_str()), (1, false, ""));
    assert_eq!(bob.programs().await.unwrap(), Vec::<String>::new());
    assert_eq!(bob.answer(&question(ITEM)).await.unwrap().unwrap().id, Some(id));
    keep(&bob, item(ITEM, "机2", "1.00", ago(5))).await;
    let views = "SELECT c.asked_by, a.asked_by, a.title, i.title, i.note, i.asked_by
        FROM v_calls c JOIN v_answers a ON a.id = c.id, v_items i ORDER BY c.id";
    assert_eq!(schema.query(views), "ann@a|ann@a|机|机2|样品|bob@b\nbob@b|bob@b|机2|机2|样品|bob@b");
}

#[tokio::test]
async fn an_answer_that_can_not_be_sent_is_spooled_and_handed_in_once() {
    let Some(schema) = Schema::create() else { return };
    let (proxy, spool) = (Proxy::start(&schema), tempfile::tempdir().unwrap());
    let place = proxy.place(&schema, spool.path());
    let store = PostgresStore::new(place.clone());
    let Begun::Go(id) = store.begin(intent(call(ITEM), ago(9))).await.unwrap() else { panic!() };
    proxy.link.send_replace(LinkState::Cut);
    let answer = Arc::new(item(ITEM, "机", "1.00", ago(9)));
    let error = store.complete(Some(id), key(), Arc::clone(&answer)).await.unwrap_err();
    assert_eq!(error.fault, StoreErrorKind::ServerAway);
    assert!(error.to_string().contains("postgres://postgres@127.0.0.1"), "{error}");
    // It is shown meanwhile, and no other call begins.
    assert_eq!(store.answer(&question(ITEM)).await.unwrap().unwrap().id, Some(id));
    let refused = store.begin(intent(call(OTHER), ago(0))).await.unwrap_err();
    assert_eq!(refused.fault, StoreErrorKind::ServerAway);
    let files = spooled(spool.path());
    assert_eq!(files.len(), 1);
    let mode = files[0].metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // The session is killed, and another one of this machine hands the answer in, in two sessions at once.
    drop(store);
    proxy.link.send_replace(LinkState::Open);
    let others = [PostgresStore::new(place.clone()), PostgresStore::new(place)];
    for begun in join_all(others.iter().map(|store| store.begin(intent(call(OTHER), ago(0))))).await {
        assert!(matches!(begun.unwrap(), Begun::Go(_) | Begun::Busy(_)));
    }
    let found = others[0].answer(&question(ITEM)).await.unwrap().unwrap();
    assert_eq!((found.id, found.exchange.body.raw()), (Some(id), answer.body.raw()));
    assert_eq!(schema.query("SELECT count(*), sum(answers) FROM exchanges"), "2|1");
    assert_eq!(spooled(spool.path()), Vec::<PathBuf>::new());
}

/// Ends a session that could not hand in these answers; the next one gets to the server.
async fn spool_and_end(schema: &Schema, spool: &Path, answers: &[Exchange]) -> (Proxy, PostgresPlace) {
    let proxy = Proxy::start(schema);
    let store = PostgresStore::new(proxy.place(schema, spool));
    let mut ids = Vec::new();
    for answer in answers {
        let intent = Intent { overrides: Override::All, ..intent(answer.call.clone(), answer.started_at) };
        let Begun::Go(id) = store.begin(intent).await.unwrap() else { panic!() };
        ids.push(id);
    }
    proxy.link.send_replace(LinkState::Cut);
    for (id, answer) in ids.iter().zip(answers) {
        store.complete(Some(*id), key(), Arc::new(answer.clone())).await.unwrap_err();
    }
    assert_eq!(spooled(spool).len(), answers.len());
    // As of a session that was killed: its leases are over.
    schema.query("UPDATE exchanges SET lease_until = 1");
    proxy.link.send_replace(LinkState::Open);
    let place = proxy.place(schema, spool);
    (proxy, place)
}

#[tokio::test]
async fn nothing_is_decided_on_a_spooled_question_before_its_answer_is_handed_in() {
    let Some(schema) = Schema::create() else { return };
    let spool = tempfile::tempdir().unwrap();
    let answers = [item(ITEM, "机", "1.00", ago(9)), item(OTHER, "杯", "2.00", ago(9))];
    let (_proxy, place) = spool_and_end(&schema, spool.path(), &answers).await;
    let next = PostgresStore::new(place.clone());
    let ask = |id| {
        let (store, intent) = (next.clone(), Intent { asked_at: ago(10), ..intent(call(id), ago(0)) });
        async move { store.begin(intent).await.unwrap() }
    };
    assert_eq!(join_all([ask(ITEM), ask(OTHER), ask(OTHER)]).await, [const { Begun::Answered }; 3]);
    assert_eq!(schema.query("SELECT count(*), count(answered_at) FROM exchanges"), "2|2");
}

#[tokio::test]
async fn an_answer_handed_in_later_is_as_old_as_it_is() {
    const DAY: i64 = 86_400;
    let Some(schema) = Schema::create() else { return };
    let spool = tempfile::tempdir().unwrap();
    let friday = [item(ITEM, "周五", "1.00", ago(3 * DAY)), item(OTHER, "周五", "2.00", ago(3 * DAY))];
    let (_proxy, place) = spool_and_end(&schema, spool.path(), &friday).await;
    // As after `Y`: this call was sent without a row, so what is handed in gets the greatest number.
    schema.query(&format!("DELETE FROM exchanges WHERE num_iid = '{OTHER}'"));
    let sunday = keep(&session(&schema), item(OTHER, "周日", "3.00", ago(DAY))).await;
    let monday = PostgresStore::new(place);
    let fresh = Intent { asked_at: ago(0), ..intent(call(ITEM), ago(0)) };
    let begun = monday.begin(fresh).await.unwrap();
    assert!(matches!(begun, Begun::Go(_)), "{begun:?}");
    assert_eq!(schema.query("SELECT count(*), count(answered_at) FROM exchanges"), "4|3");
    let newest = monday.answer(&question(OTHER)).await.unwrap().unwrap();
    assert_eq!(newest.id, Some(sunday));
    let known = monday.known(vendor(), vec![call(OTHER)]).await.unwrap();
    assert_eq!(known[0].answered.map(|(at, _)| at), Some(newest.exchange.ended_at()));
    let answered = monday.answered_after(sunday).await.unwrap();
    let of_other = answered.iter().find(|(asked, _, _)| *asked == question(OTHER)).unwrap();
    assert_eq!(of_other.1, newest.exchange.ended_at());
    assert_eq!(schema.query(&format!("SELECT price FROM v_items WHERE num_iid = '{OTHER}'")), "3.00");
}

#[tokio::test]
async fn what_is_spooled_is_known_at_once_and_not_in_doubt() {
    let Some(schema) = Schema::create() else { return };
    let spool = tempfile::tempdir().unwrap();
    let answers = [item(ITEM, "机", "1.00", ago(9)), item(OTHER, "杯", "2.00", ago(9))];
    let (_proxy, place) = spool_and_end(&schema, spool.path(), &answers).await;
    let [asks, plans] = [PostgresStore::new(place.clone()), PostgresStore::new(place)];
    let calls = || vec![call(ITEM), call(OTHER)];
    let (answer, one, two) = tokio::join!(
        async { asks.answer(&question(ITEM)).await.unwrap() },
        plans.known(vendor(), calls()),
        plans.known(vendor(), calls()),
    );
    assert_eq!(answer.unwrap().exchange.body.raw(), answers[0].body.raw());
    for known in one.unwrap().iter().chain(&two.unwrap()) {
        assert!(known.answered.is_some() && known.unknown_at.is_none(), "{known:?}");
    }
}

fn spooled(folder: &Path) -> Vec<PathBuf> {
    let files = |folder: &Path| -> Vec<PathBuf> {
        let read = std::fs::read_dir(folder).into_iter().flatten();
        read.map(|file| file.unwrap().path()).collect()
    };
    files(folder).iter().flat_map(|folder| files(folder)).collect()
}

#[tokio::test]
async fn a_network_that_stalls_keeps_nobody_waiting_and_leaves_no_row_that_was_not_sent() {
    let Some(schema) = Schema::create() else { return };
    let (proxy, spool) = (Proxy::start(&schema), tempfile::tempdir().unwrap());
    let store = PostgresStore::new(proxy.place(&schema, spool.path()));
    keep(&store, item(ITEM, "机", "1.00", ago(9))).await;
    proxy.link.send_replace(LinkState::Stalled);
    let start = Instant::now();
    let refused = store.begin(intent(call(OTHER), ago(0))).await.unwrap_err();
    assert_eq!(refused.fault, StoreErrorKind::ServerAway);
    assert!(start.elapsed() < Duration::from_secs(12), "{:?}", start.elapsed());
    proxy.link.send_replace(LinkState::Open);
    let begun = store.begin(intent(call(OTHER), ago(0))).await.unwrap();
    assert!(matches!(begun, Begun::Go(_)), "{begun:?}");
    assert_eq!(schema.query("SELECT count(*) FROM exchanges"), "2");
}

#[tokio::test]
async fn a_start_without_a_server_says_so_in_a_second() {
    // One that accepts connections, as the system does for a server that has stalled, and one that refuses them.
    let stalled = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let refusing = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut errors = Vec::new();
    for port in [stalled.local_addr().unwrap().port(), refusing] {
        for tls in [TlsMode::Disable, TlsMode::Require] {
            let mut place = PostgresPlace::new("127.0.0.1", "team", "ann");
            (place.port, place.tls) = (port, tls);
            let start = Instant::now();
            let error = PostgresStore::new(place).opened(9, ago(0)).await.unwrap_err();
            assert_eq!(error.fault, StoreErrorKind::ServerAway);
            assert!(start.elapsed() < Duration::from_millis(1_500), "{:?}: {error}", start.elapsed());
            errors.push(error);
        }
    }
    let error = errors.pop().unwrap();
    let texts = obx_core::i18n::Texts::new(obx_core::i18n::Language::En);
    let said = obx_core::i18n::Describe::describe(&error, texts);
    assert!(said.contains("can't be reached") && said.contains("postgres://ann@127.0.0.1"), "{said}");
}

#[tokio::test]
async fn a_server_is_who_its_certificate_says_unless_nobody_asks() {
    let Some(schema) = Schema::create() else { return };
    let place = |host: &str, tls, certificates: Option<PathBuf>| {
        let mut place = schema.place();
        (place.host, place.tls, place.root_certificates) = (host.to_owned(), tls, certificates);
        place
    };
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other.pem");
    std::fs::write(&other, certificate_and_key().0).unwrap();
    let certificate = || Some(schema.certificate());
    for (place, is_let_in) in [
        (place("127.0.0.1", TlsMode::VerifyFull, certificate()), true),
        (place("localhost", TlsMode::VerifyFull, certificate()), false),
        (place("127.0.0.1", TlsMode::VerifyFull, None), false),
        (place("127.0.0.1", TlsMode::Require, None), true),
        (place("localhost", TlsMode::Require, certificate()), true),
        (place("127.0.0.1", TlsMode::Require, Some(other)), false),
    ] {
        let store = PostgresStore::new(place);
        let opened = store.opened(9, ago(0)).await;
        assert_eq!(opened.is_ok(), is_let_in, "{opened:?}");
        let encrypted = "SELECT count(*) > 0 FROM pg_stat_ssl WHERE ssl";
        assert_eq!(schema.query(encrypted), if is_let_in { "t" } else { "f" });
        store.close().await;
        drop(store);
        // The server notices a little later.
        while schema.query(encrypted) == "t" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[tokio::test]
async fn no_table_has_a_secret_in_clear() {
    let Some(schema) = Schema::create() else { return };
    let store = session(&schema);
    keep(&store, item(ITEM, &format!("{KEY} {SECRET}"), "1.00", ago(9))).await;
    let tables = schema.query(
        "SELECT string_agg(format('SELECT t::text FROM %I t', tablename), ' UNION ALL ') FROM pg_tables
         WHERE schemaname = current_schema()",
    );
    let dump = schema.query(&tables);
    assert!(dump.contains(ITEM));
    assert!(!dump.contains(KEY) && !dump.contains(SECRET), "{dump}");
}
